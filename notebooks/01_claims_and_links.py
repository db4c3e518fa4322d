# %% [markdown]
# # What is in a region, and what ties its claims together
#
# **The question:** what comes in, how much do claims share with each other as a matter of course,
# and what does the neighbourhood of one claim look like?
#
# Everything here is **simulated**: a made-up border region in which accidents happen far more often
# than in life, so that a few thousand people yield enough claims. Numbers and names are of no one.

# %%
# %matplotlib inline
from contextlib import ExitStack

from fraud.simulator.settings import RegionSettings
from models.sharing import claims_as_they_came
from models.watched import Records, region_store

chosen = RegionSettings(people=5_000, months=8, seed=6101, claim_intensity=50, fraud_rate=0.08)
sources = Records.FULL.sources
opened = ExitStack()
_, store = opened.enter_context(region_store(chosen))
came = claims_as_they_came(store, sources=sources)
print(f"{len(came)} claims of {chosen.people} simulated people in {chosen.months} months")
print(f"simulated with {chosen.dialled}")

# %% [markdown]
# ## What comes in

# %%
import pandas as pd
from matplotlib.figure import Figure as Canvas

claims = pd.DataFrame(
    {
        "month": [one.received_on.strftime("%Y-%m") for one in came],
        "scheme": [one.scheme.value.replace("_", " ") for one in came],
        "claims in the ring": [one.ring.claims for one in came],
    },
    index=[one.claim_id for one in came],
)
canvas = Canvas(figsize=(10, 4), layout="constrained")
left, right = canvas.subplots(1, 2)
claims["month"].value_counts().sort_index().plot.bar(ax=left, color="tab:blue")
left.set_title("Claims received, by month")
left.set_xlabel("month of receipt")
left.set_ylabel("claims")
left.tick_params(axis="x", labelrotation=45)
claims["scheme"].value_counts().sort_values().plot.barh(ax=right, color="tab:blue")
right.set_title("Claims received, by benefit")
right.set_xlabel("claims")
right.set_ylabel("")
canvas

# %% [markdown]
# ## How many claims share an account, an employer, a practitioner
#
# Sharing is the rule and no sign of anything: families share homes, a clinic sees hundreds. The
# table says of each kind how many different ones are named, how many of them several claims share,
# and how many claims name the most shared one. What more claims name than the dashed line says is a
# *hub*: its links are not followed any more.

# %%
from fraud.graph import GUARD, NodeKind
from models.sharing import claims_by_node

shared = claims_by_node(store)
pd.DataFrame(
    {
        kind.name.replace("_", " ").lower(): {
            "different": len(counts),
            "shared": int((counts > 1).sum()),
            "most claims": int(counts[0]),
            "hubs": int((counts > GUARD).sum()),
        }
        for kind, counts in shared.items()
    }
).T.sort_values("shared", ascending=False).head(12)

# %%
import numpy as np

canvas = Canvas(figsize=(11, 3.6), layout="constrained")
canvas.suptitle("How many claims name the same one")
shown = {NodeKind.ACCOUNT: "accounts", NodeKind.EMPLOYER: "employers"}
shown[NodeKind.PRACTITIONER] = "practitioners"
for axes, (kind, name) in zip(canvas.subplots(1, 3), shown.items(), strict=True):
    axes.hist(shared[kind], bins=np.arange(0.5, max(GUARD + 5, shared[kind][0]) + 1))
    axes.axvline(GUARD + 0.5, color="0.4", linestyle="--", linewidth=1)
    axes.set_xlabel("claims that name it")
    axes.set_ylabel(name)
    if len(shared[kind]) > 100:
        axes.set_yscale("log")
        axes.set_ylim(bottom=0.7)
        axes.yaxis.set_major_formatter("{x:g}")
        axes.set_ylabel(f"{name}, logarithmic")
    axes.set_title(f"{len(shared[kind])} {name}")
canvas

# %% [markdown]
# ## Rings
#
# A ring holds the claims that are reached in two steps over what few claims share: an account, a
# report in the same words, an intermediary together with one practitioner. Each is counted as it
# was known when the claim came in, so the first claim of a ring still stood alone. Beside it stands
# what the simulated office found; most claims nobody looked at.

# %%
from fraud.store.rebuild import decided_claims

sizes = ["1: alone", "2", "3 to 5", "6 and more"]
ring = pd.cut(claims["claims in the ring"], [0, 1, 2, 5, np.inf], labels=sizes)
found = pd.Series({one.claim_id: one.label.value for one in decided_claims(store)})
label = found.reindex(claims.index).fillna("not looked at")
in_rings = pd.crosstab(ring, label).rename_axis(columns="label")
in_rings

# %%
canvas = Canvas(figsize=(6.4, 3.8), layout="constrained")
axes = canvas.subplots()
kept = ["not looked at", "genuine", "confirmed_fraud"]
in_rings[kept].plot.bar(ax=axes, color=["0.75", "tab:blue", "tab:orange"], rot=0)
for bars in axes.containers:
    axes.bar_label(bars, fontsize=8)
axes.set_yscale("log")
axes.set_ylim(0.7, 3 * in_rings.to_numpy().max())
axes.yaxis.set_major_formatter("{x:g}")
axes.set_xlabel("claims in the ring when the claim came in")
axes.set_ylabel("claims, logarithmic")
axes.set_title("Ring of each claim, and what the office found")
axes.legend([name.replace("_", " ") for name in kept], frameon=False)
canvas

# %% [markdown]
# ## The neighbourhood of one claim
#
# The same picture as on the review desk: the claim in the middle, what it shares, and the claims it
# shares it with. Details that nobody else names are left out. Grey is a hub, which is not opened.

# %%
from fraud.store.reading import claim_picture
from fraud.web.link_picture import picture_elements
from fraud.web.link_picture import shared as only_shared

one = max(came, key=lambda one: (one.ring.claims <= 6, one.ring.claims))
picture = only_shared(claim_picture(store, one.claim_id, sources=sources))
drawn = picture_elements(picture, "en")
print(f"claim {one.claim_id}: {len(drawn['nodes'])} points, {len(drawn['edges'])} links")

# %%
places = {node["data"]["id"]: node["position"].values() for node in drawn["nodes"]}
canvas = Canvas(figsize=(9, 7), layout="constrained")
axes = canvas.subplots()
for edge in drawn["edges"]:
    ends = zip(places[edge["data"]["source"]], places[edge["data"]["target"]], strict=True)
    axes.plot(*ends, color="0.7", linewidth=1, zorder=1)
for node in drawn["nodes"]:
    about = node["data"]
    colour = "lightblue" if about["kind"] == "claim" else "0.85" if about["hub"] else "white"
    colour = "gold" if about["centre"] else colour
    box = {"boxstyle": "round", "facecolor": colour, "edgecolor": "0.5"}
    axes.annotate(
        about["caption"],
        tuple(places[about["id"]]),
        ha="center",
        va="center",
        fontsize=8,
        bbox=box,
        zorder=2,
    )
axes.invert_yaxis()
axes.margins(0.12)
axes.set_axis_off()
axes.set_title(f"What ties claim {one.claim_id} to others, as known at its latest look")
canvas

# %%
opened.close()

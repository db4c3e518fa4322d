# %% [markdown]
# # Fairness and drift
#
# **The questions:** are honest people of one group put up for review more often than others, and
# have claims or scores become others than those the scorer learned from?
#
# Everything here is **simulated**: a made-up border region, and what its made-up office decided.
# Groups are read for this comparison and nowhere else; no score can see them.

# %% [markdown]
# ## A scorer
#
# Taught on the first eight months, as of the end of them. The recipe has fewer trees than the usual
# one, to be quick.

# %%
# %matplotlib inline
from contextlib import ExitStack
from datetime import timedelta
from itertools import islice

from fraud.clock import end_of
from fraud.simulator.days import lived_days
from fraud.simulator.settings import RegionSettings
from fraud.simulator.timeline import simulate
from fraud.workflow.load import load_day
from models.config import Settings
from models.fit import Recipe
from models.newcomer import newcomer
from models.table import Moment, gather
from models.train import train
from models.watched import Records, empty_store

chosen = RegionSettings(
    people=5_000,
    months=12,
    seed=6104,
    claim_intensity=50,
    fraud_rate=0.08,
    office_review_share=0.6,
)
gates, sources = Records.FULL.gates, Records.FULL.sources
history = 243
taught_on = end_of(chosen.first_day + timedelta(days=history - 1))
days = lived_days(simulate(chosen))
opened = ExitStack()
store = opened.enter_context(empty_store())
for day in islice(days, history):
    load_day(store, day, gates=gates)
moment = Moment(now=taught_on, appeal_window_days=30, recent_days=150, sources=sources)
gathered = gather(store, moment)
fitted = train(
    gathered.table,
    Settings(bootstrap_rounds=50),
    capacity=0.05,
    recipe=Recipe(rounds=80, learning_rate=0.12),
)
scorer = newcomer(fitted, gathered, name="notebook")
print(*gathered.table.report.lines(), sep="\n")

# %% [markdown]
# ## Gaps between groups
#
# Among recent claims that nobody found wrong: how many times as often people of a group are put up
# as everybody else. The shaded part is what the policy allows. An interval that lies wholly beyond
# it refuses a version; one that reaches across it says that people are too few to tell, and a gap
# that nobody could see is not a gap that is not there. The line is that of 15% of claims, far below
# any that an office would use, because this region is small.

# %%
from fraud.assessment import Policy
from fraud.store.rebuild import claims_by_id, decided_claims
from models.promote import line_at
from models.retrain import gaps_between

policy = Policy(capacity=0.15, review_line=line_at(scorer.review_lines, 0.15))
recent = claims_by_id(store, list(gathered.recent))
labels = {one.claim_id: one.label for one in decided_claims(store)}
found = gaps_between(fitted, gathered.recent, recent, labels, policy)
print(f"{len(gathered.recent)} recent claims, review line {policy.review_line:.3f}")

# %%
import numpy as np
from matplotlib.figure import Figure as Canvas

from models.fairness import MOST

COLOURS = {"within": "tab:green", "beyond": "tab:red", "unknown": "0.5"}


def gaps_drawn(title, gaps):
    """Each group's ratio with its interval, on a logarithmic axis."""
    canvas = Canvas(figsize=(8.5, 1.4 + 0.24 * len(gaps)), layout="constrained")
    axes = canvas.subplots()
    axes.axvspan(0.01, MOST, color="tab:green", alpha=0.08)
    axes.axvline(1, color="0.7", linewidth=1)
    for place, gap in enumerate(gaps):
        colour = COLOURS[gap.verdict.value]
        axes.plot([gap.ratio.low, gap.ratio.high], [place, place], color=colour)
        axes.plot(gap.ratio.value, place, "o", color=colour, markersize=4)
    names = [f"{gap.trait}: {gap.group} ({gap.put_up} of {gap.people})" for gap in gaps]
    axes.set_yticks(range(len(gaps)), [name.replace("_", " ") for name in names], fontsize=8)
    axes.invert_yaxis()
    axes.set_xscale("log")
    axes.set_xlim(0.02, 50)
    axes.set_xticks([0.1, 0.5, 1, 2, 10], ["0.1", "0.5", "1", "2", "10"])
    axes.minorticks_off()
    axes.set_xlabel("times as often put up as everybody else, with interval")
    axes.set_title(title)
    return canvas


gaps_drawn("Honest people put up for review, by group (put up of people)", found)

# %%
from collections import Counter

Counter(gap.verdict.value for gap in found)

# %% [markdown]
# ## What a refusal looks like
#
# A made-up rule puts up one claim in ten, and every claim of one benefit. Its gap is beyond the
# policy, and a version that scored like that could not be promoted, with these words.

# %%
from fraud.records import Scheme
from models.fairness import gaps, refusals

claims = list(recent.values())
unfair = np.array([n % 10 == 0 or c.scheme is Scheme.COMMUTER for n, c in enumerate(claims)])
refused = refusals(gaps(claims, unfair), champion=found)
print(f"refused for {len(refused)} groups:", *refused, sep="\n")

# %% [markdown]
# ## Drift
#
# The remaining months come in and are scored as the stream does it. The last 28 days are compared
# with the 90 before, in every number and in the score. *Unknown* counts as a value of its own, so a
# source that falls silent is seen.

# %%
from fraud.workflow.intake import Assessor
from models.periods import SCORE, periods

assessor = Assessor(scorer, policy, sources=sources, accept_reserved=True)
for day in days:
    load_day(store, day, gates=gates, assessor=assessor)
both = periods(store, until=chosen.last_day, days=28, before=90)
print(f"{both.claims_before} claims in 90 days, {both.claims_after} in the 28 days after them")

# %%
canvas = Canvas(figsize=(6.4, 3.8), layout="constrained")
axes = canvas.subplots()
for name, period in (("90 days before", both.before), ("last 28 days", both.after)):
    scores = np.sort(period[SCORE])
    axes.step(scores, 100 * np.arange(1, len(scores) + 1) / len(scores), where="post", label=name)
axes.axvline(policy.review_line, color="0.4", linestyle="--", linewidth=1, label="review line")
axes.set_xlabel("probability given when the claim came in")
axes.set_ylabel("claims at or below it, percent")
axes.set_title("Scores of two periods")
axes.legend(frameon=False)
canvas

# %% [markdown]
# Beside what happened, what would happen were the border files withheld in the later period: every
# number from crossings unknown.

# %%
from models.drift import ACT, LOOK, drift

columns = gathered.table.columns
silent = set(np.array(columns.names)[columns.of_source("crossings")])
withheld = {
    name: np.full_like(values, np.nan) if name in silent else values
    for name, values in both.after.items()
}
compared = {
    "as it was": drift(both.before, both.after),
    "border files withheld": drift(both.before, withheld),
}
for name, moved in compared.items():
    print(name, dict(Counter(one.alarm.value for one in moved)))

# %%
canvas = Canvas(figsize=(10.5, 4.2), layout="constrained")
canvas.suptitle("The 12 numbers that moved most between the two periods")
colours = {"none": "0.7", "look": "tab:orange", "act": "tab:red"}
for axes, (name, moved) in zip(canvas.subplots(1, 2), compared.items(), strict=True):
    top = moved[:12]
    axes.barh([d.name for d in top], [d.psi for d in top], color=[colours[d.alarm] for d in top])
    for level in (LOOK, ACT):
        axes.axvline(level, color="0.4", linestyle="--", linewidth=1)
    axes.invert_yaxis()
    axes.tick_params(axis="y", labelsize=8)
    axes.set_xlabel("population stability index (no unit)")
    axes.set_title(name)
canvas

# %% [markdown]
# Dashed are the usual levels for a look and for action. A grey bar beyond them is within what so
# few claims give by chance. An alarm for action says: do not trust scores until it is known why.

# %%
opened.close()

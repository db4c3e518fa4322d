# %% [markdown]
# # The training table, as of each moment
#
# **The question:** which claims teach, with which numbers, and does what was received later ever
# change what a claim looked like before?
#
# Everything here is **simulated**: a made-up border region and what its made-up office decided. The
# simulator's truth is not read.

# %%
# %matplotlib inline
from contextlib import ExitStack
from datetime import timedelta
from itertools import islice

from fraud.clock import end_of
from fraud.simulator.days import lived_days
from fraud.simulator.settings import RegionSettings
from fraud.simulator.timeline import simulate
from fraud.store.rebuild import claim_rows
from fraud.workflow.load import load_day
from models.table import Moment, gather_rows
from models.watched import Records, empty_store

chosen = RegionSettings(people=4_000, months=12, seed=6102, claim_intensity=50, fraud_rate=0.08)
gates, sources = Records.FULL.gates, Records.FULL.sources
days = lived_days(simulate(chosen))
opened = ExitStack()
store = opened.enter_context(empty_store())


def moment(day):
    """As of the end of a day: decisions teach 60 days after they were made."""
    return Moment(now=end_of(day), appeal_window_days=60, recent_days=120, sources=sources)


# %% [markdown]
# ## The table of an early day
#
# The store receives the region day by day. After eight months we stop and make the table from what
# is there. A claim that nobody looked at is not in it: it is neither fraud nor genuine.

# %%
early = chosen.first_day + timedelta(days=242)
for day in islice(days, 243):
    load_day(store, day, gates=gates)
rows_then = list(claim_rows(store, sources=sources))
then = gather_rows(rows_then, store, moment(early)).table
print(f"as of {early}:", *then.report.lines(), sep="\n")

# %% [markdown]
# ## Four months later
#
# The rest of the year comes in: new claims, and facts and decisions on those we had. Every row is
# computed anew from raw records, each at the cut-off at which it became known.

# %%
import numpy as np

for day in days:
    load_day(store, day, gates=gates)
rows_now = list(claim_rows(store, sources=sources))
again = {row.cutoff: row.vector for row in rows_now}
changed = [r for r in rows_then if not np.array_equal(r.vector, again[r.cutoff], equal_nan=True)]
old_claims = {row.claim_id for row in rows_then}
added = [row for row in rows_now[len(rows_then) :] if row.claim_id in old_claims]
print(f"{len(rows_then)} rows then, {len(rows_now)} now")
print(f"{len(changed)} of the earlier rows changed")
print(f"{len(added)} later looks at earlier claims are rows of their own")

# %% [markdown]
# So the table of the early day can be made again at any time, from today's records.

# %%
remade = gather_rows(rows_now, store, moment(early)).table
same = np.array_equal(then.vectors, remade.vectors, equal_nan=True)
same &= then.labels == remade.labels and then.report == remade.report
print(f"the table of {early}, made then and made now, is the same: {same}")

# %% [markdown]
# ## What a later fact does
#
# It adds a row, with what is known by then. Here is the claim of which a later look told most: what
# was unknown when it was lodged (`NaN`, which is no zero) and what was known then. Numbers from
# links are left out, for they grow by themselves.

# %%
import pandas as pd

lodged = {row.claim_id: row for row in rows_then if not row.trigger_fact}
linked = then.columns.of_source("links")


def told(row):
    """Which numbers a later look knows that were unknown when the claim was lodged."""
    return np.isnan(lodged[row.claim_id].vector) & ~np.isnan(row.vector) & ~linked


look = max((row for row in added if row.trigger_fact), key=lambda row: told(row).sum())
first = lodged[look.claim_id]
print(f"{look.claim_id}, received {first.heard_on}, looked at again {look.point}")
pd.DataFrame(
    {"as lodged": first.vector[told(look)], "at the later look": look.vector[told(look)]},
    index=np.array(then.columns.names)[told(look)],
).round(2)

# %% [markdown]
# ## The table of every month
#
# Decisions come late, and count only once their appeal window has passed. That is why the table
# of a month is far smaller than what came in by then.

# %%
from matplotlib.figure import Figure as Canvas

ends = pd.date_range(chosen.first_day, chosen.last_day, freq="ME").date
reports = [gather_rows(rows_now, store, moment(day)).table.report for day in ends]
grown = pd.DataFrame(
    {
        "received": [one.claims for one in reports],
        "teach": [one.rows for one in reports],
        "of these confirmed fraud": [one.positives for one in reports],
    },
    index=[day.strftime("%Y-%m") for day in ends],
)
canvas = Canvas(figsize=(7.5, 4), layout="constrained")
axes = canvas.subplots()
grown.plot(ax=axes, marker="o", markersize=4, rot=45)
axes.set_xticks(range(len(grown)), grown.index)
for column in grown:
    end = (len(grown) - 1, grown[column].iloc[-1])
    axes.annotate(f"{end[1]}", end, xytext=(6, -3), textcoords="offset points")
axes.margins(x=0.08)
axes.set_xlabel("table as of the end of the month")
axes.set_ylabel("claims")
axes.set_title("What had come in, and what taught")
axes.legend(frameon=False)
canvas

# %% [markdown]
# ## What became of the claims by the last day

# %%
table = gather_rows(rows_now, store, moment(chosen.last_day)).table
report = table.report
became = {
    "nobody looked": report.unreviewed,
    "decided, not final yet": report.immature,
    "decided, undetermined": report.undetermined,
    "teaches: genuine": report.rows - report.positives - report.errors,
    "teaches: error": report.errors,
    "teaches: confirmed fraud": report.positives,
}
canvas = Canvas(figsize=(7.5, 3.2), layout="constrained")
axes = canvas.subplots()
bars = axes.barh(list(became), list(became.values()), color=["0.75"] * 3 + ["tab:blue"] * 3)
axes.bar_label(bars, padding=3)
axes.invert_yaxis()
axes.margins(x=0.1)
axes.set_xlabel("claims")
axes.set_title(f"{report.claims} claims by {chosen.last_day}")
canvas

# %% [markdown]
# ## What is not known
#
# For each source the share of numbers that are unknown over all rows that teach. What is unknown is
# never scored against anybody: in training each source is hidden at random, of both labels alike.

# %%
unknown = pd.Series(np.isnan(table.vectors).mean(axis=0), index=table.columns.sources)
by_source = 100 * unknown.groupby(level=0).mean().sort_values()
canvas = Canvas(figsize=(7.5, 4), layout="constrained")
axes = canvas.subplots()
axes.barh(by_source.index.str.replace("_", " "), by_source, color="tab:blue")
axes.set_xlim(0, 100)
axes.set_xlabel("unknown, percent of numbers from that source")
axes.set_title("What is not known when a claim teaches")
canvas

# %%
opened.close()

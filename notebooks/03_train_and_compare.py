# %% [markdown]
# # Train a scorer and compare it with what it has to beat
#
# **The question:** does what the office decided teach an order of claims that is better than the
# best single column, logistic regression and chance, at what a team can review?
#
# Everything here is **simulated**: a made-up border region, its claims, and what its made-up office
# decided about some of them. The simulator's truth is not read.
#
# Set `SEMPADAN_TABLE` to a Parquet file (`fraud-models train --table FILE`) to look at your own
# decided claims instead. Such a file holds numbers, labels and claim ids, no identifiers of people.

# %%
# %matplotlib inline
import os
from pathlib import Path

from models.config import Settings
from models.evaluate import Scale, taught_region
from models.table import labels_counted, load_table

settings = Settings(bootstrap_rounds=200)
saved = os.environ.get("SEMPADAN_TABLE")
small = Scale(claim_intensity=50, fraud_rate=0.1, teaching_people=7_000, teaching_months=12)
table = load_table(Path(saved)) if saved else taught_region(small, settings).table
for line in table.report.lines():
    print(line)
labels_counted(table)

# %% [markdown]
# A claim nobody looked at is not in the table: it is neither fraud nor genuine. Errors count as
# negatives and are counted apart.
#
# ## What each column says by itself
#
# Its direction is the side on which confirmed frauds stand, or the one that a typology names. Trees
# may only follow it, and an unknown value is read as the one that speaks least for a review.

# %%
import pandas as pd

from models.directed import directions_of

rows = table.rows(heaviest=5.0)
columns = pd.DataFrame(
    {
        "source": table.columns.sources,
        "points": ["up" if one > 0 else "down" for one in directions_of(rows, table.columns)],
        "unknown": pd.DataFrame(rows.vectors).isna().mean().round(2).to_numpy(),
    },
    index=list(table.columns.names),
)
columns.sample(12, random_state=1)

# %% [markdown]
# ## Train
#
# The latest decided claims judge and do not teach. Between them and the earlier ones lies a gap,
# and whoever is tied to a judged person does not teach either. Then the booster is fitted again on
# all.

# %%
from models.train import train

fitted = train(table, settings, capacity=0.05, tell=print)
holdout = fitted.holdout
judge, taught = (
    len({table.claim_ids[row] for row in rows_of}) for rows_of in (holdout.later, holdout.earlier)
)
print(f"{judge} claims judge, {taught} taught")
print(f"states left out: {holdout.left_out_gap} in the gap, {holdout.left_out_linked} tied")

# %% [markdown]
# ## Compare
#
# Precision and recall are those at capacity: the share of claims that a team can review. In
# brackets the range of 95% of redraws of people. With few frauds among the judged it is wide.

# %%
pd.Series({name: str(figure) for name, figure in fitted.figures.items()}).to_frame("value")

# %%
from models.picture import precision_canvas

precision_canvas(table.judged(fitted.holdout.later), fitted.scores)

# %% [markdown]
# ## What the booster looks at
#
# Gain in fitting, largest first. It says what helped to tell decided claims apart, not what causes
# fraud.

# %%
pd.Series(fitted.booster.gains).head(12).round(1).to_frame("gain")

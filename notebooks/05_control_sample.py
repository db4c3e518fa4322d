# %% [markdown]
# # What the control sample says
#
# **The question:** of all fraud, how much passes the review line, when nobody looks at most of the
# claims below it? And how many control cases does it take to know?
#
# Everything here is **simulated**: claims, scorer, and the readers at the desk, who never err. Only
# therefore can the estimate be held against the truth, in the last part.

# %% [markdown]
# ## A scorer, and a desk that reads
#
# Taught on the first eight months; the other four come in as a stream. Of the claims below the line
# one in five becomes a control case: far more than an office would draw, because this region is
# small. Readers take cases from the blind queue and are not told which is which.

# %%
# %matplotlib inline
from contextlib import ExitStack
from datetime import timedelta
from itertools import islice

from fraud.assessment import Policy
from fraud.clock import end_of
from fraud.simulator.days import lived_days
from fraud.simulator.settings import RegionSettings
from fraud.simulator.timeline import simulate
from fraud.workflow import policy as policies
from fraud.workflow.intake import Assessor
from fraud.workflow.load import load_day
from models.config import Settings
from models.fit import Recipe
from models.newcomer import newcomer
from models.promote import line_at
from models.simulated_desk import decide_all
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
region = simulate(chosen)
days = lived_days(region)
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

# %%
line = line_at(scorer.review_lines, 0.05)
wanted = Policy(capacity=0.05, control_share=4.0, review_line=line)
policy = policies.change(store, wanted, by="notebook", why="simulated", now=taught_on)
assessor = Assessor(scorer, policy, sources=sources, accept_reserved=True)
for day in days:
    load_day(store, day, gates=gates, assessor=assessor)
store.set_simulated_time(end_of(chosen.last_day))
decided = decide_all(store, region.truth)
print(f"{decided} cases decided")

# %% [markdown]
# ## What the cases say
#
# As `fraud-models control-sample` prints it. No probability of the scorer enters: it rests on how
# claims were drawn and on what people found in them.

# %%
from models.control_sample import estimate
from models.printed import control_sentences, control_table
from models.sampled import sampled

seed = 2026
found = sampled(store)
made = estimate(found.passed, found.rest, seed=seed)
control_table(made)

# %%
print(*control_sentences(found, made, seed=seed), sep="\n")

# %% [markdown]
# ## Beside the truth
#
# Nobody outside a simulation has this column.

# %%
import numpy as np

from fraud.records import Label
from fraud.store.sampled import looks

seen = looks(store)
above = {look.claim_id for look in seen if look.review}
below = {look.claim_id for look in seen} - above
is_fraud = {name: truth.label is Label.CONFIRMED_FRAUD for name, truth in region.truth.items()}
caught, missed = sum(is_fraud[one] for one in above), sum(is_fraud[one] for one in below)
truth = {
    "precision": caught / len(above),
    "missed_share": missed / len(below),
    "fraud_share": (caught + missed) / (len(above) + len(below)),
    "recall": caught / (caught + missed),
}
for name, value in truth.items():
    figure = getattr(made, name)
    holds = "holds" if figure.low <= value <= figure.high else "does not hold"
    print(f"{name}: estimated {figure}, which {holds} the true {value:.3f}")

# %%
from matplotlib.figure import Figure as Canvas

WORDS = {
    "precision": "fraud among claims\nabove the line",
    "missed_share": "fraud among claims\nbelow the line",
    "fraud_share": "fraud among\nall claims",
    "recall": "share of all fraud\nabove the line",
}
canvas = Canvas(figsize=(7.5, 3.4), layout="constrained")
axes = canvas.subplots()
for place, name in enumerate(WORDS):
    figure = getattr(made, name)
    axes.plot([100 * figure.low, 100 * figure.high], [place, place], color="tab:blue")
    axes.plot(100 * figure.value, place, "o", color="tab:blue")
    axes.plot(100 * truth[name], place, "x", color="black", markersize=8)
axes.set_yticks(range(len(WORDS)), list(WORDS.values()))
axes.margins(y=0.15)
axes.invert_yaxis()
axes.set_xlim(-2, 102)
axes.set_xlabel("percent")
axes.set_title("Estimate with 95% interval (blue), and the simulated truth (cross)")
canvas

# %% [markdown]
# ## The same sample, drawn again and again
#
# One sample is one throw of the dice. Here as many control cases are drawn anew from the claims
# below the line, sixty times. Nineteen intervals in twenty should hold the truth.

# %%
from models.control_sample import redrawn

of_rest = np.array([is_fraud[one] for one in sorted(below)])
controls = len(found.rest.fraud)
again = redrawn(found.passed, of_rest, controls, rounds=60, seed=seed)
held = [one.recall.low <= truth["recall"] <= one.recall.high for one in again]
print(f"{sum(held)} of {len(held)} intervals hold the true recall")

# %%
canvas = Canvas(figsize=(7.5, 4), layout="constrained")
axes = canvas.subplots()
for place, one in enumerate(sorted(again, key=lambda one: one.recall.value)):
    inside = one.recall.low <= truth["recall"] <= one.recall.high
    colour = "tab:blue" if inside else "tab:red"
    axes.plot([place, place], [100 * one.recall.low, 100 * one.recall.high], color=colour)
    axes.plot(place, 100 * one.recall.value, "o", color=colour, markersize=3)
axes.axhline(100 * truth["recall"], color="black", linewidth=1)
axes.set_ylim(0, 103)
axes.set_xlabel("samples drawn anew, by their estimate")
axes.set_ylabel("recall, percent, with 95% interval")
axes.set_title(f"{controls} control cases drawn {len(again)} times; line: true recall")
canvas

# %% [markdown]
# ## How many control cases it takes
#
# The width of the interval, were what the sample says of fraud below the line the truth. It falls
# slowly: to halve it takes three to four times as many.

# %%
from models.control_sample import planned_width

below_line = found.rest.claims
assumed = round(max(found.rest.share, 0.5 / controls) * below_line)
numbers = np.unique(np.geomspace(5, below_line, 14).astype(int))
widths = [
    planned_width(found.passed, below_line, assumed, int(number), seed=seed) for number in numbers
]
canvas = Canvas(figsize=(6.8, 4), layout="constrained")
axes = canvas.subplots()
axes.plot(numbers, widths, marker="o", markersize=3, label="expected width")
axes.plot(controls, made.width, "s", color="tab:orange", label="this sample")
axes.axhline(made.width / 2, color="0.4", linestyle="--", linewidth=1, label="half of its width")
axes.set_xscale("log")
axes.xaxis.set_major_formatter("{x:g}")
axes.set_ylim(0, 1)
axes.set_xlabel("decided control cases, logarithmic")
axes.set_ylabel("width of the interval of recall (0 to 1)")
axes.set_title(f"What more control cases buy, of {below_line} claims below the line")
axes.legend(frameon=False)
canvas

# %%
opened.close()

"""The product beside the bare floor, in one run, on a real broker and a real database.

Everything runs as in production: the worker and the relay are processes of their own, started by
their commands, with every step on. Figures come from the worker's own log lines and from the
stored rows; nothing is added to the program that is measured.
"""

import os
from contextlib import ExitStack
from typing import Any

from streams.bench.floor import measure_floor
from streams.bench.ground import CLAIM_INTENSITY, BenchOptions, prepare
from streams.bench.product import measure_product

__all__ = ["BenchOptions", "run"]


def run(chosen: BenchOptions) -> dict[str, Any]:
    """Measure, and answer all figures; progress goes to standard error."""
    with ExitStack() as parts:
        ground = prepare(chosen, parts)
        floor = measure_floor(chosen, ground)
        product = measure_product(chosen, ground)
    costs = {
        f"{name}_over_floor": round(product[figure] / floor[figure], 2)
        for name, figure in (("cost", "us_per_claim"), ("cpu", "cpu_us_per_claim"))
        if figure in product
    }
    return {
        "simulated": True,
        **ground.made_with,
        "history": chosen.history,
        "claims": chosen.claims,
        "claim_intensity": CLAIM_INTENSITY,
        "seed": chosen.seed,
        "batch_size": chosen.batch_size,
        "workers": chosen.workers,
        "processors": os.cpu_count(),
        **product,
        "floor": floor,
        **costs,
    }

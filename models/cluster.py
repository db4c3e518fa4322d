"""Fitting on a Dask cluster: the same parameters, and the same text form afterwards.

The only file that imports Dask, which the extra `cluster` brings. Each worker holds a share of the
rows and all of them grow one booster together (LightGBM's data-parallel learner). Sums are added
in another order than on one machine, so trees may differ in the last places; judge both alike.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import lightgbm as lgb

from fraud.assessment import Floats
from fraud.errors import Misconfigured, Unavailable
from models.directed import Fitting

WAIT = "30s"
"""How long to wait for a cluster to answer."""

_MACHINES = re.compile(r"^\[machines: .*\]$", re.MULTILINE)
"""The line of a booster's text that names the machines of one run: no business of its readers."""


@contextmanager
def fitting_on(address: str) -> Iterator[Fitting]:
    """A fitting by the workers of the cluster whose scheduler has an address.

    Raises Misconfigured without the extra or without a worker, Unavailable when nobody answers.
    """
    try:
        from distributed import Client  # noqa: PLC0415  # an extra
    except ImportError as error:
        raise Misconfigured(
            "fitting on a cluster needs Dask: install sempadan with the extra `cluster`"
        ) from error
    try:
        client = Client(address, timeout=WAIT)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise Unavailable(f"no Dask scheduler answers at {address}") from error
    with client:
        workers = len(client.scheduler_info(n_workers=-1)["workers"])
        if not workers:
            raise Misconfigured(f"the cluster at {address} has no worker: start some")

        def fit(
            vectors: Floats,
            targets: Floats,
            weights: Floats,
            *,
            names: Sequence[str],
            parameters: Mapping[str, object],
            rounds: int,
        ) -> lgb.Booster:
            import dask.array as da  # noqa: PLC0415  # an extra
            from lightgbm.dask import DaskLGBMClassifier  # noqa: PLC0415  # needs it

            rows = -(-len(targets) // workers)
            shared: Any = da.from_array  # untyped
            usual: dict[str, Any] = {
                name: value for name, value in parameters.items() if name != "num_threads"
            }
            model = DaskLGBMClassifier(client=client, n_estimators=rounds, **usual).fit(
                shared(vectors, chunks=(rows, vectors.shape[1])),
                shared(targets, chunks=rows),
                sample_weight=shared(weights, chunks=rows),
                feature_name=list(names),
            )
            text = _MACHINES.sub("[machines: ]", model.booster_.model_to_string())
            return lgb.Booster(model_str=text)

        yield fit

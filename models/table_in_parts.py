"""The training table of a large store: claims part by part, in several processes.

The rows are those of `models.table.gather`, to the bit while gates stand as they did when claims
came in (see `fraud.store.parts.ClaimParts`). Only claims that teach or set review lines
are measured, each where it stands in the past, so nobody has to go through all that came before.
"""

from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from fraud.assessment import Floats
from fraud.clock import local_day
from fraud.privacy import OpenSources
from fraud.records import ClaimId
from fraud.store.engine import Store
from fraud.store.parts import ClaimParts, Wanted, received, save_links
from fraud.store.rebuild import mature_outcomes
from models.parts import PART, few_collections, reading, told
from models.table import Gathered, KeptRows, Moment, teaches, training_table
from models.train import Tell, say_nothing

OpenStore = Callable[[], Store]
"""Opens the store; handed to other processes, so a function of a module or a `partial` of one."""


@few_collections()
def gather_in_parts(
    open_store: OpenStore, moment: Moment, *, processes: int, tell: Tell = say_nothing
) -> Gathered:
    """Read everything that training needs, as `gather` does, by several processes.

    Cost: one vector for each state that teaches or is recent, about 2 ms of processor time each,
    and a pass over the rows of all claims. Memory: about 3.5 kB for each such state here, and 0.6
    gigabytes and more in each process (docs/performance.md).
    """
    now = moment.now
    with closing(open_store()) as store, TemporaryDirectory(prefix="training-table.") as scratch:
        tell("find the claims that teach")
        mature, immature = mature_outcomes(
            store, now=now, appeal_window_days=moment.appeal_window_days
        )
        came = received(store, before=now)
        decided = {one.claim_id: one for one in mature if one.claim_id in came}
        today, since = local_day(now), now - timedelta(days=moment.recent_days)
        wanted = [
            Wanted(claim_id, today)
            if days.last >= local_day(since)
            else Wanted(claim_id, min(today, local_day(decided[claim_id].decided_at)))
            for claim_id, days in came.items()
            if teaches(decided.get(claim_id)) or days.last >= local_day(since)
        ]
        tell("read the links of all claims")
        save_links(store, Path(scratch), sources=moment.sources)
        kept = KeptRows()
        recent: dict[ClaimId, list[Floats]] = {}
        opener = partial(_open_parts, open_store, Path(scratch), moment.sources)
        with reading(opener, processes) as read_all:
            for row in told(read_all(_parts(wanted)), len(wanted), tell):
                if row.received_at >= now or row.heard_on > today:
                    continue
                if teaches(decided.get(row.claim_id)):
                    kept.add(row)
                if row.received_at >= since:
                    recent.setdefault(row.claim_id, []).append(row.vector)
    tell("join vectors with labels")
    table = training_table(
        kept,
        decided,
        received=[days.first for days in came.values()],
        immature=len(immature),
        mature_until=local_day(now - timedelta(days=moment.appeal_window_days)),
    )
    return Gathered(table, recent)


def _parts(wanted: Sequence[Wanted]) -> list[Sequence[Wanted]]:
    return [wanted[start : start + PART] for start in range(0, len(wanted), PART)]


def _open_parts(open_store: OpenStore, folder: Path, sources: OpenSources) -> ClaimParts:
    return ClaimParts(open_store(), folder, sources=sources)

"""Pictures of an evaluation, saved to a folder."""

from pathlib import Path

from models.evaluate import Evaluation
from models.picture import reliability_picture
from models.senses import both_shares


def save_reliability(found: Evaluation, folder: Path, *, rounds: int, seed: int) -> None:
    """Save what the probabilities mean: one picture of each region, and one of all together."""
    folder.mkdir(parents=True, exist_ok=True)
    for one in found.regions:
        judged = both_shares(one.judged, one.as_put_up, rounds=rounds, seed=seed)
        picture = reliability_picture(f"Simulated region {one.seed}", judged)
        (folder / f"reliability-{one.seed}.png").write_bytes(picture)
    title = f"{len(found.regions)} simulated regions, {found.scorer}"
    (folder / "reliability.png").write_bytes(reliability_picture(title, found.calibration))

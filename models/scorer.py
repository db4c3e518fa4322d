"""A fetched booster with its calibration, fitting `fraud.assessment.Scorer`.

The scoring process starts from the champion in the registry. When the registry does not answer
it starts from the copy of the last champion that was verified here, and says so.
"""

import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import structlog

from fraud.assessment import Floats, ModelVersion
from fraud.errors import InvalidInput, Misconfigured, Unavailable
from models.calibrate import Calibration
from models.columns import Columns, columns_in_force
from models.config import Settings
from models.directed import DirectedBooster
from models.registry import BOOSTER, CHAMPION, Entry, Registry, check_digest

CALIBRATION = "calibration.json"
FEATURES = "features.json"
REVIEW_LINES = "review_lines.json"
POINTER = "current.json"

NO_CHAMPION = (
    "no champion yet: train one with `fraud-models train` and name it with `fraud-models promote`"
)

log = structlog.get_logger("models.scorer")


class LightGBMScorer:
    """Scores vectors with one booster on one thread, in the order of its columns."""

    def __init__(
        self,
        *,
        booster: DirectedBooster,
        calibration: Calibration,
        columns: Columns,
        review_lines: dict[float, float],
        version: ModelVersion,
    ) -> None:
        if booster.names != list(columns.names):
            raise Misconfigured(f"{version}: the booster and its list of features differ")
        self._booster = booster
        self._calibration = calibration
        self._review_lines = review_lines
        self._version = version
        self.columns = columns

    @classmethod
    def from_files(cls, version: ModelVersion, files: Mapping[str, bytes]) -> "LightGBMScorer":
        """Build a scorer from a version's files. Raises Misconfigured when they do not fit.

        Refuses a booster whose SHA-256 is not the version's, and any feature set but the one
        that this code computes.
        """
        check_digest(f"{version}: {BOOSTER}", files[BOOSTER], version.sha256)
        try:
            columns = Columns.from_json(files[FEATURES].decode())
            calibration = Calibration.from_json(files[CALIBRATION].decode())
            lines = json.loads(files[REVIEW_LINES])
            booster = DirectedBooster.from_text(files[BOOSTER].decode())
        except (InvalidInput, ValueError, KeyError) as error:
            raise Misconfigured(f"{version} cannot be read: {error}") from error
        refuse_other_features(version, columns)
        return cls(
            booster=booster,
            calibration=calibration,
            columns=columns,
            review_lines={float(share): float(line) for share, line in lines.items()},
            version=version,
        )

    @property
    def version(self) -> ModelVersion:
        return self._version

    @property
    def review_lines(self) -> dict[float, float]:
        return dict(self._review_lines)

    def probabilities(self, vectors: Floats) -> Floats:
        """Calibrated probabilities, shape (n,). Cost: about 10 microseconds a row."""
        return self._calibration.probabilities(self._booster.log_odds(vectors))

    def contributions(self, vectors: Floats) -> Floats:
        """What each feature added in log-odds of the booster, shape (n, features).

        Exact TreeSHAP, without the common starting value. Cost: about 1 ms a row.
        """
        return self._booster.contributions(vectors)


def refuse_other_features(version: ModelVersion, columns: Columns) -> None:
    """Raise Misconfigured unless a version was made for the columns of this code."""
    here = columns_in_force()
    if columns.feature_set != here.feature_set or columns.names != here.names:
        raise Misconfigured(
            f"{version} was made for feature set {columns.feature_set}, this code computes"
            f" {here.feature_set}: train again with `fraud-models train` and promote the result,"
            " or run the release that the version was made with"
        )


def load_champion(settings: Settings) -> LightGBMScorer:
    """The scorer in force, verified.

    From the registry when it answers, else from the last verified copy. Raises Misconfigured when
    there is no champion, when a file was altered, or when its features are not this code's.
    """
    try:
        entry, files = _champion_files(settings)
    except Unavailable as error:
        return _from_copy(settings, error)
    scorer = LightGBMScorer.from_files(entry.version, files)
    keep_copy(settings.champion_copy, entry, files)
    return scorer


def _champion_files(settings: Settings) -> tuple[Entry, dict[str, bytes]]:
    registry = Registry(settings)
    entry = registry.by_alias(CHAMPION)
    if entry is None:
        raise Misconfigured(NO_CHAMPION)
    return entry, registry.files(entry)


def keep_copy(folder: Path, entry: Entry, files: Mapping[str, bytes]) -> None:
    """Keep a verified champion on this machine; whole or not at all."""
    name = f"{entry.version.version}-{entry.version.sha256[:12]}"
    if _pointer(folder) == name:
        return
    place = folder / name
    place.mkdir(parents=True, exist_ok=True)
    for file, content in files.items():
        (place / file).write_bytes(content)
    about = {"version": asdict(entry.version), "digests": dict(entry.digests)}
    (place / "version.json").write_text(json.dumps(about, indent=1))
    fresh = folder / f"{POINTER}.new"
    fresh.write_text(json.dumps({"folder": name}))
    fresh.replace(folder / POINTER)
    for old in folder.iterdir():
        if old.is_dir() and old.name != name:
            shutil.rmtree(old, ignore_errors=True)


def _pointer(folder: Path) -> str | None:
    try:
        return str(json.loads((folder / POINTER).read_text())["folder"])
    except (OSError, ValueError, KeyError):
        return None


def _from_copy(settings: Settings, away: Unavailable) -> LightGBMScorer:
    name = _pointer(settings.champion_copy)
    if name is None:
        raise Misconfigured(
            f"{NO_CHAMPION}; if there was one, bring MLflow back (MODELS_TRACKING_URI): {away}"
        ) from away
    place = settings.champion_copy / name
    try:
        about = json.loads((place / "version.json").read_text())
        version = ModelVersion(**about["version"])
        files = {file: (place / file).read_bytes() for file in about["digests"]}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Misconfigured(
            f"MLflow is away and the copy of the last champion in {settings.champion_copy} cannot"
            " be read: bring MLflow back (MODELS_TRACKING_URI)"
        ) from error
    for file, digest in about["digests"].items():
        check_digest(f"copy of {version}: {file}", files[file], digest)
    log.warning("champion_from_copy", version=str(version), reason=str(away))
    return LightGBMScorer.from_files(version, files)

"""The registry of trained scorers, in MLflow: log a run, register a version, name the champion.

This is the only file that knows MLflow. Everything kept is text: the booster as LightGBM writes
it, calibration, columns and review lines as JSON. Nothing is pickled, and unpickling is off.
"""

import json
import logging
import os
import tempfile
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from fraud.assessment import ModelVersion
from fraud.errors import Misconfigured, NotFound, Unavailable
from models.config import Settings

os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
os.environ["MLFLOW_ALLOW_PICKLE_DESERIALIZATION"] = "false"
os.environ.setdefault(
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES", "1"
)  # by default MLflow retries for minutes
os.environ.setdefault("MLFLOW_HTTP_REQUEST_TIMEOUT", "10")

with warnings.catch_warnings():
    # MLflow sets up its tables with SQLAlchemy's outgoing "noload" loader.
    warnings.simplefilter("ignore")
    from mlflow.entities import Metric, Param, RunTag
    from mlflow.entities.model_registry import ModelVersion as RegisteredVersion
    from mlflow.exceptions import MlflowException
    from mlflow.store.db import utils as mlflow_database
    from mlflow.tracking import MlflowClient

mlflow_database.MAX_RETRY_COUNT = 2  # no setting; 10 tries take 102 s while nothing is scored

EXPERIMENT = "sempadan"
FOLDER = "scorer"
"""Folder of a run's artifacts that holds what a version consists of."""

CHAMPION = "champion"
CHALLENGER = "challenger"
INTENT = "promotion_intent"

BOOSTER = "booster.txt"
SHA256 = "sha256"
FEATURE_SET = "feature_set"

ABSENT = {"RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"}
"""What MLflow answers when a name, a version or an alias is not there."""

logging.getLogger("mlflow").setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True)
class RunRecord:
    """What is said of one training run beside its files."""

    name: str
    parameters: Mapping[str, str]
    metrics: Mapping[str, float]
    tags: Mapping[str, str]
    made_at: datetime
    description: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One registered version as the registry lists it."""

    version: ModelVersion
    run_id: str
    digests: Mapping[str, str]
    """SHA-256 of each of its files."""
    tags: Mapping[str, str]
    aliases: tuple[str, ...]
    made_at: datetime | None


class NothingYet(Unavailable):
    """No model was ever kept where the settings say."""


class Registry:
    """The versions of one registered scorer, and which of them is champion and challenger."""

    def __init__(self, settings: Settings, *, create: bool = False) -> None:
        """Open the registry. Raises Unavailable when it does not answer.

        Without `create` a missing SQLite file counts as not answering: MLflow would silently
        begin an empty one, and an empty registry says that there never was a champion.
        """
        path = _sqlite_file(settings.tracking_uri)
        if path and not create and not path.exists():
            raise NothingYet(
                f"there is no MLflow database at {settings.tracking_uri}: name the right one with"
                " MODELS_TRACKING_URI, or begin one with `fraud-models train`"
            )
        self.name = settings.registered_name
        self._settings = settings
        with _answering(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self._client = MlflowClient(settings.tracking_uri, settings.tracking_uri)

    def log(self, run: RunRecord, files: Mapping[str, bytes], *, feature_set: str) -> Entry:
        """Keep a run with its files and register it as the next version, without an alias."""
        digests = {name: sha256(content).hexdigest() for name, content in files.items()}
        tags = {
            SHA256: digests[BOOSTER],
            FEATURE_SET: feature_set,
            "digests": json.dumps(digests, sort_keys=True),
            **run.tags,
        }
        with _answering():
            run_id = self._log_run(run, files)
            self._ensure_name()
            made = self._client.create_model_version(
                self.name,
                source=f"runs:/{run_id}/{FOLDER}",
                run_id=run_id,
                tags=tags,
                description=run.description,
            )
        return self.entry(str(made.version))

    def entry(self, version: str) -> Entry:
        """One version. Raises NotFound when there is none of that number."""
        with _answering():
            try:
                return _entry(self._client.get_model_version(self.name, version))
            except MlflowException as error:
                if error.error_code not in ABSENT:
                    raise
                raise NotFound(f"{self.name} has no version {version}") from error

    def by_alias(self, alias: str) -> Entry | None:
        """The version that an alias names, or None when it names none. Cost: one small query."""
        with _answering():
            try:
                return _entry(self._client.get_model_version_by_alias(self.name, alias))
            except MlflowException as error:
                if error.error_code not in ABSENT:
                    raise
                return None

    def entries(self) -> list[Entry]:
        """All versions, newest first."""
        with _answering():
            found = self._client.search_model_versions(f"name='{self.name}'", max_results=1000)
        aliases = self._aliases()
        entries = [_entry(one, aliases.get(str(one.version), ())) for one in found]
        return sorted(entries, key=lambda entry: -int(entry.version.version))

    def files(self, entry: Entry) -> dict[str, bytes]:
        """The files of a version, each checked against the digest noted when it was registered.

        Raises Misconfigured when a byte differs: such a file is not used.
        """
        with _answering(), tempfile.TemporaryDirectory() as folder:
            self._client.download_artifacts(entry.run_id, FOLDER, folder)
            place = Path(folder) / FOLDER
            found = {name: _read(place / name) for name in entry.digests}
        for name, digest in entry.digests.items():
            check_digest(f"{entry.version}: {name}", found[name], digest)
        return found

    def attach(self, entry: Entry, folder: str, files: Mapping[str, bytes]) -> None:
        """Keep more files with the run of a version, beside what it consists of."""
        with _answering():
            self._log_files(entry.run_id, folder, files)

    def metrics(self, entry: Entry) -> dict[str, float]:
        """What was measured in the run behind a version."""
        with _answering():
            return dict(self._client.get_run(entry.run_id).data.metrics)

    def set_alias(self, alias: str, version: str) -> None:
        """Point an alias at a version; where it points already, nothing happens."""
        with _answering():
            self._client.set_registered_model_alias(self.name, alias, version)

    def drop_alias(self, alias: str) -> None:
        with _answering():
            self._client.delete_registered_model_alias(self.name, alias)

    def tag(self, version: str, key: str, value: str) -> None:
        """Note something on a version, such as who promoted it."""
        with _answering():
            self._client.set_model_version_tag(self.name, version, key, value)

    def intent(self) -> str | None:
        """The promotion that was begun and not yet finished, as `set_intent` wrote it."""
        with _answering():
            try:
                tags = self._client.get_registered_model(self.name).tags
            except MlflowException as error:
                if error.error_code not in ABSENT:
                    raise
                return None
        return tags.get(INTENT) or None

    def set_intent(self, text: str) -> None:
        """Note a promotion before its first step; an empty text says that it is finished."""
        with _answering():
            self._client.set_registered_model_tag(self.name, INTENT, text)

    def _log_run(self, run: RunRecord, files: Mapping[str, bytes]) -> str:
        at = int(run.made_at.timestamp() * 1000)
        run_id = str(
            self._client.create_run(
                self._experiment(), start_time=at, run_name=run.name
            ).info.run_id
        )
        self._client.log_batch(
            run_id,
            metrics=[Metric(name, value, at, 0) for name, value in run.metrics.items()],
            params=[Param(name, value) for name, value in run.parameters.items()],
            tags=[RunTag(name, value) for name, value in run.tags.items()],
        )
        self._log_files(run_id, FOLDER, files)
        self._client.set_terminated(run_id, end_time=at)
        return run_id

    def _log_files(self, run_id: str, folder: str, files: Mapping[str, bytes]) -> None:
        with tempfile.TemporaryDirectory() as place:
            for name, content in files.items():
                (Path(place) / name).write_bytes(content)
            self._client.log_artifacts(run_id, place, folder)

    def _experiment(self) -> str:
        known = self._client.get_experiment_by_name(EXPERIMENT)
        if known:
            return str(known.experiment_id)
        # A server keeps artifacts where it was told to; beside a database file we say where.
        local = _sqlite_file(self._settings.tracking_uri) is not None
        place = self._settings.artifact_folder.absolute().as_uri() if local else None
        return str(self._client.create_experiment(EXPERIMENT, artifact_location=place))

    def _ensure_name(self) -> None:
        try:
            self._client.get_registered_model(self.name)
        except MlflowException as error:
            if error.error_code not in ABSENT:
                raise
            self._client.create_registered_model(self.name)

    def _aliases(self) -> dict[str, tuple[str, ...]]:
        with _answering():
            try:
                pairs = self._client.get_registered_model(self.name).aliases
            except MlflowException as error:
                if error.error_code not in ABSENT:
                    raise
                return {}
        named: dict[str, tuple[str, ...]] = {}
        for alias, version in sorted(pairs.items()):
            named[str(version)] = (*named.get(str(version), ()), alias)
        return named


def check_digest(what: str, content: bytes, digest: str) -> None:
    """Raise Misconfigured unless `content` has the SHA-256 `digest`."""
    found = sha256(content).hexdigest()
    if found != digest:
        raise Misconfigured(
            f"{what} is not what was registered (SHA-256 {found[:12]}…, registered {digest[:12]}…):"
            " restore the file, or train and promote a new version"
        )


def _entry(found: RegisteredVersion, aliases: Sequence[str] | None = None) -> Entry:
    tags = dict(found.tags)
    stamp = found.creation_timestamp
    version = ModelVersion(
        str(found.name), str(found.version), tags.get(SHA256, ""), tags.get(FEATURE_SET, "")
    )
    return Entry(
        version,
        str(found.run_id),
        json.loads(tags.get("digests", "{}")),
        tags,
        tuple(found.aliases if aliases is None else aliases),
        datetime.fromtimestamp(stamp / 1000, UTC) if stamp else None,
    )


def _sqlite_file(uri: str) -> Path | None:
    prefix = "sqlite:///"
    return Path(uri.removeprefix(prefix)) if uri.startswith(prefix) else None


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise Unavailable(f"the registry does not hold {path.name} of this version") from error


@contextmanager
def _answering() -> Iterator[None]:
    """Turn a registry that does not answer into Unavailable."""
    try:
        yield
    except MlflowException as error:
        raise Unavailable(f"MLflow does not answer: {_first_line(error)}") from error
    except SQLAlchemyError as error:  # of MLflow's own database, when there is no server before it
        raise Unavailable(
            f"MLflow's database does not answer ({_first_line(error)}):"
            " start or restore the one that MODELS_TRACKING_URI names"
        ) from error
    except OSError as error:
        raise Unavailable(f"MLflow's files cannot be reached: {error}") from error


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0][:200]

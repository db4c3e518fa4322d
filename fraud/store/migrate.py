"""Bringing the tables up to date, and refusing a database this program does not understand."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from fraud.errors import Misconfigured

VERSION_TABLE = "sempadan_schema"
"""Not Alembic's default name: MLflow owns that one, and may share a server with us."""


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def upgrade(engine: Engine) -> None:
    """Create or upgrade all tables to this program's schema.

    Raises Misconfigured when the schema is newer than this program.
    """
    config = _config()
    _refuse_newer(_revision(engine), ScriptDirectory.from_config(config))
    with engine.connect().execution_options(writer=True) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()


def check(engine: Engine) -> None:
    """Raise Misconfigured unless the database has exactly this program's schema."""
    scripts = ScriptDirectory.from_config(_config())
    found = _revision(engine)
    if found == scripts.get_current_head():
        return
    if found is None:
        raise Misconfigured("the database is empty: create its tables with `fraud init`")
    _refuse_newer(found, scripts)
    raise Misconfigured(f"the database has the older schema {found}: upgrade it with `fraud init`")


def _revision(engine: Engine) -> str | None:
    """The schema of the database; None when it has no tables of ours."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        return context.get_current_revision()


def _refuse_newer(found: str | None, scripts: ScriptDirectory) -> None:
    if found is None or found in {script.revision for script in scripts.walk_revisions()}:
        return
    raise Misconfigured(
        f"the database has schema {found}, newer than this program's {scripts.get_current_head()}:"
        " install the newer program"
    )

"""How Alembic runs our migrations: always on a connection handed in by `fraud.store.migrate`."""

from alembic import context

import fraud.store.desk_tables  # noqa: F401  # its tables join the metadata
from fraud.store.migrate import VERSION_TABLE
from fraud.store.schema import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()

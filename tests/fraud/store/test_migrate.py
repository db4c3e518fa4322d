"""Bringing the tables up to date, on SQLite and on PostgreSQL."""

import pytest

from fraud.errors import Misconfigured
from fraud.privacy import KeyRing
from fraud.store import migrate
from fraud.store.engine import Store

KEYRING = KeyRing(bytes(32))


def test_bringing_up_to_date_again_changes_nothing(database_url: str) -> None:
    for _ in range(2):
        Store.open(database_url, KEYRING, create=True).close()
    Store.open(database_url, KEYRING).close()


@pytest.mark.parametrize("create", [True, False])
def test_a_newer_schema_is_refused_with_its_cure(database_url: str, create: bool) -> None:
    store = Store.open(database_url, KEYRING, create=True)
    with store.begin() as connection:
        connection.exec_driver_sql(f"UPDATE {migrate.VERSION_TABLE} SET version_num = '9999'")
    store.close()
    with pytest.raises(Misconfigured, match="install the newer program"):
        Store.open(database_url, KEYRING, create=create)

"""Opening a database, and giving its connections back."""

import gc

import pytest
from sqlalchemy import text

from fraud.errors import Misconfigured
from fraud.store.engine import Store
from tests.streams.fakes import KEYRING


@pytest.mark.postgres
def test_a_database_that_is_refused_keeps_no_connection(postgres_url):
    for _ in range(3):
        with pytest.raises(Misconfigured, match="fraud init"):
            Store.open(postgres_url, KEYRING)
    gc.collect()  # a connection left to the collector would be a warning, and so an error
    store = Store.open(postgres_url, KEYRING, create=True)
    with store.reading() as connection:
        others = connection.execute(
            text(
                "SELECT COUNT(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        ).scalar_one()
    assert others == 0
    store.close()

"""What the suites over both databases share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from inbox_bot.adapters.db import schema
from inbox_bot.adapters.db.tables import KEYS_METADATA, METADATA
from tests.builders import House, house_at, sqlite_house
from tests.servers.postgres import Postgres

BOTH = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database, once for each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'inbox.db'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture(scope="session")
def migrated_postgres(postgres: Postgres) -> str:
    """One migrated database for the session: migrating takes longer than a test."""
    url = postgres.fresh_database()
    schema.upgrade(url)
    return url


@pytest.fixture
def postgres_house(migrated_postgres: str) -> Iterator[House]:
    """An opened store on PostgreSQL, emptied afterwards."""
    with house_at(migrated_postgres) as opened:
        yield opened
        empty(opened)


@pytest.fixture(params=BOTH)
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    """A migrated and opened store, once for each kind of database."""
    if request.param == "sqlite":
        with sqlite_house(tmp_path) as opened:
            yield opened
    else:
        yield request.getfixturevalue("postgres_house")


def empty(house: House) -> None:
    stores = ((schema.DATA, METADATA), (schema.KEYS, KEYS_METADATA))
    for store, metadata in stores:
        engine = store.connect(house.url)
        with engine.begin() as connection:
            for table in reversed(metadata.sorted_tables):
                connection.execute(table.delete())
        engine.dispose()

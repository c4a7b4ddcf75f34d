"""What the suites over both databases share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import House, house_at


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database, once for each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'inbox.db'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    """A migrated and opened store, once for each kind of database."""
    with house_at(database_url) as opened:
        yield opened

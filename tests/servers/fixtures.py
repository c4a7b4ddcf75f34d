"""Fixtures over the real servers, one of each for a test session (or xdist worker)."""

from collections.abc import Iterator

import pytest

from tests.servers.dovecot import Dovecot, running_dovecot
from tests.servers.postgres import Postgres, running_postgres
from tests.servers.smtp import Peer, running_smtp


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    """A Dovecot for the whole session: take an account of your own by `add_user`."""
    with running_dovecot() as server:
        yield server


@pytest.fixture(scope="session")
def smtp_server() -> Iterator[Peer]:
    """The session's SMTP server; tests want `smtp_peer`."""
    with running_smtp() as peer:
        yield peer


@pytest.fixture
def smtp_peer(smtp_server: Peer) -> Peer:
    """An SMTP server that accepts everything, with nothing in it yet."""
    smtp_server.reset()
    return smtp_server


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL for the whole session."""
    with running_postgres() as server:
        yield server


@pytest.fixture
def postgres_url(postgres: Postgres) -> str:
    """A fresh, empty database for this test."""
    return postgres.fresh_database()

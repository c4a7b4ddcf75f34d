"""The threads of `run` say how the world outside is, and begin again when it is back."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from inbox_bot.adapters.db import schema
from inbox_bot.errors import SettingsError, UnreachableError
from inbox_bot.services import queries
from inbox_bot.services.polling import Watch
from inbox_bot.workers import Pauses, Signals, Workers, join
from tests.servers.system import wait_until
from tests.world import World, world_at


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A bot on SQLite with an empty mailbox."""
    url = f"sqlite:///{tmp_path / 'bot.db'}"
    schema.upgrade(url)
    with world_at(url, tmp_path) as opened:
        yield opened


@contextmanager
def working(world: World, *folders: str) -> Iterator[Callable[[str, str], bool]]:
    """Let the threads work; gives a way to wait for what the health page says."""
    signals = Signals()
    with capture_logs():
        threads = Workers(
            house=world.house,
            mailboxes=world.mailboxes,
            transport=world.transport,
            watch=Watch(folders=folders or ("INBOX",)),
            pauses=Pauses(poll=0.1, dispatch=0.1),
            signals=signals,
        ).start()

        def says(name: str, value: str) -> bool:
            return wait_until(lambda: queries.notices(world.house).get(name) == value)

        try:
            yield says
        finally:
            signals.end()
            join(threads)
    assert [] == [thread.name for thread in threads if thread.is_alive()]


def test_with_everything_well_every_part_says_so(world: World):
    with working(world) as says:
        for name in ("mailbox", "mailbox.INBOX", "outbox", "worker.watch INBOX"):
            assert says(name, "ok")


def test_a_lost_mailbox_is_told_and_found_again(world: World):
    with working(world) as says:
        assert says("mailbox.INBOX", "ok")
        world.mailboxes.away = True
        world.mailboxes.lose_connection()
        assert says("mailbox.INBOX", "lost")
        world.mailboxes.away = False
        assert says("mailbox.INBOX", "ok")


def test_a_folder_that_is_missing_is_told(world: World):
    with working(world, "INBOX", "Privacy") as says:
        assert says("mailbox.Privacy", "refused")
        assert says("mailbox.INBOX", "ok")


@pytest.mark.parametrize(
    ("failure", "said"), [(UnreachableError(), "lost"), (SettingsError(), "refused")]
)
def test_a_mail_server_in_trouble_is_told_though_nothing_is_due(
    world: World, failure: UnreachableError | SettingsError, said: str
):
    world.transport.failure = failure
    with working(world) as says:
        assert says("outbox", said)
        world.transport.failure = None
        assert says("outbox", "ok")

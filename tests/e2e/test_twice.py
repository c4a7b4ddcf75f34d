"""The same mailbox again, and two passes at once: the work is done once."""

from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from inbox_bot.bootstrap import build
from inbox_bot.domain.effects import Place
from inbox_bot.services import queries
from inbox_bot.settings import load
from tests.e2e.bot import Bot, install
from tests.e2e.kills import fill
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import Peer

pytestmark = [pytest.mark.e2e, pytest.mark.imap]

MAILS = 40


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def bot(
    request: pytest.FixtureRequest, tmp_path: Path, dovecot: Dovecot, smtp_peer: Peer
) -> Bot:
    """A bot on each kind of database, with a full mailbox."""
    database = ""
    if request.param == "postgres":
        database = request.getfixturevalue("postgres_url")
    installed = install(tmp_path, dovecot, smtp_peer, database=database)
    fill(installed, MAILS)
    return installed


def test_a_second_poll_does_nothing(bot: Bot) -> None:
    """The cursor knows what was read, whatever flags the server shows."""
    assert bot.json("poll")["processed"] == MAILS

    again = bot.json("poll")

    assert set(again.values()) == {0}


def test_two_polls_and_two_dispatches_at_once_do_the_work_once(bot: Bot) -> None:
    """Every mail ends in one place, every letter leaves once."""
    finish_all(bot, "poll")
    finish_all(bot, "dispatch")

    assert [1] * MAILS == sorted(places_of_mails(bot).values())
    receivers = Counter(mail.rcpt_to for mail in bot.peer.accepted)
    assert all(count == 1 for count in receivers.values())
    assert bot.json("poll")["processed"] == 0
    assert bot.json("dispatch")["claimed"] == 0


def finish_all(bot: Bot, command: str) -> None:
    """Run a command twice at once, to the end of both."""
    both = [bot.start(command), bot.start(command)]
    codes = [process.wait(120) for process in both]
    assert codes == [0, 0], bot.log()


def places_of_mails(bot: Bot) -> Counter[str]:
    """Count in how many cases or trays each mail is."""
    found: Counter[str] = Counter()
    with closing(build(load(bot.folder / "inbox-bot.toml"))) as application:
        house = application.house
        for message in queries.in_place(house, Place.TRAY):
            found[message.content.subject] += 1
        for case in queries.cases(house, only_open=False):
            file = queries.case_file(house, case.reference)
            found.update(mail.stored.content.subject for mail in file.messages)
    return found

"""Kills `poll` and `dispatch` at random moments, then counts what came of each mail.

`python -m tests.e2e.kills --mails 500 --kills 50` prints the figures; the test beside
it makes a smaller run. Nothing here may assume where a kill strikes.
"""

import argparse
import random
import tempfile
import time
from collections import Counter
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

from inbox_bot.bootstrap import Application, build
from inbox_bot.domain.effects import Place
from inbox_bot.domain.records import DraftState, InboundState
from inbox_bot.services import queries
from inbox_bot.settings import load
from tests.e2e.bot import Bot, install
from tests.servers.dovecot import Dovecot, running_dovecot
from tests.servers.postgres import running_postgres
from tests.servers.smtp import Peer, running_smtp

LEASE_SECONDS = 2
WORDS = (
    "Please send me a copy of all the personal data you hold about me.",
    "Please stop sending me marketing emails and take me off your list.",
    "Please delete my account and all personal data you have about me.",
    "When does the invoice for October fall due? I can't find it in the portal.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What became of the mails.

    `astray` are mails that are not in exactly one case or tray, `drafted_twice` cases
    with two open drafts of the same letters, `answered_twice` cases whose first answer
    was written twice; `written` counts the mails in the outbox, `sent_twice` those that
    reached SMTP more than once.
    """

    mails: int
    kills: int
    in_cases: int
    in_tray: int
    astray: int
    drafted_twice: int
    answered_twice: int
    written: int
    messages_sent: int
    sent_twice: int


def fill(bot: Bot, mails: int) -> None:
    """Put mails of as many people into the mailbox."""
    raw = [
        bot.message(
            f"{WORDS[number % len(WORDS)]}\n\nRegards, number {number}",
            sender=f"person{number}@example.org",
            subject=f"Mail {number}",
        )
        for number in range(mails)
    ]
    with bot.dovecot.client(bot.user) as client:
        client.multiappend("INBOX", raw)


def torture(bot: Bot, kills: int, chance: random.Random) -> None:
    """Start poll and dispatch in turn and kill each at a random moment."""
    began = time.monotonic()
    bot.run("tick")
    start_up = time.monotonic() - began
    for number in range(kills):
        process = bot.start("dispatch" if number % 3 == 2 else "poll")
        time.sleep(chance.uniform(0.5 * start_up, start_up + 2.5))
        process.kill()
        process.wait()


def finish(bot: Bot) -> None:
    """Let the claims of the dead run out, and work until nothing is left."""
    while True:
        time.sleep(LEASE_SECONDS)
        polled = bot.json("poll")
        sent = bot.json("dispatch")
        if not polled["processed"] and not sent["claimed"] and not sent["delayed"]:
            return


def examine(bot: Bot, peer: Peer, *, mails: int, kills: int) -> Report:
    """Count what became of every mail."""
    with closing(build(load(bot.folder / "inbox-bot.toml"))) as application:
        return _report(application, peer, mails=mails, kills=kills)


def _report(application: Application, peer: Peer, *, mails: int, kills: int) -> Report:
    house = application.house
    tray = queries.in_place(house, Place.TRAY, limit=mails * 2)
    files = [
        queries.case_file(house, case.reference)
        for case in queries.cases(house, only_open=False, limit=mails * 2)
    ]
    subjects = Counter(message.content.subject for message in tray)
    for file in files:
        subjects.update(m.stored.content.subject for m in file.messages)
    drafts = Counter(
        (draft.case_id, draft.letters)
        for file in files
        for draft in file.drafts
        if draft.state is DraftState.OPEN
    )
    answers = Counter((m.case_id, m.letters) for file in files for m in file.sent)
    reached = Counter(_message_id(mail.content) for mail in peer.accepted)
    wanted = {f"Mail {number}" for number in range(mails)}
    return Report(
        mails=mails,
        kills=kills,
        in_cases=len(files),
        in_tray=len(tray),
        astray=sum(subjects[subject] != 1 for subject in wanted)
        + _unfinished(application),
        drafted_twice=sum(count > 1 for count in drafts.values()),
        answered_twice=sum(count > 1 for count in answers.values()),
        written=sum(answers.values()),
        messages_sent=len(reached),
        sent_twice=sum(count > 1 for count in reached.values()),
    )


def _unfinished(application: Application) -> int:
    house = application.house
    quarantined = queries.in_place(house, Place.QUARANTINE)
    return sum(m.state is InboundState.QUARANTINED for m in quarantined)


def _message_id(content: bytes) -> bytes:
    (line,) = (
        line
        for line in content.split(b"\r\n\r\n")[0].split(b"\r\n")
        if line.lower().startswith(b"message-id:")
    )
    return line


def run(
    folder: Path,
    dovecot: Dovecot,
    peer: Peer,
    *,
    mails: int,
    kills: int,
    seed: int,
    database: str = "",
) -> Report:
    """Fill a mailbox, kill again and again, finish, and report."""
    bot = install(folder, dovecot, peer, database=database, lease_seconds=LEASE_SECONDS)
    fill(bot, mails)
    torture(bot, kills, random.Random(seed))
    finish(bot)
    return examine(bot, peer, mails=mails, kills=kills)


def main() -> None:
    """Make one run with servers of its own and print the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mails", type=int, default=500)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=20261122)
    parser.add_argument("--postgres", action="store_true")
    wanted = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        running_dovecot() as dovecot,
        running_smtp() as peer,
        running_postgres() as postgres,
    ):
        report = run(
            Path(folder),
            dovecot,
            peer,
            mails=wanted.mails,
            kills=wanted.kills,
            seed=wanted.seed,
            database=postgres.fresh_database() if wanted.postgres else "",
        )
    for name, value in asdict(report).items():
        print(f"{name:15} {value}")  # noqa: T201 - what the script is for


if __name__ == "__main__":
    main()

"""Messages a second through `poll`, against the floor measured in the same run.

The floor fetches the same messages by the same adapter, parses them by the same parser,
and commits each raw message to a SQLite file, with the same durability: what any bot
must do. `poll` moreover seals, recognises, reads, decides, writes letters, records.

    python -m benchmarks.intake --mails 500
"""

import argparse
import cProfile
import pstats
import sqlite3
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from inbox_bot.bootstrap import Application, build
from inbox_bot.mime.parser import parse
from inbox_bot.services.polling import poll
from inbox_bot.settings import load
from tests.e2e.bot import install
from tests.e2e.kills import fill
from tests.servers.dovecot import running_dovecot
from tests.servers.smtp import running_smtp

TOP = 5


def floor(application: Application, path: Path) -> None:
    """Fetch, parse and commit every message, and no more."""
    store = sqlite3.connect(path)
    store.execute("PRAGMA journal_mode = WAL")
    store.execute("PRAGMA synchronous = FULL")
    store.execute("CREATE TABLE message (uid INTEGER, text TEXT, raw BLOB)")
    mailbox = application.mailboxes.connect()
    for batch in mailbox.fetch_after("INBOX", None):
        for message in batch:
            text = parse(message.raw).author_text
            row = (message.uid, text, message.raw)
            store.execute("INSERT INTO message VALUES (?, ?, ?)", row)
            store.commit()
    mailbox.close()
    store.close()


def timed(work: Callable[[], object]) -> float:
    """Give the seconds that a call takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def profiled(work: Callable[[], object]) -> None:
    """Print what a call spends its own time on."""
    profile = cProfile.Profile()
    profile.runcall(work)
    pstats.Stats(profile).sort_stats("tottime").print_stats(TOP)


def main() -> None:
    """Measure, print both rates and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mails", type=int, default=500)
    parser.add_argument("--profile", action="store_true")
    wanted = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        running_dovecot() as dovecot,
        running_smtp() as peer,
    ):
        bot = install(Path(folder), dovecot, peer)
        fill(bot, wanted.mails)
        application = build(load(bot.folder / "inbox-bot.toml"))
        # The model is loaded once in the life of a process; that is not intake.
        application.house.classifier.read([parse(b"Subject: warm\r\n\r\nup")])
        bare = timed(lambda: floor(application, bot.folder / "floor.db"))

        def work() -> None:
            poll(application.house, application.mailboxes, application.watch)

        if wanted.profile:
            profiled(work)
            return
        whole = timed(work)
    print(f"floor {wanted.mails / bare:8.0f} messages/s")  # noqa: T201 - its purpose
    print(f"poll  {wanted.mails / whole:8.0f} messages/s")  # noqa: T201
    print(f"ratio {bare / whole:8.3f}")  # noqa: T201


if __name__ == "__main__":
    main()

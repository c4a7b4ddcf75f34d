"""One pass over the mailbox: look into every folder, process, tidy the server."""

from contextlib import ExitStack
from dataclasses import dataclass

from inbox_bot.errors import (
    OutsideError,
    RefusedError,
    SettingsError,
    UnreachableError,
)
from inbox_bot.ports import Mailbox, Mailboxes
from inbox_bot.services.house import House
from inbox_bot.services.intake import Fetched, fetch, move_processed
from inbox_bot.services.processing import Processed, process


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Which folders are read, and where finished messages go ("" leaves them)."""

    folders: tuple[str, ...]
    processed_folder: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """The counts of contract.md, `poll`."""

    fetched: int
    accepted: int
    processed: int
    held: int
    quarantined: int
    not_requests: int


def poll(house: House, mailboxes: Mailboxes, watch: Watch) -> Polled:
    """Fetch, accept, process; safe to run twice at once and to kill anywhere.

    Raises UnreachableError or RefusedError after noting it for the health page; what
    was accepted before is processed all the same.
    """
    with ExitStack() as stack:
        try:
            mailbox = connect(house, mailboxes)
            stack.callback(mailbox.close)
            found = _look(house, mailbox, watch)
        except (OutsideError, SettingsError):
            process_all(house)
            raise
        done = process_all(house)
        for folder in watch.folders:
            tidy(house, mailbox, folder, watch)
    return Polled(
        fetched=found.fetched,
        accepted=found.accepted,
        processed=done.processed,
        held=done.held,
        quarantined=done.quarantined,
        not_requests=done.not_requests,
    )


def _look(house: House, mailbox: Mailbox, watch: Watch) -> Fetched:
    found = Fetched()
    for folder in watch.folders:
        try:
            found += fetch(house, mailbox, folder)
        except UnreachableError:
            notice(house, f"mailbox.{folder}", "lost")
            raise
        notice(house, f"mailbox.{folder}", "ok")
    return found


def connect(house: House, mailboxes: Mailboxes) -> Mailbox:
    """Log in and note for the health page how it went."""
    try:
        mailbox = mailboxes.connect()
    except UnreachableError:
        notice(house, "mailbox", "unreachable")
        raise
    except RefusedError:
        notice(house, "mailbox", "refused")
        raise
    notice(house, "mailbox", "ok")
    return mailbox


def process_all(house: House) -> Processed:
    """Process until nothing is waiting."""
    total = Processed()
    while (done := process(house)) is not None:
        total += done
    return total


def tidy(house: House, mailbox: Mailbox, folder: str, watch: Watch) -> None:
    """Move finished messages where the settings want them."""
    if watch.processed_folder and watch.processed_folder != folder:
        move_processed(house, mailbox, folder, watch.processed_folder)


def notice(house: House, name: str, value: str) -> None:
    """Leave a fact for `doctor` and the health page."""
    with house.unit_of_work() as uow:
        uow.notices.put(name, value, house.clock.now())
        uow.commit()

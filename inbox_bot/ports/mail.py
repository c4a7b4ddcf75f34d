"""Ports for mail: the watched mailbox and the way out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """How far a folder has been read (RFC 9051, section 2.3.1.1)."""

    uid_validity: int
    uid: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchedMessage:
    """One message as the server holds it.

    `raw` is the whole message, or only its header and a text rendering of its
    BODYSTRUCTURE where `whole` is false (over the size limit), or what could be had
    where `unreadable` is true. `received_at` is INTERNALDATE with its zone, `size`
    in bytes as the server says.
    """

    folder: str
    uid_validity: int
    uid: int
    received_at: datetime
    size: int
    raw: bytes
    whole: bool = True
    unreadable: bool = False


class Mailbox(Protocol):
    """One connection to the watched account; not for sharing between threads.

    Every call raises UnreachableError when the connection is lost, RefusedError when
    log-in or certificate is refused, SettingsError when a folder doesn't exist.
    """

    def fetch_after(
        self, folder: str, cursor: Cursor | None
    ) -> Iterator[tuple[FetchedMessage, ...]]:
        """Yield the messages behind the cursor, oldest first, in bounded batches.

        A cursor of another UIDVALIDITY counts as none: the folder is listed anew.
        """
        ...

    def move(
        self, folder: str, uid_validity: int, uids: Sequence[int], to: str
    ) -> None:
        """Move messages to another folder, made if missing; gone ones are no error."""
        ...

    def wait(self, folder: str, seconds: float) -> bool:
        """Wait for a hint of new mail by IDLE; False when the time passed quietly."""
        ...

    def close(self) -> None:
        """Log out; never raises."""
        ...


class Mailboxes(Protocol):
    """Opens connections to the watched account."""

    def connect(self) -> Mailbox:
        """Log in; raises UnreachableError or RefusedError."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboundMail:
    """Frozen bytes with their envelope; `mail_from` "" is the null sender."""

    id: str
    mail_from: str
    rcpt_to: tuple[str, ...]
    content: bytes


class Verdict(StrEnum):
    """What became of one attempt (RFC 5321, section 4.2.1)."""

    SENT = "sent"
    TEMPORARY = "temporary"
    PERMANENT = "permanent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """The result of one attempt: `reason` is a code, never an address or a text."""

    id: str
    verdict: Verdict
    reason: str = ""


class Transport(Protocol):
    """Sends finished messages."""

    def deliver(self, batch: Sequence[OutboundMail]) -> Iterator[Delivery]:
        """Send each message and yield each result as it comes, in any order.

        A server that can't be reached gives TEMPORARY for all that are left; nothing
        is raised for a message. RefusedError where the log-in or certificate is
        refused.
        """
        ...

    def check(self) -> None:
        """Connect, log in and hang up; raises UnreachableError or RefusedError."""
        ...

"""The watched account over IMAP: implements the ports Mailboxes and Mailbox.

Reads without a trace, moves only when told, waits by IDLE. Cursors are handed in and
belong to the caller; nothing about a message's meaning is known here.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from time import monotonic

from imapclient.exceptions import IMAPClientError

from inbox_bot.adapters.credentials import Secret
from inbox_bot.adapters.endpoint import Endpoint
from inbox_bot.adapters.imap_fetch import Limits, fetch_batches
from inbox_bot.adapters.imap_login import hang_up, log_in
from inbox_bot.adapters.imap_session import UIDS_IN_A_COMMAND, ImapSession, uid_spans
from inbox_bot.ports import Cursor, FetchedMessage

# RFC 2177: an IDLE is ended and begun anew within 29 minutes. Far shorter here: a dead
# connection and a hint that arrived between two IDLEs are noticed at its end.
LONGEST_IDLE = 300.0
# What arrives in the same packet as the answer to IDLE is read at its end; so the
# first ones are short and each is twice as long as the one before.
FIRST_IDLE = 0.5
# How often a server without IDLE is asked.
ASK_EVERY = 30.0


class ImapMailboxes:
    """Opens connections to one account; `now` gives an aware time.

    `idle` false waits by asking now and then, even where the server has IDLE.
    """

    def __init__(
        self,
        *,
        endpoint: Endpoint,
        username: str,
        secret: Secret,
        limits: Limits,
        now: Callable[[], datetime],
        idle: bool = True,
    ) -> None:
        self._endpoint = endpoint
        self._username = username
        self._secret = secret
        self._limits = limits
        self._now = now
        self._idle = idle

    def connect(self) -> "ImapMailbox":
        """Log in; raises UnreachableError, RefusedError or SettingsError."""
        session = ImapSession(
            self._endpoint,
            lambda: log_in(self._endpoint, self._username, self._secret),
        )
        return ImapMailbox(session, self._limits, self._now, idle=self._idle)


class ImapMailbox:
    """One connection; not for sharing between threads, but for `close`."""

    def __init__(
        self,
        session: ImapSession,
        limits: Limits,
        now: Callable[[], datetime],
        *,
        idle: bool,
    ) -> None:
        self._session = session
        self._limits = limits
        self._now = now
        self._idle = idle
        self._listed: dict[str, int] = {}
        self._closed = threading.Event()

    def fetch_after(
        self, folder: str, cursor: Cursor | None
    ) -> Iterator[tuple[FetchedMessage, ...]]:
        """Yield the messages behind the cursor, oldest first, in bounded batches."""
        session = self._session
        with session.translated():
            opened = session.open(folder, readonly=True)
        same = cursor is not None and cursor.uid_validity == opened.uid_validity
        done = cursor.uid if cursor is not None and same else 0
        for first, last in uid_spans(done + 1, opened):
            with session.translated():
                session.back_to(opened)
                uids = session.uids_from(first, last)
            yield from fetch_batches(session, opened, uids, self._limits, self._now)
            done = max((done, *uids[-1:]))
        self._listed[folder] = done

    def move(
        self, folder: str, uid_validity: int, uids: Sequence[int], to: str
    ) -> None:
        """Move messages to another folder, made if missing; gone ones are no error."""
        with self._session.translated():
            opened = self._session.open(folder, readonly=False)
            if opened.uid_validity != uid_validity or not uids:
                return
            self._session.make_folder(to)
            for start in range(0, len(uids), UIDS_IN_A_COMMAND):
                self._session.move(uids[start : start + UIDS_IN_A_COMMAND], to)

    def wait(self, folder: str, seconds: float) -> bool:
        """Wait for a hint of mail behind what was last fetched; False if none came."""
        until = monotonic() + seconds
        session = self._session
        with session.translated():
            opened = session.folder
            if opened is None or opened.name != folder:
                opened = session.open(folder, readonly=True)
            self._listed.setdefault(folder, max(opened.uid_next - 1, 0))
            if self._news(folder):
                return True
            if self._idle and session.client.has_capability("IDLE"):
                return self._wait_idle(until)
            return self._wait_asking(folder, until)

    def close(self) -> None:
        """Log out; never raises. Another thread's `wait` without IDLE ends."""
        self._closed.set()
        with suppress(OSError, IMAPClientError):
            self._session.client.logout()
        hang_up(self._session.client)

    def _news(self, folder: str) -> bool:
        self._session.client.noop()
        return bool(self._session.uids_from(self._listed[folder] + 1))

    def _wait_idle(self, until: float) -> bool:
        longest = FIRST_IDLE
        while (left := until - monotonic()) > 0:
            if self._idle_once(min(left, longest)):
                return True
            longest = min(2 * longest, LONGEST_IDLE)
        return False

    def _idle_once(self, seconds: float) -> bool:
        client = self._session.client
        client.idle()
        answers = client.idle_check(timeout=seconds)
        # On a lost connection `idle_check` answers nothing at once; ending the IDLE
        # is what raises then.
        _, more = client.idle_done()
        return any(b"EXISTS" in answer for answer in (*answers, *more))

    def _wait_asking(self, folder: str, until: float) -> bool:
        while (left := until - monotonic()) > 0:
            if self._closed.wait(min(left, ASK_EVERY)):
                return False
            if self._news(folder):
                return True
        return False

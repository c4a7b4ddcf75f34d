"""An account in memory: the ports Mailboxes and Mailbox without a server."""  # noqa: A005 - named for its port

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from inbox_bot.errors import SettingsError, UnreachableError
from inbox_bot.ports import Cursor, FetchedMessage

RECEIVED = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


@dataclass(slots=True)
class _Folder:
    uid_validity: int
    last_uid: int = 0
    messages: list[FetchedMessage] = field(default_factory=list)


class FakeMailboxes:
    """One account; tests put mail in and break things."""

    def __init__(self, *, max_bytes: int = 1_000_000, batch_count: int = 50) -> None:
        self._max_bytes = max_bytes
        self.batch_count = batch_count
        self.folders = {"INBOX": _Folder(uid_validity=1)}
        self.changed = threading.Condition()
        self.generation = 0
        self.away = False
        self.waits: list[float] = []

    def connect(self) -> "FakeMailbox":
        """Log in; UnreachableError while `away`."""
        if self.away:
            raise UnreachableError("imap.host, imap.port: no connection")
        return FakeMailbox(self)

    def add(
        self,
        folder: str,
        raw: bytes,
        received_at: datetime = RECEIVED,
        *,
        unreadable: bool = False,
    ) -> int:
        """Put a message into a folder, made if missing; returns its UID."""
        with self.changed:
            box = self.make(folder)
            box.last_uid += 1
            whole = len(raw) <= self._max_bytes
            header = raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
            box.messages.append(
                FetchedMessage(
                    folder=folder,
                    uid_validity=box.uid_validity,
                    uid=box.last_uid,
                    received_at=received_at,
                    size=len(raw),
                    raw=raw if whole and not unreadable else header,
                    whole=whole,
                    unreadable=unreadable,
                )
            )
            self.changed.notify_all()
            return box.last_uid

    def remove(self, folder: str, uid: int) -> None:
        """Delete a message, as another mail program would."""
        box = self.folders[folder]
        box.messages = [message for message in box.messages if message.uid != uid]

    def reset_uid_validity(self, folder: str) -> None:
        """Number the messages of a folder anew under another UIDVALIDITY."""
        box = self.folders[folder]
        box.uid_validity += 1
        box.messages = [
            replace(message, uid=uid, uid_validity=box.uid_validity)
            for uid, message in enumerate(box.messages, start=1)
        ]
        box.last_uid = len(box.messages)

    def lose_connection(self) -> None:
        """Break every connection; new ones can be made."""
        with self.changed:
            self.generation += 1
            self.changed.notify_all()

    def make(self, folder: str) -> _Folder:
        return self.folders.setdefault(folder, _Folder(uid_validity=1))


class FakeMailbox:
    """One connection to the account in memory."""

    def __init__(self, account: FakeMailboxes) -> None:
        self._account = account
        self._generation = account.generation
        self._listed: dict[str, int] = {}

    def fetch_after(
        self, folder: str, cursor: Cursor | None
    ) -> Iterator[tuple[FetchedMessage, ...]]:
        box = self._open(folder)
        same = cursor is not None and cursor.uid_validity == box.uid_validity
        done = cursor.uid if cursor is not None and same else 0
        found = [message for message in box.messages if message.uid > done]
        step = self._account.batch_count
        for start in range(0, len(found), step):
            self._open(folder)
            yield tuple(found[start : start + step])
        self._listed[folder] = box.last_uid

    def move(
        self, folder: str, uid_validity: int, uids: Sequence[int], to: str
    ) -> None:
        box = self._open(folder)
        if box.uid_validity != uid_validity:
            return
        for message in [each for each in box.messages if each.uid in uids]:
            box.messages.remove(message)
            target = self._account.make(to)
            target.last_uid += 1
            target.messages.append(
                replace(
                    message,
                    folder=to,
                    uid=target.last_uid,
                    uid_validity=target.uid_validity,
                )
            )

    def wait(self, folder: str, seconds: float) -> bool:
        box = self._open(folder)
        known = self._listed.setdefault(folder, box.last_uid)
        self._account.waits.append(seconds)
        with self._account.changed:
            self._account.changed.wait_for(
                lambda: box.last_uid > known or self._lost, timeout=seconds
            )
        self._open(folder)
        return box.last_uid > known

    def close(self) -> None:
        """Nothing to release."""

    @property
    def _lost(self) -> bool:
        return self._account.away or self._generation != self._account.generation

    def _open(self, folder: str) -> _Folder:
        if self._lost:
            raise UnreachableError("imap.host, imap.port: no connection (closed)")
        if folder not in self._account.folders:
            raise SettingsError(f'imap.folders: no folder "{folder}"')
        return self._account.folders[folder]

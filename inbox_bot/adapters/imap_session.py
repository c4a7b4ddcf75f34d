"""One logged-in IMAP connection with one folder open, able to open itself anew.

Knows commands and their failures; which messages are read and why stands elsewhere.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from imapclient import DELETED, IMAPClient
from imapclient.exceptions import (
    IMAPClientAbortError,
    IMAPClientError,
    IMAPClientReadOnlyError,
)

from inbox_bot.adapters.endpoint import Endpoint
from inbox_bot.adapters.imap_login import PASSING, hang_up
from inbox_bot.errors import SettingsError, UnreachableError

# imaplib refuses a line of 1,000,000 octets; a SEARCH answer takes 11 for each UID.
UIDS_IN_A_SEARCH = 90_000
# RFC 7162 and servers' limits on a command line (8,000 octets) hold with room.
UIDS_IN_A_COMMAND = 500

# What reading a server's answer raises: a refusal, a broken connection, or an answer
# that imapclient can't make sense of (a structure nested too deep is one).
FETCH_FAILURES = (
    IMAPClientError,
    OSError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenFolder:
    """What the server says of a folder as it opens (RFC 9051, section 6.3.2).

    `uid_next` is 0 where the server doesn't tell.
    """

    name: str
    readonly: bool
    uid_validity: int
    uid_next: int
    messages: int


class ImapSession:
    """A connection that remembers its open folder; not for sharing between threads."""

    def __init__(self, endpoint: Endpoint, connect: Callable[[], IMAPClient]) -> None:
        self._endpoint = endpoint
        self._connect = connect
        self.client = connect()
        self.folder: OpenFolder | None = None

    @contextmanager
    def translated(self) -> Iterator[None]:
        """Turn whatever the connection raises into the errors of the port."""
        try:
            yield
        except IMAPClientReadOnlyError:
            raise SettingsError(
                f"{self._endpoint.section}.folders: {self._endpoint.address} lets "
                "nothing be changed there"
            ) from None
        except IMAPClientAbortError:
            raise self._endpoint.lost() from None
        except IMAPClientError:
            # Its words may quote a message, so it isn't chained either.
            raise self._endpoint.unavailable() from None
        except OSError as error:
            raise self._endpoint.failed(error) from None

    def open(self, name: str, *, readonly: bool) -> OpenFolder:
        """Open a folder anew; SettingsError where there is none of that name."""
        self.folder = None
        try:
            answer = self.client.select_folder(name, readonly=readonly)
        except IMAPClientAbortError:
            raise
        except IMAPClientError as error:
            if any(code in str(error) for code in PASSING):
                raise self._endpoint.unavailable() from None
            raise SettingsError(
                f"{self._endpoint.section}.folders: {self._endpoint.address} has no "
                f'folder "{name}"'
            ) from None
        self.folder = OpenFolder(
            name=name,
            readonly=readonly,
            uid_validity=answer[b"UIDVALIDITY"],
            uid_next=answer.get(b"UIDNEXT", 0),
            messages=answer[b"EXISTS"],
        )
        return self.folder

    def back_to(self, folder: OpenFolder) -> None:
        """Have the folder open that was listed, whatever was done in between.

        UnreachableError where it was made anew meanwhile: its UIDs are void then.
        """
        if self.folder is not None and self.folder.name == folder.name:
            return
        after = self.open(folder.name, readonly=folder.readonly)
        if after.uid_validity != folder.uid_validity:
            raise UnreachableError(
                f"{self._endpoint.section}.folders: the folder was made anew"
            )

    def reopen(self) -> None:
        """Make a new connection with the same folder open."""
        before, self.folder = self.folder, None
        hang_up(self.client)
        self.client = self._connect()
        if before is not None:
            self.back_to(before)

    def uids_from(self, first: int, last: int | None = None) -> list[int]:
        """List the open folder's UIDs from `first` up to `last` or the end, rising."""
        # `UID n:*` names the last message even where its UID is below n.
        found = self.client.search(["UID", f"{first}:{last or '*'}"])
        return sorted(uid for uid in found if uid >= first)

    def fetch(
        self, uids: Sequence[int], items: Sequence[str]
    ) -> dict[int, dict[bytes, Any]]:
        """Fetch items of several messages, one by one if it fails for all of them.

        A message that is gone is missing from the answer; one that can't be fetched
        even alone has an empty entry. UnreachableError where the server stays away.
        """
        try:
            return dict(self.client.fetch(uids, items))
        except FETCH_FAILURES:
            # Some servers drop the connection over one damaged message, and after an
            # answer that can't be read the next one would be read askew.
            self.reopen()
        alone = ((uid, self._fetch_alone(uid, items)) for uid in uids)
        return {uid: got for uid, got in alone if got is not None}

    def _fetch_alone(self, uid: int, items: Sequence[str]) -> dict[bytes, Any] | None:
        # Twice: servers mend a damaged index on the first failure.
        for _ in range(2):
            try:
                answer = dict(self.client.fetch([uid], items))
            except FETCH_FAILURES:
                self.reopen()
            else:
                return answer.get(uid)
        return {}

    def make_folder(self, name: str) -> None:
        """Make a folder unless it is there; SettingsError where that is refused."""
        if self.client.folder_exists(name):
            return
        try:
            self.client.create_folder(name)
        except IMAPClientAbortError:
            raise
        except IMAPClientError as error:
            if "[ALREADYEXISTS]" in str(error):
                return
            raise SettingsError(
                f"{self._endpoint.section}.processed_folder: "
                f'{self._endpoint.address} refused to make "{name}"'
            ) from None
        with suppress(IMAPClientError):
            self.client.subscribe_folder(name)

    def move(self, uids: Sequence[int], to: str) -> None:
        """Move messages of the open folder (RFC 6851, section 3.3, or the old way)."""
        if self.client.has_capability("MOVE"):
            self.client.move(uids, to)
            return
        self.client.copy(uids, to)
        self.client.add_flags(uids, [DELETED], silent=True)
        # A bare EXPUNGE would remove what others marked; without UIDPLUS the
        # messages stay, marked (RFC 4315, section 2.1).
        if self.client.has_capability("UIDPLUS"):
            self.client.uid_expunge(uids)


def uid_spans(first: int, folder: OpenFolder) -> list[tuple[int, int | None]]:
    """Cut the UIDs from `first` on into spans whose SEARCH answers fit into a line.

    None as the last UID means up to the end.
    """
    if folder.messages <= UIDS_IN_A_SEARCH:
        return [(first, None)]
    return [
        (low, min(low + UIDS_IN_A_SEARCH, folder.uid_next) - 1)
        for low in range(first, folder.uid_next, UIDS_IN_A_SEARCH)
    ]

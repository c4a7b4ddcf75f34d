"""Ports for the house itself: keys, hashes, chance, time, and reading and writing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from inbox_bot.domain.effects import Letter
from inbox_bot.domain.message import InboundMessage
from inbox_bot.domain.reading import Reading


class Keys(Protocol):
    """The key store: one key for each message and each case, wrapped by the master key.

    StorageError where a key is missing that was never made, ForgottenError where it
    was destroyed.
    """

    def create(self, owners: Sequence[str]) -> None:
        """Make a key for each owner id, durable when this returns."""
        ...

    def seal(self, owner: str, plaintext: bytes, context: str) -> bytes:
        """Encrypt with the owner's key; `context` is authenticated with it."""
        ...

    def open(self, owner: str, sealed: bytes, context: str) -> bytes:
        """Decrypt what `seal` made in the same context."""
        ...

    def destroy(self, owner: str) -> None:
        """Forget the owner's key: whatever it sealed is gone, in backups too."""
        ...


class Hashing(Protocol):
    """Keyed hashes for what must be found again and never read."""

    def keyed_hash(self, purpose: str, value: str | bytes) -> str:
        """Give the hash in hex; equal only for equal purpose and value."""
        ...


class Randomness(Protocol):
    """Fresh ids, tokens and codes."""

    def new_id(self) -> str:
        """Give an id that sorts by time."""
        ...

    def token(self) -> str:
        """Give at least 128 random bits that fit a URL and a local part."""
        ...

    def code(self) -> str:
        """Give six random digits."""
        ...

    def reference(self) -> str:
        """Give a case number for people, like `K7QF-2M9D`: short, in no order."""
        ...

    def jitter(self) -> float:
        """Give a factor between 0.75 and 1.25 that keeps retries from marching."""
        ...


class Clock(Protocol):
    """The time."""

    def now(self) -> datetime:
        """Give the current time, aware, in UTC."""
        ...


class Calendars(Protocol):
    """Public holidays."""

    def holidays(self, year: int) -> frozenset[date]:
        """Give the controller's public holidays of this year and the next."""
        ...


class Blobs(Protocol):
    """Sealed raw messages; durable when `put` returns."""

    def put(self, name: str, sealed: bytes) -> None:
        """Keep the bytes; the same name again is no error."""
        ...

    def get(self, name: str) -> bytes:
        """Give the bytes; StorageError where there are none."""
        ...

    def delete(self, name: str) -> None:
        """Remove them; missing is no error."""
        ...


class Classifier(Protocol):
    """Reads what messages ask for."""

    def read(self, messages: Sequence[InboundMessage]) -> tuple[Reading, ...]:
        """Read messages, in order; never raises for anything written in them.

        Reading none loads what is needed; SettingsError where that can't be.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A letter as one source text; secrets stand in it as markers only."""

    subject: str
    source: str


class Renderer(Protocol):
    """Makes letters from templates."""

    def write(
        self, letters: Sequence[Letter], language: str, values: Mapping[str, object]
    ) -> Written:
        """Write one mail from its pieces.

        Raises SettingsError where a template is missing or uses an unknown variable.
        """
        ...

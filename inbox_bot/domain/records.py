"""What the house keeps beside the case: messages, drafts, outgoing mail, events.

Frozen values with states; who stores them is an adapter's matter.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from inbox_bot.domain.case import Outcome
from inbox_bot.domain.effects import Letter, Place
from inbox_bot.domain.reading import Kind, Reading, Right

PLACEHOLDER = "[["
"""What opens a gap in a draft that a person must fill."""


class InboundState(StrEnum):
    """Where a stored message stands in the inbound queue."""

    ACCEPTED = "accepted"
    CLAIMED = "claimed"
    PROCESSED = "processed"
    QUARANTINED = "quarantined"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundContent:
    """What names or quotes a person in a stored message: kept sealed."""

    sender: str = ""
    sender_name: str = ""
    subject: str = ""
    author_text: str = ""
    reading: Reading | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbound:
    """A message in the inbound queue.

    `blob` names the sealed raw bytes; `moved` says that the server's copy was put into
    the processed folder. `place` is None until it was processed.
    """

    id: str
    folder: str
    uid_validity: int
    uid: int
    received_at: datetime
    accepted_at: datetime
    size: int
    blob: str
    whole: bool = True
    unreadable: bool = False
    state: InboundState = InboundState.ACCEPTED
    attempts: int = 0
    place: Place | None = None
    reason: str = ""
    case_id: str | None = None
    moved: bool = False
    content: InboundContent = InboundContent()


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What staff said of a message that was read otherwise, to learn from: kept sealed.

    `subject` and `body` are pseudonymised, `message_id` only says with whose key they
    are sealed. `language` is "und" where it is not known.
    """

    message_id: str
    language: str
    subject: str
    body: str
    kind: Kind
    labels: tuple[Right, ...] = ()
    purposes: Mapping[Right, tuple[str, ...]] = field(default_factory=dict)
    on_behalf: bool = False
    jurisdiction: str | None = None


class DraftState(StrEnum):
    """Where a draft stands."""

    OPEN = "open"
    APPROVED = "approved"
    SENT = "sent"
    REJECTED = "rejected"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A mail that a person must approve; `source` is the one text both parts come from.

    `match_confirmed` is the person's word that the answer speaks only of records that
    hold the proven address. `challenge_id` names the challenge whose link and code are
    put in when the draft is frozen.
    """

    id: str
    case_id: str
    to: str
    letters: tuple[Letter, ...]
    subject: str
    source: str
    language: str
    created_at: datetime
    request_ids: tuple[str, ...] = ()
    challenge_id: str | None = None
    outcome: Outcome | None = None
    is_reply: bool = True
    state: DraftState = DraftState.OPEN
    match_needed: bool = False
    match_confirmed: bool = False
    approved_by: str | None = None
    version: int = 0

    @property
    def complete(self) -> bool:
        """Whether no placeholder is left."""
        return PLACEHOLDER not in self.source + self.subject

    @property
    def missing(self) -> tuple[str, ...]:
        """What still keeps it from being approved, as words."""
        gaps = () if self.complete else ("placeholder",)
        unmatched = self.match_needed and not self.match_confirmed
        return gaps + (("match",) if unmatched else ())


class OutgoingState(StrEnum):
    """Where a mail stands in the outbox."""

    PENDING = "pending"
    CLAIMED = "claimed"
    SENT = "sent"
    DEAD = "dead"
    VOID = "void"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A finished mail. `content` are the frozen bytes, `sha256` their hash in hex.

    `shown` is what the house may see of it, with secrets masked. Once it was sent the
    bytes of a mail that holds a secret are forgotten (`content` is b"").
    `automatic` mails fall under the hourly cap; `counts` under the address cap.
    """

    id: str
    case_id: str | None
    to: str
    mail_from: str
    message_id: str
    subject: str
    shown: str
    content: bytes
    sha256: str
    created_at: datetime
    next_attempt_at: datetime
    letters: tuple[Letter, ...] = ()
    request_ids: tuple[str, ...] = ()
    draft_id: str | None = None
    outcome: Outcome | None = None
    automatic: bool = True
    counts: bool = True
    secret: bool = False
    state: OutgoingState = OutgoingState.PENDING
    attempts: int = 0
    reason: str = ""
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One link of a case's record: codes, ids and keyed hashes only.

    `digest` is SHA-256 in hex over the previous digest and this event's content.
    """

    case_id: str
    number: int
    at: datetime
    by: str
    action: str
    data: Mapping[str, str] = field(default_factory=dict)
    digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """A member of staff who may sign in; `password_hash` is argon2."""

    id: str
    name: str
    password_hash: str
    disabled: bool = False

"""Ports for what is kept: one transaction over small stores."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import TracebackType
from typing import Protocol, Self

from inbox_bot.domain.case import Case
from inbox_bot.domain.effects import Place
from inbox_bot.domain.records import Draft, DraftState, Event, Inbound, Outgoing, Staff
from inbox_bot.domain.suppression import Scope, Suppression
from inbox_bot.ports.learning import CorrectionStore
from inbox_bot.ports.mail import Cursor


class Sighting(StrEnum):
    """What a fingerprint says of a message."""

    NEW = "new"
    DUPLICATE = "duplicate"
    SAME_MESSAGE_ID = "same_message_id"


class InboundStore(Protocol):
    """The inbound queue and the cursors."""

    def cursor(self, folder: str) -> Cursor | None:
        """Tell how far a folder was read."""
        ...

    def advance(self, folder: str, cursor: Cursor) -> None:
        """Move the cursor on; never back within one UIDVALIDITY."""
        ...

    def add(self, messages: Sequence[Inbound]) -> frozenset[str]:
        """Queue messages, skip those known by folder, UIDVALIDITY, UID.

        Gives the ids of the new ones.
        """
        ...

    def waiting(self, *, now: datetime) -> bool:
        """Whether there is anything to claim."""
        ...

    def claim(
        self, *, limit: int, now: datetime, lease_until: datetime, alone_after: int
    ) -> tuple[Inbound, ...]:
        """Take messages that are accepted, or claimed with a lease that ran out.

        Oldest receipt first; each claim counts an attempt. One with more attempts than
        `alone_after` may be what kills the process: it is taken alone.
        """
        ...

    def sighting(
        self, message_id: str, message_id_hash: str, identity_hash: str
    ) -> Sighting:
        """Register a fingerprint for our message id and say whether it was known.

        DUPLICATE where another message has both hashes, SAME_MESSAGE_ID where one has
        only the first. `message_id_hash` is "" for a message without Message-ID: two
        such are one where the identity agrees.
        """
        ...

    def get(self, message_id: str) -> Inbound:
        """Load a message; NotFoundError."""
        ...

    def save(self, message: Inbound) -> None:
        """Write the state and content of a message back."""
        ...

    def of_case(self, case_id: str) -> tuple[Inbound, ...]:
        """Load the messages of a case, oldest first."""
        ...

    def in_place(self, place: Place, *, limit: int) -> tuple[Inbound, ...]:
        """Load the tray or the quarantine, newest receipt first."""
        ...

    def page(self, *, before: str | None, limit: int) -> tuple[Inbound, ...]:
        """Load messages by id, the latest first, those behind `before`."""
        ...

    def unmoved(self, *, folder: str, limit: int) -> tuple[Inbound, ...]:
        """Load finished messages whose server copy was not moved yet."""
        ...


class CaseStore(Protocol):
    """Cases with their events and thread tokens."""

    def add(self, case: Case) -> None:
        """Store a new case; its key must exist."""
        ...

    def save(self, case: Case) -> None:
        """Store a changed case; ConflictError unless `version` is still the stored one.

        The stored version is then one higher.
        """
        ...

    def get(self, case_id: str) -> Case:
        """Load a case; NotFoundError."""
        ...

    def by_reference(self, reference: str) -> Case | None:
        """Find a case by its visible number."""
        ...

    def by_token(self, token_hashes: Sequence[str]) -> Case | None:
        """Find the case that one of these keyed Message-ID or bounce hashes belongs to."""
        ...

    def add_token(self, case_id: str, token_hash: str) -> None:
        """Remember a keyed hash by which mail finds this case."""
        ...

    def due(self, now: datetime, *, limit: int) -> tuple[str, ...]:
        """Give ids of cases whose next timer has come, the longest waiting first."""
        ...

    def recent_of(self, requester: str, since: datetime) -> int:
        """Count the requester's open cases that were opened since then."""
        ...

    def listing(self, *, only_open: bool, limit: int) -> tuple[Case, ...]:
        """Load cases, earliest due date first, those without one last."""
        ...

    def append(self, events: Sequence[Event]) -> None:
        """Append events; number and digest are set here, chained to the last one."""
        ...

    def events(self, case_id: str) -> tuple[Event, ...]:
        """Load the record of a case, in order."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofSecret:
    """The keyed hashes of a challenge's token and code, and whose they are."""

    challenge_id: str
    case_id: str
    token_hash: str
    code_hash: str


class ProofStore(Protocol):
    """Keyed hashes of tokens and codes."""

    def add(self, secret: ProofSecret) -> None:
        """Keep one."""
        ...

    def by_token(self, token_hash: str) -> ProofSecret | None:
        """Find the challenge of a token."""
        ...

    def of_case(self, case_id: str) -> tuple[ProofSecret, ...]:
        """Load those of a case."""
        ...


class DraftStore(Protocol):
    """Drafts."""

    def add(self, draft: Draft) -> None:
        """Store a new draft."""
        ...

    def save(self, draft: Draft) -> None:
        """Store a changed draft; ConflictError as for cases."""
        ...

    def get(self, draft_id: str) -> Draft:
        """Load a draft; NotFoundError."""
        ...

    def of_case(self, case_id: str) -> tuple[Draft, ...]:
        """Load the drafts of a case, oldest first."""
        ...

    def listing(self, *, state: DraftState, limit: int) -> tuple[Draft, ...]:
        """Load drafts in a state, oldest first."""
        ...


class Outbox(Protocol):
    """The outbound queue."""

    def add(self, mail: Outgoing) -> None:
        """Queue a finished mail; its case's key (or its own, without case) must exist."""
        ...

    def claim(
        self,
        *,
        limit: int,
        now: datetime,
        lease_until: datetime,
        automatic_budget: int,
    ) -> tuple[Outgoing, ...]:
        """Take mails that are due, or claimed with a lease that ran out.

        At most `automatic_budget` of them automatic; each claim counts an attempt.
        """
        ...

    def renew(self, mails: Sequence[Outgoing], *, lease_until: datetime) -> None:
        """Keep hold of claimed mails for longer; those of other claims stay as is."""
        ...

    def save(self, mail: Outgoing, *, counted: bool = True) -> bool:
        """Write the state of a mail back; an empty `content` forgets the bytes.

        False, and nothing written, where the claim went to another dispatcher. That a
        mail was sent is a fact and always written, once. An attempt that is not
        `counted` is taken back. NotFoundError.
        """
        ...

    def void_draft(self, draft_id: str) -> bool:
        """Take an approved draft's mail back; False once it was claimed or sent."""
        ...

    def get(self, outgoing_id: str) -> Outgoing:
        """Load a mail; NotFoundError."""
        ...

    def by_message_id(self, message_id_hashes: Sequence[str]) -> Outgoing | None:
        """Find the mail with one of these keyed Message-ID or bounce hashes."""
        ...

    def of_case(self, case_id: str) -> tuple[Outgoing, ...]:
        """Load the mails of a case, oldest first."""
        ...

    def automatic_to(self, address: str, since: datetime) -> int:
        """Count automatic mails that count, made for an address since then."""
        ...

    def automatic_sent(self, since: datetime) -> int:
        """Count automatic mails sent since then, to anybody."""
        ...

    def newly_delayed(self, *, now: datetime, limit: int) -> tuple[Outgoing, ...]:
        """Load automatic mails that are due, unclaimed, and without a reason yet."""
        ...

    def waiting(self, *, now: datetime) -> int:
        """Count mails that are due and not sent."""
        ...

    def dead(self, *, limit: int) -> tuple[Outgoing, ...]:
        """Load mails that will not be tried again, newest first."""
        ...


class SuppressionList(Protocol):
    """The ledger of every "stop": addresses as keyed hashes only."""

    def add(self, entry: Suppression, *, at: datetime, case_id: str | None) -> None:
        """Add an entry; the same address and scope again is no error."""
        ...

    def scopes_of(self, address: str) -> tuple[Scope, ...]:
        """Tell what is stopped for an address."""
        ...


class StaffStore(Protocol):
    """Who may sign in, and their sessions (by keyed hash of the session token)."""

    def add(self, staff: Staff) -> None:
        """Add a member; RefusalError where the name is taken."""
        ...

    def by_name(self, name: str) -> Staff | None:
        """Find a member."""
        ...

    def save(self, staff: Staff) -> None:
        """Write a member back."""
        ...

    def listing(self) -> tuple[Staff, ...]:
        """Load all members, by name."""
        ...

    def open_session(self, token_hash: str, staff_id: str, until: datetime) -> None:
        """Remember a session."""
        ...

    def session(self, token_hash: str, now: datetime) -> Staff | None:
        """Give the member whose session is open, if they are not disabled."""
        ...

    def close_session(self, token_hash: str) -> None:
        """Forget a session."""
        ...


class Leases(Protocol):
    """Locks with an end, for what only one process may do."""

    def take(self, name: str, holder: str, *, now: datetime, until: datetime) -> bool:
        """Take or renew a lease; False while another holder has it."""
        ...

    def release(self, name: str, holder: str) -> None:
        """Give it back."""
        ...


class Notices(Protocol):
    """Facts about the service itself, for `doctor` and the health page: codes only."""

    def put(self, name: str, value: str, at: datetime) -> None:
        """Keep the latest value under a name (`mailbox.INBOX` = `lost`)."""
        ...

    def all(self) -> Mapping[str, tuple[str, datetime]]:
        """Give every notice with its time."""
        ...


class UnitOfWork(Protocol):
    """One transaction over all stores: leaving the block without commit rolls back.

    DatabaseError where the database is gone or stays locked.
    """

    inbound: InboundStore
    corrections: CorrectionStore
    cases: CaseStore
    proofs: ProofStore
    drafts: DraftStore
    outbox: Outbox
    suppression: SuppressionList
    staff: StaffStore
    leases: Leases
    notices: Notices

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def commit(self) -> None:
        """Make everything durable."""
        ...

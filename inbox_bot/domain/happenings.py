"""What can happen to a case: a closed union of frozen values, matched exhaustively.

Mail, people and time are the three doors; `policy.decide` is the one hall.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from inbox_bot.domain.case import HoldReason, Outcome, Thread, Timer
from inbox_bot.domain.message import Automation
from inbox_bot.domain.reading import Reading, Right
from inbox_bot.domain.verification import CodeCheck


@dataclass(frozen=True, slots=True, kw_only=True)
class ForwardedFrom:
    """Whose message a colleague passed on, as far as the text tells."""

    address: str
    date: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """The facts of an arrived message that a decision may rest on.

    `id` is our own id of the message. `answerable` is false where no automatic answer
    may go, `own` says that the mail came from one of our own addresses. `code` is
    what the author's own words say about an open challenge of the case.
    """

    id: str
    sender: str
    received_at: datetime
    reading: Reading
    thread: Thread = Thread()
    automation: Automation = Automation.NONE
    answerable: bool = True
    authenticated: bool = False
    own: bool = False
    colleague: bool = False
    forwarded: ForwardedFrom | None = None
    whole: bool = True
    same_message_id: bool = False
    possible_case: str | None = None
    code: CodeCheck = CodeCheck.NONE
    challenge_id: str | None = None
    attachments: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MailArrived:
    """A message came in, for this case or for none yet.

    `reference` is the visible number that a new case would get.
    `hold` is set where a person must see it whatever the reading says (quarantine,
    the tray's "this is a request").
    """

    mail: Mail
    reference: str
    hold: HoldReason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofGiven:
    """The link of a challenge was confirmed by POST."""

    challenge_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Identified:
    """A person said what a held mail asks for.

    `requester` and `receipt` correct whose request it is and since when.
    """

    by: str
    rights: tuple[Right, ...]
    purposes: Mapping[Right, tuple[str, ...]] = field(default_factory=dict)
    requester: str | None = None
    receipt: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PermissionAccepted:
    """A person accepted an agent's signed permission for a consumer.

    `despite_domain` is the person's word that an address in the agent's own domain may
    be written to all the same.
    """

    by: str
    consumer: str
    answers_to_agent: bool = False
    despite_domain: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftSaved:
    """A person saved a draft; `complete` when no placeholder is left.

    `request_ids` are those that it answers, none where it is no answer of substance;
    the same in the next two.
    """

    by: str
    draft_id: str
    request_ids: tuple[str, ...]
    complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftApproved:
    """A person approved a draft that is ready.

    `outcome` is what its answer makes of the requests, `challenge_id` the challenge
    whose question it asks; each None where there is none.
    """

    by: str
    draft_id: str
    request_ids: tuple[str, ...]
    outcome: Outcome | None = None
    challenge_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftRejected:
    """A person sent a draft back."""

    by: str
    draft_id: str
    request_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerSent:
    """An approved answer left the house."""

    draft_id: str
    outgoing_id: str
    request_ids: tuple[str, ...]
    outcome: Outcome | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MailUndelivered:
    """A mail of ours did not arrive: refused when sent, or bounced afterwards.

    `outcome` is what it made of its requests, None where it was no answer.
    """

    outgoing_id: str
    draft_id: str | None
    request_ids: tuple[str, ...]
    bounced: bool
    reason: str
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerFired:
    """A time came."""

    timer: Timer


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedByStaff:
    """A person ended what is open, with the outcome they name."""

    by: str
    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A person looked at what was new in the case."""

    by: str


Happening = (
    MailArrived
    | ProofGiven
    | Identified
    | PermissionAccepted
    | DraftSaved
    | DraftApproved
    | DraftRejected
    | AnswerSent
    | MailUndelivered
    | TimerFired
    | ClosedByStaff
    | Seen
)

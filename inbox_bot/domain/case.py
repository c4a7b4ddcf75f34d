"""The case and its requests: frozen values, and what can be derived from them.

How a case changes stands in `policy`; which moves are lawful in `transitions`.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from inbox_bot.domain.clocks import DueDates
from inbox_bot.domain.reading import Right
from inbox_bot.domain.verification import Challenge


class RequestState(StrEnum):
    """Where a request stands."""

    HELD = "held"
    VERIFYING = "verifying"
    AUTHORIZING = "authorizing"
    WORKING = "working"
    REVIEWING = "reviewing"
    ANSWERED = "answered"
    CLOSED = "closed"


class Outcome(StrEnum):
    """How a request ended."""

    FULFILLED = "fulfilled"
    PARTLY = "partly"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    UNVERIFIED = "unverified"
    NOT_A_REQUEST = "not_a_request"
    FORWARDED = "forwarded"
    DUPLICATE = "duplicate"


class HoldReason(StrEnum):
    """Why a person must look before the bot does anything."""

    UNCERTAIN = "uncertain"
    LATE = "late"
    OVERSIZE = "oversize"
    COLLEAGUE = "colleague"
    REPEATED = "repeated"
    POSSIBLE_LINK = "possible_link"
    SAME_MESSAGE_ID = "same_message_id"
    UNANSWERABLE = "unanswerable"
    BY_HAND = "by_hand"
    NEW_MAIL = "new_mail"
    ATTEMPTS = "attempts"
    BY_STAFF = "by_staff"


class TimerKind(StrEnum):
    """What time can bring to a case."""

    REMIND_REQUESTER = "remind_requester"
    GIVE_UP_PROOF = "give_up_proof"
    REMIND_STAFF = "remind_staff"
    ESCALATE = "escalate"
    SETTLE = "settle"


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """One thing to do at a time; `about` is the id of a request or challenge."""

    kind: TimerKind
    at: datetime
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One right that one person asks for; `right` is None until a person says it.

    `proven_address` is the address that passed the round trip: the answer may speak
    only of records that hold it. `confirmed` is the second step of a deletion.
    """

    id: str
    right: Right | None
    state: RequestState
    receipt: datetime
    dates: DueDates
    purposes: tuple[str, ...] = ()
    proven_address: str | None = None
    confirmed: bool = False
    hold_reason: HoldReason | None = None
    outcome: Outcome | None = None

    @property
    def is_open(self) -> bool:
        """Whether an answer is still owed."""
        return self.state not in {RequestState.ANSWERED, RequestState.CLOSED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """What is known of an agent's authority.

    `named` are the addresses the agent named as the consumer's; `consumer` is the one
    that a person accepted with the permission.
    """

    named: tuple[str, ...] = ()
    permission_accepted: bool = False
    consumer: str | None = None
    answers_to_agent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """What a reply needs to stand in the right place (RFC 5322, section 3.6.4).

    `author` wrote the message: only a mail to them may stand in the thread.
    """

    author: str = ""
    message_id: str | None = None
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One conversation with one requester about one data subject.

    `participants` are the addresses that may speak in it; `acknowledged` says that the
    one automatic answer of the case was used; `attention` that something new waits for
    a person; `linked` names cases that may belong together.
    """

    id: str
    reference: str
    requester: str
    participants: tuple[str, ...]
    opened_at: datetime
    receipt: datetime
    language: str
    jurisdiction: str | None = None
    requests: tuple[Request, ...] = ()
    challenges: tuple[Challenge, ...] = ()
    timers: tuple[Timer, ...] = ()
    agency: Agency | None = None
    thread: Thread = Thread()
    authenticated: bool = False
    acknowledged: bool = False
    attention: bool = False
    linked: tuple[str, ...] = ()
    version: int = 0

    @property
    def state(self) -> RequestState:
        """The state of the request that most needs a person, else the least advanced."""
        states = {request.state for request in self.requests}
        return next((state for state in _PRECEDENCE if state in states), _NOTHING)

    @property
    def due(self) -> date | None:
        """The earliest due date of an open request."""
        return min((r.dates.due for r in self.requests if r.is_open), default=None)

    @property
    def is_open(self) -> bool:
        """Whether an answer is still owed on any request."""
        return any(request.is_open for request in self.requests)

    @property
    def next_timer_at(self) -> datetime | None:
        """When time next brings something."""
        return min((timer.at for timer in self.timers), default=None)

    def request(self, request_id: str) -> Request:
        """Find a request of this case; KeyError where there is none."""
        for request in self.requests:
            if request.id == request_id:
                return request
        raise KeyError(request_id)

    def challenge(self, challenge_id: str) -> Challenge:
        """Find a challenge of this case; KeyError where there is none."""
        for challenge in self.challenges:
            if challenge.id == challenge_id:
                return challenge
        raise KeyError(challenge_id)


_NOTHING = RequestState.CLOSED
_PRECEDENCE = (
    RequestState.HELD,
    RequestState.REVIEWING,
    RequestState.WORKING,
    RequestState.AUTHORIZING,
    RequestState.VERIFYING,
    RequestState.ANSWERED,
    RequestState.CLOSED,
)

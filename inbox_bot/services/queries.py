"""What pages and commands show; reading only, nothing changes here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from inbox_bot.domain.case import Case
from inbox_bot.domain.effects import Place
from inbox_bot.domain.message import InboundMessage
from inbox_bot.domain.records import Draft, DraftState, Event, Inbound, Outgoing
from inbox_bot.domain.suppression import Scope
from inbox_bot.errors import ForgottenError, NotFoundError, StorageError
from inbox_bot.mime.parser import parse
from inbox_bot.ports import UnitOfWork
from inbox_bot.services.addresses import usable
from inbox_bot.services.house import House
from inbox_bot.services.intake import raw_of

LISTED = 500
COUNTED = 100
"""Numbers beside the menu stop here: more than that is "many"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """A stored message with its parsed form; None where the raw bytes are gone."""

    stored: Inbound
    message: InboundMessage | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFile:
    """Everything about one case."""

    case: Case
    messages: tuple[Original, ...]
    drafts: tuple[Draft, ...]
    sent: tuple[Outgoing, ...]
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How much waits for a person, each at most COUNTED."""

    cases: int
    drafts: int
    tray: int
    quarantine: int
    dead: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """The state of the service, without personal data."""

    notices: dict[str, tuple[str, datetime]]
    waiting: int
    dead: int
    quarantined: int
    ok: bool


def cases(
    house: House, *, only_open: bool = True, limit: int = LISTED
) -> tuple[Case, ...]:
    """List cases by due date."""
    with house.reading() as uow:
        return uow.cases.listing(only_open=only_open, limit=limit)


def case(house: House, reference: str) -> Case:
    """Load a case by its visible number; NotFoundError."""
    with house.reading() as uow:
        return _case(uow, reference)


def _case(uow: UnitOfWork, reference: str) -> Case:
    found = uow.cases.by_reference(reference)
    if found is None:
        raise NotFoundError(f"There is no case {reference}.")
    return found


def case_file(house: House, reference: str) -> CaseFile:
    """Load a case by its visible number, with all that belongs to it."""
    with house.reading() as uow:
        case = _case(uow, reference)
        stored = uow.inbound.of_case(case.id)
        file = CaseFile(
            case=case,
            messages=(),
            drafts=uow.drafts.of_case(case.id),
            sent=uow.outbox.of_case(case.id),
            events=uow.cases.events(case.id),
        )
    originals = tuple(original(house, message) for message in stored)
    return CaseFile(
        case=file.case,
        messages=originals,
        drafts=file.drafts,
        sent=file.sent,
        events=file.events,
    )


def cases_by_id(house: House, ids: Iterable[str | None]) -> dict[str, Case]:
    """Load the cases that something names: linked ones, or those of mails."""
    wanted = dict.fromkeys(id_ for id_ in ids if id_)
    with house.reading() as uow:
        return {case_id: uow.cases.get(case_id) for case_id in wanted}


def original(house: House, stored: Inbound) -> Original:
    """Parse a stored message again for showing."""
    try:
        raw = raw_of(house, stored)
    except (ForgottenError, StorageError):
        return Original(stored=stored, message=None)
    message = parse(raw, authserv_id=house.post.authserv_id)
    return Original(stored=stored, message=message)


def message(house: House, message_id: str) -> Original:
    """Load one message; NotFoundError."""
    with house.reading() as uow:
        stored = uow.inbound.get(message_id)
    return original(house, stored)


def in_place(house: House, place: Place, *, limit: int = LISTED) -> tuple[Inbound, ...]:
    """List the tray or the quarantine."""
    with house.reading() as uow:
        return uow.inbound.in_place(place, limit=limit)


def drafts(house: House) -> tuple[tuple[Draft, Case], ...]:
    """List open drafts with their cases, the oldest first."""
    with house.reading() as uow:
        found = uow.drafts.listing(state=DraftState.OPEN, limit=LISTED)
        return tuple((draft, uow.cases.get(draft.case_id)) for draft in found)


def draft(house: House, draft_id: str) -> tuple[Draft, Case]:
    """Load a draft with its case; NotFoundError."""
    with house.reading() as uow:
        found = uow.drafts.get(draft_id)
        return found, uow.cases.get(found.case_id)


def dead(house: House) -> tuple[Outgoing, ...]:
    """List mails that will not be tried again."""
    with house.reading() as uow:
        return uow.outbox.dead(limit=LISTED)


def suppressed(house: House, address: str) -> tuple[Scope, ...]:
    """Tell what is stopped for an address."""
    with house.reading() as uow:
        return uow.suppression.scopes_of(usable(address))


def counts(house: House) -> Counts:
    """Count what waits, for the menu."""
    with house.reading() as uow:
        return Counts(
            cases=len(uow.cases.listing(only_open=True, limit=COUNTED)),
            drafts=len(uow.drafts.listing(state=DraftState.OPEN, limit=COUNTED)),
            tray=len(uow.inbound.in_place(Place.TRAY, limit=COUNTED)),
            quarantine=len(uow.inbound.in_place(Place.QUARANTINE, limit=COUNTED)),
            dead=len(uow.outbox.dead(limit=COUNTED)),
        )


def notices(house: House) -> dict[str, str]:
    """Give the latest fact about each part of the service, as codes."""
    with house.reading() as uow:
        return {name: value for name, (value, _) in uow.notices.all().items()}


def health(house: House) -> Health:
    """Tell how the service is."""
    now = house.clock.now()
    with house.reading() as uow:
        notices = dict(uow.notices.all())
        waiting = uow.outbox.waiting(now=now)
        dead_mails = len(uow.outbox.dead(limit=LISTED))
        quarantined = len(uow.inbound.in_place(Place.QUARANTINE, limit=LISTED))
    return Health(
        notices=notices,
        waiting=waiting,
        dead=dead_mails,
        quarantined=quarantined,
        ok=all(value == "ok" for value, _ in notices.values()),
    )

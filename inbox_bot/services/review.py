"""What staff do: say what a mail is, edit and approve drafts, accept permissions.

Each function is one act of one named person in one transaction.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from inbox_bot.domain.case import Case, HoldReason, Outcome
from inbox_bot.domain.effects import Place, Record
from inbox_bot.domain.happenings import (
    ClosedByStaff,
    DraftApproved,
    DraftRejected,
    DraftSaved,
    Happening,
    Identified,
    MailArrived,
    PermissionAccepted,
    Seen,
)
from inbox_bot.domain.policy import decide
from inbox_bot.domain.reading import Right
from inbox_bot.domain.records import Draft, DraftState, Inbound, InboundState
from inbox_bot.errors import ConflictError, NotReadyError, RefusalError
from inbox_bot.mime.parser import parse
from inbox_bot.ports import UnitOfWork
from inbox_bot.services.addresses import usable
from inbox_bot.services.execute import carry_out, happen
from inbox_bot.services.facts import Arrival, facts
from inbox_bot.services.gather import circumstances
from inbox_bot.services.house import House
from inbox_bot.services.intake import raw_of
from inbox_bot.services.learning import corrections
from inbox_bot.services.processing import content_of, sight

MISSING = {
    "placeholder": "fill every [[placeholder]]",
    "match": "confirm that the answer speaks only of records that hold the address",
}
"""What keeps a draft from approval, in words."""


# --- drafts


def save_draft(
    house: House,
    draft_id: str,
    *,
    by: str,
    subject: str,
    source: str,
    match_confirmed: bool,
    version: int,
) -> Draft:
    """Save an edited draft; ConflictError when somebody else saved it meanwhile."""
    with house.unit_of_work() as uow:
        draft = _open_draft(uow, draft_id)
        if draft.version != version:
            raise ConflictError
        saved = replace(
            draft,
            subject=_one_line(subject),
            source=source,
            match_confirmed=match_confirmed,
        )
        uow.drafts.save(saved)
        happening = DraftSaved(
            by=by,
            draft_id=draft.id,
            request_ids=_answered_by(draft),
            complete=saved.complete,
        )
        happen(house, uow, uow.cases.get(draft.case_id), happening)
        uow.commit()
    return replace(saved, version=version + 1)


def approve_draft(
    house: House, draft_id: str, *, by: str, version: int | None = None
) -> None:
    """Approve a draft: its bytes are frozen and will be sent as they are.

    Raises NotReadyError with what is missing, RefusalError where it isn't open,
    ConflictError where it is no longer the version that the person saw.
    """
    with house.unit_of_work() as uow:
        draft = _open_draft(uow, draft_id)
        if version not in {None, draft.version}:
            raise ConflictError
        if draft.missing:
            todo = "; ".join(MISSING[word] for word in draft.missing)
            raise NotReadyError(f"Before approval: {todo}.")
        happening = DraftApproved(
            by=by,
            draft_id=draft.id,
            request_ids=_answered_by(draft),
            outcome=draft.outcome,
            challenge_id=draft.challenge_id,
        )
        happen(house, uow, uow.cases.get(draft.case_id), happening)
        uow.commit()


def reject_draft(house: House, draft_id: str, *, by: str) -> None:
    """Send a draft back to be written again; it stays open for editing."""
    with house.unit_of_work() as uow:
        draft = _open_draft(uow, draft_id)
        uow.drafts.save(replace(draft, match_confirmed=False))
        happening = DraftRejected(
            by=by, draft_id=draft.id, request_ids=_answered_by(draft)
        )
        happen(house, uow, uow.cases.get(draft.case_id), happening)
        uow.commit()


def _open_draft(uow: UnitOfWork, draft_id: str) -> Draft:
    draft = uow.drafts.get(draft_id)
    if draft.state is not DraftState.OPEN:
        raise RefusalError(f"This draft is {draft.state.value}, not open.")
    return draft


def _answered_by(draft: Draft) -> tuple[str, ...]:
    # A question or acknowledgement that waits for approval answers nothing.
    return draft.request_ids if draft.outcome is not None else ()


def _one_line(text: str) -> str:
    return " ".join(text.split())


# --- cases


def identify(
    house: House,
    case_id: str,
    *,
    by: str,
    rights: Sequence[Right],
    purposes: Mapping[Right, tuple[str, ...]] | None = None,
    requester: str = "",
    receipt: datetime | None = None,
) -> None:
    """Say what a held case asks for, and correct whose it is and since when.

    Raises RefusalError where nothing is held, nothing is named, or an address can't
    be written to.
    """
    address = _address(requester) if requester else None
    if receipt is not None and receipt.tzinfo is None:
        raise RefusalError("The time of receipt needs a zone.")
    happening = Identified(
        by=by,
        rights=tuple(rights),
        purposes=purposes or {},
        requester=address,
        receipt=receipt,
    )
    with house.unit_of_work() as uow:
        case = uow.cases.get(case_id)
        happen(house, uow, case, happening)
        corrections.keep(house, uow, case, by=by, rights=rights, purposes=purposes)
        uow.commit()


def accept_permission(
    house: House,
    case_id: str,
    *,
    by: str,
    consumer: str,
    answers_to_agent: bool = False,
    despite_domain: bool = False,
) -> None:
    """Accept an agent's signed permission; the consumer is then asked once."""
    happening = PermissionAccepted(
        by=by,
        consumer=_address(consumer),
        answers_to_agent=answers_to_agent,
        despite_domain=despite_domain,
    )
    _in_case(house, case_id, happening)


def close_case(house: House, case_id: str, *, by: str, outcome: Outcome) -> None:
    """End what is open in a case with an outcome."""
    with house.unit_of_work() as uow:
        case = uow.cases.get(case_id)
        happen(house, uow, case, ClosedByStaff(by=by, outcome=outcome))
        if outcome is Outcome.NOT_A_REQUEST:
            corrections.keep(house, uow, case, by=by, rights=())
        uow.commit()


def see_case(house: House, case_id: str, *, by: str) -> None:
    """Note that a person looked at what was new."""
    _in_case(house, case_id, Seen(by=by))


def _in_case(house: House, case_id: str, happening: Happening) -> None:
    with house.unit_of_work() as uow:
        happen(house, uow, uow.cases.get(case_id), happening)
        uow.commit()


def _address(text: str) -> str:
    address = usable(text.strip())
    if not address:
        raise RefusalError("This is no address that mail could be sent to.")
    return address


# --- tray and quarantine


def promote(house: House, message_id: str, *, by: str) -> Case:
    """Make a held case of a message from the tray or quarantine, since its receipt."""
    with house.unit_of_work() as uow:
        stored = _set_aside(uow, message_id)
    message = parse(raw_of(house, stored), authserv_id=house.post.authserv_id)
    (reading,) = house.classifier.read([message])
    arrival = Arrival(stored=stored, message=message, reading=reading)
    with house.unit_of_work() as uow:
        uow.inbound.save(
            replace(_set_aside(uow, message_id), content=content_of(arrival))
        )
        # A quarantined message has not been seen yet: listed anew it stays one case.
        sight(house, uow, arrival)
        mail = facts(house, uow, arrival)
        arrived = MailArrived(
            mail=mail,
            reference=house.randomness.reference(),
            hold=HoldReason.BY_STAFF,
        )
        decision = decide(None, arrived, circumstances(house, uow, None, mail.sender))
        record = Record(action="promoted", by=by, data={"message": message_id})
        effects = (*decision.effects, record)
        case = carry_out(house, uow, None, replace(decision, effects=effects))
        uow.commit()
    if case is None:
        raise RefusalError("The message could not be made a case.")
    return case


def _set_aside(uow: UnitOfWork, message_id: str) -> Inbound:
    stored = uow.inbound.get(message_id)
    if stored.place not in {Place.TRAY, Place.QUARANTINE}:
        raise RefusalError("Only a message in the tray or quarantine can be promoted.")
    return stored


def retry(house: House, message_id: str) -> None:
    """Put a quarantined message back into the queue."""
    with house.unit_of_work() as uow:
        stored = uow.inbound.get(message_id)
        if stored.state is not InboundState.QUARANTINED:
            raise RefusalError("Only a quarantined message can be tried again.")
        again = replace(stored, state=InboundState.ACCEPTED, attempts=0, place=None)
        uow.inbound.save(again)
        uow.commit()

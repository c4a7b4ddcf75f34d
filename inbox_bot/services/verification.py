"""The link's page: looking changes nothing, confirming uses the challenge up."""

from dataclasses import dataclass
from enum import StrEnum

from inbox_bot.domain.case import Case
from inbox_bot.domain.happenings import ProofGiven
from inbox_bot.domain.reading import Right
from inbox_bot.domain.verification import Challenge, Purpose
from inbox_bot.ports import UnitOfWork
from inbox_bot.services.execute import happen
from inbox_bot.services.house import House


class LinkState(StrEnum):
    """What a link is worth now."""

    OPEN = "open"
    DONE = "done"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkView:
    """What the page may show: no address, no name, nothing that is held."""

    state: LinkState
    purpose: Purpose | None = None
    rights: tuple[Right, ...] = ()
    reference: str = ""
    language: str = "en"


def look(house: House, token: str) -> LinkView:
    """Tell what a link is worth; changes nothing (RFC 9110, section 9.2.1)."""
    with house.reading() as uow:
        found = _find(house, uow, token)
    if found is None:
        return LinkView(state=LinkState.UNKNOWN)
    case, challenge = found
    return _view(case, challenge, _state(house, challenge))


def confirm(house: House, token: str) -> LinkView:
    """Use a link up; a second press says "done" and does nothing."""
    with house.unit_of_work() as uow:
        found = _find(house, uow, token)
        if found is None:
            return LinkView(state=LinkState.UNKNOWN)
        case, challenge = found
        state = _state(house, challenge)
        if state is not LinkState.OPEN:
            return _view(case, challenge, state)
        happen(house, uow, case, ProofGiven(challenge_id=challenge.id))
        uow.commit()
    return _view(case, challenge, LinkState.DONE)


def _find(house: House, uow: UnitOfWork, token: str) -> tuple[Case, Challenge] | None:
    secret = uow.proofs.by_token(house.hashing.keyed_hash("token", token))
    if secret is None:
        return None
    case = uow.cases.get(secret.case_id)
    return case, case.challenge(secret.challenge_id)


def _state(house: House, challenge: Challenge) -> LinkState:
    if challenge.is_open(house.clock.now()):
        return LinkState.OPEN
    # A link that a reminder or a code overtook has done its work as well.
    used = challenge.used_at is not None or challenge.replaced
    return LinkState.DONE if used else LinkState.EXPIRED


def _view(case: Case, challenge: Challenge, state: LinkState) -> LinkView:
    rights = dict.fromkeys(
        request.right
        for request in case.requests
        if request.id in challenge.request_ids and request.right
    )
    return LinkView(
        state=state,
        purpose=challenge.purpose,
        rights=tuple(rights),
        reference=case.reference,
        language=case.language,
    )

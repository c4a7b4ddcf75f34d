"""What staff do to a case: identify, accept a permission, close, mark as seen."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Form, Response

from inbox_bot.domain.case import Outcome
from inbox_bot.domain.reading import Right
from inbox_bot.domain.suppression import Scope
from inbox_bot.errors import RefusalError
from inbox_bot.services import queries, review
from inbox_bot.services.house import House
from inbox_bot.web.dependencies import Acting

router = APIRouter(prefix="/cases/{reference}")

NO_RIGHTS: list[Right] = []
NO_SCOPES: list[Scope] = []


@router.post("/identify")
def identify(
    screen: Acting,
    reference: str,
    *,
    rights: Annotated[list[Right], Form()] = NO_RIGHTS,
    scopes: Annotated[list[Scope], Form()] = NO_SCOPES,
    consents: Annotated[str, Form()] = "",
    requester: Annotated[str, Form()] = "",
    receipt: Annotated[str, Form()] = "",
) -> Response:
    """Take a person's word on what a held case asks for."""
    case = queries.case(screen.house, reference)
    review.identify(
        screen.house,
        case.id,
        by=screen.member.name,
        rights=rights,
        purposes=_purposes(scopes, consents),
        requester=requester,
        receipt=_receipt(screen.house, receipt),
    )
    return screen.go(f"/cases/{reference}", "identified")


def _purposes(
    scopes: Sequence[Scope], consents: str
) -> Mapping[Right, tuple[str, ...]]:
    named = tuple(word.strip().lower() for word in consents.split(",") if word.strip())
    return {
        Right.OPT_OUT: tuple(scope.value for scope in scopes),
        Right.WITHDRAW_CONSENT: named,
    }


def _receipt(house: House, text: str) -> datetime | None:
    """Read a `datetime-local` field in the controller's zone; "" keeps what is known.

    Raises RefusalError for what is no time, or lies ahead.
    """
    if not text:
        return None
    try:
        received = datetime.fromisoformat(text)
    except ValueError as error:
        raise RefusalError("The time of receipt can't be read.") from error
    if received.tzinfo is None:
        received = received.replace(tzinfo=house.company.zones.controller)
    if received > house.clock.now():
        raise RefusalError("The time of receipt lies ahead.")
    return received


@router.post("/permission")
def accept_permission(
    screen: Acting,
    reference: str,
    *,
    consumer: Annotated[str, Form()],
    answers_to_agent: Annotated[bool, Form()] = False,
    despite_domain: Annotated[bool, Form()] = False,
) -> Response:
    """Take a person's word that an agent's permission is good."""
    case = queries.case(screen.house, reference)
    review.accept_permission(
        screen.house,
        case.id,
        by=screen.member.name,
        consumer=consumer,
        answers_to_agent=answers_to_agent,
        despite_domain=despite_domain,
    )
    return screen.go(f"/cases/{reference}", "permission")


@router.post("/close")
def close(
    screen: Acting, reference: str, outcome: Annotated[Outcome, Form()]
) -> Response:
    """End what is open in a case."""
    case = queries.case(screen.house, reference)
    review.close_case(screen.house, case.id, by=screen.member.name, outcome=outcome)
    return screen.go(f"/cases/{reference}", "closed")


@router.post("/seen")
def see(screen: Acting, reference: str) -> Response:
    """Note that a person looked at what was new."""
    case = queries.case(screen.house, reference)
    review.see_case(screen.house, case.id, by=screen.member.name)
    return screen.go(f"/cases/{reference}", "seen")

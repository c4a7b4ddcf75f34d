"""Asks the suppression list about an address; the address never stands in a URL."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Response

from inbox_bot.services import queries
from inbox_bot.services.addresses import usable
from inbox_bot.web.dependencies import Acting, Reading

router = APIRouter(prefix="/suppression")


@router.get("")
def form(screen: Reading) -> Response:
    """Show the question."""
    return screen.show("console/suppression.html", address="", asked=False)


@router.post("")
def check(screen: Acting, address: Annotated[str, Form()] = "") -> Response:
    """Answer it."""
    known = usable(address.strip())
    values: dict[str, Any] = {
        "address": known or address.strip(),
        "asked": True,
        "usable": bool(known),
        "scopes": queries.suppressed(screen.house, known) if known else (),
    }
    if screen.is_partial:
        return screen.fragment("console/_suppression.html", **values)
    return screen.show("console/suppression.html", **values)

"""Messages outside of cases: the tray, the quarantine, and the page of one."""

import re
from typing import Final

from fastapi import APIRouter, Response

from inbox_bot.domain.effects import Place
from inbox_bot.domain.records import Inbound
from inbox_bot.errors import ForgottenError, StorageError
from inbox_bot.services import queries, review
from inbox_bot.services.house import House
from inbox_bot.services.intake import raw_of
from inbox_bot.web import views
from inbox_bot.web.dependencies import Acting, Reading

router = APIRouter()

HEAD_SHOWN: Final = 20_000
"""Characters of header fields; what is longer hides rather than shows."""

_HEAD_END: Final = re.compile(rb"\r?\n\r?\n")


@router.get("/tray")
def tray(screen: Reading) -> Response:
    """List mail that is no request."""
    found = queries.in_place(screen.house, Place.TRAY)
    return screen.show("console/messages.html", messages=found, place="tray")


@router.get("/quarantine")
def quarantine(screen: Reading) -> Response:
    """List mail that could not be processed."""
    found = queries.in_place(screen.house, Place.QUARANTINE)
    return screen.show("console/messages.html", messages=found, place="quarantine")


@router.get("/messages/{message_id}")
def one(screen: Reading, message_id: str) -> Response:
    """Show one message, with its header fields as they came."""
    original = queries.message(screen.house, message_id)
    root = screen.request.scope.get("root_path", "")
    return screen.show(
        "console/message.html",
        item=views.shown(original, root),
        likeliest=views.likeliest,
        stored=original.stored,
        head=_head(screen.house, original.stored),
        movable=original.stored.place in {Place.TRAY, Place.QUARANTINE},
    )


def _head(house: House, stored: Inbound) -> str:
    try:
        raw = raw_of(house, stored)
    except (ForgottenError, StorageError):
        return ""
    head = _HEAD_END.split(raw, maxsplit=1)[0]
    # RFC 5322 knows ASCII alone; whatever else is there is shown as what it is.
    text = head[:HEAD_SHOWN].decode("ascii", "backslashreplace").replace("\r\n", "\n")
    return "".join(
        char if char.isprintable() or char in "\n\t" else "�" for char in text
    )


@router.post("/messages/{message_id}/promote")
def promote(screen: Acting, message_id: str) -> Response:
    """Make a case of a message: "this is a request"."""
    case = review.promote(screen.house, message_id, by=screen.member.name)
    return screen.go(f"/cases/{case.reference}", "promoted")


@router.post("/messages/{message_id}/retry")
def retry(screen: Acting, message_id: str) -> Response:
    """Process a quarantined message again."""
    review.retry(screen.house, message_id)
    return screen.go("/quarantine", "retried")

"""The page behind the link in a mail: looking changes nothing, the button confirms.

The token is the only authority: no cookie, no sign-in, no form token, and never a way
on to another site. Source: rules.md section 5, link scanners; RFC 9110 section 9.2.1.
"""

from dataclasses import dataclass
from typing import Any

from babel.core import negotiate_locale
from babel.lists import format_list
from fastapi import APIRouter, Request, Response

from inbox_bot.domain.reading import Right
from inbox_bot.domain.verification import Purpose
from inbox_bot.errors import ConflictError, RefusalError
from inbox_bot.services import verification
from inbox_bot.services.verification import LinkState, LinkView
from inbox_bot.web.dependencies import TheHouse, ThePages
from inbox_bot.web.pages import Pages

router = APIRouter(prefix="/verify/{token}")

STATUS = {LinkState.UNKNOWN: 404, LinkState.EXPIRED: 410}
FALLBACK = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What the page says; `button` is "" where there is nothing left to press."""

    title: str
    text: tuple[str, ...]
    happens: tuple[str, ...] = ()
    button: str = ""


@router.api_route("", methods=["GET", "HEAD"])
def look(request: Request, house: TheHouse, pages: ThePages, token: str) -> Response:
    """Show what the link would do."""
    view = verification.look(house, token)
    return _page(request, pages, view, kind=view.state.value)


@router.post("")
def confirm(request: Request, house: TheHouse, pages: ThePages, token: str) -> Response:
    """Use the link up and say so."""
    before = verification.look(house, token)
    try:
        view = verification.confirm(house, token)
    except (ConflictError, RefusalError):
        # Pressed twice at once, or a code came in meanwhile: the other one counts.
        view = verification.look(house, token)
    pressed = before.state is LinkState.OPEN and view.state is LinkState.DONE
    return _page(request, pages, view, kind="confirmed" if pressed else view.state)


def _page(request: Request, pages: Pages, view: LinkView, *, kind: str) -> Response:
    words = request.app.state.words
    language = _language(request, view, tuple(words))
    said = words[language]
    return pages.show(
        request,
        "public/verify.html",
        status=STATUS.get(view.state, 200),
        language=language,
        said=said,
        reference=view.reference,
        notice=_notice(said, view, kind, pages.company),
    )


def _language(request: Request, view: LinkView, known: tuple[str, ...]) -> str:
    """Take the case's language; for a link that has none, what the browser wishes."""
    wished = [view.language]
    if view.state is LinkState.UNKNOWN:
        header = request.headers.get("accept-language", "")
        wished = [choice.partition(";")[0].strip() for choice in header.split(",")]
    aliases = {"no": "nb", "nn": "nb"}
    wished = [aliases.get(each[:2].lower(), each) for each in wished]
    return negotiate_locale(wished, known, sep="-") or FALLBACK


def _notice(said: dict[str, Any], view: LinkView, kind: str, company: str) -> Notice:
    if kind != LinkState.OPEN or view.purpose is None:
        return Notice(title=said[kind]["title"], text=tuple(said[kind]["text"]))
    part = said["open"][view.purpose.value]
    names = [said["rights"][right.value] for right in view.rights]
    values = {
        "company": company,
        "rights": format_list(names, locale=said["locale"]),
    }
    happens = [line.format(**values) for line in part["happens"]]
    if Right.DELETION in view.rights and view.purpose is not Purpose.DELETION:
        happens.append(said["second_step"])
    return Notice(
        title=part["title"],
        text=(part["text"].format(**values),),
        happens=tuple(happens),
        button=part["button"],
    )

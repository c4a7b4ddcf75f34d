"""What goes wrong, as a plain page: what it means and what to do next.

Texts of our own errors hold no personal data; of any other error nothing is shown.
"""

from dataclasses import dataclass
from typing import Final, cast

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException
from starlette.types import Scope

from inbox_bot.errors import (
    ConflictError,
    ForgottenError,
    InboxBotError,
    NotFoundError,
    NotReadyError,
    OutsideError,
    RefusalError,
)
from inbox_bot.web.pages import Pages

log = structlog.get_logger()

FIRST_ERROR: Final = 400
SERVER_ERROR: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A failure as the page tells it."""

    status: int
    title: str
    text: str


UNEXPECTED: Final = Failure(
    status=500,
    title="Something went wrong here",
    text="It was noted in the log. Try again; if it stays so, tell whoever runs"
    " inbox-bot.",
)
_INVALID: Final = Failure(
    status=422,
    title="That form can't be read",
    text="A field is missing or holds something it can't. Go back and check it.",
)
_BY_STATUS: Final = {
    403: ("Not allowed", "You may not do this, or the page was open for too long."),
    404: ("There is no such page", "It may have moved, or the address is mistyped."),
    405: ("That is not possible here", "This address can't be used in that way."),
    429: ("Too many attempts", "Wait a quarter of an hour, then try again."),
}
_BY_ERROR: Final[tuple[tuple[type[InboxBotError], int, str], ...]] = (
    (NotFoundError, 404, "Not found"),
    (NotReadyError, 422, "Not ready yet"),
    (RefusalError, 422, "That can't be done"),
    (ConflictError, 409, "Somebody else changed it meanwhile"),
    (ForgottenError, 410, "The content is gone"),
    (OutsideError, 503, "Something that inbox-bot needs is not there"),
)


def add_error_pages(app: FastAPI) -> None:
    """Give an application its error pages."""
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(InboxBotError, _ours)


def page(pages: Pages, request: Request, failure: Failure) -> HTMLResponse:
    """Show a failure."""
    return pages.show(request, "error.html", status=failure.status, failure=failure)


def note(scope: Scope, error: BaseException) -> None:
    """Log an unexpected error; the address of the page stays out, it may be secret."""
    log.error("page_failed", page=_name(scope), exc_info=error)


def _name(scope: Scope) -> str:
    return getattr(scope.get("endpoint"), "__name__", "")


def _http(request: Request, raised: Exception) -> Response:
    error = cast("HTTPException", raised)
    if error.status_code < FIRST_ERROR:
        return Response(status_code=error.status_code, headers=error.headers)
    title, text = _BY_STATUS.get(error.status_code, ("That did not work", ""))
    if error.status_code == 403:  # noqa: PLR2004 - the one refusal with words of ours
        text = error.detail
    failure = Failure(status=error.status_code, title=title, text=text)
    return page(request.app.state.pages, request, failure)


def _invalid(request: Request, _error: Exception) -> Response:
    return page(request.app.state.pages, request, _INVALID)


def _ours(request: Request, error: Exception) -> Response:
    for kind, status, title in _BY_ERROR:
        if isinstance(error, kind):
            failure = Failure(status=status, title=title, text=str(error))
            break
    else:
        failure = UNEXPECTED
    if failure.status >= SERVER_ERROR:
        note(request.scope, error)
    return page(request.app.state.pages, request, failure)

"""What the console's routes are handed: the house, who is signed in, a way to answer.

A route takes `Reading` or `Acting`, nothing else gives it a member of staff; acting
needs the form's token.
"""

from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import Depends, Form, Header, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from inbox_bot.services import queries
from inbox_bot.services.house import House
from inbox_bot.web.auth import Member, is_ours, member_of
from inbox_bot.web.options import WebOptions
from inbox_bot.web.pages import Pages
from inbox_bot.web.words import DONE

SEE_OTHER = 303
NO_CONTENT = 204


def the_house(request: Request) -> House:
    """Give the house that this application was made for."""
    house: House = request.app.state.house
    return house


def the_pages(request: Request) -> Pages:
    """Give the templates."""
    pages: Pages = request.app.state.pages
    return pages


def the_options(request: Request) -> WebOptions:
    """Give what the settings say of the pages."""
    options: WebOptions = request.app.state.options
    return options


TheHouse = Annotated[House, Depends(the_house)]
ThePages = Annotated[Pages, Depends(the_pages)]
TheOptions = Annotated[WebOptions, Depends(the_options)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """One member's request to the console."""

    request: Request
    house: House
    pages: Pages
    options: WebOptions
    member: Member

    def show(self, name: str, *, status: int = 200, **values: Any) -> HTMLResponse:
        """Answer with a page of the console."""
        done = self.request.query_params.get("done", "")
        return self.pages.show(
            self.request,
            name,
            status=status,
            member=self.member,
            demo=self.options.demo,
            counts=queries.counts(self.house),
            done=DONE.get(done, ""),
            **values,
        )

    def fragment(self, name: str, **values: Any) -> HTMLResponse:
        """Answer with a part of a page."""
        return self.pages.show(self.request, name, member=self.member, **values)

    @property
    def is_partial(self) -> bool:
        """Whether htmx asks, who wants a part of the page only."""
        return self.request.headers.get("hx-request") == "true"

    def go(self, path: str, done: str) -> RedirectResponse:
        """Lead on to a page that says what was done."""
        root = self.request.scope.get("root_path", "")
        return RedirectResponse(f"{root}{path}?done={done}", SEE_OTHER)


def signed_in(
    request: Request, house: TheHouse, pages: ThePages, options: TheOptions
) -> Screen:
    """Let members of staff in; others are led to the sign-in page."""
    member = member_of(house, options, request)
    if member is None:
        raise _led_to_sign_in(request)
    return Screen(
        request=request, house=house, pages=pages, options=options, member=member
    )


def _led_to_sign_in(request: Request) -> HTTPException:
    if request.headers.get("hx-request") == "true":
        # htmx would put the page it is led to into the middle of this one.
        return HTTPException(NO_CONTENT, headers={"HX-Redirect": _sign_in(request)})
    return HTTPException(SEE_OTHER, headers={"Location": _sign_in(request)})


def _sign_in(request: Request) -> str:
    root = request.scope.get("root_path", "")
    if request.method != "GET":
        return f"{root}/sign-in"
    return f"{root}/sign-in?{urlencode({'next': request.url.path}, quote_via=quote, safe='/')}"


def acting(
    screen: Annotated[Screen, Depends(signed_in)],
    csrf: Annotated[str, Form()] = "",
    x_csrf_token: Annotated[str, Header()] = "",
) -> Screen:
    """Let a member act whose form carries the session's token."""
    if not is_ours(screen.member, x_csrf_token or csrf):
        raise HTTPException(403, "This form is from another session. Load it again.")
    return screen


Reading = Annotated[Screen, Depends(signed_in)]
Acting = Annotated[Screen, Depends(acting)]

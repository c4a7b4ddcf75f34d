"""Signing in and out."""

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from inbox_bot.services import staff
from inbox_bot.web import auth
from inbox_bot.web.dependencies import (
    SEE_OTHER,
    Acting,
    TheHouse,
    TheOptions,
    ThePages,
)
from inbox_bot.web.pages import Pages
from inbox_bot.web.words import DONE

router = APIRouter()

WRONG = "Name or password is wrong."
SLOW_DOWN = "Too many attempts. Wait a quarter of an hour, then try again."


@router.get("/")
def start(request: Request) -> Response:
    """Lead to the cases."""
    root = request.scope.get("root_path", "")
    return RedirectResponse(f"{root}/cases", SEE_OTHER)


@router.get("/sign-in")
def form(
    request: Request,
    pages: ThePages,
    options: TheOptions,
    next: str = "",  # noqa: A002 - the customary name
    done: str = "",
) -> Response:
    """Show the form."""
    return _form(
        request, pages, wanted=next, done=DONE.get(done, ""), demo=options.demo
    )


@router.post("/sign-in")
def sign_in(  # noqa: PLR0917 - fields of a form
    request: Request,
    house: TheHouse,
    pages: ThePages,
    options: TheOptions,
    name: Annotated[str, Form()],
    password: Annotated[str, Form()],
    next: Annotated[str, Form()] = "",  # noqa: A002 - the customary name
) -> Response:
    """Open a session, under a token that nobody knew before."""
    if not auth.comes_from_here(request):
        raise HTTPException(403, "Sign in from the console's own page.")
    brake: auth.Brake = request.app.state.brake
    client = request.client.host if request.client else ""
    demo = options.demo
    if not brake.allows(name, client):
        answer = _form(
            request, pages, wanted=next, error=SLOW_DOWN, status=429, demo=demo
        )
        answer.headers["Retry-After"] = str(auth.WINDOW_MINUTES * 60)
        return answer
    token = staff.sign_in(house, name, password)
    if token is None:
        return _form(request, pages, wanted=next, error=WRONG, status=401, demo=demo)
    brake.release(name)
    root = request.scope.get("root_path", "")
    onward = RedirectResponse(auth.safe_path(next, root), SEE_OTHER)
    auth.remember(onward, options, token)
    return onward


def _form(
    request: Request,
    pages: Pages,
    *,
    wanted: str,
    demo: bool,
    done: str = "",
    error: str = "",
    status: int = 200,
) -> Response:
    return pages.show(
        request,
        "console/sign_in.html",
        status=status,
        wanted=wanted,
        done=done,
        error=error,
        demo=demo,
    )


@router.post("/sign-out")
def sign_out(screen: Acting) -> Response:
    """End the session."""
    staff.sign_out(screen.house, screen.member.token)
    onward = screen.go("/sign-in", "signed_out")
    auth.forget(onward, screen.options)
    return onward

"""Puts the web applications together: public pages, console, or both on one.

Holds the last resort for errors; routes stand in `public` and `console`.
"""

from typing import Any

from fastapi import FastAPI, Request
from fastapi.staticfiles import StaticFiles
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from typing_extensions import override

from inbox_bot.services.house import House
from inbox_bot.web import console, failures, public
from inbox_bot.web.auth import Brake
from inbox_bot.web.headers import SecurityHeaders
from inbox_bot.web.options import WebOptions
from inbox_bot.web.pages import Pages, public_words, templates_root

__all__ = ["WebOptions", "make_app", "make_console", "make_public"]


def make_console(house: House, options: WebOptions) -> FastAPI:
    """Make the console with the metrics, for a listener of its own."""
    app = _console(house, options)
    app.include_router(console.metrics)
    return app


def make_public(house: House, options: WebOptions) -> FastAPI:
    """Make the pages that need no sign-in."""
    app = _application(house, options)
    app.state.words = public_words()
    for router in public.routers:
        app.include_router(router)
    return app


def make_app(house: House, options: WebOptions) -> FastAPI:
    """Make both for one listener: public pages at /, the console under /console."""
    app = make_public(house, options)
    app.include_router(console.metrics)
    app.mount("/console", _console(house, options))
    return app


def _console(house: House, options: WebOptions) -> FastAPI:
    app = _application(house, options, home="/cases")
    app.state.brake = Brake()
    for router in console.routers:
        app.include_router(router)
    return app


def _application(house: House, options: WebOptions, *, home: str = "") -> FastAPI:
    app = FastAPI(title="inbox-bot", openapi_url=None, docs_url=None, redoc_url=None)
    app.state.house = house
    app.state.options = options
    app.state.pages = Pages(house, home=home)
    failures.add_error_pages(app)
    app.mount("/static", _Static(directory=templates_root() / "static"))
    app.add_middleware(_LastResort, pages=app.state.pages)
    app.add_middleware(SecurityHeaders)
    return app


class _Static(StaticFiles):
    """Our own files: a browser may keep them, and asks whether they are still good."""

    @override
    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "no-cache"
        return response


class _LastResort:
    """Answers whatever escaped with a plain page, and notes it."""

    def __init__(self, app: ASGIApp, pages: Pages) -> None:
        self._app = app
        self._pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as error:  # the web's error page: style.md, rule 17
            failures.note(scope, error)
            if scope["type"] != "http" or begun:
                raise
            page = failures.page(self._pages, Request(scope), failures.UNEXPECTED)
            await page(scope, receive, send)

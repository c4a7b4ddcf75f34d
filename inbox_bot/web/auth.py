"""Who is signed in: the session cookie, the form token, the brake on guessing.

Passwords and sessions themselves are `services.staff`'s matter. Sources: RFC 6265bis
(cookie prefixes); OWASP on cross-site request forgery.
"""

import hmac
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from fastapi import Request, Response
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from inbox_bot.services import staff
from inbox_bot.services.house import House
from inbox_bot.web.options import WebOptions

WINDOW_MINUTES: Final = 15
PER_NAME: Final = RateLimitItemPerMinute(10, WINDOW_MINUTES, "name")
"""A person who forgot a password tries a handful; ten leave guessing hopeless."""

PER_CLIENT: Final = RateLimitItemPerMinute(30, WINDOW_MINUTES, "client")
"""An office behind one address signs in together in the morning."""

_PATH: Final = re.compile(r"/(?!/)[A-Za-z0-9._~/?=&-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """The member of staff behind a request; `csrf` proves that a form is ours."""

    name: str
    token: str
    csrf: str


def cookie_name(options: WebOptions) -> str:
    """Name the session cookie; the prefix ties it to this host and to https."""
    return "__Host-session" if options.secure_cookies else "inbox-bot-session"


def member_of(house: House, options: WebOptions, request: Request) -> Member | None:
    """Tell who is signed in, if anybody is."""
    token = request.cookies.get(cookie_name(options), "")
    found = staff.who(house, token) if token else None
    if found is None:
        return None
    # Derived, so that nothing needs to be kept and it ends with the session.
    csrf = house.hashing.keyed_hash("csrf", token)
    return Member(name=found.name, token=token, csrf=csrf)


def is_ours(member: Member, sent: str) -> bool:
    """Tell whether a form's token belongs to the session."""
    return hmac.compare_digest(member.csrf.encode(), sent.encode())


def remember(response: Response, options: WebOptions, token: str) -> None:
    """Put a fresh session into the answer's cookie."""
    response.set_cookie(
        cookie_name(options),
        token,
        max_age=int(staff.SESSION.total_seconds()),
        path="/",
        secure=options.secure_cookies,
        httponly=True,
        samesite="lax",
    )


def forget(response: Response, options: WebOptions) -> None:
    """Take the cookie back."""
    response.delete_cookie(
        cookie_name(options),
        path="/",
        secure=options.secure_cookies,
        httponly=True,
        samesite="lax",
    )


def comes_from_here(request: Request) -> bool:
    """Tell whether a form was sent from a page of this host.

    For the sign-in form, which has no session to bind a token to: another site could
    sign staff in under its own name. Our `no-referrer` makes the Origin of a form
    "null", so the fetch metadata decides, and Origin only where there is none.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("origin", "null")
    return origin == "null" or urlsplit(origin).netloc == request.url.netloc


def safe_path(wanted: str, root: str) -> str:
    """Give a path of the console to go on to; its start where `wanted` leads away."""
    if _PATH.fullmatch(wanted) and wanted.startswith(f"{root}/"):
        return wanted
    return f"{root}/cases"


class Brake:
    """Counts attempts to sign in, by name and by client, in this process."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def allows(self, name: str, client: str) -> bool:
        """Count an attempt; False where there were too many."""
        by_client = self._limiter.hit(PER_CLIENT, client)
        by_name = self._limiter.hit(PER_NAME, _folded(name))
        return by_client and by_name

    def release(self, name: str) -> None:
        """Forget the attempts of somebody who has signed in."""
        self._limiter.clear(PER_NAME, _folded(name))


def _folded(name: str) -> str:
    return name.strip().casefold()[:200]

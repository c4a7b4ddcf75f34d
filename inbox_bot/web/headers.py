"""The headers of every answer: nothing foreign loads, nothing is kept or passed on.

Sources: W3C Content Security Policy 3; rules.md section 5, link scanners.
"""

import base64
import hashlib
import re
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from inbox_bot.mime.markdown import to_html

_POLICY: Final = (
    "default-src 'none'; style-src 'self'{styles}; script-src 'self';"
    " img-src 'self' data:; connect-src 'self'; form-action 'self';"
    " frame-ancestors 'none'; base-uri 'none'"
)
CONTENT_POLICY: Final = _POLICY.format(styles="")
_STYLE: Final = re.compile(r'style="([^"]*)"')

_ALWAYS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_UNLESS_SET: Final = {
    "Content-Security-Policy": CONTENT_POLICY,
    "Cache-Control": "no-store",
}


def preview_policy() -> str:
    """Give the policy of a page that shows a mail as its receiver will see it.

    A mail carries its few styles in attributes; exactly these are allowed, by hash, and
    no others. A frame without address inherits the policy of the page around it.
    """
    mail = to_html(
        "[alone](https://example.org)\n\nwith [others](https://example.org)",
        language="en",
        title="",
    )
    hashes = sorted({_source_of(style) for style in _STYLE.findall(mail)})
    return _POLICY.format(styles=" 'unsafe-hashes' " + " ".join(hashes))


def _source_of(style: str) -> str:
    digest = hashlib.sha256(style.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


class SecurityHeaders:
    """Puts the headers on every answer, error pages included."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and watch for the beginning of its answer."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(_ALWAYS)
                for name, value in _UNLESS_SET.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, with_headers)

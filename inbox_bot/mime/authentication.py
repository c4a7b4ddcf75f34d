"""What our own border server found out about the sender (RFC 8601).

Only fields that the sender can't have written count. No signature is verified here.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

from authres import AuthenticationResultsHeader, AuthResError

from inbox_bot.domain.message import Address, Authentication
from inbox_bot.mime.addresses import addr_spec
from inbox_bot.mime.structure import Fields

# A border server writes a few lines; longer fields are not worth a parser's time.
MAX_RESULTS: Final = 4_096

_METHODS: Final = ("spf", "dkim", "dmarc")
# A hop inside the house: local delivery, loopback or a private address.
_INSIDE: Final = re.compile(
    r"\bwith\s+U?LMTP|\[(?:IPv6:)?"
    r"(?:127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|::1\]|f[cd])",
    re.IGNORECASE,
)
_ORIGIN: Final = re.compile(r"\s*from\s", re.IGNORECASE)


def authentication(
    fields: Fields, sender: Address | None, authserv_id: str
) -> Authentication:
    """Return the results of our own server, or untrusted ones without any result.

    A field counts when its authserv-id is the configured one and it stands above the
    first Received that tells of a foreign host: what is below, the sender may have
    written. The topmost field wins for each method. A DMARC result counts only for
    the very domain of From.
    """
    results: dict[str, str] = {}
    trusted = False
    for value in _above_border(fields) if authserv_id else ():
        header = _parsed(value)
        if header is None or str(header.authserv_id).lower() != authserv_id.lower():
            continue
        trusted = True
        for method, result in _verdicts(header, sender):
            results.setdefault(method, result)
    return Authentication(
        spf=results.get("spf"),
        dkim=results.get("dkim"),
        dmarc=results.get("dmarc"),
        trusted=trusted,
    )


def _above_border(fields: Fields) -> Iterator[str]:
    for name, value in fields:
        if name == "authentication-results" and len(value) <= MAX_RESULTS:
            yield value
        # Each hop above was ours, so this field is genuine and may tell whose it is.
        if name == "received" and _ORIGIN.match(value) and not _INSIDE.search(value):
            return


def _parsed(value: str) -> Any:
    try:
        return AuthenticationResultsHeader.parse(f"Authentication-Results: {value}")
    except (AuthResError, ValueError):
        return None


def _verdicts(header: Any, sender: Address | None) -> Iterator[tuple[str, str]]:
    for result in header.results:
        method = str(getattr(result, "method", "")).lower()
        word = str(result.result).lower()
        about_sender = method != "dmarc" or _is_about(result, sender)
        if method in _METHODS and word.isalpha() and about_sender:
            yield method, word


def _is_about(result: Any, sender: Address | None) -> bool:
    named = [
        str(known.value)
        for known in result.properties
        if (known.type, known.name) == ("header", "from")
    ]
    specs = {addr_spec(f"x@{name.rpartition('@')[2]}") for name in named}
    return sender is not None and specs <= {f"x@{sender.domain}"}

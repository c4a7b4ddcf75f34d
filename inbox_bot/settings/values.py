"""What single settings may hold, and how they say so; nothing is read from disk."""

import ipaddress
import re
import string
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, SecretStr

KEY_DIGITS = 64
MARK = "{token}"

_ADDRESS = re.compile(r"[^@\s<>,;:\"\x00-\x1f\x7f]+@[^@\s<>,;:\"\x00-\x1f\x7f]+")


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("must be a time zone such as Europe/Oslo") from error
    return name


def _address(value: str) -> str:
    if _ADDRESS.fullmatch(value) is None:
        raise ValueError("must be a bare address such as privacy@example.com")
    return value


def _bounce_address(value: str) -> str:
    bare = value.replace(MARK, "", 1)
    if value and (set("{}") & set(bare) or _ADDRESS.fullmatch(bare) is None):
        raise ValueError(
            "must be empty or an address such as bounces+{token}@example.com"
        )
    return value


def _line(value: str) -> str:
    if not value.isprintable():
        raise ValueError("must be one line without control characters")
    return value


def _folder(name: str) -> str:
    if not name.strip() or not name.isprintable():
        raise ValueError("must be the name of a folder such as INBOX")
    return name


def _proxy(value: str) -> str:
    try:
        ipaddress.ip_network(value)
    except ValueError as error:
        raise ValueError("must be an IP address or network") from error
    return value


def web_host(url: str) -> tuple[str, str]:
    """Give scheme and host of a web address; ValueError where it is none."""
    wrong = ValueError("must be an address such as https://privacy.example.com")
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise wrong from error
    fits = parts.scheme in {"http", "https"} and url.isprintable() and " " not in url
    if not fits or not parts.hostname or parts.username is not None:
        raise wrong
    return parts.scheme, parts.hostname


def hexadecimal(value: SecretStr) -> SecretStr:
    """Take a master key; ValueError where it is none."""
    text = value.get_secret_value().strip()
    if len(text) != KEY_DIGITS or not set(text) <= set(string.hexdigits):
        raise ValueError("must be 64 hexadecimal digits, as `inbox-bot init` makes")
    return SecretStr(text)


Zone = Annotated[str, AfterValidator(_zone)]
Address = Annotated[str, AfterValidator(_address)]
BounceAddress = Annotated[str, AfterValidator(_bounce_address)]
Line = Annotated[str, AfterValidator(_line)]
Folder = Annotated[str, AfterValidator(_folder)]
Proxy = Annotated[str, AfterValidator(_proxy)]
Key = Annotated[SecretStr, AfterValidator(hexadecimal)]

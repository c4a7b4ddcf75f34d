"""Field values to what they mean: encoded words, parameters, ids, dates (RFC 2047, 2231).

Addresses have a grammar and a module of their own.
"""

import binascii
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import islice
from typing import Final
from urllib.parse import unquote_to_bytes

from inbox_bot.mime.characters import clean_line, decode

# A subject that is longer says nothing a person could read in a list.
MAX_SUBJECT: Final = 1_000
# Names of parts, as file systems bound them.
MAX_NAME: Final = 255
# A thread of years; the first and the nearest ids are what matching needs.
MAX_REFERENCES: Final = 100
# RFC 5322 bounds a line at 998; ids beyond it are garbage.
MAX_MESSAGE_ID: Final = 998
# No honest field has more; each costs a search.
MAX_PARAMETERS: Final = 50

_ENCODED_WORD: Final = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?\s]*)\?=")
_BETWEEN_WORDS: Final = re.compile(r"(\?=)[ \t]+(?==\?)")
_PARAMETER: Final = re.compile(
    r';\s*(?P<name>[^\s=;"*]{1,80})(?:\*(?P<number>\d{1,3}))?(?P<encoded>\*)?'
    r'\s*=\s*(?P<value>"(?:[^"\\]|\\.)*"|[^;]*)'
)
_TYPE: Final = re.compile(r"[\w!#$&^.+-]{1,80}/[\w!#$&^.+-]{1,80}", re.ASCII)
_MESSAGE_ID: Final = re.compile(r"<([^<>]+)>")
_PATH: Final = re.compile(r"[\\/]")
_COMMENT: Final = re.compile(r"\([^()]*\)")
# Dates before mail or beyond what arithmetic with zones can bear.
_YEARS: Final = range(1970, 9000)


def decode_words(value: str) -> str:
    """Decode the encoded words of a field (RFC 2047) into one clean line."""
    joined = _BETWEEN_WORDS.sub(r"\1", value)
    out: list[str] = []
    pending: list[tuple[str, bytes]] = []
    last = 0
    for match in _ENCODED_WORD.finditer(joined):
        if match.start() > last:
            out += [_drain(pending), joined[last : match.start()]]
        charset = match[1].partition("*")[0].lower()
        # A character may be cut in two by the words' borders: bytes first.
        if pending and pending[-1][0] != charset:
            out.append(_drain(pending))
        pending.append((charset, _word_bytes(match[2], match[3])))
        last = match.end()
    out += [_drain(pending), joined[last:]]
    return clean_line("".join(out))


def media_type(value: str, default: str) -> tuple[str, Mapping[str, str]]:
    """Return type/subtype in lower case and the parameters (RFC 2045, section 5)."""
    if not value:
        return default, {}
    head, _, _ = value.partition(";")
    kind = _COMMENT.sub("", head).strip().lower()
    # A type that can't be read is text (RFC 2045, section 5.2).
    return (kind if _TYPE.fullmatch(kind) else "text/plain"), parameters(value)


def disposition(value: str, of_type: Mapping[str, str]) -> tuple[str, str]:
    """Return "attachment", "inline" or "" and the clean name of the part (RFC 2183)."""
    word = value.partition(";")[0].strip().lower()
    name = parameters(value).get("filename") or of_type.get("name", "")
    # An unknown disposition counts as attachment (RFC 2183, section 2.8).
    placed = word if word in {"", "inline"} else "attachment"
    return placed, file_name(name)


def file_name(name: str) -> str:
    """Return a name that is safe to show: no path, no control or bidi characters."""
    last = _PATH.split(decode_words(name))[-1].strip(" .")
    return clean_line(last)[-MAX_NAME:]


def parameters(value: str) -> Mapping[str, str]:
    """Return the parameters of a field, with RFC 2231 continuations put together."""
    plain: dict[str, str] = {}
    sections: dict[str, dict[int, tuple[str, bool]]] = {}
    for match in islice(_PARAMETER.finditer(value), MAX_PARAMETERS):
        name, number, encoded, value_text = match.groups()
        text = _unquoted(value_text.strip())
        if number is None and encoded is None:
            plain.setdefault(name.lower(), text)
        else:
            pieces = sections.setdefault(name.lower(), {})
            pieces.setdefault(int(number or 0), (text, encoded is not None))
    for name, pieces in sections.items():
        plain[name] = _put_together(pieces)
    return plain


def subject(value: str) -> tuple[str, bool]:
    """Return the decoded subject and whether it had to be cut."""
    text = decode_words(value)
    return text[:MAX_SUBJECT], len(text) > MAX_SUBJECT


def message_ids(value: str) -> tuple[str, ...]:
    """Return the Message-IDs in a field, without angle brackets (RFC 5322, 3.6.4)."""
    found = [clean_line(text).replace(" ", "") for text in _MESSAGE_ID.findall(value)]
    if not found and "@" in value and len(value.split()) == 1:
        found = [clean_line(value).strip("<>")]
    ids = tuple(dict.fromkeys(i for i in found if 0 < len(i) <= MAX_MESSAGE_ID))
    if len(ids) > MAX_REFERENCES:
        return (ids[0], *ids[1 - MAX_REFERENCES :])
    return ids


def date(value: str) -> datetime | None:
    """Return the moment a date field names, with its zone; None where it names none."""
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if moment.tzinfo is None:
        # "-0000" is UTC from an unknown place (RFC 5322, section 3.3).
        if not _COMMENT.sub("", value).rstrip().endswith("-0000"):
            return None
        moment = moment.replace(tzinfo=UTC)
    return moment if moment.year in _YEARS else None


def _drain(pending: list[tuple[str, bytes]]) -> str:
    if not pending:
        return ""
    text, _ = decode(b"".join(data for _, data in pending), pending[0][0])
    pending.clear()
    return text


def _word_bytes(encoding: str, text: str) -> bytes:
    data = text.encode("utf-8", "replace")
    if encoding in "qQ":
        return binascii.a2b_qp(data, header=True)
    packed = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
    packed = packed[: len(packed) - (len(packed) % 4 == 1)]
    return binascii.a2b_base64(packed + b"=" * (-len(packed) % 4))


def _unquoted(value: str) -> str:
    if value.startswith('"'):
        return re.sub(r"\\(.)", r"\1", value[1:].removesuffix('"'))
    return _COMMENT.sub("", value).strip()


def _put_together(pieces: Mapping[int, tuple[str, bool]]) -> str:
    ordered = [pieces[number] for number in sorted(pieces)]
    first, encoded = ordered[0]
    charset = ""
    if encoded and first.count("'") > 1:
        charset, _, rest = first.split("'", 2)
        ordered[0] = (rest, encoded)
    data = b"".join(
        unquote_to_bytes(text) if encoded else text.encode("utf-8", "replace")
        for text, encoded in ordered
    )
    return decode(data, charset)[0]

"""Address lists to addresses (RFC 5322, section 3.4; 6532 for the wider world).

Whether an address may be answered or believed is decided elsewhere.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Final

from inbox_bot.domain.message import Address
from inbox_bot.mime.characters import is_clean
from inbox_bot.mime.headers import decode_words

# RFC 5321, section 4.5.3.1.
MAX_ADDRESS: Final = 254
# A mail to more recipients is no letter; the rest is not looked at.
MAX_ADDRESSES: Final = 500
# RFC 1035, section 2.3.4.
MAX_LABEL: Final = 63
MAX_DISPLAY_NAME: Final = 200

_DOT_ATOM: Final = re.compile(r"[^\s()<>@,;:\\\"\[\]]+")
_QUOTED: Final = re.compile(r'"((?:[^"\\]|\\.)*)"')
_LITERAL: Final = re.compile(r"\[[0-9A-Za-z:.]+\]")


@dataclass(slots=True)
class _Scanner:
    """One pass over an address list; every character is looked at once."""

    found: list[Address] = field(default_factory=list)
    phrase: list[str] = field(default_factory=list)
    angle: list[str] | None = None
    comment: list[str] = field(default_factory=list)
    depth: int = 0
    quoted: bool = False
    closed: bool = False

    def feed(self, char: str, *, escaped: bool) -> None:
        if self.depth:
            self._in_comment(char, escaped=escaped)
        elif self.quoted or escaped:
            self.quoted = escaped or char != '"'
            self._keep(f"\\{char}" if escaped else char)
        else:
            self._outside(char)

    def _in_comment(self, char: str, *, escaped: bool) -> None:
        if not escaped:
            self.depth += (char == "(") - (char == ")")
        if self.depth:
            self.comment.append(char)

    def _outside(self, char: str) -> None:
        inside = self.angle is not None and not self.closed
        match char:
            case "(":
                self.depth = 1
            case '"':
                self.quoted = True
                self._keep(char)
            case "<" if self.angle is None:
                self.angle = []
            case ">" if inside:
                self.closed = True
            case "," | ";" if not inside:
                self.flush()
            case ":" if self.angle is None:
                self.phrase.clear()  # the name of a group
            case _:
                self._keep(char)

    def _keep(self, char: str) -> None:
        if self.angle is None:
            self.phrase.append(char)
        elif not self.closed:
            self.angle.append(char)

    def flush(self) -> None:
        phrase = "".join(self.phrase)
        if self.angle is None:
            spec, name = addr_spec(phrase), "".join(self.comment)
        else:
            spec, name = addr_spec(_without_route("".join(self.angle))), _cooked(phrase)
        if spec:
            self.found.append(Address(addr_spec=spec, display_name=_shown(name)))
        self.phrase.clear()
        self.comment.clear()
        self.angle, self.closed = None, False


def addresses(value: str) -> tuple[Address, ...]:
    """Return the usable addresses in a field; garbage gives none.

    Names are decoded after the commas were read, so an encoded comma or bracket never
    makes an address.
    """
    scanner = _Scanner()
    escaped = False
    for char in value:
        if char == "\\" and not escaped and (scanner.quoted or scanner.depth):
            escaped = True
            continue
        scanner.feed(char, escaped=escaped)
        escaped = False
        if len(scanner.found) >= MAX_ADDRESSES:
            return tuple(scanner.found)
    if not scanner.quoted:
        scanner.flush()
    return tuple(scanner.found)


def addr_spec(text: str) -> str:
    """Return local@domain in its canonical form, or "" where mail can't go there.

    The domain is in lower case, A-labels become Unicode where that is reversible; both
    sides are NFC. Invisible or reordering characters make an address unusable.
    """
    stripped = unicodedata.normalize("NFC", text[: 2 * MAX_ADDRESS].strip())
    local, at, domain = stripped.rpartition("@")
    if not at or len(stripped) > MAX_ADDRESS or not is_clean(stripped):
        return ""
    local, domain = _local_part(local.strip()), _domain(domain.strip())
    return f"{local}@{domain}" if local and domain else ""


def ascii_domain(domain: str) -> str:
    """Return a canonical domain as A-labels (RFC 5891); "" where a label is too long."""
    labels = [_ascii_label(label) for label in domain.split(".")]
    return ".".join(labels) if all(len(label) <= MAX_LABEL for label in labels) else ""


def _local_part(local: str) -> str:
    quoted = _QUOTED.fullmatch(local)
    if quoted is None:
        return local if _DOT_ATOM.fullmatch(local) else ""
    inner = re.sub(r"\\(.)", r"\1", quoted[1])
    return inner if _DOT_ATOM.fullmatch(inner) else local


def _domain(domain: str) -> str:
    if _LITERAL.fullmatch(domain):
        return domain.lower()
    labels = [_label(label) for label in domain.lower().removesuffix(".").split(".")]
    canonical = ".".join(labels)
    return canonical if all(labels) and ascii_domain(canonical) else ""


def _label(label: str) -> str:
    """Return a label as Unicode, "" where it needs a mapping to become one."""
    decoded = label
    if label.startswith("xn--") and label.isascii():
        try:
            decoded = label[4:].encode("ascii").decode("punycode")
        except UnicodeError:
            return label
        # Only what turns back into the same A-label may be shown as Unicode.
        if not _is_plain(decoded) or _ascii_label(decoded) != label:
            return label
    return decoded if _is_plain(decoded) else ""


def _is_plain(label: str) -> bool:
    mapped = unicodedata.normalize("NFKC", label).lower()
    return mapped == label and is_clean(label) and bool(_DOT_ATOM.fullmatch(label))


def _ascii_label(label: str) -> str:
    return (
        label if label.isascii() else f"xn--{label.encode('punycode').decode('ascii')}"
    )


def _without_route(spec: str) -> str:
    # An old route before the address means nothing (RFC 5321, section 4.1.1.3).
    return spec.rpartition(":")[2] if spec.lstrip().startswith("@") else spec


def _cooked(phrase: str) -> str:
    """Return a display name as it reads: without quotes, escapes undone."""
    return re.sub(r"\\(.)|\"", r"\1", phrase)


def _shown(name: str) -> str:
    return decode_words(name)[:MAX_DISPLAY_NAME]

"""Bytes to a tree of parts (RFC 5322 and 2046), within fixed limits, in linear time.

The standard library's parser recurses as deep as the sender likes and reads a bare CR
as a line end; this one does neither. What the parts mean is not known here.
"""

import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final

from inbox_bot.mime.characters import decode_unlabelled
from inbox_bot.mime.headers import disposition, media_type

# A forward of a forward of a report nests about six levels; each costs one more scan.
MAX_DEPTH: Final = 16
# A newsletter with inline pictures has about fifty parts.
MAX_PARTS: Final = 500
# Long Received and ARC chains reach about two hundred fields.
MAX_FIELDS: Final = 1_000
# References and DKIM signatures stay far below; decoding a field costs its length.
MAX_FIELD_BYTES: Final = 16_384
# Header fields of one part together; Postfix stops at 102,400 bytes.
MAX_HEADER_BYTES: Final = 262_144

Fields = tuple[tuple[str, str], ...]

_FIELD: Final = re.compile(rb"([\x21-\x39\x3b-\x7e]{1,200})[ \t]*:(.*)", re.DOTALL)
_FOLD: Final = re.compile(rb"\n(?=[ \t])")
_NOT_BASE64: Final = re.compile(rb"[^A-Za-z0-9+/]")
_UNENCODED: Final = frozenset({"", "7bit", "8bit", "binary"})
_SPACE: Final = b" \t\n\r"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part: its fields, and its decoded bytes or its parts.

    Field names are in lower case, values unfolded but not decoded (RFC 2047). `type`
    is in lower case, `body` has LF line ends unless it was transfer-encoded. The only
    child of a `message/rfc822` is the message in it.
    """

    fields: Fields
    type: str
    parameters: Mapping[str, str]
    disposition: str = ""
    name: str = ""
    body: bytes = b""
    children: tuple["Part", ...] = ()

    @property
    def is_multipart(self) -> bool:
        """Whether the part has parts of its own and is no embedded message."""
        return bool(self.children) and self.type.startswith("multipart/")

    @property
    def text_type(self) -> str | None:
        """The type as which its words are read, or None where it holds no text."""
        if self.type in {"text/plain", "text/html"}:
            return self.type
        # Words in a broken multipart are still somebody's words.
        broken = not self.children and self.type.startswith("multipart/")
        return "text/plain" if broken else None

    def all(self, name: str) -> tuple[str, ...]:
        """Return the values of every field of this name, topmost first."""
        return tuple(value for known, value in self.fields if known == name)

    def first(self, name: str) -> str:
        """Return the value of the topmost field of this name, or ""."""
        return next(iter(self.all(name)), "")


@dataclass(slots=True)
class _Reader:
    """What one run over a message has used up and noticed."""

    parts: int = 0
    defects: dict[str, None] = field(default_factory=dict)

    def note(self, defect: str) -> None:
        self.defects[defect] = None

    def part(self, data: bytes, depth: int, default: str = "text/plain") -> Part:
        self.parts += 1
        fields, body = self._split(data, depth)
        named = dict(reversed(fields))
        kind, parameters = media_type(named.get("content-type", ""), default)
        placed, name = disposition(named.get("content-disposition", ""), parameters)
        part = Part(
            fields=fields,
            type=kind,
            parameters=parameters,
            disposition=placed,
            name=name,
        )
        return self._filled(part, body, named.get("content-transfer-encoding"), depth)

    def _filled(
        self, part: Part, body: bytes, encoding: str | None, depth: int
    ) -> Part:
        nested = part.type.startswith("multipart/")
        embedded = part.type in {"message/rfc822", "message/global"}
        decoded = self._decode(body, encoding)
        children: tuple[Part, ...] = ()
        if (nested or embedded) and depth >= MAX_DEPTH:
            self.note("too_deep")
        elif embedded and self._room():
            children = (self.part(_with_lf(decoded), depth + 1),)
        elif nested:
            children = self._multipart(part, _with_lf(decoded), depth)
        return replace(
            part, body=b"" if nested and children else decoded, children=children
        )

    def _room(self) -> bool:
        if self.parts < MAX_PARTS:
            return True
        self.note("too_many_parts")
        return False

    def _multipart(self, part: Part, body: bytes, depth: int) -> tuple[Part, ...]:
        boundary = part.parameters.get("boundary", "").rstrip()
        if not boundary:
            self.note("no_boundary")
            return ()
        default = "message/rfc822" if part.type == "multipart/digest" else "text/plain"
        children: list[Part] = []
        for chunk in self._chunks(body, boundary):
            if not self._room():
                break
            children.append(self.part(chunk, depth + 1, default))
        return tuple(children)

    def _chunks(self, body: bytes, boundary: str) -> list[bytes]:
        escaped = re.escape(boundary.encode("utf-8", "surrogatepass"))
        line = re.compile(rb"^--" + escaped + rb"(--)?[ \t]*(?:\n|\Z)", re.MULTILINE)
        found: list[re.Match[bytes]] = []
        for match in line.finditer(body):
            found.append(match)
            if match[1] or len(found) > MAX_PARTS + 1:
                break
        if not found:
            self.note("no_boundary")
            return []
        ends = [match.start() for match in found[1:]]
        if not found[-1][1]:
            self.note("unterminated_multipart")
            ends.append(len(body))
        starts = [match.end() for match in found]
        # The line end before a delimiter belongs to it (RFC 2046, section 5.1.1).
        return [
            body[start:end].removesuffix(b"\n")
            for start, end in zip(starts, ends, strict=False)
        ]

    def _split(self, data: bytes, depth: int) -> tuple[Fields, bytes]:
        if depth == 0 and data.startswith((b"From ", b">From ")):
            data = data.partition(b"\n")[2]
        end = 0 if data.startswith(b"\n") else data.find(b"\n\n") + 1
        # Without an empty line everything is header, until a line that is no field.
        block = data[:end] if end or data.startswith(b"\n") else data
        fields, used = self._fields(block)
        if used < len(block):
            if depth == 0 or used:
                self.note("bad_header")
            return fields, data[used:]
        return fields, data[len(block) :].removeprefix(b"\n")

    def _fields(self, block: bytes) -> tuple[Fields, int]:
        """Read fields; returns them and how many bytes of the block they took."""
        fields: list[tuple[str, str]] = []
        used = 0
        for start, end in pairwise(_field_starts(block)):
            match = _FIELD.match(block, start, end)
            if match is None:
                break
            used = end
            if len(fields) >= MAX_FIELDS or start > MAX_HEADER_BYTES:
                self.note("header_truncated")
                continue
            value = match[2]
            if len(value) > MAX_FIELD_BYTES:
                self.note("header_truncated")
                value = value[:MAX_FIELD_BYTES]
            fields.append((match[1].decode("ascii").lower(), _unfolded(value)))
        return tuple(fields), used

    def _decode(self, body: bytes, encoding: str | None) -> bytes:
        match (encoding or "").partition(";")[0].strip().lower():
            case "base64":
                decoded, clean = _from_base64(body)
            case "quoted-printable":
                decoded, clean = binascii.a2b_qp(body), True
            case known:
                decoded, clean = body, known in _UNENCODED
        if not clean:
            self.note("bad_encoding")
        return decoded


def read_structure(raw: bytes) -> tuple[Part, tuple[str, ...]]:
    """Read any bytes as a message; returns its tree and its defects, never raises.

    CRLF and LF copies of a message give equal trees. A bare CR is no line end: it
    counts as a space in a field and is noted (VU#302671).
    """
    reader = _Reader()
    crlf = raw.count(b"\r\n")
    if raw.count(b"\r") > crlf:
        reader.note("bare_cr")
    if 0 < crlf < raw.count(b"\n"):
        reader.note("bare_lf")
    if b"\0" in raw:
        reader.note("nul")
    part = reader.part(_with_lf(raw), 0)
    return part, tuple(reader.defects)


def _with_lf(data: bytes) -> bytes:
    return data.replace(b"\r\n", b"\n")


def _field_starts(block: bytes) -> list[int]:
    """Return where each field starts, and the end of the block."""
    starts = [0]
    starts += [
        match.end()
        for match in re.finditer(rb"\n(?![ \t])", block)
        if match.end() < len(block)
    ]
    return [*starts, len(block)] if block else []


def _unfolded(value: bytes) -> str:
    line = _FOLD.sub(b"", value.rstrip(b"\n"))
    return decode_unlabelled(line.translate(None, b"\0").replace(b"\r", b" ")).strip()


def _from_base64(body: bytes) -> tuple[bytes, bool]:
    packed = body.translate(None, _SPACE).rstrip(b"=")
    alphabet = _NOT_BASE64.sub(b"", packed)
    clean = len(alphabet) == len(packed) and len(alphabet) % 4 != 1
    if len(alphabet) % 4 == 1:
        alphabet = alphabet[:-1]
    padded = alphabet + b"=" * (-len(alphabet) % 4)
    return binascii.a2b_base64(padded), clean

"""A tree of parts to the message's text, its HTML and its attachments (RFC 8621, 4.1.4).

Whose words the text holds is for `quoting` to say.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from inbox_bot.domain.message import Attachment
from inbox_bot.mime.characters import clean_line, clean_text, decode
from inbox_bot.mime.html_text import MAX_HTML, html_to_text
from inbox_bot.mime.structure import Part

# A request of sixty pages; what is longer is read by a person in the original.
MAX_TEXT: Final = 200_000
# "Please view this in HTML": a plain part with so much less to say is a stub.
STUB_RATIO: Final = 10
STUB_WORDS: Final = 30

_ENCRYPTED: Final = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_TNEF: Final = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
_FLOWED_QUOTE: Final = re.compile(r"(>*)(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What a message says: `text` in full, `html` as sent, the other parts listed."""

    text: str
    html: str | None
    attachments: tuple[Attachment, ...]
    defects: tuple[str, ...]


@dataclass(slots=True)
class _Leaves:
    """The parts that make up the body, in order."""

    text: list[Part] = field(default_factory=list)
    html: list[Part] = field(default_factory=list)
    attached: list[Part] = field(default_factory=list)


def read_body(root: Part) -> Body:
    """Choose, decode and render the text of a message."""
    leaves = _Leaves()
    _collect(root, leaves, first=True)
    defects: dict[str, None] = {}
    plain = _joined(leaves.text, defects)
    rendered = _joined(leaves.html, defects) if leaves.html != leaves.text else plain
    text = rendered if _is_stub(plain, rendered) else plain
    if len(text) > MAX_TEXT:
        defects["text_truncated"] = None
    for part in leaves.attached:
        if part.type in _ENCRYPTED:
            defects["encrypted"] = None
        if part.type in _TNEF:
            defects["tnef"] = None
    return Body(
        text=text[:MAX_TEXT],
        html=_markup(leaves.html),
        attachments=tuple(_listed(part) for part in leaves.attached),
        defects=tuple(defects),
    )


def leaf_text(part: Part) -> tuple[str, bool]:
    """Return the decoded characters of a text part and whether the charset was right."""
    characters, right = decode(part.body, part.parameters.get("charset", ""))
    return clean_text(characters), right


def walk(root: Part) -> Iterator[Part]:
    """Yield every part, outer ones first; those of embedded messages too."""
    yield root
    for child in root.children:
        yield from walk(child)


def _collect(
    part: Part, found: _Leaves, *, first: bool, alternative: bool = False
) -> None:
    if part.is_multipart:
        _collect_children(part, found, alternative=alternative)
    elif not _is_shown(part, first=first):
        found.attached.append(part)
    elif alternative:
        (found.html if part.type == "text/html" else found.text).append(part)
    else:
        found.text.append(part)
        found.html.append(part)


def _collect_children(part: Part, found: _Leaves, *, alternative: bool) -> None:
    before = len(found.text), len(found.html)
    choice = part.type == "multipart/alternative"
    for number, child in enumerate(part.children):
        _collect(
            child,
            found,
            first=choice or number == 0,
            alternative=choice or alternative,
        )
    if choice:
        # One form alone stands for the other too.
        texts, htmls = found.text[before[0] :], found.html[before[1] :]
        found.text += [] if texts else htmls
        found.html += [] if htmls else texts


def _is_shown(part: Part, *, first: bool) -> bool:
    if part.text_type is None or part.disposition == "attachment":
        return False
    return first or not part.name


def _joined(parts: list[Part], defects: dict[str, None]) -> str:
    texts = (_rendered(part, defects).strip("\n") for part in parts)
    return "\n\n".join(text for text in texts if text.strip())


def _rendered(part: Part, defects: dict[str, None]) -> str:
    characters, right = leaf_text(part)
    if not right:
        defects["bad_charset"] = None
    if part.type != "text/html":
        if part.parameters.get("format", "").lower() == "flowed":
            return _unflowed(characters, part.parameters.get("delsp", ""))
        return characters
    if len(characters) > MAX_HTML:
        defects["text_truncated"] = None
    text, too_deep = html_to_text(characters[:MAX_HTML])
    if too_deep:
        defects["html_too_deep"] = None
    return clean_text(text)


def _is_stub(plain: str, rendered: str) -> bool:
    words = len(plain.split())
    return words < STUB_WORDS and len(rendered.split()) > words * STUB_RATIO


def _markup(parts: list[Part]) -> str | None:
    pages = [leaf_text(part)[0] for part in parts if part.type == "text/html"]
    return "\n".join(pages)[:MAX_HTML] if pages else None


def _listed(part: Part) -> Attachment:
    return Attachment(
        name=part.name,
        type=clean_line(part.type),
        size=len(part.body),
    )


def _unflowed(text: str, delsp: str) -> str:
    """Join the soft-broken lines of format=flowed (RFC 3676, section 4)."""
    out: list[str] = []
    open_depth: int | None = None
    for line in text.split("\n"):
        match = _FLOWED_QUOTE.match(line)
        marks, words = (match[1], match[2]) if match else ("", line)
        words = words.removeprefix(" ")
        soft = words.endswith(" ") and words != "-- "
        kept = words[:-1] if soft and delsp.lower() == "yes" else words
        if open_depth == len(marks) and words != "-- ":
            out[-1] += kept
        else:
            out.append(f"{marks} {kept}" if marks else kept)
        open_depth = len(marks) if soft else None
    return "\n".join(out)

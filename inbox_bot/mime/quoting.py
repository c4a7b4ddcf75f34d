"""Plain text to the author's own words, and what is not theirs.

Works line by line in linear time; the phrases stand in `quote_words`. When in doubt a
line stays the author's: a lost request is worse than a quotation too much.
"""

import re
from dataclasses import dataclass, field
from typing import Final

from inbox_bot.domain.message import ForwardedPart
from inbox_bot.mime import quote_words as words
from inbox_bot.mime.addresses import addresses
from inbox_bot.mime.headers import date, subject

# An attribution may be folded twice; a longer one is prose.
ATTRIBUTION_LINES: Final = 3
MAX_ATTRIBUTION: Final = 320
# Header lines of a quoted message, long recipient lists included.
HEADER_BLOCK_LINES: Final = 12
# RFC 3676 knows no bound; people who use "--" as a rule write on for longer.
SIGNATURE_LINES: Final = 15
# Patterns look at the head of a line only: footers are often one endless line.
HEAD: Final = 400
# The telling words of a footer stand in its first lines, as folded in plain mail.
FOOTER_FOLDS: Final = 3

_QUOTED: Final = re.compile(r"\s{0,3}>")
_MARK: Final = re.compile(r"^\s{0,3}> ?")
_UNDERSCORES: Final = re.compile(r"\s*[_-]{10,}\s*")
_BLANKS: Final = re.compile(r"\n{3,}")
_KINDS: Final = ("from", "date", "to", "cc", "subject")


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorSplit:
    """A text taken apart; the pieces together hold every word of it once."""

    author: str
    quoted: str = ""
    forwarded: tuple[ForwardedPart, ...] = ()
    signature: str = ""
    footer: str = ""


@dataclass(slots=True)
class _Pieces:
    """The lines collected so far; `runs` are the author's, cut at each quotation."""

    runs: list[list[str]] = field(default_factory=lambda: [[]])
    quoted: list[str] = field(default_factory=list)
    signature: list[str] = field(default_factory=list)
    footer: list[str] = field(default_factory=list)
    forwarded: list[str] = field(default_factory=list)

    def quote(self, lines: list[str]) -> None:
        self.quoted += lines
        if self.runs[-1]:
            self.runs.append([])

    def wrote(self) -> bool:
        return any(line.strip() for run in self.runs for line in run)


def split(text: str, *, forwards: bool = False) -> AuthorSplit:
    """Split a text into its author's words and the rest.

    `forwards` tells that the subject announces a forward ("Fwd:"), so that header
    lines of a message start a forwarded part, not quoted history. Author's words
    between quoted lines are kept, in order.
    """
    lines = text.split("\n")
    pieces = _Pieces()
    at = 0
    while at < len(lines):
        at = _step(lines, at, pieces, forwards=forwards)
    own = [_own_words(run, pieces) for run in pieces.runs]
    return AuthorSplit(
        author=_block("\n\n".join(run for run in own if run).split("\n")),
        quoted=_block([_MARK.sub("", line) for line in pieces.quoted]),
        forwarded=(_forwarded(pieces.forwarded),) if pieces.forwarded else (),
        signature=_block(pieces.signature),
        footer=_block(pieces.footer),
    )


def is_forward(subject_line: str) -> bool:
    """Whether a subject announces a forwarded message, in any known language."""
    return words.FORWARD_SUBJECT.match(subject_line) is not None


def _step(lines: list[str], at: int, pieces: _Pieces, *, forwards: bool) -> int:
    """Put the line at hand, and what it introduces, where it belongs."""
    line = lines[at]
    if words.FORWARDED.fullmatch(line[:HEAD]):
        pieces.forwarded = lines[at + 1 :]
        return len(lines)
    if _QUOTED.match(line):
        pieces.quote([line])
        return at + 1
    introduced = _introduction(lines, at)
    if introduced:
        return _history(lines, at, introduced, pieces, forwards=forwards)
    pieces.runs[-1].append(line)
    return at + 1


def _introduction(lines: list[str], at: int) -> int:
    """Return how many lines at this place introduce history; 0 for none."""
    if words.ORIGINAL.fullmatch(lines[at][:HEAD]):
        return 1
    if _starts_header_block(lines, at):
        return 1
    if _UNDERSCORES.fullmatch(lines[at][:HEAD]):
        return 1 if _starts_header_block(lines, _next_filled(lines, at + 1)) else 0
    return _attribution(lines, at)


def _history(
    lines: list[str], at: int, count: int, pieces: _Pieces, *, forwards: bool
) -> int:
    after = _next_filled(lines, at + count)
    attribution = count > 0 and _attribution(lines, at) == count
    if after < len(lines) and _QUOTED.match(lines[after]):
        # Marked lines follow: the author may go on between and below them.
        pieces.quote(lines[at:after])
        return after
    if attribution and not words.MACHINE_MADE.search(" ".join(lines[at : at + count])):
        # "Last May you wrote:" is prose.
        pieces.runs[-1] += lines[at : at + count]
        return at + count
    if not attribution and (forwards or not pieces.wrote()):
        pieces.forwarded = lines[at:]
    else:
        pieces.quote(lines[at:])
    return len(lines)


def _attribution(lines: list[str], at: int) -> int:
    if not words.ATTRIBUTION_START.match(lines[at][:HEAD]) and "@" not in lines[at]:
        return 0
    joined = ""
    for count in range(1, ATTRIBUTION_LINES + 1):
        here = lines[at + count - 1] if at + count <= len(lines) else ""
        joined = f"{joined} {here.strip()}".strip()
        if not here.strip() or len(joined) > MAX_ATTRIBUTION:
            return 0
        if joined.endswith(":"):
            return count if words.WROTE.search(joined) and _dated(joined) else 0
    return 0


def _dated(line: str) -> bool:
    return "@" in line or any(char.isdigit() for char in line)


def _starts_header_block(lines: list[str], at: int) -> bool:
    if at >= len(lines) or _label(lines[at]) not in {"from", "date"}:
        return False
    kinds = {_label(line) for line in lines[at : at + HEADER_BLOCK_LINES]} - {None}
    return "from" in kinds and len(kinds & {"date", "to", "subject"}) > 1


def _label(line: str) -> str | None:
    match = words.HEADER_LINE.match(line[:HEAD])
    return None if match is None else next(kind for kind in _KINDS if match[kind])


def _next_filled(lines: list[str], at: int) -> int:
    while at < len(lines) and not lines[at].strip():
        at += 1
    return at


def _own_words(run: list[str], pieces: _Pieces) -> str:
    run = _without_signature(run, pieces)
    kept: list[str] = []
    footer = False
    for at, line in enumerate(run):
        footer = bool(line.strip()) and (footer or _is_footer(run, at))
        if words.MOBILE.fullmatch(line[:HEAD]):
            pieces.signature.append(line)
        elif footer or words.BANNER.match(line[:HEAD]):
            pieces.footer.append(line)
        else:
            kept.append(line)
    return _block(kept)


def _is_footer(run: list[str], at: int) -> bool:
    head = " ".join(run[at : at + FOOTER_FOLDS])[:HEAD]
    return any(
        pattern.match(head) for pattern in (words.CONFIDENTIALITY, words.MARKETING)
    )


def _without_signature(run: list[str], pieces: _Pieces) -> list[str]:
    """Cut at the first delimiter that few enough lines follow, found from below."""
    cut = len(run)
    filled = 0
    for at in range(len(run) - 1, -1, -1):
        if run[at].rstrip() == "--":
            cut = at
        filled += bool(run[at].strip())
        if filled > SIGNATURE_LINES:
            break
    pieces.signature += run[cut:]
    return run[:cut]


def _block(lines: list[str]) -> str:
    joined = "\n".join(line.rstrip() for line in lines)
    return _BLANKS.sub("\n\n", joined).strip()


def _forwarded(lines: list[str]) -> ForwardedPart:
    """Read the header lines of a forwarded message and keep what is below them."""
    bare = [_MARK.sub("", line) for line in lines]
    found: dict[str, str] = {}
    start = at = _next_filled(bare, 0)
    while at < min(len(bare), start + HEADER_BLOCK_LINES):
        match = words.HEADER_LINE.match(bare[at][:HEAD])
        if match is not None:
            found.setdefault(str(_label(bare[at])), match["value"].strip(" *"))
        elif found and bare[at].strip():
            break
        at += 1
    senders = addresses(found.get("from", "").replace("mailto:", ""))
    return ForwardedPart(
        sender=senders[0] if senders else None,
        date=date(found["date"]) if "date" in found else None,
        subject=subject(found.get("subject", ""))[0],
        text=_block(bare[at:] if found else bare),
    )

"""Plain text to the author's own words, and what is not theirs.

Works line by line in linear time; the phrases stand in `quote_words`, what ends a mail
is for `endings`. When in doubt a line stays the author's: a lost request is worse than
a quotation too much.
"""

import re
from dataclasses import dataclass, field
from typing import Final

from inbox_bot.domain.message import Address, ForwardedPart
from inbox_bot.mime import quote_words as words
from inbox_bot.mime.addresses import addr_spec, addresses
from inbox_bot.mime.endings import HEAD, own_words
from inbox_bot.mime.headers import date, subject

# An attribution may be folded twice; a longer one is prose.
ATTRIBUTION_LINES: Final = 3
MAX_ATTRIBUTION: Final = 320
# Header lines of a quoted message, long recipient lists included.
HEADER_BLOCK_LINES: Final = 12
_QUOTED: Final = re.compile(r"\s{0,3}>")
_MARK: Final = re.compile(r"^\s{0,3}> ?")
_MARKS: Final = re.compile(r"(?:\s{0,3}>)*")
_ADDRESS: Final = re.compile(r"[^\s<>()\[\]{},;:\"']+@[^\s<>()\[\]{},;:\"']+")
# Another name beside a name makes a longer one; "AM", "CET" and "Folgendes" don't.
_NAME: Final = r"(?!(?:[A-Z]{2,4}|Folgendes)\b)[^\W\d_a-zà-öø-ÿ][^\W\d_]*"
_BELONGS_BEFORE: Final = re.compile(rf"\b{_NAME}[\s-]+$")
_BELONGS_BEHIND: Final = re.compile(rf"[\s'’-]+{_NAME}|\s*['’]s\b")
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


def own_earlier(text: str, sender: Address | None) -> str:
    """Return what the sender wrote in the messages that a text quotes, newest first.

    Only a quotation whose attribution or header lines name the sender's address, or
    without any address the sender's display name, counts; of it, the words that were
    the author's then. Quotations by others and those of nobody never do.
    """
    if sender is None:
        return ""
    lines = [_unmarked(line) for line in text.split("\n")]
    own: list[list[str]] = []
    # Which message is being quoted at each depth; None for somebody else's.
    opened: dict[int, list[str] | None] = {}
    at = 0
    while at < len(lines):
        depth, bare = lines[at]
        count, name, certain = _introduced(_level(lines, at))
        inside = _depth_below(lines, at + count, depth)
        if not count or (inside <= depth and not certain):
            message = opened.get(depth)
            if message is not None:
                message.append(bare)
            at += 1
            continue
        message = [] if _names(name, sender) else None
        own += [] if message is None else [message]
        opened = {level: it for level, it in opened.items() if level <= depth}
        opened[max(depth, inside)] = message
        at += count
    earlier = (split("\n".join(written)).author for written in own)
    return "\n\n".join(dict.fromkeys(written for written in earlier if written))


def is_forward(subject_line: str) -> bool:
    """Whether a subject announces a forwarded message, in any known language."""
    return words.FORWARD_SUBJECT.match(subject_line) is not None


def _step(lines: list[str], at: int, pieces: _Pieces, *, forwards: bool) -> int:
    """Put the line at hand, and what it introduces, where it belongs."""
    line = lines[at]
    if words.FORWARDED.fullmatch(line[:HEAD]):
        end = _end_of_forward(lines, at + 1)
        pieces.forwarded += lines[at + 1 : end]
        return end
    if _QUOTED.match(line):
        pieces.quote([line])
        return at + 1
    introduced = _introduction(lines, at)
    if introduced:
        return _history(lines, at, introduced, pieces, forwards=forwards)
    pieces.runs[-1].append(line)
    return at + 1


def _end_of_forward(lines: list[str], at: int) -> int:
    """Return the end of the marked lines; a forward without marks has no end."""
    at = _next_filled(lines, at)
    if at == len(lines) or not _QUOTED.match(lines[at]):
        return len(lines)
    while at < len(lines) and (not lines[at].strip() or _QUOTED.match(lines[at])):
        at += 1
    return at


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
        pieces.forwarded += lines[at:]
    else:
        pieces.quote(lines[at:])
    return len(lines)


def _attribution(lines: list[str], at: int) -> int:
    joined = ""
    for count in range(1, ATTRIBUTION_LINES + 1):
        here = lines[at + count - 1][:HEAD] if at + count <= len(lines) else ""
        joined = f"{joined} {here.strip()}".strip()
        if not here.strip() or len(joined) > MAX_ATTRIBUTION:
            return 0
        if joined.endswith((":", "----")):
            return count if _attributes(joined, lines[at], here, count) else 0
    return 0


def _attributes(joined: str, first: str, last: str, count: int) -> bool:
    if count > 1 and not first.rstrip().endswith(",") and _is_whole(last):
        # The line above is the author's; the attribution begins below it.
        return False
    if words.ATTRIBUTION_START.match(first[:HEAD]) or "@" in first:
        return words.WROTE.search(joined) is not None and _dated(joined)
    return _is_whole(joined) and words.MACHINE_MADE.search(joined) is not None


def _is_whole(line: str) -> bool:
    return bool(words.WROTE.search(line) and words.DATE.search(line))


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
    ending = own_words(run)
    pieces.signature += ending.signature
    pieces.footer += ending.footer
    return _block(ending.kept)


def _block(lines: list[str]) -> str:
    joined = "\n".join(line.rstrip() for line in lines)
    return _BLANKS.sub("\n\n", joined).strip()


def _forwarded(lines: list[str]) -> ForwardedPart:
    """Read the header lines of a forwarded message and keep what is below them."""
    bare = [_MARK.sub("", line) for line in lines]
    found, at = _header_lines(bare, 0)
    senders = addresses(found.get("from", "").replace("mailto:", ""))
    return ForwardedPart(
        sender=senders[0] if senders else None,
        date=date(found["date"]) if "date" in found else None,
        subject=subject(found.get("subject", ""))[0],
        text=_block(bare[at:] if found else bare),
    )


def _header_lines(bare: list[str], at: int) -> tuple[dict[str, str], int]:
    """Return the values by kind, and the place of the first line below them."""
    found: dict[str, str] = {}
    start = end = _next_filled(bare, at)
    for place in range(start, min(len(bare), start + HEADER_BLOCK_LINES)):
        match = words.HEADER_LINE.match(bare[place][:HEAD])
        if match is not None:
            found.setdefault(str(_label(bare[place])), match["value"].strip(" *"))
            end = place + 1
        elif found and bare[place].strip():
            break
    return found, end


def _unmarked(line: str) -> tuple[int, str]:
    """Return how deep a line is quoted, and the line without its marks."""
    end = 0
    depth = 0
    while (match := _MARK.match(line[end : end + 6])) is not None:
        end += match.end()
        depth += 1
    return depth, line[end:]


def _level(lines: list[tuple[int, str]], at: int) -> list[str]:
    """Return the lines from here on, as far as an introduction reaches."""
    depth, first = lines[at]
    if not first.strip():
        return [""]
    window = lines[at : at + HEADER_BLOCK_LINES]
    return [bare if level == depth else "" for level, bare in window]


def _introduced(lines: list[str]) -> tuple[int, str, bool]:
    """Return how many lines introduce a message, their author, and if that is sure."""
    if words.FORWARDED.fullmatch(lines[0][:HEAD]):
        return 1, "", True
    if _starts_header_block(lines, 0):
        found, end = _header_lines(lines, 0)
        return end, found.get("from", ""), True
    count = _attribution(lines, 0)
    if count:
        name = " ".join(line.strip() for line in lines[:count])
        return count, name, words.MACHINE_MADE.search(name) is not None
    return _introduction(lines, 0), "", True


def _depth_below(lines: list[tuple[int, str]], at: int, depth: int) -> int:
    """Return how deep the next lines with words stand; bounded, blanks may be many."""
    near = lines[at : at + HEADER_BLOCK_LINES]
    return next((level for level, bare in near if bare.strip()), depth)


def _names(name: str, sender: Address) -> bool:
    """Whether an attribution or From line names the sender and nobody else."""
    bare = name[:MAX_ATTRIBUTION].replace("mailto:", "")
    found = {addr_spec(each).casefold() for each in _ADDRESS.findall(bare)}
    if found:
        return found == {sender.addr_spec.casefold()}
    known = re.escape(" ".join(sender.display_name.split()))
    match = re.search(rf"(?<!\w){known}(?!\w)", bare, re.IGNORECASE)
    if not known or match is None:
        return False
    return not (
        _BELONGS_BEFORE.search(bare[: match.start()])
        or _BELONGS_BEHIND.match(bare[match.end() :])
    )

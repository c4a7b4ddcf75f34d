"""Cuts the author's words into clauses with their offsets; no rule is known here.

Only the subject and the author's own text are read; quotations never are.
"""

import re
from dataclasses import dataclass
from itertools import islice

from inbox_bot.domain.message import InboundMessage

# Patterns look at one clause at a time and some of them are quadratic in its length.
MAX_CLAUSE = 400
# The longest mail of the corpora has 400 words; ten times that is no letter any more.
MAX_TEXT = 24_000
# More clauses than any letter has: a mail of single letters and points.
MAX_CLAUSES = 300

_BREAK = re.compile(
    r"(?<=[.!?;])\s+|\n\s*\n|\n(?=[^\w\n]{0,8}(?:[-*•–]|\w{1,2}[.)])\s)"
)
_REPLY_PREFIX = re.compile(
    r"^(?:(?:re|fwd?|sv|vs|aw|wg|antw|fs|vb|tr|svar)\s*(?:\[\d+\])?\s*:\s*)+",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A stretch of the author's words; offsets count in the body or the subject."""

    text: str
    start: int
    place: str = "body"


def _pieces(text: str) -> list[tuple[int, int]]:
    """Give the start and end of each sentence, long ones cut."""
    cuts = [0]
    for match in _BREAK.finditer(text):
        cuts += [match.start(), match.end()]
    cuts.append(len(text))
    pieces = zip(cuts[::2], cuts[1::2], strict=True)
    return [
        (at, min(at + MAX_CLAUSE, end))
        for start, end in pieces
        for at in range(start, end, MAX_CLAUSE)
    ]


def _stripped(text: str, start: int, end: int, place: str) -> Clause:
    piece = text[start:end]
    lead = len(piece) - len(piece.lstrip())
    return Clause(text=piece.strip(), start=start + lead, place=place)


def subject_clause(message: InboundMessage) -> Clause:
    """Give the subject without reply marks."""
    prefix = _REPLY_PREFIX.match(message.subject)
    start = prefix.end() if prefix else 0
    end = min(len(message.subject), start + MAX_CLAUSE)
    return _stripped(message.subject, start, end, "subject")


def clauses(message: InboundMessage) -> tuple[Clause, ...]:
    """Give the subject and the author's sentences, empty ones left out."""
    text = message.author_text[:MAX_TEXT]
    body = (_stripped(text, start, end, "body") for start, end in _pieces(text))
    found = (c for c in (subject_clause(message), *body) if c.text)
    return tuple(islice(found, MAX_CLAUSES))

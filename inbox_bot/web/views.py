"""From domain values to what a template can show without thinking.

No page is rendered here, nothing is looked up and nothing decided.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from inbox_bot.domain.case import Case
from inbox_bot.domain.reading import Evidence, Reading
from inbox_bot.domain.records import Draft
from inbox_bot.mime.markdown import to_html, to_text
from inbox_bot.mime.safe_html import safe_html
from inbox_bot.services.letters import CODE, LINK, MASK
from inbox_bot.services.queries import Original

_PLACEHOLDER: Final = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)
_ORIGINAL: Final = (
    '<!DOCTYPE html><html lang="und"><head><meta charset="utf-8">'
    '<title>Original</title><link rel="stylesheet" href="{root}/static/original.css">'
    "</head><body>{body}</body></html>"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A run of a text with the labels that its words carry."""

    text: str
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A message as the console shows it."""

    original: Original
    subject: tuple[Segment, ...]
    words: tuple[Segment, ...]
    document: str
    """The sanitised original as a document for a sandboxed frame, or ""."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A draft as its receiver will get it, secrets masked."""

    text: str
    document: str
    placeholders: tuple[str, ...]


def shown(original: Original, root: str) -> Shown:
    """Prepare a message for showing, evidence marked in the author's words."""
    content = original.stored.content
    message = original.message
    evidence = content.reading.evidence if content.reading else ()
    subject = message.subject if message else content.subject
    author = message.author_text if message else content.author_text
    html = message.html if message else None
    return Shown(
        original=original,
        subject=segments(subject, [e for e in evidence if e.place == "subject"]),
        words=segments(author, [e for e in evidence if e.place != "subject"]),
        document=_ORIGINAL.format(root=root, body=safe_html(html)) if html else "",
    )


def segments(text: str, evidence: Sequence[Evidence]) -> tuple[Segment, ...]:
    """Cut a text where evidence begins and ends; what doesn't fit it is left out."""
    fitting = [e for e in evidence if e.text and text[e.start : e.end] == e.text]
    cuts = {0, len(text)} | {cut for e in fitting for cut in (e.start, e.end)}
    return tuple(
        Segment(
            text=text[start:end],
            labels=tuple(
                dict.fromkeys(
                    e.label.value for e in fitting if e.start <= start and end <= e.end
                )
            ),
        )
        for start, end in pairwise(sorted(cuts))
    )


def preview(subject: str, source: str, *, language: str, base_url: str) -> Preview:
    """Make both parts of a draft's mail."""
    masked = source.replace(LINK, f"{base_url}/verify/{MASK}").replace(CODE, MASK)
    return Preview(
        text=to_text(masked),
        document=to_html(masked, language=language, title=subject),
        placeholders=placeholders(subject, source),
    )


def placeholders(subject: str, source: str) -> tuple[str, ...]:
    """Name the gaps that are left in a draft."""
    return tuple(
        " ".join(gap.split()) for gap in _PLACEHOLDER.findall(f"{subject}\n{source}")
    )


def proven_address(case: Case, draft: Draft) -> str:
    """Name the address that an answer may speak of: the one that was proven."""
    proven = (
        request.proven_address
        for request in case.requests
        if request.id in draft.request_ids and request.proven_address
    )
    return next(proven, draft.to)


def likeliest(reading: Reading) -> tuple[tuple[str, float], ...]:
    """Give the labels with their probabilities, the likeliest first."""
    ranked = sorted(reading.probabilities.items(), key=lambda item: -item[1])
    return tuple((label.value, probability) for label, probability in ranked)

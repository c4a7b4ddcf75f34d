"""Says by rule what else stands in a mail: purposes, addresses, jurisdiction."""

import re
from collections.abc import Iterable, Mapping, Sequence

from classifiers.rules.cues import Finding
from classifiers.rules.lexicon import facts
from classifiers.text import Clause
from inbox_bot.domain.reading import Right

_ADDRESS = re.compile(
    r"(?<![\w.+-])[a-z0-9][\w.+-]{0,63}@(?:[a-z0-9-]{1,63}\.)+[a-z]{2,24}(?![\w-])",
    re.IGNORECASE,
)
# Where several are named; the first that is found wins. Residence beats the law.
_NARROW_FIRST = ("us-ca", "us", "uk", "other", "eu")
_PURPOSE_ORDER = ("location", "cookies", "testimonial", "recording", "photo")
# Cues that speak of acting for another in so many words; kinship alone does not.
_ACTING = frozenset({"behalf", "client", "dead", "asked"})
_COMMENTABLE = (Right.DELETION, Right.CORRECTION)


def _text(pieces: Iterable[Clause]) -> str:
    return "\n".join(clause.text for clause in pieces)


def mentioned(pieces: Sequence[Clause]) -> tuple[str, ...]:
    """Give the addresses in the author's own words, in lower case, in order."""
    found = (m.group().lower() for m in _ADDRESS.finditer(_text(pieces)))
    return tuple(dict.fromkeys(found))


def _opt_out(text: str) -> tuple[str, ...]:
    found = [n for n, p in facts("purposes", "opt_out").items() if p.search(text)]
    specific = [name for name in found if name != "marketing"]
    return tuple(sorted(specific)) or ("marketing",)


def _withdraw(text: str) -> tuple[str, ...]:
    patterns = facts("purposes", "withdraw_consent")
    for name in _PURPOSE_ORDER:
        if patterns[name].search(text):
            return (name,)
    return ("newsletter",) if patterns["newsletter"].search(text) else ("other",)


def purposes(
    labels: Iterable[Right], pieces: Sequence[Clause]
) -> Mapping[Right, tuple[str, ...]]:
    """Give the purposes of the labels that have any (labels.md, Purposes)."""
    text = _text(pieces)
    comment = facts("purposes", "comment")["comment"].search(text) is not None
    given: dict[Right, tuple[str, ...]] = {}
    for label in labels:
        if label is Right.OPT_OUT:
            given[label] = _opt_out(text)
        elif label is Right.WITHDRAW_CONSENT:
            given[label] = _withdraw(text)
        elif comment and label in _COMMENTABLE:
            given[label] = ("comment",)
    return given


def _first(part: str, text: str) -> str | None:
    patterns = facts("jurisdiction", part)
    return next(
        (n for n in _NARROW_FIRST if n in patterns and patterns[n].search(text)), None
    )


def jurisdiction(pieces: Sequence[Clause], language: str | None) -> str | None:
    """Give where the author stands, by residence, law, trace or language."""
    text = _text(pieces)
    for part in ("residence", "law", "trace"):
        found = _first(part, text)
        if found is not None:
            return found
    return "eu" if language in {"nb", "nn"} else None


def on_behalf(labels: Iterable[Right], findings: Iterable[Finding]) -> bool:
    """Whether the sender speaks for another individual, also without any label."""
    acting = any(
        f.right is Right.AGENT and f.certain and f.cue.name in _ACTING for f in findings
    )
    return Right.AGENT in labels or acting

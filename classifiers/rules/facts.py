"""Says by rule what else stands in a mail: purposes, addresses, jurisdiction.

Purposes are read from meanings, so that one rule serves all languages; where the
author stands is read from the names in facts.toml. Nothing here is learned.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from classifiers.concepts import Hit, Lexicon
from classifiers.features import Part, Sight
from classifiers.text import Clause
from inbox_bot.domain.reading import Right

_ADDRESS: Final = re.compile(
    r"(?<![\w.+-])[a-z0-9][\w.+-]{0,63}@(?:[a-z0-9-]{1,63}\.)+[a-z]{2,24}(?![\w-])",
    re.IGNORECASE,
)
# Where several are named; the first that is found wins.
_NARROW_FIRST: Final = ("us-ca", "us", "uk", "other", "eu")
# Languages that are practically spoken in one country of the EEA only.
_EUROPEAN: Final = frozenset({"nb", "nn", "sv", "da", "fi", "pl", "it", "nl", "de"})
# So many words may stand between "I live in" and the place, and a place and "here".
_CUE_BEFORE: Final = 3
_CUE_BEHIND: Final = 1
# A place in so short a clause at the end of a mail is that of the one who signs.
_SIGNED_CLAUSES: Final = 3
_SIGNED_WORDS: Final = 7
_SPEAKS_FOR: Final = 0.5
# What a clause has to say for its objects to be those of a wish to be left alone.
_ENDS: Final = frozenset(
    {
        "leave_alone", "no_longer", "object", "opt_limit", "remove", "restrict",
        "stop", "unsubscribe", "withdraw",
    }
)  # fmt: skip
_MAILED: Final = frozenset({"newsletter", "sms", "email_address"})
_ANY_MARKETING: Final = _MAILED | {"marketing", "spam_word", "list"}
_PLAIN: Final[Mapping[str, str]] = {"call": "calls", "survey": "surveys"}
# Whose sale is meant, and not that somebody sells boilers.
_SOLD: Final = frozenset({"data", "personal", "record", "disclose", "unsubscribe"})
# What takes back a consent, or tells of the one that is taken back.
_CONSENTS: Final = frozenset({"withdraw", "consent", "agreed", "no_longer"})
# The first of those that are spoken of most.
_WITHDRAWN: Final[Mapping[str, str]] = {
    "location": "location",
    "cookie": "cookies",
    "testimonial": "testimonial",
    "recording": "recording",
    "photo": "photo",
    "newsletter": "newsletter",
    "unsubscribe": "newsletter",
}
_COMMENTABLE: Final = (Right.DELETION, Right.CORRECTION)


def mentioned(pieces: Sequence[Clause]) -> tuple[str, ...]:
    """Give the addresses in the author's own words, in lower case, in order."""
    found = (m.group().lower() for c in pieces for m in _ADDRESS.finditer(c.text))
    return tuple(dict.fromkeys(found))


def _denied(part: Part) -> frozenset[str]:
    return frozenset(m.concept for m in part.meanings if m.name.startswith("!"))


def _targeted(part: Part) -> bool:
    """Whether ads are meant that are more than marketing: "ads that follow me"."""
    plain = {(m.first, m.last) for m in part.meanings if m.concept == "marketing"}
    return any(
        m.concept == "advert" and (m.first, m.last) not in plain for m in part.meanings
    )


def _sells(said: frozenset[str]) -> bool:
    traded = "sell" in said and said & (_SOLD | {"opt_limit"})
    return bool(traded or {"opt_limit", "disclose"} <= said)


def _aims(part: Part) -> Iterator[str]:
    """Give the purposes of an opt-out that a clause speaks of."""
    said = part.concepts
    if "sensitive" in said and "opt_limit" in said:
        yield "sensitive_use"
    elif _sells(said):
        yield "sale_sharing"
    elif "opt_limit" in said:
        yield "limit"
    elif "partner" in said:
        yield "sale_sharing" if "data" in said else "partners"
    if _targeted(part):
        yield "advertising"
    yield from (name for concept, name in _PLAIN.items() if concept in said)
    if said & _ANY_MARKETING:
        yield "marketing"


def _asks(part: Part) -> bool:
    return bool(part.concepts & _ENDS or _denied(part))


def _opt_out(parts: Sequence[Part]) -> tuple[str, ...]:
    asking = [part for part in parts if _asks(part)]
    asked = {aim for part in asking for aim in _aims(part)}
    found = asked or {aim for part in parts for aim in _aims(part)}
    if "limit" in found:
        private = any("sensitive" in part.concepts for part in parts)
        found = found - {"limit"} | {"sensitive_use" if private else "sale_sharing"}
    named = any(_denied(part) & _MAILED for part in asking)
    if not named:
        found = found - {"marketing"} or {"marketing"}
    return tuple(sorted(found))


def _withdraw(parts: Sequence[Part]) -> tuple[str, ...]:
    spoken = Counter(dict.fromkeys(_WITHDRAWN, 0))
    for part in parts:
        weight = 1 + (part.clause.place == "subject") + bool(part.concepts & _CONSENTS)
        for concept in _WITHDRAWN:
            spoken[concept] += weight * (concept in part.concepts)
        if part.clause.place == "subject" and "testimonial" in part.concepts:
            # A recommendation with a face or on film is still one.
            return ("testimonial",)
    concept, count = max(spoken.items(), key=lambda item: item[1])
    return (_WITHDRAWN[concept] if count else "other",)


def purposes(labels: Iterable[Right], sight: Sight) -> Mapping[Right, tuple[str, ...]]:
    """Give the purposes of the labels that have any (labels.md, Purposes)."""
    comment = any("comment" in part.concepts for part in sight.parts)
    given: dict[Right, tuple[str, ...]] = {}
    for label in labels:
        if label is Right.OPT_OUT:
            given[label] = _opt_out(sight.parts)
        elif label is Right.WITHDRAW_CONSENT:
            given[label] = _withdraw(sight.parts)
        elif comment and label in _COMMENTABLE:
            given[label] = ("comment",)
    return given


@dataclass(frozen=True, slots=True, kw_only=True)
class _Names:
    """What facts.toml says: names as "part/jurisdiction", and signs."""

    words: Lexicon
    signs: Mapping[str, re.Pattern[str]]


@cache
def _names() -> _Names:
    text = files("classifiers.rules").joinpath("facts.toml").read_text("utf-8")
    tables = tomllib.loads(text)
    signs = tables.pop("signs")
    return _Names(
        words=Lexicon(
            {f"{part}/{n}": w for part, t in tables.items() for n, w in t.items()}
        ),
        signs={n: re.compile(source, re.IGNORECASE) for n, source in signs.items()},
    )


def _hits(part: Part) -> tuple[Hit, ...]:
    return tuple(
        Hit(concept=name, first=first, last=last)
        for name, first, last in _names().words.find(part.words)
    )


def _of(part: str, hits: Iterable[Hit]) -> Iterator[tuple[str, Hit]]:
    for hit in hits:
        kind, _, name = hit.concept.partition("/")
        if kind == part:
            yield name, hit


def _homes(hits: Sequence[Hit]) -> Iterator[str]:
    """Give the places of which the author says to be there."""
    cues = [hit for name, hit in _of("home", hits) if name == "cue"]
    for place, hit in _of("place", hits):
        if any(
            0 <= hit.first - cue.last <= _CUE_BEFORE + 1
            or 0 < cue.first - hit.last <= _CUE_BEHIND
            for cue in cues
        ):
            yield place


def _signed(parts: Sequence[Part], hits: Sequence[Sequence[Hit]]) -> Iterator[str]:
    """Give the places at the foot of a mail."""
    tail = [*zip(parts, hits, strict=True)][-_SIGNED_CLAUSES:]
    for part, found in tail:
        clause, short = part.clause, len(part.words) <= _SIGNED_WORDS
        if short and "?" not in clause.text and clause.place == "body":
            yield from (place for place, _ in _of("place", found))


def _near(parts: Sequence[Part], hits: Sequence[Sequence[Hit]]) -> Iterator[str]:
    """Give the places that something is in or from, other than in questions."""
    for part, found in zip(parts, hits, strict=True):
        if "?" in part.clause.text:
            continue
        before = {(hit.last + 1, name) for name, hit in _of("home", found)}
        for place, hit in _of("place", found):
            abroad = place != "eu" and (hit.first, "abroad") in before
            if abroad or (hit.first, "near") in before:
                yield place


def _narrowest(names: Iterable[str]) -> str | None:
    found = set(names)
    return next((name for name in _NARROW_FIRST if name in found), None)


def jurisdiction(parts: Sequence[Part], language: str | None) -> str | None:
    """Give where the author stands, by residence, law, trace or language."""
    hits = [_hits(part) for part in parts]
    every = [hit for found in hits for hit in found]
    text = "\n".join(part.clause.text for part in parts)
    signs = (n for n, sign in _names().signs.items() if sign.search(text))
    steps: tuple[Iterable[str], ...] = (
        (place for found in hits for place in _homes(found)),
        _signed(parts, hits),
        (name for name, _ in _of("law", every)),
        (*signs, *(name for name, _ in _of("trace", every))),
        _near(parts, hits),
    )
    found = (_narrowest(step) for step in steps)
    default = "eu" if language in _EUROPEAN else None
    return next((name for name in found if name is not None), default)


def on_behalf(labels: Iterable[Right], rights: Mapping[Right, float]) -> bool:
    """Whether the sender speaks for another individual, also without any label."""
    return Right.AGENT in labels or rights[Right.AGENT] > _SPEAKS_FOR

"""What the models see of a mail: words, what they mean, and how meanings stand together.

A meaning that is denied is another feature than one that is not.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from classifiers import concepts, language, text
from classifiers.concepts import Hit
from classifiers.rules import injection
from classifiers.text import Clause
from inbox_bot.domain.message import InboundMessage

_STEM = 5
# How far apart two meanings may stand and still be about one another, in words.
_NEAR = 8
# A denial reaches so far: "not to delete", "löschen Sie nicht".
_DENIED_BEFORE = 4
_DENIED_AFTER = 2
_DENIAL = "not"
# In a language that is handled, so large a share of unknown words is rare.
STRANGE = 0.62
# The meanings of which three in a row say more than two.
_TELLING = frozenset(
    {
        "erase", "remove", "forgotten", "copy", "access", "stop", "unsubscribe",
        "contact", "call", "sms", "consent", "withdraw", "object", "restrict",
        "correct", "wrong", "port", "transfer", "complain", "data", "personal",
        "record", "account", "recording", "photo", "comment", "testimonial",
        "newsletter", "marketing", "location", "cookie", "me", "third", "you",
        "want", "behalf", "client", "lawyer", "child", "parent",
    }
)  # fmt: skip
# A clause of one word a hundred times over has no more to tell.
_MOST_TELLING = 40
_REPLY = re.compile(r"^\w{2,3}:", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """A concept in a clause; `name` begins with "!" where it is denied."""

    name: str
    first: int
    last: int

    @property
    def concept(self) -> str:
        """The concept, denied or not."""
        return self.name.removeprefix("!")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A clause with its folded words and their meanings, in order."""

    clause: Clause
    words: tuple[str, ...]
    meanings: tuple[Meaning, ...]

    @property
    def concepts(self) -> frozenset[str]:
        """All concepts of the clause, denied or not."""
        return frozenset(meaning.concept for meaning in self.meanings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """A mail as models and rules look at it.

    `language` is that of the author's words; `injected` tells that words for the
    machine were left out of `parts`.
    """

    message: InboundMessage
    language: str | None
    parts: tuple[Part, ...]
    injected: bool

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """The author's clauses, the subject first."""
        return tuple(part.clause for part in self.parts)


def look(message: InboundMessage) -> Sight:
    """Cut a message into clauses and find what their words mean."""
    pieces, injected = injection.split(text.clauses(message))
    words = "\n".join(clause.text for clause in pieces)
    spoken = language.detect(words)
    parts = tuple(part(clause, spoken) for clause in pieces)
    if unknown(parts) > STRANGE:
        spoken = language.detect(words, others=True)
    return Sight(message=message, language=spoken, parts=parts, injected=injected)


def unknown(parts: Sequence[Part]) -> float:
    """Give the share of words whose meaning is not known."""
    words = sum(len(given.words) for given in parts)
    known = sum(
        len({at for m in given.meanings for at in range(m.first, m.last + 1)})
        for given in parts
    )
    return 1 - known / words if words else 1.0


def part(clause: Clause, spoken: str | None) -> Part:
    """Find the words of a clause and their meanings in a language."""
    words = tuple(word.text for word in concepts.split(clause.text))
    hits = concepts.find(words, language.readable(spoken))
    return Part(clause=clause, words=words, meanings=_meanings(hits))


def _meanings(hits: Sequence[Hit]) -> tuple[Meaning, ...]:
    denials = [hit for hit in hits if hit.concept == _DENIAL]

    def denied(hit: Hit) -> bool:
        return any(
            0 < hit.first - no.last <= _DENIED_BEFORE
            or 0 < no.first - hit.last <= _DENIED_AFTER
            for no in denials
        )

    return tuple(
        Meaning(
            name=f"!{hit.concept}" if denied(hit) else hit.concept,
            first=hit.first,
            last=hit.last,
        )
        for hit in hits
        if hit.concept != _DENIAL
    )


def _word_tokens(given: Part) -> Iterator[str]:
    for word in given.words:
        shown = f"#{len(word)}" if word.isdigit() else word
        yield shown
        if len(word) > _STEM:
            yield f"^{word[:_STEM]}"
        if given.clause.place == "subject":
            yield f"S/{shown}"


def _meaning_tokens(given: Part) -> Iterator[str]:
    supposed = any(meaning.concept == "if" for meaning in given.meanings)
    asked = "?" in given.clause.text
    for name in (meaning.name for meaning in given.meanings):
        yield f"C/{name}"
        if given.clause.place == "subject":
            yield f"SC/{name}"
        if supposed:
            yield f"IF/{name}"
        if asked:
            yield f"Q/{name}"


def _pair_tokens(given: Part) -> Iterator[str]:
    for index, one in enumerate(given.meanings):
        for two in given.meanings[index + 1 :]:
            if two.first - one.last > _NEAR:
                break
            if two.first > one.first:
                yield f"P/{one.name}>{two.name}"
            elif one.name != two.name:
                yield f"E/{one.name}={two.name}"


def _triple_tokens(given: Part) -> Iterator[str]:
    names = [m.name for m in given.meanings if m.concept in _TELLING][:_MOST_TELLING]
    for index, one in enumerate(names):
        for offset, two in enumerate(names[index + 1 :], start=index + 1):
            for three in names[offset + 1 : offset + 3]:
                yield f"T/{one}>{two}>{three}"


def sentence_tokens(given: Part) -> list[str]:
    """Give the features of one clause."""
    return [
        *_word_tokens(given),
        *_meaning_tokens(given),
        *_pair_tokens(given),
        *_triple_tokens(given),
    ]


def circumstances(sight: Sight, count: int) -> list[str]:
    """Give the features of a mail beside those of its clauses, `count` in all."""
    message = sight.message
    return [
        f"HEADERS/{message.automation.value}",
        f"ANSWERABLE/{message.answerable}",
        f"LENGTH/{min(count, 4095).bit_length()}",
        f"QUOTES/{bool(message.quoted_text)}",
        f"OWN/{bool(message.own_earlier)}",
        f"FORWARDS/{bool(message.forwarded)}",
        f"REPLY/{bool(_REPLY.match(message.subject))}",
    ]


def spelling(parts: Iterable[Part]) -> list[str]:
    """Give the words as they are written, marks and all, case and accents aside."""
    return [
        concepts.fold(chunk) for given in parts for chunk in given.clause.text.split()
    ]

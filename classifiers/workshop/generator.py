"""Composes training mails from hand-written sentences; the same seed, the same mails.

The sentences stand in corpus/clauses, one file a language. What a composed mail asks for
is known, since it is known of each sentence.
"""

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from classifiers.concepts import LANGUAGES
from classifiers.corpus import FOLDER
from classifiers.workshop import noise
from inbox_bot.domain.reading import Kind, Right

CLAUSES = FOLDER / "clauses"
SEED = 20

Row = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A hand-written sentence and what it asks for."""

    text: str
    labels: frozenset[Right]
    purposes: Mapping[Right, tuple[str, ...]]


Bank = Mapping[str, Sequence[Sentence]]


@cache
def bank(language: str, folder: Path = CLAUSES) -> Bank:
    """Load the sentences of a language by their slot; none where there is no file."""
    slots: dict[str, list[Sentence]] = {}
    path = folder / f"{language}.jsonl"
    for line in path.read_text("utf-8").splitlines() if path.exists() else ():
        fields = json.loads(line)
        sentence = Sentence(
            text=fields["text"],
            labels=frozenset(map(Right, fields["labels"])),
            purposes={
                Right(right): tuple(sorted(names))
                for right, names in fields["purposes"].items()
            },
        )
        slots.setdefault(fields["slot"], []).append(sentence)
    return slots


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a mail is made of: slots in order, each with how many sentences."""

    kind: Kind
    body: tuple[tuple[str, int, int], ...]
    rights: int = 0
    quotes: str = ""
    forwards: str = ""


_CHAT = ("context", 0, 2)
_ANGER = ("anger", 0, 1)
_DENIED = ("negated", 0, 1)

# How often each plan is drawn, against the sum of all.
PLANS: tuple[tuple[int, Plan], ...] = (
    (24, Plan(kind=Kind.REQUEST, rights=1, body=(_CHAT,))),
    (8, Plan(kind=Kind.REQUEST, rights=1, body=(_CHAT, ("negated", 1, 1)))),
    (4, Plan(kind=Kind.REQUEST, rights=1, body=(_ANGER, _CHAT))),
    (4, Plan(kind=Kind.REQUEST, rights=1, body=(("business", 1, 1),))),
    (3, Plan(kind=Kind.REQUEST, rights=1, body=(("past", 1, 1), _CHAT))),
    (3, Plan(kind=Kind.REQUEST, rights=1, body=(("hypothetical", 1, 1),))),
    (3, Plan(kind=Kind.REQUEST, rights=1, body=(_CHAT,), quotes="business")),
    (12, Plan(kind=Kind.REQUEST, rights=2, body=(_CHAT, _DENIED))),
    (4, Plan(kind=Kind.REQUEST, rights=3, body=(_CHAT,))),
    (8, Plan(kind=Kind.OTHER, body=(("business", 1, 3),))),
    (4, Plan(kind=Kind.OTHER, body=(("business", 1, 2), ("negated", 1, 1)))),
    (3, Plan(kind=Kind.OTHER, body=(_CHAT, ("negated", 1, 2)))),
    (4, Plan(kind=Kind.OTHER, body=(_CHAT, ("hypothetical", 1, 2)))),
    (3, Plan(kind=Kind.OTHER, body=(("past", 1, 2), _CHAT))),
    (4, Plan(kind=Kind.OTHER, body=(("thirdparty", 1, 2), _CHAT))),
    (2, Plan(kind=Kind.OTHER, body=(("context", 1, 3), _ANGER))),
    (3, Plan(kind=Kind.OTHER, body=(("retraction", 1, 1), _CHAT), quotes="request")),
    (3, Plan(kind=Kind.OTHER, body=(("closing", 1, 1),), quotes="request")),
    (2, Plan(kind=Kind.OTHER, body=(("context", 0, 1),), forwards="request")),
    (3, Plan(kind=Kind.FOLLOW_UP, body=(("followup", 1, 2), _CHAT))),
    (3, Plan(kind=Kind.FOLLOW_UP, rights=1, body=(("followup", 1, 1),))),
    (3, Plan(kind=Kind.AUTO_REPLY, body=(("auto", 1, 3),))),
    (2, Plan(kind=Kind.BOUNCE, body=(("bounce", 1, 3),), quotes="request")),
    (4, Plan(kind=Kind.SPAM, body=(("spam", 1, 3),))),
)
_MACHINES = frozenset({Kind.AUTO_REPLY, Kind.BOUNCE})
_AGENT_SHARE = 0.12
_SUBJECT_SHARE = 0.25
_FOOTER_SHARE = 0.15


def _draw(
    have: Bank, slot: str, least: int, most: int, chance: random.Random
) -> list[Sentence]:
    choices = have.get(slot, ())
    return chance.sample(choices, min(chance.randint(least, most), len(choices)))


def _requests(have: Bank, count: int, chance: random.Random) -> list[Sentence]:
    """Draw sentences for so many different rights, sometimes for another person."""
    asked = [s for s in have["request"] if s.labels != {Right.AGENT}]
    drawn: list[Sentence] = []
    given: set[Right] = set()
    while len(given) < count:
        sentence = chance.choice(asked)
        if not given & sentence.labels:
            drawn.append(sentence)
            given |= sentence.labels
    if chance.random() < _AGENT_SHARE:
        agents = [s for s in have["request"] if s.labels == {Right.AGENT}]
        drawn.insert(0, chance.choice(agents))
    return drawn


def compose(language: str, have: Bank, chance: random.Random) -> Row:
    """Compose one mail, as a row of a corpus without its id."""
    plan = chance.choices([p for _, p in PLANS], [weight for weight, _ in PLANS])[0]
    parts = [s for slot in plan.body for s in _draw(have, *slot, chance)]
    asked = _requests(have, plan.rights, chance) if plan.rights else []
    for sentence in asked:
        parts.insert(chance.randint(0, len(parts)), sentence)
    labels = frozenset(right for s in asked for right in s.labels)
    subject = chance.choice(have["context"]).text
    if parts and chance.random() < _SUBJECT_SHARE:
        subject = parts.pop(0).text if len(parts) > 1 else parts[0].text
    text = " ".join(sentence.text for sentence in parts)
    body = _framed(text, plan, have, chance)
    return noise.applied(
        {
            "language": language,
            "from": "Somebody <somebody@example.org>",
            "subject": " ".join(subject.split())[:90],
            "body": body,
            "headers": {},
            "kind": plan.kind.value,
            "labels": sorted(labels),
            "purposes": _purposes(asked),
            "on_behalf": Right.AGENT in labels,
            "jurisdiction": None,
        },
        chance,
    )


def _purposes(asked: Sequence[Sentence]) -> dict[str, list[str]]:
    found: dict[str, set[str]] = {}
    for sentence in asked:
        for right, names in sentence.purposes.items():
            found.setdefault(right.value, set()).update(names)
    return {right: sorted(names) for right, names in found.items()}


def _framed(text: str, plan: Plan, have: Bank, chance: random.Random) -> str:
    """Put greeting, closing, footer and quotation around what was said."""
    blocks = [text]
    if plan.kind not in _MACHINES:
        blocks = [
            *(s.text for s in _draw(have, "opening", 0, 1, chance)),
            text,
            *(s.text for s in _draw(have, "closing", 0, 1, chance)),
        ]
    if chance.random() < _FOOTER_SHARE:
        blocks += ["--\n" + s.text for s in _draw(have, "footer", 1, 1, chance)]
    if plan.quotes:
        quoted = _draw(have, plan.quotes, 1, 2, chance)
        blocks.append(noise.quoted(" ".join(s.text for s in quoted), chance))
    if plan.forwards:
        passed_on = _draw(have, plan.forwards, 1, 2, chance)
        blocks.append(noise.forwarded(" ".join(s.text for s in passed_on)))
    return "\n\n".join(block for block in blocks if block)


def generate(count: int, seed: int = SEED) -> Iterator[Row]:
    """Give so many mails for each language that has sentences, ids included."""
    for language in LANGUAGES:
        have = bank(language)
        chance = random.Random(f"{seed}/{language}")  # noqa: S311 - mails, no secret
        for number in range(count if have else 0):
            yield {"id": f"gen-{language}-{number}", **compose(language, have, chance)}

"""Mails are composed from hand-written sentences, the same ones each time."""

import random
from collections import Counter

import pytest

from classifiers import corpus
from classifiers.concepts import LANGUAGES
from classifiers.workshop import generator, noise
from inbox_bot.domain.reading import Kind, Right

SLOTS = {
    "request", "negated", "hypothetical", "past", "retraction", "thirdparty",
    "business", "context", "anger", "followup", "opening", "closing", "footer",
    "auto", "bounce", "spam",
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_sentences_for_every_slot_and_right(language):
    bank = generator.bank(language)
    asked = Counter(right for s in bank["request"] for right in s.labels)

    assert set(bank) == SLOTS
    assert set(asked) == set(Right)
    assert min(asked.values()) >= 15
    assert all(not s.labels for slot in SLOTS - {"request"} for s in bank[slot])


def test_the_same_seed_composes_the_same_mails():
    assert list(generator.generate(3)) == list(generator.generate(3))
    assert list(generator.generate(3)) != list(generator.generate(3, seed=1))


def test_a_composed_mail_keeps_the_rules_of_the_label_set():
    for row in generator.generate(20):
        example = corpus.example(row)

        assert bool(example.labels) or example.kind is not Kind.REQUEST
        assert not example.labels or example.kind in {Kind.REQUEST, Kind.FOLLOW_UP}
        assert set(example.purposes) <= example.labels
        assert example.on_behalf is (Right.AGENT in example.labels)


def test_what_is_quoted_is_not_the_authors():
    chance = random.Random(1)
    body = "Thanks, all sorted.\n\n" + noise.quoted("Delete all of it.", chance)
    row = next(iter(generator.generate(1))) | {"body": body, "subject": ""}

    assert "Thanks, all sorted." == corpus.example(row).message.author_text


@pytest.mark.parametrize(
    ("text", "expected"), [("a\n\nb & c", "<p>a</p><p>b &amp; c</p>")]
)
def test_a_text_becomes_simple_html(text, expected):
    assert expected == noise.as_html(text)


def test_noise_leaves_what_a_mail_asks_for():
    row = next(iter(generator.generate(1)))
    changed = [noise.applied(row, random.Random(n)) for n in range(40)]

    assert 1 < len({str(one["body"]) for one in changed})
    assert all(one["labels"] == row["labels"] for one in changed)

"""The corpora keep their own rules; held-out mails are checked, never shown."""

import json
import re
from collections import Counter

import pytest

from classifiers import corpus
from classifiers.concepts import LANGUAGES
from classifiers.workshop import generator
from inbox_bot.domain.reading import Kind, Right

KEPT = (corpus.CALIBRATION, corpus.DEVELOPMENT, corpus.HELD_OUT)
EVERY = (*corpus.TRAINING, *KEPT)
SENTENCE = 6
LABELLED = {Kind.REQUEST}
SILENT = {Kind.AUTO_REPLY, Kind.BOUNCE, Kind.SPAM, Kind.OTHER}
MAY_HAVE = {
    Right.OPT_OUT: {
        "marketing",
        "partners",
        "advertising",
        "calls",
        "surveys",
        "sale_sharing",
        "sensitive_use",
    },
    Right.WITHDRAW_CONSENT: {
        "newsletter",
        "location",
        "cookies",
        "testimonial",
        "recording",
        "photo",
        "other",
    },
    Right.DELETION: {"comment"},
    Right.CORRECTION: {"comment"},
}


def bodies(name: str) -> list[str]:
    text = (corpus.FOLDER / f"{name}.jsonl").read_text("utf-8")
    return [json.loads(line)["body"] for line in text.splitlines()]


def sentences(name: str) -> set[str]:
    return {one for body in bodies(name) for one in long_sentences(body)}


@pytest.mark.parametrize("name", EVERY)
def test_every_mail_is_labelled_by_the_rules_of_the_label_set(name: str) -> None:
    for example in corpus.load(name):
        assert bool(example.labels) or example.kind not in LABELLED, example.id
        assert not (example.labels and example.kind in SILENT), example.id
        assert set(example.purposes) <= example.labels, example.id
        for right, names in example.purposes.items():
            assert set(names) <= MAY_HAVE[right], example.id
        assert example.jurisdiction in {"eu", "uk", "us-ca", "us", "other", None}


def test_ids_and_mails_are_unique() -> None:
    examples = corpus.load(*EVERY)
    ids = Counter(example.id for example in examples)
    long = [e.message.text for e in examples if len(e.message.text.split()) >= SENTENCE]
    mails = Counter(long)

    assert [] == [one for one, count in ids.items() if count > 1]
    assert 0 == sum(count > 1 for count in mails.values())


def long_sentences(text: str) -> set[str]:
    found = set()
    for piece in re.split(r"[.!?\n]+", text.lower()):
        words = re.findall(r"\w+", piece)
        if len(words) >= SENTENCE and not piece.lstrip().startswith(">"):
            found.add(" ".join(words))
    return found


@pytest.mark.parametrize("kept", KEPT)
@pytest.mark.parametrize("learned", corpus.TRAINING)
def test_no_sentence_of_a_kept_mail_is_learned(kept: str, learned: str) -> None:
    assert 0 == len(sentences(kept) & sentences(learned))


@pytest.mark.parametrize("kept", KEPT)
def test_no_sentence_of_a_kept_mail_is_composed(kept: str) -> None:
    composed = {
        sentence
        for language in LANGUAGES
        for slot in generator.bank(language).values()
        for text in slot
        for sentence in long_sentences(text.text)
    }

    assert 0 == len(sentences(kept) & composed)


def test_there_are_mails_enough_in_every_language_and_for_every_label() -> None:
    learned = corpus.load(*corpus.TRAINING)
    languages = Counter(example.language for example in learned)
    labels = Counter(right for example in learned for right in example.labels)

    assert 4_000 <= len(learned)
    assert set(LANGUAGES) == set(languages)
    assert min(languages.values()) >= 150
    assert set(Right) == set(labels)
    assert 0.35 <= sum(not example.labels for example in learned) / len(learned)


def test_the_development_set_is_whole() -> None:
    kept = corpus.load(corpus.DEVELOPMENT)

    assert 800 <= len(kept)
    assert set(LANGUAGES) == {example.language for example in kept}


def test_a_line_with_other_keys_is_refused() -> None:
    with pytest.raises(corpus.CorpusError):
        corpus.to_message({"from": 1})

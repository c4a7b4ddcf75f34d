"""Figures by language, and the model card that is written from them."""

import json
from dataclasses import replace

import pytest

from classifiers import corpus
from classifiers.pipeline import MODEL
from classifiers.workshop import card, evaluation
from classifiers.workshop.evaluation import Read
from inbox_bot.domain.reading import Confidence, Kind, Reading, Right


def read(language, true, given, confidence=Confidence.AUTO):
    example = replace(
        corpus.load("train_more")[0],
        language=language,
        labels=frozenset(true),
        kind=Kind.REQUEST,
    )
    reading = Reading(
        kind=Kind.REQUEST,
        labels=tuple(given),
        probabilities={right: float(right in given) for right in Right},
        confidence=confidence,
        language=language,
    )
    return Read(example=example, reading=reading)


@pytest.fixture
def figures():
    reads = [
        read("en", [Right.ACCESS], [Right.ACCESS]),
        read("nb", [Right.ACCESS], [Right.DELETION]),
        read("pl", [Right.DELETION], [Right.DELETION], Confidence.HOLD),
    ]
    return evaluation.measure(reads, (MODEL / "VERSION").read_text("utf-8").strip())


def test_figures_are_given_by_language_and_for_all_but_english(figures):
    assert ["en", "nb", "pl"] == list(figures["languages"])
    assert {
        "mails": 1,
        "macro_f1": 0.0,
        "exact_match": 0.0,
        "kind_accuracy": 1.0,
        "auto_share": 1.0,
        "auto_wrong": 1.0,
    } == figures["languages"]["nb"]
    assert 1.0 == figures["groups"]["en"]["macro_f1"]
    assert (2, 0.5) == (
        figures["groups"]["other"]["mails"],
        figures["groups"]["other"]["auto_share"],
    )


def test_a_label_that_no_mail_has_does_not_count(figures):
    assert 0.6667 == figures["macro_f1"]


def test_the_card_shows_what_was_measured_of_this_model(tmp_path, figures):
    stale = figures | {"model": "reading-old"}
    agreement = {"sets": {"development": {"mails": 3, "labels": 0.9, "kinds": 1.0}}}
    for name, value in (
        ("development", figures),
        ("calibration", stale),
        ("agreement", agreement),
    ):
        (tmp_path / f"{name}.json").write_text(json.dumps(value), "utf-8")

    text = card.text(tmp_path)

    assert "|  | development |\n" in text
    assert "| nb | 1 | 0.000 | 0.000 | 1.000 | 1.000 | 1.000 |" in text
    assert "| development | 3 | 0.900 | 1.000 |" in text
    assert "Not measured." in text


def test_without_figures_of_this_model_there_is_no_card(tmp_path):
    with pytest.raises(ValueError, match="evaluate first"):
        card.text(tmp_path)

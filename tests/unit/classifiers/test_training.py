"""The recipe learns, and learns the same twice."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pytest

from classifiers import calibration, corpus, holding, opinion, pipeline
from classifiers.pipeline import Scores
from classifiers.workshop import card, evaluation, fitting, making, training
from classifiers.workshop.training import Lesson
from inbox_bot.domain.reading import Right


@pytest.fixture(scope="module")
def lessons() -> list[Lesson]:
    return [training.lesson(example) for example in corpus.load("train_more")[:60]]


@pytest.fixture
def small_bank(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The sentences of one language: those of all take too long to learn."""
    training.bank.cache_clear()
    monkeypatch.setattr(training, "LANGUAGES", ("nn",))
    yield
    training.bank.cache_clear()


@pytest.mark.usefixtures("small_bank")
def test_the_recipe_learns_its_lessons_and_repeats_itself(lessons):
    seen = [given.sight for given in lessons]

    first = training.train(pipeline.recipe(), lessons).score(seen)
    second = training.train(pipeline.recipe(), lessons).score(seen)

    def mean(scores: Sequence[Scores], *, truth: bool) -> float:
        values = [
            score.mail[f"right/{right}"]
            for given, score in zip(lessons, scores, strict=True)
            for right in Right
            if (right in given.example.labels) is truth
        ]
        return sum(values) / len(values)

    assert first == second
    assert mean(first, truth=True) > 2 * mean(first, truth=False)


def test_each_lesson_is_left_out_once(lessons):
    out = [index for _, left in training.folds(lessons) for index in left]

    assert list(range(len(lessons))) == sorted(out)


def test_a_mail_with_an_id_of_others_is_left_out_once_too(lessons):
    foreign = replace(lessons[0].example, id="a mail of theirs")
    mixed = [*lessons, replace(lessons[0], example=foreign)]

    out = [index for _, left in training.folds(mixed) for index in left]

    assert list(range(len(mixed))) == sorted(out)


@pytest.mark.usefixtures("small_bank")
def test_trust_lies_above_the_mails_that_were_misread(lessons):
    scores = training.train(pipeline.recipe(), lessons).score(
        [given.sight for given in lessons]
    )
    scored = list(zip(lessons, scores, strict=True))
    labels = fitting.fit_labels(scored)
    judged = replace(labels, judge=fitting.fit_judge(scored, labels))

    def wrong(trust: float) -> float:
        trusted = [
            fitting.safe(given, formed)
            for given, one in scored
            if not holding.must_hold(
                given.sight, formed := opinion.form(given.sight, one, judged)
            )
            and judged.judge(opinion.judge_features(given.sight, formed)) >= trust
        ]
        return trusted.count(False) / max(1, len(trusted))

    for allowed in (0.0, 0.02, 0.2):
        assert wrong(fitting.choose_trust(scored, judged, allowed)) <= allowed


def test_a_sentence_is_taught_what_its_mail_asks_for(lessons):
    given = next(
        one for one in lessons if len(one.sentences) > 1 and one.example.labels
    )
    (asked, *_) = given.example.labels
    blank = {f"right/{right}": 0.1 for right in Right}
    scores = [blank | {f"right/{asked}": 0.9}, *[blank] * (len(given.sentences) - 1)]

    taught = training._assigned(given, scores)  # noqa: SLF001

    assert 1.0 == taught[0].truth[f"right/{asked}"]
    assert all(f"right/{asked}" not in one.truth for one in taught[1:])
    others = [r for r in Right if r not in given.example.labels]
    assert all(one.truth[f"right/{r}"] == 0.0 for one in taught for r in others)


def test_a_fitted_curve_follows_the_truth():
    random = np.random.default_rng(1)
    rows = [(float(x),) for x in random.normal(size=400)]
    truths = [x > random.normal() for (x,) in rows]

    fitted = calibration.fit(rows, truths, 1.0)

    assert fitted((2.0,)) > 0.85
    assert fitted((-2.0,)) < 0.15


def test_the_shipped_model_was_made_from_these_mails_words_and_rules():
    assert making.version() == (pipeline.MODEL / "VERSION").read_text("utf-8").strip()


def test_figures_of_no_mails_are_zero():
    figures = evaluation.measure([], "none")

    assert (0, 0.0) == (figures["mails"], figures["auto_share"])


def test_the_card_is_written_from_the_figures():
    assert card.CARD.read_text("utf-8") == card.text()

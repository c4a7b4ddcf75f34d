"""The recipe learns, and learns the same twice."""

import numpy as np
import pytest
from thinc.api import Config

from classifiers import calibration, corpus, pipeline
from classifiers.workshop import card, evaluation, training
from classifiers.workshop.training import Lesson
from inbox_bot.domain.reading import Right


@pytest.fixture(scope="module")
def lessons() -> list[Lesson]:
    return [training.lesson(example) for example in corpus.load("train_more")]


def small_recipe() -> Config:
    config = pipeline.recipe()
    config["training"]["max_epochs"] = 15
    config["training"]["optimizer"]["learn_rate"] = 0.005
    config["components"]["reading"]["model"]["length"] = 2048
    return config


def test_the_recipe_learns_its_lessons_and_repeats_itself(
    lessons: list[Lesson],
) -> None:
    seen = [given.tokens for given in lessons]

    first = pipeline.score(training.train(small_recipe(), lessons), seen)
    second = pipeline.score(training.train(small_recipe(), lessons), seen)

    def mean(scores: list[pipeline.Scores], *, truth: bool) -> float:
        values = [
            score[f"right/{right}"]
            for given, score in zip(lessons, scores, strict=True)
            for right in Right
            if (right in given.example.labels) is truth
        ]
        return sum(values) / len(values)

    assert first == second
    assert mean(first, truth=True) > 2 * mean(first, truth=False)


def test_each_lesson_is_left_out_once() -> None:
    out = [index for _, left in training.folds(23, seed=1) for index in left]

    assert list(range(23)) == sorted(out)


def test_a_fitted_curve_follows_the_truth() -> None:
    random = np.random.default_rng(1)
    rows = [(float(x),) for x in random.normal(size=400)]
    truths = [x > random.normal() for (x,) in rows]

    fitted = calibration.fit(rows, truths, 1.0)

    assert fitted((2.0,)) > 0.85
    assert fitted((-2.0,)) < 0.15


def test_words_of_strangers_do_not_stay_in_the_vocabulary() -> None:
    nlp = pipeline.load()
    pipeline.score(nlp, [["hello"]])
    before = len(nlp.vocab.strings)

    pipeline.score(nlp, [[f"strange{n}" for n in range(200)]])

    assert before == len(nlp.vocab.strings)


def test_figures_count_what_they_say(tmp_path: object) -> None:
    figures = evaluation.measure([], "none")

    assert (0, 0.0) == (figures["mails"], figures["auto_share"])


def test_the_card_is_written_from_the_figures() -> None:
    assert card.CARD.read_text("utf-8") == card.text()

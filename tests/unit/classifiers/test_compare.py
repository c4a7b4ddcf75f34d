"""Models are compared fairly: the same mails, and figures that count what they say."""

import json
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from classifiers import corpus
from classifiers.__main__ import app
from classifiers.pipeline import KINDS, RIGHTS
from classifiers.workshop import compare, tables, variants
from inbox_bot.domain.reading import Kind, Right
from tests.unit.classifiers.letters import letter

MAILS = 60


@pytest.fixture(scope="module", autouse=True)
def _small_corpora():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(corpus, "TRAINING", ("train_more", "train_fi"))
        patch.setattr(corpus, "CALIBRATION", "train_more")
        patch.setattr(corpus, "DEVELOPMENT", "train_hard_west")
        yield


@pytest.fixture(scope="module")
def learned():
    return compare.material(1, MAILS)


def mail(language, *labels, kind=Kind.REQUEST):
    return replace(
        corpus.load("train_more")[0],
        language=language,
        labels=frozenset(labels),
        kind=kind,
    )


def scores(*labels, kind=Kind.REQUEST, sure=1.0):
    told = {f"kind/{kind}", *(f"right/{label}" for label in labels)}
    return {name: sure if name in told else 0.0 for name in (*RIGHTS, *KINDS)}


def test_two_models_learn_and_are_measured_on_the_same_mails(learned):
    said: list[str] = []

    rows = compare.rows(["word-list", "bag-words"], learned, said.append, MAILS)

    assert ["word-list", "bag-words"] == list(rows)
    assert rows["word-list"]["kind_accuracy"] is None
    assert rows["bag-words"]["kind_accuracy"] > 0
    assert ["de", "fr", "nl"] == list(rows["bag-words"]["chosen"]["languages"])
    assert rows["bag-words"]["megabytes"] > 0
    assert len(said) == 4


def test_a_delete_word_is_a_deletion_and_all_else_access(learned):
    trained = compare.CONTENDERS["word-list"].train(learned)

    erased, lunch = trained.score([letter("Please erase me."), letter("Lunch?")])

    assert {"right/deletion": 1.0} == {name: p for name, p in erased.items() if p}
    assert {"right/access": 1.0} == {name: p for name, p in lunch.items() if p}


def test_figures_are_given_by_group_language_and_label():
    mails = [mail("en", Right.ACCESS), mail("nb", Right.DELETION)]
    said = [scores(Right.ACCESS), scores(Right.ACCESS)]

    found = compare.figures(mails, said, 0.5)

    assert found["macro_f1"] == {
        "all": 0.3333,
        "English": 1.0,
        "not English": 0.0,
        "Norwegian": 0.0,
        "other": 0.0,
    }
    assert {"en": 1.0, "nb": 0.0} == found["languages"]
    assert 0.6667 == found["labels"]["access"]
    assert 0.5 == found["exact_match"]


def test_the_threshold_is_the_one_that_separates():
    mails = [mail("en", Right.ACCESS), mail("en", Right.DELETION)]
    hesitant = [
        scores(Right.ACCESS, sure=0.3),
        scores(Right.DELETION, sure=0.3) | {"right/access": 0.2},
    ]

    assert 0.3 == compare.best_threshold(mails, hesitant)


def test_features_are_told_apart_by_what_they_are():
    tokens = ["delete", "^delet", "S/data", "C/erase", "P/want>erase", "LENGTH/7"]

    words = list(filter(variants.is_word, tokens))
    stems = list(filter(variants.is_word_or_stem, tokens))
    meanings = list(filter(variants.is_word_or_meaning, tokens))

    assert ["delete", "S/data"] == words
    assert ["delete", "^delet", "S/data"] == stems
    assert ["delete", "S/data", "C/erase", "P/want>erase"] == meanings


def test_rows_of_another_version_are_not_kept(tmp_path, monkeypatch, learned):
    monkeypatch.setattr(compare, "material", lambda *_: learned)
    old = {"model": "reading-old", "rows": {"tf-idf": {}}}
    (tmp_path / compare.FILE).write_text(json.dumps(old), "utf-8")

    compare.compare(["word-list"], 1, str, tmp_path)

    written = json.loads((tmp_path / compare.FILE).read_text("utf-8"))
    assert ["word-list"] == list(written["rows"])


def test_rows_of_the_same_version_stay_beside_a_new_one(tmp_path, monkeypatch, learned):
    monkeypatch.setattr(compare, "material", lambda *_: learned)
    first = compare.compare(["word-list"], 1, str, tmp_path)
    first["rows"]["tf-idf"] = first["rows"]["word-list"]
    (tmp_path / compare.FILE).write_text(json.dumps(first), "utf-8")

    both = compare.compare(["word-list"], 1, str, tmp_path)["rows"]

    assert ["word-list", "tf-idf"] == list(both)
    assert "`tf-idf`" in tables.comparison(both)
    assert "| access |" in tables.comparison_by("labels", both)


def test_the_command_tries_one_model_on_a_few_mails_and_prints_a_table():
    shown = CliRunner().invoke(app, ["compare", "--only", "word-list", "--limit", "20"])

    assert shown.exit_code == 0
    assert "| `word-list` |" in shown.output


def test_a_model_that_is_not_there_is_named():
    shown = CliRunner().invoke(app, ["compare", "--only", "oracle"])

    assert shown.exit_code == 2
    assert "oracle" in shown.output

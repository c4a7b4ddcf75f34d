"""Words become concepts, in every language the same ones."""

import tomllib
from pathlib import Path

import pytest

from classifiers import concepts
from classifiers.concepts import LANGUAGES, Lexicon, fold, split

FOLDER = Path(concepts.__file__).parent / "lexicon"


def names(text: str, *languages: str) -> set[str]:
    words = [word.text for word in split(text)]
    return {hit.concept for hit in concepts.find(words, languages)}


def entries(name: str) -> dict[str, list[str]]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))


def found(lexicon: Lexicon, text: str) -> list[tuple[str, int, int]]:
    return sorted(lexicon.find([word.text for word in split(text)]))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Please erase my data", "en"),
        ("Slett opplysningene mine", "nb"),
        ("Slett opplysningane mine", "nn"),
        ("Radera mina uppgifter", "sv"),
        ("Slet mine oplysninger", "da"),
        ("Löschen Sie meine Daten", "de"),
        ("Effacez mes données", "fr"),
        ("Borren mis datos", "es"),
        ("Verwijder mijn gegevens", "nl"),
        ("Cancellate i miei dati", "it"),
        ("Usuńcie moje dane", "pl"),
        ("Apaguem os meus dados", "pt"),
        ("Poistakaa tietoni", "fi"),
    ],
)
def test_the_same_wish_has_the_same_meaning_in_every_language(text, language):
    assert {"erase", "data"} <= names(text, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_words_for_every_concept_and_no_other(language):
    known = [name for table in entries("concepts").values() for name in table]

    assert known == list(entries(language))
    assert [] == [name for name, words in entries(language).items() if not words]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_entry_can_match(language):
    for words in entries(language).values():
        assert len(words) == len(set(words))
    concepts.lexicon(language)


def test_accents_and_case_do_not_count():
    assert "loschen" == fold("LÖSCHEN")
    assert "forespørsel".replace("ø", "o") == fold("Forespørsel")


def test_elided_words_stand_apart_and_contractions_together():
    assert ["l", "acces"] == [word.text for word in split("l'accès")]
    assert ["don't"] == [word.text for word in split("don’t")]


def test_offsets_point_into_the_text():
    text = "Où est l’accès ?"

    assert ["Où", "est", "l", "accès"] == [text[w.start : w.end] for w in split(text)]


def test_stars_match_the_rest_of_a_word():
    lexicon = Lexicon({"a": ["delet*"], "b": ["*form"], "c": ["*losch*"]})

    assert [("a", 0, 0)] == found(lexicon, "deleted")
    assert [("b", 0, 0)] == found(lexicon, "webform")
    assert [("c", 0, 0)] == found(lexicon, "Datenlöschung")
    assert [] == found(lexicon, "undelete former")


def test_a_phrase_matches_consecutive_words_and_a_blank_any_one_word():
    lexicon = Lexicon({"on": ["pass* on"], "no": ["kein _ mehr"], "three": ["a b c"]})

    assert [("on", 1, 2)] == found(lexicon, "they passed on it")
    assert [("no", 0, 2)] == found(lexicon, "kein Anruf mehr")
    assert [("three", 0, 2)] == found(lexicon, "a b c")
    assert [] == found(lexicon, "pass it on, kein mehr, a b")


def test_an_entry_without_any_word_is_refused():
    with pytest.raises(ValueError, match="nothing to match"):
        Lexicon({"a": ["..."]})

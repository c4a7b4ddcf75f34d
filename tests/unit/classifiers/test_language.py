"""Which languages are told apart."""

import pytest

from classifiers import language
from classifiers.concepts import LANGUAGES
from tests.unit.classifiers.letters import sight


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Please send me everything you know about me.", "en"),
        ("Jeg ønsker å få slettet alle opplysningene mine hos dere.", "nb"),
        ("Eg vil ikkje ha fleire tilbod frå dykk, og ber om sletting.", "nn"),
        ("Ich möchte, dass Sie meine Daten vollständig löschen.", "de"),
        ("Jag vill att ni raderar alla uppgifter om mig omedelbart.", "sv"),
        ("Jeg vil gerne have slettet alle de oplysninger, I har om mig.", "da"),
        ("Haluan, että kaikki minua koskevat tiedot poistetaan.", "fi"),
    ],
)
def test_a_language_is_recognised(words, code):
    assert code == language.detect(words)


def test_a_bare_code_has_no_language():
    assert language.detect("402 118") is None


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Žádám vás o výmaz všech mých osobních údajů, které uchováváte.", "cs"),
        ("Kérem, töröljék az összes személyes adatomat, amelyet tárolnak.", "hu"),
        ("Παρακαλώ διαγράψτε όλα τα προσωπικά μου δεδομένα.", "el"),
        ("Góðan dag, vinsamlegast eyðið öllum upplýsingum um mig.", "is"),
    ],
)
def test_a_language_that_is_not_handled_is_named(words, code):
    assert code == sight(words).language
    assert code not in language.HANDLED


def test_without_a_known_language_the_words_of_all_are_looked_for():
    assert LANGUAGES == language.readable(None)
    assert ("de", "en") == language.readable("de")
    assert ("en",) == language.readable("cs")

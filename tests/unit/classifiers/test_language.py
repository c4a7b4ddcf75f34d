"""Which languages are told apart."""

import pytest

from classifiers import language


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Please send me everything you know about me.", "en"),
        ("Jeg ønsker å få slettet alle opplysningene mine hos dere.", "nb"),
        ("Eg vil ikkje ha fleire tilbod frå dykk, og ber om sletting.", "nn"),
        ("Ich möchte, dass Sie meine Daten vollständig löschen.", "de"),
        ("Jag vill att ni raderar alla uppgifter om mig omedelbart.", "sv"),
    ],
)
def test_a_language_is_recognised(words: str, code: str) -> None:
    assert code == language.detect(words)


def test_a_bare_code_has_no_language() -> None:
    assert language.detect("402 118") is None


def test_german_is_not_handled() -> None:
    assert "de" not in language.HANDLED

"""What tells whose a text is goes; what it asks for stays."""

import pytest

from inbox_bot.services.learning.pseudonyms import pseudonymised


def told(text: str, name: str = "Kari Nordmann", address: str = "kari@fjord.example"):
    return pseudonymised(text, names=[name], addresses=[address])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I, KARI nordmann, ask", "I, Alex Alex, ask"),
        ("Karis konto, Kari's data", "Alexs konto, Alex's data"),
        ("Karina and Skari stay", "Karina and Skari stay"),
        ("write to me at the Fjord office", "write to me at the Alex office"),
        ("reach ola.hansen+x@example.com.", "reach alex@example.org"),
        ("I use kari@fjord.example", "I use alex@example.org"),
        ("see https://example.com/u/kari?x=1 now", "see https://example.org/page now"),
        ("I am @kari_n there", "I am @alex there"),
        ("call +47 (22) 33-44-55 please", "call +00 (00) 00-00-00 please"),
        ("born 01.02.1990", "born 00.00.0000"),
        ("customer no 4821", "customer no 0000"),
        ("case K7QF-2M9D", "case 0000-0000"),
        ("My name is Ola Hansen and I", "My name is Alex and I"),
        ("Ich heiße Jürgen Groß.", "Ich heiße Alex."),
        ("on behalf of Mrs. Holloway", "on behalf of Mrs. Alex"),
        ("Hei,\u2028jeg heter Åse", "Hei,\u2028jeg heter Alex"),
    ],
)
def test_what_tells_whose_it_is_is_replaced(text: str, expected: str):
    assert expected == told(text)


@pytest.mark.parametrize(
    "text",
    [
        "under Art. 15(1) and 17 GDPR",
        "Regulation (EU) 2016/679, articles 15, 17 and 21",
        "Cal. Civ. Code 1798.105",
        "I ask for a copy of my data within 30 days.",
        "Please erase me; mr right or not",
    ],
)
def test_what_is_asked_stays_as_it_was(text: str):
    assert text == told(text)


def test_the_name_of_a_function_is_no_name():
    text = "the privacy of my data, says the office"

    assert text == told(text, "Data Privacy Office", "privacy@office.example")


def test_a_name_of_two_letters_is_no_small_word():
    assert "Alex will bo her" == told("Bo will bo her", "Bo", "")


def test_what_is_put_in_for_an_address_is_not_taken_for_a_name():
    assert "to alex@example.org" == told("to a@b.test", "", "kari@example.org")


def test_a_particle_of_a_name_stays_in_the_text():
    assert "Merci de me dire" == told("Merci de me dire", "Anne de Lille", "")

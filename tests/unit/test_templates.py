"""The words of the outgoing mail: both languages whole, alike, and safe to send."""

import re
import tomllib
from collections import Counter
from datetime import date
from itertools import product
from pathlib import Path

import pytest

from inbox_bot.adapters.rendering import (
    MARKERS,
    TemplateRenderer,
    templates_root,
)
from inbox_bot.domain.effects import AUTOMATIC_BY, Letter
from inbox_bot.domain.reading import Right
from inbox_bot.domain.suppression import Scope
from inbox_bot.mime.markdown import to_html, to_text

MAIL = templates_root() / "mail"
LANGUAGES = ("en", "nb")
GREETING = {"en": "Hello,", "nb": "Hei!"}
CLOSING = {"en": "Kind regards", "nb": "Vennlig hilsen"}
THANKS = {"en": "Thank", "nb": "Takk"}
VOLUNTARY = {"en": "You do not have to", "nb": "Du trenger ikke å"}
CONSEQUENCE = {"en": "But without", "nb": "Men uten"}
UNDONE = {"en": "we delete nothing", "nb": "sletter vi ingenting"}
SHARED = ("_frame.md", "_code.md", "_remedies.md", "_to_agent.md")
SOURCES = (
    *SHARED,
    *(f"{letter}/{part}" for letter in Letter for part in ("subject.txt", "body.md")),
)
DRAFTS = tuple(letter for letter in Letter if letter not in AUTOMATIC_BY)
WITH_CODE = (
    Letter.VERIFY,
    Letter.VERIFY_REMINDER,
    Letter.CONFIRM_DELETION,
    Letter.CODE_EXPIRED,
    Letter.CONFIRM_AGENT,
)

KARI = {
    "company_name": "LeadJabber AS",
    "mailbox": "privacy@leadjabber.com",
    "policy_url": "https://leadjabber.com/privacy",
    "authority_name": "Datatilsynet",
    "authority_address": "Postboks 458 Sentrum, 0105 Oslo",
    "reference": "K7QF-2M9D",
    "receipt": date(2026, 3, 5),
    "due": date(2026, 4, 7),
    "expires": date(2026, 3, 19),
    "rights": (Right.ACCESS,),
    "scopes": (),
    "purposes": (),
    "address": "kari@example.org",
    "california": False,
    "agent": False,
    **MARKERS,
}
STOPPED = {
    "rights": (Right.ACCESS, Right.DELETION, Right.OPT_OUT),
    "scopes": (Scope.MARKETING, Scope.PARTNERS),
    "purposes": ("marketing",),
}
BY_AGENT = {"agent": True, "expires": None, "address": ""}
COMBINATIONS = (
    ((Letter.ACKNOWLEDGE, Letter.VERIFY), {}),
    ((Letter.ACKNOWLEDGE, Letter.OPT_OUT_DONE, Letter.VERIFY), STOPPED),
    ((Letter.OPT_OUT_DONE, Letter.VERIFY), STOPPED),
    ((Letter.ACKNOWLEDGE, Letter.OPT_OUT_DONE), STOPPED),
    ((Letter.OPT_OUT_DONE,), {**STOPPED, "rights": (Right.OPT_OUT,), "due": None}),
    ((Letter.ACKNOWLEDGE, Letter.PERMISSION), BY_AGENT),
    ((Letter.ACKNOWLEDGE, Letter.OPT_OUT_DONE, Letter.PERMISSION), STOPPED | BY_AGENT),
    (
        (Letter.OPT_OUT_DONE, Letter.PERMISSION),
        STOPPED | BY_AGENT | {"rights": (Right.OPT_OUT,), "due": None},
    ),
    (
        (Letter.VERIFIED, Letter.CONFIRM_DELETION),
        {"rights": (Right.ACCESS, Right.DELETION)},
    ),
    *(((letter,), {}) for letter in Letter),
)
SAID_OF_PEOPLE = re.compile(
    r"we (?:hold|have|store|keep) (?:data|information|records|you)|our records show"
    r"|your (?:account|data|records)|as a customer"
    r"|vi har (?:opplysninger|data|registrert)|kontoen din|opplysningene dine"
    r"|som kunde",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def renderer() -> TemplateRenderer:
    return TemplateRenderer(templates_root())


def read(language: str, name: str) -> str:
    return (MAIL / language / name).read_text("utf-8")


def text_of(renderer: TemplateRenderer, letters, language: str, **values) -> str:
    """Give the plain text as one line a paragraph, so that wraps split no phrase."""
    written = renderer.write(letters, language, KARI | values)
    return "\n\n".join(
        " ".join(paragraph.split())
        for paragraph in to_text(written.source).split("\n\n")
    )


# --- whole and alike


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_letter_has_a_subject_and_a_body_and_nothing_else_lies_there(language):
    names = {
        path.relative_to(MAIL / language).as_posix()
        for path in (MAIL / language).rglob("*")
        if path.is_file()
    }

    assert {*SOURCES, "words.toml"} == names


def test_the_bot_writes_english_and_norwegian(renderer):
    assert LANGUAGES == renderer.languages()


def test_every_letter_can_be_written_with_all_values_and_with_the_fewest(renderer):
    renderer.check()


@pytest.mark.parametrize("name", SOURCES)
def test_both_languages_ask_the_same_of_the_same_variables(name):
    def asked(language: str) -> Counter[str]:
        tags = re.findall(r"\{[{%].*?[%}]\}", read(language, name))
        return Counter(re.findall(r"\w+", re.sub(r"or \".*?\"", "", " ".join(tags))))

    assert asked("en") == asked("nb")


@pytest.mark.parametrize("name", SOURCES)
@pytest.mark.parametrize(
    "mark",
    [
        pytest.param(r"\[\[", id="placeholders"),
        pytest.param(r"\]\([^)]*\)", id="links"),
        pytest.param(r"^#+", id="headings"),
        pytest.param(r"^- ", id="points"),
    ],
)
def test_both_languages_are_built_alike(name, mark):
    def built(language: str) -> Counter[str]:
        return Counter(re.findall(mark, read(language, name), re.MULTILINE))

    assert built("en") == built("nb")


@pytest.mark.parametrize("table", ["rights", "scopes", "purposes"])
def test_both_languages_have_words_for_the_same_things(table):
    english, norwegian = (tomllib.loads(read(name, "words.toml")) for name in LANGUAGES)

    assert english[table].keys() == norwegian[table].keys()


@pytest.mark.parametrize("letter", Letter)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_subject_holds_the_reference_and_no_secret(renderer, language, letter):
    written = renderer.write((letter,), language, KARI)

    assert "(K7QF-2M9D)" in written.subject
    assert not any(marker in written.subject for marker in MARKERS.values())
    assert "kari" not in written.subject


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_pointer_without_a_case_has_no_empty_brackets(renderer, language):
    written = renderer.write((Letter.POINTER,), language, KARI | {"reference": ""})

    assert "(" not in written.subject
    assert not written.source.rstrip().endswith(":")


# --- one good mail


@pytest.mark.parametrize(("letters", "values"), COMBINATIONS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_pieces_make_one_mail(renderer, language, letters, values):
    written = renderer.write(letters, language, KARI | values)
    lines = to_text(written.source).split("\n")

    assert GREETING[language] == lines[0]
    assert 1 == lines.count(GREETING[language])
    assert 1 == sum(line.startswith(CLOSING[language]) for line in lines)
    assert 1 == lines.count("* * *")
    assert written.source.count(THANKS[language]) <= 1
    assert "\n\n\n" not in written.source
    assert "{" not in written.source


@pytest.mark.parametrize(("letters", "values"), COMBINATIONS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_footer_says_who_why_and_where_to_complain(
    renderer, language, letters, values
):
    text = text_of(renderer, letters, language, **values)
    footer = text.rpartition("* * *")[2]

    for words in (
        "LeadJabber AS",
        "privacy@leadjabber.com",
        "6(1)(c)" if language == "en" else "artikkel 6 nr. 1 bokstav c",
        "Datatilsynet",
        "https://leadjabber.com/privacy",
        "K7QF-2M9D",
    ):
        assert words in footer


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_order_of_the_pieces_is_kept(renderer, language):
    pieces = (Letter.ACKNOWLEDGE, Letter.OPT_OUT_DONE, Letter.VERIFY)
    text = text_of(renderer, pieces, language, **STOPPED)
    leads = {
        "en": ("Thank you for", "Your opt-out is done.", "Please confirm that you"),
        "nb": ("Takk for", "Reservasjonen er registrert.", "Bekreft at det var du"),
    }
    places = [text.index(lead) for lead in leads[language]]

    assert sorted(places) == places


@pytest.mark.parametrize("letter", WITH_CODE)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_proof_is_asked_for_by_one_button_or_one_code(renderer, language, letter):
    written = renderer.write((letter,), language, KARI)
    source = written.source.replace(MARKERS["link"], "https://example.com/verify/t")
    html = to_html(source, language=language, title=written.subject)

    assert 1 == written.source.count(MARKERS["link"])
    assert 1 == written.source.count(f"**{MARKERS['code']}**")
    assert 1 == html.count("inline-block")
    assert ":\nhttps://example.com/verify/t\n" in to_text(source)
    assert {"en": "19 March 2026", "nb": "19. mars 2026"}[language] in source


@pytest.mark.parametrize("letter", [*WITH_CODE, Letter.CODE_WRONG, Letter.PERMISSION])
@pytest.mark.parametrize("language", LANGUAGES)
def test_whoever_is_asked_learns_that_it_is_voluntary_and_what_follows(
    renderer, language, letter
):
    text = text_of(renderer, (letter,), language)

    assert VOLUNTARY[language] in text
    assert CONSEQUENCE[language] in text or UNDONE[language] in text


@pytest.mark.parametrize("letter", AUTOMATIC_BY)
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_automatic_letter_says_whether_data_is_held(renderer, language, letter):
    values = {"rights": tuple(Right), "scopes": tuple(Scope)}
    for agent, california in product((True, False), repeat=2):
        text = text_of(
            renderer, (letter,), language, agent=agent, california=california, **values
        )
        # "if it is about your personal data after all" speaks of the mail alone
        spoken = text.replace("about your personal data after all", "").replace(
            "personopplysningene dine", ""
        )

        assert SAID_OF_PEOPLE.search(spoken.partition("* * *")[0]) is None


@pytest.mark.parametrize("letter", AUTOMATIC_BY)
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_automatic_letter_waits_for_a_person_to_fill_a_gap(
    renderer, language, letter
):
    assert "[[" not in renderer.write((letter,), language, KARI).source


@pytest.mark.parametrize("letter", DRAFTS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_draft_has_a_gap_and_names_the_remedies(renderer, language, letter):
    written = renderer.write((letter,), language, KARI)
    text = text_of(renderer, (letter,), language)

    assert "[[" in written.source
    assert written.source.count("[[") == written.source.count("]]")
    assert "Datatilsynet, Postboks 458 Sentrum, 0105 Oslo" in text
    assert {"en": "to court", "nb": "domstolene"}[language] in text


@pytest.mark.parametrize("letter", DRAFTS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_californians_read_that_nobody_is_discriminated(renderer, language, letter):
    words = {"en": "not discriminate", "nb": "forskjellsbehandler deg ikke"}[language]

    assert words in text_of(renderer, (letter,), language, california=True)
    assert words not in text_of(renderer, (letter,), language, california=False)


# --- what single letters promise


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_access_answer_has_the_thirteen_elements_in_order(renderer, language):
    source = renderer.write((Letter.ACCESS_ANSWER,), language, KARI).source
    numbers = re.findall(r"^## (\d+)\. ", source, re.MULTILINE)

    assert [str(number) for number in range(1, 14)] == numbers
    assert "kari@example.org" in source


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_opt_out_of_sale_says_that_nothing_is_sold(renderer, language):
    words = {"en": "does not sell", "nb": "selger ikke"}[language]
    opted_out = {"rights": (Right.OPT_OUT,)}
    sale = {**opted_out, "scopes": (Scope.SALE_SHARING,)}
    marketing = {**opted_out, "scopes": (Scope.MARKETING,)}

    assert words in text_of(renderer, (Letter.OPT_OUT_DONE,), language, **sale)
    assert words not in text_of(renderer, (Letter.OPT_OUT_DONE,), language, **marketing)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_opt_out_names_what_stops_when_and_what_does_not(renderer, language):
    text = text_of(renderer, (Letter.OPT_OUT_DONE,), language, **STOPPED)
    expected = {
        "en": ("marketing and offers on behalf of partners", "at once", "receipts"),
        "nb": (
            "markedsføring og tilbud på vegne av samarbeidspartnere",
            "fra dette øyeblikket",
            "kvitteringer",
        ),
    }

    assert all(words in text for words in expected[language])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_done_opt_out_is_not_acknowledged_as_open(renderer, language):
    text = text_of(renderer, (Letter.ACKNOWLEDGE,), language, **STOPPED)
    words = {"en": "opt-out", "nb": "reservasjon"}[language]

    assert words not in text
    assert {"en": "marketing", "nb": "markedsføring"}[language] not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_agents_done_opt_out_waits_for_no_permission(renderer, language):
    values = STOPPED | BY_AGENT | {"rights": (Right.OPT_OUT,)}
    text = text_of(renderer, (Letter.PERMISSION,), language, **values)
    words = {"en": "is done either way", "nb": "gjelder uansett"}[language]

    assert words in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_agent_who_names_nobody_is_asked_for_the_address_alone(renderer, language):
    values = BY_AGENT | {"rights": (Right.OPT_OUT,)}
    text = text_of(renderer, (Letter.PERMISSION,), language, **values)
    words = {"en": "Which e-mail address is", "nb": "Hvilken e-postadresse"}[language]

    assert words in text
    assert {"en": "identity papers", "nb": "legitimasjon"}[language] not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_deletion_that_still_needs_its_second_step_is_not_said_to_begin(
    renderer, language
):
    both = (Right.ACCESS, Right.DELETION)
    words = {"en": "deletion of personal", "nb": "sletting av person"}[language]
    halfway = text_of(renderer, (Letter.VERIFIED,), language, rights=both)
    whole = text_of(renderer, (Letter.VERIFIED,), language, rights=(Right.DELETION,))

    assert words not in halfway
    assert words in whole


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reminder_without_a_code_of_its_own_points_to_the_first_mail(
    renderer, language
):
    written = renderer.write(
        (Letter.VERIFY_REMINDER,), language, KARI | {"expires": None}
    )

    assert not any(marker in written.source for marker in MARKERS.values())
    assert {"en": "earlier mail", "nb": "forrige e-posten"}[language] in written.source


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_template_speaks_of_a_person_of_the_company_by_name(language):
    words = " ".join(read(language, name) for name in SOURCES)

    assert "LeadJabber" not in words
    assert "Datatilsynet" not in words


def test_no_stray_file_lies_beside_the_languages():
    assert {MAIL / language for language in LANGUAGES} == set(Path(MAIL).iterdir())

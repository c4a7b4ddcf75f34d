"""The lines of `classify`, as the contract has them."""

import json

import pytest

from classifiers import output
from inbox_bot.domain.reading import Confidence, Evidence, Kind, Reading, Right

KEYS = {
    "id",
    "kind",
    "labels",
    "probabilities",
    "purposes",
    "mentioned",
    "decision",
    "language",
    "jurisdiction",
    "on_behalf",
    "evidence",
}


def test_a_reading_becomes_the_object_of_the_contract() -> None:
    reading = Reading(
        kind=Kind.REQUEST,
        labels=(Right.DELETION, Right.ACCESS),
        probabilities={Right.ACCESS: 0.98},
        purposes={Right.DELETION: ("comment",)},
        mentioned=("kari@example.org",),
        confidence=Confidence.AUTO,
        language="nb",
        jurisdiction="eu",
        evidence=(
            Evidence(label=Right.ACCESS, text="innsyn", start=4, end=10),
            Evidence(
                label=Right.DELETION, text="slett", start=0, end=5, place="subject"
            ),
        ),
    )

    shown = json.loads(json.dumps(output.to_json("7", reading)))

    assert set(shown) == KEYS
    assert ["access", "deletion"] == shown["labels"]
    assert {"deletion": ["comment"]} == shown["purposes"]
    assert ("auto", "request") == (shown["decision"], shown["kind"])
    assert [
        {"label": "access", "text": "innsyn", "start": 4, "end": 10},
        {"label": "deletion", "text": "slett", "start": 0, "end": 5, "in": "subject"},
    ] == shown["evidence"]


def test_a_line_becomes_a_message() -> None:
    line = {
        "id": "a",
        "from": "Kåre <kare@example.org>",
        "subject": "Sletting æøå",
        "body": "Slett meg.\n\n> gammelt",
        "headers": {"Auto-Submitted": "auto-replied"},
    }

    line_id, message = output.read_line(json.dumps(line))

    assert line_id == "a"
    assert message.sender is not None
    assert message.sender.addr_spec == "kare@example.org"
    assert (message.subject, message.author_text) == ("Sletting æøå", "Slett meg.")
    assert not message.answerable


def test_html_is_read_as_text() -> None:
    line = {
        "id": 1,
        "from": "a@example.org",
        "subject": "",
        "html": "<p>Stop <b>it</b>",
    }

    assert output.read_line(json.dumps(line))[1].author_text == "Stop it"


def test_a_header_can_not_smuggle_another() -> None:
    line = {
        "id": 1,
        "from": "a@example.org\nBcc: b@example.org",
        "subject": "x\r\n\r\ninjected body",
        "body": "own",
    }

    message = output.read_line(json.dumps(line))[1]

    assert message.author_text == "own"


@pytest.mark.parametrize(
    ("line", "line_id"),
    [
        ("no json", None),
        ("[1]", None),
        ('{"body": "x"}', None),
        ('{"id": "a"}', "a"),
        ('{"id": "a", "body": 3}', "a"),
        ('{"id": "a", "body": "x", "headers": []}', "a"),
        ('{"id": "a", "body": "x", "headers": {"X": 1}}', "a"),
        ('{"id": "a", "body": "x", "subject": null}', "a"),
    ],
)
def test_another_line_is_refused_with_its_id(line: str, line_id: str | None) -> None:
    with pytest.raises(output.LineError) as refused:
        output.read_line(line)

    assert refused.value.id == line_id

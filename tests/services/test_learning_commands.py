"""`classify corrections export` and `replay`, called as an operator calls them."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from inbox_bot.bootstrap import LazyClassifier
from inbox_bot.cli import app, learning
from inbox_bot.domain.message import InboundMessage
from inbox_bot.domain.reading import Reading, Right
from inbox_bot.services import review
from tests.world import World, reads

MAIL = b"From: kari@example.org\r\nSubject: Hi\r\n\r\nHello there\r\n"


class Wired:
    """As much of an application as these commands use."""

    def __init__(self, world: World) -> None:
        self.house = replace(world.house, keep_corrections=True)


@pytest.fixture
def house(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """A bot behind the command line, with a model that reads deletion everywhere."""

    def read(_: object, messages: Sequence[InboundMessage]) -> tuple[Reading, ...]:
        return tuple(reads(Right.DELETION) for _ in messages)

    wired = Wired(world)
    world.house = wired.house
    monkeypatch.setattr(learning, "application", lambda _: wired)
    monkeypatch.setattr(LazyClassifier, "read", read)
    return world


def call(*arguments: object, stdin: bytes = b"") -> Result:
    return CliRunner().invoke(app, [str(each) for each in arguments], input=stdin)


def objects(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def corrected(world: World) -> None:
    world.mail("hmm, æ", subject="Hei")
    world.poll()
    review.identify(world.house, world.case.id, by="Astrid", rights=[Right.ACCESS])


def test_corrections_are_printed_as_lines(house: World):
    corrected(house)

    result = call("classify", "corrections", "export")

    assert 0 == result.exit_code
    assert [("hmm, æ", ["access"])] == [
        (row["body"], row["labels"]) for row in objects(result.stdout)
    ]


def test_corrections_go_to_a_file_for_its_owner_alone(house: World, tmp_path: Path):
    corrected(house)
    file = tmp_path / "rows.jsonl"
    file.write_text("old", "utf-8")

    result = call("classify", "corrections", "export", "--output", file)

    assert (0, "") == (result.exit_code, result.stdout)
    assert ["hmm, æ"] == [row["body"] for row in objects(file.read_text("utf-8"))]
    assert 0o600 == file.stat().st_mode & 0o777


def test_a_file_that_cannot_be_written_is_named(house: World, tmp_path: Path):
    missing = tmp_path / "no" / "rows"

    result = call("classify", "corrections", "export", "--output", missing)

    assert (2, True) == (result.exit_code, "can't be written" in result.stderr)


def test_nothing_is_given_out_once_consent_is_withdrawn(
    house: World, monkeypatch: pytest.MonkeyPatch
):
    corrected(house)
    withdrawn = Wired(house)
    withdrawn.house = replace(withdrawn.house, keep_corrections=False)
    monkeypatch.setattr(learning, "application", lambda _: withdrawn)

    result = call("classify", "corrections", "export")

    assert (2, "") == (result.exit_code, result.stdout)
    assert "policy.keep_corrections is off" in result.stderr


def test_that_there_are_none_is_told_beside_the_output(house: World):
    result = call("classify", "corrections", "export")

    assert (0, "") == (result.exit_code, result.stdout)
    assert "no corrections are kept" in result.stderr


@pytest.mark.parametrize(
    "arguments", [["./corrections"], ["corrections"], ["export", "corrections"]]
)
def test_a_file_of_that_name_is_read_as_any_other(
    house: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
):
    for name in ("corrections", "export"):
        (tmp_path / name).write_bytes(MAIL)
    monkeypatch.chdir(tmp_path)

    result = call("classify", *arguments)

    assert [Path(name).name for name in arguments] == [
        row["id"] for row in objects(result.stdout)
    ]


def test_where_files_have_both_names_the_command_is_meant(
    house: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    for name in ("corrections", "export"):
        (tmp_path / name).write_bytes(MAIL)
    monkeypatch.chdir(tmp_path)

    assert "" == call("classify", "corrections", "export").stdout
    assert 2 == len(objects(call("classify", "./corrections", "export").stdout))


def test_lines_are_classified_as_before(house: World):
    result = call("classify", "--jsonl", stdin=b'{"id": 1, "body": "x"}\n')

    assert [1] == [row["id"] for row in objects(result.stdout)]


@pytest.mark.parametrize("words", [["export", "--help"], ["--help"]])
def test_the_words_behind_corrections_have_help_of_their_own(words: list[str]):
    result = call("classify", "corrections", *words)

    assert (0, True) == (
        result.exit_code,
        "classify corrections" in " ".join(result.stdout.split()),
    )


# --- replay


def played(world: World) -> None:
    for text in ("erase me", "copy of my data"):
        world.mail(f"{text}, says Kari of the violet umbrella")
    world.poll()


def test_a_replay_prints_what_would_differ_and_counts(house: World):
    played(house)

    result = call("replay")

    difference, counts = result.stdout.splitlines()
    assert 0 == result.exit_code
    assert difference.endswith(
        "request access auto (scripted) -> request deletion auto (scripted)"
    )
    assert "messages 2, read 2, differ 1" == counts
    assert "umbrella" not in result.output
    assert "kari" not in result.output.lower()


def test_a_replay_as_json_ends_with_its_counts(house: World):
    played(house)

    difference, counts = objects(call("replay", "--json", "--limit", 1).stdout)[-2:]

    assert {"messages": 1, "read": 1, "differ": 1} == counts
    assert (["access"], ["deletion"]) == (
        difference["old"]["labels"],
        difference["new"]["labels"],
    )


def test_a_replay_tells_how_far_it_got(house: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(learning, "_PROGRESS", 1)
    played(house)

    assert "2 messages ..." in call("replay").stderr


def test_a_folder_without_a_model_is_a_wrong_setting(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(learning, "application", lambda _: Wired(world))
    played(world)

    result = call("replay", "--model", tmp_path)

    assert 2 == result.exit_code
    assert f"The model in {tmp_path} can't be used" in result.stderr.replace("\n", "")


def test_a_folder_that_is_not_there_is_refused(house: World, tmp_path: Path):
    assert 2 == call("replay", "--model", tmp_path / "none").exit_code

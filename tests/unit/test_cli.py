"""Commands that need no server: what they print, refuse and write."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from inbox_bot.bootstrap import LazyClassifier
from inbox_bot.cli import app
from inbox_bot.domain.reading import Kind, Reading

MAIL = b"From: kari@example.org\r\nSubject: Hi\r\n\r\nHello there\r\n"


@pytest.fixture(autouse=True)
def _no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the model says is no matter of the command line."""

    def read(_: object, messages: list[object]) -> tuple[Reading, ...]:
        return tuple(Reading(kind=Kind.OTHER) for _ in messages)

    monkeypatch.setattr(LazyClassifier, "read", read)


def call(*arguments: object, stdin: bytes = b"") -> Result:
    return CliRunner().invoke(app, [str(each) for each in arguments], input=stdin)


def objects(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.mark.parametrize("raw", [b"", b"\0" * 99, bytes(range(256)), MAIL])
def test_parse_prints_a_line_for_each_file_whatever_is_in_it(
    tmp_path: Path, raw: bytes
):
    (tmp_path / "a").write_bytes(raw)
    (tmp_path / "b").write_bytes(MAIL)

    result = call("parse", tmp_path / "a", tmp_path / "b")

    assert 0 == result.exit_code
    assert [str(tmp_path / "a"), str(tmp_path / "b")] == [
        each["file"] for each in objects(result)
    ]


@pytest.mark.parametrize("command", ["parse", "classify"])
@pytest.mark.parametrize("name", ["", "missing"])
def test_a_file_that_cannot_be_read_is_named_before_anything_is_printed(
    tmp_path: Path, command: str, name: str
):
    (tmp_path / "mail").write_bytes(MAIL)

    result = call(command, tmp_path / "mail", tmp_path / name)

    assert (2, "") == (result.exit_code, result.stdout)


def test_lines_that_are_no_mail_are_answered_in_their_place():
    sent = (
        b'{"id": 1, "body": "x"}\n[]\n\n\xff\n{"id": "2", "body": "y"}\r\n{"id": 3}\n'
    )

    result = call("classify", "--jsonl", stdin=sent)

    assert 1 == result.exit_code
    assert [(1, False), (None, True), (None, True), ("2", False), (3, True)] == [
        (each["id"], "error" in each) for each in objects(result)
    ]


def test_lines_in_a_file_read_as_on_standard_input(tmp_path: Path):
    lines = '{"id": "æ", "body": "x\u2028y"}\n{"id": 2, "body": "y"}'.encode()
    (tmp_path / "lines").write_bytes(lines)

    from_file = call("classify", "--jsonl", tmp_path / "lines")

    assert 0 == from_file.exit_code
    assert from_file.stdout == call("classify", "--jsonl", stdin=lines).stdout


def test_half_a_character_is_printed_as_an_escape():
    result = call("classify", "--jsonl", stdin=b'{"id": "\\ud800", "body": "x"}')

    assert 0 == result.exit_code
    assert ["\ud800"] == [each["id"] for each in objects(result)]


def test_classify_reads_a_mail_from_standard_input():
    assert ["-"] == [each["id"] for each in objects(call("classify", stdin=MAIL))]


def test_init_writes_a_file_for_its_owner_alone(tmp_path: Path):
    file = tmp_path / "inbox-bot.toml"

    result = call("init", "--config", file)

    assert 0 == result.exit_code
    assert 0o600 == file.stat().st_mode & 0o777
    assert "inbox-bot migrate" in result.stdout


def test_init_leaves_a_file_alone(tmp_path: Path):
    file = tmp_path / "inbox-bot.toml"
    file.write_text("mine", encoding="utf-8")

    result = call("init", "--config", file)

    assert (2, "mine") == (result.exit_code, file.read_text(encoding="utf-8"))


def test_init_says_where_it_cannot_write(tmp_path: Path):
    result = call("init", "--config", tmp_path / "no" / "folder.toml")

    assert 2 == result.exit_code
    assert "can't be written (No such file or directory)" in result.stderr

"""Commands that read mail and change nothing: parse, classify."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from inbox_bot.bootstrap import LazyClassifier, LineError, read_line, to_json
from inbox_bot.cli.context import WORK_FAILED, bytes_of, command, print_json
from inbox_bot.cli.describe import describe
from inbox_bot.domain.message import InboundMessage
from inbox_bot.mime.parser import parse as parse_message

BATCH = 64

Files = Annotated[
    list[Path],
    typer.Argument(
        help="Raw messages.", show_default=False, exists=True, dir_okay=False
    ),
]


@command
def parse(
    files: Files,
    authserv_id: Annotated[
        str, typer.Option(help="Trust Authentication-Results of this server.")
    ] = "",
) -> None:
    """Print what the parser sees: one JSON object a line for each file."""
    for path in files:
        message = parse_message(bytes_of(path), authserv_id=authserv_id)
        print_json({"file": str(path), **describe(message)})


@command
def classify(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            help="Raw messages, or JSONL; none: standard input.",
            exists=True,
            dir_okay=False,
        ),
    ] = None,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="Each line is a JSON object.")
    ] = False,
) -> None:
    """Print what the classifier reads: one JSON object a line, in order.

    `classify corrections export` prints what staff corrected instead; a file of such a
    name is ./corrections.
    """
    reader = LazyClassifier()
    failed = False
    for batch in _batches(_messages(files or [], jsonl=jsonl)):
        messages = [item for _, item in batch if isinstance(item, InboundMessage)]
        readings = iter(reader.read(messages))
        for id_, item in batch:
            if isinstance(item, LineError):
                print_json({"id": id_, "error": str(item)})
                failed = True
            else:
                print_json(to_json(id_, next(readings)))
    if failed:
        raise typer.Exit(WORK_FAILED)


Item = tuple[object, InboundMessage | LineError]


def _messages(files: list[Path], *, jsonl: bool) -> Iterator[Item]:
    if jsonl:
        yield from (_item(line) for line in _lines(files) if line.strip())
        return
    for path in files:
        yield str(path), parse_message(bytes_of(path))
    if not files:
        yield "-", parse_message(sys.stdin.buffer.read())


def _item(line: str) -> Item:
    try:
        return read_line(line)
    except LineError as error:
        return error.id, error


def _lines(files: list[Path]) -> Iterator[str]:
    if not files:
        yield from map(_text, sys.stdin.buffer)
    for path in files:
        yield from map(_text, bytes_of(path).split(b"\n"))


def _text(line: bytes) -> str:
    return line.decode("utf-8", errors="replace")


def _batches(items: Iterator[Item]) -> Iterator[list[Item]]:
    batch: list[Item] = []
    for item in items:
        batch.append(item)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch

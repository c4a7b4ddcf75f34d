"""Commands of what staff taught and what another model would say: export, replay.

`corrections` is said behind `classify`, which takes files: only the words `corrections
export` (or `--help`) are a command, every other argument stays a file.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand
from typer.main import get_group
from typing_extensions import override

from inbox_bot.bootstrap import LazyClassifier
from inbox_bot.cli.context import (
    Config,
    Json,
    application,
    command,
    print_counts,
    print_json,
)
from inbox_bot.domain.reading import Reading
from inbox_bot.errors import RefusalError
from inbox_bot.services.learning import corrections as learned
from inbox_bot.services.learning import replay as replaying
from inbox_bot.services.learning.replay import Replayed

NAME = "corrections"
_BEHIND = ("export", "--help")
_PROGRESS = 10
"""Batches between two lines of progress."""

corrections = typer.Typer(
    no_args_is_help=True, help="What staff corrected, where settings allow to keep it."
)


class Classify(TyperCommand):
    """`classify`, with the commands of `corrections` behind it."""

    @override
    def make_context(
        self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any
    ) -> Any:
        """Hand over to `corrections` where it is called."""
        if args[:1] != [NAME] or args[1:2] not in [[word] for word in _BEHIND]:
            return super().make_context(info_name, args, parent, **extra)
        group = get_group(corrections)
        return group.make_context(f"{info_name} {NAME}", args[1:], parent, **extra)


@corrections.callback()
def _named() -> None:
    """Make a group of it, though it has one command."""


@corrections.command()
@command
def export(
    config: Config = None,
    output: Annotated[
        Path | None,
        typer.Option(help="A file for its owner alone; else standard output."),
    ] = None,
) -> None:
    """Print what staff corrected as rows of a corpus, one JSON object a line.

    They are what `python -m classifiers train --with FILE` takes.
    """
    rows = learned.rows(application(config).house)
    if not rows:
        typer.echo("inbox-bot: no corrections are kept.", err=True)
    if output is None:
        for row in rows:
            print_json(row)
        return
    _write(output, "".join(f"{json.dumps(row)}\n" for row in rows))


def _write(path: Path, text: str) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    try:
        with os.fdopen(os.open(path, flags, 0o600), "w", encoding="utf-8") as file:
            # A file that was there already has a mode of its own.
            path.chmod(0o600)
            file.write(text)
    except OSError as error:
        raise RefusalError(f"{path} can't be written ({error.strerror}).") from error


@command
def replay(
    config: Config = None,
    model: Annotated[
        Path | None,
        typer.Option(
            help="A folder with another model; else the shipped one.",
            exists=True,
            file_okay=False,
        ),
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, help="Only so many, the newest.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Read stored messages again; print what would be decided otherwise.

    Changes nothing. Each line names a message, its old reading and the new one.
    """
    house = application(config).house
    counts = {"messages": 0, "read": 0, "differ": 0}
    for one in _told(replaying.replay(house, LazyClassifier(model), limit=limit)):
        counts["messages"] += 1
        counts["read"] += one.new is not None
        counts["differ"] += one.differs
        if one.differs and one.old and one.new:
            _print(one.message_id, one.old, one.new, as_json=as_json)
    print_counts(counts, as_json=as_json)


def _told(batches: Iterator[tuple[Replayed, ...]]) -> Iterator[Replayed]:
    """Give the messages one by one; tell on standard error how far it got."""
    seen = 0
    for number, batch in enumerate(batches, start=1):
        yield from batch
        seen += len(batch)
        if number % _PROGRESS == 0:
            typer.echo(f"{seen} messages ...", err=True)


def _print(message_id: str, old: Reading, new: Reading, *, as_json: bool) -> None:
    before, after = _shown(old), _shown(new)
    if as_json:
        print_json({"id": message_id, "old": before, "new": after})
        return
    typer.echo(f"{message_id}  {_line(before)} -> {_line(after)}")


def _shown(reading: Reading) -> dict[str, Any]:
    return {
        "kind": reading.kind.value,
        "labels": sorted(label.value for label in reading.labels),
        "decision": reading.confidence.value,
        "model": reading.model,
    }


def _line(shown: dict[str, Any]) -> str:
    labels = ",".join(shown["labels"]) or "-"
    return f"{shown['kind']} {labels} {shown['decision']} ({shown['model'] or '-'})"

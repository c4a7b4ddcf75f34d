"""`python -m classifiers …`: train, evaluate, compare, card; for developers alone."""

from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from classifiers import corpus
from classifiers.workshop import card, evaluation, making, renewal, tables
from classifiers.workshop import compare as contest

app = typer.Typer(help=__doc__, no_args_is_help=True)


def _need_solver() -> None:
    """Say what to install, before an hour of work ends without it."""
    if find_spec("sklearn") is None:
        typer.echo(
            "To train, install scikit-learn: pip install 'inbox-bot[train]'", err=True
        )
        raise typer.Exit(1)


@app.command()
def train(
    also: Annotated[
        list[Path] | None,
        typer.Option(
            "--with",
            help="learn from the mails of this file, too; may be repeated",
            exists=True,
            dir_okay=False,
        ),
    ] = None,
) -> None:
    """Make the shipped model again from the corpora; equal files, equal model.

    Exit 1, and the old model stays, where the new one is worse on the development set.
    """
    _need_solver()
    files = also or []
    try:
        for file in files:
            corpus.read(file)
    except corpus.CorpusError as error:
        raise typer.BadParameter(str(error)) from error
    say = partial(typer.echo, err=True)
    if not renewal.renew(partial(making.make, say=say, also=files), typer.echo):
        raise typer.Exit(1)
    typer.echo(making.version(files))


@app.command()
def evaluate(
    name: Annotated[
        str, typer.Option("--set", help="development, calibration or heldout")
    ] = corpus.DEVELOPMENT,
) -> None:
    """Measure the shipped model, print the figures, write metrics/<set>.json."""
    if name not in card.SETS:
        raise typer.BadParameter(f"no such set: {name}")
    for key, value in evaluation.evaluate(name).items():
        if not isinstance(value, list | dict):
            typer.echo(f"{key}: {value}")


@app.command()
def compare(
    only: Annotated[
        list[str] | None, typer.Option(help="measure only this one; may be repeated")
    ] = None,
    epochs: Annotated[
        int, typer.Option(help="how often spaCy's networks see each mail")
    ] = contest.EPOCHS,
    limit: Annotated[
        int | None, typer.Option(help="try on so many mails; writes nothing")
    ] = None,
) -> None:
    """Measure other models beside ours; write metrics/compare.json, print a table."""
    _need_solver()
    names = only or list(contest.CONTENDERS)
    unknown = sorted(set(names) - set(contest.CONTENDERS))
    if unknown:
        raise typer.BadParameter(f"no such model: {', '.join(unknown)}")
    say = partial(typer.echo, err=True)
    if limit:
        found = contest.rows(names, contest.material(epochs, limit), say, limit)
    else:
        found = contest.compare(names, epochs, say)["rows"]
    typer.echo(tables.comparison(found))


@app.command("card")
def write_card() -> None:
    """Write MODEL_CARD.md from the figures."""
    card.CARD.write_text(card.text(), "utf-8")


if __name__ == "__main__":
    app()

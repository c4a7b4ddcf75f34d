"""`python -m classifiers …`: train, evaluate, card; for developers, not operators."""

from typing import Annotated

import typer

from classifiers import corpus
from classifiers.workshop import card, evaluation, making

app = typer.Typer(help=__doc__, no_args_is_help=True)


@app.command()
def train() -> None:
    """Make the shipped model again from the corpora; equal files, equal model."""
    making.make()
    typer.echo(making.version())


@app.command()
def evaluate(
    name: Annotated[
        str, typer.Option("--set", help="heldout or calibration")
    ] = corpus.CALIBRATION,
) -> None:
    """Measure the shipped model, print the figures, write metrics/<set>.json."""
    if name not in {corpus.CALIBRATION, corpus.HELD_OUT}:
        raise typer.BadParameter(f"no such set: {name}")
    for key, value in evaluation.evaluate(name).items():
        if not isinstance(value, list | dict):
            typer.echo(f"{key}: {value}")


@app.command("card")
def write_card() -> None:
    """Write MODEL_CARD.md from the figures."""
    card.CARD.write_text(card.text(), "utf-8")


if __name__ == "__main__":
    app()

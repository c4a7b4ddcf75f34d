"""The root of the command line; each group of commands has a module of its own."""

import os
from pathlib import Path
from typing import Annotated

import typer

from inbox_bot.cli import (
    cases,
    drafts,
    learning,
    reading,
    service,
    setup,
    staff,
    suppression,
)

app = typer.Typer(
    name="inbox-bot",
    help="Answers a company's privacy mailbox: on time, with proof, approved by people.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.command("demo")(setup.demo)
app.command("init")(setup.init)
app.command("doctor")(setup.doctor)
app.command("migrate")(setup.migrate)
app.command("run")(service.run)
app.command("poll")(service.poll)
app.command("dispatch")(service.dispatch)
app.command("tick")(service.tick)
app.command("parse")(reading.parse)
app.command("classify", cls=learning.Classify)(reading.classify)
app.command("replay")(learning.replay)
app.add_typer(cases.app, name="cases", help="List, show and open cases.")
app.add_typer(drafts.app, name="drafts", help="List, show, approve, reject drafts.")
app.add_typer(staff.app, name="staff", help="Who may sign in to the console.")
app.add_typer(suppression.app, name="suppression", help="The list of every stop.")


@app.callback()
def root(
    config: Annotated[
        Path | None,
        typer.Option(
            "--config",
            help="The settings file; else INBOX_BOT_CONFIG, else inbox-bot.toml.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Take the options that stand before a command, as its own would be."""
    if config is not None:
        os.environ["INBOX_BOT_CONFIG"] = str(config)

"""Commands that set the bot up: demo, init, doctor, migrate."""

import secrets
from typing import Annotated

import typer

from inbox_bot.adapters.db.schema import upgrade
from inbox_bot.cli.context import WORK_FAILED, Config, command, settings_of
from inbox_bot.doctor import examine
from inbox_bot.errors import RefusalError
from inbox_bot.settings import config_path
from inbox_bot.settings.example import example

OWNER_ONLY = 0o600


@command
def demo(
    port: Annotated[int, typer.Option(help="The console's port.")] = 8080,
    once: Annotated[
        bool, typer.Option("--once", help="Work through the samples, print, end.")
    ] = False,
) -> None:
    """Try it: embedded mail servers, sample mails, the bot and the console."""
    # Imported here: it needs the demo's own packages, which a server lacks.
    from inbox_bot import demo as show  # noqa: PLC0415

    raise typer.Exit(show.once() if once else show.run(port=port))


@command
def init(config: Config = None) -> None:
    """Write a commented settings file with a fresh master key."""
    path = config_path(config)
    if path.exists():
        raise RefusalError(f"{path} exists already; it was not changed.")
    try:
        path.touch(mode=OWNER_ONLY)
        path.write_text(example(secrets.token_hex(32)), encoding="utf-8")
    except OSError as error:
        raise RefusalError(f"{path} can't be written ({error.strerror}).") from error
    typer.echo(f"Wrote {path}. Fill in what is marked, then: inbox-bot migrate")


@command
def migrate(config: Config = None) -> None:
    """Bring the database to the current schema; a second run does nothing."""
    upgrade(settings_of(config).database.url)
    typer.echo("The database has the current schema. Check the rest: inbox-bot doctor")


@command
def doctor(config: Config = None) -> None:
    """Check settings, database, IMAP, SMTP, keys, templates, model; a line each."""
    well = True
    for finding in examine(settings_of(config)):
        mark = "ok  " if finding.ok else "FAIL"
        typer.echo(f"{mark} {finding.name}: {finding.text}")
        well = well and finding.ok
    if not well:
        raise typer.Exit(WORK_FAILED)

"""Commands that do the work: run, poll, dispatch, tick."""

import os
import socket
from datetime import datetime
from typing import Annotated

import typer

from inbox_bot.adapters.clock import FixedClock
from inbox_bot.bootstrap import build
from inbox_bot.cli.context import (
    Config,
    Json,
    application,
    command,
    print_counts,
    settings_of,
)
from inbox_bot.errors import RefusalError
from inbox_bot.services import dispatch as dispatching
from inbox_bot.services import polling, timers


@command
def run(config: Config = None) -> None:
    """Run the service: mailbox watch, scheduler, dispatch, web."""
    # Imported here: the web takes a while, and only this command serves it.
    from inbox_bot import running  # noqa: PLC0415

    built = application(config)
    web = built.settings.web
    typer.echo(f"Serving {web.base_url} on {web.host}:{web.port}", err=True)
    running.run(built)


@command
def poll(config: Config = None, as_json: Json = False) -> None:
    """Make one pass: fetch, accept, process."""
    built = application(config)
    result = polling.poll(built.house, built.mailboxes, built.watch)
    print_counts(result, as_json=as_json)


@command
def dispatch(config: Config = None, as_json: Json = False) -> None:
    """Make one pass over the outbox."""
    built = application(config)
    result = dispatching.dispatch_all(built.house, built.transport)
    print_counts(result, as_json=as_json)
    if result.retried:
        # Where the server is away and not a message at fault, say which setting it is.
        built.transport.check()


@command
def tick(
    config: Config = None,
    now: Annotated[
        str,
        typer.Option(help="Pretend it is this time; needs policy.simulation = true."),
    ] = "",
    as_json: Json = False,
) -> None:
    """Make one pass of everything that time brings."""
    settings = settings_of(config)
    clock = None
    if now:
        if not settings.policy.simulation:
            raise RefusalError("--now is only for trials: set policy.simulation = true")
        clock = FixedClock(_aware(now))
    built = build(settings, clock=clock)
    holder = f"{socket.gethostname()}:{os.getpid()}"
    result = timers.tick(built.house, holder)
    print_counts(result or timers.Ticked(), as_json=as_json)


def _aware(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise RefusalError(f"--now: {text} is no ISO time.") from error
    if moment.tzinfo is None:
        raise RefusalError("--now needs a zone, such as 2026-12-01T09:00:00+01:00.")
    return moment

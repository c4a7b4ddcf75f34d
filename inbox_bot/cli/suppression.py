"""Commands on the suppression list: check."""

from typing import Annotated

import typer

from inbox_bot.cli.context import Config, application, command
from inbox_bot.errors import RefusalError
from inbox_bot.services import queries
from inbox_bot.services.addresses import usable

app = typer.Typer(no_args_is_help=True)


@app.callback()
def group() -> None:
    """Look into the list of every stop."""


@app.command()
@command
def check(
    address: Annotated[str, typer.Argument(help="The address to look up.")],
    config: Config = None,
) -> None:
    """Say whether an address is suppressed, and for what."""
    if not usable(address):
        raise RefusalError("This is no address that mail could be sent to.")
    scopes = queries.suppressed(application(config).house, address)
    if scopes:
        typer.echo(f"suppressed: {', '.join(scopes)}")
    else:
        typer.echo("free")

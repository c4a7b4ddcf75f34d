"""Commands on members of staff: add, list, disable."""

import sys
from typing import Annotated

import typer

from inbox_bot.cli.context import Config, Json, application, command, print_json
from inbox_bot.services import staff

app = typer.Typer(no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="The name to sign in with.")]


@app.command()
@command
def add(
    name: Name,
    config: Config = None,
    password_stdin: Annotated[
        bool,
        typer.Option("--password-stdin", help="Read the password from standard input."),
    ] = False,
) -> None:
    """Add a member; the password is asked for and never stands in the call."""
    if password_stdin:
        password = sys.stdin.readline().rstrip("\n")
    else:
        password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    staff.add(application(config).house, name, password)
    typer.echo(f"{name} may sign in.")


@app.command("list")
@command
def list_(config: Config = None, as_json: Json = False) -> None:
    """List the members."""
    members = staff.listing(application(config).house)
    if as_json:
        print_json([{"name": m.name, "disabled": m.disabled} for m in members])
        return
    for member in members:
        typer.echo(f"{member.name}{' (disabled)' if member.disabled else ''}")


@app.command()
@command
def disable(name: Name, config: Config = None) -> None:
    """Keep a member from signing in; open sessions end."""
    staff.disable(application(config).house, name)
    typer.echo(f"{name} can't sign in any more.")

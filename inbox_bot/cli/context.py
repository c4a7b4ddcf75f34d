"""What every command shares: settings, exit codes, how results are printed."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, ParamSpec, TypeVar

import typer

from inbox_bot import telemetry
from inbox_bot.bootstrap import Application, build
from inbox_bot.errors import InboxBotError, RefusalError, SettingsError
from inbox_bot.settings import Settings, config_path, load

P = ParamSpec("P")
R = TypeVar("R")

WORK_FAILED = 1
CALL_WRONG = 2

Config = Annotated[
    Path | None,
    typer.Option(
        "--config",
        help="The settings file; else INBOX_BOT_CONFIG, else inbox-bot.toml.",
        show_default=False,
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


@contextmanager
def exit_codes() -> Iterator[None]:
    """Turn our errors into one clear line and the exit code of contract.md."""
    try:
        yield
    except (SettingsError, RefusalError) as error:
        typer.echo(f"inbox-bot: {error}", err=True)
        raise typer.Exit(CALL_WRONG) from error
    except InboxBotError as error:
        typer.echo(f"inbox-bot: {error}", err=True)
        raise typer.Exit(WORK_FAILED) from error


def command(function: Callable[P, R]) -> Callable[P, R]:
    """Wrap a command with logs and exit codes."""

    @wraps(function)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        telemetry.configure()
        with exit_codes():
            return function(*args, **kwargs)

    return wrapped


def settings_of(config: Path | None) -> Settings:
    """Load the settings of this call."""
    return load(config_path(config))


def application(config: Path | None) -> Application:
    """Build the application of this call."""
    return build(settings_of(config))


def print_counts(result: Any, *, as_json: bool) -> None:
    """Print a dataclass of counts: as one JSON object, or as words."""
    values = asdict(result) if is_dataclass(result) else dict(result)  # type: ignore[arg-type]
    if as_json:
        typer.echo(json.dumps(values))
        return
    typer.echo(", ".join(f"{name} {value}" for name, value in values.items()))


def print_json(value: Any) -> None:
    """Print one JSON object as one line; dates as ISO text."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    if not _is_unicode(text):
        text = json.dumps(value, default=str)
    typer.echo(text)


def bytes_of(path: Path) -> bytes:
    """Read a file that the call names; RefusalError where that fails."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise RefusalError(f"{path} can't be read ({error.strerror}).") from error


def _is_unicode(text: str) -> bool:
    """Tell halves of surrogate pairs, which no encoding takes, from text."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True

"""What proves the bot to a mail server, asked for anew at every log-in.

No connection is made here and no protocol is spoken; the adapters use what comes out.
"""

import shlex
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from inbox_bot.errors import SettingsError

# An identity provider answers within seconds; one that hangs must not hang the bot.
TOKEN_SECONDS = 60.0


class CredentialKind(StrEnum):
    """How a server is told who logs in."""

    PASSWORD = "password"  # noqa: S105 - the word, not a password
    TOKEN = "token"  # noqa: S105


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """A password or an OAuth 2.0 access token; never shown by `repr`."""

    kind: CredentialKind
    value: str = field(repr=False)


Secret = Callable[[], Credential]


def from_password(value: str) -> Secret:
    """Give the same password each time."""
    credential = Credential(kind=CredentialKind.PASSWORD, value=value)
    return lambda: credential


def from_password_file(path: Path, *, setting: str) -> Secret:
    """Read the password at each log-in, so that it can change under a running bot.

    A line break at the end is no part of it. The secret raises SettingsError, naming
    `setting`, where the file can't be read or holds nothing.
    """

    def read() -> Credential:
        try:
            value = path.read_text(encoding="utf-8").rstrip("\r\n")
        except OSError as error:
            raise SettingsError(
                f"{setting}: can't read {path} ({error.strerror})"
            ) from None
        except UnicodeDecodeError:
            raise SettingsError(f"{setting}: {path} is no UTF-8 text") from None
        if not value:
            raise SettingsError(f"{setting}: {path} is empty")
        return Credential(kind=CredentialKind.PASSWORD, value=value)

    return read


def from_token_command(
    command: str, *, setting: str, seconds: float = TOKEN_SECONDS
) -> Secret:
    """Run a command at each log-in; what it prints is the OAuth 2.0 access token.

    The command is split as a POSIX shell would, but no shell runs it. The secret
    raises SettingsError, naming `setting`, where the command fails, takes longer than
    `seconds` or prints anything but one token. What it wrote is never repeated.
    """
    try:
        arguments = shlex.split(command)
    except ValueError as error:
        raise SettingsError(f"{setting}: can't be split into words ({error})") from None
    if not arguments:
        raise SettingsError(f"{setting}: is empty")

    def ask() -> Credential:
        words = _output(arguments, setting, seconds).split()
        if len(words) != 1:
            raise SettingsError(f"{setting}: has to print one token and nothing else")
        return Credential(kind=CredentialKind.TOKEN, value=words[0])

    return ask


def _output(arguments: list[str], setting: str, seconds: float) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - the operator's own command, without shell
            arguments,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise SettingsError(f"{setting}: no answer in {seconds:g} s") from None
    except OSError as error:
        raise SettingsError(f"{setting}: can't be started ({error.strerror})") from None
    if done.returncode != 0:
        raise SettingsError(f"{setting}: ended with status {done.returncode}")
    # A token is ASCII (RFC 6750, section 2.1); anything else fails at the log-in.
    return done.stdout.decode("ascii", errors="replace")

"""Credentials come fresh, and neither they nor what a command says is ever shown."""

import sys
from pathlib import Path

import pytest

from inbox_bot.adapters.credentials import (
    CredentialKind,
    from_password,
    from_password_file,
    from_token_command,
)
from inbox_bot.errors import SettingsError

SETTING = "imap.token_command"


def python(code: str) -> str:
    return f'"{sys.executable}" -c "{code}"'


def test_a_password_stays_what_it_is() -> None:
    credential = from_password("correct horse")()

    assert (CredentialKind.PASSWORD, "correct horse") == (
        credential.kind,
        credential.value,
    )


def test_a_credential_is_never_shown() -> None:
    assert "correct" not in repr(from_password("correct horse")())


def test_a_password_file_is_read_at_each_log_in(tmp_path: Path) -> None:
    path = tmp_path / "password"
    secret = from_password_file(path, setting="imap.password_file")
    path.write_text("first \n")
    first = secret()
    path.write_text("blåbær\r\n")

    assert ["first ", "blåbær"] == [first.value, secret().value]


@pytest.mark.parametrize(
    ("content", "words"),
    [(None, "No such file"), (b"\n", "is empty"), (b"\xff\xfe", "no UTF-8")],
)
def test_a_password_file_that_cannot_be_used_names_its_setting(
    tmp_path: Path, content: bytes | None, words: str
) -> None:
    path = tmp_path / "password"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(SettingsError, match=rf"imap\.password_file: .*{words}"):
        from_password_file(path, setting="imap.password_file")()


def test_a_token_is_what_the_command_prints() -> None:
    credential = from_token_command(python("print('ya29.a b'[:6])"), setting=SETTING)()

    assert (CredentialKind.TOKEN, "ya29.a") == (credential.kind, credential.value)


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (python("raise SystemExit(3)"), "ended with status 3"),
        (python("print('hunter2'); raise SystemExit(1)"), "ended with status 1"),
        (python("print()"), "one token"),
        (python("print('hunter2 hunter2')"), "one token"),
        (python("input()"), "ended with status 1"),
        ("/nowhere/token", "can't be started"),
    ],
)
def test_a_command_that_fails_names_its_setting_and_repeats_nothing(
    command: str, words: str
) -> None:
    with pytest.raises(
        SettingsError, match=rf"^imap\.token_command: .*{words}"
    ) as caught:
        from_token_command(command, setting=SETTING)()

    assert "hunter2" not in str(caught.value)


def test_a_command_that_hangs_is_given_up() -> None:
    secret = from_token_command(
        python("import threading; threading.Event().wait()"),
        setting=SETTING,
        seconds=0.2,
    )

    with pytest.raises(SettingsError, match="no answer in"):
        secret()


@pytest.mark.parametrize("command", ["", "token 'half"])
def test_a_command_that_is_none_is_refused_at_once(command: str) -> None:
    with pytest.raises(SettingsError, match=r"imap\.token_command"):
        from_token_command(command, setting=SETTING)

"""What goes wrong outside is named in one line, and `run` outlives it."""

import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.e2e.bot import Bot, install
from tests.servers.dovecot import PASSWORD, Dovecot
from tests.servers.smtp import Peer
from tests.servers.system import free_port, wait_until

pytestmark = [pytest.mark.e2e, pytest.mark.imap]

STOP = "Please stop sending me marketing emails and take me off your list."


@pytest.fixture
def bot(tmp_path: Path, dovecot: Dovecot, smtp_peer: Peer) -> Bot:
    """A bot with an empty mailbox."""
    return install(tmp_path, dovecot, smtp_peer)


@contextmanager
def changed(bot: Bot, old: str, new: str) -> Iterator[None]:
    """Change a setting for as long as the block lasts."""
    file = bot.folder / "inbox-bot.toml"
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))
    yield
    file.write_text(text)


def complaint(bot: Bot, command: str, code: int) -> str:
    """Give the one line that a failing command prints."""
    (line,) = bot.run(command, code=code).stderr.splitlines()
    return line


def test_a_mailbox_in_trouble_is_named_and_nothing_is_lost(bot: Bot):
    bot.deliver(bot.message(STOP))

    with changed(bot, f'password = "{PASSWORD}"', 'password = "wrong"'):
        assert "imap.username, imap.password: " in complaint(bot, "poll", 2)
    with changed(bot, "ca_file = ", "# "):
        assert "imap.host: the certificate of" in complaint(bot, "poll", 2)
    with changed(bot, f"port = {bot.dovecot.imaps_port}", f"port = {free_port()}"):
        assert "imap.host, imap.port: no connection" in complaint(bot, "poll", 1)
        assert "FAIL imap: imap.host, imap.port: " in bot.run("doctor", code=1).stdout
    assert 1 == bot.json("poll")["processed"]


def test_a_key_of_another_installation_is_refused(bot: Bot):
    bot.deliver(bot.message(STOP))
    bot.json("poll")

    with changed(bot, "5a" * 32, "5b" * 32):
        assert "secrets.key: " in complaint(bot, "poll", 2)


def test_a_server_that_takes_no_mail_is_named(bot: Bot):
    bot.deliver(bot.message(STOP))
    bot.json("poll")

    with changed(bot, f"port = {bot.peer.port}", f"port = {free_port()}"):
        done = bot.run("dispatch", code=1)

    assert "inbox-bot: smtp.host, smtp.port: no connection" in done.stderr


def test_a_port_that_is_taken_is_named(bot: Bot):
    with socket.create_server(("127.0.0.1", bot.web_port)):
        done = bot.run("run", code=2)

    assert f"web.port: can't listen on 127.0.0.1:{bot.web_port}" in done.stderr


def test_run_outlives_a_mail_server_and_ends_when_told(bot: Bot, dovecot: Dovecot):
    process = bot.start("run")
    try:
        assert wait_until(lambda: state(bot) == (200, "ok"), seconds=60), bot.log()
        dovecot.stop()
        try:
            gone = wait_until(lambda: state(bot) == (503, "lost"), seconds=30)
        finally:
            dovecot.start()
        assert gone, bot.log()
        bot.deliver(bot.message(STOP))
        bot.next_for("kari@example.org", known=0)
        assert (200, "ok") == state(bot)
    finally:
        process.send_signal(signal.SIGTERM)
    assert 0 == process.wait(20)
    assert "imap.host, imap.port: no connection" in bot.log()
    assert "kari@example.org" not in bot.log()


def state(bot: Bot) -> tuple[int, str]:
    """Give what the health page says of the mailbox."""
    try:
        page = httpx.get(f"{bot.web}/healthz")
    except httpx.TransportError:
        return 0, ""
    return page.status_code, page.json().get("mailbox.INBOX", "")

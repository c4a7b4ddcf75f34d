"""inbox-bot as an operator has it: a settings file and a command, in subprocesses."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import httpx

from tests.servers.dovecot import PASSWORD, Dovecot
from tests.servers.smtp import Peer
from tests.servers.system import free_port, wait_until
from tests.world import as_message, text_of

BORDER = "mx.leadjabber.test"
PRIVACY = "privacy@leadjabber.com"
LINK = re.compile(r"(http://127\.0\.0\.1:\d+/verify/[a-z0-9]+)")

SETTINGS = """\
[company]
name = "LeadJabber AS"
mailbox = "privacy@leadjabber.com"
domains = ["leadjabber.com"]
policy_url = "https://leadjabber.example/privacy"

[imap]
host = "localhost"
port = {imaps_port}
username = "{user}"
password = "{password}"
ca_file = "{ca_file}"
folders = ["INBOX"]
authserv_id = "{border}"

[smtp]
host = "127.0.0.1"
port = {smtp_port}
security = "none"
sender = "privacy@leadjabber.com"
bounce_address = "bounces+{{token}}@leadjabber.com"

[database]
url = "{database}"

[storage]
path = "{blobs}"

[web]
base_url = "http://127.0.0.1:{web_port}"
port = {web_port}

[secrets]
key = "{key}"

[policy]
simulation = true
hourly_cap = 100000

[schedule]
poll_seconds = 1
dispatch_seconds = 1
tick_seconds = 1
lease_seconds = {lease_seconds}
"""


@dataclass(slots=True, kw_only=True)
class Bot:
    """One installation with its mailbox and its SMTP server."""

    folder: Path
    dovecot: Dovecot
    peer: Peer
    user: str
    web_port: int
    made: int = 0
    environment: dict[str, str] = field(default_factory=dict)

    # --- commands

    def start(self, *arguments: str) -> "subprocess.Popen[bytes]":
        """Start a command."""
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                self._command(*arguments),
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                cwd=self.folder,
                env=os.environ | self.environment,
            )

    def run(
        self, *arguments: str, code: int = 0, stdin: str = ""
    ) -> "subprocess.CompletedProcess[str]":
        """Run a command to its end and check its exit code."""
        done = subprocess.run(
            self._command(*arguments),
            capture_output=True,
            check=False,
            text=True,
            input=stdin,
            cwd=self.folder,
            env=os.environ | self.environment,
            timeout=120,
        )
        assert code == done.returncode, done.stdout + done.stderr
        return done

    def json(self, *arguments: str) -> Any:
        """Run a command with --json and give what it printed."""
        return json.loads(self.run(*arguments, "--json").stdout.splitlines()[-1])

    def _command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "inbox_bot", *arguments]

    @contextmanager
    def running(self) -> Iterator[None]:
        """Run the service for as long as the block lasts."""
        process = self.start("run")
        try:
            assert wait_until(self._answers, seconds=60), self.log()
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(40)

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.web}/healthz").status_code in {200, 503}
        except httpx.TransportError:
            return False

    @property
    def web(self) -> str:
        """Where the pages are."""
        return f"http://127.0.0.1:{self.web_port}"

    def log(self) -> str:
        """Everything the started commands printed."""
        path = self.folder / "log"
        return path.read_text() if path.exists() else ""

    # --- mail

    def message(
        self,
        text: str,
        *,
        sender: str = "Kari Nes <kari@example.org>",
        subject: str = "My data",
        reply_to: EmailMessage | None = None,
        headers: Mapping[str, str] | None = None,
        authenticated: bool = True,
    ) -> bytes:
        """Write a mail as somebody, with what the border server adds."""
        self.made += 1
        message = EmailMessage()
        if authenticated:
            message["Authentication-Results"] = f"{BORDER}; dmarc=pass"
        message["From"] = sender
        message["To"] = PRIVACY
        message["Subject"] = subject
        message["Date"] = format_datetime(datetime.now(UTC))
        message["Message-ID"] = f"<{self.made}.{self.user}>"
        if reply_to is not None:
            message["In-Reply-To"] = reply_to["Message-ID"]
            message["References"] = reply_to["Message-ID"]
        for name, value in (headers or {}).items():
            message[name] = value
        message.set_content(text)
        return message.as_bytes().replace(b"\n", b"\r\n")

    def deliver(self, raw: bytes) -> None:
        """Hand a mail to the mailbox over LMTP."""
        self.dovecot.deliver(raw, self.user)

    def received_by(self, address: str) -> list[EmailMessage]:
        """Give the mails that an address has got so far, oldest first."""
        return [
            as_message(mail.content)
            for mail in list(self.peer.accepted)
            if address in mail.rcpt_to
        ]

    def next_for(self, address: str, known: int) -> EmailMessage:
        """Wait for one more mail to an address than it is known to have."""
        arrived = wait_until(lambda: len(self.received_by(address)) > known, seconds=60)
        assert arrived, self.log()
        return self.received_by(address)[known]


def link_in(message: EmailMessage) -> str:
    """Give the link that a mail asks to be opened."""
    found = LINK.search(text_of(message))
    assert found is not None
    return found.group(1)


def install(
    folder: Path,
    dovecot: Dovecot,
    peer: Peer,
    *,
    database: str = "",
    lease_seconds: int = 300,
) -> Bot:
    """Set a bot up in a folder with an account of its own, and migrate it."""
    user = dovecot.add_user(f"privacy-{time.time_ns()}@example.test")
    bot = Bot(
        folder=folder, dovecot=dovecot, peer=peer, user=user, web_port=free_port()
    )
    settings = SETTINGS.format(
        imaps_port=dovecot.imaps_port,
        user=user,
        password=PASSWORD,
        ca_file=dovecot.ca_file,
        border=BORDER,
        smtp_port=peer.port,
        database=database or "sqlite:///var/bot.db",
        blobs="database" if database else "var/blobs",
        web_port=bot.web_port,
        key="5a" * 32,
        lease_seconds=lease_seconds,
    )
    (folder / "inbox-bot.toml").write_text(settings)
    bot.run("migrate")
    return bot

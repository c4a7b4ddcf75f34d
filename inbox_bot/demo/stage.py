"""Sets the demo up: servers, an empty house in a temporary folder, and takes it down.

No mail is written here and nothing is decided.
"""

import logging
import secrets
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import structlog
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource
from typing_extensions import override

from inbox_bot.adapters.clock import SystemClock
from inbox_bot.adapters.db.schema import upgrade
from inbox_bot.bootstrap import Application, build
from inbox_bot.demo.border import AUTHSERV_ID
from inbox_bot.demo.mailbag import Sample
from inbox_bot.demo.servers import HOST, Account, MailServer, running_server
from inbox_bot.demo.writing import Sending, Writing, compose, post
from inbox_bot.services import staff
from inbox_bot.settings import Settings

COMPANY = "LeadJabber AS"
DOMAIN = "leadjabber.example"
MAILBOX = f"privacy@{DOMAIN}"
BOUNCES = f"bounces@{DOMAIN}"
MEMBER = "demo"
"""The name under which the demo's member of staff signs in."""


class _Settings(Settings):
    """Settings that no environment can turn towards a real mailbox."""

    @override
    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        del settings_cls, env_settings, dotenv_settings, file_secret_settings
        return (init_settings,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A mail server with the bot beside it; `password` signs `MEMBER` in."""

    application: Application
    server: MailServer
    password: str

    def send(self, sendings: Sequence[Sending]) -> None:
        """Hand mails to the server for the bot's mailbox."""
        post(sendings, to=MAILBOX, host=HOST, port=self.server.smtp_port)

    def write(self, writing: Writing) -> Sending:
        """Send one mail now; RefusalError where it can't be written."""
        house = self.application.house
        sending = compose(
            writing,
            to=MAILBOX,
            date=house.clock.now(),
            message_id=f"{house.randomness.new_id()}@demo.example",
        )
        self.send([sending])
        return sending

    def send_samples(self, samples: Sequence[Sample]) -> tuple[Sending, ...]:
        """Send samples as they are, in order."""
        now = self.application.house.clock.now()
        sendings = tuple(sample.sending(to=MAILBOX, now=now) for sample in samples)
        self.send(sendings)
        return sendings


@contextmanager
def quiet() -> Iterator[None]:
    """Keep what the bot logs of its daily work off the screen: trouble alone shows."""
    before = structlog.get_config()
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING)
    )
    try:
        yield
    finally:
        structlog.configure(**before)


@contextmanager
def staged(*, port: int) -> Iterator[Stage]:
    """Set everything up for the length of a block; the web is to listen on `port`."""
    password = secrets.token_urlsafe(12)
    account = Account(
        mailbox=MAILBOX, bounces=BOUNCES, password=secrets.token_urlsafe(12)
    )
    with (
        quiet(),
        TemporaryDirectory(prefix="inbox-bot-demo-") as folder,
        running_server(account, SystemClock().now) as server,
    ):
        settings = _Settings(**_values(server, account, Path(folder), port))
        upgrade(settings.database.url)
        with closing(build(settings)) as application:
            staff.add(application.house, MEMBER, password)
            yield Stage(application=application, server=server, password=password)


def _values(
    server: MailServer, account: Account, folder: Path, port: int
) -> dict[str, Any]:
    return {
        "company": {
            "name": COMPANY,
            "mailbox": MAILBOX,
            "domains": [DOMAIN],
            "policy_url": f"https://www.{DOMAIN}/privacy",
        },
        "imap": {
            "host": HOST,
            "port": server.imap_port,
            "security": "none",
            "username": account.mailbox,
            "password": account.password,
            "authserv_id": AUTHSERV_ID,
        },
        "smtp": {
            "host": HOST,
            "port": server.smtp_port,
            "security": "none",
            "sender": MAILBOX,
            "bounce_address": BOUNCES.replace("@", "+{token}@"),
        },
        "database": {"url": f"sqlite:///{folder / 'demo.db'}"},
        "storage": {"path": str(folder / "blobs")},
        "web": {"base_url": f"http://{HOST}:{port}", "host": HOST, "port": port},
        "secrets": {"key": secrets.token_hex(32)},
        "policy": {"simulation": True},
        "schedule": {"poll_seconds": 5, "dispatch_seconds": 2, "tick_seconds": 5},
    }

"""The composition root: settings in, a wired application out.

The only place where adapters, the classifier and the services meet.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property, partial
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from classifiers.output import LineError, read_line, to_json
from inbox_bot.adapters.blobs import DatabaseBlobs, FileBlobs
from inbox_bot.adapters.calendars import PublicHolidays
from inbox_bot.adapters.clock import SystemClock
from inbox_bot.adapters.credentials import (
    Secret,
    from_password,
    from_password_file,
    from_token_command,
)
from inbox_bot.adapters.db.engine import make_engine
from inbox_bot.adapters.db.schema import check
from inbox_bot.adapters.db.unit_of_work import SqlUnitOfWork
from inbox_bot.adapters.endpoint import Endpoint, Security
from inbox_bot.adapters.imap import ImapMailboxes
from inbox_bot.adapters.imap_fetch import Limits
from inbox_bot.adapters.keys import KeyedHashes, KeyStore
from inbox_bot.adapters.randomness import Random
from inbox_bot.adapters.rendering import TemplateRenderer, templates_root
from inbox_bot.adapters.smtp import SmtpTransport
from inbox_bot.domain.clocks import Zones
from inbox_bot.domain.message import InboundMessage
from inbox_bot.domain.reading import Reading
from inbox_bot.errors import SettingsError
from inbox_bot.ports import Blobs, Classifier, Clock
from inbox_bot.services.house import Company, House, Post
from inbox_bot.services.polling import Watch
from inbox_bot.settings import Settings, master_key
from inbox_bot.settings.sections import ImapSettings, SmtpSettings

__all__ = [
    "Application",
    "LazyClassifier",
    "LineError",
    "build",
    "make_mailboxes",
    "make_transport",
    "read_line",
    "to_json",
]

PROBE = InboundMessage(sender=None, subject="Hello", author_text="Please write to me.")
"""What a model must be able to read before it is trusted with mail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """Everything that a command or a server works with; `close` frees connections."""

    settings: Settings
    house: House
    mailboxes: ImapMailboxes
    transport: SmtpTransport
    watch: Watch
    close: Callable[[], None]


class LazyClassifier:
    """The classifier, loaded before the first mail is taken up.

    Its library takes longer to import than most commands to run. A model that can't
    be loaded is the installation's fault and never a message's: SettingsError.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder

    def read(self, messages: Sequence[InboundMessage]) -> tuple[Reading, ...]:
        """Read messages, in order; reading none loads the model."""
        return self._reader.read(messages)

    @cached_property
    def _reader(self) -> Classifier:
        try:
            from classifiers.cascade import Reader  # noqa: PLC0415 - see above

            reader = Reader(self._folder) if self._folder else Reader()
            reader.read([PROBE])
        except (ImportError, OSError, LookupError, TypeError, ValueError) as error:
            raise SettingsError(
                f"The model{_in(self._folder)} can't be used ({type(error).__name__}):"
                " install inbox-bot anew, or run `python -m classifiers train`."
            ) from error
        return reader


def _in(folder: Path | None) -> str:
    return f" in {folder}" if folder else ""


def build(settings: Settings, *, clock: Clock | None = None) -> Application:
    """Wire the application.

    Raises SchemaError where the database needs `migrate`, SettingsError where a
    setting is wrong, DatabaseError where the database can't be reached.
    """
    check(settings.database.url)
    key = master_key(settings)
    engine = make_engine(settings.database.url)
    keys = KeyStore(settings.database.url, key)
    keys.check()
    hashing = KeyedHashes(key)
    house = House(
        unit_of_work=lambda: SqlUnitOfWork(engine, keys, hashing),
        reading=lambda: SqlUnitOfWork(engine, keys, hashing, reading=True),
        keys=keys,
        hashing=hashing,
        randomness=Random(),
        clock=clock or SystemClock(),
        calendars=PublicHolidays(settings.company.country),
        blobs=_blobs(settings, engine),
        classifier=LazyClassifier(),
        renderer=_renderer(settings),
        company=_company(settings),
        post=_post(settings),
        policy=settings.policy.to_policy(),
        keep_corrections=settings.policy.keep_corrections,
    )
    return Application(
        settings=settings,
        house=house,
        mailboxes=make_mailboxes(settings.imap, house.clock),
        transport=make_transport(settings.smtp),
        watch=Watch(
            folders=tuple(settings.imap.folders),
            processed_folder=settings.imap.processed_folder,
        ),
        close=partial(_close, engine, keys),
    )


def _close(engine: Engine, keys: KeyStore) -> None:
    engine.dispose()
    keys.close()


def make_mailboxes(imap: ImapSettings, clock: Clock) -> ImapMailboxes:
    """Give the watched account; SettingsError for clear text to another host."""
    return ImapMailboxes(
        endpoint=_endpoint("imap", imap),
        username=imap.username,
        secret=_secret("imap", imap) or from_password(""),
        limits=Limits(max_bytes=imap.max_bytes),
        now=clock.now,
        idle=imap.idle,
    )


def make_transport(smtp: SmtpSettings) -> SmtpTransport:
    """Give the way out; without a user name there is no log-in."""
    return SmtpTransport(
        endpoint=_endpoint("smtp", smtp),
        username=smtp.username,
        secret=_secret("smtp", smtp) if smtp.username else None,
        connections=smtp.connections,
    )


def _endpoint(section: str, server: ImapSettings | SmtpSettings) -> Endpoint:
    return Endpoint(
        section=section,
        host=server.host,
        port=server.port,
        security=Security(server.security),
        timeout=float(server.timeout),
        ca_file=server.ca_file,
    )


def _secret(section: str, server: ImapSettings | SmtpSettings) -> Secret | None:
    if server.password is not None:
        return from_password(server.password.get_secret_value())
    if server.password_file is not None:
        setting = f"{section}.password_file"
        return from_password_file(server.password_file, setting=setting)
    if server.token_command:
        setting = f"{section}.token_command"
        return from_token_command(server.token_command, setting=setting)
    return None


def _renderer(settings: Settings) -> TemplateRenderer:
    renderer = TemplateRenderer(templates_root())
    known = renderer.languages()
    for language in settings.policy.languages:
        if language not in known:
            raise SettingsError(
                f"policy.languages: there are no letters in {language!r}; it takes"
                f" {', '.join(known)}"
            )
    return renderer


def _blobs(settings: Settings, engine: Engine) -> Blobs:
    if settings.storage.path == "database":
        return DatabaseBlobs(engine)
    return FileBlobs(Path(settings.storage.path))


def _company(settings: Settings) -> Company:
    company = settings.company
    return Company(
        name=company.name,
        mailbox=company.mailbox,
        domains=frozenset(domain.lower() for domain in company.domains),
        policy_url=company.policy_url,
        authority_name=company.authority,
        authority_address=company.authority_address,
        zones=Zones(
            controller=ZoneInfo(company.timezone),
            consumer=ZoneInfo(company.consumer_timezone),
        ),
    )


def _post(settings: Settings) -> Post:
    return Post(
        sender=settings.smtp.sender,
        bounce_address=settings.smtp.bounce_address,
        authserv_id=settings.imap.authserv_id,
        base_url=settings.web.base_url,
        hourly_cap=settings.policy.hourly_cap,
        lease=timedelta(seconds=settings.schedule.lease_seconds),
    )

"""Checks that everything the bot needs is in order; one finding a line."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from inbox_bot.adapters.clock import SystemClock
from inbox_bot.adapters.db.schema import check
from inbox_bot.adapters.rendering import TemplateRenderer, templates_root
from inbox_bot.bootstrap import (
    Application,
    LazyClassifier,
    build,
    make_mailboxes,
    make_transport,
)
from inbox_bot.domain.message import InboundMessage
from inbox_bot.errors import InboxBotError
from inbox_bot.services import queries, staff
from inbox_bot.settings import Settings

PROBE = "doctor"
"""The name under which keys and storage are tried."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One check: what it looked at, whether it is well, and what to know."""

    name: str
    ok: bool
    text: str


def examine(settings: Settings) -> Iterator[Finding]:
    """Check one thing after another; a failed one doesn't stop the next."""
    yield Finding(name="settings", ok=True, text="complete and valid")
    yield _try("database", lambda: _database(settings))
    yield _try("imap", lambda: _imap(settings))
    yield _try("smtp", lambda: _smtp(settings))
    yield _try("keys", lambda: _keys(build(settings)))
    yield _try("storage", lambda: _storage(build(settings)))
    yield _try("templates", _templates)
    yield _try("model", _model)
    yield _try("staff", lambda: _staff(build(settings)))
    yield _try("service", lambda: _service(build(settings)))
    yield _bounces(settings)


def _try(name: str, check_it: Callable[[], str]) -> Finding:
    try:
        return Finding(name=name, ok=True, text=check_it())
    except InboxBotError as error:
        return Finding(name=name, ok=False, text=str(error))


def _database(settings: Settings) -> str:
    check(settings.database.url)
    return "reachable, schema current"


def _imap(settings: Settings) -> str:
    mailbox = make_mailboxes(settings.imap, SystemClock()).connect()
    try:
        for folder in settings.imap.folders:
            mailbox.wait(folder, 0)
    finally:
        mailbox.close()
    return f"logged in, {len(settings.imap.folders)} folder(s) readable"


def _smtp(settings: Settings) -> str:
    make_transport(settings.smtp).check()
    return "logged in" if settings.smtp.username else "reachable, without log-in"


def _keys(application: Application) -> str:
    keys = application.house.keys
    keys.create([PROBE])
    if keys.open(PROBE, keys.seal(PROBE, b"well", PROBE), PROBE) != b"well":
        raise InboxBotError("The key store gives back other bytes than it was given.")
    return "the master key opens the key store"


def _storage(application: Application) -> str:
    blobs = application.house.blobs
    blobs.put(PROBE, b"well")
    blobs.get(PROBE)
    blobs.delete(PROBE)
    return "raw messages can be kept"


def _templates() -> str:
    renderer = TemplateRenderer(templates_root())
    renderer.check()
    return f"all letters render in {', '.join(renderer.languages())}"


def _model() -> str:
    message = InboundMessage(
        sender=None, subject="Hello", author_text="Please send me a copy of my data."
    )
    (reading,) = LazyClassifier().read([message])
    return f"reads mail ({reading.model})"


def _staff(application: Application) -> str:
    active = [m for m in staff.listing(application.house) if not m.disabled]
    if not active:
        return "nobody can sign in to the console yet: inbox-bot staff add NAME"
    return f"{len(active)} may sign in to the console"


def _service(application: Application) -> str:
    health = queries.health(application.house)
    troubled = [
        f"{name} {value} since {since:%Y-%m-%d %H:%M} UTC"
        for name, (value, since) in sorted(health.notices.items())
        if value != "ok"
    ]
    if troubled:
        raise InboxBotError(
            f"last seen in trouble: {', '.join(troubled)}; the next pass that goes well"
            " clears it"
        )
    return f"{health.waiting} mail(s) waiting, {health.dead} undeliverable"


def _bounces(settings: Settings) -> Finding:
    address = settings.smtp.bounce_address
    if not address:
        text = (
            "smtp.bounce_address is empty: mail leaves with an empty sender, and"
            " answers that don't arrive stay unseen"
        )
    else:
        text = "mail to smtp.bounce_address must be delivered into a watched folder"
    return Finding(name="bounces", ok=True, text=text)

"""A whole bot in memory but for its database: mail in, people, time, mail out.

The classifier is told what to read; everything else but the two mail servers is the
real thing. Tests speak in terms of people and mails.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import format_datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from inbox_bot.adapters.blobs import FileBlobs
from inbox_bot.adapters.calendars import PublicHolidays
from inbox_bot.adapters.clock import FixedClock
from inbox_bot.adapters.randomness import Random
from inbox_bot.adapters.rendering import TemplateRenderer, templates_root
from inbox_bot.domain.case import Case
from inbox_bot.domain.circumstances import PolicySettings
from inbox_bot.domain.clocks import Zones
from inbox_bot.domain.message import InboundMessage
from inbox_bot.domain.reading import Confidence, Kind, Reading, Right
from inbox_bot.domain.records import Draft, DraftState
from inbox_bot.services import dispatch as dispatching
from inbox_bot.services import polling, queries, review, timers
from inbox_bot.services.house import Company, House, Post
from inbox_bot.services.polling import Polled, Watch
from tests.builders import house_at
from tests.fakes.mailbox import FakeMailboxes
from tests.fakes.transport import FakeTransport

MONDAY = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
PRIVACY = "privacy@leadjabber.com"
KARI, OLA = "kari@example.org", "ola@example.net"
BORDER = "mx.leadjabber.com"
WATCH = Watch(folders=("INBOX",))
CODE = re.compile(r"\b(\d{3} \d{3})\b")
LINK = re.compile(r"/verify/([a-z0-9]+)")


@dataclass(slots=True)
class ScriptedClassifier:
    """Reads what the test says; a mail it was not told about is uncertain.

    Readings are chosen by a word of the author's text, so that order does not matter.
    """

    readings: dict[str, Reading] = field(default_factory=dict)

    def read(self, messages: Sequence[InboundMessage]) -> tuple[Reading, ...]:
        """Give each message the reading of the first known word in it."""
        return tuple(self._one(message) for message in messages)

    def _one(self, message: InboundMessage) -> Reading:
        text = f"{message.subject}\n{message.author_text}"
        for word, reading in self.readings.items():
            if word in text:
                return reading
        return Reading(kind=Kind.OTHER, language="en")


def reads(
    *labels: Right,
    kind: Kind = Kind.REQUEST,
    language: str = "en",
    certain: bool = True,
    purposes: Mapping[Right, tuple[str, ...]] | None = None,
    mentioned: tuple[str, ...] = (),
    jurisdiction: str | None = "eu",
) -> Reading:
    """Give a reading."""
    return Reading(
        kind=kind,
        labels=tuple(sorted(labels)),
        purposes=purposes or {},
        mentioned=mentioned,
        confidence=Confidence.AUTO if certain else Confidence.HOLD,
        language=language,
        jurisdiction=jurisdiction,
        model="scripted",
    )


READINGS = {
    "copy of my data": reads(Right.ACCESS),
    "erase me": reads(Right.DELETION),
    "stop writing": reads(Right.OPT_OUT, purposes={Right.OPT_OUT: ("marketing",)}),
    "all at once": reads(Right.ACCESS, Right.DELETION, Right.OPT_OUT),
    "stop for my client": reads(Right.AGENT, Right.OPT_OUT, mentioned=(OLA,)),
    "for my client": reads(Right.ACCESS, Right.AGENT, mentioned=(OLA,)),
    "wrong name": reads(Right.CORRECTION),
    "invoice": reads(kind=Kind.OTHER),
    "thank you": reads(kind=Kind.OTHER),
    "winner": reads(kind=Kind.SPAM),
    "code": reads(kind=Kind.VERIFICATION_REPLY),
    "any news": reads(kind=Kind.FOLLOW_UP, certain=False),
    "innsyn": reads(Right.ACCESS, language="nb"),
}


@dataclass(slots=True, kw_only=True)
class World:
    """The bot with everything around it."""

    house: House
    clock: FixedClock
    mailboxes: FakeMailboxes
    transport: FakeTransport
    classifier: ScriptedClassifier
    made: int = 0

    # --- mail in

    def mail(
        self,
        text: str,
        *,
        sender: str = KARI,
        subject: str = "Hello",
        reply_to: EmailMessage | None = None,
        headers: Mapping[str, str] | None = None,
        authenticated: bool = True,
        received_at: datetime | None = None,
        message_id: str = "",
    ) -> None:
        """Somebody writes to the privacy mailbox."""
        self.made += 1
        received = received_at or self.clock.now()
        message = EmailMessage()
        if authenticated:
            message["Authentication-Results"] = f"{BORDER}; dmarc=pass"
        message["From"] = sender
        message["To"] = PRIVACY
        message["Subject"] = subject
        message["Date"] = format_datetime(received)
        message["Message-ID"] = message_id or f"<{self.made}@mail.example>"
        if reply_to is not None:
            message["In-Reply-To"] = reply_to["Message-ID"]
            message["References"] = reply_to["Message-ID"]
        for name, value in (headers or {}).items():
            message[name] = value
        message.set_content(text)
        self.put(message.as_bytes().replace(b"\n", b"\r\n"), received)

    def put(self, raw: bytes, received_at: datetime | None = None) -> None:
        """Raw bytes arrive."""
        self.mailboxes.add("INBOX", raw, received_at or self.clock.now())

    def poll(self) -> Polled:
        """Make one pass over the mailbox."""
        return polling.poll(self.house, self.mailboxes, WATCH)

    # --- mail out

    def dispatch(self) -> dispatching.Dispatched:
        """Send what is due."""
        return dispatching.dispatch_all(self.house, self.transport)

    def receive(self, address: str = KARI) -> list[EmailMessage]:
        """Poll, dispatch, and give the new mails that an address got."""
        before = len(self.transport.sent)
        self.poll()
        self.dispatch()
        return [
            as_message(mail.content)
            for mail in self.transport.sent[before:]
            if address in mail.rcpt_to
        ]

    # --- people and time

    def pass_time(self, **span: float) -> None:
        """Let time go by and let it bring what is due."""
        self.clock.set(self.clock.now() + timedelta(**span))
        timers.tick(self.house, "test")

    @property
    def case(self) -> Case:
        """The only case."""
        (case,) = self.cases
        return case

    @property
    def cases(self) -> tuple[Case, ...]:
        """Every case, closed ones too."""
        return queries.cases(self.house, only_open=False)

    @property
    def draft(self) -> Draft:
        """The only open draft."""
        (draft,) = self.drafts
        return draft

    @property
    def drafts(self) -> list[Draft]:
        """Every open draft."""
        return [draft for draft, _ in queries.drafts(self.house)]

    def complete(self, draft: Draft, by: str = "Astrid") -> Draft:
        """A member of staff fills the gaps and confirms the match."""
        source = re.sub(
            r"\[\[.*?\]\]", "written by Astrid", draft.source, flags=re.DOTALL
        )
        return review.save_draft(
            self.house,
            draft.id,
            by=by,
            subject=draft.subject,
            source=source,
            match_confirmed=True,
            version=draft.version,
        )

    def approve(self, draft: Draft, by: str = "Astrid") -> None:
        """A member of staff completes and approves a draft."""
        review.approve_draft(self.house, self.complete(draft, by).id, by=by)

    def state_of(self, draft: Draft) -> DraftState:
        """Where a draft stands now."""
        found, _ = queries.draft(self.house, draft.id)
        return found.state

    def actions(self) -> list[str]:
        """What the record of the only case says was done, in order."""
        file = queries.case_file(self.house, self.case.reference)
        return [event.action for event in file.events]


def as_message(content: bytes) -> EmailMessage:
    """Parse a mail that was sent."""
    message = message_from_bytes(content, policy=default)
    assert isinstance(message, EmailMessage)
    return message


def text_of(message: EmailMessage) -> str:
    """The text part of a mail."""
    part = message.get_body(preferencelist=("plain",))
    assert part is not None
    return str(part.get_content())


def code_in(message: EmailMessage) -> str:
    """The code that a mail asks to be sent back."""
    found = CODE.search(text_of(message))
    assert found is not None
    return found.group(1)


def token_in(message: EmailMessage) -> str:
    """The secret of the link in a mail."""
    found = LINK.search(text_of(message))
    assert found is not None
    return found.group(1)


@contextmanager
def world_at(
    url: str,
    folder: Path,
    *,
    policy: PolicySettings | None = None,
    hourly_cap: int = 200,
) -> Iterator[World]:
    """Open a bot on a database."""
    clock = FixedClock(MONDAY)
    classifier = ScriptedClassifier(dict(READINGS))
    with house_at(url) as store:
        house = House(
            unit_of_work=store.unit,
            reading=partial(store.unit, reading=True),
            keys=store.keys,
            hashing=store.hashing,
            randomness=Random(),
            clock=clock,
            calendars=PublicHolidays(),
            blobs=FileBlobs(folder / "blobs"),
            classifier=classifier,
            renderer=TemplateRenderer(templates_root()),
            company=Company(
                name="LeadJabber AS",
                mailbox=PRIVACY,
                domains=frozenset({"leadjabber.com"}),
                policy_url="https://leadjabber.example/privacy",
                authority_name="Datatilsynet",
                authority_address="Postboks 458 Sentrum, 0105 Oslo",
                zones=Zones(
                    controller=ZoneInfo("Europe/Oslo"),
                    consumer=ZoneInfo("America/Los_Angeles"),
                ),
            ),
            post=Post(
                sender=PRIVACY,
                bounce_address="bounces+{token}@leadjabber.com",
                authserv_id=BORDER,
                base_url="http://127.0.0.1:8080",
                hourly_cap=hourly_cap,
            ),
            policy=policy or PolicySettings(),
        )
        yield World(
            house=house,
            clock=clock,
            mailboxes=FakeMailboxes(),
            transport=FakeTransport(),
            classifier=classifier,
        )

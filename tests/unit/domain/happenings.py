"""What the domain tests say happens: mails of Kari and Ola, time, and decisions."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from inbox_bot.domain.case import Case, Request
from inbox_bot.domain.circumstances import Circumstances, PolicySettings
from inbox_bot.domain.clocks import Zones
from inbox_bot.domain.effects import (
    Decision,
    Effect,
    Letter,
    PrepareDraft,
    Record,
    Send,
)
from inbox_bot.domain.happenings import Happening, Mail, MailArrived
from inbox_bot.domain.policy import decide
from inbox_bot.domain.reading import Confidence, Kind, Reading, Right

KARI, OLA, AGENT = "kari@example.org", "ola@example.net", "agent@agency.example"
MONDAY = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
OSLO, LOS_ANGELES = ZoneInfo("Europe/Oslo"), ZoneInfo("America/Los_Angeles")
ZONES = Zones(controller=OSLO, consumer=LOS_ANGELES)
EASTER = frozenset(date(2026, 4, day) for day in (2, 3, 5, 6))
EffectT = TypeVar("EffectT", bound=Effect)


def ids() -> Iterator[str]:
    """Fresh ids that can be read: id-1, id-2, ..."""
    number = 0
    while True:
        number += 1
        yield f"id-{number}"


def reads(*labels: Right, **changes: Any) -> Reading:
    """A reading that the bot may believe."""
    reading = Reading(
        kind=Kind.REQUEST,
        labels=labels,
        confidence=Confidence.AUTO,
        language="en",
        jurisdiction="eu",
    )
    return replace(reading, **changes)


ACCESS, DELETION, OPT_OUT = (
    reads(Right.ACCESS),
    reads(Right.DELETION),
    reads(Right.OPT_OUT),
)
THANKS = reads(kind=Kind.OTHER)
UNSURE = reads(kind=Kind.FOLLOW_UP, confidence=Confidence.HOLD)


def a_mail(reading: Reading = ACCESS, **changes: Any) -> Mail:
    """Kari's authenticated mail, just received."""
    mail = Mail(
        id="mail-1",
        sender=KARI,
        received_at=MONDAY,
        reading=reading,
        authenticated=True,
    )
    return replace(mail, **changes)


@dataclass(slots=True)
class Table:
    """One case on the table, and what the last decision did."""

    case: Case | None = None
    now: datetime = MONDAY
    policy: PolicySettings = field(default_factory=PolicySettings)
    sent_today: dict[str, int] = field(default_factory=dict)
    recent_cases: int = 0
    effects: tuple[Effect, ...] = ()
    fresh: Iterator[str] = field(default_factory=ids)

    @property
    def around(self) -> Circumstances:
        return Circumstances(
            now=self.now,
            policy=self.policy,
            holidays=EASTER,
            zones=ZONES,
            ids=self.fresh,
            automatic_today=self.sent_today,
            recent_cases=self.recent_cases,
        )

    def happens(self, happening: Happening) -> Decision:
        """Decide and keep the outcome."""
        decision = decide(self.case, happening, self.around)
        self.case, self.effects = decision.case, decision.effects
        return decision

    def arrives(self, mail: Mail, **changes: Any) -> Decision:
        """A mail arrives, for the case on the table if there is one."""
        mail = replace(mail, received_at=changes.pop("received_at", self.now))
        mail = replace(mail, **changes)
        return self.happens(MailArrived(mail=mail, reference="K7QF-2M9D"))

    def passes(self, **span: float) -> None:
        """Time goes by, and brings nothing."""
        self.now += timedelta(**span)

    @property
    def open_case(self) -> Case:
        assert self.case is not None
        return self.case

    @property
    def request(self) -> Request:
        """The only request."""
        (request,) = self.open_case.requests
        return request

    def of(self, right: Right | None) -> Request:
        """The newest request for a right."""
        return [r for r in self.open_case.requests if r.right is right][-1]

    @property
    def letters(self) -> tuple[Letter, ...]:
        """What the one mail of the last decision is made of; () where none left."""
        sent = self.all(Send)
        assert len(sent) <= 1
        return sent[0].post.letters if sent else ()

    @property
    def written_to(self) -> str:
        """To whom the one mail goes."""
        (sent,) = self.all(Send)
        return sent.post.to

    @property
    def drafted(self) -> list[tuple[Letter, ...]]:
        """The letters of each draft of the last decision."""
        return [effect.post.letters for effect in self.all(PrepareDraft)]

    @property
    def actions(self) -> list[str]:
        """What the last decision records, in order."""
        return [effect.action for effect in self.all(Record)]

    def recorded(self, action: str) -> dict[str, str]:
        """The data of the one event of this name."""
        (found,) = [e.data for e in self.all(Record) if e.action == action]
        return dict(found)

    def all(self, kind: type[EffectT]) -> list[EffectT]:
        """The effects of a kind, in order."""
        return [effect for effect in self.effects if isinstance(effect, kind)]


def a_table(reading: Reading | None = None, **changes: Any) -> Table:
    """A table on which a mail with this reading has just arrived."""
    mail = changes.pop("mail", {})
    table = Table(**changes)
    if reading is not None:
        table.arrives(a_mail(reading, **mail))
    return table

"""What `decide` may know besides the case: one frozen value, gathered by the service.

Nothing here reads a clock or a table; everything was looked up before.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from inbox_bot.domain.clocks import DueDates, Zones, due_dates
from inbox_bot.domain.jurisdictions import regimes_for


class Automatic(StrEnum):
    """What the bot may write without a person (`policy.automatic`)."""

    ACKNOWLEDGE = "acknowledge"
    VERIFY = "verify"
    OPT_OUT = "opt_out"
    PERMISSION = "permission"
    CONFIRM = "confirm"
    HELD = "held"
    POINTER = "pointer"


DEFAULT_AUTOMATIC = frozenset(Automatic) - {Automatic.HELD, Automatic.POINTER}


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicySettings:
    """The company's choices; spans of time as timedelta, caps as counts."""

    automatic: frozenset[Automatic] = DEFAULT_AUTOMATIC
    answer_within: timedelta = timedelta(days=7)
    languages: tuple[str, ...] = ("en", "nb")
    address_daily_cap: int = 3
    cap_window: timedelta = timedelta(hours=24)
    repeat_window: timedelta = timedelta(days=7)
    proof_lifetime: timedelta = timedelta(days=14)
    proof_attempts: int = 3
    remind_requester_after: timedelta = timedelta(days=4)
    give_up_before_due: timedelta = timedelta(days=7)
    remind_staff_before_due: timedelta = timedelta(days=7)
    escalate_before_due: timedelta = timedelta(days=2)
    quiet_period: timedelta = timedelta(days=3)

    def language(self, read: str | None) -> str:
        """Choose the language of the answers: the sender's, its sister, or the first."""
        for wanted in (read, _SISTERS.get(read or "")):
            if wanted in self.languages:
                return wanted
        return self.languages[0]


_SISTERS = {"nn": "nb", "no": "nb", "nb": "nn"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """Everything around a happening that the decision depends on.

    `automatic_today` counts automatic mails of the last 24 hours by address;
    `recent_cases` the other open cases that the sender began in the repeat window;
    `ids` yields fresh ids.
    """

    now: datetime
    policy: PolicySettings
    holidays: frozenset[date]
    zones: Zones
    ids: Iterator[str]
    automatic_today: Mapping[str, int] = field(default_factory=dict)
    recent_cases: int = 0

    def dates(self, receipt: datetime, jurisdiction: str | None) -> DueDates:
        """Compute a request's dates in these circumstances."""
        regimes = regimes_for(jurisdiction)
        return due_dates(receipt, regimes, self.holidays, self.zones)

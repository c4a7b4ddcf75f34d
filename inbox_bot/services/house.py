"""What every use case works with: the ports and the company's facts, wired once.

No logic; `bootstrap` fills it, tests fill it with what they need.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from inbox_bot.domain.circumstances import PolicySettings
from inbox_bot.domain.clocks import Zones
from inbox_bot.ports import (
    Blobs,
    Calendars,
    Classifier,
    Clock,
    Hashing,
    Keys,
    Randomness,
    Renderer,
    UnitOfWork,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """Who answers: facts that letters and decisions speak of."""

    name: str
    mailbox: str
    domains: frozenset[str]
    policy_url: str
    authority_name: str
    authority_address: str
    zones: Zones


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """How mail leaves and is recognised when it comes back.

    `bounce_address` may hold `{token}`; "" makes mail leave with the null sender.
    """

    sender: str
    bounce_address: str
    authserv_id: str
    base_url: str
    hourly_cap: int = 200
    attempts: int = 8
    lease: timedelta = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """The wired ports; each use case takes what it needs from here.

    `reading` opens a unit of work that keeps no writer waiting; `keep_corrections` is
    the consent to learn from what staff correct.
    """

    unit_of_work: Callable[[], UnitOfWork]
    reading: Callable[[], UnitOfWork]
    keys: Keys
    hashing: Hashing
    randomness: Randomness
    clock: Clock
    calendars: Calendars
    blobs: Blobs
    classifier: Classifier
    renderer: Renderer
    company: Company
    post: Post
    policy: PolicySettings = field(default_factory=PolicySettings)
    keep_corrections: bool = False

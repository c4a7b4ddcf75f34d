"""Legal dates and their derivation in words; pure arithmetic on given calendars.

Which regime binds is `jurisdictions`' matter. A calendar is the set of public
holidays; Saturdays and Sundays are always days off.
"""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from inbox_bot.domain.jurisdictions import RULES, Regime, Rule

SATURDAY = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Zones:
    """The two zones in which a receipt may fall on different days."""

    controller: tzinfo
    consumer: tzinfo


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDates:
    """The dates that bind a request.

    `due` is the safest date, the earliest over all regimes; `latest` the last lawful
    one under the reading that gives most time, again the earliest over all regimes.
    """

    regimes: tuple[Regime, ...]
    due: date
    latest: date
    derivation: tuple[str, ...]


def add_months(start: date, months: int) -> date:
    """Give the same day-number `months` later, or that month's last day.

    Source: Regulation 1182/71 Art. 3(2)(c).
    """
    index = start.year * 12 + start.month - 1 + months
    year, month = divmod(index, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last))


def roll(day: date, holidays: frozenset[date]) -> date:
    """Move a day off to the next working day (Regulation 1182/71 Art. 3(4))."""
    while day.weekday() >= SATURDAY or day in holidays:
        day += timedelta(days=1)
    return day


def receipt_day(receipt: datetime, zones: Zones) -> date:
    """Give the earlier of the two local dates of a receipt: the safe start."""
    return min(
        receipt.astimezone(zones.controller).date(),
        receipt.astimezone(zones.consumer).date(),
    )


def due_dates(
    receipt: datetime,
    regimes: Sequence[Regime],
    holidays: frozenset[date],
    zones: Zones,
) -> DueDates:
    """Compute the dates of a request received at `receipt` (aware)."""
    start = receipt_day(receipt, zones)
    dated = [_under(RULES[regime], start, holidays) for regime in regimes]
    lines = [f"Received {receipt.isoformat()}; the safe first date is {start}."]
    lines += [line for _, _, derivation in dated for line in derivation]
    due = min(due for due, _, _ in dated)
    latest = min(latest for _, latest, _ in dated)
    if len(dated) > 1:
        lines.append(f"The earliest binds: due {due}, last lawful date {latest}.")
    return DueDates(
        regimes=tuple(regimes), due=due, latest=latest, derivation=tuple(lines)
    )


def _under(
    rule: Rule, start: date, holidays: frozenset[date]
) -> tuple[date, date, list[str]]:
    if rule.months:
        nominal = add_months(start, rule.months)
        latest = roll(nominal, holidays) if rule.rolls else nominal
        words = f"{rule.name}: {rule.months} month(s) after {start} is {nominal}"
        if latest != nominal:
            words += f", a day off, so the period ends on {latest}"
        return latest, latest, [f"{words} ({rule.source})."]
    latest = start + timedelta(days=rule.days)
    due = latest - timedelta(days=1) if rule.counts_receipt_day else latest
    words = (
        f"{rule.name}: {rule.days} calendar days, at the latest {latest}; counting the"
        f" day of receipt as the first, {due} ({rule.source})."
    )
    return due, latest, [words]

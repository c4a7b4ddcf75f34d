"""Dates and times as people say them, exact ones for a closer look.

Console English; letters and public pages have their own words.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from babel.dates import format_date, format_datetime, format_timedelta

_LOCALE = "en_GB"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """Speaks of times as seen now and in the controller's zone."""

    now: datetime
    zone: tzinfo

    def exact(self, at: datetime) -> str:
        """Give a time to the minute, with its zone."""
        return format_datetime(
            at, "EEEE d MMMM y, HH:mm z", tzinfo=self.zone, locale=_LOCALE
        )

    def near(self, at: datetime) -> str:
        """Give the distance to a time: `3 hours ago`, `in 2 days`, `just now`."""
        if abs(at - self.now) < timedelta(minutes=1):
            return "just now"
        return format_timedelta(
            at - self.now, add_direction=True, threshold=1.2, locale=_LOCALE
        )

    def day(self, day: date) -> str:
        """Give a date: `Thursday 2 April 2026`."""
        return format_date(day, "EEEE d MMMM y", locale=_LOCALE)

    def short_day(self, day: date) -> str:
        """Give a date for a narrow place: `2 Apr 2026`."""
        return format_date(day, "d MMM y", locale=_LOCALE)

    def left(self, day: date) -> int:
        """Count the days until a date; negative when it has passed."""
        return (day - self.now.astimezone(self.zone).date()).days

    def until(self, day: date) -> str:
        """Give the distance to a date: `today`, `in 5 days`, `2 days late`."""
        days = self.left(day)
        if days in _CLOSE:
            return _CLOSE[days]
        return f"in {days} days" if days > 0 else f"{-days} days late"

    def local_input(self, at: datetime) -> str:
        """Give a time as a form's `datetime-local` field holds it."""
        return at.astimezone(self.zone).strftime("%Y-%m-%dT%H:%M")


_CLOSE = {-1: "1 day late", 0: "today", 1: "tomorrow"}

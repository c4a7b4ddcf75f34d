"""Clocks: the system's, the only place that asks what time it is, and a set one."""

from datetime import UTC, datetime


class SystemClock:
    """Implements `Clock`."""

    def now(self) -> datetime:
        """Give the current time in UTC."""
        return datetime.now(UTC)


class FixedClock:
    """Implements `Clock` with a time that only moves when told; for trials."""

    def __init__(self, now: datetime) -> None:
        self._now = now.astimezone(UTC)

    def now(self) -> datetime:
        """Give the set time."""
        return self._now

    def set(self, now: datetime) -> None:
        """Set the time; `now` is aware."""
        self._now = now.astimezone(UTC)

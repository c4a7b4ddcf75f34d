"""Column types of our own; tables live in `tables`."""

from datetime import UTC, datetime

from sqlalchemy import DateTime, Dialect
from sqlalchemy.exc import DontWrapMixin
from sqlalchemy.types import TypeDecorator
from typing_extensions import override


class NaiveDatetimeError(ValueError, DontWrapMixin):
    """A datetime without a zone was to be stored."""


def in_utc(moment: datetime) -> datetime:
    """Give the same moment in UTC; NaiveDatetimeError where its zone is unknown."""
    if moment.tzinfo is None:
        raise NaiveDatetimeError("A datetime without a zone can't be stored.")
    return moment.astimezone(UTC)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware when it goes in, UTC in the table, aware when it comes out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @override
    def process_bind_param(
        self, value: datetime | None, dialect: Dialect
    ) -> datetime | None:
        return None if value is None else in_utc(value)

    @override
    def process_result_value(
        self, value: datetime | None, dialect: Dialect
    ) -> datetime | None:
        if value is None:
            return None
        # SQLite gives back what it was given, without the zone.
        return value.replace(tzinfo=UTC) if value.tzinfo is None else in_utc(value)

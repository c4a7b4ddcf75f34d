"""Ids, tokens, codes, case numbers, the clock and the calendar."""

import re
from datetime import UTC, date, timedelta

import pytest

from inbox_bot.adapters.calendars import PublicHolidays
from inbox_bot.adapters.clock import SystemClock
from inbox_bot.adapters.randomness import Random
from inbox_bot.errors import SettingsError

MANY = 500


def test_ids_sort_by_time_and_never_repeat():
    drawn = [Random().new_id() for _ in range(MANY)]

    assert sorted(drawn, key=lambda each: each[:16]) == drawn
    assert MANY == len(set(drawn))


@pytest.mark.parametrize(
    ("draw", "shape"),
    [
        (Random().new_id, r"[0-9a-f]{32}"),
        (Random().token, r"[a-z2-7]{32}"),
        (Random().code, r"[0-9]{6}"),
        (Random().reference, r"[2-9A-HJKMNP-TV-Z]{4}-[2-9A-HJKMNP-TV-Z]{4}"),
    ],
    ids=["id", "token", "code", "reference"],
)
def test_each_kind_has_one_shape(draw, shape: str):
    drawn = [draw() for _ in range(MANY)]

    assert [] == [each for each in drawn if re.fullmatch(shape, each) is None]
    assert len(set(drawn)) > MANY * 0.9


def test_the_clock_tells_utc():
    before, after = SystemClock().now(), SystemClock().now()

    assert UTC == before.tzinfo
    assert timedelta(0) <= after - before < timedelta(minutes=1)


def test_the_calendar_covers_this_year_and_the_next():
    days = PublicHolidays().holidays(2026)

    assert {
        date(2026, 5, 17),
        date(2026, 4, 3),
        date(2026, 12, 25),
        date(2027, 1, 1),
    } <= days
    assert {2026, 2027} == {day.year for day in days}
    assert date(2026, 7, 4) not in days


def test_the_calendar_follows_the_country():
    assert date(2026, 7, 4) in PublicHolidays("US").holidays(2026)


def test_an_unknown_country_is_refused():
    with pytest.raises(SettingsError, match="XX"):
        PublicHolidays("XX")

"""Due dates: the vectors of the rules, two zones, and what holds for every receipt."""

import calendar
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox_bot.adapters.calendars import PublicHolidays
from inbox_bot.domain.clocks import add_months, due_dates, roll
from inbox_bot.domain.jurisdictions import Regime, regimes_for
from tests.unit.domain.happenings import EASTER, LOS_ANGELES, OSLO, ZONES

NORWAY = PublicHolidays()


def evening(day: str) -> datetime:
    """Seven or eight in Oslo, morning in Los Angeles: the same day in both."""
    return datetime.fromisoformat(day).replace(hour=18, tzinfo=UTC)


def gdpr(receipt: datetime) -> date:
    holidays = NORWAY.holidays(receipt.year)
    return due_dates(receipt, (Regime.GDPR,), holidays, ZONES).due


@pytest.mark.parametrize(
    ("received", "nominal", "due"),
    [
        ("2026-03-05", "2026-04-05", "2026-04-07"),
        ("2026-08-31", "2026-09-30", "2026-09-30"),
        ("2026-11-25", "2026-12-25", "2026-12-28"),
        ("2027-01-29", "2027-02-28", "2027-03-01"),
        ("2027-04-17", "2027-05-17", "2027-05-18"),
        ("2028-01-31", "2028-02-29", "2028-02-29"),
        ("2026-03-02", "2026-04-02", "2026-04-07"),
    ],
)
def test_a_month_ends_as_the_rules_compute_it(received, nominal, due):
    assert date.fromisoformat(nominal) == add_months(date.fromisoformat(received), 1)
    assert date.fromisoformat(due) == gdpr(evening(received))


@pytest.mark.parametrize(
    ("received", "safe", "legal"),
    [
        ("2026-11-20", "2027-01-03", "2027-01-04"),
        ("2026-11-22", "2027-01-05", "2027-01-06"),
    ],
)
def test_californias_45_days_are_counted_safely_and_never_roll(received, safe, legal):
    dates = due_dates(evening(received), (Regime.CCPA,), frozenset(), ZONES)

    assert (date.fromisoformat(safe), date.fromisoformat(legal)) == (
        dates.due,
        dates.latest,
    )


def test_the_earlier_of_two_local_days_is_the_first_day():
    early_in_oslo = datetime(2026, 6, 11, 0, 30, tzinfo=OSLO)

    assert date(2026, 6, 10) == early_in_oslo.astimezone(LOS_ANGELES).date()
    assert date(2026, 7, 10) == gdpr(early_in_oslo)


def test_a_later_day_in_los_angeles_cannot_be():
    late = datetime(2026, 6, 10, 23, 30, tzinfo=LOS_ANGELES)

    assert date(2026, 7, 10) == gdpr(late)


def test_the_same_instant_gives_the_same_date_in_any_zone():
    instant = datetime(2026, 6, 10, 3, tzinfo=UTC)

    assert gdpr(instant.astimezone(OSLO)) == gdpr(instant)


@pytest.mark.parametrize(
    ("jurisdiction", "regimes"),
    [
        ("eu", (Regime.GDPR,)),
        ("uk", (Regime.GDPR,)),
        ("us-ca", (Regime.GDPR, Regime.CCPA)),
        ("us", (Regime.GDPR, Regime.CCPA)),
        ("other", (Regime.GDPR, Regime.CCPA)),
        (None, (Regime.GDPR, Regime.CCPA)),
    ],
)
def test_the_gdpr_always_binds_and_california_wherever_it_may(jurisdiction, regimes):
    assert regimes == regimes_for(jurisdiction)


def test_the_earliest_of_several_regimes_binds_and_says_so():
    both = due_dates(evening("2026-03-05"), regimes_for(None), EASTER, ZONES)

    assert (date(2026, 4, 7), date(2026, 4, 7)) == (both.due, both.latest)
    assert (
        "The earliest binds: due 2026-04-07, last lawful date 2026-04-07."
        == (both.derivation[-1])
    )


def test_the_derivation_tells_start_rule_and_the_day_off():
    first, rule = due_dates(
        evening("2026-03-05"), (Regime.GDPR,), EASTER, ZONES
    ).derivation

    assert "2026-03-05" in first
    assert "1 month(s) after 2026-03-05 is 2026-04-05, a day off" in rule
    assert "Art. 12(3)" in rule


def test_a_day_that_is_no_day_off_stays_out_of_the_derivation():
    *_, rule = due_dates(
        evening("2026-08-31"), (Regime.GDPR,), EASTER, ZONES
    ).derivation

    assert "day off" not in rule


# --- what holds for every receipt

receipts = st.datetimes(
    min_value=datetime(2020, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(2040, 12, 31),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, OSLO, LOS_ANGELES]),
)
regimes = st.lists(st.sampled_from(Regime), min_size=1, max_size=2, unique=True)


@given(receipts, regimes)
def test_due_is_never_before_receipt_and_never_after_the_last_lawful_day(
    receipt, regimes
):
    dates = due_dates(receipt, regimes, NORWAY.holidays(receipt.year), ZONES)

    assert dates.due > receipt.astimezone(LOS_ANGELES).date()
    assert dates.due <= dates.latest


@given(receipts)
def test_a_gdpr_period_never_ends_on_a_day_off(receipt):
    due = gdpr(receipt)

    assert due.weekday() < calendar.SATURDAY
    assert due not in NORWAY.holidays(receipt.year)


@given(receipts)
def test_a_month_agrees_with_counting_day_by_day(receipt):
    start = min(receipt.astimezone(zone).date() for zone in (OSLO, LOS_ANGELES))
    day = start + timedelta(days=1)
    while day.day != start.day and day.month == start.month:
        day += timedelta(days=1)
    # Now in the next month: walk to the same number, or stop at the month's end.
    while day.day != start.day and (day + timedelta(days=1)).month == day.month:
        day += timedelta(days=1)
    while day.weekday() in {5, 6} or day in NORWAY.holidays(receipt.year):
        day += timedelta(days=1)

    assert day == gdpr(receipt)


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(1, 36))
def test_months_add_up(start, months):
    later = add_months(start, months)

    assert (start.year * 12 + start.month + months) == later.year * 12 + later.month
    assert later.day == start.day or (later + timedelta(days=1)).day == 1


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_rolling_moves_to_the_nearest_working_day(day):
    rolled = roll(day, EASTER)
    between = [day + timedelta(days=n) for n in range((rolled - day).days)]

    assert all(off.weekday() >= calendar.SATURDAY or off in EASTER for off in between)

"""What time brings, in one pass, for every case, by one process at a time."""

from datetime import timedelta

import pytest

from inbox_bot.domain.case import RequestState
from inbox_bot.errors import ConflictError, ForgottenError, IllegalMoveError
from inbox_bot.services import timers
from inbox_bot.services.timers import Ticked
from tests.world import KARI, OLA, World, text_of


def ask(world: World, *people: str) -> None:
    for person in people:
        world.mail("I want a copy of my data.", sender=person)
    world.poll()
    world.dispatch()


def tick(world: World, **span: float) -> Ticked | None:
    world.clock.set(world.clock.now() + timedelta(**span))
    return timers.tick(world.house, "test")


def test_before_its_time_nothing_happens(world):
    ask(world, KARI)

    assert Ticked() == tick(world, days=3)
    assert 0 == world.dispatch().claimed


def test_one_reminder_and_then_a_drafted_refusal_and_no_ending(world):
    ask(world, KARI)

    assert Ticked(reminders=1) == tick(world, days=4)
    (reminder,) = world.receive()
    assert "data" in text_of(reminder)
    assert Ticked() == tick(world, days=15)
    assert Ticked(reminders=1, drafted=1) == tick(world, days=14)
    assert Ticked(escalations=1) == tick(world, days=5)
    assert (0, RequestState.REVIEWING) == (world.dispatch().claimed, world.case.state)
    # What stays unanswered is brought up again, day after day.
    assert Ticked(escalations=1) == tick(world, days=1)
    assert Ticked(escalations=1) == tick(world, days=300)
    assert RequestState.REVIEWING is world.case.state
    assert world.case.attention


def test_what_stayed_quiet_settles(world):
    world.mail("Please stop writing to me.")
    world.poll()

    assert Ticked(settled=1) == tick(world, days=3)
    assert RequestState.CLOSED is world.case.state


def test_an_outage_brings_everything_at_once_in_order(world):
    ask(world, KARI)

    done = tick(world, days=40)

    assert Ticked(reminders=2, drafted=1, escalations=1) == done
    assert RequestState.REVIEWING is world.case.state


def test_only_one_process_ticks(world):
    ask(world, KARI)
    later = world.clock.now() + timedelta(days=4)
    world.clock.set(later)
    with world.house.unit_of_work() as uow:
        uow.leases.take("tick", "other", now=later, until=later + timers.LEASE)
        uow.commit()

    assert timers.tick(world.house, "test") is None
    world.clock.set(later + timers.LEASE)
    assert Ticked(reminders=1) == timers.tick(world.house, "test")


def test_the_lease_is_given_back(world):
    assert Ticked() == timers.tick(world.house, "one")
    assert Ticked() == timers.tick(world.house, "two")


def test_a_pass_does_not_stop_at_a_batch(world, monkeypatch):
    monkeypatch.setattr(timers, "BATCH", 1)
    ask(world, KARI, OLA, "per@example.net")

    assert Ticked(reminders=3) == tick(world, days=4)


@pytest.mark.parametrize("error", [ConflictError, ForgottenError, IllegalMoveError])
def test_trouble_in_one_case_does_not_stop_the_next(world, monkeypatch, error, logs):
    ask(world, KARI, OLA)
    real = timers._fire_all  # noqa: SLF001
    stumbled: list[str] = []

    def stumbling(house, case_id):
        if not stumbled:
            stumbled.append(case_id)
        if case_id in stumbled:
            raise error
        return real(house, case_id)

    with monkeypatch.context() as patched:
        patched.setattr(timers, "BATCH", 1)
        patched.setattr(timers, "_fire_all", stumbling)
        assert Ticked(reminders=1) == tick(world, days=4)

    assert stumbled == [entry["case"] for entry in logs if "case" in entry]
    assert Ticked(reminders=1) == tick(world, minutes=1)


def test_a_timer_that_another_one_overtook_is_gone(world):
    ask(world, KARI)
    world.mail("Please stop writing to me.", sender=OLA)
    world.poll()

    assert Ticked(settled=1) == tick(world, days=3)
    assert Ticked() == tick(world, hours=1)

"""Claiming and saving messages behaves the same on both databases."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest

from inbox_bot.domain.records import Inbound, InboundState
from inbox_bot.errors import ConflictError, NotFoundError
from tests.builders import LATER, NOW, SOON, House, an_inbound


def claim(house: House, *, now: datetime = NOW, limit: int = 10) -> Sequence[Inbound]:
    with house.unit() as uow:
        claimed = uow.inbound.claim(
            limit=limit,
            now=now,
            lease_until=now + timedelta(minutes=5),
            alone_after=2,
        )
        uow.commit()
    return claimed


def hold_three(house: House) -> None:
    house.holds(
        an_inbound("first", uid=1, received_at=NOW - timedelta(hours=3)),
        an_inbound("third", uid=3, received_at=NOW - timedelta(hours=1)),
        an_inbound("second", uid=2, received_at=NOW - timedelta(hours=2)),
    )


def test_the_oldest_receipt_is_claimed_first(house: House):
    hold_three(house)

    claimed = claim(house, limit=2)

    assert ["first", "second"] == [message.id for message in claimed]
    assert [(InboundState.CLAIMED, 1)] * 2 == [
        (message.state, message.attempts) for message in claimed
    ]


def test_what_is_claimed_is_not_claimed_again(house: House):
    hold_three(house)
    claim(house, limit=2)

    assert ["third"] == [message.id for message in claim(house)]


def test_a_claim_without_commit_holds_nothing(house: House):
    hold_three(house)
    with house.unit() as uow:
        uow.inbound.claim(limit=3, now=NOW, lease_until=SOON, alone_after=2)

    assert 3 == len(claim(house))


def test_what_was_claimed_too_often_is_claimed_alone(house: House):
    hold_three(house)
    often = [claim(house, now=NOW + timedelta(hours=hour)) for hour in range(2)]

    alone = claim(house, now=NOW + timedelta(hours=3))
    rest = claim(house, now=NOW + timedelta(hours=3))

    assert [3, 3] == [len(claimed) for claimed in often]
    assert [["first"], ["second"]] == [[m.id for m in part] for part in (alone, rest)]


def test_what_was_claimed_too_often_does_not_hold_up_the_others(house: House):
    house.holds(
        an_inbound("new", uid=1, received_at=NOW - timedelta(hours=3)),
        an_inbound("often", uid=2, attempts=2),
    )

    assert ["new"] == [message.id for message in claim(house)]
    assert ["often"] == [message.id for message in claim(house)]


def test_a_lease_that_ran_out_frees_the_message(house: House):
    house.holds(an_inbound())
    claim(house, now=NOW)

    assert () == claim(house, now=SOON - timedelta(seconds=1))
    assert [2] == [message.attempts for message in claim(house, now=SOON)]


def test_a_finished_message_is_never_claimed(house: House):
    house.holds(an_inbound())
    (message,) = claim(house)
    with house.unit() as uow:
        uow.inbound.save(replace(message, state=InboundState.PROCESSED))
        uow.commit()

    assert () == claim(house, now=LATER)


def test_a_worker_that_lost_its_claim_cannot_save(house: House):
    house.holds(an_inbound())
    (slow,) = claim(house, now=NOW)
    (quick,) = claim(house, now=SOON)
    given_back = replace(slow, state=InboundState.ACCEPTED)

    for late in (replace(slow, state=InboundState.PROCESSED), given_back):
        with house.unit() as uow, pytest.raises(ConflictError):
            uow.inbound.save(late)
    with house.unit() as uow:
        uow.inbound.save(replace(quick, state=InboundState.PROCESSED))
        uow.commit()
    with house.unit() as uow, pytest.raises(ConflictError):
        uow.inbound.save(given_back)


def test_a_claim_that_is_given_back_does_not_count(house: House):
    house.holds(an_inbound())
    (claimed,) = claim(house)
    with house.unit() as uow:
        uow.inbound.save(replace(claimed, state=InboundState.ACCEPTED))
        uow.commit()

    assert [1] == [message.attempts for message in claim(house)]


def test_a_late_worker_frees_nothing_that_another_works_on(house: House):
    house.holds(an_inbound())
    (slow,) = claim(house, now=NOW)
    (quick,) = claim(house, now=SOON)
    with house.unit() as uow, pytest.raises(ConflictError):
        uow.inbound.save(replace(slow, state=InboundState.ACCEPTED))

    assert () == claim(house, now=SOON)
    with house.unit() as uow:
        uow.inbound.save(replace(quick, state=InboundState.PROCESSED))
        uow.commit()


def test_a_person_can_try_a_quarantined_message_again(house: House):
    house.holds(an_inbound(state=InboundState.QUARANTINED, attempts=5))
    with house.unit() as uow:
        message = uow.inbound.get("message-1")
        uow.inbound.save(replace(message, state=InboundState.ACCEPTED, attempts=0))
        uow.commit()

    assert [1] == [message.attempts for message in claim(house)]


def test_saving_an_unknown_message_finds_nothing(house: House):
    house.keys.create(["message-1"])

    with house.unit() as uow, pytest.raises(NotFoundError):
        uow.inbound.save(an_inbound())


def test_two_workers_never_claim_the_same_message(house: House):
    house.holds(*(an_inbound(f"message-{n:02}", uid=n) for n in range(24)))
    claimed: list[str] = []
    together = Barrier(2)

    def work() -> None:
        together.wait()
        while batch := claim(house, limit=3):
            claimed.extend(message.id for message in batch)

    threads = [Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [f"message-{n:02}" for n in range(24)] == sorted(claimed)

"""The inbound queue behaves the same on both databases."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from threading import Barrier, Thread

import pytest

from inbox_bot.domain.effects import Place
from inbox_bot.domain.reading import Confidence, Evidence, Kind, Reading, Right
from inbox_bot.domain.records import Inbound, InboundContent, InboundState
from inbox_bot.errors import ConflictError, NotFoundError, StorageError
from inbox_bot.ports import Cursor, Sighting
from tests.builders import LATER, NOW, SOON, House, a_case, an_inbound


def claim(house: House, *, now: datetime = NOW, limit: int = 10) -> Sequence[Inbound]:
    with house.unit() as uow:
        claimed = uow.inbound.claim(
            limit=limit, now=now, lease_until=now + timedelta(minutes=5)
        )
        uow.commit()
    return claimed


def sighting(house: House, message_id: str, of: str, identity: str) -> Sighting:
    with house.unit() as uow:
        seen = uow.inbound.sighting(message_id, of, identity)
        uow.commit()
    return seen


def hold_three(house: House) -> None:
    house.holds(
        an_inbound("first", uid=1, received_at=NOW - timedelta(hours=3)),
        an_inbound("third", uid=3, received_at=NOW - timedelta(hours=1)),
        an_inbound("second", uid=2, received_at=NOW - timedelta(hours=2)),
    )


def test_a_message_comes_back_as_it_went_in(house: House):
    reading = Reading(
        kind=Kind.REQUEST,
        labels=(Right.ACCESS, Right.OPT_OUT),
        probabilities={Right.ACCESS: 0.97, Right.OPT_OUT: 0.8},
        purposes={Right.OPT_OUT: ("marketing",)},
        confidence=Confidence.AUTO,
        evidence=(Evidence(label=Right.ACCESS, text="Hva har dere", start=0, end=12),),
    )
    message = an_inbound(
        content=InboundContent(sender="Kari@example.no", subject="Æ\x00", reading=reading)
    )
    house.holds(message)

    with house.unit() as uow:
        assert message == uow.inbound.get("message-1")


def test_a_message_is_not_queued_without_its_key(house: House):
    with house.unit() as uow, pytest.raises(StorageError):
        uow.inbound.add([an_inbound()])


def test_an_unknown_message_is_not_found(house: House):
    with house.unit() as uow, pytest.raises(NotFoundError):
        uow.inbound.get("nobody")


def test_the_same_uid_is_queued_once(house: House):
    house.holds(an_inbound("message-1", uid=7))
    house.keys.create(["again", "new", "renewed"])

    with house.unit() as uow:
        added = uow.inbound.add(
            [
                an_inbound("again", uid=7),
                an_inbound("new", uid=8),
                an_inbound("renewed", uid=7, uid_validity=2),
            ]
        )

        assert 2 == added
        with pytest.raises(NotFoundError):
            uow.inbound.get("again")


def test_times_come_back_aware_in_utc(house: House):
    oslo = timezone(timedelta(hours=1))
    house.holds(an_inbound(received_at=datetime(2026, 3, 2, 10, 30, tzinfo=oslo)))

    with house.unit() as uow:
        received_at = uow.inbound.get("message-1").received_at

    assert (NOW, timedelta(0)) == (received_at, received_at.utcoffset())


def test_a_time_without_a_zone_is_refused(house: House):
    naive = datetime(2026, 3, 2, 10, 30)  # noqa: DTZ001

    with house.unit() as uow, pytest.raises(ValueError, match="zone"):
        house.keys.create(["message-1"])
        uow.inbound.add([an_inbound(received_at=naive)])


def test_an_unread_folder_has_no_cursor(house: House):
    with house.unit() as uow:
        assert uow.inbound.cursor("INBOX") is None


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([(1, 5), (1, 9)], (1, 9)),
        ([(1, 9), (1, 5)], (1, 9)),
        ([(1, 9), (2, 3)], (2, 3)),
        ([(2, 3), (1, 9)], (1, 9)),
    ],
)
def test_a_cursor_never_moves_back_within_one_uidvalidity(
    house: House, given: list[tuple[int, int]], expected: tuple[int, int]
):
    with house.unit() as uow:
        for uid_validity, uid in given:
            uow.inbound.advance("INBOX", Cursor(uid_validity=uid_validity, uid=uid))
        uow.inbound.advance("Other", Cursor(uid_validity=1, uid=100))

        assert Cursor(uid_validity=expected[0], uid=expected[1]) == uow.inbound.cursor(
            "INBOX"
        )


def test_the_largest_uid_fits(house: House):
    cursor = Cursor(uid_validity=2**32 - 1, uid=2**32 - 1)

    with house.unit() as uow:
        uow.inbound.advance("INBOX", cursor)

        assert cursor == uow.inbound.cursor("INBOX")


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
        uow.inbound.claim(limit=3, now=NOW, lease_until=SOON)

    assert 3 == len(claim(house))


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

    with house.unit() as uow, pytest.raises(ConflictError):
        uow.inbound.save(replace(slow, state=InboundState.PROCESSED))
    with house.unit() as uow:
        uow.inbound.save(replace(quick, state=InboundState.PROCESSED))
        uow.commit()
    with house.unit() as uow, pytest.raises(ConflictError):
        uow.inbound.save(replace(slow, state=InboundState.ACCEPTED))


def test_a_person_can_queue_a_finished_message_anew(house: House):
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


def test_a_new_fingerprint_is_new_also_when_it_is_seen_again(house: House):
    house.holds(an_inbound("one"))

    assert Sighting.NEW == sighting(house, "one", "id", "identity")
    assert Sighting.NEW == sighting(house, "one", "id", "identity")


@pytest.mark.parametrize(
    ("message_id_hash", "identity_hash", "expected"),
    [
        ("id", "identity", Sighting.DUPLICATE),
        ("id", "other", Sighting.SAME_MESSAGE_ID),
        ("other", "identity", Sighting.NEW),
        ("", "identity", Sighting.NEW),
    ],
)
def test_another_message_is_told_by_its_fingerprint(
    house: House, message_id_hash: str, identity_hash: str, expected: Sighting
):
    house.holds(an_inbound("one"), an_inbound("two", uid=2))
    sighting(house, "one", "id", "identity")

    assert expected == sighting(house, "two", message_id_hash, identity_hash)


@pytest.mark.parametrize(
    ("identity_hash", "expected"),
    [("identity", Sighting.DUPLICATE), ("other", Sighting.NEW)],
)
def test_without_message_id_only_the_same_identity_is_a_duplicate(
    house: House, identity_hash: str, expected: Sighting
):
    house.holds(an_inbound("one"), an_inbound("two", uid=2))
    sighting(house, "one", "", "identity")

    assert expected == sighting(house, "two", "", identity_hash)


def test_a_third_copy_is_a_duplicate_too(house: House):
    house.holds(*(an_inbound(name, uid=n) for n, name in enumerate("abc")))

    seen = [sighting(house, name, "id", "identity") for name in "abc"]

    assert [Sighting.NEW, Sighting.DUPLICATE, Sighting.DUPLICATE] == seen


def test_messages_are_found_by_case_and_by_place(house: House):
    house.holds(
        a_case(),
        an_inbound("late", uid=1, case_id="case-1", received_at=NOW),
        an_inbound(
            "early", uid=2, case_id="case-1", received_at=NOW - timedelta(days=1)
        ),
        an_inbound("tray", uid=3, place=Place.TRAY, received_at=NOW),
        an_inbound("tray-new", uid=4, place=Place.TRAY, received_at=SOON),
        an_inbound("bad", uid=5, place=Place.QUARANTINE),
    )

    with house.unit() as uow:
        of_case = uow.inbound.of_case("case-1")
        tray = uow.inbound.in_place(Place.TRAY, limit=10)
        quarantine = uow.inbound.in_place(Place.QUARANTINE, limit=10)

    assert ["early", "late"] == [message.id for message in of_case]
    assert ["tray-new", "tray"] == [message.id for message in tray]
    assert ["bad"] == [message.id for message in quarantine]


def test_only_finished_messages_wait_to_be_moved(house: House):
    done = InboundState.PROCESSED
    house.holds(
        an_inbound("waiting", uid=1),
        an_inbound("claimed", uid=2, state=InboundState.CLAIMED),
        an_inbound("done", uid=3, state=done),
        an_inbound("copy", uid=4, state=InboundState.DUPLICATE),
        an_inbound("moved", uid=5, state=done, moved=True),
        an_inbound("elsewhere", uid=6, state=done, folder="Other"),
    )

    with house.unit() as uow:
        unmoved = uow.inbound.unmoved(folder="INBOX", limit=10)

    assert ["copy", "done"] == sorted(message.id for message in unmoved)


def test_a_forgotten_message_comes_back_without_content(house: House):
    message = an_inbound()
    house.holds(message)
    house.keys.destroy("message-1")

    with house.unit() as uow:
        assert replace(message, content=InboundContent()) == uow.inbound.get("message-1")

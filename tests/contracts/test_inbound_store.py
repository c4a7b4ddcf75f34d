"""Messages, cursors and fingerprints behave the same on both databases."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from inbox_bot.domain.effects import Place
from inbox_bot.domain.reading import Confidence, Evidence, Kind, Reading, Right
from inbox_bot.domain.records import InboundContent, InboundState
from inbox_bot.errors import NotFoundError, StorageError
from inbox_bot.ports import Cursor, Sighting
from tests.builders import NOW, SOON, House, a_case, an_inbound


def sighting(house: House, message_id: str, of: str, identity: str) -> Sighting:
    with house.unit() as uow:
        seen = uow.inbound.sighting(message_id, of, identity)
        uow.commit()
    return seen


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
        content=InboundContent(
            sender="Kari@example.no", subject="Æ\x00", reading=reading
        )
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

        assert {"new", "renewed"} == added
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

    house.keys.create(["message-1"])
    with house.unit() as uow, pytest.raises(ValueError, match="zone"):
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
        assert replace(message, content=InboundContent()) == uow.inbound.get(
            "message-1"
        )


def test_a_forgotten_message_can_still_be_moved(house: House):
    house.holds(an_inbound(state=InboundState.DUPLICATE))
    house.keys.destroy("message-1")

    with house.unit() as uow:
        (message,) = uow.inbound.unmoved(folder="INBOX", limit=10)
        uow.inbound.save(replace(message, moved=True))

        assert () == uow.inbound.unmoved(folder="INBOX", limit=10)

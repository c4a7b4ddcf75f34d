"""Kept corrections, and messages page by page, behave the same on both databases."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from inbox_bot.domain.reading import Kind, Right
from inbox_bot.domain.records import Correction
from inbox_bot.errors import ForgottenError, StorageError
from tests.builders import House, an_inbound

WORDS = "the violet umbrella"


def a_correction(message_id: str = "message-1") -> Correction:
    return Correction(
        message_id=message_id,
        language="nb",
        subject="Innsyn",
        body=WORDS,
        kind=Kind.REQUEST,
        labels=(Right.ACCESS, Right.OPT_OUT),
        purposes={Right.OPT_OUT: ("calls", "partners")},
        on_behalf=True,
        jurisdiction="eu",
    )


def kept(house: House, *corrections: Correction) -> tuple[Correction, ...]:
    with house.unit() as uow:
        for correction in corrections:
            uow.corrections.put(correction)
        uow.commit()
    with house.unit(reading=True) as uow:
        return uow.corrections.all()


def test_a_correction_comes_back_as_it_went_in(house: House):
    house.holds(an_inbound())

    assert (a_correction(),) == kept(house, a_correction())


def test_the_latest_word_on_a_message_counts(house: House):
    house.holds(an_inbound())
    latest = replace(a_correction(), labels=(), kind=Kind.OTHER, purposes={})

    assert (latest,) == kept(house, a_correction(), latest)


def test_corrections_come_in_the_order_of_their_ids(house: House):
    house.holds(an_inbound("one", uid=1), an_inbound("two", uid=2))

    found = kept(house, a_correction("two"), a_correction("one"))

    assert ["one", "two"] == [each.message_id for each in found]


def test_whoever_forgets_the_message_forgets_its_correction(house: House):
    house.holds(an_inbound("one", uid=1), an_inbound("two", uid=2))
    kept(house, a_correction("one"), a_correction("two"))

    house.keys.destroy("one")

    assert ["two"] == [each.message_id for each in kept(house)]


def test_nothing_is_kept_of_a_forgotten_message(house: House):
    house.holds(an_inbound())
    house.keys.destroy("message-1")

    with house.unit() as uow, pytest.raises(ForgottenError):
        uow.corrections.put(a_correction())


def test_no_word_of_a_correction_lies_in_clear(house: House):
    house.holds(an_inbound())
    kept(house, a_correction())

    with house.engine.connect() as connection:
        (row,) = connection.execute(text("SELECT * FROM corrections"))

    assert ("message_id", "sealed") == row._fields
    assert WORDS.encode() not in bytes(row.sealed)


def test_a_correction_does_not_open_in_the_place_of_another(house: House):
    house.holds(an_inbound("one", uid=1), an_inbound("two", uid=2))
    kept(house, a_correction("one"), a_correction("two"))
    swap = "UPDATE corrections SET sealed = (SELECT sealed FROM corrections WHERE"

    with house.engine.begin() as connection:
        connection.execute(text(f"{swap} message_id = 'one') WHERE message_id = 'two'"))

    with pytest.raises(StorageError):
        kept(house)


def test_messages_come_page_by_page_the_latest_id_first(house: House):
    house.holds(*(an_inbound(name, uid=n) for n, name in enumerate("abc")))

    with house.unit(reading=True) as uow:
        first = uow.inbound.page(before=None, limit=2)
        rest = uow.inbound.page(before=first[-1].id, limit=2)

    assert (["c", "b"], ["a"]) == ([m.id for m in first], [m.id for m in rest])

"""Cases behave the same on both databases."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import text

from inbox_bot.domain.case import (
    Agency,
    Case,
    HoldReason,
    Outcome,
    RequestState,
    Thread,
    Timer,
    TimerKind,
)
from inbox_bot.domain.reading import Right
from inbox_bot.domain.records import DraftState
from inbox_bot.domain.verification import Challenge, Purpose
from inbox_bot.errors import ConflictError, ForgottenError, NotFoundError, StorageError
from tests.builders import (
    KARI,
    LATER,
    NOW,
    OLA,
    SOON,
    House,
    a_case,
    a_draft,
    a_request,
)


def a_full_case() -> Case:
    return a_case(
        requests=(
            a_request(proven_address=KARI, confirmed=True),
            a_request("request-2", right=None, hold_reason=HoldReason.UNCERTAIN),
            a_request("request-3", right=Right.OPT_OUT, purposes=("marketing",)),
        ),
        challenges=(
            Challenge(
                id="challenge-1",
                purpose=Purpose.DELETION,
                address=KARI,
                request_ids=("request-1",),
                issued_at=NOW,
                expires_at=LATER,
                attempts_left=3,
                used_at=SOON,
            ),
        ),
        timers=(Timer(kind=TimerKind.ESCALATE, at=LATER, about="request-1"),),
        agency=Agency(named=(OLA,), permission_accepted=True, consumer=OLA),
        thread=Thread(message_id="<a@example.no>", references=("<b@example.no>",)),
        linked=("case-9",),
        acknowledged=True,
    )


def test_a_case_comes_back_as_it_went_in(house: House):
    case = a_full_case()
    house.holds(case)

    with house.unit() as uow:
        assert case == uow.cases.get("case-1")
        assert case == uow.cases.by_reference("REF-case-1")


def test_a_case_is_not_stored_without_its_key(house: House):
    with house.unit() as uow, pytest.raises(StorageError):
        uow.cases.add(a_case())


def test_an_unknown_case_is_not_found(house: House):
    with house.unit() as uow:
        assert uow.cases.by_reference("REF-nobody") is None
        assert uow.cases.by_token(["nothing"]) is None
        assert uow.cases.by_token([]) is None
        with pytest.raises(NotFoundError):
            uow.cases.get("nobody")


def test_saving_raises_the_version(house: House):
    house.holds(a_case())

    with house.unit() as uow:
        for language in ("en", "da"):
            uow.cases.save(replace(uow.cases.get("case-1"), language=language))
        saved = uow.cases.get("case-1")

    assert ("da", 2) == (saved.language, saved.version)


def test_whoever_saves_second_must_load_again(house: House):
    house.holds(a_case())
    with house.unit() as uow:
        seen_by_both = uow.cases.get("case-1")
        uow.cases.save(replace(seen_by_both, language="en"))
        uow.commit()

    with house.unit() as uow:
        with pytest.raises(ConflictError):
            uow.cases.save(replace(seen_by_both, language="da"))
        assert "en" == uow.cases.get("case-1").language


def test_a_reference_is_given_once(house: House):
    house.holds(a_case("case-1", reference="K7QF-2M9D"))
    house.keys.create(["case-2"])

    with house.unit() as uow, pytest.raises(ConflictError):
        uow.cases.add(a_case("case-2", reference="K7QF-2M9D"))


def test_requests_stand_in_clear_and_follow_the_case(house: House):
    house.holds(a_full_case())
    closed = a_request(
        right=Right.DELETION, state=RequestState.CLOSED, outcome=Outcome.REFUSED
    )
    with house.unit() as uow:
        uow.cases.save(replace(uow.cases.get("case-1"), requests=(closed,)))
        uow.commit()

    with house.engine.connect() as connection:
        query = 'SELECT id, "right", state, outcome FROM requests'
        rows = [tuple(row) for row in connection.execute(text(query))]

    assert [("request-1", "deletion", "closed", "refused")] == rows


def test_a_token_finds_its_case_in_the_order_asked(house: House):
    house.holds(a_case("case-1"), a_case("case-2"))

    with house.unit() as uow:
        uow.cases.add_token("case-1", "hash-1")
        uow.cases.add_token("case-2", "hash-2")
        found = [
            uow.cases.by_token(["unknown", "hash-2", "hash-1"]),
            uow.cases.by_token(["hash-1", "hash-2"]),
        ]

    assert ["case-2", "case-1"] == [case.id for case in found if case]


def test_a_token_stays_with_its_first_case(house: House):
    house.holds(a_case("case-1"), a_case("case-2"))

    with house.unit() as uow:
        uow.cases.add_token("case-1", "hash")
        uow.cases.add_token("case-1", "hash")
        uow.cases.add_token("case-2", "hash")
        found = uow.cases.by_token(["hash"])

    assert found is not None
    assert "case-1" == found.id


def test_due_cases_come_longest_waiting_first(house: House):
    def timed(case_id: str, at: datetime) -> Case:
        return a_case(case_id, timers=(Timer(kind=TimerKind.SETTLE, at=at),))

    house.holds(
        timed("now", NOW),
        timed("before", NOW - timedelta(days=1)),
        timed("later", LATER),
        a_case("never"),
    )

    with house.unit() as uow:
        assert ("before", "now") == uow.cases.due(NOW, limit=10)
        assert ("before",) == uow.cases.due(NOW, limit=1)


def test_recent_open_cases_of_a_requester_are_counted(house: House):
    closed = a_request(state=RequestState.CLOSED)
    house.holds(
        a_case("mine"),
        a_case("written-otherwise", requester=KARI.upper()),
        a_case("closed", requests=(closed,)),
        a_case("old", opened_at=NOW - timedelta(days=2)),
        a_case("of-another", requester=OLA),
    )

    with house.unit() as uow:
        assert 2 == uow.cases.recent_of("Kari@Example.no", NOW - timedelta(days=1))


def test_the_listing_goes_by_due_date(house: House):
    def due(case_id: str, day: int) -> Case:
        request = a_request()
        dates = replace(request.dates, due=date(2026, 4, day))
        return a_case(case_id, requests=(replace(request, dates=dates),))

    done = a_case("done", requests=(a_request(state=RequestState.CLOSED),))
    house.holds(due("second", 9), done, due("first", 2))

    with house.unit() as uow:
        every = uow.cases.listing(only_open=False, limit=10)
        still_open = uow.cases.listing(only_open=True, limit=10)
        one = uow.cases.listing(only_open=False, limit=1)

    assert ["first", "second", "done"] == [case.id for case in every]
    assert ["first", "second"] == [case.id for case in still_open]
    assert ["first"] == [case.id for case in one]


def test_a_forgotten_case_says_so_and_is_left_out_of_lists(house: House):
    house.holds(a_case("kept"), a_case("forgotten"), a_draft(case_id="forgotten"))
    with house.unit() as uow:
        uow.cases.add_token("forgotten", "hash")
        uow.commit()
    house.keys.destroy("forgotten")

    with house.unit() as uow:
        with pytest.raises(ForgottenError):
            uow.cases.get("forgotten")
        with pytest.raises(ForgottenError):
            uow.cases.by_reference("REF-forgotten")
        with pytest.raises(ForgottenError):
            uow.drafts.get("draft-1")
        assert uow.cases.by_token(["hash"]) is None
        listed = uow.cases.listing(only_open=False, limit=10)
        assert ["kept"] == [case.id for case in listed]
        assert () == uow.drafts.listing(state=DraftState.OPEN, limit=10)

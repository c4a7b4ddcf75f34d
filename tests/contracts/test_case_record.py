"""Events, proofs and drafts behave the same on both databases."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, timedelta, timezone

import pytest
from sqlalchemy import text

from inbox_bot.domain.case import (
    Outcome,
)
from inbox_bot.domain.effects import Letter
from inbox_bot.domain.records import DraftState, Event
from inbox_bot.errors import ConflictError, NotFoundError
from inbox_bot.ports import ProofSecret
from tests.builders import (
    LATER,
    NOW,
    SOON,
    House,
    a_case,
    a_draft,
)


def an_event(case_id: str = "case-1", action: str = "opened", **data: str) -> Event:
    return Event(case_id=case_id, number=0, at=NOW, by="bot", action=action, data=data)


def test_events_are_numbered_and_chained(house: House):
    with house.unit() as uow:
        uow.cases.append([an_event(), an_event("case-2"), an_event(action="closed")])
        uow.commit()
    with house.unit() as uow:
        uow.cases.append([an_event(action="reopened", why="bounce")])
        events = uow.cases.events("case-1")

    assert [(1, "opened"), (2, "closed"), (3, "reopened")] == [
        (event.number, event.action) for event in events
    ]
    previous = ""
    for event in events:
        content = {
            "action": event.action,
            "at": "2026-03-02T09:30:00.000000+00:00",
            "by": "bot",
            "case_id": "case-1",
            "data": dict(event.data),
            "number": event.number,
        }
        canonical = json.dumps(content, separators=(",", ":"))
        previous = hashlib.sha256((previous + canonical).encode()).hexdigest()
        assert previous == event.digest


def test_the_digest_does_not_depend_on_the_zone(house: House):
    oslo = NOW.astimezone(timezone(timedelta(hours=1)))
    with house.unit() as uow:
        uow.cases.append([an_event("case-1"), replace(an_event("case-2"), at=oslo)])
        here = uow.cases.events("case-1")
        there = uow.cases.events("case-2")

    assert here[0].at == there[0].at
    assert UTC == there[0].at.tzinfo


def test_two_writers_cannot_give_an_event_the_same_number(house: House):
    with house.unit() as uow:
        uow.cases.append([an_event()])
        uow.commit()

    with house.engine.begin() as connection, pytest.raises(ConflictError):
        connection.execute(
            text(
                "INSERT INTO events (case_id, number, at, by, action, data, digest)"
                " SELECT case_id, number, at, by, action, data, digest FROM events"
            )
        )


def test_proofs_are_found_by_token_and_by_case(house: House):
    house.holds(a_case("case-1"), a_case("case-2"))
    first, second, other = (
        ProofSecret(
            challenge_id=f"challenge-{n}",
            case_id=case_id,
            token_hash=f"token-{n}",
            code_hash=f"code-{n}",
        )
        for n, case_id in enumerate(("case-1", "case-1", "case-2"))
    )

    with house.unit() as uow:
        for secret in (first, second, other):
            uow.proofs.add(secret)

        assert second == uow.proofs.by_token("token-1")
        assert uow.proofs.by_token("unknown") is None
        assert (first, second) == uow.proofs.of_case("case-1")


def test_a_draft_comes_back_and_is_saved_once_per_version(house: House):
    draft = a_draft(
        letters=(Letter.ACCESS_ANSWER, Letter.VERIFIED), outcome=Outcome.PARTLY
    )
    house.holds(a_case(), draft)

    with house.unit() as uow:
        assert draft == uow.drafts.get("draft-1")
        uow.drafts.save(replace(draft, subject="Nytt emne"))
        assert replace(draft, subject="Nytt emne", version=1) == uow.drafts.get(
            "draft-1"
        )
        with pytest.raises(ConflictError):
            uow.drafts.save(draft)
        with pytest.raises(NotFoundError):
            uow.drafts.get("nobody")


def test_drafts_are_listed_by_case_and_state_oldest_first(house: House):
    house.holds(
        a_case("case-1"),
        a_case("case-2"),
        a_draft("new", created_at=LATER),
        a_draft("old"),
        a_draft("done", state=DraftState.SENT),
        a_draft("elsewhere", case_id="case-2", created_at=SOON),
    )

    with house.unit() as uow:
        of_case = uow.drafts.of_case("case-1")
        waiting = uow.drafts.listing(state=DraftState.OPEN, limit=2)

    assert ["done", "old", "new"] == [draft.id for draft in of_case]
    assert ["old", "elsewhere"] == [draft.id for draft in waiting]

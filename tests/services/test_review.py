"""What staff do with held mail, the tray and quarantine."""

from datetime import UTC, datetime

import pytest

from inbox_bot.domain.case import HoldReason, Outcome, RequestState
from inbox_bot.domain.effects import Decision, Place
from inbox_bot.domain.reading import Right
from inbox_bot.domain.records import InboundState
from inbox_bot.errors import NotFoundError, RefusalError
from inbox_bot.services import queries, review
from tests.world import KARI, MONDAY, OLA, World, text_of


def in_tray(world: World) -> str:
    world.mail("Where is my invoice?")
    world.poll()
    (message,) = queries.in_place(world.house, Place.TRAY)
    return message.id


def in_quarantine(world: World) -> str:
    world.mail("I want a copy of my data.")
    raw = world.mailboxes.folders["INBOX"].messages.pop().raw
    world.mailboxes.add("INBOX", raw, MONDAY, unreadable=True)
    world.poll()
    (message,) = queries.in_place(world.house, Place.QUARANTINE)
    return message.id


def held(world: World, text: str = "Hmm.", sender: str = KARI) -> str:
    world.mail(text, sender=sender)
    world.poll()
    assert RequestState.HELD is world.case.state
    return world.case.id


# --- tray and quarantine


def test_what_lay_in_the_tray_becomes_a_held_case_since_its_receipt(world):
    message_id = in_tray(world)
    world.clock.set(datetime(2026, 3, 9, tzinfo=UTC))

    case = review.promote(world.house, message_id, by="Astrid")

    assert (MONDAY, HoldReason.BY_STAFF) == (case.receipt, case.requests[0].hold_reason)
    assert () == queries.in_place(world.house, Place.TRAY)
    assert 0 == world.dispatch().claimed
    promoted = queries.case_file(world.house, case.reference).events[-1]
    assert ("promoted", "Astrid") == (promoted.action, promoted.by)


def test_a_promoted_request_goes_its_way_once_it_is_identified(world):
    case = review.promote(world.house, in_tray(world), by="Astrid")

    review.identify(world.house, case.id, by="Astrid", rights=[Right.ACCESS])
    world.dispatch()

    assert RequestState.VERIFYING is world.case.state
    assert [(KARI,)] == [mail.rcpt_to for mail in world.transport.sent]


def test_a_message_is_promoted_once(world):
    message_id = in_tray(world)
    review.promote(world.house, message_id, by="Astrid")

    with pytest.raises(RefusalError):
        review.promote(world.house, message_id, by="Bjarne")


def test_a_message_that_makes_no_case_is_not_promoted(world, monkeypatch):
    message_id = in_tray(world)
    nothing = Decision(case=None, effects=())
    monkeypatch.setattr(review, "decide", lambda *_: nothing)

    with pytest.raises(RefusalError):
        review.promote(world.house, message_id, by="Astrid")


def test_a_quarantined_message_can_be_promoted_and_is_then_shown(world):
    message_id = in_quarantine(world)

    review.promote(world.house, message_id, by="Astrid")

    original = queries.message(world.house, message_id)
    assert (InboundState.PROCESSED, KARI) == (
        original.stored.state,
        original.stored.content.sender,
    )


def test_a_promoted_message_that_is_listed_anew_stays_one_case(world):
    message_id = in_quarantine(world)
    review.promote(world.house, message_id, by="Astrid")
    raw = queries.message(world.house, message_id)
    assert raw.message is not None

    again = world.mailboxes.folders["INBOX"].messages[0].raw
    world.mailboxes.add("INBOX", again, MONDAY)
    world.poll()

    assert 1 == len(world.cases)


def test_a_quarantined_message_can_be_tried_again(world):
    message_id = in_quarantine(world)

    review.retry(world.house, message_id)

    assert () == queries.in_place(world.house, Place.QUARANTINE)
    assert 1 == world.poll().quarantined


def test_only_what_is_in_quarantine_is_tried_again(world):
    with pytest.raises(RefusalError):
        review.retry(world.house, in_tray(world))


def test_what_does_not_exist_is_not_found(world):
    with pytest.raises(NotFoundError):
        review.promote(world.house, "gone", by="Astrid")
    with pytest.raises(NotFoundError):
        queries.case(world.house, "GONE-0000")


# --- held


def test_a_person_may_name_the_right_the_purpose_the_requester_and_the_receipt(world):
    case_id = held(world)
    receipt = datetime(2026, 2, 20, 9, tzinfo=UTC)

    review.identify(
        world.house,
        case_id,
        by="Astrid",
        rights=[Right.OPT_OUT],
        purposes={Right.OPT_OUT: ("calls",)},
        requester=" OLA@example.net ",
        receipt=receipt,
    )

    assert ("calls",) == queries.suppressed(world.house, OLA)
    assert () == queries.suppressed(world.house, KARI)
    assert (OLA, receipt) == (world.case.requester, world.case.requests[0].receipt)


def test_an_address_has_to_be_one(world):
    case_id = held(world)

    with pytest.raises(RefusalError, match="no address"):
        review.identify(
            world.house, case_id, by="Astrid", rights=[Right.ACCESS], requester="Ola"
        )


def test_whom_a_colleague_named_is_written_to_after_a_person_said_so(world):
    world.mail(
        "Please handle.\n\n---------- Forwarded message ---------\n"
        "From: Ola <ola@example.net>\nDate: Fri, 20 Feb 2026 10:00:00 +0100\n"
        "Subject: My data\nTo: Astrid <astrid@leadjabber.com>\n\n"
        "I want a copy of my data.\n",
        sender="astrid@leadjabber.com",
        subject="Fwd: My data",
    )
    assert [] == world.receive(OLA)

    review.identify(world.house, world.case.id, by="Astrid", rights=[Right.ACCESS])
    (asked,) = world.receive(OLA)

    assert asked["In-Reply-To"] is None
    assert "code" in text_of(asked)
    assert {(OLA,)} == {mail.rcpt_to for mail in world.transport.sent}


# --- seen, closed


def test_a_look_is_recorded_with_its_name(world):
    case_id = held(world)

    review.see_case(world.house, case_id, by="Astrid")

    assert not world.case.attention
    event = queries.case_file(world.house, world.case.reference).events[-1]
    assert ("seen", "Astrid") == (event.action, event.by)


def test_a_person_may_end_a_case_and_its_drafts(world):
    case_id = held(world)
    review.identify(world.house, case_id, by="Astrid", rights=[Right.QUESTION])
    draft = world.draft

    review.close_case(world.house, case_id, by="Astrid", outcome=Outcome.FORWARDED)

    assert (RequestState.CLOSED, []) == (world.case.state, world.drafts)
    assert "dropped" == world.state_of(draft)


def test_closing_takes_an_approved_answer_back(world):
    case_id = held(world)
    review.identify(world.house, case_id, by="Astrid", rights=[Right.QUESTION])
    world.dispatch()
    world.approve(world.draft)

    review.close_case(world.house, case_id, by="Astrid", outcome=Outcome.WITHDRAWN)

    assert 0 == world.dispatch().claimed


def test_the_menu_counts_what_waits(world):
    in_tray(world)
    in_quarantine(world)
    held(world, "Hmm?", OLA)

    counts = queries.counts(world.house)

    assert (1, 0, 1, 1, 0) == (
        counts.cases,
        counts.drafts,
        counts.tray,
        counts.quarantine,
        counts.dead,
    )

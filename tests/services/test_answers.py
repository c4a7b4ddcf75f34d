"""Answers: nothing leaves unread, what was approved is what is sent, bounces reopen."""

import hashlib

import pytest

from inbox_bot.domain.case import Outcome, RequestState
from inbox_bot.domain.circumstances import Automatic, PolicySettings
from inbox_bot.domain.records import Draft, DraftState
from inbox_bot.errors import ConflictError, NotReadyError, RefusalError
from inbox_bot.services import queries, review, verification
from tests.services.test_proof import bounce_of
from tests.world import KARI, MONDAY, World, as_message, code_in, text_of, token_in

QUESTIONS_BY_HAND = PolicySettings(
    automatic=frozenset(Automatic)
    - {Automatic.VERIFY, Automatic.HELD, Automatic.POINTER}
)


def proven(world: World, text: str = "I want a copy of my data.") -> Draft:
    world.mail(text)
    (challenge,) = world.receive()
    world.mail(f"code {code_in(challenge)}", reply_to=challenge)
    world.poll()
    world.dispatch()
    return world.draft


def approved(world: World) -> Draft:
    draft = proven(world)
    world.approve(draft)
    return draft


def sent(world: World):
    approved(world)
    world.dispatch()
    return as_message(world.transport.sent[-1].content)


def state(world: World) -> RequestState:
    return world.case.state


# --- before approval


def test_a_draft_with_gaps_or_without_the_match_is_not_approved(world):
    draft = proven(world)
    assert ("placeholder", "match") == draft.missing

    with pytest.raises(NotReadyError, match=r"placeholder.*records"):
        review.approve_draft(world.house, draft.id, by="Astrid")
    saved = review.save_draft(
        world.house,
        draft.id,
        by="Astrid",
        subject=draft.subject,
        source="Here is your data.",
        match_confirmed=False,
        version=draft.version,
    )
    with pytest.raises(NotReadyError, match="records that hold the address"):
        review.approve_draft(world.house, saved.id, by="Astrid")

    assert 0 == world.dispatch().claimed


def test_two_people_do_not_overwrite_each_other(world):
    draft = proven(world)
    world.complete(draft)

    with pytest.raises(ConflictError):
        world.complete(draft, by="Bjarne")


def test_a_subject_is_one_line(world):
    draft = proven(world)
    saved = review.save_draft(
        world.house,
        draft.id,
        by="Astrid",
        subject="Answer\r\nBcc: all@example.org",
        source="Text.",
        match_confirmed=True,
        version=draft.version,
    )

    assert "Answer Bcc: all@example.org" == saved.subject


def test_a_rejected_draft_stays_open_and_has_to_be_matched_again(world):
    draft = world.complete(proven(world))
    assert RequestState.REVIEWING is state(world)

    review.reject_draft(world.house, draft.id, by="Astrid")

    assert RequestState.WORKING is state(world)
    assert ("match",) == world.draft.missing


# --- approved, sent


def test_what_is_approved_is_what_is_sent(world):
    approved(world)
    (frozen,) = [
        mail
        for mail in queries.case_file(world.house, world.case.reference).sent
        if mail.draft_id
    ]

    world.dispatch()

    delivered = world.transport.sent[-1]
    assert (frozen.content, (KARI,)) == (delivered.content, delivered.rcpt_to)
    assert frozen.sha256 == hashlib.sha256(delivered.content).hexdigest()
    events = queries.case_file(world.house, world.case.reference).events
    assert [frozen.sha256] == [
        e.data["sha256"] for e in events if e.action == "mail_frozen"
    ]


def test_an_answer_by_a_person_is_not_marked_as_automatic(world):
    answer = sent(world)

    assert answer["Auto-Submitted"] is None
    assert "written by Astrid" in text_of(answer)
    assert "bounces+" in world.transport.sent[-1].mail_from


def test_an_approved_draft_is_neither_edited_nor_approved_again(world):
    draft = approved(world)

    with pytest.raises(RefusalError, match="approved, not open"):
        review.approve_draft(world.house, draft.id, by="Astrid")


def test_a_sent_answer_settles_and_closes(world):
    sent(world)
    assert (RequestState.ANSWERED, Outcome.FULFILLED) == (
        state(world),
        world.case.requests[0].outcome,
    )

    world.pass_time(days=3)

    assert RequestState.CLOSED is state(world)


# --- a new mail meanwhile


def test_a_new_mail_voids_the_approval_until_it_is_claimed(world):
    draft = approved(world)
    answer = as_message(world.transport.sent[-1].content)

    world.mail("Any news?", reply_to=answer)
    world.poll()

    assert DraftState.OPEN is world.state_of(draft)
    assert 0 == world.dispatch().claimed
    assert "approval_voided" in world.actions()
    world.approve(world.draft)
    assert 1 == world.dispatch().sent


def test_automatic_mail_voids_nothing(world):
    draft = approved(world)
    answer = as_message(world.transport.sent[-1].content)

    world.mail(
        "I am away.", reply_to=answer, headers={"Auto-Submitted": "auto-replied"}
    )
    world.poll()

    assert DraftState.APPROVED is world.state_of(draft)
    assert 1 == world.dispatch().sent


def test_what_was_claimed_is_not_voided_any_more(world):
    draft = approved(world)
    answer = as_message(world.transport.sent[-1].content)
    world.transport.replies[KARI] = "450 4.2.0"
    world.dispatch()

    world.mail("Any news?", reply_to=answer)
    world.poll()

    assert DraftState.APPROVED is world.state_of(draft)


def test_what_was_read_before_somebody_changed_it_is_not_approved(world):
    draft = proven(world)
    world.complete(draft)

    with pytest.raises(ConflictError):
        review.approve_draft(world.house, draft.id, by="Bjarne", version=draft.version)


@pytest.mark.parametrize("approve", [False, True])
def test_proof_of_one_right_leaves_the_answer_about_another_alone(world, approve):
    world.mail("Do all at once.")
    (asked,) = world.receive()
    world.mail(f"code {code_in(asked)}", reply_to=asked)
    (second,) = world.receive()
    about_access = world.draft
    if approve:
        world.approve(about_access)

    verification.confirm(world.house, token_in(second))

    expected = DraftState.APPROVED if approve else DraftState.OPEN
    assert expected is world.state_of(about_access)


# --- undelivered


def test_a_bounce_reopens_the_case_with_its_first_receipt(world):
    answer = sent(world)
    world.clock.set(MONDAY.replace(day=4))
    world.put(bounce_of(answer))

    world.poll()

    assert (RequestState.WORKING, MONDAY) == (
        state(world),
        world.case.requests[0].receipt,
    )
    assert (DraftState.OPEN, None) == (world.draft.state, world.draft.approved_by)
    assert world.case.attention


def test_a_bounce_to_our_bounce_address_is_known_without_its_message_id(world):
    sent(world)
    token = world.transport.sent[-1].mail_from
    raw = bounce_of(as_message(b"Message-ID: <unknown@example.org>\r\n\r\n"))
    world.put(raw.replace(b"bounces@leadjabber.com", token.encode()))

    world.poll()

    assert RequestState.WORKING is state(world)


def test_a_bounce_that_comes_twice_does_not_open_what_was_approved_again(world):
    answer = sent(world)
    world.put(bounce_of(answer))
    world.poll()
    draft = world.draft
    world.approve(draft)

    world.put(bounce_of(answer, text="Still not delivered."))
    world.poll()

    assert DraftState.APPROVED is world.state_of(draft)
    assert 1 == world.dispatch().sent


def test_a_delay_notice_reopens_nothing(world):
    answer = sent(world)
    raw = bounce_of(answer).replace(b"Action: failed", b"Action: delayed")
    world.put(raw.replace(b"Status: 5.1.1", b"Status: 4.4.1"))

    world.poll()

    assert RequestState.ANSWERED is state(world)


def test_the_bounce_of_somebody_elses_mail_goes_into_the_tray(world):
    world.put(bounce_of(as_message(b"Message-ID: <x@example.org>\r\n\r\n")))

    assert 1 == world.poll().not_requests


def test_a_bounced_automatic_mail_is_shown_on_its_case(world):
    world.mail("I want a copy of my data.")
    (challenge,) = world.receive()
    world.put(bounce_of(challenge))

    world.poll()

    assert world.case.attention
    assert RequestState.VERIFYING is state(world)
    assert "mail_undelivered" in world.actions()


def test_an_answer_that_is_refused_can_be_edited_and_approved_again(world):
    draft = approved(world)
    world.transport.replies[KARI] = "550"

    assert 1 == world.dispatch().dead

    assert DraftState.OPEN is world.state_of(draft)
    assert RequestState.REVIEWING is state(world)
    assert ["550"] == [mail.reason for mail in queries.dead(world.house)]
    world.transport.replies.clear()
    review.approve_draft(world.house, draft.id, by="Astrid")
    world.dispatch()
    assert RequestState.ANSWERED is state(world)


# --- drafted questions


def test_a_drafted_question_asks_for_a_proof_that_counts(opened):
    world = opened(policy=QUESTIONS_BY_HAND)
    world.mail("I want a copy of my data.")
    world.receive()
    question = world.draft
    assert "⟦code⟧" in question.source

    world.approve(question)
    world.dispatch()

    asked = as_message(world.transport.sent[-1].content)
    world.mail(f"code {code_in(asked)}", reply_to=asked)
    world.poll()
    assert RequestState.WORKING is state(world)


def test_a_voided_question_can_be_approved_again(opened):
    world = opened(policy=QUESTIONS_BY_HAND)
    world.mail("I want a copy of my data.")
    (acknowledged,) = world.receive()
    world.approve(world.draft)
    world.mail("Any news?", reply_to=acknowledged)
    world.poll()

    world.approve(world.draft)

    assert 1 == world.dispatch().sent
    asked = as_message(world.transport.sent[-1].content)
    world.mail(f"code {code_in(asked)}", reply_to=asked)
    world.poll()
    assert RequestState.WORKING is state(world)


def test_an_approved_acknowledgement_answers_nothing(opened):
    world = opened(policy=PolicySettings(automatic=frozenset()))
    world.mail("The name is wrong: it is the wrong name.")
    world.poll()
    world.approve(world.draft)

    world.dispatch()

    assert RequestState.HELD is state(world)

"""What staff and the post do: identify, draft, approve; sent, bounced, closed."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from inbox_bot.domain.case import HoldReason, Outcome, RequestState, Thread, TimerKind
from inbox_bot.domain.circumstances import Automatic, PolicySettings
from inbox_bot.domain.effects import (
    AskProof,
    DropDrafts,
    Letter,
    PrepareDraft,
    ReleaseDraft,
    ReopenDraft,
    Send,
    Suppress,
)
from inbox_bot.domain.happenings import (
    AnswerSent,
    ClosedByStaff,
    DraftApproved,
    DraftRejected,
    DraftSaved,
    ForwardedFrom,
    Identified,
    MailUndelivered,
    PermissionAccepted,
    ProofGiven,
    Seen,
    TimerFired,
)
from inbox_bot.domain.reading import Confidence, Kind, Reading, Right
from inbox_bot.errors import RefusalError
from tests.unit.domain.happenings import (
    ACCESS,
    AGENT,
    DELETION,
    KARI,
    MONDAY,
    OLA,
    OPT_OUT,
    UNSURE,
    Table,
    a_mail,
    a_table,
    reads,
)

ASTRID = "astrid@leadjabber.com"
DOUBTFUL = reads(Right.ACCESS, confidence=Confidence.HOLD)
NO_QUESTIONS = PolicySettings(
    automatic=frozenset(Automatic) - {Automatic.VERIFY, Automatic.HELD}
)


def identify(table: Table, *rights: Right, **changes) -> None:
    table.happens(Identified(by="Astrid", rights=rights, **changes))


def press(table: Table) -> None:
    table.happens(ProofGiven(challenge_id=table.open_case.challenges[-1].id))


def ids(table: Table) -> tuple[str, ...]:
    return tuple(request.id for request in table.open_case.requests)


def approve(table: Table, outcome: Outcome | None = Outcome.FULFILLED, **changes):
    answered = changes.pop("request_ids", ids(table))
    table.happens(
        DraftApproved(
            by="Astrid",
            draft_id="draft",
            request_ids=answered,
            outcome=outcome,
            **changes,
        )
    )


def send(table: Table, outcome: Outcome | None = Outcome.FULFILLED) -> None:
    table.happens(
        AnswerSent(
            draft_id="draft",
            outgoing_id="mail",
            request_ids=ids(table),
            outcome=outcome,
        )
    )


def bounce(table: Table, outcome: Outcome | None = Outcome.FULFILLED, **changes):
    undelivered = MailUndelivered(
        outgoing_id="mail",
        draft_id="draft",
        request_ids=ids(table),
        bounced=True,
        reason="5.1.1",
        outcome=outcome,
    )
    table.happens(replace(undelivered, **changes))


def proven(reading: Reading = ACCESS) -> Table:
    table = a_table(reading)
    press(table)
    return table


def answered() -> Table:
    table = proven()
    approve(table)
    send(table)
    return table


# --- identified


def test_a_person_says_what_a_held_mail_asks_for():
    table = a_table(DOUBTFUL)

    identify(table, Right.ACCESS)

    assert RequestState.VERIFYING is table.request.state
    assert table.request.hold_reason is None
    assert (Letter.ACKNOWLEDGE, Letter.VERIFY) == table.letters
    assert "access" == table.recorded("identified")["rights"]
    assert {"Astrid"} == {
        e.by for e in table.effects if hasattr(e, "action") and hasattr(e, "by")
    }


def test_the_first_answer_after_a_person_looked_is_held_back_by_no_cap():
    table = a_table(DOUBTFUL)
    table.sent_today = {KARI: 99}

    identify(table, Right.ACCESS)

    assert (Letter.ACKNOWLEDGE, Letter.VERIFY) == table.letters


def test_an_acknowledged_case_is_not_acknowledged_again():
    talkative = PolicySettings(automatic=frozenset(Automatic))
    table = a_table(DOUBTFUL, policy=talkative)
    assert (Letter.HELD,) == table.letters

    identify(table, Right.ACCESS)

    assert (Letter.VERIFY,) == table.letters


@pytest.mark.parametrize("rights", [(), (Right.AGENT,)])
def test_at_least_one_right_has_to_be_named(rights):
    with pytest.raises(RefusalError):
        identify(a_table(DOUBTFUL), *rights)


def test_only_what_is_held_can_be_identified():
    with pytest.raises(RefusalError):
        identify(a_table(ACCESS), Right.ACCESS)


def test_a_held_opt_out_is_done_as_soon_as_a_person_named_it():
    table = a_table(replace(OPT_OUT, confidence=Confidence.HOLD))

    identify(table, Right.OPT_OUT)

    assert [KARI] == [effect.address for effect in table.all(Suppress)]
    assert (Letter.OPT_OUT_DONE,) == table.letters
    assert {TimerKind.SETTLE} == {timer.kind for timer in table.open_case.timers}


def test_what_needs_no_proof_goes_straight_to_work():
    table = a_table(reads(confidence=Confidence.HOLD))

    identify(table, Right.QUESTION)

    assert RequestState.WORKING is table.request.state
    assert [(Letter.ANSWER,)] == table.drafted


def test_a_right_that_speaks_of_records_needs_proof_also_when_a_person_named_it():
    table = a_table(reads(Right.CORRECTION))

    identify(table, Right.CORRECTION)

    assert RequestState.VERIFYING is table.request.state
    assert (Letter.VERIFY,) == table.letters


def test_each_named_right_becomes_a_request_of_its_own_once():
    table = a_table(reads(confidence=Confidence.HOLD))

    identify(table, Right.ACCESS, Right.DELETION, Right.ACCESS)

    assert [Right.ACCESS, Right.DELETION] == [
        request.right for request in table.open_case.requests
    ]
    assert 1 == len(table.all(Send))


def test_what_was_held_and_not_named_was_no_request():
    table = a_table(reads(Right.DELETION, Right.ACCESS, confidence=Confidence.HOLD))

    identify(table, Right.ACCESS)

    assert (RequestState.CLOSED, Outcome.NOT_A_REQUEST) == (
        table.of(Right.DELETION).state,
        table.of(Right.DELETION).outcome,
    )


def test_what_runs_already_is_not_begun_again():
    table = a_table(ACCESS)
    table.arrives(a_mail(replace(DELETION, confidence=Confidence.HOLD)))

    identify(table, Right.ACCESS)

    assert Outcome.DUPLICATE is table.of(Right.DELETION).outcome
    assert () == table.letters
    assert [] == table.drafted


def test_a_person_may_correct_whose_request_it_is_and_since_when():
    table = a_table(DOUBTFUL)
    receipt = datetime(2026, 2, 10, 12, tzinfo=UTC)

    identify(table, Right.ACCESS, requester=OLA, receipt=receipt)

    assert (OLA, receipt) == (table.open_case.requester, table.request.receipt)
    assert "2026-03-10" == table.request.dates.due.isoformat()
    assert (KARI, OLA) == table.open_case.participants
    assert OLA == table.written_to


def test_nobody_is_written_to_while_it_is_unknown_who_asks():
    table = a_table(DOUBTFUL, mail={"sender": ""})

    with pytest.raises(RefusalError, match="whose request"):
        identify(table, Right.ACCESS)
    identify(table, Right.ACCESS, requester=OLA)

    assert OLA == table.written_to


def test_a_person_passed_on_by_a_colleague_is_written_to_outside_that_thread():
    table = a_table(
        ACCESS,
        mail={
            "sender": ASTRID,
            "colleague": True,
            "forwarded": ForwardedFrom(address=OLA, date=None),
            "thread": Thread(author=ASTRID, message_id="internal@leadjabber.com"),
        },
    )
    assert () == table.letters

    identify(table, Right.ACCESS)

    assert OLA == table.written_to
    assert Thread() == table.open_case.thread


# --- identified, with an agent

AGENT_ASKS = reads(
    Right.ACCESS, Right.AGENT, mentioned=(OLA,), confidence=Confidence.HOLD
)


def test_a_held_agents_opt_out_stops_mail_to_the_client_it_named():
    table = a_table(
        replace(AGENT_ASKS, labels=(Right.AGENT, Right.OPT_OUT)),
        mail={"sender": AGENT},
    )

    identify(table, Right.OPT_OUT, Right.AGENT)

    assert [OLA] == [effect.address for effect in table.all(Suppress)]
    assert (Letter.OPT_OUT_DONE, Letter.PERMISSION) == table.letters


def test_who_is_no_agent_after_all_speaks_for_themselves():
    table = a_table(AGENT_ASKS)

    identify(table, Right.ACCESS)

    assert table.open_case.agency is None
    assert RequestState.VERIFYING is table.request.state


def test_a_person_may_see_an_agent_where_the_bot_saw_none():
    table = a_table(DOUBTFUL, mail={"sender": AGENT})

    identify(table, Right.ACCESS, Right.AGENT)

    assert RequestState.AUTHORIZING is table.request.state
    assert TimerKind.GIVE_UP_PROOF in {t.kind for t in table.open_case.timers}


def test_a_later_look_does_not_take_the_agent_from_what_waits_for_one():
    table = a_table(replace(AGENT_ASKS, confidence=Confidence.AUTO))
    table.arrives(a_mail(replace(DELETION, confidence=Confidence.HOLD)))

    identify(table, Right.DELETION)
    table.happens(PermissionAccepted(by="Astrid", consumer=OLA))

    assert {RequestState.VERIFYING} == {r.state for r in table.open_case.requests}


# --- drafts


def test_a_complete_draft_awaits_approval_and_an_incomplete_one_goes_back():
    table = proven()

    def save(*, complete: bool) -> RequestState:
        table.happens(
            DraftSaved(
                by="Astrid", draft_id="d", request_ids=ids(table), complete=complete
            )
        )
        return table.request.state

    assert RequestState.WORKING is save(complete=False)
    assert RequestState.REVIEWING is save(complete=True)
    assert RequestState.REVIEWING is save(complete=True)
    assert RequestState.WORKING is save(complete=False)


def test_a_rejected_draft_goes_back_to_work():
    table = proven()
    table.happens(
        DraftSaved(by="Astrid", draft_id="d", request_ids=ids(table), complete=True)
    )

    table.happens(DraftRejected(by="Astrid", draft_id="d", request_ids=ids(table)))

    assert RequestState.WORKING is table.request.state
    assert ["request_moved", "draft_rejected"] == table.actions


def test_rejecting_what_is_worked_on_moves_nothing():
    table = proven()

    table.happens(DraftRejected(by="Astrid", draft_id="d", request_ids=ids(table)))

    assert ["draft_rejected"] == table.actions


def test_a_late_proof_counts_also_after_the_drafted_refusal_was_rejected():
    table = a_table(ACCESS)
    ends = [t for t in table.open_case.timers if t.kind is TimerKind.GIVE_UP_PROOF]
    table.happens(TimerFired(timer=ends[0]))
    table.happens(DraftRejected(by="Astrid", draft_id="d", request_ids=ids(table)))

    press(table)

    assert KARI == table.request.proven_address
    assert [(Letter.ACCESS_ANSWER,)] == table.drafted


def test_approval_releases_the_draft():
    table = proven()

    approve(table)

    assert RequestState.REVIEWING is table.request.state
    assert [ReleaseDraft(draft_id="draft", by="Astrid")] == table.all(ReleaseDraft)


def test_what_is_held_has_to_be_identified_before_it_is_answered():
    table = a_table(DOUBTFUL)

    with pytest.raises(RefusalError, match="held"):
        approve(table)


def test_an_answer_waits_for_the_proof():
    with pytest.raises(RefusalError, match="verifying"):
        approve(a_table(ACCESS))


def test_an_answer_to_what_was_answered_may_be_sent_again():
    table = answered()

    approve(table)

    assert 1 == len(table.all(ReleaseDraft))


def test_access_is_answered_before_the_deletion():
    table = proven(reads(Right.ACCESS, Right.DELETION))
    press(table)
    deletion = (table.of(Right.DELETION).id,)

    with pytest.raises(RefusalError, match="access first"):
        approve(table, request_ids=deletion)
    approve(table)

    assert {RequestState.REVIEWING} == {r.state for r in table.open_case.requests}


def test_a_deletion_that_nobody_confirmed_may_be_refused_before_the_access():
    table = proven(reads(Right.ACCESS, Right.DELETION))

    approve(table, Outcome.UNVERIFIED, request_ids=())

    assert 1 == len(table.all(ReleaseDraft))


# --- a drafted question


def test_a_question_gets_its_full_time_from_the_approval_on():
    table = a_table(ACCESS, policy=NO_QUESTIONS)
    (old,) = table.open_case.challenges
    table.passes(days=10)

    approve(table, None, request_ids=(), challenge_id=old.id)

    fresh = table.open_case.challenges[-1]
    assert table.now + table.policy.proof_lifetime == fresh.expires_at
    assert [fresh] == [effect.challenge for effect in table.all(AskProof)]
    assert [fresh.id] == [effect.challenge_id for effect in table.all(ReleaseDraft)]
    assert table.open_case.challenge(old.id).replaced


def test_a_question_may_be_approved_again_after_a_mail_voided_it():
    table = a_table(ACCESS, policy=NO_QUESTIONS)
    (old,) = table.open_case.challenges
    approve(table, None, request_ids=(), challenge_id=old.id)
    table.arrives(a_mail(UNSURE))

    approve(table, None, request_ids=(), challenge_id=old.id)

    assert 1 == sum(c.is_open(table.now) for c in table.open_case.challenges)


def test_a_question_that_was_answered_is_not_asked_again():
    table = a_table(ACCESS, policy=NO_QUESTIONS)
    (old,) = table.open_case.challenges
    press(table)

    with pytest.raises(RefusalError, match="answered meanwhile"):
        approve(table, None, request_ids=(), challenge_id=old.id)


# --- sent, undelivered


def test_a_sent_answer_is_answered_until_it_settles():
    table = answered()

    assert (RequestState.ANSWERED, Outcome.FULFILLED) == (
        table.request.state,
        table.request.outcome,
    )
    assert [(TimerKind.SETTLE, table.now + table.policy.quiet_period)] == [
        (timer.kind, timer.at) for timer in table.open_case.timers
    ]


def test_a_sent_question_answers_nothing():
    table = proven()
    approve(table)

    send(table, None)

    assert RequestState.REVIEWING is table.request.state


def test_an_answer_that_left_while_its_request_moved_on_is_only_recorded():
    table = proven()

    send(table)

    assert RequestState.WORKING is table.request.state
    assert ["answer_sent"] == table.actions


def test_a_bounce_reopens_the_request_with_its_first_receipt():
    table = answered()
    table.passes(days=2)

    bounce(table)

    assert (RequestState.WORKING, MONDAY, None) == (
        table.request.state,
        table.request.receipt,
        table.request.outcome,
    )
    assert [ReopenDraft(draft_id="draft")] == table.all(ReopenDraft)
    assert {TimerKind.REMIND_STAFF, TimerKind.ESCALATE} == {
        timer.kind for timer in table.open_case.timers
    }
    assert table.open_case.attention


def test_a_second_bounce_of_the_same_answer_changes_nothing_more():
    table = answered()
    bounce(table)

    bounce(table)

    assert [] == table.all(ReopenDraft)
    assert RequestState.WORKING is table.request.state


def test_the_bounce_of_an_overtaken_answer_brings_nothing_back():
    table = answered()

    bounce(table, Outcome.UNVERIFIED)

    assert RequestState.ANSWERED is table.request.state
    assert [] == table.all(ReopenDraft)
    assert table.open_case.attention


def test_an_answer_that_could_not_be_sent_is_drafted_again():
    table = proven()
    approve(table)

    bounce(table, bounced=False)

    assert RequestState.REVIEWING is table.request.state
    assert [ReopenDraft(draft_id="draft")] == table.all(ReopenDraft)
    assert "refused" == table.recorded("mail_undelivered")["how"]


def test_an_automatic_mail_that_bounced_is_shown():
    table = a_table(ACCESS)

    bounce(table, None, draft_id=None)

    assert table.open_case.attention
    assert RequestState.VERIFYING is table.request.state
    assert [] == table.all(ReopenDraft)


# --- the end


def test_a_person_may_end_what_is_open():
    table = a_table(reads(Right.ACCESS, Right.OPT_OUT))

    table.happens(ClosedByStaff(by="Astrid", outcome=Outcome.WITHDRAWN))

    assert Outcome.WITHDRAWN is table.of(Right.ACCESS).outcome
    assert Outcome.FULFILLED is table.of(Right.OPT_OUT).outcome
    assert 1 == len(table.all(DropDrafts))
    assert not table.open_case.attention


def test_closing_leaves_what_was_answered_to_settle():
    table = a_table(reads(Right.ACCESS, Right.OPT_OUT))

    table.happens(ClosedByStaff(by="Astrid", outcome=Outcome.WITHDRAWN))

    assert [TimerKind.SETTLE] == [timer.kind for timer in table.open_case.timers]


def test_a_look_ends_the_asking_for_one():
    table = a_table(reads(kind=Kind.OTHER, confidence=Confidence.HOLD))

    table.happens(Seen(by="Astrid"))

    assert not table.open_case.attention
    assert HoldReason.UNCERTAIN is table.request.hold_reason
    assert ["seen"] == table.actions


def test_no_draft_is_prepared_twice_for_one_request():
    table = proven()

    assert 1 == len(table.all(PrepareDraft))
    table.arrives(a_mail(ACCESS))
    assert [] == table.all(PrepareDraft)

"""What staff and the post do: draft, approve, reject; sent, bounced, closed."""

from dataclasses import replace

import pytest

from inbox_bot.domain.case import HoldReason, Outcome, RequestState, TimerKind
from inbox_bot.domain.circumstances import Automatic, PolicySettings
from inbox_bot.domain.effects import (
    AskProof,
    DropDrafts,
    Letter,
    PrepareDraft,
    ReleaseDraft,
    ReopenDraft,
)
from inbox_bot.domain.happenings import (
    AnswerSent,
    ClosedByStaff,
    DraftApproved,
    DraftRejected,
    DraftSaved,
    MailUndelivered,
    ProofGiven,
    Seen,
    TimerFired,
)
from inbox_bot.domain.reading import Confidence, Kind, Reading, Right
from inbox_bot.errors import RefusalError
from tests.unit.domain.happenings import (
    ACCESS,
    KARI,
    MONDAY,
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

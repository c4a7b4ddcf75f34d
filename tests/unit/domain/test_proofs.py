"""Proof by code and link: once, in time, in two steps for a deletion, never by guess."""

from datetime import timedelta

import pytest

from inbox_bot.domain.case import HoldReason, Outcome, RequestState, TimerKind
from inbox_bot.domain.effects import AskProof, DropDrafts, Letter
from inbox_bot.domain.happenings import (
    AnswerSent,
    ClosedByStaff,
    ProofGiven,
    TimerFired,
)
from inbox_bot.domain.reading import Right
from inbox_bot.domain.verification import CodeCheck, Purpose
from inbox_bot.errors import RefusalError
from tests.unit.domain.happenings import (
    ACCESS,
    DELETION,
    KARI,
    THANKS,
    UNSURE,
    Table,
    a_mail,
    a_table,
    reads,
)

BOTH = reads(Right.ACCESS, Right.DELETION)


def newest(table: Table):
    return table.open_case.challenges[-1]


def press(table: Table, challenge=None) -> None:
    table.happens(ProofGiven(challenge_id=(challenge or newest(table)).id))


def send_code(table: Table, check: CodeCheck, challenge=None, **changes) -> None:
    about = (challenge or newest(table)).id
    known = check in {CodeCheck.VALID, CodeCheck.EXPIRED}
    table.arrives(
        a_mail(THANKS, code=check, challenge_id=about if known else None, **changes)
    )


def fire(table: Table, kind: TimerKind) -> None:
    (timer,) = [t for t in table.open_case.timers if t.kind is kind]
    table.now = max(table.now, timer.at)
    table.happens(TimerFired(timer=timer))


# --- given


def test_a_link_proves_the_address_and_hands_the_request_to_staff():
    table = a_table(ACCESS)

    press(table)

    assert (RequestState.WORKING, KARI) == (
        table.request.state,
        table.request.proven_address,
    )
    assert (Letter.VERIFIED,) == table.letters
    assert [(Letter.ACCESS_ANSWER,)] == table.drafted
    assert "link" == table.recorded("proof_given")["by"]


def test_a_code_proves_the_same():
    table = a_table(ACCESS)

    send_code(table, CodeCheck.VALID)

    assert RequestState.WORKING is table.request.state
    assert "code" == table.recorded("proof_given")["by"]


def test_answers_to_a_valid_code_are_counted_by_no_cap():
    table = a_table(ACCESS)
    table.sent_today = {KARI: 99}

    send_code(table, CodeCheck.VALID)

    assert (Letter.VERIFIED,) == table.letters


def test_a_proof_counts_once():
    table = a_table(ACCESS)
    press(table)

    with pytest.raises(RefusalError, match="used"):
        press(table)


def test_an_expired_proof_is_refused():
    table = a_table(ACCESS)
    table.passes(days=14)

    with pytest.raises(RefusalError):
        press(table)


def test_the_timers_of_a_used_challenge_are_gone():
    table = a_table(ACCESS)

    press(table)

    assert {table.request.id} == {timer.about for timer in table.open_case.timers}


def test_a_valid_code_of_an_old_mail_is_taken_but_not_answered_by_machine():
    table = a_table(ACCESS)
    table.passes(days=9)
    (challenge,) = table.open_case.challenges

    table.arrives(
        a_mail(THANKS, code=CodeCheck.VALID, challenge_id=challenge.id),
        received_at=table.now - timedelta(days=8),
    )

    assert RequestState.WORKING is table.request.state
    assert () == table.letters
    assert "late" == table.recorded("answer_suppressed")["reason"]


# --- a deletion, in two steps


def test_a_deletion_asks_a_second_question_and_only_then_goes_to_staff():
    table = a_table(DELETION)

    press(table)

    assert not table.request.confirmed
    assert (Letter.CONFIRM_DELETION,) == table.letters
    assert [] == table.drafted
    assert Purpose.DELETION is newest(table).purpose

    press(table)

    assert (RequestState.WORKING, True) == (
        table.request.state,
        table.request.confirmed,
    )
    assert [(Letter.DELETION_ANSWER,)] == table.drafted


def test_access_goes_on_while_the_deletion_is_asked_again():
    table = a_table(BOTH)

    press(table)

    assert (Letter.VERIFIED, Letter.CONFIRM_DELETION) == table.letters
    assert RequestState.WORKING is table.of(Right.ACCESS).state
    assert RequestState.VERIFYING is table.of(Right.DELETION).state
    assert (table.of(Right.DELETION).id,) == newest(table).request_ids


def test_the_first_code_does_not_answer_the_second_question():
    table = a_table(DELETION)
    first = newest(table)
    press(table)

    send_code(table, CodeCheck.EXPIRED, first)

    assert RequestState.VERIFYING is table.request.state
    assert () == table.letters
    assert [] == table.all(AskProof)
    assert table.open_case.attention


# --- the reminder


def test_the_reminder_has_a_code_of_its_own_and_the_first_still_counts():
    table = a_table(ACCESS)
    first = newest(table)
    fire(table, TimerKind.REMIND_REQUESTER)
    assert (Letter.VERIFY_REMINDER,) == table.letters
    second = newest(table)

    press(table, first)

    assert RequestState.WORKING is table.request.state
    assert table.open_case.challenge(second.id).replaced
    with pytest.raises(RefusalError):
        press(table, second)


# --- wrong


def test_a_wrong_code_is_counted_and_answered():
    table = a_table(ACCESS)

    send_code(table, CodeCheck.WRONG)

    assert (Letter.CODE_WRONG,) == table.letters
    assert 2 == newest(table).attempts_left


def test_after_the_last_wrong_code_a_person_takes_over():
    table = a_table(ACCESS)
    for _ in range(3):
        send_code(table, CodeCheck.WRONG)

    assert HoldReason.ATTEMPTS is table.request.hold_reason
    assert () == table.letters
    assert table.open_case.attention
    with pytest.raises(RefusalError):
        press(table)


def test_only_what_waits_is_held_after_the_last_wrong_code():
    table = a_table(DELETION)
    press(table)
    table.happens(ClosedByStaff(by="Astrid", outcome=Outcome.WITHDRAWN))
    for _ in range(3):
        send_code(table, CodeCheck.WRONG)

    assert RequestState.CLOSED is table.request.state


def test_a_wrong_code_from_elsewhere_tries_nothing():
    table = a_table(ACCESS)

    send_code(table, CodeCheck.WRONG, sender="per@example.net")

    assert () == table.letters
    assert 3 == newest(table).attempts_left
    assert table.open_case.attention


def test_numbers_in_other_mails_count_as_tries_and_are_heard():
    table = a_table(ACCESS)
    for _ in range(2):
        table.arrives(a_mail(UNSURE, code=CodeCheck.GUESS))
    assert () == table.letters
    assert 1 == newest(table).attempts_left

    table.arrives(a_mail(DELETION, code=CodeCheck.GUESS))

    assert HoldReason.ATTEMPTS is table.of(Right.ACCESS).hold_reason
    assert RequestState.VERIFYING is table.of(Right.DELETION).state


# --- expired


def test_an_expired_code_brings_a_fresh_one():
    table = a_table(ACCESS)
    old = newest(table)
    table.passes(days=15)

    send_code(table, CodeCheck.EXPIRED, old)

    assert (Letter.CODE_EXPIRED,) == table.letters
    assert table.open_case.challenge(old.id).replaced
    assert newest(table).is_open(table.now)
    press(table)
    assert RequestState.WORKING is table.request.state


def test_a_replaced_code_brings_nothing_more():
    table = a_table(ACCESS)
    old = newest(table)
    table.passes(days=15)
    send_code(table, CodeCheck.EXPIRED, old)

    send_code(table, CodeCheck.EXPIRED, old)

    assert () == table.letters
    assert 2 == len(table.open_case.challenges)


def test_a_code_for_what_was_withdrawn_brings_nothing():
    table = a_table(ACCESS)
    table.happens(ClosedByStaff(by="Astrid", outcome=Outcome.WITHDRAWN))
    table.passes(days=15)

    send_code(table, CodeCheck.EXPIRED)

    assert () == table.letters
    assert table.open_case.attention


def test_a_proof_of_what_was_withdrawn_changes_nothing():
    table = a_table(ACCESS)
    table.happens(ClosedByStaff(by="Astrid", outcome=Outcome.WITHDRAWN))

    press(table)

    assert RequestState.CLOSED is table.request.state
    assert () == table.letters


# --- too late, and still in time


def unverified(reading) -> Table:
    """The bot has drafted "we could not verify"; the last code is still good."""
    table = a_table(reading)
    table.passes(days=15)
    send_code(table, CodeCheck.EXPIRED)
    fire(table, TimerKind.GIVE_UP_PROOF)
    assert RequestState.REVIEWING is table.of(reading.labels[0]).state
    return table


def answered_unverified(reading) -> Table:
    table = unverified(reading)
    ids = tuple(request.id for request in table.open_case.requests)
    table.happens(
        AnswerSent(
            draft_id="d",
            outgoing_id="o",
            request_ids=ids,
            outcome=Outcome.UNVERIFIED,
        )
    )
    return table


def test_a_late_proof_takes_the_drafted_refusal_back():
    table = unverified(ACCESS)

    press(table)

    assert RequestState.WORKING is table.request.state
    assert [(table.request.id,)] == [e.request_ids for e in table.all(DropDrafts)]
    assert [(Letter.ACCESS_ANSWER,)] == table.drafted


def test_a_late_first_proof_of_a_deletion_still_asks_the_second_question():
    table = unverified(DELETION)

    press(table)

    assert RequestState.VERIFYING is table.request.state
    assert (Letter.CONFIRM_DELETION,) == table.letters


def test_missing_proof_reopens_what_ended_for_want_of_it_with_the_first_receipt():
    table = answered_unverified(ACCESS)
    receipt, dates = table.request.receipt, table.request.dates

    press(table)

    assert RequestState.WORKING is table.request.state
    assert (receipt, dates) == (table.request.receipt, table.request.dates)
    assert table.request.outcome is None
    assert TimerKind.ESCALATE in {timer.kind for timer in table.open_case.timers}


def test_missing_proof_reopens_a_deletion_with_its_second_question():
    table = answered_unverified(DELETION)

    press(table)

    assert RequestState.VERIFYING is table.request.state
    assert (Letter.CONFIRM_DELETION,) == table.letters
    assert TimerKind.ESCALATE in {timer.kind for timer in table.open_case.timers}


def test_an_expired_code_is_renewed_also_after_the_refusal_was_sent():
    table = answered_unverified(ACCESS)
    table.passes(days=20)

    send_code(table, CodeCheck.EXPIRED)
    assert (Letter.CODE_EXPIRED,) == table.letters
    assert not table.open_case.is_open

    press(table)
    assert RequestState.WORKING is table.request.state

"""What time brings: it reminds, escalates, drafts and settles, and decides nothing."""

from datetime import UTC, datetime, timedelta

import pytest

from inbox_bot.domain.case import Outcome, RequestState, Timer, TimerKind
from inbox_bot.domain.circumstances import PolicySettings
from inbox_bot.domain.effects import Letter, PrepareDraft, Send
from inbox_bot.domain.happenings import ClosedByStaff, ProofGiven, TimerFired
from inbox_bot.domain.reading import Right
from tests.unit.domain.happenings import (
    ACCESS,
    DELETION,
    KARI,
    MONDAY,
    OPT_OUT,
    Table,
    a_mail,
    a_table,
    reads,
)


def timer(table: Table, kind: TimerKind) -> Timer:
    return next(t for t in table.open_case.timers if t.kind is kind)


def fire(table: Table, kind: TimerKind) -> None:
    due = timer(table, kind)
    table.now = due.at
    table.happens(TimerFired(timer=due))


def press(table: Table) -> None:
    table.happens(ProofGiven(challenge_id=table.open_case.challenges[-1].id))


def test_a_verifying_request_is_watched_from_its_first_day():
    table = a_table(ACCESS)
    due = datetime(2026, 4, 7, tzinfo=UTC)

    assert {
        TimerKind.REMIND_REQUESTER: MONDAY + timedelta(days=4),
        TimerKind.GIVE_UP_PROOF: due - timedelta(days=7),
        TimerKind.REMIND_STAFF: due - timedelta(days=7),
        TimerKind.ESCALATE: due - timedelta(days=2),
    } == {timer.kind: timer.at for timer in table.open_case.timers}


def test_one_reminder_goes_out_by_itself():
    table = a_table(ACCESS)

    fire(table, TimerKind.REMIND_REQUESTER)

    (sent,) = table.all(Send)
    assert ((Letter.VERIFY_REMINDER,), KARI, False) == (
        sent.post.letters,
        sent.post.to,
        sent.post.is_reply,
    )
    assert TimerKind.REMIND_REQUESTER not in {
        timer.kind for timer in table.open_case.timers
    }


def test_a_reminder_stays_under_the_cap():
    table = a_table(ACCESS)
    table.sent_today = {KARI: 3}

    fire(table, TimerKind.REMIND_REQUESTER)

    assert () == table.letters
    assert "address_cap" == table.recorded("answer_suppressed")["reason"]


@pytest.mark.parametrize(
    "end",
    [
        ProofGiven(challenge_id="id-3"),
        ClosedByStaff(by="Astrid", outcome=Outcome.WITHDRAWN),
    ],
)
def test_nobody_is_reminded_of_what_is_over(end):
    table = a_table(ACCESS)
    due = timer(table, TimerKind.REMIND_REQUESTER)
    table.happens(end)

    table.happens(TimerFired(timer=due))

    assert () == table.effects


def test_nobody_is_reminded_of_a_challenge_that_is_gone():
    table = a_table(ACCESS)

    table.happens(
        TimerFired(
            timer=Timer(kind=TimerKind.REMIND_REQUESTER, at=MONDAY, about="gone")
        )
    )

    assert () == table.effects


def test_silence_brings_a_drafted_refusal_in_time():
    table = a_table(ACCESS)

    fire(table, TimerKind.GIVE_UP_PROOF)

    assert RequestState.REVIEWING is table.request.state
    (draft,) = table.all(PrepareDraft)
    assert ((Letter.UNVERIFIED,), KARI, Outcome.UNVERIFIED) == (
        draft.post.letters,
        draft.post.to,
        draft.outcome,
    )
    assert () == table.letters
    assert table.now.date() < table.request.dates.due


def test_silence_after_the_first_step_of_a_deletion_is_drafted_as_well():
    table = a_table(DELETION)
    press(table)

    fire(table, TimerKind.GIVE_UP_PROOF)

    assert [(Letter.UNVERIFIED,)] == table.drafted


def test_nothing_is_given_up_that_was_proven_meanwhile():
    table = a_table(ACCESS)
    due = timer(table, TimerKind.GIVE_UP_PROOF)
    press(table)

    table.happens(TimerFired(timer=due))

    assert () == table.effects


def test_a_late_mail_still_leaves_its_author_a_fair_chance():
    patient = PolicySettings(answer_within=timedelta(days=60))
    table = Table(now=datetime(2026, 4, 6, 12, tzinfo=UTC), policy=patient)

    table.arrives(a_mail(), received_at=MONDAY)

    ends = timer(table, TimerKind.GIVE_UP_PROOF).at
    assert table.now + timedelta(days=1) == ends
    assert timer(table, TimerKind.REMIND_REQUESTER).at <= ends


def test_staff_are_reminded_and_then_alarmed():
    table = a_table(reads(Right.CORRECTION))

    fire(table, TimerKind.REMIND_STAFF)
    assert ["staff_reminded"] == table.actions
    fire(table, TimerKind.ESCALATE)
    assert ["escalated"] == table.actions
    assert "2026-04-07" == table.recorded("escalated")["due"]
    assert table.open_case.attention
    assert RequestState.HELD is table.request.state


def test_nobody_is_alarmed_about_what_was_answered_or_never_was():
    table = a_table(OPT_OUT)
    for about in (table.request.id, "gone"):
        alarm = Timer(kind=TimerKind.ESCALATE, at=MONDAY, about=about)

        table.happens(TimerFired(timer=alarm))

        assert () == table.effects


def test_what_stayed_quiet_is_closed():
    table = a_table(OPT_OUT)

    fire(table, TimerKind.SETTLE)

    assert RequestState.CLOSED is table.request.state
    assert () == table.open_case.timers


def test_settling_is_overtaken_by_what_reopened():
    table = a_table(reads(Right.ACCESS, Right.OPT_OUT))
    settle = Timer(kind=TimerKind.SETTLE, at=MONDAY, about=table.of(Right.ACCESS).id)

    table.happens(TimerFired(timer=settle))

    assert RequestState.VERIFYING is table.of(Right.ACCESS).state

"""A mail in its case: machines are filed, people are heard, approvals end."""

from dataclasses import replace
from datetime import timedelta

import pytest

from inbox_bot.domain.case import HoldReason, Outcome, RequestState, Thread
from inbox_bot.domain.effects import Letter, Suppress, VoidApprovals
from inbox_bot.domain.happenings import ClosedByStaff
from inbox_bot.domain.message import Automation
from inbox_bot.domain.reading import Confidence, Kind, Right
from inbox_bot.domain.verification import CodeCheck
from tests.unit.domain.happenings import (
    ACCESS,
    DELETION,
    OPT_OUT,
    THANKS,
    UNSURE,
    a_mail,
    a_table,
    reads,
)

OUT_OF_OFFICE = reads(kind=Kind.AUTO_REPLY)


def closed_table():
    table = a_table(ACCESS)
    table.happens(ClosedByStaff(by="Astrid", outcome=Outcome.FULFILLED))
    return table


# --- machines


@pytest.mark.parametrize(
    "mail",
    [
        a_mail(OUT_OF_OFFICE, automation=Automation.AUTO_REPLY),
        a_mail(OUT_OF_OFFICE),
        a_mail(ACCESS, automation=Automation.BOUNCE),
        a_mail(reads(kind=Kind.BOUNCE), automation=Automation.BOUNCE),
    ],
)
def test_automatic_mail_is_filed_and_changes_nothing(mail):
    table = a_table(ACCESS)
    before = table.open_case

    table.arrives(mail)

    assert before == table.open_case
    assert ["automatic_mail_filed"] == table.actions
    assert [] == table.all(VoidApprovals)


@pytest.mark.parametrize(
    "mail",
    [
        a_mail(THANKS, automation=Automation.LIST),
        a_mail(UNSURE, automation=Automation.AUTO_REPLY),
        a_mail(replace(OUT_OF_OFFICE, confidence=Confidence.HOLD)),
    ],
)
def test_a_person_looks_where_headers_and_words_do_not_agree(mail):
    table = a_table(ACCESS)

    table.arrives(mail)

    assert table.open_case.attention
    assert [] == table.all(VoidApprovals)


def test_a_request_sent_by_machine_is_a_request():
    table = a_table(ACCESS)

    table.arrives(a_mail(OPT_OUT, automation=Automation.AUTO_REPLY, answerable=False))

    assert 1 == len(table.all(Suppress))
    assert () == table.letters
    assert "machine" == table.recorded("answer_suppressed")["reason"]


def test_automatic_mail_reopens_nothing():
    table = closed_table()

    table.arrives(a_mail(OUT_OF_OFFICE, automation=Automation.AUTO_REPLY))

    assert not table.open_case.is_open


# --- people


def test_a_persons_mail_takes_approvals_back_and_moves_the_thread_on():
    table = a_table(ACCESS, mail={"authenticated": False})
    thread = Thread(author="kari@example.org", message_id="2@mail.example")

    table.arrives(a_mail(UNSURE, thread=thread))

    assert 1 == len(table.all(VoidApprovals))
    assert thread == table.open_case.thread
    assert table.open_case.authenticated
    assert table.open_case.attention


def test_a_mail_without_an_id_leaves_the_thread_where_it_was():
    thread = Thread(author="kari@example.org", message_id="1@mail.example")
    table = a_table(ACCESS, mail={"thread": thread})

    table.arrives(a_mail(UNSURE, authenticated=False))

    assert thread == table.open_case.thread
    assert table.open_case.authenticated


def test_a_right_asked_for_later_is_a_new_request_with_its_own_receipt():
    table = a_table(ACCESS)
    table.passes(days=3)

    table.arrives(a_mail(DELETION))

    assert table.now == table.of(Right.DELETION).receipt
    assert (Letter.VERIFY,) == table.letters


def test_a_right_that_runs_is_not_begun_again():
    table = a_table(ACCESS)

    table.arrives(a_mail(ACCESS))

    assert 1 == len(table.open_case.requests)
    assert () == table.letters
    assert table.open_case.attention


def test_an_opt_out_in_an_open_case_is_done_at_once():
    table = a_table(ACCESS)

    table.arrives(a_mail(OPT_OUT))

    assert (Letter.OPT_OUT_DONE,) == table.letters


def test_doubtful_rights_in_an_open_case_are_held_with_a_clock():
    table = a_table(ACCESS)

    table.arrives(a_mail(replace(DELETION, confidence=Confidence.HOLD)))

    assert HoldReason.NEW_MAIL is table.of(Right.DELETION).hold_reason
    assert () == table.letters


def test_doubt_about_what_runs_already_only_asks_for_a_look():
    table = a_table(ACCESS)

    table.arrives(a_mail(replace(ACCESS, confidence=Confidence.HOLD)))

    assert 1 == len(table.open_case.requests)
    assert table.open_case.attention


@pytest.mark.parametrize("reading", [THANKS, reads(kind=Kind.SPAM)])
def test_thanks_are_filed_and_reopen_nothing(reading):
    table = closed_table()

    table.arrives(a_mail(reading))

    assert not table.open_case.is_open
    assert table.open_case.attention


def test_any_other_mail_in_a_closed_case_waits_for_a_person():
    table = closed_table()

    table.arrives(a_mail(UNSURE))

    assert HoldReason.NEW_MAIL is table.of(None).hold_reason


def test_a_request_that_cannot_be_answered_by_machine_waits_for_a_person():
    table = a_table(OPT_OUT)

    table.arrives(a_mail(ACCESS, answerable=False))

    assert HoldReason.UNANSWERABLE is table.of(Right.ACCESS).hold_reason
    assert [] == list(table.open_case.challenges)
    assert "answer_suppressed" in table.actions


def test_an_old_mail_in_a_case_is_held_without_answer():
    table = a_table(ACCESS)

    table.arrives(
        a_mail(reads(Right.DELETION, Right.OPT_OUT)),
        received_at=table.now - timedelta(days=8),
    )

    assert HoldReason.LATE is table.of(Right.DELETION).hold_reason
    assert HoldReason.LATE is table.of(Right.OPT_OUT).hold_reason
    assert () == table.letters
    assert "late" == table.recorded("answer_suppressed")["reason"]


# --- beside a code


def test_what_stands_beside_a_code_is_not_lost():
    table = a_table(ACCESS)
    (challenge,) = table.open_case.challenges

    table.arrives(
        a_mail(
            reads(Right.ACCESS, Right.DELETION, Right.OPT_OUT),
            code=CodeCheck.VALID,
            challenge_id=challenge.id,
        )
    )

    assert (Letter.VERIFIED,) == table.letters
    assert RequestState.WORKING is table.of(Right.ACCESS).state
    assert HoldReason.NEW_MAIL is table.of(Right.DELETION).hold_reason
    assert 1 == len(table.all(Suppress))
    assert "one_mail" == table.recorded("answer_suppressed")["reason"]


def test_a_doubtful_opt_out_beside_a_code_waits_for_a_person():
    table = a_table(ACCESS)
    (challenge,) = table.open_case.challenges

    table.arrives(
        a_mail(
            replace(OPT_OUT, confidence=Confidence.HOLD),
            code=CodeCheck.VALID,
            challenge_id=challenge.id,
        )
    )

    assert [] == table.all(Suppress)
    assert RequestState.HELD is table.of(Right.OPT_OUT).state

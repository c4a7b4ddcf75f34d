"""What can be derived from cases, messages and drafts."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from inbox_bot.domain.case import RequestState, Timer, TimerKind
from inbox_bot.domain.circumstances import PolicySettings
from inbox_bot.domain.message import (
    Address,
    Authentication,
    DeliveryReport,
    InboundMessage,
)
from inbox_bot.domain.verification import Challenge, Purpose
from tests.builders import KARI, LATER, NOW, SOON, a_case, a_draft, a_request


def in_states(*states: RequestState):
    requests = tuple(
        a_request(f"r{number}", state=state) for number, state in enumerate(states)
    )
    return a_case(requests=requests)


# --- cases


@pytest.mark.parametrize(
    ("states", "state"),
    [
        ((), RequestState.CLOSED),
        ((RequestState.CLOSED, RequestState.ANSWERED), RequestState.ANSWERED),
        ((RequestState.VERIFYING, RequestState.ANSWERED), RequestState.VERIFYING),
        ((RequestState.VERIFYING, RequestState.REVIEWING), RequestState.REVIEWING),
        ((RequestState.REVIEWING, RequestState.HELD), RequestState.HELD),
    ],
)
def test_a_case_stands_where_it_most_needs_a_person(states, state):
    assert state is in_states(*states).state


def test_only_what_is_open_is_due():
    case = in_states(RequestState.VERIFYING, RequestState.CLOSED)

    assert date(2026, 4, 2) == case.due
    assert in_states(RequestState.CLOSED).due is None
    assert not in_states(RequestState.CLOSED, RequestState.ANSWERED).is_open


def test_the_next_timer_is_the_earliest():
    timers = tuple(Timer(kind=TimerKind.ESCALATE, at=at) for at in (LATER, SOON))

    assert SOON == a_case(timers=timers).next_timer_at
    assert a_case().next_timer_at is None


def test_what_is_not_in_a_case_is_not_found():
    with pytest.raises(KeyError):
        a_case().request("other")
    with pytest.raises(KeyError):
        a_case().challenge("other")


# --- challenges


def a_challenge(**changes: Any) -> Challenge:
    challenge = Challenge(
        id="c",
        purpose=Purpose.ADDRESS,
        address=KARI,
        request_ids=("r",),
        issued_at=NOW,
        expires_at=LATER,
        attempts_left=1,
    )
    return replace(challenge, **changes)


@pytest.mark.parametrize(
    "changes",
    [{"used_at": NOW}, {"replaced": True}, {"attempts_left": 0}, {"expires_at": NOW}],
)
def test_a_challenge_counts_once_in_time_and_not_after_too_many_tries(changes):
    assert a_challenge().is_open(NOW)
    assert not a_challenge(**changes).is_open(NOW)


def test_tries_never_fall_below_none():
    assert 0 == a_challenge().after_wrong_code().after_wrong_code().attempts_left


# --- drafts


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({}, ()),
        ({"source": "[[Your data.]]"}, ("placeholder",)),
        ({"subject": "[[Subject]]"}, ("placeholder",)),
        ({"match_needed": True}, ("match",)),
        ({"match_needed": True, "match_confirmed": True}, ()),
        ({"source": "[[x]]", "match_needed": True}, ("placeholder", "match")),
    ],
)
def test_a_draft_says_what_it_still_lacks(changes, missing):
    assert missing == a_draft(**changes).missing


# --- messages


def test_an_address_knows_its_parts():
    address = Address(addr_spec="odd@local@Example.ORG")

    assert ("odd@local", "example.org") == (address.local_part, address.domain)


@pytest.mark.parametrize(
    ("dmarc", "trusted", "aligned"),
    [("pass", True, True), ("pass", False, False), ("fail", True, False)],
)
def test_only_a_trusted_pass_authenticates(dmarc, trusted, aligned):
    assert aligned is Authentication(dmarc=dmarc, trusted=trusted).aligned


@pytest.mark.parametrize(
    ("action", "status", "permanent"),
    [
        ("failed", "4.0.0", True),
        ("delayed", "5.0.0", False),
        (None, "5.1.1", True),
        (None, "4.2.0", False),
        (None, None, False),
    ],
)
def test_a_report_is_permanent_by_its_action_or_else_its_status(
    action, status, permanent
):
    report = DeliveryReport(
        action=action, status=status, final_recipient=None, original_message_ids=()
    )

    assert permanent is report.permanent


def test_ancestors_come_nearest_first_and_once():
    message = InboundMessage(
        sender=None, in_reply_to=("c",), references=("a", "b", "c")
    )

    assert ("c", "b", "a") == message.ancestors


# --- settings


@pytest.mark.parametrize(
    ("read", "chosen"),
    [
        ("nb", "nb"),
        ("nn", "nb"),
        ("no", "nb"),
        ("en", "en"),
        ("fr", "en"),
        (None, "en"),
    ],
)
def test_the_answer_speaks_the_senders_language_or_a_sister_of_it(read, chosen):
    assert chosen == PolicySettings().language(read)


def test_the_windows_are_those_of_the_rules():
    policy = PolicySettings()

    assert (7, 3, 1, 7) == (
        policy.answer_within // timedelta(days=1),
        policy.address_daily_cap,
        policy.cap_window // timedelta(days=1),
        policy.repeat_window // timedelta(days=1),
    )

"""A mail arrives: tray, held, begun; at most one mail goes out, none to a machine."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from inbox_bot.domain.case import HoldReason, Outcome, RequestState, TimerKind
from inbox_bot.domain.circumstances import Automatic, PolicySettings
from inbox_bot.domain.effects import FileMessage, Letter, Place, Suppress
from inbox_bot.domain.happenings import ForwardedFrom, MailArrived, Seen
from inbox_bot.domain.message import Automation
from inbox_bot.domain.policy import decide
from inbox_bot.domain.reading import Confidence, Kind, Right
from inbox_bot.domain.suppression import Scope
from inbox_bot.errors import RefusalError
from tests.unit.domain.happenings import (
    ACCESS,
    AGENT,
    DELETION,
    KARI,
    MONDAY,
    OLA,
    OPT_OUT,
    THANKS,
    a_mail,
    a_table,
    reads,
)

ASTRID = "astrid@leadjabber.com"
DAYS_AGO_8 = MONDAY - timedelta(days=8)
TALKATIVE = PolicySettings(automatic=frozenset(Automatic))
AGENT_STOPS = reads(Right.AGENT, Right.OPT_OUT, mentioned=(OLA,))
BOTH = reads(Right.ACCESS, Right.OPT_OUT)


# --- no request


def test_only_a_mail_opens_a_case():
    with pytest.raises(RefusalError, match="Only a mail"):
        decide(None, Seen(by="Astrid"), a_table().around)


@pytest.mark.parametrize("kind", [Kind.SPAM, Kind.OTHER, Kind.AUTO_REPLY, Kind.BOUNCE])
def test_what_surely_is_no_request_goes_into_the_tray(kind):
    table = a_table(reads(kind=kind))

    assert table.case is None
    (filed,) = table.all(FileMessage)
    assert (Place.TRAY, kind.value) == (filed.place, filed.reason)


@pytest.mark.parametrize(
    "automation", [Automation.BOUNCE, Automation.FEEDBACK, Automation.DISPOSITION]
)
def test_a_machines_report_is_never_a_request_whatever_it_says(automation):
    table = a_table(ACCESS, mail={"automation": automation})

    assert table.case is None
    assert automation.value == table.all(FileMessage)[0].reason


@pytest.mark.parametrize(
    ("automation", "opens"), [(Automation.AUTO_REPLY, False), (Automation.NONE, True)]
)
def test_a_doubtful_automatic_reply_is_one_where_the_headers_agree(automation, opens):
    doubtful = reads(kind=Kind.AUTO_REPLY, confidence=Confidence.HOLD)
    table = a_table(doubtful, mail={"automation": automation, "answerable": False})

    assert opens is (table.case is not None)


def test_our_own_mail_opens_no_case():
    assert a_table(ACCESS, mail={"own": True}).case is None


def test_doubt_goes_to_a_person():
    table = a_table(reads(kind=Kind.SPAM, confidence=Confidence.HOLD))

    assert HoldReason.UNCERTAIN is table.request.hold_reason
    assert () == table.letters


def test_what_came_only_in_part_is_held_even_if_it_looks_like_spam():
    table = a_table(reads(kind=Kind.SPAM), mail={"whole": False})

    assert HoldReason.OVERSIZE is table.request.hold_reason


def test_a_pointer_answers_a_misdirected_mail_where_the_house_allows_it():
    table = a_table(THANKS, policy=TALKATIVE)

    assert (Letter.POINTER,) == table.letters
    assert KARI == table.written_to


@pytest.mark.parametrize(
    "changes",
    [
        {"answerable": False},
        {"automation": Automation.LIST},
        {"colleague": True},
        {"reading": reads(kind=Kind.SPAM)},
    ],
)
def test_no_pointer_goes_where_none_belongs(changes):
    table = a_table(policy=TALKATIVE)
    table.arrives(replace(a_mail(THANKS), **changes))

    assert () == table.letters


def test_no_pointer_goes_over_the_cap_or_to_an_old_mail():
    capped = a_table(THANKS, policy=TALKATIVE, sent_today={KARI: 3})
    late = a_table(policy=TALKATIVE)
    late.arrives(a_mail(THANKS), received_at=DAYS_AGO_8)

    assert () == capped.letters
    assert () == late.letters


# --- a believed request


def test_a_request_for_access_is_acknowledged_and_asked_to_prove_in_one_mail():
    table = a_table(ACCESS)

    assert (Letter.ACKNOWLEDGE, Letter.VERIFY) == table.letters
    assert RequestState.VERIFYING is table.request.state
    assert table.open_case.acknowledged
    assert ["case_opened", "request_opened", "proof_asked", "mail_queued"] == (
        table.actions
    )


def test_an_opt_out_is_done_at_once_and_needs_no_proof():
    table = a_table(OPT_OUT)

    assert (Letter.OPT_OUT_DONE,) == table.letters
    (stopped,) = table.all(Suppress)
    assert (KARI, (Scope.MARKETING, Scope.PARTNERS)) == (
        stopped.address,
        stopped.scopes,
    )
    assert (RequestState.ANSWERED, Outcome.FULFILLED) == (
        table.request.state,
        table.request.outcome,
    )


def test_three_rights_are_three_requests_and_one_mail():
    table = a_table(reads(Right.ACCESS, Right.DELETION, Right.OPT_OUT))

    assert (Letter.ACKNOWLEDGE, Letter.OPT_OUT_DONE, Letter.VERIFY) == table.letters
    assert RequestState.ANSWERED is table.of(Right.OPT_OUT).state
    (challenge,) = table.open_case.challenges
    assert {table.of(Right.ACCESS).id, table.of(Right.DELETION).id} == set(
        challenge.request_ids
    )


def test_what_the_bot_has_no_way_for_is_acknowledged_and_put_before_a_person():
    table = a_table(reads(Right.CORRECTION))

    assert (Letter.ACKNOWLEDGE,) == table.letters
    assert HoldReason.BY_HAND is table.request.hold_reason
    assert table.open_case.attention


def test_the_clock_runs_from_the_receipt_also_for_what_is_held():
    table = a_table(reads(Right.ACCESS, confidence=Confidence.HOLD))

    assert MONDAY == table.request.receipt
    assert "2026-04-07" == table.request.dates.due.isoformat()
    assert {TimerKind.REMIND_STAFF, TimerKind.ESCALATE} == {
        timer.kind for timer in table.open_case.timers
    }


def test_what_may_not_be_sent_by_itself_is_drafted():
    careful = PolicySettings(automatic=frozenset({Automatic.ACKNOWLEDGE}))
    table = a_table(ACCESS, policy=careful)

    assert (Letter.ACKNOWLEDGE,) == table.letters
    assert [(Letter.VERIFY,)] == table.drafted


def test_nothing_is_sent_where_nothing_is_automatic():
    table = a_table(ACCESS, policy=PolicySettings(automatic=frozenset()))

    assert () == table.letters
    assert [(Letter.ACKNOWLEDGE, Letter.VERIFY)] == table.drafted
    assert not table.open_case.acknowledged


# --- held


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"whole": False}, HoldReason.OVERSIZE),
        ({"possible_case": "other"}, HoldReason.POSSIBLE_LINK),
        ({"same_message_id": True}, HoldReason.SAME_MESSAGE_ID),
        ({"sender": ""}, HoldReason.UNCERTAIN),
        ({"reading": reads(Right.AGENT)}, HoldReason.UNCERTAIN),
        ({"reading": reads(kind=Kind.FOLLOW_UP)}, HoldReason.UNCERTAIN),
        ({"answerable": False}, HoldReason.UNANSWERABLE),
        ({"automation": Automation.LIST}, HoldReason.UNANSWERABLE),
    ],
)
def test_a_reason_to_hold_keeps_the_bot_from_writing(changes, reason):
    table = a_table()
    table.arrives(replace(a_mail(), **changes))

    assert reason is table.request.hold_reason
    assert () == table.letters
    assert [] == table.drafted
    assert table.open_case.attention


def test_a_possible_link_is_noted_and_never_joined():
    table = a_table(ACCESS, mail={"possible_case": "other"})

    assert ("other",) == table.open_case.linked


def test_an_old_mail_is_held_with_its_true_receipt_and_no_answer():
    table = a_table(policy=TALKATIVE)
    table.arrives(a_mail(BOTH), received_at=DAYS_AGO_8)

    assert {HoldReason.LATE} == {r.hold_reason for r in table.open_case.requests}
    assert DAYS_AGO_8 == table.open_case.receipt
    assert () == table.letters
    assert "late" == table.recorded("answer_suppressed")["reason"]


def test_a_mail_of_exactly_seven_days_is_not_old():
    table = a_table()
    table.arrives(a_mail(), received_at=MONDAY - timedelta(days=7))

    assert (Letter.ACKNOWLEDGE, Letter.VERIFY) == table.letters


def test_a_second_case_of_an_unauthenticated_sender_is_held():
    table = a_table(ACCESS, mail={"authenticated": False}, recent_cases=1)

    assert HoldReason.REPEATED is table.request.hold_reason
    assert "repeated" == table.recorded("answer_suppressed")["reason"]


def test_a_second_case_of_an_authenticated_sender_is_begun():
    assert (Letter.ACKNOWLEDGE, Letter.VERIFY) == (
        a_table(ACCESS, recent_cases=1).letters
    )


def test_a_first_case_of_an_unauthenticated_sender_is_begun():
    table = a_table(ACCESS, mail={"authenticated": False})

    assert (Letter.ACKNOWLEDGE, Letter.VERIFY) == table.letters


@pytest.mark.parametrize(
    ("changes", "around", "letters"),
    [
        ({"answerable": False}, {}, ()),
        ({"automation": Automation.AUTO_REPLY, "answerable": False}, {}, ()),
        ({"authenticated": False}, {"recent_cases": 1}, ()),
        ({"possible_case": "other"}, {}, (Letter.OPT_OUT_DONE,)),
        ({"same_message_id": True}, {}, (Letter.OPT_OUT_DONE,)),
    ],
)
@pytest.mark.parametrize("reading", [OPT_OUT, BOTH])
def test_an_opt_out_waits_for_nothing(changes, around, letters, reading):
    table = a_table(**around)
    table.arrives(a_mail(reading, **changes))

    assert [KARI] == [effect.address for effect in table.all(Suppress)]
    assert RequestState.ANSWERED is table.of(Right.OPT_OUT).state
    assert letters == table.letters
    assert bool(letters) is not ("answer_suppressed" in table.actions)
    if reading is BOTH:
        assert RequestState.HELD is table.of(Right.ACCESS).state


def test_an_agents_opt_out_for_a_named_address_is_done_at_once():
    table = a_table(AGENT_STOPS, mail={"sender": AGENT})

    assert [OLA] == [effect.address for effect in table.all(Suppress)]
    assert (Letter.OPT_OUT_DONE, Letter.PERMISSION) == table.letters
    assert AGENT == table.written_to


def test_an_agent_platforms_bulk_mail_stops_the_mail_for_its_client():
    table = a_table(
        AGENT_STOPS,
        mail={"sender": AGENT, "automation": Automation.LIST, "answerable": False},
    )

    assert [OLA] == [effect.address for effect in table.all(Suppress)]
    assert () == table.letters


def test_an_agent_who_names_nobody_is_asked_for_the_permission():
    table = a_table(reads(Right.AGENT, Right.OPT_OUT), mail={"sender": AGENT})

    assert [] == table.all(Suppress)
    assert RequestState.AUTHORIZING is table.request.state
    assert (Letter.ACKNOWLEDGE, Letter.PERMISSION) == table.letters


def test_an_opt_out_without_an_address_to_stop_is_held():
    table = a_table(
        reads(Right.AGENT, Right.OPT_OUT),
        mail={"sender": AGENT, "answerable": False},
    )

    assert [] == table.all(Suppress)
    assert HoldReason.UNANSWERABLE is table.request.hold_reason


def test_an_agents_request_for_access_waits_for_the_permission():
    table = a_table(reads(Right.ACCESS, Right.AGENT, mentioned=(OLA,)))

    assert RequestState.AUTHORIZING is table.request.state
    assert (Letter.ACKNOWLEDGE, Letter.PERMISSION) == table.letters


# --- held, and said so


def test_a_held_mail_is_acknowledged_once_where_the_house_allows_it():
    table = a_table(reads(Right.ACCESS, confidence=Confidence.HOLD), policy=TALKATIVE)

    assert (Letter.HELD,) == table.letters
    assert table.open_case.acknowledged


@pytest.mark.parametrize(
    "changes",
    [
        {"answerable": False},
        {"automation": Automation.AUTO_REPLY},
        {"reading": reads(kind=Kind.SPAM, confidence=Confidence.HOLD)},
        {"forwarded": ForwardedFrom(address=OLA, date=None)},
        {"received_at": DAYS_AGO_8},
    ],
)
def test_machines_spam_colleagues_and_the_past_are_not_told_that_they_wait(changes):
    received = changes.get("received_at", MONDAY)
    table = a_table(policy=TALKATIVE)
    table.arrives(replace(a_mail(), **changes), received_at=received)

    assert () == table.letters


def test_a_promoted_mail_is_held_whatever_it_says():
    table = a_table()
    table.happens(
        MailArrived(
            mail=a_mail(reads(kind=Kind.SPAM)), reference="R", hold=HoldReason.BY_STAFF
        )
    )

    assert HoldReason.BY_STAFF is table.request.hold_reason


# --- passed on by a colleague


def test_a_mail_passed_on_is_held_for_its_author_since_the_first_receipt():
    first = datetime(2026, 2, 20, 8, tzinfo=UTC)
    table = a_table(
        ACCESS,
        mail={
            "sender": ASTRID,
            "colleague": True,
            "forwarded": ForwardedFrom(address=OLA, date=first),
        },
        policy=TALKATIVE,
    )

    assert (OLA, ()) == (table.open_case.requester, table.open_case.participants)
    assert (first, first) == (table.open_case.receipt, table.request.receipt)
    assert HoldReason.COLLEAGUE is table.request.hold_reason
    assert () == table.letters


@pytest.mark.parametrize("date", [None, MONDAY + timedelta(days=3)])
def test_without_a_believable_date_the_receipt_is_ours(date):
    forwarded = ForwardedFrom(address="", date=date)
    table = a_table(ACCESS, mail={"forwarded": forwarded, "colleague": True})

    assert MONDAY == table.request.receipt


def test_a_certain_opt_out_that_a_colleague_passed_on_waits_for_a_person():
    forwarded = ForwardedFrom(address=OLA, date=None)
    table = a_table(OPT_OUT, mail={"forwarded": forwarded, "colleague": True})

    assert [] == table.all(Suppress)


# --- caps


def test_over_the_daily_cap_the_answer_is_kept_and_recorded():
    table = a_table(DELETION, sent_today={KARI: 3})

    assert () == table.letters
    kept = table.recorded("answer_suppressed")
    assert ("address_cap", "acknowledge,verify") == (kept["reason"], kept["letters"])
    assert table.open_case.attention
    assert not table.open_case.acknowledged


def test_over_the_daily_cap_an_opt_out_is_done_all_the_same():
    table = a_table(OPT_OUT, sent_today={KARI: 3})

    assert [KARI] == [effect.address for effect in table.all(Suppress)]
    assert () == table.letters

"""A person says what a held mail asks for, whose it is and since when."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from inbox_bot.domain.case import Outcome, RequestState, Thread, TimerKind
from inbox_bot.domain.circumstances import Automatic, PolicySettings
from inbox_bot.domain.effects import (
    Letter,
    Send,
    Suppress,
)
from inbox_bot.domain.happenings import (
    ForwardedFrom,
    Identified,
    PermissionAccepted,
)
from inbox_bot.domain.reading import Confidence, Right
from inbox_bot.errors import RefusalError
from tests.unit.domain.happenings import (
    ACCESS,
    AGENT,
    DELETION,
    KARI,
    OLA,
    OPT_OUT,
    Table,
    a_mail,
    a_table,
    reads,
)

ASTRID = "astrid@leadjabber.com"
DOUBTFUL = reads(Right.ACCESS, confidence=Confidence.HOLD)


def identify(table: Table, *rights: Right, **changes) -> None:
    table.happens(Identified(by="Astrid", rights=rights, **changes))


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

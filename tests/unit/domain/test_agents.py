"""Agents: a person accepts the permission, the consumer is asked once and elsewhere."""

import pytest

from inbox_bot.domain.case import Outcome, RequestState, TimerKind
from inbox_bot.domain.effects import Letter, PrepareDraft, Send, Suppress
from inbox_bot.domain.happenings import (
    AnswerSent,
    PermissionAccepted,
    ProofGiven,
    TimerFired,
)
from inbox_bot.domain.reading import Right
from inbox_bot.domain.verification import Purpose
from inbox_bot.errors import RefusalError
from tests.unit.domain.happenings import (
    ACCESS,
    AGENT,
    OLA,
    Table,
    a_mail,
    a_table,
    reads,
)

PER = "per@example.net"


def asked(*rights: Right, named: tuple[str, ...] = (OLA,)) -> Table:
    reading = reads(*rights, Right.AGENT, mentioned=named)
    return a_table(reading, mail={"sender": AGENT})


def accept(table: Table, consumer: str = OLA, **changes) -> None:
    table.happens(PermissionAccepted(by="Astrid", consumer=consumer, **changes))


def drafts_to(table: Table) -> list[str]:
    return [draft.post.to for draft in table.all(PrepareDraft)]


def press(table: Table) -> None:
    table.happens(ProofGiven(challenge_id=table.open_case.challenges[-1].id))


def test_the_consumer_is_asked_in_a_mail_of_its_own():
    table = asked(Right.ACCESS)

    accept(table)

    assert ((Letter.CONFIRM_AGENT,), OLA) == (table.letters, table.written_to)
    (sent,) = table.all(Send)
    assert not sent.post.is_reply
    (challenge,) = table.open_case.challenges
    assert (Purpose.AGENT, OLA) == (challenge.purpose, challenge.address)


def test_the_consumer_may_answer_by_mail():
    table = asked(Right.ACCESS)

    accept(table)

    assert (AGENT, OLA) == table.open_case.participants


def test_the_answer_goes_to_the_consumer():
    table = asked(Right.ACCESS)
    accept(table)

    press(table)

    assert OLA == table.request.proven_address
    assert [OLA] == drafts_to(table)


def test_the_answer_goes_to_the_agent_where_the_permission_says_so():
    table = asked(Right.ACCESS)
    accept(table, answers_to_agent=True)

    press(table)

    assert [AGENT] == drafts_to(table)


def test_a_deletion_by_an_agent_is_confirmed_twice_by_the_consumer():
    table = asked(Right.DELETION)
    accept(table)

    press(table)

    assert ((Letter.CONFIRM_DELETION,), OLA) == (table.letters, table.written_to)
    press(table)
    assert table.request.confirmed


def test_no_permission_where_nobody_acts_for_another():
    with pytest.raises(RefusalError, match="Nobody acts"):
        accept(a_table(ACCESS))


def test_the_agent_is_never_asked_in_the_consumers_place():
    with pytest.raises(RefusalError, match="agent's own"):
        accept(asked(Right.ACCESS), AGENT)


def test_an_address_in_the_agents_domain_needs_a_persons_word():
    table = asked(Right.ACCESS)
    with pytest.raises(RefusalError, match="domain"):
        accept(table, "client@agency.example")

    accept(table, "client@agency.example", despite_domain=True)

    assert "client@agency.example" == table.written_to


# --- opt-outs


def test_an_opt_out_that_lacked_an_address_is_done_without_asking_the_consumer():
    table = asked(Right.OPT_OUT, named=())

    accept(table)

    assert [OLA] == [effect.address for effect in table.all(Suppress)]
    assert ((Letter.OPT_OUT_DONE,), AGENT) == (table.letters, table.written_to)
    assert (RequestState.ANSWERED, Outcome.FULFILLED) == (
        table.request.state,
        table.request.outcome,
    )


def test_an_opt_out_does_not_wait_for_the_question_about_the_rest():
    table = asked(Right.ACCESS, Right.OPT_OUT, named=())

    accept(table)

    assert RequestState.ANSWERED is table.of(Right.OPT_OUT).state
    assert RequestState.VERIFYING is table.of(Right.ACCESS).state
    assert [AGENT, OLA] == [sent.post.to for sent in table.all(Send)]


# --- twice, late, corrected


def test_the_same_consumer_is_not_asked_twice():
    table = asked(Right.ACCESS)
    accept(table)

    accept(table)

    assert () == table.letters


def test_a_corrected_address_replaces_the_first():
    table = asked(Right.ACCESS)
    accept(table, PER)
    first = table.open_case.challenges[-1]

    accept(table, OLA)

    assert OLA == table.written_to
    with pytest.raises(RefusalError):
        table.happens(ProofGiven(challenge_id=first.id))
    press(table)
    assert OLA == table.request.proven_address


def test_a_correction_does_not_touch_what_a_consumer_has_proven():
    table = asked(Right.ACCESS)
    accept(table, PER)
    press(table)

    accept(table, OLA)

    assert () == table.letters
    assert (RequestState.WORKING, PER) == (
        table.request.state,
        table.request.proven_address,
    )


def test_what_an_agent_asks_for_later_is_put_to_the_consumer_as_well():
    table = asked(Right.ACCESS)
    accept(table)
    first = table.open_case.challenges[-1]
    table.arrives(a_mail(reads(Right.DELETION), sender=AGENT))

    accept(table)

    assert (table.of(Right.DELETION).id,) == table.open_case.challenges[-1].request_ids
    assert first.is_open(table.now)
    assert first in table.open_case.challenges


def give_up(table: Table) -> None:
    timers = [t for t in table.open_case.timers if t.kind is TimerKind.GIVE_UP_PROOF]
    table.now = timers[0].at
    table.happens(TimerFired(timer=timers[0]))


def test_an_agent_who_stays_silent_gets_a_drafted_refusal():
    table = asked(Right.ACCESS)

    give_up(table)

    assert RequestState.REVIEWING is table.request.state
    assert [(Letter.UNVERIFIED,)] == table.drafted
    assert [AGENT] == drafts_to(table)


def test_a_consumer_who_stays_silent_gets_no_second_letter():
    table = asked(Right.ACCESS)
    accept(table)

    give_up(table)

    assert [(Letter.UNVERIFIED,)] == table.drafted
    assert [AGENT] == drafts_to(table)


def test_a_consumer_who_only_half_confirmed_a_deletion_is_told():
    table = asked(Right.DELETION)
    accept(table)
    press(table)

    give_up(table)

    assert [OLA] == drafts_to(table)


@pytest.mark.parametrize("sent", [False, True])
def test_a_permission_that_comes_late_still_counts(sent):
    table = asked(Right.ACCESS)
    give_up(table)
    if sent:
        table.happens(
            AnswerSent(
                draft_id="d",
                outgoing_id="o",
                request_ids=(table.request.id,),
                outcome=Outcome.UNVERIFIED,
            )
        )

    accept(table)

    assert RequestState.VERIFYING is table.request.state
    assert table.request.outcome is None
    assert OLA == table.written_to


def test_the_consumer_gets_a_fair_chance_however_late_the_permission_came():
    table = asked(Right.ACCESS)
    table.passes(days=28)

    accept(table)

    ends = [t.at for t in table.open_case.timers if t.kind is TimerKind.GIVE_UP_PROOF]
    assert [table.now.replace(day=table.now.day + 1)] == ends

"""Mail out: claimed, sent, recorded; tried again, given up, and never forgotten."""

from dataclasses import replace
from datetime import timedelta

import pytest

from inbox_bot.domain.case import RequestState
from inbox_bot.domain.circumstances import Automatic, PolicySettings
from inbox_bot.domain.records import OutgoingState
from inbox_bot.errors import ConflictError, RefusedError, UnreachableError
from inbox_bot.ports import Delivery, Verdict
from inbox_bot.services import dispatch as dispatching
from inbox_bot.services import queries
from inbox_bot.services.dispatch import Dispatched
from tests.world import KARI, OLA, World, code_in


def stopped(world: World) -> None:
    world.mail("Please stop writing to me.")
    world.poll()


def outgoing(world: World):
    return queries.case_file(world.house, world.case.reference).sent[-1]


def test_what_is_due_is_sent_once(world):
    stopped(world)

    assert Dispatched(claimed=1, sent=1) == world.dispatch()
    assert Dispatched() == world.dispatch()
    assert OutgoingState.SENT is outgoing(world).state


def test_a_temporary_failure_is_tried_again_later_and_later(world):
    stopped(world)
    world.transport.replies[KARI] = "450 4.2.0"
    pauses = []
    for _ in range(3):
        assert 1 == world.dispatch().retried
        assert 0 == world.dispatch().claimed
        mail = outgoing(world)
        pauses.append(mail.next_attempt_at - world.clock.now())
        world.clock.set(mail.next_attempt_at)

    assert "450 4.2.0" == outgoing(world).reason
    for number, pause in enumerate(pauses):
        usual = dispatching.FIRST_PAUSE * 2**number
        assert usual * 0.75 <= pause <= usual * 1.25
    world.transport.replies.clear()
    assert 1 == world.dispatch().sent


def test_a_mail_that_was_tried_too_often_is_dead_and_shown(world):
    stopped(world)
    world.transport.replies[KARI] = "450 4.2.0"
    tried = []
    for _ in range(world.house.post.attempts):
        tried.append(world.dispatch())
        world.clock.set(world.clock.now() + dispatching.LONGEST_PAUSE * 2)

    assert {1} == {done.retried for done in tried[:-1]}
    assert (0, 1) == (tried[-1].retried, tried[-1].dead)
    assert [outgoing(world).id] == [mail.id for mail in queries.dead(world.house)]
    assert world.case.attention
    assert 0 == world.dispatch().claimed


def test_a_permanent_failure_is_dead_at_once(world):
    stopped(world)
    world.transport.replies[KARI] = "550 5.1.1"

    assert 1 == world.dispatch().dead
    assert OutgoingState.DEAD is outgoing(world).state
    assert "mail_undelivered" in world.actions()


def test_one_refused_mail_does_not_stop_the_others(world):
    stopped(world)
    world.mail("Please stop writing to me.", sender=OLA)
    world.poll()
    world.transport.replies[KARI] = "550"

    done = world.dispatch()

    assert (1, 1) == (done.sent, done.dead)


def test_a_process_killed_while_sending_sends_again_under_the_same_id(world):
    stopped(world)
    (first,) = dispatching._claim(world.house, 9)  # noqa: SLF001 - killed here
    assert 0 == world.dispatch().claimed
    assert 1 == queries.health(world.house).waiting

    world.clock.set(world.clock.now() + world.house.post.lease)

    assert 1 == world.dispatch().sent
    assert first.content == world.transport.sent[-1].content


def test_a_secret_does_not_outlive_its_delivery(world):
    world.mail("I want a copy of my data.")
    world.poll()
    assert outgoing(world).content

    (challenge,) = world.receive()

    assert b"" == outgoing(world).content
    assert code_in(challenge)


def test_what_holds_no_secret_is_kept_as_it_was_sent(world):
    stopped(world)
    world.dispatch()

    assert world.transport.sent[-1].content == outgoing(world).content


def test_a_refused_log_in_ends_the_pass_and_nothing_is_lost(world):
    stopped(world)
    world.transport.failure = RefusedError()
    with pytest.raises(RefusedError):
        world.dispatch()

    world.transport.failure = None
    world.clock.set(world.clock.now() + world.house.post.lease)

    assert 1 == world.dispatch().sent


@pytest.mark.parametrize("conflicts", [1, 5])
def test_a_sent_answer_is_recorded_also_while_somebody_works_on_its_case(
    world, monkeypatch, conflicts
):
    stopped(world)
    real, left = dispatching._sent, [conflicts]  # noqa: SLF001

    def busy(*args):
        if left[0]:
            left[0] -= 1
            raise ConflictError
        real(*args)

    monkeypatch.setattr(dispatching, "_sent", busy)

    assert 1 == world.dispatch().sent
    assert 0 == world.dispatch().claimed
    assert 1 == len(world.transport.sent)


def test_a_batch_that_takes_longer_than_its_lease_is_sent_once(world):
    for name in ("kari", "ola", "per", "liv"):
        world.mail("Please stop writing to me.", sender=f"{name}@example.org")
    world.poll()
    taken_by_another = []

    def slowly():
        world.clock.set(world.clock.now() + world.house.post.lease * 0.6)
        taken_by_another.append(dispatching._claim(world.house, 9))  # noqa: SLF001

    world.transport.before_sending = slowly

    assert 4 == world.dispatch().sent
    assert [()] * 4 == taken_by_another


def test_what_another_dispatcher_sent_is_recorded_once(world):
    stopped(world)
    (slow,) = dispatching._claim(world.house, 9)  # noqa: SLF001
    world.clock.set(world.clock.now() + world.house.post.lease)
    world.dispatch()
    before = world.actions()

    gone = Delivery(id=slow.id, verdict=Verdict.PERMANENT, reason="550")
    dispatching._record(world.house, slow, gone)  # noqa: SLF001
    left = Delivery(id=slow.id, verdict=Verdict.SENT)
    dispatching._record(world.house, slow, left)  # noqa: SLF001

    assert OutgoingState.SENT is outgoing(world).state
    assert before == world.actions()


def test_after_too_many_conflicts_the_lease_brings_it_back(world, monkeypatch):
    stopped(world)

    def busy(*_args):
        raise ConflictError

    with monkeypatch.context() as patched:
        patched.setattr(dispatching, "_sent", busy)
        with pytest.raises(ConflictError):
            world.dispatch()
    world.clock.set(world.clock.now() + world.house.post.lease)

    assert 1 == world.dispatch().sent


def pointing(opened) -> World:
    allowed = PolicySettings(automatic=frozenset({Automatic.POINTER}))
    world: World = opened(policy=allowed)
    world.mail("Where is my invoice?")
    world.poll()
    return world


def test_a_mail_without_a_case_is_sent_too(opened):
    world = pointing(opened)

    assert 1 == world.dispatch().sent
    assert () == world.cases


def test_a_mail_without_a_case_may_be_refused_too(opened):
    world = pointing(opened)
    world.transport.replies[KARI] = "550"

    assert 1 == world.dispatch().dead
    assert 1 == queries.health(world.house).dead


def test_an_empty_bounce_address_sends_with_the_null_sender(world):
    world.house = replace(
        world.house, post=replace(world.house.post, bounce_address="")
    )
    stopped(world)
    world.dispatch()

    assert "" == world.transport.sent[-1].mail_from


def test_a_claim_takes_no_more_than_its_limit(world):
    stopped(world)
    world.mail("Please stop writing to me.", sender=OLA)
    world.poll()

    done = dispatching.dispatch(world.house, world.transport, limit=1)

    assert (1, 1) == (done.claimed, done.delayed)
    assert RequestState.ANSWERED in {case.state for case in world.cases}


def test_an_outage_of_the_server_never_makes_a_mail_dead(world):
    world.mail("I want a copy of my data")
    world.poll()
    world.transport.failure = UnreachableError()
    for _ in range(20):
        assert 0 == world.dispatch().dead
        world.clock.set(world.clock.now() + timedelta(hours=1))

    world.transport.failure = None

    assert 1 == world.dispatch().sent


def test_a_refused_log_in_leaves_every_mail_free(world):
    world.mail("I want a copy of my data")
    world.poll()
    world.transport.failure = RefusedError("smtp.password")
    with pytest.raises(RefusedError):
        world.dispatch()

    world.transport.failure = None

    assert 1 == world.dispatch().sent

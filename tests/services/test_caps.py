"""How much the bot may write by itself; what it keeps back is recorded and shown."""

from datetime import timedelta

from inbox_bot.domain.case import HoldReason
from inbox_bot.services import queries
from tests.world import KARI, MONDAY, OLA, World, code_in, world_at


def suppressed(world: World) -> list[str]:
    return [
        event.data["reason"]
        for case in world.cases
        for event in queries.case_file(world.house, case.reference).events
        if event.action == "answer_suppressed"
    ]


def test_a_case_is_acknowledged_once(world):
    world.mail("I want a copy of my data.")
    (first,) = world.receive()
    world.mail("Send the copy of my data!", reply_to=first)
    world.mail("Is there any news?", reply_to=first)

    assert [] == world.receive()
    assert world.case.attention


def test_one_address_gets_three_automatic_mails_a_day(world):
    for number in range(4):
        world.mail(f"I want a copy of my data. {number}")
    answers = world.receive()

    assert 3 == len(answers)
    assert 4 == len(world.cases)
    assert ["address_cap"] == suppressed(world)
    world.clock.set(MONDAY + timedelta(hours=24, minutes=1))
    world.mail("I want a copy of my data. 5")
    assert 1 == len(world.receive())


def test_the_cap_counts_each_address_for_itself(world):
    for number in range(3):
        world.mail(f"I want a copy of my data. {number}")
    world.mail("I want a copy of my data.", sender=OLA)

    assert 1 == len(world.receive(OLA))


def test_answers_to_a_valid_code_do_not_count(world):
    mails = [f"I want a copy of my data. {number}" for number in range(3)]
    for mail in mails:
        world.mail(mail)
    for challenge in world.receive():
        world.mail(f"code {code_in(challenge)}", reply_to=challenge)

    assert 3 == len(world.receive())


def test_an_unauthenticated_sender_gets_an_answer_for_one_open_case(world):
    world.mail("I want a copy of my data.", authenticated=False)
    world.mail("Please erase me.", authenticated=False)

    assert 1 == len(world.receive())
    assert {None, HoldReason.REPEATED} == {
        case.requests[0].hold_reason for case in world.cases
    }
    assert ["repeated"] == suppressed(world)


def test_after_a_week_an_unauthenticated_sender_may_be_answered_again(world):
    world.mail("I want a copy of my data.", authenticated=False)
    world.receive()
    world.clock.set(MONDAY + timedelta(days=7, minutes=1))
    world.mail("Please erase me.", authenticated=False)

    assert 1 == len(world.receive())


def test_an_authenticated_sender_is_answered_for_each_case(world):
    world.mail("I want a copy of my data.")
    world.mail("Please erase me.")

    assert 2 == len(world.receive())


def test_an_opt_out_is_done_whatever_is_answered(world):
    world.mail("I want a copy of my data.", authenticated=False)
    world.mail("Please stop writing to me.", authenticated=False)

    assert 1 == len(world.receive())
    assert queries.suppressed(world.house, KARI)


def test_the_hourly_cap_delays_and_never_drops(opened):
    world = opened(hourly_cap=2)
    for number in range(5):
        world.mail("Please stop writing to me.", sender=f"p{number}@example.org")
    world.poll()

    first = world.dispatch()
    assert (2, 3) == (first.sent, first.delayed)
    assert 3 == queries.health(world.house).waiting
    assert 0 == world.dispatch().sent
    world.pass_time(hours=1, seconds=1)
    assert (2, 1) == (world.dispatch().sent, queries.health(world.house).waiting)
    world.pass_time(hours=1, seconds=1)
    assert (1, 0) == (world.dispatch().sent, queries.health(world.house).waiting)


def test_what_people_approved_waits_for_no_hourly_cap(opened):
    world = opened(hourly_cap=1)
    world.mail("I want a copy of my data.")
    (challenge,) = world.receive()
    world.mail(f"code {code_in(challenge)}", reply_to=challenge)
    world.poll()
    world.approve(world.draft)

    assert (1, 1) == (world.dispatch().sent, queries.health(world.house).waiting)


def test_a_machine_is_never_answered_but_heard(world):
    world.mail("Please stop writing to me.", headers={"Auto-Submitted": "auto-replied"})

    assert [] == world.receive()
    assert queries.suppressed(world.house, KARI)
    assert ["machine"] == suppressed(world)


def test_a_mail_that_the_hourly_cap_keeps_back_is_recorded_once(tmp_path):
    with world_at(f"sqlite:///{tmp_path / 'b.db'}", tmp_path, hourly_cap=1) as world:
        world.mail("I want a copy of my data", sender=OLA)
        world.mail("I want a copy of my data", sender=KARI)
        world.poll()

        world.dispatch()
        world.dispatch()

        waiting = [case for case in world.cases if delays_of(world, case)]
        assert [1] == [len(delays_of(world, case)) for case in waiting]


def delays_of(world, case):
    events = queries.case_file(world.house, case.reference).events
    return [event for event in events if event.action == "answer_delayed"]

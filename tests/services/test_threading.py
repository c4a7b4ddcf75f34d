"""Which case a mail joins: token and sender, both; anything else waits apart."""

from email.message import EmailMessage

from inbox_bot.domain.case import HoldReason, RequestState
from inbox_bot.services import queries
from tests.world import KARI, OLA, World, code_in


def opened_by_kari(world: World) -> EmailMessage:
    world.mail("I want a copy of my data.")
    (answer,) = world.receive()
    return answer


def test_an_answer_stands_in_the_thread_of_the_mail_it_answers(world):
    world.mail("I want a copy of my data.", message_id="<first@mail.example>")
    (answer,) = world.receive()

    assert "<first@mail.example>" == answer["In-Reply-To"]
    assert "<first@mail.example>" == answer["References"]
    assert answer["Subject"].startswith("Re:") or world.case.reference in str(answer)


def test_a_reply_by_the_requester_joins(world):
    answer = opened_by_kari(world)

    world.mail("Is there any news?", reply_to=answer)
    world.poll()

    file = queries.case_file(world.house, world.case.reference)
    assert 2 == len(file.messages)


def test_a_stranger_with_the_thread_joins_nothing_and_learns_nothing(world):
    answer = opened_by_kari(world)

    world.mail("I want a copy of my data.", sender=OLA, reply_to=answer)

    assert [] == world.receive(OLA)
    theirs = next(case for case in world.cases if case.requester == OLA)
    assert HoldReason.POSSIBLE_LINK is theirs.requests[0].hold_reason
    karis = next(case for case in world.cases if case.requester == KARI)
    assert (karis.id,) == theirs.linked
    assert {karis.id: karis} == queries.cases_by_id(world.house, theirs.linked)
    assert 1 == len(queries.case_file(world.house, karis.reference).messages)


def test_a_stranger_can_not_prove_with_somebody_elses_code(world):
    answer = opened_by_kari(world)

    world.mail(f"The code is {code_in(answer)}", sender=OLA, reply_to=answer)
    world.poll()

    karis = next(case for case in world.cases if case.requester == KARI)
    assert RequestState.VERIFYING is karis.state


def test_a_visible_number_in_the_subject_joins_nothing(world):
    opened_by_kari(world)
    number = world.case.reference

    world.mail("I want a copy of my data.", sender=OLA, subject=f"Case {number}")
    world.poll()

    theirs = next(case for case in world.cases if case.requester == OLA)
    assert HoldReason.POSSIBLE_LINK is theirs.requests[0].hold_reason


def test_a_number_that_is_no_case_of_ours_means_nothing(world):
    world.mail("I want a copy of my data.", subject="Order ABCD-1234")
    world.poll()

    assert RequestState.VERIFYING is world.case.state


def test_a_new_mail_of_the_same_person_opens_its_own_case(world):
    opened_by_kari(world)

    world.mail("Please erase me.", subject="Another matter")
    world.poll()

    assert 2 == len(world.cases)


def test_an_address_written_otherwise_is_the_same_person(world):
    answer = opened_by_kari(world)

    world.mail("Any news?", sender="Kari <KARI@Example.ORG>", reply_to=answer)
    world.poll()

    assert 1 == len(world.cases)


def test_a_reply_to_any_of_our_mails_joins(world):
    first = opened_by_kari(world)
    world.mail(f"The code is {code_in(first)}", reply_to=first)
    (second,) = world.receive()

    world.mail("Any news?", reply_to=second)
    world.mail("Any news now?", reply_to=first)
    world.poll()

    assert 1 == len(world.cases)

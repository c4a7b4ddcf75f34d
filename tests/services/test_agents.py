"""Agents end to end: permission, consumer, answer; an opt-out waits for nothing."""

from inbox_bot.domain.case import RequestState
from inbox_bot.services import queries, review, verification
from tests.world import KARI, OLA, World, code_in, text_of, token_in

AGENT = "desk@agency.example"


def permitted(world: World, **changes) -> None:
    world.mail("I ask for my client.", sender=AGENT, message_id="<a@agency.example>")
    world.poll()
    world.dispatch()
    review.accept_permission(
        world.house, world.case.id, by="Astrid", consumer=OLA, **changes
    )


def test_an_agent_is_asked_for_the_permission_and_nobody_else_is_written_to(world):
    world.mail("I ask for my client.", sender=AGENT)

    (answer,) = world.receive(AGENT)

    assert "permission" in text_of(answer)
    assert [(AGENT,)] == [mail.rcpt_to for mail in world.transport.sent]
    assert RequestState.AUTHORIZING is world.case.state


def test_the_consumer_gets_one_neutral_mail_outside_the_agents_thread(world):
    permitted(world)

    (question,) = world.receive(OLA)

    assert "auto-generated" == question["Auto-Submitted"]
    assert question["In-Reply-To"] is None
    assert AGENT not in text_of(question)


def test_the_consumer_confirms_by_reply_and_gets_the_answer(world):
    permitted(world)
    (question,) = world.receive(OLA)

    world.mail(f"code {code_in(question)}", sender=OLA, reply_to=question)
    world.poll()

    assert 1 == len(world.cases)
    assert RequestState.WORKING is world.case.state
    assert (OLA, True) == (world.draft.to, world.draft.match_needed)


def test_the_consumer_confirms_by_link(world):
    permitted(world, answers_to_agent=True)
    (question,) = world.receive(OLA)

    verification.confirm(world.house, token_in(question))

    assert (AGENT, OLA) == (world.draft.to, world.case.requests[0].proven_address)


def test_the_agent_can_not_answer_for_the_consumer(world):
    permitted(world)
    (question,) = world.receive(OLA)

    world.mail(f"code {code_in(question)}", sender=AGENT, reply_to=question)
    world.poll()

    assert RequestState.VERIFYING is world.case.state


def test_an_agents_opt_out_for_a_named_address_is_done_at_once(world):
    world.mail("Please stop for my client.", sender=AGENT)

    (answer,) = world.receive(AGENT)

    assert queries.suppressed(world.house, OLA)
    assert () == queries.suppressed(world.house, AGENT)
    assert "permission" in text_of(answer)
    assert () == queries.suppressed(world.house, KARI)


def test_an_agent_platform_that_sends_in_bulk_is_heard(world):
    world.mail(
        "Please stop for my client.", sender=AGENT, headers={"Precedence": "bulk"}
    )

    assert [] == world.receive(AGENT)
    assert queries.suppressed(world.house, OLA)
    assert world.case.attention


def test_a_permission_that_comes_in_bulk_is_looked_at(world):
    world.mail("I ask for my client.", sender=AGENT)
    (answer,) = world.receive(AGENT)
    review.see_case(world.house, world.case.id, by="Astrid")

    world.mail(
        "Attached you find it.",
        sender=AGENT,
        reply_to=answer,
        headers={"Precedence": "bulk"},
    )
    world.poll()

    assert 1 == len(world.cases)
    assert world.case.attention

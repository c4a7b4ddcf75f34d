"""The link: looking changes nothing, one press counts, and no one in the house has it."""

from email.message import EmailMessage

from inbox_bot.domain.case import RequestState
from inbox_bot.domain.reading import Right
from inbox_bot.domain.verification import Purpose
from inbox_bot.services import queries, verification
from inbox_bot.services.verification import LinkState, LinkView
from tests.world import World, code_in, text_of, token_in


def asked(world: World, text: str = "I want a copy of my data.") -> EmailMessage:
    world.mail(text)
    (challenge,) = world.receive()
    return challenge


def test_looking_changes_nothing_however_often(world):
    token = token_in(asked(world))
    before = world.case

    views = {verification.look(world.house, token) for _ in range(3)}

    assert {
        LinkView(
            state=LinkState.OPEN,
            purpose=Purpose.ADDRESS,
            rights=(Right.ACCESS,),
            reference=before.reference,
            language="en",
        )
    } == views
    assert before == world.case


def test_one_press_proves_and_a_second_does_nothing(world):
    token = token_in(asked(world))

    first = verification.confirm(world.house, token)
    after = world.case
    second = verification.confirm(world.house, token)

    assert (LinkState.DONE, LinkState.DONE) == (first.state, second.state)
    assert RequestState.WORKING is after.state
    assert after == world.case
    assert 1 == world.dispatch().sent


def test_an_unknown_token_tells_nothing(world):
    asked(world)

    assert LinkView(state=LinkState.UNKNOWN) == verification.look(world.house, "x")
    assert LinkView(state=LinkState.UNKNOWN) == verification.confirm(world.house, "x")


def test_an_expired_link_says_so_and_proves_nothing(world):
    token = token_in(asked(world))
    world.clock.set(world.case.challenges[0].expires_at)

    assert LinkState.EXPIRED is verification.confirm(world.house, token).state
    assert RequestState.VERIFYING is world.case.state


def test_a_link_that_a_code_overtook_is_done(world):
    challenge = asked(world)
    world.mail(f"code {code_in(challenge)}", reply_to=challenge)
    world.poll()

    assert LinkState.DONE is verification.look(world.house, token_in(challenge)).state


def test_a_deletion_is_pressed_twice(world):
    first = asked(world, "Please erase me.")
    verification.confirm(world.house, token_in(first))
    (second,) = world.receive()
    view = verification.look(world.house, token_in(second))

    assert Purpose.DELETION is view.purpose
    verification.confirm(world.house, token_in(second))
    assert RequestState.WORKING is world.case.state


def test_the_house_sees_neither_link_nor_code(world):
    challenge = asked(world)
    code, token = code_in(challenge), token_in(challenge)

    file = queries.case_file(world.house, world.case.reference)

    assert code in text_of(challenge)
    for shown in (file.sent[0].shown, str(file.events), str(file.drafts)):
        assert token not in shown
        assert code not in shown
        assert code.replace(" ", "") not in shown

"""Proof by reply and by link: once, in the author's own words, never by a machine."""

from email.message import EmailMessage

import pytest

from inbox_bot.domain.case import HoldReason, RequestState
from inbox_bot.services import verification
from inbox_bot.services.verification import LinkState
from tests.world import OLA, World, code_in, text_of, token_in


def asked(world: World, text: str = "I want a copy of my data.") -> EmailMessage:
    world.mail(text)
    (challenge,) = world.receive()
    return challenge


def state(world: World) -> RequestState:
    return world.case.state


def other_than(code: str) -> str:
    return "111 111" if code != "111 111" else "222 222"


def quoted(mail: EmailMessage) -> str:
    return "\n".join(f"> {line}" for line in text_of(mail).splitlines())


def test_the_code_in_a_plain_reply_proves(world):
    challenge = asked(world)

    world.mail(f"Here is the code: {code_in(challenge)}", reply_to=challenge)
    (answer,) = world.receive()

    assert RequestState.WORKING is state(world)
    assert "auto-replied" == answer["Auto-Submitted"]


@pytest.mark.parametrize("written", ["{0}{1}", "{0}-{1}", "{0}\u00a0{1}"])
def test_the_code_may_be_written_in_other_ways(world, written):
    challenge = asked(world)
    code = written.format(*code_in(challenge).split())

    world.mail(f"code: {code}.", reply_to=challenge)
    world.poll()

    assert RequestState.WORKING is state(world)


def test_a_code_proves_whatever_else_the_mail_is_taken_for(world):
    challenge = asked(world)

    world.mail(f"Any news? {code_in(challenge)}", reply_to=challenge)
    world.poll()

    assert RequestState.WORKING is state(world)


def test_a_quoted_code_proves_nothing(world):
    challenge = asked(world)

    world.mail(f"Why do you ask?\n\n{quoted(challenge)}", reply_to=challenge)
    world.poll()

    assert RequestState.VERIFYING is state(world)


def test_a_bounce_with_the_code_proves_nothing(world):
    challenge = asked(world)
    world.put(bounce_of(challenge, text=f"Your code {code_in(challenge)}"))

    world.poll()

    assert RequestState.VERIFYING is state(world)


@pytest.mark.parametrize(
    "headers", [{"Auto-Submitted": "auto-replied"}, {"Precedence": "bulk"}]
)
def test_an_out_of_office_note_with_the_code_proves_nothing(world, headers):
    challenge = asked(world)

    world.mail(
        f"I am away. code {code_in(challenge)}", reply_to=challenge, headers=headers
    )
    world.poll()

    assert RequestState.VERIFYING is state(world)


def test_a_wrong_code_is_answered_and_after_three_a_person_takes_over(world):
    challenge = asked(world)
    wrong = other_than(code_in(challenge))
    answers = []
    for _ in range(3):
        world.mail(f"code {wrong}", reply_to=challenge)
        answers.append(len(world.receive()))

    assert [1, 1, 0] == answers
    assert HoldReason.ATTEMPTS is world.case.requests[0].hold_reason
    world.mail(f"code {code_in(challenge)}", reply_to=challenge)
    assert [] == world.receive()
    assert RequestState.HELD is state(world)
    assert (
        LinkState.EXPIRED is verification.look(world.house, token_in(challenge)).state
    )


def test_numbers_in_any_mail_count_as_tries(world):
    challenge = asked(world)
    wrong = other_than(code_in(challenge))
    for _ in range(3):
        world.mail(f"any news {wrong}", reply_to=challenge)
    world.poll()

    assert HoldReason.ATTEMPTS is world.case.requests[0].hold_reason


def test_many_numbers_are_no_code(world):
    challenge = asked(world)
    guesses = " ".join(f"{number:06}" for number in range(100, 105))

    world.mail(f"code {guesses} {code_in(challenge)}", reply_to=challenge)
    world.poll()

    assert RequestState.VERIFYING is state(world)
    assert 3 == world.case.challenges[0].attempts_left


def test_an_expired_code_brings_a_fresh_one_that_counts(world):
    old = asked(world)
    world.clock.set(world.case.challenges[0].expires_at)

    world.mail(f"code {code_in(old)}", reply_to=old)
    (fresh,) = world.receive()

    assert RequestState.VERIFYING is state(world)
    assert LinkState.DONE is verification.look(world.house, token_in(old)).state
    world.mail(f"code {code_in(fresh)}", reply_to=fresh)
    world.poll()
    assert RequestState.WORKING is state(world)


def test_a_used_code_does_nothing_more(world):
    challenge = asked(world, "Please erase me.")
    for _ in range(2):
        world.mail(f"code {code_in(challenge)}", reply_to=challenge)
    (second,) = world.receive()

    assert code_in(second) != code_in(challenge)
    assert 2 == len(world.case.challenges)
    assert RequestState.VERIFYING is state(world)


def test_a_deletion_takes_two_steps_and_says_what_will_be_deleted(world):
    first = asked(world, "Please erase me.")

    world.mail(f"code {code_in(first)}", reply_to=first)
    (second,) = world.receive()

    assert RequestState.VERIFYING is state(world)
    assert "delet" in text_of(second)
    assert "kari@example.org" in text_of(second)
    world.mail(f"code {code_in(second)}", reply_to=second)
    world.poll()
    assert world.case.requests[0].confirmed
    assert RequestState.WORKING is state(world)


def test_a_reminders_code_and_the_first_both_count_until_one_is_used(world):
    first = asked(world)
    world.pass_time(days=4)
    (reminder,) = world.receive()
    assert "auto-generated" == reminder["Auto-Submitted"]

    world.mail(f"code {code_in(first)}", reply_to=reminder)
    world.poll()

    assert RequestState.WORKING is state(world)
    assert LinkState.DONE is verification.look(world.house, token_in(reminder)).state


def test_a_late_proof_takes_the_drafted_refusal_back(world):
    first = asked(world)
    world.pass_time(days=15)
    world.mail(f"code {code_in(first)}", reply_to=first)
    fresh = world.receive()[-1]
    world.pass_time(days=14, hours=-1)
    refusal = world.draft
    assert RequestState.REVIEWING is state(world)

    verification.confirm(world.house, token_in(fresh))

    assert RequestState.WORKING is state(world)
    assert "dropped" == world.state_of(refusal)
    assert world.draft.letters != refusal.letters


def test_missing_proof_reopens_what_was_answered_unverified(world):
    first = asked(world)
    world.pass_time(days=29)
    receipt = world.case.requests[0].receipt
    world.approve(world.draft)
    world.dispatch()
    assert not world.case.is_open

    world.mail(f"code {code_in(first)}", reply_to=first)
    (fresh,) = world.receive()
    verification.confirm(world.house, token_in(fresh))

    assert RequestState.WORKING is state(world)
    assert receipt == world.case.requests[0].receipt


def bounce_of(mail: EmailMessage, text: str = "It could not be delivered.") -> bytes:
    lines = [
        "From: MAILER-DAEMON@mx.example.org",
        "To: bounces@leadjabber.com",
        "Subject: Undelivered Mail Returned to Sender",
        "Auto-Submitted: auto-replied",
        "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
        "",
        "--b",
        "Content-Type: text/plain",
        "",
        text,
        "--b",
        "Content-Type: message/delivery-status",
        "",
        "Reporting-MTA: dns; mx.example.org",
        "",
        "Final-Recipient: rfc822; kari@example.org",
        "Action: failed",
        "Status: 5.1.1",
        "",
        "--b",
        "Content-Type: text/rfc822-headers",
        "",
        f"Message-ID: {mail['Message-ID']}",
        "",
        "--b--",
        "",
    ]
    return "\r\n".join(lines).encode()


def test_somebody_elses_reply_does_not_use_a_try(world):
    challenge = asked(world)

    world.mail("code 000 000", sender=OLA, reply_to=challenge)
    world.poll()

    karis = next(case for case in world.cases if case.requester != OLA)
    assert 3 == karis.challenges[0].attempts_left

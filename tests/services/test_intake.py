"""Mail in: nothing is lost, nothing happens twice, one message never stops the next."""

from datetime import timedelta

from inbox_bot.domain.case import HoldReason, RequestState
from inbox_bot.domain.effects import Place
from inbox_bot.domain.records import InboundState
from inbox_bot.ports import Sighting
from inbox_bot.services import intake, polling, queries
from inbox_bot.services.polling import Watch
from tests.world import KARI, MONDAY, OLA, text_of

COLLEAGUE = "astrid@leadjabber.com"
FORWARD = """Please handle.

---------- Forwarded message ---------
From: Ola Nordmann <ola@example.net>
Date: Fri, 20 Feb 2026 10:00:00 +0100
Subject: My data
To: Astrid <astrid@leadjabber.com>

I want a copy of my data.
"""


# --- once


def test_a_second_poll_does_nothing(world):
    world.mail("I want a copy of my data.")
    assert 1 == len(world.receive())

    polled = world.poll()

    assert (0, 0) == (polled.fetched, polled.processed)
    assert [] == world.receive()
    assert 1 == len(world.cases)


def test_the_same_message_delivered_twice_is_one_case_and_one_answer(world):
    for _ in range(2):
        world.mail("I want a copy of my data.", message_id="<same@mail.example>")

    assert 1 == len(world.receive())
    assert 1 == len(world.cases)


def test_the_second_copy_is_destroyed(world):
    for _ in range(2):
        world.mail("I want a copy of my data.", message_id="<same@mail.example>")
    world.poll()

    with world.house.unit_of_work() as uow:
        kept = uow.inbound.unmoved(folder="INBOX", limit=9)
    assert [InboundState.PROCESSED, InboundState.DUPLICATE] == [m.state for m in kept]
    assert queries.original(world.house, kept[1]).message is None
    assert queries.original(world.house, kept[0]).message is not None


def test_another_text_under_a_known_message_id_is_a_new_message_and_flagged(world):
    world.mail("I want a copy of my data.", message_id="<same@mail.example>")
    world.mail("Please erase me.", message_id="<same@mail.example>")

    assert 1 == len(world.receive())
    assert {None, HoldReason.SAME_MESSAGE_ID} == {
        case.requests[0].hold_reason for case in world.cases
    }


def test_messages_without_an_id_are_told_apart_by_what_they_say(world):
    for text in ("copy of my data", "copy of my data", "erase me"):
        raw = f"From: {KARI}\r\nDate: {MONDAY:%a, %d %b %Y} 09:00 +0000\r\n\r\n{text}"
        world.put(raw.encode())

    world.poll()

    assert 2 == len(world.cases)


def test_a_new_uidvalidity_does_nothing_twice(world):
    world.mail("I want a copy of my data.")
    world.mail("Please stop writing to me.", sender=OLA)
    world.poll()
    world.dispatch()
    world.mailboxes.reset_uid_validity("INBOX")

    polled = world.poll()

    assert (2, 2) == (polled.fetched, polled.accepted)
    assert 0 == world.dispatch().claimed
    assert 2 == len(world.cases)


def test_two_polls_at_once_do_the_work_once(world):
    world.mail("I want a copy of my data.")
    with world.house.unit_of_work() as uow:
        lease = world.clock.now() + timedelta(minutes=5)
        mine = uow.inbound.claim(
            limit=9, now=world.clock.now(), lease_until=lease, alone_after=9
        )
        uow.commit()
    assert () == mine

    world.poll()

    assert polling.process_all(world.house).processed == 0
    assert 1 == len(world.cases)


def test_a_poll_that_was_killed_between_its_steps_is_taken_up_again(world):
    world.mail("I want a copy of my data.")
    intake.fetch(world.house, world.mailboxes.connect(), "INBOX")
    with world.house.unit_of_work() as uow:
        now = world.clock.now()
        uow.inbound.claim(
            limit=9, now=now, lease_until=now + timedelta(minutes=5), alone_after=9
        )
        uow.commit()
    assert 0 == world.poll().processed

    world.clock.set(world.clock.now() + world.house.post.lease)

    assert 1 == world.poll().processed
    assert 1 == len(world.receive())


# --- what is believed, and what waits


def test_a_request_is_accepted_processed_and_answered(world):
    world.mail("I want a copy of my data.")

    polled = world.poll()

    assert (1, 1, 1, 0, 0, 0) == (
        polled.fetched,
        polled.accepted,
        polled.processed,
        polled.held,
        polled.quarantined,
        polled.not_requests,
    )
    assert MONDAY == world.case.receipt


def test_what_is_no_request_lies_in_the_tray(world):
    world.mail("You are a winner!")
    world.mail("Where is my invoice?", sender=OLA)

    assert 2 == world.poll().not_requests
    tray = queries.in_place(world.house, Place.TRAY)
    assert {"spam", "other"} == {message.reason for message in tray}
    assert {KARI, OLA} == {message.content.sender for message in tray}
    assert () == world.cases


def test_an_old_mailbox_is_held_with_true_receipts_and_sets_off_no_flood(world):
    long_ago = MONDAY - timedelta(days=40)
    for number in range(3):
        world.mail(f"copy of my data {number}", received_at=long_ago)

    assert 3 == world.poll().held
    assert 0 == world.dispatch().claimed
    assert {long_ago} == {case.receipt for case in world.cases}
    assert {HoldReason.LATE} == {c.requests[0].hold_reason for c in world.cases}
    file = queries.case_file(world.house, world.cases[0].reference)
    assert "answer_suppressed" in [event.action for event in file.events]


def test_an_oversized_message_is_held_and_its_text_not_believed(opened):
    world = opened()
    world.mailboxes._max_bytes = 2_000  # noqa: SLF001 - the fake's own limit
    world.mail("I want a copy of my data." + " Please." * 500)

    world.poll()

    assert HoldReason.OVERSIZE is world.case.requests[0].hold_reason
    assert (None, KARI) == (world.case.requests[0].right, world.case.requester)
    (original,) = queries.case_file(world.house, world.case.reference).messages
    assert not original.stored.whole
    assert original.stored.size > 2_000


def test_our_own_mail_is_never_answered(world):
    world.mail("I want a copy of my data.", sender="privacy@leadjabber.com")

    assert 1 == world.poll().not_requests
    assert 0 == world.dispatch().claimed


def test_a_mail_with_two_authors_is_held(world):
    raw = f"From: {KARI}\r\nFrom: {OLA}\r\nSubject: x\r\n\r\nI want a copy of my data."
    world.put(raw.encode())

    world.poll()

    assert (HoldReason.UNCERTAIN, "") == (
        world.case.requests[0].hold_reason,
        world.case.requester,
    )


def test_a_colleagues_forward_is_held_as_the_request_of_its_author(world):
    world.mail(FORWARD, sender=COLLEAGUE, subject="Fwd: My data")

    world.poll()

    assert 0 == world.dispatch().claimed
    assert (OLA, HoldReason.COLLEAGUE) == (
        world.case.requester,
        world.case.requests[0].hold_reason,
    )
    assert "2026-02-20" == world.case.receipt.date().isoformat()


def test_a_colleague_who_passes_on_our_own_mail_passes_on_nobodys_request(world):
    ours = FORWARD.replace("Ola Nordmann <ola@example.net>", "per@leadjabber.com")
    world.mail(ours, sender=COLLEAGUE, subject="Fwd: My data")

    world.poll()

    assert [HoldReason.COLLEAGUE] != [
        r.hold_reason for c in world.cases for r in c.requests
    ]


def test_junk_is_read_as_well(world):
    world.mail("I want a copy of my data.")
    raw = world.mailboxes.folders["INBOX"].messages.pop().raw
    world.mailboxes.add("Junk", raw, MONDAY)

    polling.poll(world.house, world.mailboxes, Watch(folders=("INBOX", "Junk")))

    assert RequestState.VERIFYING is world.case.state


# --- the server's copy


def test_finished_messages_are_moved_once_duplicates_and_quarantined_too(world):
    world.mail("I want a copy of my data.", message_id="<same@mail.example>")
    world.mail("I want a copy of my data.", message_id="<same@mail.example>")
    world.mailboxes.add("INBOX", b"x", MONDAY, unreadable=True)
    watch = Watch(folders=("INBOX",), processed_folder="Done")

    polling.poll(world.house, world.mailboxes, watch)

    assert [] == world.mailboxes.folders["INBOX"].messages
    assert 3 == len(world.mailboxes.folders["Done"].messages)
    again = polling.poll(world.house, world.mailboxes, watch)
    assert 0 == again.fetched


def test_a_watched_folder_is_not_moved_into_itself(world):
    world.mail("I want a copy of my data.")
    watch = Watch(folders=("INBOX",), processed_folder="INBOX")

    polling.poll(world.house, world.mailboxes, watch)

    assert 1 == len(world.mailboxes.folders["INBOX"].messages)


def test_a_message_moved_back_into_view_is_known(world):
    world.mail("I want a copy of my data.")
    world.mailboxes.make("Done")
    watch = Watch(folders=("INBOX", "Done"), processed_folder="Done")
    polling.poll(world.house, world.mailboxes, watch)

    polled = polling.poll(world.house, world.mailboxes, watch)

    assert 1 == polled.accepted
    assert 1 == len(world.cases)


def test_the_answer_speaks_the_language_of_the_request(world):
    world.mail("Jeg ber om innsyn.")

    (answer,) = world.receive()

    assert "Hei" in text_of(answer)


def test_a_sighting_is_registered_once(world):
    with world.house.unit_of_work() as uow:
        assert Sighting.NEW is uow.inbound.sighting("m", "id", "identity")
        assert Sighting.NEW is uow.inbound.sighting("m", "id", "identity")

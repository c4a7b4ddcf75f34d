"""Processing in trouble: one message never stops the next, and nothing is lost."""

import shutil
from collections.abc import Sequence
from dataclasses import replace

import pytest

from inbox_bot.domain.effects import Place
from inbox_bot.domain.message import InboundMessage
from inbox_bot.domain.reading import Reading
from inbox_bot.domain.records import InboundState
from inbox_bot.errors import (
    ConflictError,
    DatabaseError,
    RefusedError,
    UnreachableError,
)
from inbox_bot.services import intake, polling, processing, queries
from tests.world import KARI, MONDAY, OLA, World


def refuse(world: World, word: str, error: Exception) -> None:
    """Let the classifier stumble over a word until it is told otherwise."""
    usual = world.classifier

    class Stumbling:
        def read(self, messages: Sequence[InboundMessage]) -> tuple[Reading, ...]:
            if any(word in message.author_text for message in messages):
                raise error
            return usual.read(messages)

    world.house = replace(world.house, classifier=Stumbling())


def wait_for_lease(world: World) -> None:
    world.clock.set(world.clock.now() + world.house.post.lease)


def test_an_unreadable_message_is_quarantined_and_the_next_goes_on(world):
    world.mailboxes.add("INBOX", b"From: x\r\n\r\n", MONDAY, unreadable=True)
    world.mail("I want a copy of my data.")

    polled = world.poll()

    assert (2, 1) == (polled.processed, polled.quarantined)
    (kept,) = queries.in_place(world.house, Place.QUARANTINE)
    assert "unreadable" == kept.reason
    assert 1 == len(world.cases)


def test_a_message_that_fails_does_not_stop_the_others_read_with_it(world):
    refuse(world, "poison", ValueError("kari@example.org"))
    world.mail("I want a copy of my data.")
    world.mail("poison")
    world.mail("Please erase me.", sender=OLA)

    assert 2 == world.poll().processed

    assert {KARI, OLA} == {case.requester for case in world.cases}


def test_a_message_that_fails_three_times_is_quarantined_since_its_receipt(world):
    refuse(world, "poison", ValueError("kari@example.org"))
    world.mail("poison")
    counts = []
    for _ in range(4):
        counts.append(world.poll().quarantined)
        wait_for_lease(world)

    assert [0, 0, 1, 0] == counts
    (kept,) = queries.in_place(world.house, Place.QUARANTINE)
    assert ("failed", 3, MONDAY) == (kept.reason, kept.attempts, kept.received_at)


def test_a_failure_while_deciding_counts_as_well(world, monkeypatch):
    def stumble(*_args, **_more):
        raise KeyError("kari@example.org")

    monkeypatch.setattr(processing, "decide", stumble)
    world.mail("I want a copy of my data.")
    for _ in range(3):
        world.poll()
        wait_for_lease(world)

    assert 1 == len(queries.in_place(world.house, Place.QUARANTINE))
    assert () == world.cases


def test_a_lost_blob_is_noticed_and_shown(world, tmp_path):
    world.mail("I want a copy of my data.")
    intake.fetch(world.house, world.mailboxes.connect(), "INBOX")
    shutil.rmtree(tmp_path / "blobs")
    for _ in range(3):
        polling.process_all(world.house)
        wait_for_lease(world)

    assert 1 == len(queries.in_place(world.house, Place.QUARANTINE))


def test_trouble_of_the_house_fails_the_pass_whole_and_loses_nothing(world):
    refuse(world, "copy", DatabaseError())
    world.mail("I want a copy of my data.")

    with pytest.raises(DatabaseError):
        world.poll()

    world.house = replace(world.house, classifier=world.classifier)
    wait_for_lease(world)
    assert 1 == world.poll().processed


def test_a_claim_that_another_worker_took_over_is_left_to_it(world, monkeypatch):
    world.mail("I want a copy of my data.")
    real = processing.process_one

    def slow(house, arrival):
        monkeypatch.setattr(processing, "process_one", real)
        wait_for_lease(world)
        polling.process_all(house)
        return real(house, arrival)

    monkeypatch.setattr(processing, "process_one", slow)

    world.poll()

    assert 1 == len(world.cases)
    assert 1 == world.dispatch().sent


def test_a_case_that_somebody_changed_meanwhile_is_tried_again(world, monkeypatch):
    world.mail("I want a copy of my data.")
    real = processing.process_one

    def busy(house, arrival):
        monkeypatch.setattr(processing, "process_one", real)
        raise ConflictError

    monkeypatch.setattr(processing, "process_one", busy)

    assert 1 == world.poll().processed
    assert 1 == len(world.cases)


def test_a_failure_of_a_message_that_another_worker_has_is_left_to_it(
    world, monkeypatch
):
    world.mail("I want a copy of my data.")
    world.poll()
    with world.house.unit_of_work() as uow:
        (stored,) = uow.inbound.unmoved(folder="INBOX", limit=1)
    theirs = replace(stored, attempts=processing.ATTEMPTS, state=InboundState.CLAIMED)

    done = processing._failed(world.house, theirs, ValueError())  # noqa: SLF001

    assert processing.Processed() == done


def killed_while_processing(world: World, times: int) -> None:
    for _ in range(times):
        with world.house.unit_of_work() as uow:
            now = world.clock.now()
            lease = now + world.house.post.lease
            uow.inbound.claim(limit=9, now=now, lease_until=lease, alone_after=3)
            uow.commit()
        wait_for_lease(world)


def test_a_message_that_keeps_killing_the_process_waits_for_a_person(world):
    world.mail("I want a copy of my data.")
    intake.fetch(world.house, world.mailboxes.connect(), "INBOX")
    killed_while_processing(world, processing.CRASHES)

    assert 1 == world.poll().quarantined
    (kept,) = queries.in_place(world.house, Place.QUARANTINE)
    assert "crashed" == kept.reason


def test_messages_that_were_taken_up_beside_a_killer_are_tried_alone(world):
    for name in ("kari", "ola", "per"):
        world.mail("I want a copy of my data.", sender=f"{name}@example.org")
    intake.fetch(world.house, world.mailboxes.connect(), "INBOX")
    killed_while_processing(world, processing.ATTEMPTS)

    assert processing.Processed(processed=1) == processing.process(world.house)
    assert 2 == world.poll().processed
    assert 3 == len(world.cases)


def test_a_lost_connection_is_noted_and_what_was_accepted_is_processed(world):
    world.mail("I want a copy of my data.")
    intake.fetch(world.house, world.mailboxes.connect(), "INBOX")
    world.mailboxes.away = True

    with pytest.raises(UnreachableError):
        world.poll()

    assert "unreachable" == queries.notices(world.house)["mailbox"]
    assert 1 == len(world.cases)


def test_a_connection_lost_while_reading_is_noted_by_its_folder(world, monkeypatch):
    def lost(*_args):
        raise UnreachableError

    monkeypatch.setattr(polling, "fetch", lost)

    with pytest.raises(UnreachableError):
        world.poll()

    assert "lost" == queries.notices(world.house)["mailbox.INBOX"]
    monkeypatch.undo()
    world.poll()
    assert {"mailbox": "ok", "mailbox.INBOX": "ok"} == queries.notices(world.house)


def test_a_refused_log_in_is_noted(world, monkeypatch):
    def refused():
        raise RefusedError

    monkeypatch.setattr(world.mailboxes, "connect", refused)

    with pytest.raises(RefusedError):
        world.poll()

    assert "refused" == queries.notices(world.house)["mailbox"]
    assert not queries.health(world.house).ok

"""What is kept where staff correct a reading, and what another model would decide."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from classifiers import corpus
from inbox_bot.domain.case import Outcome
from inbox_bot.domain.effects import Place
from inbox_bot.domain.message import InboundMessage
from inbox_bot.domain.reading import Confidence, Kind, Reading, Right
from inbox_bot.services import queries, review
from inbox_bot.services.learning import corrections
from inbox_bot.services.learning.replay import replay
from tests.world import KARI, READINGS, World, reads

SENDER = "Kari Nordmann <kari@example.org>"


@pytest.fixture
def learning(opened: Callable[..., World]) -> World:
    """A bot whose staff consented."""
    world = opened()
    world.house = replace(world.house, keep_corrections=True)
    world.classifier.readings["hmm"] = reads(Right.ACCESS, certain=False)
    return world


def held(world: World, text: str = "hmm", sender: str = SENDER) -> str:
    world.mail(text, sender=sender, subject="For Kari")
    world.poll()
    return world.case.id


def identified(world: World, case_id: str, *rights: Right, **more: Any) -> None:
    review.identify(world.house, case_id, by="Astrid", rights=rights, **more)


def test_what_staff_say_is_kept_without_what_tells_whose_it_is(learning: World):
    case_id = held(learning, "hmm, Kari here, 22 33 44 55, write to ola@example.net")

    identified(
        learning,
        case_id,
        Right.DELETION,
        Right.OPT_OUT,
        purposes={Right.OPT_OUT: ("calls",)},
    )

    (row,) = corrections.rows(learning.house)
    number = row.pop("id")
    assert {
        "language": "en",
        "from": "Alex <alex@example.org>",
        "subject": "For Alex",
        "body": "hmm, Alex here, 00 00 00 00, write to alex@example.org",
        "headers": {},
        "kind": "request",
        "labels": ["deletion", "opt_out"],
        "purposes": {"opt_out": ["calls"]},
        "on_behalf": False,
        "jurisdiction": "eu",
    } == row
    assert str(number).rpartition("-")[2].isdigit()


def test_a_row_is_one_that_the_corpus_takes(learning: World):
    identified(learning, held(learning), Right.AGENT, Right.DELETION)

    (row,) = corrections.rows(learning.house)

    example = corpus.example(row)
    assert (frozenset({Right.AGENT, Right.DELETION}), True, Kind.REQUEST) == (
        example.labels,
        example.on_behalf,
        example.kind,
    )


def test_without_consent_nothing_is_kept(world: World):
    identified(world, held(world), Right.DELETION)

    with world.house.reading() as uow:
        assert [] == list(uow.corrections.all())


def test_what_was_read_right_is_no_correction(learning: World):
    identified(learning, held(learning), Right.ACCESS)

    assert [] == corrections.rows(learning.house)


def test_that_it_is_no_request_is_a_correction(learning: World):
    case_id = held(learning)

    review.close_case(
        learning.house, case_id, by="Astrid", outcome=Outcome.NOT_A_REQUEST
    )

    (row,) = corrections.rows(learning.house)
    assert ("other", []) == (row["kind"], row["labels"])


def test_another_end_of_a_case_says_nothing_of_the_reading(learning: World):
    case_id = held(learning)

    review.close_case(learning.house, case_id, by="Astrid", outcome=Outcome.WITHDRAWN)

    assert [] == corrections.rows(learning.house)


def test_a_message_of_the_tray_is_corrected_when_its_right_is_named(learning: World):
    learning.mail("Where is my invoice data?", sender=SENDER)
    learning.poll()
    (message,) = queries.in_place(learning.house, Place.TRAY)
    case = review.promote(learning.house, message.id, by="Astrid")
    assert [] == corrections.rows(learning.house)

    identified(learning, case.id, Right.ACCESS)

    (row,) = corrections.rows(learning.house)
    assert ("request", ["access"]) == (row["kind"], row["labels"])


def test_what_the_same_mail_had_done_already_belongs_to_it(learning: World):
    # Kari's address in a foreign hand: her opt-out is done, the rest is held.
    learning.classifier.readings["both"] = replace(
        READINGS["all at once"], labels=(Right.DELETION, Right.OPT_OUT)
    )
    learning.mail("both", headers={"Auto-Submitted": "auto-replied"})
    learning.poll()
    done = {r.right for r in learning.case.requests if not r.is_open}
    assert {Right.OPT_OUT} == done

    identified(learning, learning.case.id, Right.ACCESS)

    (row,) = corrections.rows(learning.house)
    assert ["access", "opt_out"] == row["labels"]


def test_the_words_of_a_colleague_are_no_example(learning: World):
    case_id = held(learning, sender="Bjarne <bjarne@leadjabber.com>")

    identified(learning, case_id, Right.DELETION, requester=KARI)

    assert [] == corrections.rows(learning.house)


def test_who_is_forgotten_is_forgotten_here(learning: World):
    identified(learning, held(learning), Right.DELETION)
    (message,) = queries.case_file(learning.house, learning.case.reference).messages

    learning.house.keys.destroy(message.stored.id)

    assert [] == corrections.rows(learning.house)


# --- replay


class Other:
    """A model that takes everything for deletion, and is sure of it."""

    def read(self, messages: Sequence[InboundMessage]) -> tuple[Reading, ...]:
        return tuple(reads(Right.DELETION) for _ in messages)


def test_a_replay_tells_what_would_differ_and_changes_nothing(world: World):
    for text in ("erase me", "copy of my data"):
        world.mail(text)
    world.poll()
    before = [queries.case_file(world.house, case.reference) for case in world.cases]

    (batch,) = replay(world.house, Other())

    assert [True, False] == [one.differs for one in batch]
    assert before == [
        queries.case_file(world.house, case.reference) for case in world.cases
    ]


def test_another_trust_is_another_decision(world: World):
    world.mail("erase me")
    world.poll()
    world.classifier.readings["erase me"] = replace(
        READINGS["erase me"], confidence=Confidence.HOLD
    )

    ((one,),) = replay(world.house, world.classifier)

    assert one.differs


def test_the_newest_are_replayed_first_in_batches_without_end(
    world: World, monkeypatch
):
    monkeypatch.setattr("inbox_bot.services.learning.replay.BATCH", 2)
    for number in range(5):
        world.mail(f"invoice {number}")
        world.poll()

    sizes = [len(batch) for batch in replay(world.house, Other())]
    (first, *_), *_ = replay(world.house, Other(), limit=3)

    tray = queries.in_place(world.house, Place.TRAY)
    assert [2, 2, 1] == sizes
    assert max(message.id for message in tray) == first.message_id
    assert [2, 1] == [len(batch) for batch in replay(world.house, Other(), limit=3)]


def test_what_is_forgotten_or_was_never_read_is_not_compared(world: World):
    world.mail("erase me")
    world.poll()
    (message,) = queries.case_file(world.house, world.case.reference).messages
    world.mailboxes.add("INBOX", b"x", world.clock.now(), unreadable=True)
    world.poll()
    world.house.keys.destroy(message.stored.id)

    (batch,) = replay(world.house, Other())

    assert [(None, False), (None, False)] == [(one.new, one.differs) for one in batch]

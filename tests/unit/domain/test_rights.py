"""Each right's first move, by machine and by a person's word."""

import pytest

from inbox_bot.domain.case import Agency, HoldReason
from inbox_bot.domain.doors.rights import PROVEN, way_of
from inbox_bot.domain.reading import Right
from inbox_bot.domain.transitions import Move
from tests.builders import OLA, a_case

AGENT = a_case(agency=Agency(named=(OLA,)))


@pytest.mark.parametrize(
    ("right", "move", "reason"),
    [
        (Right.OPT_OUT, Move.FULFIL, None),
        (Right.ACCESS, Move.CHALLENGE, None),
        (Right.DELETION, Move.CHALLENGE, None),
        (Right.CORRECTION, Move.HOLD, HoldReason.BY_HAND),
        (Right.COMPLAINT, Move.HOLD, HoldReason.BY_HAND),
    ],
)
def test_the_bot_sets_out_what_it_knows_the_way_of(right, move, reason):
    assert (move, reason) == way_of(right, a_case())


@pytest.mark.parametrize(
    ("right", "move"),
    [
        (Right.CORRECTION, Move.CHALLENGE),
        (Right.PORTABILITY, Move.CHALLENGE),
        (Right.QUESTION, Move.BEGIN),
        (Right.WITHDRAW_CONSENT, Move.BEGIN),
        (Right.OPT_OUT, Move.FULFIL),
    ],
)
def test_a_persons_word_takes_the_hold_but_never_the_proof(right, move):
    assert (move, None) == way_of(right, a_case(), by_person=True)


def test_for_another_everything_that_needs_proof_waits_for_the_permission():
    for right in PROVEN:
        assert (Move.ASK_PERMISSION, None) == way_of(right, AGENT, by_person=True)


def test_an_agents_opt_out_waits_only_for_an_address():
    assert Move.FULFIL is way_of(Right.OPT_OUT, AGENT)[0]
    assert Move.ASK_PERMISSION is way_of(Right.OPT_OUT, a_case(agency=Agency()))[0]

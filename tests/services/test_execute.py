"""The interpreter of effects where there is no case."""

import pytest

from inbox_bot.domain.effects import (
    AskProof,
    Decision,
    DropDrafts,
    Letter,
    Post,
    PrepareDraft,
    Record,
    VoidApprovals,
)
from inbox_bot.domain.verification import Challenge, Purpose
from inbox_bot.services.execute import carry_out
from tests.world import KARI, MONDAY, World

POST = Post(to=KARI, letters=(Letter.ANSWER,))
CHALLENGE = Challenge(
    id="c",
    purpose=Purpose.ADDRESS,
    address=KARI,
    request_ids=("r",),
    issued_at=MONDAY,
    expires_at=MONDAY,
    attempts_left=3,
)


def perform(world: World, *effects) -> None:
    with world.house.unit_of_work() as uow:
        assert carry_out(
            world.house, uow, None, Decision(case=None, effects=effects)
        ) is (None)
        uow.commit()


def test_what_belongs_to_a_case_does_nothing_without_one(world):
    perform(
        world,
        Record(action="nothing"),
        VoidApprovals(),
        DropDrafts(request_ids=("r",)),
    )

    assert () == world.cases


@pytest.mark.parametrize(
    "effect", [PrepareDraft(draft_id="d", post=POST), AskProof(challenge=CHALLENGE)]
)
def test_drafts_and_challenges_belong_to_a_case(world, effect):
    with pytest.raises(ValueError, match="belongs to a case"):
        perform(world, effect)

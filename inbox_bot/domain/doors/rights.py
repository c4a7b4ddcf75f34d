"""Each right's way: its first move, what is done at once, and the one first answer.

Used whether the classifier believed the reading or a person said it. Sources:
rules.md section 1; 11 CCR §7026 (an opt-out waits for nothing).
"""

from collections.abc import Sequence
from dataclasses import replace

from inbox_bot.domain.authorization import opt_out_addresses
from inbox_bot.domain.case import Case, HoldReason, Request, RequestState
from inbox_bot.domain.doors.desk import Desk
from inbox_bot.domain.effects import Letter, Post, Suppress
from inbox_bot.domain.reading import Right
from inbox_bot.domain.suppression import Scope, scopes_of
from inbox_bot.domain.transitions import Move
from inbox_bot.domain.verification import Purpose

ROUTINE = frozenset({Right.ACCESS, Right.DELETION})
"""Rights that the bot sets on their way to proof by itself."""

PROVEN = ROUTINE | {
    Right.CORRECTION,
    Right.PORTABILITY,
    Right.RESTRICTION,
    Right.OBJECTION,
}
"""Rights that need proof of the address; every other is heard without (level V0)."""

ANSWERS: dict[Right, Letter] = {
    Right.ACCESS: Letter.ACCESS_ANSWER,
    Right.DELETION: Letter.DELETION_ANSWER,
}
"""The draft that staff complete for a right; any other right gets a plain answer."""


def way_of(
    right: Right, case: Case, *, by_person: bool = False
) -> tuple[Move, HoldReason | None]:
    """Tell the first move of a right: at once, proof, permission, or a person.

    `by_person` says that a person has named the right, so that it need not be held.
    """
    if right is Right.OPT_OUT:
        known = bool(opt_out_addresses(case))
        return (Move.FULFIL if known else Move.ASK_PERMISSION), None
    if not by_person and right not in ROUTINE:
        return Move.HOLD, HoldReason.BY_HAND
    if right not in PROVEN:
        return Move.BEGIN, None
    return (Move.ASK_PERMISSION if case.agency else Move.CHALLENGE), None


def stop(desk: Desk, begun: Sequence[Request]) -> tuple[Scope, ...]:
    """Carry out the opt-outs among the requests; tell which scopes were stopped."""
    stopped: dict[Scope, None] = {}
    for request in begun:
        if request.right is not Right.OPT_OUT or request.is_open:
            continue
        scopes = scopes_of(request.purposes)
        for address in opt_out_addresses(desk.case):
            desk.do(Suppress(address=address, scopes=scopes))
        desk.record("suppressed", request=request.id, scopes=",".join(scopes))
        stopped |= dict.fromkeys(scopes)
    return tuple(stopped)


def first_answer(
    desk: Desk,
    begun: Sequence[Request],
    stopped: tuple[Scope, ...],
    *,
    by_person: bool = False,
) -> None:
    """Write the one mail about what was begun: what was done and what we need."""
    letters: list[Letter] = []
    if any(request.is_open for request in begun) and not desk.case.acknowledged:
        letters.append(Letter.ACKNOWLEDGE)
    if stopped:
        letters.append(Letter.OPT_OUT_DONE)
    if desk.case.agency and not desk.case.agency.permission_accepted:
        letters.append(Letter.PERMISSION)
    challenge_id = _ask_proof(desk, begun)
    if challenge_id:
        letters.append(Letter.VERIFY)
    if not letters:
        return
    post = Post(
        to=desk.case.requester,
        letters=tuple(letters),
        request_ids=tuple(request.id for request in begun),
        challenge_id=challenge_id,
        scopes=stopped,
    )
    if desk.write(post, by_person=by_person):
        desk.case = replace(desk.case, acknowledged=True)


def _ask_proof(desk: Desk, begun: Sequence[Request]) -> str | None:
    waiting = tuple(r for r in begun if r.state is RequestState.VERIFYING)
    if not waiting:
        return None
    challenge = desk.challenge(Purpose.ADDRESS, desk.case.requester, waiting)
    desk.expect_proof(challenge)
    return challenge.id

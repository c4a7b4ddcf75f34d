"""A person accepts an agent's permission: what is done, and whom we ask.

Nothing in a permission is judged here. Sources: 11 CCR §7063 and §7026(j).
"""

from dataclasses import replace

from inbox_bot.domain.authorization import check_consumer
from inbox_bot.domain.case import Case, Outcome, Request, RequestState
from inbox_bot.domain.circumstances import Circumstances
from inbox_bot.domain.doors.desk import Desk
from inbox_bot.domain.doors.proofs import admit, await_proof, awaits
from inbox_bot.domain.doors.rights import PROVEN, stop
from inbox_bot.domain.effects import Decision, Letter, Post
from inbox_bot.domain.happenings import PermissionAccepted
from inbox_bot.domain.reading import Right
from inbox_bot.domain.transitions import Move
from inbox_bot.domain.verification import Purpose
from inbox_bot.errors import RefusalError


def accept_permission(
    case: Case, happening: PermissionAccepted, around: Circumstances
) -> Decision:
    """Take a person's word that a permission is good, and ask the consumer.

    Raises RefusalError where the case has no agent or the address is the agent's.
    """
    if case.agency is None:
        raise RefusalError("Nobody acts for another person in this case.")
    check_consumer(
        case.requester, happening.consumer, despite_domain=happening.despite_domain
    )
    desk = Desk(case, around, by=happening.by)
    agency = replace(
        case.agency,
        permission_accepted=True,
        consumer=happening.consumer,
        answers_to_agent=happening.answers_to_agent,
    )
    desk.case = replace(desk.case, agency=agency, attention=False)
    desk.record("permission_accepted")
    _stop_for_consumer(desk)
    # Whoever is asked may answer by mail; that alone proves nothing.
    admit(desk, happening.consumer)
    _ask_consumer(desk, happening.consumer)
    return desk.decision()


def _stop_for_consumer(desk: Desk) -> None:
    """Carry out what only lacked an address; the consumer is not asked (§7026(j))."""
    waiting = [
        request
        for request in desk.case.requests
        if request.right is Right.OPT_OUT and request.state is RequestState.AUTHORIZING
    ]
    done = [desk.move(r, Move.FULFIL, outcome=Outcome.FULFILLED) for r in waiting]
    if done:
        post = Post(
            to=desk.case.requester,
            letters=(Letter.OPT_OUT_DONE,),
            request_ids=tuple(request.id for request in done),
            scopes=stop(desk, done),
        )
        desk.write(post, by_person=True)


def _ask_consumer(desk: Desk, consumer: str) -> None:
    """Ask once; where a person has corrected the address, only the new one counts."""
    asked = tuple(r for r in desk.case.requests if _needs_consumer(desk, r, consumer))
    if not asked:
        return
    ids = {request.id for request in asked}
    for old in desk.case.challenges:
        if ids & set(old.request_ids):
            desk.put_challenge(replace(old, replaced=True))
            desk.drop_timers(old.id)
    desk.drop_drafts(asked)
    waiting = tuple(await_proof(desk, r, proven_address=None) for r in asked)
    challenge = desk.challenge(Purpose.AGENT, consumer, waiting)
    desk.expect_proof(challenge)
    post = Post(
        to=consumer,
        letters=(Letter.CONFIRM_AGENT,),
        request_ids=challenge.request_ids,
        challenge_id=challenge.id,
        is_reply=False,
    )
    desk.write(post, by_person=True)


def _needs_consumer(desk: Desk, request: Request, consumer: str) -> bool:
    """Whether a request waits for this consumer, who has not been asked about it."""
    if request.right not in PROVEN:
        return False
    asked = any(
        request.id in challenge.request_ids and challenge.address == consumer
        for challenge in desk.case.challenges
        if not challenge.replaced
    )
    return not asked and (request.state is RequestState.AUTHORIZING or awaits(request))

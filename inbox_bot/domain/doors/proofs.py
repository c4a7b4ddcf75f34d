"""Proof is given, fails, or comes from an agent's consumer: what follows.

A proof reaches as far as the address that passed the round trip, no further. Sources:
GDPR Art. 12(6); 11 CCR §7020(d) (two-step deletion) and §7063 (agents).
"""

from dataclasses import replace

from inbox_bot.domain.authorization import check_consumer
from inbox_bot.domain.case import Case, HoldReason, Outcome, Request, RequestState
from inbox_bot.domain.circumstances import Circumstances
from inbox_bot.domain.doors.desk import Desk
from inbox_bot.domain.doors.rights import ANSWERS
from inbox_bot.domain.effects import Decision, Letter, Post
from inbox_bot.domain.happenings import PermissionAccepted, ProofGiven
from inbox_bot.domain.reading import Right
from inbox_bot.domain.transitions import Move
from inbox_bot.domain.verification import Challenge, Purpose
from inbox_bot.errors import RefusalError


def prove(case: Case, happening: ProofGiven, around: Circumstances) -> Decision:
    """Take a confirmed link."""
    desk = Desk(case, around)
    give_proof(desk, happening.challenge_id, by="link")
    return desk.decision()


def give_proof(desk: Desk, challenge_id: str, *, by: str) -> None:
    """Use a challenge up and move its requests on, with one mail about it.

    Raises RefusalError where the challenge is no longer open.
    """
    challenge = desk.case.challenge(challenge_id)
    if not challenge.is_open(desk.around.now):
        raise RefusalError("This proof was used, has expired, or was replaced.")
    desk.record(
        "proof_given", challenge=challenge.id, purpose=challenge.purpose.value, by=by
    )
    _use_up(desk, challenge)
    _admit(desk, challenge.address)
    requests = tuple(
        request
        for id_ in challenge.request_ids
        if _awaits(request := desk.case.request(id_))
    )
    if not requests:
        return
    desk.drop_drafts(requests)
    unconfirmed = tuple(r for r in requests if _needs_second_step(r, challenge))
    proven = [r for r in requests if r not in unconfirmed]
    for request in proven:
        begin_work(desk, request, challenge)
    _say_proven(desk, challenge, tuple(proven), unconfirmed)


def begin_work(desk: Desk, request: Request, challenge: Challenge) -> None:
    """Hand a proven request to staff with a draft to complete."""
    moved = desk.move(
        request,
        Move.PROVE,
        proven_address=challenge.address,
        confirmed=challenge.purpose is Purpose.DELETION,
        outcome=None,
    )
    if not request.is_open:
        desk.watch(moved)
    letter = ANSWERS.get(moved.right or Right.QUESTION, Letter.ANSWER)
    post = Post(to=answer_to(desk.case), letters=(letter,), request_ids=(moved.id,))
    desk.draft(post, Outcome.FULFILLED)


def answer_to(case: Case) -> str:
    """Tell who gets the answer: the consumer, unless the permission says otherwise."""
    agency = case.agency
    if agency and agency.consumer and not agency.answers_to_agent:
        return agency.consumer
    return case.requester


def _use_up(desk: Desk, challenge: Challenge) -> None:
    for other in desk.case.challenges:
        if other.id == challenge.id:
            desk.put_challenge(replace(other, used_at=desk.around.now))
        elif other.purpose is challenge.purpose and set(other.request_ids) & set(
            challenge.request_ids
        ):
            desk.put_challenge(replace(other, replaced=True))
        else:
            continue
        desk.drop_timers(other.id)


def _admit(desk: Desk, address: str) -> None:
    if address not in desk.case.participants:
        participants = (*desk.case.participants, address)
        desk.case = replace(desk.case, participants=participants)


def _awaits(request: Request) -> bool:
    """Whether missing proof is what this request waits for, or ended for want of it."""
    if request.state is RequestState.VERIFYING:
        return True
    waited = request.proven_address is None or (
        request.right is Right.DELETION and not request.confirmed
    )
    return waited and (
        request.state is RequestState.REVIEWING or request.outcome is Outcome.UNVERIFIED
    )


def _needs_second_step(request: Request, challenge: Challenge) -> bool:
    return request.right is Right.DELETION and challenge.purpose is not Purpose.DELETION


def _say_proven(
    desk: Desk,
    challenge: Challenge,
    proven: tuple[Request, ...],
    unconfirmed: tuple[Request, ...],
) -> None:
    letters: list[Letter] = []
    second: str | None = None
    if proven:
        letters.append(Letter.VERIFIED)
    if unconfirmed:
        letters.append(Letter.CONFIRM_DELETION)
        second = _ask_second(desk, challenge, unconfirmed).id
    post = Post(
        to=challenge.address,
        letters=tuple(letters),
        request_ids=challenge.request_ids,
        challenge_id=second,
        counts=False,
    )
    desk.write(post)


def _ask_second(
    desk: Desk, first: Challenge, requests: tuple[Request, ...]
) -> Challenge:
    for request in requests:
        if request.state is RequestState.VERIFYING:
            desk.put(replace(request, proven_address=first.address))
        else:
            reopened = desk.move(request, Move.CHALLENGE) if request.is_open else None
            if reopened is None:
                reopened = _reopen_for_second(desk, request)
            desk.put(replace(reopened, proven_address=first.address, outcome=None))
    second = desk.challenge(Purpose.DELETION, first.address, requests)
    desk.expect_proof(second)
    return second


def _reopen_for_second(desk: Desk, request: Request) -> Request:
    working = desk.move(request, Move.PROVE, outcome=None)
    verifying = desk.move(working, Move.CHALLENGE)
    desk.watch(verifying)
    return verifying


# --- codes that did not count


def count_wrong_code(desk: Desk, sender: str) -> None:
    """Count a wrong code; after the last try a person takes over."""
    now = desk.around.now
    tried = [c for c in desk.case.challenges if c.address == sender and c.is_open(now)]
    for challenge in tried:
        desk.put_challenge(challenge.after_wrong_code())
    desk.record("code_wrong", challenges=",".join(c.id for c in tried))
    left = [c for c in desk.case.challenges if c.address == sender and c.is_open(now)]
    if left:
        ids = tuple(dict.fromkeys(id_ for c in left for id_ in c.request_ids))
        post = Post(to=sender, letters=(Letter.CODE_WRONG,), request_ids=ids)
        desk.write(post)
        return
    for challenge in tried:
        desk.drop_timers(challenge.id)
        for id_ in challenge.request_ids:
            request = desk.case.request(id_)
            if request.state is RequestState.VERIFYING:
                desk.move(request, Move.HOLD, hold_reason=HoldReason.ATTEMPTS)
    desk.notice()


def renew_expired(desk: Desk, challenge_id: str) -> None:
    """Answer an expired code with a fresh challenge, if proof is still awaited."""
    old = desk.case.challenge(challenge_id)
    desk.record("code_expired", challenge=old.id)
    waiting = tuple(
        request
        for id_ in old.request_ids
        if (request := desk.case.request(id_)).state is RequestState.VERIFYING
    )
    if not waiting:
        desk.notice()
        return
    desk.put_challenge(replace(old, replaced=True))
    desk.drop_timers(old.id)
    fresh = desk.challenge(old.purpose, old.address, waiting)
    desk.expect_proof(fresh)
    post = Post(
        to=old.address,
        letters=(Letter.CODE_EXPIRED,),
        request_ids=fresh.request_ids,
        challenge_id=fresh.id,
    )
    desk.write(post)


# --- agents


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
    waiting = [r for r in case.requests if r.state is RequestState.AUTHORIZING]
    asked = tuple(desk.move(r, Move.CHALLENGE) for r in waiting)
    if asked:
        challenge = desk.challenge(Purpose.AGENT, happening.consumer, asked)
        desk.expect_proof(challenge)
        post = Post(
            to=happening.consumer,
            letters=(Letter.CONFIRM_AGENT,),
            request_ids=challenge.request_ids,
            challenge_id=challenge.id,
            is_reply=False,
        )
        desk.write(post, by_person=True)
    return desk.decision()

"""Proof is given or fails: what follows.

A proof reaches as far as the address that passed the round trip, no further. Sources:
GDPR Art. 12(6); 11 CCR §7020(d) (two-step deletion).
"""

from dataclasses import replace

from inbox_bot.domain.case import Case, HoldReason, Outcome, Request, RequestState
from inbox_bot.domain.circumstances import Circumstances
from inbox_bot.domain.doors.desk import Desk
from inbox_bot.domain.doors.rights import ANSWERS
from inbox_bot.domain.effects import Decision, Letter, Post
from inbox_bot.domain.happenings import ProofGiven
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
    admit(desk, challenge.address)
    requests = tuple(
        request
        for id_ in challenge.request_ids
        if awaits(request := desk.case.request(id_))
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
        if _asks_the_same(other, challenge):
            desk.put_challenge(replace(other, replaced=True))
            desk.drop_timers(other.id)
    desk.put_challenge(replace(challenge, used_at=desk.around.now))


def _asks_the_same(one: Challenge, other: Challenge) -> bool:
    shared = set(one.request_ids) & set(other.request_ids)
    return one.purpose is other.purpose and bool(shared)


def admit(desk: Desk, address: str) -> None:
    """Let an address speak in the case."""
    if address not in desk.case.participants:
        participants = (*desk.case.participants, address)
        desk.case = replace(desk.case, participants=participants)


def awaits(request: Request) -> bool:
    """Whether missing proof is what this request waits for, or ended for want of it."""
    if request.state is RequestState.VERIFYING:
        return True
    waited = request.proven_address is None or (
        request.right is Right.DELETION and not request.confirmed
    )
    # A draft of "not verified" may be under a person's hands.
    return waited and (
        request.state in {RequestState.WORKING, RequestState.REVIEWING}
        or request.outcome is Outcome.UNVERIFIED
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
        await_proof(desk, request, proven_address=first.address)
    second = desk.challenge(Purpose.DELETION, first.address, requests)
    desk.expect_proof(second)
    return second


def await_proof(desk: Desk, request: Request, **changes: object) -> Request:
    """Make a request wait for proof, also one that had ended for want of it."""
    reached = request if request.is_open else desk.move(request, Move.REOPEN)
    waiting = desk.move(reached, Move.CHALLENGE, outcome=None, **changes)
    if not request.is_open or request.state is RequestState.AUTHORIZING:
        desk.rewatch(waiting)
    return waiting


# --- codes that did not count


def count_wrong_code(desk: Desk, sender: str, *, answered: bool = True) -> None:
    """Count a wrong code; after the last try a person takes over."""
    now = desk.around.now
    tried = [c for c in desk.case.challenges if c.address == sender and c.is_open(now)]
    for challenge in tried:
        desk.put_challenge(challenge.after_wrong_code())
    desk.record("code_wrong", challenges=",".join(c.id for c in tried))
    left = [c for c in desk.case.challenges if c.address == sender and c.is_open(now)]
    if left:
        if answered:
            ids = tuple(dict.fromkeys(id_ for c in left for id_ in c.request_ids))
            desk.write(Post(to=sender, letters=(Letter.CODE_WRONG,), request_ids=ids))
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
    fresh = None if old.replaced else renew(desk, old)
    if fresh is None:
        desk.notice()
        return
    post = Post(
        to=old.address,
        letters=(Letter.CODE_EXPIRED,),
        request_ids=fresh.request_ids,
        challenge_id=fresh.id,
    )
    desk.write(post)


def renew(desk: Desk, old: Challenge) -> Challenge | None:
    """Put a fresh challenge in the place of one; None where it has been answered.

    A request that was answered "not verified" stays so until the proof arrives.
    """
    requests = (desk.case.request(id_) for id_ in old.request_ids)
    waiting = tuple(request for request in requests if awaits(request))
    same = [c for c in desk.case.challenges if _asks_the_same(c, old)]
    if not waiting or any(challenge.used_at for challenge in same):
        return None
    for challenge in same:
        desk.put_challenge(replace(challenge, replaced=True))
        desk.drop_timers(challenge.id)
    fresh = desk.challenge(old.purpose, old.address, waiting)
    desk.expect_proof(fresh)
    return fresh

"""What time brings: reminders, the end of waiting for proof, escalation, settling.

Timers never decide a request: they remind, escalate, draft, and settle what was
answered and stayed quiet.
"""

from dataclasses import replace
from datetime import timedelta

from inbox_bot.domain.case import (
    Case,
    Outcome,
    Request,
    RequestState,
    Timer,
    TimerKind,
)
from inbox_bot.domain.circumstances import Circumstances
from inbox_bot.domain.doors.desk import Desk
from inbox_bot.domain.doors.proofs import answer_to
from inbox_bot.domain.effects import Decision, Letter, Post
from inbox_bot.domain.happenings import TimerFired
from inbox_bot.domain.transitions import Move

AGAIN = timedelta(days=1)
"""How often what is about to be late, or late, is brought up again."""

AWAITING_PROOF = frozenset({RequestState.VERIFYING, RequestState.AUTHORIZING})


def fire(case: Case, happening: TimerFired, around: Circumstances) -> Decision:
    """Let one timer of a case fire; one that was overtaken does nothing."""
    timer = happening.timer
    left = tuple(other for other in case.timers if other != timer)
    desk = Desk(replace(case, timers=left), around, by="clock")
    match timer.kind:
        case TimerKind.REMIND_REQUESTER:
            _remind_requester(desk, timer)
        case TimerKind.GIVE_UP_PROOF:
            _give_up(desk, timer)
        case TimerKind.REMIND_STAFF | TimerKind.ESCALATE:
            _remind_staff(desk, timer)
        case TimerKind.SETTLE:
            _settle(desk, timer)
    return desk.decision()


def _remind_requester(desk: Desk, timer: Timer) -> None:
    """Send the one reminder, with a link and code of its own beside the first."""
    first = next((c for c in desk.case.challenges if c.id == timer.about), None)
    if first is None or not first.is_open(desk.around.now):
        return
    waiting = _waiting(desk.case, timer.about)
    if not waiting:
        return
    again = desk.challenge(first.purpose, first.address, waiting)
    post = Post(
        to=first.address,
        letters=(Letter.VERIFY_REMINDER,),
        request_ids=again.request_ids,
        challenge_id=again.id,
        is_reply=False,
    )
    desk.write(post)


def _give_up(desk: Desk, timer: Timer) -> None:
    """Draft "we could not verify" for a person, in time before the due date."""
    waiting = _waiting(desk.case, timer.about)
    if not waiting:
        return
    moved = tuple(desk.move(request, Move.DRAFT) for request in waiting)
    # A consumer who never answered gets no second mail: the agent is told.
    proven = any(request.proven_address for request in moved)
    post = Post(
        to=answer_to(desk.case) if proven else desk.case.requester,
        letters=(Letter.UNVERIFIED,),
        request_ids=tuple(request.id for request in moved),
    )
    desk.draft(post, Outcome.UNVERIFIED)
    desk.notice()


def _remind_staff(desk: Desk, timer: Timer) -> None:
    request = next((r for r in desk.case.requests if r.id == timer.about), None)
    if request is None or not request.is_open:
        return
    action = {
        TimerKind.REMIND_STAFF: "staff_reminded",
        TimerKind.ESCALATE: "escalated",
    }[timer.kind]
    desk.record(action, request=request.id, due=request.dates.due.isoformat())
    desk.notice()
    if timer.kind is TimerKind.ESCALATE:
        desk.add_timer(replace(timer, at=desk.around.now + AGAIN))


def _settle(desk: Desk, timer: Timer) -> None:
    for request in desk.case.requests:
        if request.id == timer.about and request.state is RequestState.ANSWERED:
            desk.move(request, Move.SETTLE)


def _waiting(case: Case, about: str) -> tuple[Request, ...]:
    """Give the requests that await proof: a challenge's, or the one named itself."""
    ids = {about}
    for challenge in case.challenges:
        if challenge.id == about:
            ids = set(challenge.request_ids)
    return tuple(r for r in case.requests if r.id in ids and r.state in AWAITING_PROOF)

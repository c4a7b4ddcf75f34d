"""The working surface of one decision: the case as it becomes, and effects in order.

Only the modules behind `policy.decide` use it; it never leaves them. It holds no rules
about rights, only the ways in which a case may be changed.
"""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from inbox_bot.domain.case import (
    Case,
    HoldReason,
    Outcome,
    Request,
    RequestState,
    Timer,
    TimerKind,
)
from inbox_bot.domain.circumstances import Circumstances
from inbox_bot.domain.effects import (
    AUTOMATIC_BY,
    AskProof,
    Decision,
    DropDrafts,
    Effect,
    Letter,
    Post,
    PrepareDraft,
    Record,
    Send,
)
from inbox_bot.domain.reading import Right
from inbox_bot.domain.transitions import Move, advance, start
from inbox_bot.domain.verification import Challenge, Purpose

FAIR_CHANCE = timedelta(days=1)
"""The least time a requester gets before a person is asked to write "not verified"."""


class Desk:
    """Collects what one decision does to one case.

    `silence` says why nothing may be sent automatically this time, "" where it may.
    """

    def __init__(
        self, case: Case, around: Circumstances, by: str = "bot", silence: str = ""
    ) -> None:
        self.case = case
        self.around = around
        self.by = by
        self.silence = silence
        self.effects: list[Effect] = []

    def decision(self) -> Decision:
        """Close the desk."""
        return Decision(case=self.case, effects=tuple(self.effects))

    def do(self, effect: Effect) -> None:
        """Add an effect."""
        self.effects.append(effect)

    def record(self, action: str, **data: str) -> None:
        """Add an event to the case's record."""
        self.do(Record(action=action, by=self.by, data=data))

    def new_id(self) -> str:
        """Take a fresh id."""
        return next(self.around.ids)

    # --- requests

    def add_request(
        self,
        right: Right | None,
        move: Move,
        receipt: datetime,
        *,
        purposes: tuple[str, ...] = (),
        hold_reason: HoldReason | None = None,
    ) -> Request:
        """Begin a request with its dates and the timers that watch them."""
        request = Request(
            id=self.new_id(),
            right=right,
            state=start(move),
            receipt=receipt,
            dates=self.around.dates(receipt, self.case.jurisdiction),
            purposes=purposes,
            hold_reason=hold_reason,
            outcome=Outcome.FULFILLED if move is Move.FULFIL else None,
        )
        self.case = replace(self.case, requests=(*self.case.requests, request))
        self.record(
            "request_opened",
            request=request.id,
            right=right.value if right else "",
            state=request.state.value,
            reason=hold_reason.value if hold_reason else "",
            due=request.dates.due.isoformat(),
        )
        self.watch(request)
        return request

    def watch(self, request: Request) -> None:
        """Set the timers that an open request needs, or the one of an answered one."""
        policy = self.around.policy
        if request.state is RequestState.ANSWERED:
            at = self.around.now + policy.quiet_period
            self.add_timer(Timer(kind=TimerKind.SETTLE, at=at, about=request.id))
            return
        end = datetime.combine(request.dates.due, time(), UTC)
        for kind, before in (
            (TimerKind.REMIND_STAFF, policy.remind_staff_before_due),
            (TimerKind.ESCALATE, policy.escalate_before_due),
        ):
            self.add_timer(Timer(kind=kind, at=end - before, about=request.id))
        if request.state is RequestState.AUTHORIZING:
            at = max(end - policy.give_up_before_due, self.around.now + FAIR_CHANCE)
            self.add_timer(Timer(kind=TimerKind.GIVE_UP_PROOF, at=at, about=request.id))

    def rewatch(self, request: Request) -> None:
        """Set the timers of a request anew, after its dates or state changed."""
        self.drop_timers(request.id)
        self.watch(request)

    def move(self, request: Request, move: Move, **changes: object) -> Request:
        """Move a request along the table, with other changes of it, and record it."""
        state = advance(request.state, move)
        moved: Request = replace(request, state=state, **changes)  # type: ignore[arg-type]  # checked by replace
        if state is not RequestState.HELD:
            moved = replace(moved, hold_reason=None)
        self.put(moved)
        self.record(
            "request_moved",
            request=request.id,
            move=move.value,
            state=state.value,
            outcome=moved.outcome.value if moved.outcome else "",
        )
        if not moved.is_open:
            self.drop_timers(request.id)
        if state is RequestState.ANSWERED:
            self.watch(moved)
        return moved

    def put(self, request: Request) -> None:
        """Replace a request by its changed self."""
        requests = tuple(
            request if old.id == request.id else old for old in self.case.requests
        )
        self.case = replace(self.case, requests=requests)

    # --- timers

    def add_timer(self, timer: Timer) -> None:
        """Set a timer."""
        self.case = replace(self.case, timers=(*self.case.timers, timer))

    def drop_timers(self, about: str) -> None:
        """Remove the timers of a request or challenge."""
        left = tuple(timer for timer in self.case.timers if timer.about != about)
        self.case = replace(self.case, timers=left)

    # --- proof

    def challenge(
        self, purpose: Purpose, address: str, requests: tuple[Request, ...]
    ) -> Challenge:
        """Ask for proof: a challenge with its reminder and its end."""
        now, policy = self.around.now, self.around.policy
        challenge = Challenge(
            id=self.new_id(),
            purpose=purpose,
            address=address,
            request_ids=tuple(request.id for request in requests),
            issued_at=now,
            expires_at=now + policy.proof_lifetime,
            attempts_left=policy.proof_attempts,
        )
        self.case = replace(self.case, challenges=(*self.case.challenges, challenge))
        self.do(AskProof(challenge=challenge))
        self.record("proof_asked", challenge=challenge.id, purpose=purpose.value)
        return challenge

    def expect_proof(self, challenge: Challenge) -> None:
        """Set the reminder, and the time at which a person writes "not verified".

        In time before the due date, and never before the requester had a fair chance.
        """
        now, policy = self.around.now, self.around.policy
        due = min(self.case.request(id_).dates.due for id_ in challenge.request_ids)
        end = datetime.combine(due, time(), UTC) - policy.give_up_before_due
        give_up = max(end, now + FAIR_CHANCE)
        remind = min(now + policy.remind_requester_after, give_up)
        for kind, at in (
            (TimerKind.REMIND_REQUESTER, remind),
            (TimerKind.GIVE_UP_PROOF, give_up),
        ):
            self.add_timer(Timer(kind=kind, at=at, about=challenge.id))

    def put_challenge(self, challenge: Challenge) -> None:
        """Replace a challenge by its changed self."""
        challenges = tuple(
            challenge if old.id == challenge.id else old for old in self.case.challenges
        )
        self.case = replace(self.case, challenges=challenges)

    # --- writing

    def write(self, post: Post, *, by_person: bool = False) -> bool:
        """Send what the bot may send by itself, draft the rest; False if nothing left.

        What is held back is recorded. `by_person` says that a person's act sets the
        mail off, so that nothing holds it back.
        """
        reason = "" if by_person else self._reason_to_keep(post)
        if reason:
            self.suppress_answer(reason, post.letters)
            return False
        allowed = self.around.policy.automatic
        automatic = tuple(n for n in post.letters if AUTOMATIC_BY[n] in allowed)
        drafted = tuple(n for n in post.letters if n not in automatic)
        if automatic:
            self.do(Send(post=replace(post, letters=automatic)))
            self.record("mail_queued", letters=",".join(automatic))
        if drafted:
            self.draft(replace(post, letters=drafted))
        return bool(automatic)

    def draft(self, post: Post, outcome: Outcome | None = None) -> None:
        """Write a draft for a person."""
        draft_id = self.new_id()
        self.do(PrepareDraft(draft_id=draft_id, post=post, outcome=outcome))
        self.record("draft_prepared", draft=draft_id, letters=",".join(post.letters))

    def drop_drafts(self, requests: tuple[Request, ...]) -> None:
        """Withdraw drafts that something overtook."""
        self.do(DropDrafts(request_ids=tuple(request.id for request in requests)))

    def suppress_answer(self, reason: str, letters: tuple[Letter, ...] = ()) -> None:
        """Record an answer that did not leave, and put it before a person."""
        self.record("answer_suppressed", reason=reason, letters=",".join(letters))
        self.notice()

    def notice(self) -> None:
        """Ask for a person's look."""
        self.case = replace(self.case, attention=True)

    def _reason_to_keep(self, post: Post) -> str:
        sent = self.around.automatic_today.get(post.to, 0)
        over_cap = post.counts and sent >= self.around.policy.address_daily_cap
        return self.silence or ("address_cap" if over_cap else "")

"""What staff and the post do to a case: identify, draft, approve; sent, undelivered.

Every answer of substance passes here with a person's name on it.
"""

from collections.abc import Sequence
from dataclasses import replace

from inbox_bot.domain.authorization import agency_of
from inbox_bot.domain.case import Case, Outcome, Request, RequestState, Thread
from inbox_bot.domain.circumstances import Circumstances
from inbox_bot.domain.doors.desk import Desk
from inbox_bot.domain.doors.proofs import renew
from inbox_bot.domain.doors.rights import ANSWERS, first_answer, stop, way_of
from inbox_bot.domain.effects import (
    Decision,
    DropDrafts,
    Letter,
    Post,
    ReleaseDraft,
    ReopenDraft,
)
from inbox_bot.domain.happenings import (
    AnswerSent,
    ClosedByStaff,
    DraftApproved,
    DraftRejected,
    DraftSaved,
    Identified,
    MailUndelivered,
    Seen,
)
from inbox_bot.domain.reading import Right
from inbox_bot.domain.transitions import Move
from inbox_bot.errors import RefusalError

# --- a person says what a held mail is


def identify(case: Case, happening: Identified, around: Circumstances) -> Decision:
    """Take a person's word on what held requests ask for, and set them on their way.

    Raises RefusalError where nothing is held or nothing is named.
    """
    held = [r for r in case.requests if r.state is RequestState.HELD]
    rights = dict.fromkeys(r for r in happening.rights if r is not Right.AGENT)
    if not held or not rights:
        raise RefusalError("Name at least one right, for a case that is held.")
    running = {r.right for r in case.requests if r.is_open and r not in held}
    desk = Desk(_corrected(case, happening), around, by=happening.by)
    desk.record("identified", rights=",".join(happening.rights))
    begun = [
        _set_out(desk, held, right, happening)
        for right in rights
        if right not in running
    ]
    # What was asked again needs no second answer.
    again = running & set(rights)
    outcome = Outcome.DUPLICATE if again else Outcome.NOT_A_REQUEST
    for left in held:
        desk.move(left, Move.CLOSE, outcome=outcome)
    if begun:
        first_answer(desk, begun, stop(desk, begun), by_person=True)
    return desk.decision()


def _corrected(case: Case, happening: Identified) -> Case:
    requester = happening.requester or case.requester
    if not requester:
        raise RefusalError("Say whose request it is: the mail names no usable sender.")
    agency = case.agency
    if Right.AGENT in happening.rights:
        agency = case.agency or agency_of(requester, ())
    elif all(request.state is RequestState.HELD for request in case.requests):
        agency = None
    # The person may never have seen the mail that a colleague passed on: an answer
    # must not stand in that thread.
    known = requester in case.participants
    return replace(
        case,
        requester=requester,
        participants=tuple(dict.fromkeys((*case.participants, requester))),
        agency=agency,
        thread=case.thread if known else Thread(),
        receipt=happening.receipt or case.receipt,
        attention=False,
    )


def _set_out(
    desk: Desk, held: list[Request], right: Right, happening: Identified
) -> Request:
    """Set a right on its way, on a held request while there is one."""
    move, _ = way_of(right, desk.case, by_person=True)
    purposes = tuple(happening.purposes.get(right, ()))
    old = _take(held, right)
    if old is None:
        receipt = happening.receipt or desk.case.receipt
        request = desk.add_request(right, move, receipt, purposes=purposes)
    else:
        receipt = happening.receipt or old.receipt
        request = desk.move(
            old,
            move,
            right=right,
            receipt=receipt,
            purposes=purposes or old.purposes,
            dates=desk.around.dates(receipt, desk.case.jurisdiction),
            outcome=Outcome.FULFILLED if move is Move.FULFIL else None,
        )
        desk.rewatch(request)
    if move is Move.BEGIN:
        _draft_answer(desk, request)
    return request


def _take(held: list[Request], right: Right) -> Request | None:
    """Take the held request that fits best: of this right, else of none."""
    fitting = sorted(
        (r for r in held if r.right in {right, None}), key=lambda r: r.right is None
    )
    if fitting:
        held.remove(fitting[0])
    return next(iter(fitting), None)


def _draft_answer(desk: Desk, request: Request) -> None:
    letter = ANSWERS.get(request.right or Right.QUESTION, Letter.ANSWER)
    post = Post(to=desk.case.requester, letters=(letter,), request_ids=(request.id,))
    desk.draft(post, Outcome.FULFILLED)


# --- drafts


def save_draft(case: Case, happening: DraftSaved, around: Circumstances) -> Decision:
    """Let a complete draft await approval; send an incomplete one back to work."""
    desk = Desk(case, around, by=happening.by)
    wanted = Move.DRAFT if happening.complete else Move.RETURN
    source = RequestState.WORKING if happening.complete else RequestState.REVIEWING
    for request in _of(case, happening.request_ids):
        if request.state is source:
            desk.move(request, wanted)
    desk.record("draft_saved", draft=happening.draft_id)
    return desk.decision()


def approve_draft(
    case: Case, happening: DraftApproved, around: Circumstances
) -> Decision:
    """Release a draft: what is frozen now is what will be sent.

    Raises RefusalError where a request of it can't be answered from where it stands.
    """
    desk = Desk(case, around, by=happening.by)
    answered = _of(case, happening.request_ids)
    if happening.outcome is not Outcome.UNVERIFIED:
        _access_comes_first(case, answered)
    for request in answered:
        if request.state is RequestState.WORKING:
            desk.move(request, Move.DRAFT)
        elif request.is_open and request.state is not RequestState.REVIEWING:
            raise RefusalError(
                f"This answer has to wait: its request is {request.state.value}."
            )
    challenge_id = _ask_afresh(desk, happening.challenge_id)
    desk.do(
        ReleaseDraft(
            draft_id=happening.draft_id, by=happening.by, challenge_id=challenge_id
        )
    )
    desk.record("draft_approved", draft=happening.draft_id)
    return desk.decision()


def _ask_afresh(desk: Desk, challenge_id: str | None) -> str | None:
    """Give a drafted question its full time, from now; its secrets are made now too."""
    if challenge_id is None:
        return None
    fresh = renew(desk, desk.case.challenge(challenge_id))
    if fresh is None:
        raise RefusalError("What this mail asks for has been answered meanwhile.")
    return fresh.id


def _access_comes_first(case: Case, answered: Sequence[Request]) -> None:
    """Keep the word of the second question: the copy first, then the deletion."""
    deleting = any(request.right is Right.DELETION for request in answered)
    owed = [r for r in case.requests if r.right is Right.ACCESS and r.is_open]
    if deleting and any(request not in answered for request in owed):
        raise RefusalError("Answer the request for access first, then the deletion.")


def reject_draft(
    case: Case, happening: DraftRejected, around: Circumstances
) -> Decision:
    """Send a draft back to work."""
    desk = Desk(case, around, by=happening.by)
    for request in _of(case, happening.request_ids):
        if request.state is RequestState.REVIEWING:
            desk.move(request, Move.RETURN)
    desk.record("draft_rejected", draft=happening.draft_id)
    return desk.decision()


# --- the post


def note_sent(case: Case, happening: AnswerSent, around: Circumstances) -> Decision:
    """Count an approved answer that left, until it proves undelivered."""
    desk = Desk(case, around)
    desk.record("answer_sent", draft=happening.draft_id, mail=happening.outgoing_id)
    if happening.outcome is not None:
        for request in _of(case, happening.request_ids):
            if request.state is RequestState.REVIEWING:
                desk.move(request, Move.ANSWER, outcome=happening.outcome)
    return desk.decision()


def note_undelivered(
    case: Case, happening: MailUndelivered, around: Circumstances
) -> Decision:
    """Owe an answer again where our mail did not arrive; a person must know.

    A bounce reopens what the answer had closed, with its original receipt. It can be
    forged, so it never does more than put the case before a person.
    """
    desk = Desk(case, around)
    desk.record(
        "mail_undelivered",
        mail=happening.outgoing_id,
        how="bounced" if happening.bounced else "refused",
        reason=happening.reason,
    )
    desk.notice()
    if happening.draft_id is None:
        return desk.decision()
    answered = [
        request
        for request in _of(case, happening.request_ids)
        if not request.is_open and request.outcome is happening.outcome
    ]
    for request in answered:
        desk.rewatch(desk.move(request, Move.REOPEN, outcome=None))
    # The bounce of an answer that another has overtaken brings nothing back.
    if answered or not happening.bounced:
        desk.do(ReopenDraft(draft_id=happening.draft_id))
    return desk.decision()


# --- the end


def close(case: Case, happening: ClosedByStaff, around: Circumstances) -> Decision:
    """End every open request with the outcome that a person names."""
    desk = Desk(case, around, by=happening.by)
    for request in case.requests:
        if request.is_open:
            desk.move(request, Move.CLOSE, outcome=happening.outcome)
    for challenge in case.challenges:
        desk.drop_timers(challenge.id)
    _drop_all(desk, case.requests)
    desk.case = replace(desk.case, attention=False)
    desk.record("closed", outcome=happening.outcome.value)
    return desk.decision()


def see(case: Case, happening: Seen, around: Circumstances) -> Decision:
    """Note that a person has looked at what was new."""
    desk = Desk(replace(case, attention=False), around, by=happening.by)
    desk.record("seen")
    return desk.decision()


def _drop_all(desk: Desk, requests: Sequence[Request]) -> None:
    desk.do(DropDrafts(request_ids=tuple(request.id for request in requests)))


def _of(case: Case, request_ids: Sequence[str]) -> tuple[Request, ...]:
    return tuple(request for request in case.requests if request.id in request_ids)

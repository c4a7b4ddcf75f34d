"""A mail arrives: where it belongs and what it sets off.

One incoming mail sets off at most one outgoing one. Machines are never answered.
Sources: rules.md sections 5 and 6; RFC 3834; 11 CCR §7026 (an opt-out waits for
nothing).
"""

from dataclasses import replace
from datetime import datetime

from inbox_bot.domain.authorization import agency_of
from inbox_bot.domain.case import Agency, Case, HoldReason, Request, RequestState
from inbox_bot.domain.circumstances import Automatic, Circumstances
from inbox_bot.domain.doors.desk import Desk
from inbox_bot.domain.doors.proofs import count_wrong_code, give_proof, renew_expired
from inbox_bot.domain.doors.rights import first_answer, stop, way_of
from inbox_bot.domain.effects import (
    Decision,
    FileMessage,
    Letter,
    Place,
    Post,
    Send,
    VoidApprovals,
)
from inbox_bot.domain.happenings import Mail, MailArrived
from inbox_bot.domain.message import Automation
from inbox_bot.domain.reading import Kind, Right
from inbox_bot.domain.transitions import Move
from inbox_bot.domain.verification import CodeCheck

NEVER_A_REQUEST = frozenset(
    {Automation.BOUNCE, Automation.FEEDBACK, Automation.DISPOSITION}
)
"""Automation whose text is never a person's wish (labels.md, rule 12)."""


def arrive(
    case: Case | None, happening: MailArrived, around: Circumstances
) -> Decision:
    """Decide about an arrived mail, for its case or for none yet."""
    if case is not None:
        return _join(case, happening.mail, around)
    if happening.hold is None and _is_no_request(happening.mail):
        return _to_tray(happening.mail, around)
    return _open(happening, around)


# --- mail that is no request


def _is_no_request(mail: Mail) -> bool:
    reading = mail.reading
    if mail.own or mail.automation in NEVER_A_REQUEST:
        return True
    if not mail.whole or mail.forwarded is not None:
        return False
    return reading.certain and reading.kind in {
        Kind.SPAM,
        Kind.OTHER,
        Kind.AUTO_REPLY,
        Kind.BOUNCE,
    }


def _to_tray(mail: Mail, around: Circumstances) -> Decision:
    reason = (
        mail.reading.kind.value
        if mail.automation is Automation.NONE
        else mail.automation.value
    )
    filed = FileMessage(message_id=mail.id, place=Place.TRAY, reason=reason)
    if not _deserves_pointer(mail, around):
        return Decision(case=None, effects=(filed,))
    pointer = Send(post=Post(to=mail.sender, letters=(Letter.POINTER,)))
    return Decision(case=None, effects=(filed, pointer))


def _deserves_pointer(mail: Mail, around: Circumstances) -> bool:
    sent = around.automatic_today.get(mail.sender, 0)
    return (
        Automatic.POINTER in around.policy.automatic
        and mail.reading.kind is Kind.OTHER
        and mail.automation is Automation.NONE
        and mail.answerable
        and not mail.colleague
        and not _is_late(mail, around)
        and sent < around.policy.address_daily_cap
    )


def _is_late(mail: Mail, around: Circumstances) -> bool:
    return around.now - mail.received_at > around.policy.answer_within


# --- a new case


def _open(happening: MailArrived, around: Circumstances) -> Decision:
    mail = happening.mail
    desk = Desk(_new_case(happening, around), around)
    desk.record("case_opened", message=mail.id, model=mail.reading.model)
    desk.do(FileMessage(message_id=mail.id, place=Place.CASE))
    reason = happening.hold or _reason_to_hold(mail, around)
    if reason is not None:
        _hold_all(desk, mail, reason)
        return desk.decision()
    _begin(desk, mail)
    return desk.decision()


def _new_case(happening: MailArrived, around: Circumstances) -> Case:
    mail = happening.mail
    requester = mail.forwarded.address if mail.forwarded else mail.sender
    # Nobody found in a forwarded part may speak, or be written to, before a person
    # has confirmed who it is.
    participants = () if mail.forwarded or not requester else (requester,)
    reading = mail.reading
    return Case(
        id=next(around.ids),
        reference=happening.reference,
        requester=requester,
        participants=participants,
        opened_at=around.now,
        receipt=_receipt(mail),
        language=around.policy.language(reading.language),
        jurisdiction=reading.jurisdiction,
        agency=_agency(mail),
        thread=mail.thread,
        authenticated=mail.authenticated,
        linked=(mail.possible_case,) if mail.possible_case else (),
    )


def _receipt(mail: Mail) -> datetime:
    passed_on = mail.forwarded.date if mail.forwarded else None
    return min(passed_on, mail.received_at) if passed_on else mail.received_at


def _agency(mail: Mail) -> Agency | None:
    if Right.AGENT not in mail.reading.labels:
        return None
    return agency_of(mail.sender, mail.reading.mentioned)


def _reason_to_hold(mail: Mail, around: Circumstances) -> HoldReason | None:
    reasons = (
        (not mail.whole, HoldReason.OVERSIZE),
        (mail.forwarded is not None, HoldReason.COLLEAGUE),
        (mail.possible_case is not None, HoldReason.POSSIBLE_LINK),
        (mail.same_message_id, HoldReason.SAME_MESSAGE_ID),
        (_is_late(mail, around), HoldReason.LATE),
        (not mail.reading.certain or not mail.sender, HoldReason.UNCERTAIN),
        (not set(mail.reading.labels) - {Right.AGENT}, HoldReason.UNCERTAIN),
    )
    reason = next((why for applies, why in reasons if applies), None)
    if reason is None and _needs_answer(mail):
        if not mail.answerable:
            return HoldReason.UNANSWERABLE
        if not mail.authenticated and around.recent_cases:
            return HoldReason.REPEATED
    return reason


def _needs_answer(mail: Mail) -> bool:
    return set(mail.reading.labels) != {Right.OPT_OUT}


def _hold_all(desk: Desk, mail: Mail, reason: HoldReason) -> None:
    rights: list[Right | None] = [
        r for r in mail.reading.labels if r is not Right.AGENT
    ]
    held = [
        desk.add_request(
            right,
            Move.HOLD,
            desk.case.receipt,
            purposes=tuple(mail.reading.purposes.get(right, ())) if right else (),
            hold_reason=reason,
        )
        for right in rights or [None]
    ]
    desk.notice()
    if reason is HoldReason.LATE:
        desk.suppress_answer("late")
        return
    if _may_say_held(desk, mail, reason):
        ids = tuple(request.id for request in held)
        post = Post(to=mail.sender, letters=(Letter.HELD,), request_ids=ids)
        desk.case = replace(desk.case, acknowledged=desk.write(post))


def _may_say_held(desk: Desk, mail: Mail, reason: HoldReason) -> bool:
    return (
        Automatic.HELD in desk.around.policy.automatic
        and mail.answerable
        and mail.automation is Automation.NONE
        and mail.reading.kind not in {Kind.SPAM, Kind.AUTO_REPLY, Kind.BOUNCE}
        and reason
        not in {HoldReason.COLLEAGUE, HoldReason.REPEATED, HoldReason.BY_STAFF}
    )


# --- what a believed reading sets off


def _begin(desk: Desk, mail: Mail) -> None:
    """Begin each right of a reading on its way and answer with one mail.

    Rights that already have an open request are not begun again.
    """
    running = {request.right for request in desk.case.requests if request.is_open}
    begun = [
        _begin_right(desk, mail, right)
        for right in mail.reading.labels
        if right is not Right.AGENT and right not in running
    ]
    if not begun:
        desk.notice()
        return
    stopped = stop(desk, begun)
    if mail.answerable:
        first_answer(desk, begun, stopped)
    else:
        desk.suppress_answer("machine")
    if any(request.state is RequestState.HELD for request in begun):
        desk.notice()


def _begin_right(desk: Desk, mail: Mail, right: Right) -> Request:
    purposes = tuple(mail.reading.purposes.get(right, ()))
    move, reason = way_of(right, desk.case)
    return desk.add_request(
        right, move, mail.received_at, purposes=purposes, hold_reason=reason
    )


# --- mail in an existing case


def _join(case: Case, mail: Mail, around: Circumstances) -> Decision:
    desk = Desk(case, around)
    desk.do(FileMessage(message_id=mail.id, place=Place.CASE))
    if _is_machine(mail):
        desk.record("automatic_mail_filed", message=mail.id, kind=mail.automation.value)
        return desk.decision()
    desk.record("mail_joined", message=mail.id, kind=mail.reading.kind.value)
    desk.do(VoidApprovals())
    if mail.thread.message_id:
        desk.case = replace(desk.case, thread=mail.thread)
    if mail.authenticated:
        desk.case = replace(desk.case, authenticated=True)
    if not _proved(desk, mail):
        _hear(desk, mail)
    return desk.decision()


def _is_machine(mail: Mail) -> bool:
    return mail.automation is not Automation.NONE or mail.reading.kind in {
        Kind.AUTO_REPLY,
        Kind.BOUNCE,
    }


def _proved(desk: Desk, mail: Mail) -> bool:
    """Act on a code in the mail; False where there was none."""
    if mail.code is CodeCheck.NONE:
        return False
    if mail.code is CodeCheck.VALID and mail.challenge_id:
        give_proof(desk, mail.challenge_id, by="code")
        return True
    if mail.code is CodeCheck.WRONG:
        count_wrong_code(desk, mail.sender)
    elif mail.challenge_id:
        renew_expired(desk, mail.challenge_id)
    return True


def _hear(desk: Desk, mail: Mail) -> None:
    """Take in what a person adds to the conversation."""
    reading = mail.reading
    if _is_late(mail, desk.around):
        desk.suppress_answer("late")
    elif reading.certain and set(reading.labels) - {Right.AGENT}:
        _begin(desk, mail)
        return
    elif reading.certain and reading.kind in {Kind.OTHER, Kind.SPAM}:
        desk.notice()
        return
    if not desk.case.is_open:
        desk.add_request(
            None, Move.HOLD, mail.received_at, hold_reason=HoldReason.NEW_MAIL
        )
    desk.notice()

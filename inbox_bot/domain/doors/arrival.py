"""A mail arrives: it joins its case, opens one, or goes into the tray.

Sources: rules.md sections 5 and 6; RFC 3834; 11 CCR §7026 (an opt-out waits for
nothing).
"""

from dataclasses import replace

from inbox_bot.domain.authorization import agency_of
from inbox_bot.domain.case import Agency, Case, HoldReason
from inbox_bot.domain.circumstances import Automatic, Circumstances
from inbox_bot.domain.doors.desk import Desk
from inbox_bot.domain.doors.hearing import (
    begin,
    hold,
    is_late,
    new_rights,
    receipt_of,
    silence_of,
    stop_unheld,
)
from inbox_bot.domain.doors.joining import MACHINES, NEVER_A_REQUEST, join
from inbox_bot.domain.doors.rights import first_answer, stop
from inbox_bot.domain.effects import Decision, FileMessage, Letter, Place, Post, Send
from inbox_bot.domain.happenings import Mail, MailArrived
from inbox_bot.domain.message import Automation
from inbox_bot.domain.reading import Kind, Right

NO_GATE = frozenset(
    {
        HoldReason.POSSIBLE_LINK,
        HoldReason.SAME_MESSAGE_ID,
        HoldReason.UNANSWERABLE,
        HoldReason.REPEATED,
    }
)
"""Reasons that keep a mail from being answered or joined, never an opt-out waiting."""

UNANSWERED = frozenset({HoldReason.LATE, HoldReason.UNANSWERABLE, HoldReason.REPEATED})
"""Reasons for which the answer that a request deserves does not leave."""


def arrive(
    case: Case | None, happening: MailArrived, around: Circumstances
) -> Decision:
    """Decide about an arrived mail, for its case or for none yet."""
    if case is not None:
        return join(case, happening.mail, around)
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
    if mail.automation is not Automation.NONE and reading.kind in MACHINES:
        return True
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
        and not is_late(mail, around)
        and sent < around.policy.address_daily_cap
    )


# --- a new case


def _open(happening: MailArrived, around: Circumstances) -> Decision:
    mail = happening.mail
    reason = happening.hold or _reason_to_hold(mail, around)
    repeated = reason is HoldReason.REPEATED
    silence = "repeated" if repeated else silence_of(mail, around)
    desk = Desk(_new_case(happening, around), around, silence=silence)
    desk.record("case_opened", message=mail.id, model=mail.reading.model)
    desk.do(FileMessage(message_id=mail.id, place=Place.CASE))
    if reason is None:
        begin(desk, mail)
    else:
        _hold_all(desk, mail, reason)
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
        receipt=receipt_of(mail),
        language=around.policy.language(reading.language),
        jurisdiction=reading.jurisdiction,
        agency=_agency(mail),
        thread=mail.thread,
        authenticated=mail.authenticated,
        linked=(mail.possible_case,) if mail.possible_case else (),
    )


def _agency(mail: Mail) -> Agency | None:
    if Right.AGENT not in mail.reading.labels:
        return None
    return agency_of(mail.sender, mail.reading.mentioned)


def _reason_to_hold(mail: Mail, around: Circumstances) -> HoldReason | None:
    certain = mail.reading.certain and mail.sender
    asks = set(mail.reading.labels) - {Right.AGENT}
    reasons = (
        (not mail.whole, HoldReason.OVERSIZE),
        (mail.forwarded is not None, HoldReason.COLLEAGUE),
        (mail.possible_case is not None, HoldReason.POSSIBLE_LINK),
        (mail.same_message_id, HoldReason.SAME_MESSAGE_ID),
        (is_late(mail, around), HoldReason.LATE),
        (not certain or not asks, HoldReason.UNCERTAIN),
        (silence_of(mail, around), HoldReason.UNANSWERABLE),
        (around.recent_cases and not mail.authenticated, HoldReason.REPEATED),
    )
    return next((why for applies, why in reasons if applies), None)


def _hold_all(desk: Desk, mail: Mail, reason: HoldReason) -> None:
    rights = new_rights(desk, mail)
    done = stop_unheld(desk, mail, rights) if reason in NO_GATE else []
    left = [right for right in rights if not (done and right is Right.OPT_OUT)]
    held = hold(desk, mail, left or ([] if done else [None]), reason)
    desk.notice()
    if done:
        first_answer(desk, done, stop(desk, done))
    elif reason in UNANSWERED:
        desk.suppress_answer(desk.silence)
    elif _may_say_held(desk, mail, reason):
        ids = tuple(request.id for request in held)
        post = Post(to=mail.sender, letters=(Letter.HELD,), request_ids=ids)
        desk.case = replace(desk.case, acknowledged=desk.write(post))


def _may_say_held(desk: Desk, mail: Mail, reason: HoldReason) -> bool:
    return (
        Automatic.HELD in desk.around.policy.automatic
        and not desk.silence
        and mail.reading.kind not in {Kind.SPAM, Kind.AUTO_REPLY, Kind.BOUNCE}
        and reason not in {HoldReason.COLLEAGUE, HoldReason.BY_STAFF}
    )

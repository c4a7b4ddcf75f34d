"""What a mail asks for, heard in a new case or an existing one: begun, held, stopped.

One incoming mail sets off at most one outgoing one. Machines are never answered.
Sources: rules.md sections 5 and 6; RFC 3834; 11 CCR §7026 (an opt-out waits for
nothing).
"""

from collections.abc import Sequence
from datetime import datetime

from inbox_bot.domain.authorization import opt_out_addresses
from inbox_bot.domain.case import HoldReason, Request, RequestState
from inbox_bot.domain.circumstances import Circumstances
from inbox_bot.domain.doors.desk import Desk
from inbox_bot.domain.doors.rights import first_answer, stop, way_of
from inbox_bot.domain.happenings import Mail
from inbox_bot.domain.message import Automation
from inbox_bot.domain.reading import Right
from inbox_bot.domain.transitions import Move

HELD_IN_SILENCE = {"late": HoldReason.LATE, "machine": HoldReason.UNANSWERABLE}
"""Why a request is held whose first answer may not be sent by machine."""


def is_late(mail: Mail, around: Circumstances) -> bool:
    """Whether a mail was so old when first seen that only a person may answer."""
    return around.now - mail.received_at > around.policy.answer_within


def silence_of(mail: Mail, around: Circumstances) -> str:
    """Tell why this mail may not be answered by machine; "" where it may."""
    if is_late(mail, around):
        return "late"
    if not mail.answerable or mail.automation is not Automation.NONE:
        return "machine"
    return ""


def receipt_of(mail: Mail) -> datetime:
    """Give the first receipt: a colleague's, where one passed the mail on."""
    passed_on = mail.forwarded.date if mail.forwarded else None
    return min(passed_on, mail.received_at) if passed_on else mail.received_at


def new_rights(desk: Desk, mail: Mail) -> list[Right]:
    """Give the rights a mail names, without those that have an open request."""
    running = {request.right for request in desk.case.requests if request.is_open}
    labels = mail.reading.labels
    return [r for r in labels if r is not Right.AGENT and r not in running]


def begin(desk: Desk, mail: Mail) -> None:
    """Begin each new right of a believed reading and answer with one mail."""
    begun = [_begin_right(desk, mail, right) for right in new_rights(desk, mail)]
    stopped = stop(desk, begun)
    if begun and desk.silence:
        desk.suppress_answer(desk.silence)
    elif begun:
        first_answer(desk, begun, stopped)
    if not begun or any(r.state is RequestState.HELD for r in begun):
        desk.notice()


def _begin_right(desk: Desk, mail: Mail, right: Right) -> Request:
    move, reason = way_of(right, desk.case)
    waits = desk.silence and move is not Move.FULFIL
    if waits or desk.silence == "late":
        # Whoever can't be asked by machine would wait for a question for ever.
        move, reason = Move.HOLD, HELD_IN_SILENCE[desk.silence]
    return _add(desk, mail, right, move, reason)


def hold(
    desk: Desk, mail: Mail, rights: Sequence[Right | None], reason: HoldReason
) -> tuple[Request, ...]:
    """Hold rights for a person, since their receipt."""
    return tuple(_add(desk, mail, right, Move.HOLD, reason) for right in rights)


def stop_unheld(desk: Desk, mail: Mail, rights: Sequence[Right]) -> list[Request]:
    """Fulfil a believed opt-out although the rest of its mail waits for a person."""
    believed = mail.reading.certain and mail.sender and not is_late(mail, desk.around)
    if Right.OPT_OUT not in rights or not believed or not opt_out_addresses(desk.case):
        return []
    return [_add(desk, mail, Right.OPT_OUT, Move.FULFIL, None)]


def _add(
    desk: Desk, mail: Mail, right: Right | None, move: Move, reason: HoldReason | None
) -> Request:
    return desk.add_request(
        right,
        move,
        receipt_of(mail),
        purposes=tuple(mail.reading.purposes.get(right, ())) if right else (),
        hold_reason=reason,
    )

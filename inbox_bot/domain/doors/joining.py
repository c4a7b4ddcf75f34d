"""A mail in its existing case: filed, taken as proof, or heard.

Automatic mail changes nothing, but what headers alone call automatic is looked at: a
request sent by machine is a request (labels.md, rule 12).
"""

from dataclasses import replace

from inbox_bot.domain.case import Case, HoldReason
from inbox_bot.domain.circumstances import Circumstances
from inbox_bot.domain.doors.desk import Desk
from inbox_bot.domain.doors.hearing import (
    begin,
    hold,
    new_rights,
    silence_of,
    stop_unheld,
)
from inbox_bot.domain.doors.proofs import count_wrong_code, give_proof, renew_expired
from inbox_bot.domain.doors.rights import stop
from inbox_bot.domain.effects import (
    Decision,
    FileMessage,
    Letter,
    Place,
    VoidApprovals,
)
from inbox_bot.domain.happenings import Mail
from inbox_bot.domain.message import Automation
from inbox_bot.domain.reading import Kind, Right
from inbox_bot.domain.verification import CodeCheck

MACHINES = frozenset({Kind.AUTO_REPLY, Kind.BOUNCE})
"""Kinds of mail that no person wrote; believed at once where the headers agree."""

NEVER_A_REQUEST = frozenset(
    {Automation.BOUNCE, Automation.FEEDBACK, Automation.DISPOSITION}
)
"""Automation whose text is never a person's wish (labels.md, rule 12)."""


def join(case: Case, mail: Mail, around: Circumstances) -> Decision:
    """Take in a mail that belongs to a case."""
    desk = Desk(case, around, silence=silence_of(mail, around))
    desk.do(FileMessage(message_id=mail.id, place=Place.CASE))
    if _is_automatic(mail):
        _file(desk, mail)
        return desk.decision()
    desk.record("mail_joined", message=mail.id, kind=mail.reading.kind.value)
    desk.do(VoidApprovals())
    if mail.thread.message_id:
        desk.case = replace(desk.case, thread=mail.thread)
    if mail.authenticated:
        desk.case = replace(desk.case, authenticated=True)
    if _proved(desk, mail):
        _hear_beside(desk, mail)
    else:
        _hear(desk, mail)
    return desk.decision()


def _is_automatic(mail: Mail) -> bool:
    if mail.automation in NEVER_A_REQUEST or mail.reading.kind in MACHINES:
        return True
    asks = mail.reading.certain and set(mail.reading.labels) - {Right.AGENT}
    return mail.automation is not Automation.NONE and not asks


def _file(desk: Desk, mail: Mail) -> None:
    """File automatic mail; a person looks where headers and words don't agree."""
    desk.record("automatic_mail_filed", message=mail.id, kind=mail.automation.value)
    reading, headers = mail.reading, mail.automation is not Automation.NONE
    agreed = reading.kind in MACHINES and (headers or reading.certain)
    if mail.automation not in NEVER_A_REQUEST and not agreed:
        desk.notice()


def _proved(desk: Desk, mail: Mail) -> bool:
    """Act on a code in the mail; False where there was none to act on."""
    match mail.code:
        case CodeCheck.VALID:
            give_proof(desk, mail.challenge_id or "", by="code")
        case CodeCheck.EXPIRED:
            renew_expired(desk, mail.challenge_id or "")
        case CodeCheck.WRONG:
            count_wrong_code(desk, mail.sender)
        case CodeCheck.GUESS:
            count_wrong_code(desk, mail.sender, answered=False)
            return False
        case CodeCheck.NONE:
            return False
    return True


def _hear(desk: Desk, mail: Mail) -> None:
    """Take in what a person adds to the conversation."""
    reading = mail.reading
    if reading.certain and set(reading.labels) - {Right.AGENT}:
        begin(desk, mail)
        return
    if not reading.certain or reading.kind not in {Kind.OTHER, Kind.SPAM}:
        # What only may be a request has a clock all the same.
        unsure = new_rights(desk, mail)
        nothing = [] if desk.case.is_open else [None]
        hold(desk, mail, unsure or nothing, HoldReason.NEW_MAIL)
    desk.notice()


def _hear_beside(desk: Desk, mail: Mail) -> None:
    """Take in what stood beside a code: the one answer was about the code."""
    rights = new_rights(desk, mail)
    done = stop_unheld(desk, mail, rights)
    if done:
        stop(desk, done)
        desk.suppress_answer("one_mail", (Letter.OPT_OUT_DONE,))
    left = [right for right in rights if not (done and right is Right.OPT_OUT)]
    if left:
        hold(desk, mail, left, HoldReason.NEW_MAIL)
        desk.notice()

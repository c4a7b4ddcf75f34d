"""`decide`: the one place where a case changes.

Mail, people and time come in as happenings; out go the next case and the effects to
perform. The rules stand in the modules named for each door; nothing is done here.
"""

from inbox_bot.domain.case import Case
from inbox_bot.domain.circumstances import Circumstances
from inbox_bot.domain.doors import agents, answers, proofs, timing
from inbox_bot.domain.doors.arrival import arrive
from inbox_bot.domain.effects import Decision
from inbox_bot.domain.happenings import (
    AnswerSent,
    ClosedByStaff,
    DraftApproved,
    DraftRejected,
    DraftSaved,
    Happening,
    Identified,
    MailArrived,
    MailUndelivered,
    PermissionAccepted,
    ProofGiven,
    Seen,
    TimerFired,
)
from inbox_bot.errors import RefusalError


def decide(  # noqa: C901, PLR0911, PLR0912 - one line for each member of the union
    case: Case | None, happening: Happening, around: Circumstances
) -> Decision:
    """Decide what a happening makes of a case (None: there is no case yet).

    Raises IllegalMoveError or RefusalError where a person asked for what can't be
    done; nothing has changed then.
    """
    if isinstance(happening, MailArrived):
        return arrive(case, happening, around)
    if case is None:
        raise RefusalError("Only a mail can open a case.")
    match happening:
        case ProofGiven():
            return proofs.prove(case, happening, around)
        case PermissionAccepted():
            return agents.accept_permission(case, happening, around)
        case Identified():
            return answers.identify(case, happening, around)
        case DraftSaved():
            return answers.save_draft(case, happening, around)
        case DraftApproved():
            return answers.approve_draft(case, happening, around)
        case DraftRejected():
            return answers.reject_draft(case, happening, around)
        case AnswerSent():
            return answers.note_sent(case, happening, around)
        case MailUndelivered():
            return answers.note_undelivered(case, happening, around)
        case TimerFired():
            return timing.fire(case, happening, around)
        case ClosedByStaff():
            return answers.close(case, happening, around)
        case Seen():
            return answers.see(case, happening, around)

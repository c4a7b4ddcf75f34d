"""What time brings, one pass: every due timer becomes a happening in its case."""

from dataclasses import dataclass
from datetime import timedelta

import structlog

from inbox_bot.domain.case import TimerKind
from inbox_bot.domain.happenings import TimerFired
from inbox_bot.errors import ConflictError, ForgottenError, RefusalError
from inbox_bot.services.execute import happen
from inbox_bot.services.house import House

log = structlog.get_logger()

BATCH = 200
LEASE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticked:
    """How many timers of each kind fired."""

    reminders: int = 0
    drafted: int = 0
    escalations: int = 0
    settled: int = 0


def tick(house: House, holder: str) -> Ticked | None:
    """Let every due timer fire; None while another process does it."""
    now = house.clock.now()
    with house.unit_of_work() as uow:
        mine = uow.leases.take("tick", holder, now=now, until=now + LEASE)
        uow.commit()
    if not mine:
        return None
    try:
        return _pass(house)
    finally:
        with house.unit_of_work() as uow:
            uow.leases.release("tick", holder)
            uow.commit()


def _pass(house: House) -> Ticked:
    fired: list[TimerKind] = []
    done: set[str] = set()
    while left := [id_ for id_ in _due(house, len(done)) if id_ not in done]:
        for case_id in left:
            fired += _fire_safely(house, case_id)
        done |= set(left)
    return Ticked(
        reminders=fired.count(TimerKind.REMIND_REQUESTER)
        + fired.count(TimerKind.REMIND_STAFF),
        drafted=fired.count(TimerKind.GIVE_UP_PROOF),
        escalations=fired.count(TimerKind.ESCALATE),
        settled=fired.count(TimerKind.SETTLE),
    )


def _due(house: House, done: int) -> tuple[str, ...]:
    """Give due cases: a batch beyond those that were done and may still be due."""
    with house.unit_of_work() as uow:
        return uow.cases.due(house.clock.now(), limit=BATCH + done)


def _fire_safely(house: House, case_id: str) -> list[TimerKind]:
    """Fire one case's timers so that its trouble never stops the next."""
    try:
        return _fire_all(house, case_id)
    except ConflictError:
        # Somebody works on the case right now; its timers are due again next time.
        log.info("timer_postponed", case=case_id)
    except (ForgottenError, RefusalError):
        log.exception("timer_failed", case=case_id)
    return []


def _fire_all(house: House, case_id: str) -> list[TimerKind]:
    """Fire the due timers of one case, in order, in one commit."""
    fired = []
    now = house.clock.now()
    with house.unit_of_work() as uow:
        case = uow.cases.get(case_id)
        for timer in sorted(case.timers, key=lambda timer: timer.at):
            if timer.at > now or timer not in case.timers:
                continue
            case = happen(house, uow, case, TimerFired(timer=timer))
            case = uow.cases.get(case_id)
            fired.append(timer.kind)
        uow.commit()
    return fired

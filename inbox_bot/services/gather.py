"""Gathers what `decide` may know, inside the transaction that will carry it out."""

from collections.abc import Iterator

from inbox_bot.domain.case import Case
from inbox_bot.domain.circumstances import Circumstances
from inbox_bot.ports import UnitOfWork
from inbox_bot.services.house import House


def circumstances(
    house: House, uow: UnitOfWork, case: Case | None = None, sender: str = ""
) -> Circumstances:
    """Gather the circumstances of a happening in a case, or of a new mail's sender."""
    now = house.clock.now()
    addresses = {sender, *_addresses(case)} - {""}
    since = now - house.policy.cap_window
    recent = 0
    if case is None and sender:
        recent = uow.cases.recent_of(sender, now - house.policy.repeat_window)
    return Circumstances(
        now=now,
        policy=house.policy,
        holidays=house.calendars.holidays(now.year),
        zones=house.company.zones,
        ids=_fresh_ids(house),
        automatic_today={
            address: uow.outbox.automatic_to(address, since) for address in addresses
        },
        recent_cases=recent,
    )


def _addresses(case: Case | None) -> set[str]:
    if case is None:
        return set()
    return {
        case.requester,
        *case.participants,
        *(challenge.address for challenge in case.challenges),
    }


def _fresh_ids(house: House) -> Iterator[str]:
    while True:
        yield house.randomness.new_id()

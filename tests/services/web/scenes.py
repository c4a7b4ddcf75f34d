"""Scenes that several tests of the pages begin with."""

from dataclasses import replace

from inbox_bot.domain.effects import Place
from inbox_bot.domain.records import InboundContent, InboundState
from inbox_bot.services import queries
from tests.world import OLA


def in_quarantine(world):
    """A message that failed three times, with nothing read of it."""
    world.mail("the invoice again", sender=OLA, subject="Secret invoice")
    world.poll()
    message = queries.in_place(world.house, Place.TRAY)[0]
    broken = replace(
        message,
        state=InboundState.QUARANTINED,
        place=Place.QUARANTINE,
        reason="failed",
        content=InboundContent(),
    )
    with world.house.unit_of_work() as uow:
        uow.inbound.save(broken)
        uow.commit()
    return broken

"""How often what time brings is looked at: APScheduler wakes use cases, no more.

Which process does the work is settled by the lease inside `tick`, so that two
schedulers on one database don't do it twice.
"""

from apscheduler.schedulers.background import BackgroundScheduler

from inbox_bot.services.house import House
from inbox_bot.services.timers import tick
from inbox_bot.workers import Signals


def make_scheduler(
    house: House, signals: Signals, *, holder: str, tick_seconds: int
) -> BackgroundScheduler:
    """Give the scheduler of one process, not started yet."""

    def wake() -> None:
        if tick(house, holder) is not None:
            signals.mail_out.set()

    scheduler = BackgroundScheduler(timezone="UTC")
    scheduler.add_job(
        wake, "interval", seconds=tick_seconds, coalesce=True, max_instances=1
    )
    return scheduler

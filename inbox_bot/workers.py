"""The threads of `run`: one watches each folder, one processes, one dispatches.

They only call use cases, again and again, and wait; what is done is decided there.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception_type,
    sleep_using_event,
    stop_when_event_set,
    wait_exponential_jitter,
)

from inbox_bot.errors import InboxBotError, UnreachableError
from inbox_bot.ports import Mailbox, Mailboxes, Transport
from inbox_bot.services.dispatch import dispatch
from inbox_bot.services.house import House
from inbox_bot.services.intake import fetch, process
from inbox_bot.services.polling import Watch, connect, notice, tidy

log = structlog.get_logger()

LONGEST_BACKOFF = 300.0
SHORT_WAIT = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Signals:
    """How the threads wake one another and end."""

    stop: threading.Event = field(default_factory=threading.Event)
    mail_in: threading.Event = field(default_factory=threading.Event)
    mail_out: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pauses:
    """The longest time between two looks, in seconds."""

    poll: float
    dispatch: float


def start(
    house: House,
    mailboxes: Mailboxes,
    transport: Transport,
    watch: Watch,
    pauses: Pauses,
    signals: Signals,
) -> list[threading.Thread]:
    """Start every thread; they end soon after `signals.stop` is set."""

    def watcher(folder: str) -> Callable[[], None]:
        return lambda: _watch(house, mailboxes, watch, folder, pauses, signals)

    loops = {f"watch {folder}": watcher(folder) for folder in watch.folders}
    loops["process"] = lambda: _process(house, pauses, signals)
    loops["dispatch"] = lambda: _dispatch(house, transport, pauses, signals)
    threads = [
        threading.Thread(
            target=_run, args=(house, name, loop, signals), name=name, daemon=True
        )
        for name, loop in loops.items()
    ]
    for thread in threads:
        thread.start()
    return threads


def _run(
    house: House, name: str, loop: Callable[[], None], signals: Signals
) -> None:
    """Run a loop until it is told to stop; trouble outside is retried with backoff."""

    def note(state: RetryCallState) -> None:
        error = state.outcome.exception() if state.outcome else None
        log.warning("worker_retries", worker=name, error=type(error).__name__)

    for attempt in Retrying(
        retry=retry_if_exception_type(InboxBotError),
        wait=wait_exponential_jitter(initial=1, max=LONGEST_BACKOFF),
        sleep=sleep_using_event(signals.stop),
        stop=stop_when_event_set(signals.stop),
        before_sleep=note,
        retry_error_callback=lambda _: None,
    ):
        with attempt:
            loop()


def _watch(
    house: House,
    mailboxes: Mailboxes,
    watch: Watch,
    folder: str,
    pauses: Pauses,
    signals: Signals,
) -> None:
    """Watch one folder over one connection, until it is lost or we stop."""
    mailbox = connect(house, mailboxes)
    try:
        while not signals.stop.is_set():
            if fetch(house, mailbox, folder).accepted:
                signals.mail_in.set()
            notice(house, f"mailbox.{folder}", "ok")
            tidy(house, mailbox, folder, watch)
            _wait(mailbox, folder, pauses, signals)
    except UnreachableError:
        notice(house, f"mailbox.{folder}", "lost")
        raise
    finally:
        mailbox.close()


def _wait(mailbox: Mailbox, folder: str, pauses: Pauses, signals: Signals) -> None:
    """Wait for a hint or the next poll, in short steps so that stopping is quick."""
    left = pauses.poll
    while left > 0 and not signals.stop.is_set():
        if mailbox.wait(folder, min(left, SHORT_WAIT)):
            return
        left -= SHORT_WAIT


def _process(house: House, pauses: Pauses, signals: Signals) -> None:
    while not signals.stop.is_set():
        signals.mail_in.clear()
        while process(house) is not None and not signals.stop.is_set():
            signals.mail_out.set()
        signals.mail_in.wait(pauses.poll)


def _dispatch(
    house: House, transport: Transport, pauses: Pauses, signals: Signals
) -> None:
    while not signals.stop.is_set():
        signals.mail_out.clear()
        while dispatch(house, transport).claimed and not signals.stop.is_set():
            continue
        notice(house, "outbox", "ok")
        signals.mail_out.wait(pauses.dispatch)

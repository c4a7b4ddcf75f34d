"""The threads of `run`: one watches each folder, one processes, one dispatches.

They only call use cases, again and again, and wait; what is done is decided there.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from time import monotonic

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Workers:
    """The threads of one process with what they work on."""

    house: House
    mailboxes: Mailboxes
    transport: Transport
    watch: Watch
    pauses: Pauses
    signals: Signals

    def start(self) -> list[threading.Thread]:
        """Start every thread; they end soon after `signals.stop` is set."""
        loops: dict[str, Callable[[], None]] = {
            f"watch {folder}": partial(self._watch, folder)
            for folder in self.watch.folders
        }
        loops |= {"process": self._process, "dispatch": self._dispatch}
        threads = [
            threading.Thread(
                target=self._run, args=(name, loop), name=name, daemon=True
            )
            for name, loop in loops.items()
        ]
        for thread in threads:
            thread.start()
        return threads

    def _run(self, name: str, loop: Callable[[], None]) -> None:
        """Run a loop until we stop; trouble outside is retried with backoff."""
        healthy = False
        try:
            for attempt in self._attempts(name):
                with attempt:
                    began = monotonic()
                    try:
                        loop()
                    finally:
                        # After a steady run the next pause is short again.
                        if monotonic() - began > LONGEST_BACKOFF:
                            attempt.retry_state.attempt_number = 1
            healthy = True
        finally:
            if not healthy:
                notice(self.house, f"worker.{name}", "died")

    def _attempts(self, name: str) -> Retrying:
        def note(state: RetryCallState) -> None:
            error = state.outcome.exception() if state.outcome else None
            log.warning("worker_retries", worker=name, error=type(error).__name__)

        return Retrying(
            retry=retry_if_exception_type(InboxBotError),
            wait=wait_exponential_jitter(initial=1, max=LONGEST_BACKOFF),
            sleep=sleep_using_event(self.signals.stop),
            stop=stop_when_event_set(self.signals.stop),
            before_sleep=note,
            retry_error_callback=lambda _: None,
        )

    def _watch(self, folder: str) -> None:
        """Watch one folder over one connection, until it is lost or we stop."""
        mailbox = connect(self.house, self.mailboxes)
        try:
            while not self.signals.stop.is_set():
                if fetch(self.house, mailbox, folder).accepted:
                    self.signals.mail_in.set()
                notice(self.house, f"mailbox.{folder}", "ok")
                tidy(self.house, mailbox, folder, self.watch)
                self._wait(mailbox, folder)
        except UnreachableError:
            notice(self.house, f"mailbox.{folder}", "lost")
            raise
        finally:
            mailbox.close()

    def _wait(self, mailbox: Mailbox, folder: str) -> None:
        """Wait for a hint or the next poll, in steps so that stopping is quick."""
        left = self.pauses.poll
        while left > 0 and not self.signals.stop.is_set():
            if mailbox.wait(folder, min(left, SHORT_WAIT)):
                return
            left -= SHORT_WAIT

    def _process(self) -> None:
        signals = self.signals
        while not signals.stop.is_set():
            signals.mail_in.clear()
            while process(self.house) is not None and not signals.stop.is_set():
                signals.mail_out.set()
            signals.mail_in.wait(self.pauses.poll)

    def _dispatch(self) -> None:
        signals = self.signals
        while not signals.stop.is_set():
            signals.mail_out.clear()
            while (
                dispatch(self.house, self.transport).claimed
                and not signals.stop.is_set()
            ):
                continue
            notice(self.house, "outbox", "ok")
            signals.mail_out.wait(self.pauses.dispatch)

"""The threads of `run`: one watches each folder, one processes, one dispatches.

They only call use cases, again and again, and wait; what is done is decided there.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import partial

import structlog
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception_type,
    sleep_using_event,
    stop_when_event_set,
    wait_exponential_jitter,
)

from inbox_bot.errors import InboxBotError, SettingsError, UnreachableError
from inbox_bot.ports import Mailbox, Mailboxes, Transport
from inbox_bot.services.dispatch import dispatch
from inbox_bot.services.house import House
from inbox_bot.services.intake import fetch
from inbox_bot.services.polling import Watch, connect, notice, tidy
from inbox_bot.services.processing import process

log = structlog.get_logger()

Loop = Callable[[Callable[[], None]], None]
"""Works until we stop; calls what it is given after each round that went well."""

LONGEST_BACKOFF = 300.0
SHORT_WAIT = 20.0

WATCHER = "watch "
"""How the names of the threads begin that watch a folder."""

FINISH_SECONDS = 30.0
LEAVE_SECONDS = 2.0
"""How long the end waits for work under way, and for one who may only be waiting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signals:
    """How the threads wake one another and end."""

    stop: threading.Event = field(default_factory=threading.Event)
    mail_in: threading.Event = field(default_factory=threading.Event)
    mail_out: threading.Event = field(default_factory=threading.Event)

    def end(self) -> None:
        """Tell every thread to end, those that wait as well."""
        for event in (self.stop, self.mail_in, self.mail_out):
            event.set()


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
        loops: dict[str, Loop] = {
            f"{WATCHER}{folder}": partial(self._watch, folder)
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

    def _run(self, name: str, loop: Loop) -> None:
        """Run a loop until we stop; trouble outside is retried with backoff."""
        healthy = False
        try:
            for attempt in self._attempts(name):
                with attempt:
                    notice(self.house, f"worker.{name}", "ok")
                    loop(partial(_begin_anew, attempt.retry_state))
            healthy = True
        finally:
            if not healthy:
                notice(self.house, f"worker.{name}", "died")

    def _attempts(self, name: str) -> Retrying:
        def note(state: RetryCallState) -> None:
            error = state.outcome.exception() if state.outcome else None
            # Our own errors name settings and never quote a mail.
            log.warning(
                "worker_retries",
                worker=name,
                error=type(error).__name__,
                reason=str(error),
                seconds=round(state.upcoming_sleep, 1),
            )

        return Retrying(
            retry=retry_if_exception_type(InboxBotError),
            wait=wait_exponential_jitter(initial=1, max=LONGEST_BACKOFF),
            sleep=sleep_using_event(self.signals.stop),
            stop=stop_when_event_set(self.signals.stop),
            before_sleep=note,
            retry_error_callback=lambda _: None,
        )

    @contextmanager
    def _noting(self, name: str) -> Iterator[None]:
        """Note for the health page where something outside is in trouble."""
        try:
            yield
        except UnreachableError:
            notice(self.house, name, "lost")
            raise
        except SettingsError:
            notice(self.house, name, "refused")
            raise

    def _watch(self, folder: str, well: Callable[[], None]) -> None:
        """Watch one folder over one connection, until it is lost or we stop."""
        name = f"mailbox.{folder}"
        with (
            self._noting(name),
            closing(connect(self.house, self.mailboxes)) as mailbox,
        ):
            while not self.signals.stop.is_set():
                if fetch(self.house, mailbox, folder).accepted:
                    self.signals.mail_in.set()
                notice(self.house, name, "ok")
                tidy(self.house, mailbox, folder, self.watch)
                well()
                self._wait(mailbox, folder)

    def _wait(self, mailbox: Mailbox, folder: str) -> None:
        """Wait for a hint or the next poll, in steps so that stopping is quick."""
        left = self.pauses.poll
        while left > 0 and not self.signals.stop.is_set():
            if mailbox.wait(folder, min(left, SHORT_WAIT)):
                return
            left -= SHORT_WAIT

    def _process(self, well: Callable[[], None]) -> None:
        signals = self.signals
        while not signals.stop.is_set():
            signals.mail_in.clear()
            while process(self.house) is not None and not signals.stop.is_set():
                signals.mail_out.set()
            well()
            signals.mail_in.wait(self.pauses.poll)

    def _dispatch(self, well: Callable[[], None]) -> None:
        signals = self.signals
        with self._noting("outbox"):
            # Nothing may be due for hours: the health page must not wait for that.
            self.transport.check()
            while not signals.stop.is_set():
                signals.mail_out.clear()
                self._empty_outbox()
                notice(self.house, "outbox", "ok")
                well()
                signals.mail_out.wait(self.pauses.dispatch)

    def _empty_outbox(self) -> None:
        while not self.signals.stop.is_set():
            done = dispatch(self.house, self.transport)
            if done.retried:
                # Is the server away, or was it about the message?
                self.transport.check()
            if not done.claimed:
                return


def _begin_anew(state: RetryCallState) -> None:
    """After a round that went well the next pause is the shortest again."""
    state.attempt_number = 1


def join(threads: Sequence[threading.Thread]) -> None:
    """Wait until the threads have ended what they were doing.

    A watcher may stand in an IDLE that nothing but the server can end; it holds
    nothing that could be lost and is left behind.
    """
    for thread in threads:
        watches = thread.name.startswith(WATCHER)
        thread.join(LEAVE_SECONDS if watches else FINISH_SECONDS)

"""Sends finished messages over SMTP: implements the port Transport.

The one asynchronous place beside the web server: an event loop lives for one call, in
a thread of its own. Bytes are sent as given; retries and bookkeeping belong to
`services/dispatch`.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from queue import SimpleQueue

import aiosmtplib

from inbox_bot.adapters.credentials import Credential, Secret
from inbox_bot.adapters.endpoint import Endpoint
from inbox_bot.adapters.smtp_session import hang_up, log_in, lost, send
from inbox_bot.errors import InboxBotError, SettingsError
from inbox_bot.ports import Delivery, OutboundMail

# Providers allow few connections at once, and a privacy mailbox needs no more.
CONNECTIONS = 4


class SmtpTransport:
    """Sends over up to `connections` connections at once, each used again.

    No log-in where `secret` is None.
    """

    def __init__(
        self,
        *,
        endpoint: Endpoint,
        username: str = "",
        secret: Secret | None = None,
        connections: int = CONNECTIONS,
    ) -> None:
        self._endpoint = endpoint
        self._username = username
        self._secret = secret
        self._connections = connections

    def deliver(self, batch: Sequence[OutboundMail]) -> Iterator[Delivery]:
        """Send each message and yield each result as it comes, in any order.

        A message with several recipients goes to all of them or to none. Leaving the
        iterator early lets messages in flight finish and leaves the others unsent.
        """
        if not batch:
            return
        work = _Work(batch)
        results: SimpleQueue[Delivery | None] = SimpleQueue()
        sending = self._sending(work, results.put, self._credential())
        with ThreadPoolExecutor(max_workers=1, thread_name_prefix="smtp") as thread:
            done = thread.submit(asyncio.run, sending)
            done.add_done_callback(lambda _: results.put(None))
            try:
                while (result := results.get()) is not None:
                    yield result
                done.result()
            finally:
                work.stop.set()

    def check(self) -> None:
        """Connect, log in and hang up; raises UnreachableError or RefusedError."""
        credential = self._credential()

        async def greet() -> None:
            await hang_up(await self._connect(credential))

        with ThreadPoolExecutor(max_workers=1, thread_name_prefix="smtp") as thread:
            thread.submit(asyncio.run, greet()).result()

    def _credential(self) -> Credential | None:
        return self._secret() if self._secret else None

    async def _connect(self, credential: Credential | None) -> aiosmtplib.SMTP:
        return await log_in(self._endpoint, self._username, credential)

    async def _sending(
        self,
        work: "_Work",
        report: Callable[[Delivery], None],
        credential: Credential | None,
    ) -> None:
        workers = min(self._connections, len(work.waiting))
        ends = await asyncio.gather(
            *(self._work(work, report, credential) for _ in range(workers))
        )
        refusals = [end for end in ends if isinstance(end, SettingsError)]
        if work.waiting and refusals:
            raise refusals[0]
        # Each worker has lost its way to the server; nothing that is left was tried.
        while work.waiting and not work.stop.is_set():
            report(lost(work.waiting.popleft()))

    async def _work(
        self,
        work: "_Work",
        report: Callable[[Delivery], None],
        credential: Credential | None,
    ) -> InboxBotError | None:
        """Send what waits until nothing does, or tell why the server can't be used."""
        client: aiosmtplib.SMTP | None = None
        try:
            while work.waiting and not work.stop.is_set():
                if client is None or not client.is_connected:
                    client = await self._connect(credential)
                    if not work.waiting:
                        break
                with work.next() as mail:
                    report(await send(client, mail, self._endpoint))
        except InboxBotError as error:
            return error
        finally:
            if client is not None:
                await hang_up(client)
        return None


class _Work:
    """What the workers of one call share: messages that wait, and a wish to stop."""

    def __init__(self, batch: Sequence[OutboundMail]) -> None:
        self.waiting = deque(batch)
        self.stop = threading.Event()

    @contextmanager
    def next(self) -> Iterator[OutboundMail]:
        """Take the next message, and put it back where nothing was made of it."""
        mail = self.waiting.popleft()
        try:
            yield mail
        except InboxBotError:
            self.waiting.appendleft(mail)
            raise

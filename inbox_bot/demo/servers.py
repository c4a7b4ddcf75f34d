"""The demo's mail server: IMAP for the bot, SMTP for everybody, in one thread.

pymap keeps the bot's mailbox and aiosmtpd takes mail in, both on loopback, on ports
that the system gives, and both in one event loop. Nothing ever leaves the machine.
"""

import asyncio
import socket
import threading
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from weakref import WeakSet

from aiosmtpd.smtp import SMTP, Envelope, Session
from proxyprotocol.reader import ProxyProtocolReader
from pymap.backend.dict import Config, Login
from pymap.backend.dict.mailbox import MailboxSet
from pymap.imap import IMAPServer
from pymap.parsing.message import AppendMessage
from pymap.user import Passwords, UserMetadata
from typing_extensions import override

from inbox_bot.demo.border import stamp
from inbox_bot.demo.postboxes import PostBoxes
from inbox_bot.errors import UnreachableError

HOST = "127.0.0.1"
STARTING = 15.0
"""Seconds within which the servers must be up; a slow machine takes one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The bot's mailbox: its address and log-in, and where its bounces come back."""

    mailbox: str
    bounces: str
    password: str

    def owns(self, address: str) -> bool:
        """Whether mail to this address goes into the bot's mailbox, `+tag` or not."""
        local, _, domain = address.lower().rpartition("@")
        plain = f"{local.partition('+')[0]}@{domain}"
        return plain in {self.mailbox.lower(), self.bounces.lower()}


class _ImapConfig(Config):
    @property
    @override
    def greeting(self) -> bytes:
        # The library's own asks DNS for this machine's name.
        return b"demo mailbox ready"


class MailServer:
    """A running server; made by `running_server`."""

    def __init__(self, account: Account, now: Callable[[], datetime]) -> None:
        self.account = account
        self.boxes = PostBoxes()
        self.imap_port = 0
        self.smtp_port = 0
        self._now = now
        self._mailbox: MailboxSet | None = None
        self._sessions: WeakSet[SMTP] = WeakSet()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop = asyncio.Event()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="demo-mail", daemon=True)

    def start(self) -> None:
        """Start both servers; UnreachableError where they don't come up."""
        self._thread.start()
        if not self._ready.wait(STARTING) or not self.smtp_port:
            raise UnreachableError("The demo's mail servers did not start.")

    def stop(self) -> None:
        """Stop both servers and hang up on whoever is connected."""
        if self._loop is not None and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(STARTING)

    # --- in the servers' thread

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        imap, smtp = await self._start_imap(), await self._start_smtp()
        self.imap_port = imap.sockets[0].getsockname()[1]
        self.smtp_port = smtp.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        imap.close()
        smtp.close()
        for session in tuple(self._sessions):
            if session.transport is not None:
                session.transport.close()
        # One turn for the closed connections to say goodbye to their tasks.
        await asyncio.sleep(0)

    async def _start_imap(self) -> asyncio.Server:
        account = self.account
        arguments = Namespace(
            host=HOST,
            port=0,
            debug=False,
            cert=None,
            key=None,
            tls=False,
            passlib_cfg=None,
            proxy_protocol=None,
            demo_data=False,
            demo_user=account.mailbox,
            demo_password=account.password,
        )
        config = _ImapConfig.from_args(arguments)
        config.apply_context()
        login = await _log_in(config)
        async with login.demo_user_identity.new_session() as session:
            self._mailbox = session.mailbox_set
        server = IMAPServer(login, config)
        reader = ProxyProtocolReader(config.proxy_protocol)
        return await asyncio.start_server(reader.get_callback(server), sock=_listen())

    async def _start_smtp(self) -> asyncio.Server:
        loop = asyncio.get_running_loop()
        return await loop.create_server(self._session, sock=_listen())

    def _session(self) -> SMTP:
        session = SMTP(
            self, enable_SMTPUTF8=True, hostname="demo", loop=self._loop, ident="demo"
        )
        self._sessions.add(session)
        return session

    # --- hooks that aiosmtpd calls

    async def handle_DATA(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Keep a message for each of its receivers, whoever they are."""
        content = envelope.original_content or b""
        mail_from = envelope.mail_from or ""
        for to in dict.fromkeys(envelope.rcpt_tos):
            if self.account.owns(to):
                await self._append(content, mail_from)
            else:
                self.boxes.put(
                    to, content, mail_from=mail_from, received_at=self._now()
                )
        return "250 2.0.0 OK"

    async def _append(self, content: bytes, mail_from: str) -> None:
        now = self._now()
        raw = stamp(content, mail_from=mail_from, received_at=now)
        if self._mailbox is not None:
            inbox = await self._mailbox.get_mailbox("INBOX")
            await inbox.append(AppendMessage(raw, now))


async def _log_in(config: Config) -> Login:
    """Make the one account; `DictBackend.init` would bring a greeting of its own."""
    password = await Passwords(config).hash_password(config.demo_password)
    login = Login(config)
    user = UserMetadata(config, config.demo_user, password=password)
    await login.demo_user_identity.set(user)
    return login


def _listen() -> socket.socket:
    listening = socket.create_server((HOST, 0))
    # Answers of several short writes would each wait for the client's delayed ACK.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


@contextmanager
def running_server(
    account: Account, now: Callable[[], datetime]
) -> Iterator[MailServer]:
    """Run the servers for the length of a block; `now` gives an aware time."""
    server = MailServer(account, now)
    server.start()
    try:
        yield server
    finally:
        server.stop()

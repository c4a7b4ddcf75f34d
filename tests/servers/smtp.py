"""An SMTP server in a thread, scripted to accept, refuse, delay or hang up.

Built on aiosmtpd; what it accepted is kept as envelopes. Nothing is ever passed on.
"""

import base64
import ssl
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.servers.certificates import Certificates, make_certificates
from tests.servers.system import free_port

USERNAME = "bot@example.test"
PASSWORD = "correct horse"
TOKEN = "ya29.good-token"


class Wire(StrEnum):
    """How the peer protects the connection."""

    CLEAR = "clear"
    STARTTLS = "starttls"
    TLS = "tls"


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """One message the peer took over, with the bytes as they came off the wire."""

    mail_from: str
    rcpt_to: tuple[str, ...]
    content: bytes
    options: tuple[str, ...]
    connection: int


@dataclass(slots=True, kw_only=True)
class Script:
    """What the peer answers; a reply is a whole line, as "450 4.2.0 later".

    `hang_up_at` names a command after which the connection is cut: "MAIL", "RCPT",
    "RSET" or "DATA" (after the message was received, before it is answered).
    """

    mail: str = ""
    recipients: dict[str, str] = field(default_factory=dict)
    data: str = ""
    hang_up_at: str = ""
    hang_ups: int = 0
    log_in: str = ""


class Peer:
    """A running peer; tests read `accepted` and write `script`."""

    def __init__(self, wire: Wire, certificates: Certificates) -> None:
        self.host = "localhost"
        self.port = 0
        self.wire = wire
        self.certificates = certificates
        self.accepted: list[Accepted] = []
        self.script = Script()
        self._lock = threading.Lock()

    @property
    def ca_file(self) -> Path:
        return self.certificates.ca_file

    def reset(self) -> None:
        """Forget what was accepted and scripted."""
        self.accepted.clear()
        self.script = Script()

    # --- hooks that aiosmtpd calls, in the server's thread

    async def handle_MAIL(  # noqa: N802
        self,
        server: SMTP,
        _: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        if self._hung_up(server, "MAIL"):
            return "421 gone"
        if self.script.mail:
            return self.script.mail
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, _: Session, envelope: Envelope, address: str, __: list[str]
    ) -> str:
        if self._hung_up(server, "RCPT"):
            return "421 gone"
        if address in self.script.recipients:
            return self.script.recipients[address]
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, _: Session, envelope: Envelope
    ) -> str:
        if self._hung_up(server, "DATA"):
            return "421 gone"
        if self.script.data:
            return self.script.data
        accepted = Accepted(
            mail_from=(envelope.mail_from or "").replace("<>", ""),
            rcpt_to=tuple(envelope.rcpt_tos),
            content=envelope.original_content or b"",
            options=tuple(envelope.mail_options),
            connection=id(server),
        )
        with self._lock:
            self.accepted.append(accepted)
        return "250 2.0.0 OK"

    async def handle_RSET(  # noqa: N802
        self, server: SMTP, _: Session, __: Envelope
    ) -> str:
        return "421 gone" if self._hung_up(server, "RSET") else "250 2.0.0 OK"

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:  # noqa: N802
        """Check a token the way Google does, with the error as a challenge."""
        said = base64.b64decode(args[1]) if len(args) > 1 else b""
        wanted = f"user={USERNAME}\x01auth=Bearer {TOKEN}\x01\x01".encode()
        if said == wanted:
            return AuthResult(success=True, auth_data=USERNAME)
        await server.push("334 " + base64.b64encode(b'{"status":"401"}').decode())
        await server._reader.readline()  # noqa: SLF001
        return AuthResult(success=False, handled=False, message="535 5.7.8 no")

    def check_password(
        self, _: SMTP, __: Session, ___: Envelope, mechanism: str, data: object
    ) -> AuthResult:
        if self.script.log_in:
            return AuthResult(success=False, handled=False, message=self.script.log_in)
        good = LoginPassword(USERNAME.encode(), PASSWORD.encode())
        fits = data == good and mechanism in {"PLAIN", "LOGIN"}
        return AuthResult(success=fits, handled=False)

    def _hung_up(self, server: SMTP, command: str) -> bool:
        if self.script.hang_up_at != command:
            return False
        self.script.hang_ups += 1
        transport = server.transport
        if transport is not None:
            transport.abort()  # type: ignore[attr-defined]
        return True


class _Controller(Controller):
    """Protects connections as the peer is told to."""

    def __init__(self, peer: Peer, options: dict[str, object]) -> None:
        self._peer = peer
        context = peer.certificates.server_context()
        tls: ssl.SSLContext | None = context if peer.wire is Wire.TLS else None
        if peer.wire is Wire.STARTTLS:
            options |= {"tls_context": context, "require_starttls": True}
        super().__init__(
            peer,
            hostname="127.0.0.1",
            port=free_port(),
            ssl_context=tls,
            server_hostname="localhost",
            **options,  # type: ignore[arg-type]
        )


@contextmanager
def running_smtp(
    wire: Wire = Wire.CLEAR,
    *,
    log_in: bool = False,
    smtputf8: bool = True,
    names: tuple[str, ...] = (),
) -> Iterator[Peer]:
    """Start a peer; `log_in` wants USERNAME with PASSWORD or TOKEN, under STARTTLS.

    `names` are those in the certificate, loopback's by default.
    """
    with tempfile.TemporaryDirectory(prefix="smtp-") as folder:
        peer = Peer(wire, make_certificates(Path(folder), *names))
        options: dict[str, object] = {"enable_SMTPUTF8": smtputf8}
        if log_in:
            options |= {"auth_required": True, "authenticator": peer.check_password}
        controller = _Controller(peer, options)
        controller.start()
        peer.port = controller.port
        try:
            yield peer
        finally:
            controller.stop()

"""One SMTP connection: protected log-in, one mail transaction, and what came of it.

Which message goes when stands elsewhere. A server's words never leave this module, only
its codes: the words may quote an address.
"""

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import idna
from aiosmtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPException,
    SMTPRecipientRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)
from aiosmtplib.email import parse_address

from inbox_bot.adapters.credentials import Credential, CredentialKind
from inbox_bot.adapters.endpoint import Endpoint, Security
from inbox_bot.errors import InboxBotError, RefusedError
from inbox_bot.ports import Delivery, OutboundMail, Verdict

# The farewell is a courtesy: a server that keeps silent is left.
FAREWELL_SECONDS = 5.0

# RFC 3463, section 2, at the start of a reply's text (RFC 2034, section 4).
_ENHANCED_CODE = re.compile(r"[245]\.\d{1,3}\.\d{1,3}(?=\s|$)")
# RFC 4954, section 6: no transaction without a log-in or a better protected one.
_LOG_IN_WANTED = frozenset({530, 534, 535, 538})
_FIRST_PERMANENT = 500
_FIRST_TEMPORARY = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class _Envelope:
    """A message's envelope as it goes over the wire."""

    sender: str
    recipients: tuple[str, ...]
    utf8: bool


async def log_in(
    endpoint: Endpoint, username: str, credential: Credential | None
) -> SMTP:
    """Connect, protect the connection, and log in where there is a credential.

    UnreachableError where the server is away or busy; RefusedError where certificate,
    protection or log-in is refused.
    """
    clear = endpoint.security is Security.NONE
    client = SMTP(
        hostname=endpoint.host,
        port=endpoint.port,
        timeout=endpoint.timeout,
        use_tls=endpoint.security is Security.TLS,
        start_tls=endpoint.security is Security.STARTTLS,
        tls_context=None if clear else endpoint.tls_context(),
    )
    await _connect(client, endpoint)
    if credential is not None:
        try:
            await _authenticate(client, endpoint, username, credential)
        except InboxBotError:
            await hang_up(client)
            raise
    return client


async def hang_up(client: SMTP) -> None:
    """Say farewell and close; never raises."""
    with suppress(OSError, SMTPException):
        if client.is_connected:
            await client.quit(timeout=FAREWELL_SECONDS)
    client.close()


async def send(client: SMTP, mail: OutboundMail, endpoint: Endpoint) -> Delivery:
    """Carry out one mail transaction; all recipients are accepted or none.

    Reasons: the server's code, with the enhanced one if it gave one; "connection",
    "smtputf8" (an address needs it and the server lacks it), "address" (it can't be
    written on a command line). RefusedError where the server wants a log-in first.
    """
    try:
        envelope = _envelope(mail)
    except ValueError:
        return _delivery(mail, Verdict.PERMANENT, "address")
    try:
        if client.is_ehlo_or_helo_needed:
            await client.ehlo()
        if envelope.utf8 and not client.supports_extension("smtputf8"):
            return _delivery(mail, Verdict.PERMANENT, "smtputf8")
        await _transact(client, envelope, mail.content)
    except SMTPResponseException as error:
        await _reset(client)
        if isinstance(error, SMTPSenderRefused) and error.code in _LOG_IN_WANTED:
            raise _log_in_wanted(endpoint) from None
        return _judge(mail, error)
    except (OSError, SMTPException):
        client.close()
        return lost(mail)
    return _delivery(mail, Verdict.SENT)


def lost(mail: OutboundMail) -> Delivery:
    """Say that the connection was lost, or never made, before the server accepted."""
    return _delivery(mail, Verdict.TEMPORARY, "connection")


async def _connect(client: SMTP, endpoint: Endpoint) -> None:
    try:
        await client.connect()
    except SMTPConnectError as error:
        cause = error.__cause__
        if isinstance(cause, OSError):
            raise endpoint.failed(cause) from None
        raise endpoint.lost() from None
    except OSError as error:
        raise endpoint.failed(error) from None
    except SMTPResponseException:
        raise endpoint.unavailable() from None
    except SMTPException:
        # The library's only other complaint: no STARTTLS.
        raise endpoint.refused_security() from None


async def _authenticate(
    client: SMTP, endpoint: Endpoint, username: str, credential: Credential
) -> None:
    try:
        if client.is_ehlo_or_helo_needed:
            await client.ehlo()
        if credential.kind is CredentialKind.PASSWORD:
            await client.login(username, credential.value)
        elif "xoauth2" in client.server_auth_methods:
            await client.auth_xoauth2(username, credential.value)
        else:
            raise RefusedError(
                f"{endpoint.section}.token_command: {endpoint.address} takes no "
                f"token; it wants {endpoint.section}.password"
            )
    except OSError as error:
        raise endpoint.failed(error) from None
    except SMTPResponseException as error:
        if not isinstance(error, SMTPAuthenticationError) or _passing(error):
            raise endpoint.unavailable() from None
        raise endpoint.refused_log_in(credential) from None
    except SMTPException:
        raise RefusedError(
            f"{endpoint.section}.username: {endpoint.address} offers no log-in; "
            "leave it empty, or look at the port"
        ) from None


def _envelope(mail: OutboundMail) -> _Envelope:
    """Write the addresses for the wire; ValueError where one can't be."""
    sender = _wire_address(mail.mail_from) if mail.mail_from else ""
    recipients = tuple(_wire_address(address) for address in mail.rcpt_to)
    header = mail.content.partition(b"\r\n\r\n")[0]
    # RFC 6531, section 3.2: wanted by an address or by the header itself.
    utf8 = not (header.isascii() and "".join((sender, *recipients)).isascii())
    return _Envelope(sender=sender, recipients=recipients, utf8=utf8)


def _wire_address(address: str) -> str:
    """Turn the domain into A-labels, so that only a local part needs SMTPUTF8."""
    local, at, domain = address.rpartition("@")
    if not domain.isascii():
        address = local + at + idna.encode(domain, uts46=True).decode("ascii")
    # The library would quietly send to what it makes of "Kari <kari@…>".
    if not local or not address.isprintable() or parse_address(address) != address:
        raise ValueError("not an addr-spec")
    return address


async def _transact(client: SMTP, envelope: _Envelope, content: bytes) -> None:
    encoding = "utf-8" if envelope.utf8 else "ascii"
    options = _options(client, content, utf8=envelope.utf8)
    await client.mail(envelope.sender, options=options, encoding=encoding)
    refused: list[SMTPRecipientRefused] = []
    for recipient in envelope.recipients:
        try:
            await client.rcpt(recipient, encoding=encoding)
        except SMTPRecipientRefused as error:
            refused.append(error)
    if refused:
        # Sent to some only, another attempt would reach those twice.
        raise max(refused, key=lambda error: error.code)
    await client.data(content)


def _options(client: SMTP, content: bytes, *, utf8: bool) -> Sequence[str]:
    options = []
    if client.supports_extension("size"):
        options.append(f"SIZE={len(content)}")
    if client.supports_extension("8bitmime") and not content.isascii():
        options.append("BODY=8BITMIME")
    if utf8:
        options.append("SMTPUTF8")
    return options


async def _reset(client: SMTP) -> None:
    try:
        if client.is_connected:
            await client.rset()
    except (OSError, SMTPException):
        client.close()


def _judge(mail: OutboundMail, error: SMTPResponseException) -> Delivery:
    if error.code < _FIRST_TEMPORARY:
        return lost(mail)
    enhanced = _ENHANCED_CODE.match(error.message)
    reason = f"{error.code} {enhanced[0]}" if enhanced else str(error.code)
    verdict = Verdict.TEMPORARY if _passing(error) else Verdict.PERMANENT
    return _delivery(mail, verdict, reason)


def _passing(error: SMTPResponseException) -> bool:
    return error.code < _FIRST_PERMANENT


def _log_in_wanted(endpoint: Endpoint) -> RefusedError:
    return RefusedError(
        f"{endpoint.section}.username, {endpoint.section}.security: "
        f"{endpoint.address} sends nothing without a protected log-in"
    )


def _delivery(mail: OutboundMail, verdict: Verdict, reason: str = "") -> Delivery:
    return Delivery(id=mail.id, verdict=verdict, reason=reason)

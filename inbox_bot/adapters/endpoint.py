"""Where a mail server stands, how it is spoken to safely, and how its failures read.

Shared by IMAP and SMTP. No protocol is spoken here. Texts name the setting to look at
and never repeat what a server said: it may quote an address or a message.
"""

import ipaddress
import ssl
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from inbox_bot.adapters.credentials import Credential, CredentialKind
from inbox_bot.errors import RefusedError, SettingsError, UnreachableError


class Security(StrEnum):
    """How the connection is protected (RFC 8314)."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One server as the settings name it; `section` is "imap" or "smtp".

    `timeout` counts seconds for each step on the network. `ca_file` replaces the
    machine's authorities. SettingsError where clear text would leave the machine.
    """

    section: str
    host: str
    port: int
    security: Security
    timeout: float = 60.0
    ca_file: Path | None = None

    def __post_init__(self) -> None:
        if self.security is Security.NONE and not is_loopback(self.host):
            raise SettingsError(
                f'{self.section}.security: "none" is for loopback only, '
                f'{self.host} needs "tls" or "starttls"'
            )

    @property
    def address(self) -> str:
        """The host and port as people write them."""
        return f"{self.host}:{self.port}"

    def tls_context(self) -> ssl.SSLContext:
        """Make a context that checks certificate and host name.

        SettingsError where `ca_file` can't be used.
        """
        try:
            return ssl.create_default_context(cafile=self.ca_file)
        except OSError as error:
            raise SettingsError(
                f"{self.section}.ca_file: can't use {self.ca_file} ({_words(error)})"
            ) from None

    def lost(self, error: OSError | None = None) -> UnreachableError:
        """Say that the server can't be reached or that the connection broke."""
        reason = _words(error) if error else "closed"
        return UnreachableError(
            f"{self.section}.host, {self.section}.port: "
            f"no connection to {self.address} ({reason})"
        )

    def unavailable(self) -> UnreachableError:
        """Say that the server is there but can't serve now."""
        return UnreachableError(
            f"{self.section}.host: {self.address} can't serve at the moment"
        )

    def refused_certificate(self, error: ssl.SSLCertVerificationError) -> RefusedError:
        """Say why the certificate isn't trusted and what the setting takes."""
        return RefusedError(
            f"{self.section}.host: the certificate of {self.address} can't be trusted "
            f"({error.verify_message}); it takes the name in the certificate, signed "
            "by an authority that this machine knows"
        )

    def refused_security(self) -> RefusedError:
        """Say that the server doesn't offer the protection that is set."""
        return RefusedError(
            f"{self.section}.security: {self.address} doesn't offer "
            f'"{self.security}" on this port; it takes "tls" or "starttls"'
        )

    def refused_log_in(self, credential: Credential) -> RefusedError:
        """Say that the name or its password or token is wrong."""
        token = credential.kind is CredentialKind.TOKEN
        setting = "token_command" if token else "password"
        return RefusedError(
            f"{self.section}.username, {self.section}.{setting}: "
            f"{self.address} refused the log-in"
        )

    def failed(self, error: OSError) -> UnreachableError | RefusedError:
        """Turn what a socket raised into the error that says who is at fault."""
        if isinstance(error, ssl.SSLCertVerificationError):
            return self.refused_certificate(error)
        if isinstance(error, ssl.SSLError) and error.reason in _NO_TLS:
            return self.refused_security()
        return self.lost(error)


# What OpenSSL says when the other side answers a handshake in clear text.
_NO_TLS = frozenset({"WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE"})


def is_loopback(host: str) -> bool:
    """Whether the name or address can only mean this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        # RFC 6761, section 6.3: the only name that never leaves the machine.
        return host.rstrip(".").lower() == "localhost"


def _words(error: OSError) -> str:
    return error.strerror or type(error).__name__

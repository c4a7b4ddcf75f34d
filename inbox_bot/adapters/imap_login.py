"""Opens a protected, logged-in IMAP connection (RFC 9051, sections 6.1 and 6.2).

No folder is opened here. Everything a server may say against us becomes an error that
names the setting; the server's own words are dropped, for they may quote a name.
"""

import logging
import ssl
from contextlib import suppress

from imapclient import IMAPClient
from imapclient.exceptions import (
    CapabilityError,
    IMAPClientAbortError,
    IMAPClientError,
    LoginError,
)

from inbox_bot.adapters.credentials import Credential, CredentialKind, Secret
from inbox_bot.adapters.endpoint import Endpoint, Security
from inbox_bot.errors import InboxBotError, RefusedError

# RFC 5530, section 3: codes of a NO that say "not now" rather than "never".
PASSING = ("[UNAVAILABLE]", "[SERVERBUG]", "[INUSE]", "[LIMIT]", "[CONTACTADMIN]")


def log_in(endpoint: Endpoint, username: str, secret: Secret) -> IMAPClient:
    """Connect, protect the connection, and log in with a fresh secret.

    UnreachableError where the server is away or busy; RefusedError where certificate,
    protection or log-in is refused; SettingsError where the secret can't be had.
    """
    credential = secret()
    # imaplib writes every line it reads, mail included, to this logger's DEBUG.
    logging.getLogger("imapclient").setLevel(logging.WARNING)
    try:
        client = _connect(endpoint)
    except OSError as error:
        raise endpoint.failed(error) from None
    except IMAPClientError:
        raise endpoint.lost() from None
    try:
        _protect(client, endpoint)
        _authenticate(client, endpoint, username, credential)
    except OSError as error:
        hang_up(client)
        raise endpoint.failed(error) from None
    except IMAPClientError as error:
        hang_up(client)
        raise _judge(error, endpoint, credential) from None
    except InboxBotError:
        hang_up(client)
        raise
    client.normalise_times = False
    return client


def hang_up(client: IMAPClient) -> None:
    """Close the connection without a farewell; never raises."""
    with suppress(OSError, IMAPClientError):
        client.shutdown()


def _connect(endpoint: Endpoint) -> IMAPClient:
    tls = endpoint.security is Security.TLS
    return IMAPClient(
        endpoint.host,
        endpoint.port,
        ssl=tls,
        ssl_context=endpoint.tls_context() if tls else None,
        timeout=endpoint.timeout,
    )


def _protect(client: IMAPClient, endpoint: Endpoint) -> None:
    if endpoint.security is Security.STARTTLS:
        context: ssl.SSLContext = endpoint.tls_context()
        client.starttls(ssl_context=context)


def _authenticate(
    client: IMAPClient, endpoint: Endpoint, username: str, credential: Credential
) -> None:
    if credential.kind is CredentialKind.TOKEN:
        if client.has_capability("AUTH=XOAUTH2"):
            client.oauth2_login(username, credential.value)
        elif client.has_capability("AUTH=OAUTHBEARER"):
            client.oauthbearer_login(username, credential.value)
        else:
            raise RefusedError(
                f"{endpoint.section}.token_command: {endpoint.address} takes no "
                f"token; it wants {endpoint.section}.password"
            )
    elif client.has_capability("AUTH=PLAIN"):
        # LOGIN can't carry anything but ASCII, PLAIN is UTF-8 (RFC 4616).
        client.plain_login(username, credential.value)
    elif (username + credential.value).isascii():
        client.login(username, credential.value)
    else:
        raise RefusedError(
            f"{endpoint.section}.password: {endpoint.address} takes ASCII only"
        )


def _judge(
    error: IMAPClientError, endpoint: Endpoint, credential: Credential
) -> InboxBotError:
    if isinstance(error, CapabilityError):
        return endpoint.refused_security()
    # A connection lost during log-in comes wrapped as a LoginError.
    cause = error.__context__ if isinstance(error, LoginError) else error
    if isinstance(cause, IMAPClientAbortError):
        return endpoint.lost()
    if any(code in str(error) for code in PASSING):
        return endpoint.unavailable()
    return endpoint.refused_log_in(credential)

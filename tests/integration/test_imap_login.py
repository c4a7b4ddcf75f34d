"""ImapMailboxes against a real server: protection, log-in, and who is at fault."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from inbox_bot.adapters.credentials import Credential, CredentialKind, Secret
from inbox_bot.adapters.endpoint import Endpoint, Security
from inbox_bot.adapters.imap import ImapMailboxes
from inbox_bot.adapters.imap_fetch import Limits
from inbox_bot.errors import RefusedError, SettingsError, UnreachableError
from inbox_bot.ports import Mailbox
from tests.servers.dovecot import BOT, PASSWORD, Dovecot, running_dovecot
from tests.servers.scripted import scripted_imap
from tests.servers.system import free_port

pytestmark = pytest.mark.imap

WRONG = "hunter2-wrong"


def password(value: str = PASSWORD) -> Secret:
    return lambda: Credential(kind=CredentialKind.PASSWORD, value=value)


def token(value: str) -> Secret:
    return lambda: Credential(kind=CredentialKind.TOKEN, value=value)


def endpoint(
    port: int,
    security: Security,
    ca_file: Path | None = None,
    *,
    host: str = "localhost",
    timeout: float = 10,
) -> Endpoint:
    return Endpoint(
        section="imap",
        host=host,
        port=port,
        security=security,
        timeout=timeout,
        ca_file=ca_file,
    )


@contextmanager
def connected(
    where: Endpoint, secret: Secret, username: str = BOT
) -> Iterator[Mailbox]:
    mailbox = ImapMailboxes(
        endpoint=where,
        username=username,
        secret=secret,
        limits=Limits(max_bytes=1_000_000),
        now=lambda: datetime(2026, 11, 22, tzinfo=UTC),
    ).connect()
    yield mailbox
    mailbox.close()


def works(mailbox: Mailbox) -> bool:
    return list(mailbox.fetch_after("INBOX", None)) == []


@pytest.fixture
def tls(dovecot: Dovecot) -> Endpoint:
    return endpoint(dovecot.imaps_port, Security.TLS, dovecot.ca_file)


def test_log_in_over_tls(tls: Endpoint) -> None:
    with connected(tls, password()) as mailbox:
        assert works(mailbox)


def test_log_in_over_starttls(dovecot: Dovecot) -> None:
    where = endpoint(dovecot.imap_port, Security.STARTTLS, dovecot.ca_file)
    with connected(where, password()) as mailbox:
        assert works(mailbox)


def test_log_in_in_clear_text_on_loopback(dovecot: Dovecot) -> None:
    where = endpoint(dovecot.imap_port, Security.NONE, host="127.0.0.1")
    with connected(where, password()) as mailbox:
        assert works(mailbox)


def test_a_password_beyond_ascii_works(dovecot: Dovecot, tls: Endpoint) -> None:
    user = dovecot.add_user("aerlig@example.test", "blåbærsyltetøy")
    with connected(tls, password("blåbærsyltetøy"), user) as mailbox:
        assert works(mailbox)


def test_log_in_with_a_token(dovecot: Dovecot, tls: Endpoint) -> None:
    with connected(tls, token(dovecot.token())) as mailbox:
        assert works(mailbox)


def test_log_in_with_a_token_where_only_oauthbearer_is_offered() -> None:
    with running_dovecot(mechanisms="oauthbearer") as server:
        where = endpoint(server.imaps_port, Security.TLS, server.ca_file)
        with connected(where, token(server.token())) as mailbox:
            assert works(mailbox)


def test_a_server_that_takes_no_token_is_refused() -> None:
    with (
        scripted_imap({}) as server,
        pytest.raises(RefusedError, match=r"imap\.token_command.*imap\.password"),
        connected(endpoint(server.port, Security.NONE), token("t")),
    ):
        pass


def test_log_in_where_sasl_plain_is_not_offered() -> None:
    with scripted_imap({}) as server:
        with connected(endpoint(server.port, Security.NONE), password()):
            pass
        assert f'LOGIN {BOT} "{PASSWORD}"' in server.commands


def test_there_a_password_beyond_ascii_is_refused() -> None:
    with (
        scripted_imap({}) as server,
        pytest.raises(RefusedError, match=r"imap\.password.*ASCII"),
        connected(endpoint(server.port, Security.NONE), password("blåbær")),
    ):
        pass


@pytest.mark.parametrize(
    "answers",
    [
        {"LOGIN": "{tag} NO [UNAVAILABLE] the directory is down"},
        {"LOGIN": "HANG UP"},
        {"greeting": "* BYE too many connections"},
        {"greeting": "HANG UP"},
        {"greeting": "220 mail.example.org ESMTP"},
    ],
    ids=["unavailable", "hangs up at log-in", "bye", "hangs up", "no IMAP"],
)
def test_a_server_that_cannot_serve_now_is_unreachable(
    answers: dict[str, str],
) -> None:
    with (
        scripted_imap(answers) as server,
        pytest.raises(UnreachableError, match=r"imap\.host"),
        connected(endpoint(server.port, Security.NONE), password()),
    ):
        pass


def test_a_wrong_password_is_refused_in_one_clear_line(tls: Endpoint) -> None:
    with (
        pytest.raises(RefusedError, match=r"imap\.username, imap\.password") as caught,
        connected(tls, password(WRONG)),
    ):
        pass

    assert WRONG not in str(caught.value)
    assert "\n" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_token_signed_by_somebody_else_is_refused(
    dovecot: Dovecot, tls: Endpoint
) -> None:
    bad = dovecot.token(key=b"a key that this identity provider never had")
    with (
        pytest.raises(RefusedError, match=r"imap\.token_command") as caught,
        connected(tls, token(bad)),
    ):
        pass

    assert bad not in str(caught.value)


def test_the_secret_is_asked_for_at_each_log_in(tls: Endpoint) -> None:
    values = iter([WRONG, PASSWORD])

    def secret() -> Credential:
        return Credential(kind=CredentialKind.PASSWORD, value=next(values))

    with pytest.raises(RefusedError), connected(tls, secret):
        pass
    with connected(tls, secret) as mailbox:
        assert works(mailbox)


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
def test_a_certificate_of_an_unknown_authority_is_refused(
    dovecot: Dovecot, security: Security
) -> None:
    tls = security is Security.TLS
    port = dovecot.imaps_port if tls else dovecot.imap_port
    with (
        pytest.raises(
            RefusedError, match=r"imap\.host: the certificate of localhost.*it takes"
        ),
        connected(endpoint(port, security), password()),
    ):
        pass


def test_a_certificate_for_another_name_is_refused() -> None:
    with running_dovecot(names=("mail.example.org",)) as server:
        where = endpoint(server.imaps_port, Security.TLS, server.ca_file)
        with (
            pytest.raises(RefusedError, match=r"imap\.host.*mismatch.*it takes"),
            connected(where, password()),
        ):
            pass


def test_a_port_without_tls_is_refused(dovecot: Dovecot) -> None:
    where = endpoint(dovecot.imap_port, Security.TLS, dovecot.ca_file)
    with (
        pytest.raises(RefusedError, match=r"imap\.security"),
        connected(where, password()),
    ):
        pass


def test_a_server_without_starttls_is_refused() -> None:
    with (
        scripted_imap({}) as server,
        pytest.raises(RefusedError, match=r"imap\.security"),
        connected(endpoint(server.port, Security.STARTTLS), password()),
    ):
        pass


@pytest.mark.parametrize("host", ["mail.example.org", "192.0.2.1", "::ffff:10.0.0.1"])
def test_clear_text_never_leaves_the_machine(host: str) -> None:
    with pytest.raises(SettingsError, match=r"imap\.security"):
        endpoint(143, Security.NONE, host=host)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::1"])
def test_clear_text_is_taken_on_loopback(host: str) -> None:
    assert host == endpoint(143, Security.NONE, host=host).host


def test_a_missing_authority_file_names_its_setting(
    dovecot: Dovecot, tmp_path: Path
) -> None:
    where = endpoint(dovecot.imaps_port, Security.TLS, tmp_path / "none.pem")
    with (
        pytest.raises(SettingsError, match=r"imap\.ca_file.*No such file"),
        connected(where, password()),
    ):
        pass


def test_nobody_listening_names_host_and_port() -> None:
    where = endpoint(free_port(), Security.NONE)
    with (
        pytest.raises(UnreachableError, match=r"imap\.host, imap\.port.*refused"),
        connected(where, password()),
    ):
        pass


def test_a_name_that_does_not_exist_is_unreachable() -> None:
    where = endpoint(993, Security.TLS, host="nowhere.invalid")
    with (
        pytest.raises(UnreachableError, match=r"imap\.host.*nowhere\.invalid"),
        connected(where, password()),
    ):
        pass


def test_a_server_that_keeps_silent_is_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        where = endpoint(silent.getsockname()[1], Security.NONE, timeout=0.2)
        with (
            pytest.raises(UnreachableError, match=r"imap\.host, imap\.port"),
            connected(where, password()),
        ):
            pass


def test_a_server_that_hangs_up_is_unreachable(dovecot: Dovecot) -> None:
    # Clear text to the port of TLS: Dovecot waits for a handshake that never comes.
    where = endpoint(dovecot.imaps_port, Security.STARTTLS, timeout=0.3)
    with (
        pytest.raises(UnreachableError, match=r"imap\.host, imap\.port"),
        connected(where, password()),
    ):
        pass

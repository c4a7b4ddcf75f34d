"""SmtpTransport to a real server: protection, log-in, and everything that breaks."""

import pytest

from inbox_bot.adapters.credentials import Credential, CredentialKind, Secret
from inbox_bot.adapters.endpoint import Endpoint, Security
from inbox_bot.adapters.smtp import SmtpTransport
from inbox_bot.errors import RefusedError, SettingsError, UnreachableError
from inbox_bot.ports import Delivery, OutboundMail, Verdict
from tests.servers.scripted import scripted_imap
from tests.servers.smtp import PASSWORD, TOKEN, USERNAME, Peer, Wire, running_smtp

KARI = "kari@example.org"
WRONG = "hunter2-wrong"


def mail(name: str = "answer", to: str = KARI, header: str = "") -> OutboundMail:
    content = f"Subject: {name}{header}\r\n\r\nHei!\r\n".encode()
    return OutboundMail(id=name, mail_from="", rcpt_to=(to,), content=content)


def transport(
    peer: Peer,
    security: Security,
    secret: Secret | None = None,
    *,
    host: str = "localhost",
    trusted: bool = True,
    connections: int = 4,
) -> SmtpTransport:
    endpoint = Endpoint(
        section="smtp",
        host=host,
        port=peer.port,
        security=security,
        timeout=10,
        ca_file=peer.ca_file if trusted else None,
    )
    return SmtpTransport(
        endpoint=endpoint, username=USERNAME, secret=secret, connections=connections
    )


def password(value: str) -> Secret:
    return lambda: Credential(kind=CredentialKind.PASSWORD, value=value)


def token(value: str) -> Secret:
    return lambda: Credential(kind=CredentialKind.TOKEN, value=value)


def verdicts(results: list[Delivery]) -> list[tuple[Verdict, str]]:
    return [(result.verdict, result.reason) for result in results]


@pytest.mark.parametrize(
    ("wire", "security"),
    [(Wire.TLS, Security.TLS), (Wire.STARTTLS, Security.STARTTLS)],
)
def test_mail_goes_over_a_protected_connection(wire: Wire, security: Security) -> None:
    with running_smtp(wire) as peer:
        results = list(transport(peer, security).deliver([mail()]))

    assert [(Verdict.SENT, "")] == verdicts(results)
    assert [(KARI,)] == [accepted.rcpt_to for accepted in peer.accepted]


@pytest.mark.parametrize(
    ("wire", "security"),
    [(Wire.TLS, Security.TLS), (Wire.STARTTLS, Security.STARTTLS)],
)
def test_a_certificate_of_an_unknown_authority_is_refused(
    wire: Wire, security: Security
) -> None:
    with (
        running_smtp(wire) as peer,
        pytest.raises(RefusedError, match=r"smtp\.host: the certificate of localhost"),
    ):
        list(transport(peer, security, trusted=False).deliver([mail()]))

    assert [] == peer.accepted


def test_a_certificate_for_another_name_is_refused() -> None:
    with (
        running_smtp(Wire.STARTTLS, names=("mail.example.org",)) as peer,
        pytest.raises(RefusedError, match=r"smtp\.host.*mismatch.*it takes the name"),
    ):
        transport(peer, Security.STARTTLS).check()


def test_a_server_without_starttls_is_refused(smtp_peer: Peer) -> None:
    with pytest.raises(RefusedError, match=r"smtp\.security"):
        transport(smtp_peer, Security.STARTTLS).check()


def test_a_server_that_speaks_no_tls_there_is_refused(smtp_peer: Peer) -> None:
    with pytest.raises(RefusedError, match=r"smtp\.security"):
        transport(smtp_peer, Security.TLS).check()


def test_clear_text_never_leaves_the_machine() -> None:
    with pytest.raises(SettingsError, match=r"smtp\.security"):
        Endpoint(
            section="smtp",
            host="mail.example.org",
            port=25,
            security=Security.NONE,
        )


@pytest.mark.parametrize(
    "secret", [password(PASSWORD), token(TOKEN)], ids=["password", "token"]
)
def test_mail_goes_after_a_log_in(secret: Secret) -> None:
    with running_smtp(Wire.STARTTLS, log_in=True) as peer:
        results = list(transport(peer, Security.STARTTLS, secret).deliver([mail()]))

    assert [(Verdict.SENT, "")] == verdicts(results)


@pytest.mark.parametrize(
    ("secret", "setting"),
    [(password(WRONG), r"smtp\.password"), (token(WRONG), r"smtp\.token_command")],
    ids=["password", "token"],
)
def test_a_refused_log_in_names_the_setting_and_nothing_else(
    secret: Secret, setting: str
) -> None:
    with (
        running_smtp(Wire.STARTTLS, log_in=True) as peer,
        pytest.raises(RefusedError, match=setting) as caught,
    ):
        list(transport(peer, Security.STARTTLS, secret).deliver([mail()]))

    assert WRONG not in str(caught.value)
    assert "\n" not in str(caught.value)
    assert [] == peer.accepted


def test_a_log_in_that_fails_for_the_moment_is_no_matter_of_settings() -> None:
    with running_smtp(Wire.STARTTLS, log_in=True) as peer:
        peer.script.log_in = "454 4.7.0 later"
        there = transport(peer, Security.STARTTLS, password(PASSWORD))

        with pytest.raises(UnreachableError, match=r"smtp\.host"):
            there.check()
        assert [(Verdict.TEMPORARY, "connection")] == verdicts(
            list(there.deliver([mail()]))
        )


def test_a_server_without_log_in_is_refused(smtp_peer: Peer) -> None:
    with pytest.raises(RefusedError, match=r"smtp\.username"):
        transport(smtp_peer, Security.NONE, password(PASSWORD)).check()
    with pytest.raises(RefusedError, match=r"smtp\.token_command"):
        transport(smtp_peer, Security.NONE, token(TOKEN)).check()


def test_a_server_that_wants_a_log_in_first_loses_no_mail() -> None:
    with (
        running_smtp(Wire.STARTTLS, log_in=True) as peer,
        pytest.raises(RefusedError, match=r"smtp\.username"),
    ):
        list(transport(peer, Security.STARTTLS).deliver([mail("1"), mail("2")]))


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
def test_a_connection_cut_mid_way_means_another_attempt(
    smtp_peer: Peer, command: str
) -> None:
    smtp_peer.script.hang_up_at = command

    results = list(
        transport(smtp_peer, Security.NONE).deliver([mail("1"), mail("2"), mail("3")])
    )

    assert [(Verdict.TEMPORARY, "connection")] * 3 == verdicts(results)
    assert 3 == smtp_peer.script.hang_ups


@pytest.mark.parametrize(
    ("reply", "verdict", "reason"),
    [
        ("452 4.3.1 full", Verdict.TEMPORARY, "452 4.3.1"),
        ("554 5.7.1 spam from kari", Verdict.PERMANENT, "554 5.7.1"),
        ("554 5.7.1spam", Verdict.PERMANENT, "554"),
    ],
)
def test_a_refusal_of_the_content_is_told_by_its_codes(
    smtp_peer: Peer, reply: str, verdict: Verdict, reason: str
) -> None:
    smtp_peer.script.data = reply

    results = list(transport(smtp_peer, Security.NONE).deliver([mail()]))

    assert [(verdict, reason)] == verdicts(results)


def test_a_refused_sender_is_told_by_its_codes(smtp_peer: Peer) -> None:
    smtp_peer.script.mail = "550 5.7.60 not you"

    results = list(transport(smtp_peer, Security.NONE).deliver([mail()]))

    assert [(Verdict.PERMANENT, "550 5.7.60")] == verdicts(results)


def test_a_batch_uses_few_connections_again_and_again(smtp_peer: Peer) -> None:
    batch = [mail(str(number)) for number in range(20)]

    list(transport(smtp_peer, Security.NONE, connections=2).deliver(batch))

    assert 20 == len(smtp_peer.accepted)
    assert 2 == len({accepted.connection for accepted in smtp_peer.accepted})


def test_a_refusal_leaves_the_connection_in_use(smtp_peer: Peer) -> None:
    smtp_peer.script.recipients["ola@example.org"] = "550 5.1.1 no"
    batch = [mail("1"), mail("2", "ola@example.org"), mail("3")]

    list(transport(smtp_peer, Security.NONE, connections=1).deliver(batch))

    assert 1 == len({accepted.connection for accepted in smtp_peer.accepted})
    assert 2 == len(smtp_peer.accepted)


def test_leaving_early_leaves_the_others_unsent(smtp_peer: Peer) -> None:
    batch = [mail(str(number)) for number in range(200)]
    results = transport(smtp_peer, Security.NONE, connections=1).deliver(batch)

    next(results)
    results.close()  # type: ignore[attr-defined]

    assert 1 <= len(smtp_peer.accepted) < 200


def test_a_local_part_beyond_ascii_goes_by_smtputf8(smtp_peer: Peer) -> None:
    results = list(
        transport(smtp_peer, Security.NONE).deliver([mail(to="jørgen@blåbær.example")])
    )

    assert [(Verdict.SENT, "")] == verdicts(results)
    (accepted,) = smtp_peer.accepted
    assert ("jørgen@xn--blbr-roah.example",) == accepted.rcpt_to
    assert "SMTPUTF8" in accepted.options


def test_without_smtputf8_such_an_address_fails_for_good() -> None:
    with running_smtp(smtputf8=False) as peer:
        results = list(
            transport(peer, Security.NONE).deliver(
                [
                    mail("address", to="jørgen@example.org"),
                    mail("header", header=" for Jørgen"),
                ]
            )
        )

    assert [(Verdict.PERMANENT, "smtputf8")] * 2 == verdicts(results)
    assert [] == peer.accepted


def test_a_domain_beyond_ascii_needs_no_smtputf8() -> None:
    with running_smtp(smtputf8=False) as peer:
        list(transport(peer, Security.NONE).deliver([mail(to="kari@straße.example")]))

    assert ["kari@xn--strae-oqa.example"] == list(peer.accepted[0].rcpt_to)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "kari",
        "@example.org",
        "kari@example.org\r\nRCPT TO:<ola@example.org>",
        "kari@example.org> NOTIFY=SUCCESS",
        "Kari <kari@example.org>",
        "kari(home)@example.org",
        "kari@example.org,ola@example.org",
        "kari@exa mple.org",
        "kari@\udcff.example",
        "kari@-ø-.example",
    ],
)
def test_what_is_no_address_is_sent_nowhere(smtp_peer: Peer, address: str) -> None:
    results = list(transport(smtp_peer, Security.NONE).deliver([mail(to=address)]))

    assert [(Verdict.PERMANENT, "address")] == verdicts(results)
    assert [] == smtp_peer.accepted


def test_bytes_beyond_ascii_are_announced(smtp_peer: Peer) -> None:
    content = "Subject: answer\r\n\r\nKjære Kari\r\n".encode()
    raw = OutboundMail(id="raw", mail_from="", rcpt_to=(KARI,), content=content)

    list(transport(smtp_peer, Security.NONE).deliver([raw]))

    (accepted,) = smtp_peer.accepted
    assert content == accepted.content
    assert "BODY=8BITMIME" in accepted.options


def test_a_server_that_turns_everybody_away_is_unreachable() -> None:
    with scripted_imap({"greeting": "554 5.3.2 closed for today"}) as server:
        endpoint = Endpoint(
            section="smtp",
            host="localhost",
            port=server.port,
            security=Security.NONE,
            timeout=10,
        )
        with pytest.raises(UnreachableError, match=r"smtp\.host, smtp\.port"):
            SmtpTransport(endpoint=endpoint).check()


def test_a_connection_cut_after_a_refusal_is_made_anew(smtp_peer: Peer) -> None:
    smtp_peer.script.recipients["ola@example.org"] = "550 5.1.1 no"
    smtp_peer.script.hang_up_at = "RSET"
    batch = [mail("1", "ola@example.org"), mail("2")]

    results = list(transport(smtp_peer, Security.NONE, connections=1).deliver(batch))

    assert [(Verdict.PERMANENT, "550 5.1.1"), (Verdict.SENT, "")] == verdicts(results)


def test_an_answer_outside_the_protocol_means_another_attempt(smtp_peer: Peer) -> None:
    smtp_peer.script.mail = "350 what?"

    results = list(transport(smtp_peer, Security.NONE).deliver([mail()]))

    assert [(Verdict.TEMPORARY, "connection")] == verdicts(results)

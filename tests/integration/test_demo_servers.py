"""The demo's mail server over real sockets."""

import smtplib
from datetime import UTC, datetime

import pytest
from imapclient import IMAPClient

from inbox_bot.demo.servers import HOST, Account, MailServer, running_server
from inbox_bot.errors import UnreachableError

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
ACCOUNT = Account(
    mailbox="privacy@leadjabber.example",
    bounces="bounces@leadjabber.example",
    password="a demo password",
)
RAW = b"From: Kari <kari@example.org>\r\nSubject: Innsyn\r\n\r\nHei\x00\nmed LF\r\n"


@pytest.fixture
def server():
    with running_server(ACCOUNT, lambda: NOW) as running:
        yield running


def send(server: MailServer, *to: str, raw: bytes = RAW) -> None:
    with smtplib.SMTP(HOST, server.smtp_port, timeout=5) as client:
        client.sendmail("kari@example.org", list(to), raw)


def inbox(server: MailServer) -> list[bytes]:
    with IMAPClient(HOST, port=server.imap_port, ssl=False, timeout=5) as client:
        client.login(ACCOUNT.mailbox, ACCOUNT.password)
        client.select_folder("INBOX", readonly=True)
        found = client.fetch(client.search(), ["BODY.PEEK[]"])
        return [answer[b"BODY[]"] for _, answer in sorted(found.items())]


def test_mail_to_the_bot_is_stamped_and_kept_byte_for_byte(server):
    send(server, ACCOUNT.mailbox)

    (kept,) = inbox(server)

    assert kept.endswith(RAW)
    assert b"dmarc=pass header.from=example.org" in kept


@pytest.mark.parametrize(
    "to", ["Privacy@LeadJabber.example", "bounces+abc@leadjabber.example"]
)
def test_the_bots_other_addresses_reach_the_same_mailbox(server, to):
    send(server, to)

    assert len(inbox(server)) == 1
    assert server.boxes.addresses() == {}


def test_mail_to_others_lands_in_their_boxes_unstamped(server):
    send(server, "ola@example.com", "nina@leadjabber.example")

    assert server.boxes.addresses() == {
        "ola@example.com": 1,
        "nina@leadjabber.example": 1,
    }
    assert server.boxes.of("ola@example.com")[0].content == RAW
    assert inbox(server) == []


def test_a_waiting_client_is_told_of_new_mail(server):
    with IMAPClient(HOST, port=server.imap_port, ssl=False, timeout=5) as client:
        client.login(ACCOUNT.mailbox, ACCOUNT.password)
        client.select_folder("INBOX", readonly=True)
        client.idle()
        send(server, ACCOUNT.mailbox)

        answers = client.idle_check(timeout=5)
        client.idle_done()

    assert (1, b"EXISTS") in answers


def test_a_wrong_password_is_refused(server):
    with (
        IMAPClient(HOST, port=server.imap_port, ssl=False, timeout=5) as client,
        pytest.raises(Exception, match="AUTHENTICATIONFAILED"),
    ):
        client.login(ACCOUNT.mailbox, "guess")


def test_stopping_hangs_up_on_everybody():
    with running_server(ACCOUNT, lambda: NOW) as server:
        imap = IMAPClient(HOST, port=server.imap_port, ssl=False, timeout=5)
        smtp = smtplib.SMTP(HOST, server.smtp_port, timeout=5)

    with pytest.raises((smtplib.SMTPException, OSError)):
        smtp.mail("kari@example.org")
    with pytest.raises(OSError, match="refused"):
        smtplib.SMTP(HOST, server.smtp_port, timeout=5)
    smtp.close()
    imap.shutdown()


def test_a_server_that_cannot_start_says_so(monkeypatch):
    def taken() -> None:
        raise OSError

    monkeypatch.setattr("inbox_bot.demo.servers._listen", taken)
    monkeypatch.setattr("threading.excepthook", lambda _: None)

    with pytest.raises(UnreachableError), running_server(ACCOUNT, lambda: NOW):
        pass

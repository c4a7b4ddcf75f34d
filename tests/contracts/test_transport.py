"""What every Transport has to do: the real one to an SMTP server, and the fake."""

from collections.abc import Sequence
from typing import Protocol

import pytest

from inbox_bot.adapters.endpoint import Endpoint, Security
from inbox_bot.adapters.smtp import SmtpTransport
from inbox_bot.errors import UnreachableError
from inbox_bot.ports import Delivery, OutboundMail, Transport, Verdict
from tests.fakes.transport import FakeTransport
from tests.servers.smtp import Peer
from tests.servers.system import free_port

KARI = "kari@example.org"
OLA = "ola@example.org"


class Post(Protocol):
    """A transport whose server tests can script and look into."""

    transport: Transport

    def refuse(self, recipient: str, reply: str) -> None: ...
    def go_away(self) -> None: ...
    def sent(self) -> list[tuple[str, tuple[str, ...], bytes]]: ...


class MemoryPost:
    """The transport in memory."""

    def __init__(self) -> None:
        self.fake = FakeTransport()
        self.transport: Transport = self.fake

    def refuse(self, recipient: str, reply: str) -> None:
        self.fake.replies[recipient] = reply

    def go_away(self) -> None:
        self.fake.failure = UnreachableError("smtp.host, smtp.port: no connection")

    def sent(self) -> list[tuple[str, tuple[str, ...], bytes]]:
        return [(mail.mail_from, mail.rcpt_to, mail.content) for mail in self.fake.sent]


class SmtpPost:
    """The real transport to the session's SMTP server."""

    def __init__(self, peer: Peer) -> None:
        self.peer = peer
        self.transport: Transport = self._to(peer.port)

    def refuse(self, recipient: str, reply: str) -> None:
        self.peer.script.recipients[recipient] = f"{reply} not for {recipient}"

    def go_away(self) -> None:
        self.transport = self._to(free_port())

    def sent(self) -> list[tuple[str, tuple[str, ...], bytes]]:
        accepted = sorted(self.peer.accepted, key=lambda mail: mail.rcpt_to)
        return [(mail.mail_from, mail.rcpt_to, mail.content) for mail in accepted]

    def _to(self, port: int) -> SmtpTransport:
        return SmtpTransport(
            endpoint=Endpoint(
                section="smtp",
                host=self.peer.host,
                port=port,
                security=Security.NONE,
                timeout=10,
            )
        )


@pytest.fixture(params=["memory", "smtp"])
def post(request: pytest.FixtureRequest) -> Post:
    if request.param == "memory":
        return MemoryPost()
    return SmtpPost(request.getfixturevalue("smtp_peer"))


def mail(name: str, *to: str, mail_from: str = "") -> OutboundMail:
    return OutboundMail(
        id=name,
        mail_from=mail_from,
        rcpt_to=to or (KARI,),
        content=f"Subject: {name}\r\n\r\nHei!\r\n.\r\n..to\r\n".encode(),
    )


def deliver(post: Post, *mails: OutboundMail) -> Sequence[Delivery]:
    return sorted(post.transport.deliver(mails), key=lambda result: result.id)


def test_nothing_to_send_gives_nothing(post: Post) -> None:
    assert [] == deliver(post)


def test_a_message_arrives_as_it_was_frozen(post: Post) -> None:
    answer = mail("answer", mail_from="bounce+1@example.com")

    results = deliver(post, answer)

    assert [Delivery(id="answer", verdict=Verdict.SENT)] == results
    assert [("bounce+1@example.com", (KARI,), answer.content)] == post.sent()


def test_the_null_sender_stays_null(post: Post) -> None:
    deliver(post, mail("acknowledgement"))

    assert [""] == [sender for sender, _, _ in post.sent()]


def test_every_message_of_a_batch_has_its_result(post: Post) -> None:
    batch = [
        mail(f"{number:02}", f"kari{number:02}@example.org") for number in range(20)
    ]

    results = deliver(post, *batch)

    assert [each.id for each in batch] == [result.id for result in results]
    assert {Verdict.SENT} == {result.verdict for result in results}
    assert [each.rcpt_to for each in batch] == [to for _, to, _ in post.sent()]


@pytest.mark.parametrize(
    ("reply", "verdict"),
    [
        ("450", Verdict.TEMPORARY),
        ("451 4.7.1", Verdict.TEMPORARY),
        ("550", Verdict.PERMANENT),
        ("550 5.1.1", Verdict.PERMANENT),
    ],
)
def test_a_refusal_is_told_by_its_codes_alone(
    post: Post, reply: str, verdict: Verdict
) -> None:
    post.refuse(OLA, reply)

    refused, sent = deliver(post, mail("1 to Ola", OLA), mail("2 to Kari"))

    assert (verdict, reply) == (refused.verdict, refused.reason)
    assert Verdict.SENT == sent.verdict
    assert [(KARI,)] == [to for _, to, _ in post.sent()]


def test_a_message_refused_for_one_recipient_goes_to_nobody(post: Post) -> None:
    post.refuse(OLA, "450 4.2.0")

    (result,) = deliver(post, mail("to both", KARI, OLA))

    assert (Verdict.TEMPORARY, "450 4.2.0") == (result.verdict, result.reason)
    assert [] == post.sent()


def test_a_permanent_refusal_outweighs_a_temporary_one(post: Post) -> None:
    post.refuse(KARI, "550 5.1.1")
    post.refuse(OLA, "450 4.2.0")

    (result,) = deliver(post, mail("to both", KARI, OLA))

    assert (Verdict.PERMANENT, "550 5.1.1") == (result.verdict, result.reason)


def test_with_the_server_away_everything_waits_for_another_attempt(post: Post) -> None:
    post.go_away()

    results = deliver(post, mail("1"), mail("2"))

    assert [(Verdict.TEMPORARY, "connection")] * 2 == [
        (result.verdict, result.reason) for result in results
    ]


def test_a_check_passes_where_the_server_answers(post: Post) -> None:
    post.transport.check()

    assert [] == post.sent()


def test_a_check_tells_that_the_server_is_away(post: Post) -> None:
    post.go_away()

    with pytest.raises(UnreachableError, match=r"smtp\.host, smtp\.port"):
        post.transport.check()

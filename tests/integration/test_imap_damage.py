"""ImapMailboxes where the server is poor or broken: no MOVE, no IDLE, damaged mail."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from inbox_bot.adapters import imap
from inbox_bot.adapters.credentials import from_password
from inbox_bot.adapters.endpoint import Endpoint, Security
from inbox_bot.adapters.imap import ImapMailbox, ImapMailboxes
from inbox_bot.adapters.imap_fetch import Limits
from inbox_bot.errors import SettingsError, UnreachableError
from inbox_bot.ports import FetchedMessage
from tests.servers.dovecot import BOT, PASSWORD, Dovecot, running_dovecot
from tests.servers.scripted import scripted_imap

pytestmark = pytest.mark.imap

NOW = datetime(2026, 11, 22, tzinfo=UTC)
LIMIT = 4000


def connect(server: Dovecot, user: str = BOT, *, idle: bool = True) -> ImapMailbox:
    return ImapMailboxes(
        endpoint=Endpoint(
            section="imap",
            host=server.host,
            port=server.imap_port,
            security=Security.NONE,
            timeout=10,
        ),
        username=user,
        secret=from_password(PASSWORD),
        limits=Limits(max_bytes=LIMIT),
        now=lambda: NOW,
        idle=idle,
    ).connect()


def mail(subject: str, body: str = "Hei!") -> bytes:
    return f"From: kari@example.org\r\nSubject: {subject}\r\n\r\n{body}\r\n".encode()


def read(mailbox: ImapMailbox) -> list[FetchedMessage]:
    return [each for batch in mailbox.fetch_after("INBOX", None) for each in batch]


def subjects(messages: list[FetchedMessage]) -> list[str]:
    lines = [message.raw.decode().splitlines()[1] for message in messages]
    return [line.removeprefix("Subject: ") for line in lines]


def test_without_move_messages_are_copied_and_expunged_by_uid() -> None:
    with running_dovecot(capability="IMAP4rev1 UIDPLUS") as server:
        for name in ("first", "second"):
            server.append(mail(name))
        with server.client() as client:
            client.select_folder("INBOX")
            client.add_flags([2], [b"\\Deleted"])
        mailbox = connect(server)
        first, _ = read(mailbox)

        mailbox.move("INBOX", first.uid_validity, [first.uid], "Done")

        # What somebody else marked as deleted is still there.
        assert ["second"] == subjects(read(mailbox))
        mailbox.close()
        with server.client() as client:
            assert 1 == client.select_folder("Done", readonly=True)[b"EXISTS"]


def test_without_uidplus_nothing_is_expunged() -> None:
    with running_dovecot(capability="IMAP4rev1") as server:
        server.append(mail("first"))
        mailbox = connect(server)
        (first,) = read(mailbox)

        mailbox.move("INBOX", first.uid_validity, [first.uid], "Done")

        assert ["first"] == subjects(read(mailbox))
        mailbox.close()
        with server.client() as client:
            assert 1 == client.select_folder("Done", readonly=True)[b"EXISTS"]


def test_a_folder_that_cannot_be_made_names_its_setting(dovecot: Dovecot) -> None:
    mailbox = connect(dovecot, dovecot.add_user("maker@example.test"))
    dovecot.append(mail("first"), user="maker@example.test")
    (first,) = read(mailbox)

    with pytest.raises(SettingsError, match=r"imap\.processed_folder"):
        mailbox.move("INBOX", first.uid_validity, [first.uid], "a//b")
    mailbox.close()


@pytest.mark.parametrize("set_by", ["server", "settings"])
def test_without_idle_the_server_is_asked_now_and_then(
    set_by: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imap, "ASK_EVERY", 0.05)
    offered = "IMAP4rev1" if set_by == "server" else ""
    with running_dovecot(capability=offered) as server:
        mailbox = connect(server, idle=set_by == "server")
        read(mailbox)
        assert mailbox.wait("INBOX", 0.1) is False
        arrival = threading.Timer(0.1, server.append, [mail("new")])
        arrival.start()

        assert mailbox.wait("INBOX", 60) is True
        arrival.join()
        mailbox.close()


def test_closing_ends_a_wait_without_idle(dovecot: Dovecot) -> None:
    mailbox = connect(dovecot, dovecot.add_user("closing@example.test"), idle=False)
    closing = threading.Timer(0.1, mailbox._closed.set)  # noqa: SLF001
    closing.start()

    assert mailbox.wait("INBOX", 60) is False
    closing.join()
    mailbox.close()


def test_idle_is_ended_and_begun_anew(
    dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imap, "FIRST_IDLE", 0.02)
    monkeypatch.setattr(imap, "LONGEST_IDLE", 0.05)
    user = dovecot.add_user("idle@example.test")
    mailbox = connect(dovecot, user)
    begun = 0
    idle = mailbox._session.client.idle  # noqa: SLF001

    def counted() -> None:
        nonlocal begun
        begun += 1
        idle()

    monkeypatch.setattr(mailbox._session.client, "idle", counted)  # noqa: SLF001

    assert mailbox.wait("INBOX", 0.4) is False
    assert begun >= 4
    mailbox.close()


def test_waiting_without_a_reading_before_is_for_what_comes_from_now_on(
    dovecot: Dovecot,
) -> None:
    user = dovecot.add_user("new@example.test")
    dovecot.append(mail("old"), user=user)
    mailbox = connect(dovecot, user)

    assert mailbox.wait("INBOX", 0.1) is False
    mailbox.close()


def test_a_message_that_makes_the_server_hang_up_does_not_stop_the_others(
    dovecot: Dovecot,
) -> None:
    user = dovecot.add_user("torn@example.test")
    for name in ("before", "torn", "after"):
        dovecot.append(mail(name, body="x" * 2000), user=user)
    torn = dovecot.message_file(b"Subject: torn", user)
    torn.write_bytes(torn.read_bytes()[:1000])
    mailbox = connect(dovecot, user)

    messages = read(mailbox)

    assert ["before", "torn", "after"] == subjects(messages)
    assert mail("after", body="x" * 2000) == messages[2].raw
    mailbox.close()


def test_of_an_unreadable_message_at_least_size_and_receipt_are_told(
    dovecot: Dovecot,
) -> None:
    user = dovecot.add_user("locked@example.test")
    received = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
    dovecot.append(mail("locked"), user=user, received_at=received)
    dovecot.message_file(b"Subject: locked", user).chmod(0)
    mailbox = connect(dovecot, user)

    (message,) = read(mailbox)

    assert message.unreadable
    assert (len(mail("locked")), received) == (message.size, message.received_at)
    mailbox.close()


def test_a_large_damaged_message_is_unreadable_too(dovecot: Dovecot) -> None:
    user = dovecot.add_user("heavy@example.test")
    dovecot.append(mail("heavy", body="x" * LIMIT), user=user)
    dovecot.message_file(b"Subject: heavy", user).chmod(0)
    mailbox = connect(dovecot, user)

    (message,) = read(mailbox)

    assert (False, True) == (message.whole, message.unreadable)
    mailbox.close()


def test_the_parts_of_a_large_message_are_listed(dovecot: Dovecot) -> None:
    user = dovecot.add_user("large@example.test")
    raw = (
        "From: kari@example.org\r\nSubject: papers\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nSee below.\r\n"
        '--b\r\nContent-Type: application/pdf; name="claim.pdf"\r\n\r\n'
        + "x" * LIMIT
        + "\r\n--b--\r\n"
    ).encode()
    dovecot.append(raw, user=user)
    mailbox = connect(dovecot, user)

    (message,) = read(mailbox)

    header, _, text = message.raw.decode().partition("\r\n\r\n")
    assert "Subject: papers" in header
    assert [
        "1 text/plain, 10 octets",
        f"2 application/pdf, {LIMIT} octets, claim.pdf",
    ] == text.splitlines()[1:]
    mailbox.close()


def test_a_folder_made_anew_under_a_reader_is_told(dovecot: Dovecot) -> None:
    user = dovecot.add_user("anew@example.test")
    for number in range(60):
        dovecot.append(mail(str(number)), user=user, folder="Privacy")
    mailbox = connect(dovecot, user)
    batches = mailbox.fetch_after("Privacy", None)
    next(batches)
    mailbox.move("INBOX", 0, [], "Done")
    with dovecot.client(user) as client:
        client.delete_folder("Privacy")
        client.create_folder("Privacy")

    with pytest.raises(UnreachableError, match="made anew"):
        next(batches)
    mailbox.close()


SIZES = "UID FETCH 1 (RFC822.SIZE"
BODY = "UID FETCH 1 (BODY.PEEK[])"
OUTLINE = "UID FETCH 1 (BODY.PEEK[HEADER]<0.1048576> BODYSTRUCTURE)"
HEADER = "UID FETCH 1 (BODY.PEEK[HEADER]<0.1048576>)"
RECEIVED = '"20-Nov-2026 08:15:00 +0100"'


def fetched(items: str) -> str:
    return f"* 1 FETCH (UID 1 {items})\n{{tag}} OK done"


@contextmanager
def scripted(answers: dict[str, str]) -> Iterator[ImapMailbox]:
    listed = {"UID SEARCH": "* SEARCH 1\n{tag} OK done"}
    with scripted_imap(listed | answers) as server:
        mailbox = ImapMailboxes(
            endpoint=Endpoint(
                section="imap",
                host="localhost",
                port=server.port,
                security=Security.NONE,
                timeout=0.5,
            ),
            username=BOT,
            secret=from_password(PASSWORD),
            limits=Limits(max_bytes=LIMIT),
            now=lambda: NOW,
        ).connect()
        try:
            yield mailbox
        finally:
            mailbox.close()


def read_scripted(answers: dict[str, str]) -> list[FetchedMessage]:
    with scripted(answers) as mailbox:
        return read(mailbox)


@pytest.mark.parametrize(
    "answer",
    [
        fetched("BODY[] NIL"),
        "{tag} NO [SERVERBUG] can't",
        "HANG UP",
        "* 1 FETCH (UID 1 BODY[] (askew\n{tag} OK done",
        "",
    ],
    ids=["nil", "refused", "hangs up", "garbage", "silence"],
)
def test_what_cannot_be_fetched_is_unreadable_with_its_header(answer: str) -> None:
    messages = read_scripted(
        {
            SIZES: fetched(f"RFC822.SIZE 90 INTERNALDATE {RECEIVED}"),
            BODY: answer,
            HEADER: fetched('BODY[HEADER]<0> "Subject: a"'),
        }
    )

    assert [(b"Subject: a", True, 90)] == [
        (message.raw, message.unreadable, message.size) for message in messages
    ]


def test_a_message_that_vanishes_while_it_is_fetched_is_left_out() -> None:
    messages = read_scripted(
        {
            SIZES: fetched(f"RFC822.SIZE 90 INTERNALDATE {RECEIVED}"),
            BODY: "{tag} NO [EXPUNGEISSUED] gone",
        }
    )

    assert [] == messages


def test_without_a_receipt_time_the_present_stands_in() -> None:
    messages = read_scripted(
        {
            SIZES: fetched('RFC822.SIZE 4 INTERNALDATE "whenever"'),
            BODY: fetched('BODY[] "mail"'),
        }
    )

    assert [(b"mail", NOW)] == [(each.raw, each.received_at) for each in messages]


def test_where_not_even_the_size_can_be_had_the_message_is_unreadable() -> None:
    messages = read_scripted(
        {SIZES: "{tag} NO can't", HEADER: fetched('BODY[HEADER]<0> "Subject: a"')}
    )

    assert [(b"Subject: a", True)] == [(each.raw, each.unreadable) for each in messages]


@pytest.mark.parametrize(
    ("structure", "unreadable"),
    [
        ("(" * 3000 + ")" * 3000, True),
        ("()", True),
        ("(NIL NIL NIL)", False),
        ('("TEXT" "PLAIN" ("X" "y") NIL NIL "7BIT" 9 1)', False),
        ("NIL", True),
    ],
    ids=["deep", "empty", "short", "plain", "nil"],
)
def test_a_hostile_structure_costs_no_more_than_the_list_of_parts(
    structure: str, *, unreadable: bool
) -> None:
    header = 'BODY[HEADER]<0> "Subject: a"'
    messages = read_scripted(
        {
            SIZES: fetched(f"RFC822.SIZE 90000 INTERNALDATE {RECEIVED}"),
            OUTLINE: fetched(f"{header} BODYSTRUCTURE {structure}"),
            HEADER: fetched(header),
        }
    )

    (message,) = messages
    assert message.raw.startswith(b"Subject: a")
    assert (False, unreadable) == (message.whole, message.unreadable)


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        ("{tag} NO [INUSE] later", UnreachableError, r"imap\.host"),
        ("{tag} NO [NONEXISTENT] none", SettingsError, r"imap\.folders"),
        ("HANG UP", UnreachableError, r"imap\.host, imap\.port"),
    ],
)
def test_a_folder_that_does_not_open_tells_who_is_at_fault(
    answer: str, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        read_scripted({"EXAMINE": answer})


def test_a_refused_listing_is_the_servers_fault() -> None:
    with pytest.raises(UnreachableError, match=r"imap\.host") as caught:
        read_scripted({"UID SEARCH": "{tag} NO kari@example.org is a secret"})

    assert "kari" not in str(caught.value)


OPENED = "* 1 EXISTS\n* OK [UIDVALIDITY 7] .\n{tag} OK done"


def test_a_folder_that_another_program_makes_meanwhile_is_used() -> None:
    answers = {"SELECT": OPENED, "CREATE": "{tag} NO [ALREADYEXISTS] there"}
    with scripted(answers) as mailbox:
        mailbox.move("INBOX", 7, [1], "Done")


@pytest.mark.parametrize(
    ("answers", "error", "words"),
    [
        (
            {"SELECT": "* OK [READ-ONLY] .\n" + OPENED},
            SettingsError,
            r"imap\.folders",
        ),
        (
            {"SELECT": OPENED, "CREATE": "HANG UP"},
            UnreachableError,
            r"imap\.host, imap\.port",
        ),
    ],
    ids=["read only", "hangs up"],
)
def test_a_move_that_fails_tells_who_is_at_fault(
    answers: dict[str, str], error: type[Exception], words: str
) -> None:
    with scripted(answers) as mailbox, pytest.raises(error, match=words):
        mailbox.move("INBOX", 7, [1], "Done")


def test_a_large_message_that_vanishes_is_left_out() -> None:
    size = fetched(f"RFC822.SIZE 90000 INTERNALDATE {RECEIVED}")

    assert [] == read_scripted({SIZES: size})


def test_a_message_that_vanishes_once_its_size_is_known_is_left_out() -> None:
    size = fetched(f"RFC822.SIZE 90 INTERNALDATE {RECEIVED}")

    assert [] == read_scripted({SIZES: size})


def test_a_connection_lost_before_any_folder_is_open_is_no_trouble_to_close() -> None:
    with scripted({"LOGOUT": "HANG UP"}) as mailbox:
        mailbox.close()

"""What every Mailbox has to do: the real one over Dovecot, and the one in memory."""

import itertools
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Protocol

import pytest
from imapclient import SEEN

from inbox_bot.adapters.credentials import from_password
from inbox_bot.adapters.endpoint import Endpoint, Security
from inbox_bot.adapters.imap import ImapMailboxes
from inbox_bot.adapters.imap_fetch import Limits
from inbox_bot.errors import SettingsError, UnreachableError
from inbox_bot.ports import Cursor, FetchedMessage, Mailbox, Mailboxes
from tests.fakes.mailbox import FakeMailboxes
from tests.servers.dovecot import PASSWORD, Dovecot

OSLO = timezone(timedelta(hours=1))
MORNING = datetime(2026, 11, 20, 8, 15, tzinfo=OSLO)
BATCH = 3
LIMIT = 2000

FOLDER = "Privacy"
DONE = "Done/Ærlig"

_numbers = itertools.count()


def mail(subject: str, size: int = 0) -> bytes:
    """A mail of Kari's with at least `size` octets of body."""
    filler = ("x" * 70 + "\r\n") * (size // 72)
    return (
        "From: Kari <kari@example.org>\r\nTo: privacy@example.com\r\n"
        f"Subject: {subject}\r\nContent-Type: text/plain\r\n\r\nHei!\r\n{filler}"
    ).encode()


class House(Protocol):
    """An account that tests can put mail into and break."""

    mailboxes: Mailboxes

    def put(self, raw: bytes, received_at: datetime = MORNING) -> None: ...
    def remove_oldest(self) -> None: ...
    def damage(self, words: bytes) -> None: ...
    def number_anew(self) -> None: ...
    def lose_connections(self) -> None: ...
    def subjects(self, folder: str) -> list[str]: ...


class MemoryHouse:
    """The account in memory."""

    def __init__(self) -> None:
        self.account = FakeMailboxes(max_bytes=LIMIT, batch_count=BATCH)
        self.account.make(FOLDER)
        self.mailboxes: Mailboxes = self.account

    def put(self, raw: bytes, received_at: datetime = MORNING) -> None:
        self.account.add(FOLDER, raw, received_at)

    def remove_oldest(self) -> None:
        self.account.remove(FOLDER, self.account.folders[FOLDER].messages[0].uid)

    def damage(self, words: bytes) -> None:
        messages = self.account.folders[FOLDER].messages
        (damaged,) = (message for message in messages if words in message.raw)
        self.account.remove(FOLDER, damaged.uid)
        self.account.add(FOLDER, damaged.raw, unreadable=True)

    def number_anew(self) -> None:
        self.account.reset_uid_validity(FOLDER)

    def lose_connections(self) -> None:
        self.account.lose_connection()

    def subjects(self, folder: str) -> list[str]:
        return [subject(message) for message in self.account.folders[folder].messages]


class DovecotHouse:
    """An account of its own on the session's Dovecot."""

    def __init__(self, server: Dovecot) -> None:
        self.server = server
        self.user = server.add_user(f"privacy{next(_numbers)}@example.test")
        self.mailboxes: Mailboxes = dovecot_mailboxes(server, self.user)
        with server.client(self.user) as client:
            client.create_folder(FOLDER)

    def put(self, raw: bytes, received_at: datetime = MORNING) -> None:
        self.server.append(raw, received_at=received_at, folder=FOLDER, user=self.user)

    def remove_oldest(self) -> None:
        with self.server.client(self.user) as client:
            client.select_folder(FOLDER)
            client.delete_messages(client.search()[:1])
            client.expunge()

    def damage(self, words: bytes) -> None:
        self.server.message_file(words, self.user).chmod(0)

    def number_anew(self) -> None:
        with self.server.client(self.user) as client:
            client.select_folder(FOLDER)
            bodies = client.fetch(client.search(), ["BODY.PEEK[]"])
            client.unselect_folder()
            client.delete_folder(FOLDER)
            client.create_folder(FOLDER)
            for body in bodies.values():
                client.append(FOLDER, body[b"BODY[]"], msg_time=MORNING)

    def lose_connections(self) -> None:
        self.server.restart()

    def subjects(self, folder: str) -> list[str]:
        with self.server.client(self.user) as client:
            client.select_folder(folder, readonly=True)
            answers = client.fetch(client.search(), ["ENVELOPE"])
            return [answer[b"ENVELOPE"].subject.decode() for answer in answers.values()]


def dovecot_mailboxes(server: Dovecot, user: str) -> ImapMailboxes:
    return ImapMailboxes(
        endpoint=Endpoint(
            section="imap",
            host=server.host,
            port=server.imaps_port,
            security=Security.TLS,
            timeout=10,
            ca_file=server.ca_file,
        ),
        username=user,
        secret=from_password(PASSWORD),
        limits=Limits(max_bytes=LIMIT, batch_count=BATCH, batch_bytes=2 * LIMIT),
        now=lambda: datetime(2026, 11, 22, tzinfo=UTC),
    )


@pytest.fixture(params=["memory", pytest.param("dovecot", marks=pytest.mark.imap)])
def house(request: pytest.FixtureRequest) -> House:
    if request.param == "memory":
        return MemoryHouse()
    return DovecotHouse(request.getfixturevalue("dovecot"))


@pytest.fixture
def mailbox(house: House) -> Iterator[Mailbox]:
    mailbox = house.mailboxes.connect()
    yield mailbox
    mailbox.close()


def read(mailbox: Mailbox, cursor: Cursor | None = None) -> list[FetchedMessage]:
    batches = mailbox.fetch_after(FOLDER, cursor)
    return [message for batch in batches for message in batch]


def subject(message: FetchedMessage) -> str:
    lines = message.raw.decode().splitlines()
    (found,) = (line for line in lines if line.startswith("Subject: "))
    return found.removeprefix("Subject: ")


def behind(message: FetchedMessage) -> Cursor:
    return Cursor(uid_validity=message.uid_validity, uid=message.uid)


def test_an_empty_folder_gives_nothing(mailbox: Mailbox) -> None:
    assert [] == read(mailbox)


def test_messages_come_whole_with_their_receipt_time(
    house: House, mailbox: Mailbox
) -> None:
    house.put(mail("slett meg"))

    (message,) = read(mailbox)

    assert mail("slett meg") == message.raw
    assert MORNING == message.received_at
    assert message.received_at.tzinfo is not None
    assert (FOLDER, len(message.raw)) == (message.folder, message.size)
    assert (True, False) == (message.whole, message.unreadable)


def test_messages_come_oldest_first_in_bounded_batches(
    house: House, mailbox: Mailbox
) -> None:
    for number in range(7):
        house.put(mail(f"number {number}"))

    batches = list(mailbox.fetch_after(FOLDER, None))

    assert [3, 3, 1] == [len(batch) for batch in batches]
    subjects = [subject(message) for batch in batches for message in batch]
    assert [f"number {number}" for number in range(7)] == subjects


def test_only_what_lies_behind_the_cursor_comes(house: House, mailbox: Mailbox) -> None:
    house.put(mail("first"))
    house.put(mail("second"))
    first, second = read(mailbox)

    assert [second] == read(mailbox, behind(first))
    assert [] == read(mailbox, behind(second))


def test_a_cursor_of_another_uidvalidity_counts_as_none(
    house: House, mailbox: Mailbox
) -> None:
    house.put(mail("first"))
    house.put(mail("second"))
    _, second = read(mailbox)
    house.number_anew()

    again = read(mailbox, behind(second))

    assert ["first", "second"] == [subject(message) for message in again]
    assert second.uid_validity not in {message.uid_validity for message in again}


def test_a_removed_message_is_no_trouble(house: House, mailbox: Mailbox) -> None:
    house.put(mail("first"))
    house.put(mail("second"))
    house.remove_oldest()

    assert ["second"] == [subject(message) for message in read(mailbox)]


def test_a_message_over_the_limit_comes_as_its_header(
    house: House, mailbox: Mailbox
) -> None:
    house.put(mail("large", size=2 * LIMIT))
    house.put(mail("small"))

    large, small = read(mailbox)

    assert (False, False) == (large.whole, large.unreadable)
    assert len(mail("large", size=2 * LIMIT)) == large.size
    assert "large" == subject(large)
    assert b"xxxx" not in large.raw
    assert mail("small") == small.raw


def test_a_damaged_message_is_handed_over_as_unreadable_and_the_others_go_on(
    house: House, mailbox: Mailbox
) -> None:
    for name in ("before", "damaged", "after"):
        house.put(mail(name))
    house.damage(b"Subject: damaged")

    messages = read(mailbox)

    assert [True] == [message.unreadable for message in messages if message.unreadable]
    readable = [subject(message) for message in messages if not message.unreadable]
    assert ["before", "after"] == readable


def test_reading_changes_nothing_on_the_server(house: House, mailbox: Mailbox) -> None:
    house.put(mail("unread"))

    assert read(mailbox) == read(mailbox)


def test_moved_messages_are_in_the_other_folder(house: House, mailbox: Mailbox) -> None:
    for name in ("first", "second", "third"):
        house.put(mail(name))
    first, _, third = read(mailbox)

    mailbox.move(FOLDER, first.uid_validity, [first.uid, third.uid], DONE)

    assert ["second"] == house.subjects(FOLDER)
    assert ["first", "third"] == house.subjects(DONE)


def test_moving_what_is_gone_is_no_error(house: House, mailbox: Mailbox) -> None:
    house.put(mail("first"))
    (first,) = read(mailbox)
    for _ in range(2):
        mailbox.move(FOLDER, first.uid_validity, [first.uid], DONE)

    assert ["first"] == house.subjects(DONE)


def test_nothing_is_moved_by_the_uids_of_a_former_folder(
    house: House, mailbox: Mailbox
) -> None:
    house.put(mail("first"))
    (first,) = read(mailbox)

    mailbox.move(FOLDER, first.uid_validity + 1, [first.uid], DONE)

    assert ["first"] == house.subjects(FOLDER)


def test_reading_goes_on_while_messages_are_moved(
    house: House, mailbox: Mailbox
) -> None:
    for number in range(7):
        house.put(mail(f"number {number}"))

    seen = []
    for batch in mailbox.fetch_after(FOLDER, None):
        seen += [subject(message) for message in batch]
        uids = [message.uid for message in batch]
        mailbox.move(FOLDER, batch[0].uid_validity, uids, DONE)

    assert [f"number {number}" for number in range(7)] == seen
    assert seen == house.subjects(DONE)


def test_waiting_ends_quietly_when_nothing_comes(
    house: House, mailbox: Mailbox
) -> None:
    house.put(mail("old"))
    read(mailbox)

    assert mailbox.wait(FOLDER, 0.2) is False


def test_waiting_ends_at_once_for_mail_that_came_since_the_last_reading(
    house: House, mailbox: Mailbox
) -> None:
    read(mailbox)
    house.put(mail("meanwhile"))

    assert mailbox.wait(FOLDER, 60) is True


def test_waiting_ends_when_mail_comes(house: House, mailbox: Mailbox) -> None:
    read(mailbox)
    arrival = threading.Timer(0.2, house.put, [mail("new")])
    arrival.start()

    assert mailbox.wait(FOLDER, 60) is True
    arrival.join()
    assert ["new"] == [subject(message) for message in read(mailbox)]


def test_a_connection_lost_while_waiting_is_told(
    house: House, mailbox: Mailbox
) -> None:
    loss = threading.Timer(0.2, house.lose_connections)
    loss.start()

    with pytest.raises(UnreachableError):
        mailbox.wait(FOLDER, 60)
    loss.join()


def test_a_lost_connection_is_told_and_a_new_one_works(
    house: House, mailbox: Mailbox
) -> None:
    house.put(mail("first"))
    house.lose_connections()

    with pytest.raises(UnreachableError, match=r"imap\.host"):
        read(mailbox)
    mailbox.close()

    again = house.mailboxes.connect()
    assert ["first"] == [subject(message) for message in read(again)]
    again.close()


def test_a_missing_folder_is_a_matter_of_settings(mailbox: Mailbox) -> None:
    with pytest.raises(SettingsError, match=r"imap\.folders.*Nowhere"):
        list(mailbox.fetch_after("Nowhere", None))
    with pytest.raises(SettingsError, match=r"imap\.folders.*Nowhere"):
        mailbox.wait("Nowhere", 1)


@pytest.mark.imap
def test_fetching_leaves_messages_unseen_in_dovecot(dovecot: Dovecot) -> None:
    house = DovecotHouse(dovecot)
    house.put(mail("unread"))
    mailbox = house.mailboxes.connect()
    read(mailbox)
    mailbox.close()

    with dovecot.client(house.user) as client:
        client.select_folder(FOLDER, readonly=True)
        (flags,) = client.get_flags(client.search()).values()
    assert SEEN not in flags

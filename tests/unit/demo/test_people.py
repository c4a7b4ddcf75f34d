"""Who is in the demo, their post boxes, and their conversations."""

from datetime import UTC, datetime, timedelta

import pytest

from inbox_bot.demo.people import Entry, People
from inbox_bot.demo.postboxes import PostBoxes
from inbox_bot.demo.writing import Sending
from inbox_bot.errors import NotFoundError

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
VERIFY = (
    b"From: us@example.com\r\nSubject: Please verify\r\n\r\n"
    b"Open http://127.0.0.1:8080/verify/aB-c_9 or write 123 456.\r\n"
)


def by_kari(subject: str = "Innsyn") -> Sending:
    raw = f"From: Kari <kari@example.org>\r\nSubject: {subject}\r\n\r\nHei\r\n"
    return Sending(mail_from="kari@example.org", content=raw.encode())


def got(boxes: PostBoxes, to: str = "Kari@example.org", at: datetime = NOW) -> None:
    boxes.put(to, VERIFY, mail_from="", received_at=at)


def test_a_box_gives_what_its_receiver_reads():
    boxes = PostBoxes()
    got(boxes)

    (mail,) = boxes.of("kari@EXAMPLE.org")

    assert mail.message.subject == "Please verify"
    assert mail.token == "aB-c_9"
    assert mail.code == "123 456"
    assert boxes.get(mail.number) == mail
    assert boxes.get(99) is None


def test_a_mail_without_link_or_code_has_none():
    boxes = PostBoxes()
    boxes.put("ola@example.org", b"\r\nHei 12 345", mail_from="", received_at=NOW)

    (mail,) = boxes.of("ola@example.org")

    assert mail.token is None
    assert mail.code is None


def test_a_conversation_holds_both_sides_in_order():
    boxes = PostBoxes()
    people = People(boxes)
    got(boxes, at=NOW + timedelta(minutes=1))
    kari = people.note(by_kari(), NOW)
    people.note(by_kari("Igjen"), NOW + timedelta(minutes=2))

    subjects = [entry.subject for entry in people.conversation(kari)]

    assert subjects == ["Innsyn", "Please verify", "Igjen"]


def test_who_was_only_written_to_is_there_as_well():
    boxes = PostBoxes()
    people = People(boxes)
    people.note(by_kari(), NOW)
    got(boxes, to="ola@example.org")

    found = [(person.address, count) for person, count in people.everybody()]

    assert found == [("kari@example.org", 0), ("ola@example.org", 1)]
    assert people.get(2).sender == "ola@example.org"
    assert people.get(1).sender == "Kari <kari@example.org>"


def test_an_unknown_number_is_nobody():
    with pytest.raises(NotFoundError):
        People(PostBoxes()).get(1)


def test_only_links_to_the_bots_own_pages_lead_anywhere():
    text = "See http://127.0.0.1:8080/verify/abc and https://elsewhere.example/x."
    entry = Entry(at=NOW, subject="", text=text)

    pieces = list(entry.pieces)

    assert pieces[1] == ("http://127.0.0.1:8080/verify/abc", "/verify/abc")
    assert [path for _, path in pieces] == ["", "/verify/abc", ""]
    assert "".join(piece for piece, _ in pieces) == text

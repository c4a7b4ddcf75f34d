"""The bytes that leave."""

from datetime import datetime

import pytest

from inbox_bot.domain.message import Address
from inbox_bot.errors import RefusalError
from inbox_bot.mime.composer import MAX_REFERENCES, compose, wire_address
from tests.unit.mime.mails import outgoing, parse


def test_the_same_message_gives_the_same_bytes():
    assert compose(outgoing()) == compose(outgoing())
    assert compose(outgoing()) != compose(outgoing(text="Other words"))


def test_a_message_has_its_fields_and_both_forms():
    raw = compose(outgoing()).decode()

    assert "Date: Sun, 22 Nov 2026 12:00:00 +0000\r\n" in raw
    assert "From: LeadJabber\r\n <privacy@leadjabber.test>\r\n" in raw
    assert "To: kari@example.org\r\n" in raw
    assert "Subject: Re: My data\r\n" in raw
    assert "Message-ID: <answer@leadjabber.test>\r\n" in raw
    assert "Auto-Submitted" not in raw
    assert "In-Reply-To" not in raw
    assert "Content-Type: text/plain; charset=utf-8\r\n" in raw
    assert "Content-Type: text/html; charset=utf-8\r\n" in raw


@pytest.mark.parametrize("word", ["auto-replied", "auto-generated"])
def test_a_machines_message_says_so(word):
    raw = compose(outgoing(auto_submitted=word)).decode()

    assert f"Auto-Submitted: {word}\r\n" in raw
    assert "X-Auto-Response-Suppress: All\r\n" in raw


def test_a_long_thread_keeps_its_root_and_its_parent():
    known = tuple(f"{number}@x.test" for number in range(50))
    read = parse(compose(outgoing(in_reply_to="7@x.test", references=known)))

    assert MAX_REFERENCES == len(read.references)
    assert ("0@x.test", "7@x.test") == (read.references[0], read.references[-1])
    assert ("7@x.test",) == read.in_reply_to


def test_garbage_ids_of_others_are_left_out():
    raw = compose(outgoing(in_reply_to="å b", references=("x",)))

    assert b"In-Reply-To" not in raw
    assert b"References" not in raw


def test_a_very_long_id_stays_in_one_piece():
    long = "x" * 300 + "@example.org"

    assert (long,) == parse(compose(outgoing(in_reply_to=long))).in_reply_to


@pytest.mark.parametrize(
    "name",
    [
        "",
        "LeadJabber, Privacy",
        'The "Bot"',
        "Ærlig & Åpen AS",
        "x" * 90,
        "=?utf-8?q?x?=",
    ],
)
def test_the_senders_name_is_read_back(name):
    sender = Address(addr_spec="privacy@leadjabber.test", display_name=name)

    assert sender == parse(compose(outgoing(sender=sender))).sender


@pytest.mark.parametrize(
    "words", ["Re: " + "sak " * 60, "æ" * 300, "x" * 200, "漢字" * 50, ""]
)
def test_a_subject_of_any_kind_is_read_back(words):
    raw = compose(outgoing(subject=words))

    assert words.strip() == parse(raw).subject
    assert max(len(line) for line in raw.split(b"\r\n")) <= 78


def test_an_international_domain_leaves_as_a_labels():
    assert "kari@xn--blbr-roah.example" == wire_address("kari@blåbær.example")


def test_an_international_local_part_leaves_as_it_is():
    raw = compose(outgoing(recipient="kåre@example.org"))

    assert "To: kåre@example.org\r\n".encode() in raw


@pytest.mark.parametrize(
    "wrong",
    [
        {"recipient": "kari@example.org\r\nBcc: evil@example.com"},
        {"recipient": "kari@example.org, evil@example.com"},
        {"recipient": ""},
        {"sender": Address(addr_spec="")},
        {"message_id": "a@b.test>\r\nX: y"},
        {"message_id": "no-domain"},
        {"auto_submitted": "auto-replied\r\nX: y"},
        {"date": datetime(2026, 11, 22, 12, 0)},  # noqa: DTZ001
    ],
)
def test_what_would_break_a_field_is_refused(wrong):
    with pytest.raises(RefusalError):
        compose(outgoing(**wrong))


def test_lines_that_old_servers_alter_are_protected():
    raw = compose(outgoing(text="From here\n.\nend"))

    assert b"\r\nFrom here" not in raw
    assert b"\r\n.\r\n" not in raw
    assert "From here\n.\nend" == parse(raw).author_text


def test_mostly_foreign_letters_leave_as_base64():
    assert b"base64" in compose(outgoing(text="Привет"))
    assert b"base64" not in compose(outgoing())

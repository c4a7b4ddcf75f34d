"""How the people of the demo write their mails and answers."""

import re
from datetime import UTC, datetime

import pytest

from inbox_bot.demo.writing import Writing, answer, compose
from inbox_bot.errors import RefusalError
from inbox_bot.mime.parser import parse

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
US = "privacy@leadjabber.example"


def message_of(writing: Writing):
    sending = compose(writing, to=US, date=NOW, message_id="1@demo.example")
    return parse(sending.content)


def test_a_writing_becomes_a_mail():
    writing = Writing(sender="Kari Å <kari@example.org>", subject="Hei", body="På tide")

    message = message_of(writing)

    assert message.sender.addr_spec == "kari@example.org"
    assert message.sender.display_name == "Kari Å"
    assert message.subject == "Hei"
    assert message.text.strip() == "På tide"


@pytest.mark.parametrize("line_break", ["\r\n", "\n", "=?utf-8?q?=0D=0A?= "])
def test_a_line_break_in_a_field_makes_no_new_header(line_break):
    writing = Writing(
        sender=f"Mallory{line_break}Bcc: ola@example.org <m@example.org>",
        subject=f"x {line_break}Auto-Submitted: auto-replied",
    )

    sending = compose(writing, to=US, date=NOW, message_id="1@demo.example")

    assert not re.search(rb"^(Bcc|Auto-Submitted):", sending.content, re.MULTILINE)


@pytest.mark.parametrize("sender", ["", "Kari", "kari@", "@example.org", "a b@c d"])
def test_a_sender_without_address_is_refused(sender):
    with pytest.raises(RefusalError):
        compose(
            Writing(sender=sender, subject=""),
            to=US,
            date=NOW,
            message_id="1@demo.example",
        )


def test_an_address_beyond_ascii_can_write():
    writing = Writing(sender="pål@example.org", subject="Hei", body="Hei")

    sending = compose(writing, to=US, date=NOW, message_id="1@demo.example")

    assert sending.mail_from == "pål@example.org"
    sender = parse(sending.content).sender
    assert sender is not None
    assert sender.addr_spec == "pål@example.org"


def test_an_answer_stands_in_the_thread_with_the_mail_quoted():
    first = Writing(sender="bot@example.com", subject="Please verify", body="123 456")
    written = answer(message_of(first), sender="kari@example.org", words="654 321")

    message = message_of(written)

    assert message.in_reply_to == ("1@demo.example",)
    assert message.references == ("1@demo.example",)
    assert message.subject == "Re: Please verify"
    assert message.author_text.strip() == "654 321"
    assert "123 456" in message.quoted_text

"""Example mails for the tests of `mime`: example.com, .org and .test only."""

from datetime import UTC, datetime
from typing import Any

from inbox_bot.domain.message import Address
from inbox_bot.mime import parser
from inbox_bot.mime.composer import OutgoingMail

KARI = "Kari Nordmann <kari@example.org>"
OURS = "mx.leadjabber.test"


def parse(raw, *, authserv_id=""):
    """Return the message, untyped: a test knows what is not None in it."""
    return parser.parse(raw, authserv_id=authserv_id)


def mail(*fields, body="Please send me my data.\n", sender=KARI):
    """Return a message with the usual fields and those given, LF line ends."""
    usual = (
        f"From: {sender}",
        "To: privacy@leadjabber.test",
        "Subject: My data",
        "Date: Sun, 22 Nov 2026 10:04:00 +0100",
        "Message-ID: <one@example.org>",
    )
    named = {field.partition(":")[0].lower() for field in fields}
    kept = [each for each in usual if each.partition(":")[0].lower() not in named]
    head = "\n".join([*fields, *kept])
    return f"{head}\n\n{body}".encode()


def multipart(*parts, kind="mixed", boundary="frontier", fields=()):
    """Return a multipart message of the given parts (each header, empty line, body)."""
    delimiter = f"--{boundary}"
    body = "".join(f"{delimiter}\n{part}\n" for part in parts) + f"{delimiter}--\n"
    content_type = f'Content-Type: multipart/{kind}; boundary="{boundary}"'
    return mail(*fields, content_type, body=body)


def text(words, subtype="plain"):
    return f"Content-Type: text/{subtype}; charset=utf-8\n\n{words}"


def outgoing(**changes):
    """Return an answer to Kari with the given differences."""
    usual: dict[str, Any] = {
        "sender": Address(
            addr_spec="privacy@leadjabber.test", display_name="LeadJabber"
        ),
        "recipient": "kari@example.org",
        "subject": "Re: My data",
        "text": "Hello Kari,\n\nwe have your request.\n",
        "html": "<p>Hello Kari</p>\n",
        "message_id": "answer@leadjabber.test",
        "date": datetime(2026, 11, 22, 12, 0, tzinfo=UTC),
    }
    return OutgoingMail(**(usual | changes))

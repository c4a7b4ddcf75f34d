"""`parse` prints every field that contract.md names, and null for what is missing."""

import json
from datetime import UTC, datetime

from inbox_bot.cli.describe import describe
from inbox_bot.domain.message import InboundMessage
from inbox_bot.mime.parser import parse

FIELDS = [
    "kind_of_automation",
    "from",
    "subject",
    "message_id",
    "in_reply_to",
    "references",
    "date",
    "text",
    "author_text",
    "attachments",
    "authentication",
    "defects",
]

REPLY = b"""\
Authentication-Results: mx.leadjabber.test; spf=pass; dkim=pass; dmarc=pass
From: Kari Nes <kari@example.org>
To: privacy@leadjabber.com
Subject: Re: My data
Date: Sun, 22 Nov 2026 10:30:00 +0100
Message-ID: <3@example.org>
In-Reply-To: <2@leadjabber.com>
References: <1@example.org> <2@leadjabber.com>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=B

--B
Content-Type: text/plain

Here it is.

> What is it?
--B
Content-Type: application/pdf; name="scan.pdf"
Content-Disposition: attachment; filename="scan.pdf"

1234
--B--
"""


def test_a_reply_is_described_field_by_field():
    described = describe(parse(REPLY, authserv_id="mx.leadjabber.test"))

    assert FIELDS == list(described)
    assert "kari@example.org" == described["from"]
    assert "Re: My data" == described["subject"]
    assert "3@example.org" in described["message_id"]
    assert "2@leadjabber.com" in described["in_reply_to"]
    assert 2 == len(described["references"])
    assert "2026-11-22T10:30:00+01:00" == described["date"]
    assert "Here it is." == described["author_text"].strip()
    assert "What is it?" in described["text"]
    assert {
        "spf": "pass",
        "dkim": "pass",
        "dmarc": "pass",
        "trusted": True,
    } == described["authentication"]


def test_an_attachment_is_listed_with_name_type_and_size():
    (attachment,) = describe(parse(REPLY))["attachments"]

    assert ["name", "type", "size"] == list(attachment)
    assert ("scan.pdf", "application/pdf") == (attachment["name"], attachment["type"])
    assert 0 < attachment["size"] < 10


def test_what_is_missing_is_null_and_texts_are_empty():
    described = describe(InboundMessage(sender=None, subject="", author_text=""))

    missing = ("from", "message_id", "in_reply_to", "date")
    assert [None] * 4 == [described[name] for name in missing]
    assert ["", "", ""] == [described[n] for n in ("subject", "text", "author_text")]
    assert [[], [], []] == [
        described[name] for name in ("references", "attachments", "defects")
    ]
    assert "none" == described["kind_of_automation"]
    assert {
        "spf": None,
        "dkim": None,
        "dmarc": None,
        "trusted": False,
    } == described["authentication"]


def test_any_message_is_json():
    message = InboundMessage(
        sender=None,
        subject="\ud800",
        author_text="",
        date=datetime(2026, 11, 22, tzinfo=UTC),
    )

    assert "\ud800" == json.loads(json.dumps(describe(message)))["subject"]

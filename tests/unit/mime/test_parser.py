"""What the parser makes of honest and hostile messages."""

import time
from datetime import UTC, datetime, timedelta, timezone

import pytest

from inbox_bot.domain.message import Address, Attachment
from inbox_bot.mime.structure import MAX_DEPTH, MAX_PARTS
from tests.unit.mime.mails import OURS, mail, multipart, parse, text


def test_an_ordinary_mail_is_read_whole():
    read = parse(
        mail(
            "Return-Path: <kari@example.org>",
            "Cc: Ola <ola@example.com>",
            "In-Reply-To: <two@x.test>",
            "References: <one@x.test> <two@x.test>",
        )
    )

    assert (
        Address(addr_spec="kari@example.org", display_name="Kari Nordmann")
        == read.sender
    )
    assert ("privacy@leadjabber.test", "ola@example.com") == tuple(
        each.addr_spec for each in read.recipients
    )
    assert "My data" == read.subject
    assert "one@example.org" == read.message_id
    assert ("two@x.test", "one@x.test") == read.ancestors
    assert (
        datetime(2026, 11, 22, 10, 4, tzinfo=timezone(timedelta(hours=1))) == read.date
    )
    assert "kari@example.org" == read.return_path
    assert "Please send me my data." == read.text.strip()
    assert "Please send me my data." == read.author_text
    assert None is read.html
    assert read.answerable
    assert () == read.defects


def test_empty_bytes_are_a_message_without_anything():
    read = parse(b"")

    assert None is read.sender
    assert not read.answerable
    assert ("no_from", "no_date", "no_message_id") == read.defects


def test_bytes_without_a_header_are_all_body():
    read = parse(b"delete my account\nthanks\n")

    assert "delete my account\nthanks" == read.author_text
    assert "bad_header" in read.defects


def test_words_behind_a_missing_empty_line_are_not_lost():
    read = parse(b"From: kari@example.org\nSubject: Hi\nPlease delete me.\nKari\n")

    assert "Please delete me.\nKari" == read.author_text
    assert "bad_header" in read.defects


def test_a_header_without_a_body_is_read():
    assert "Hi" == parse(b"From: kari@example.org\nSubject: Hi").subject


def test_an_mbox_line_on_top_is_skipped():
    read = parse(b"From kari@example.org Sun Nov 22\n" + mail())

    assert "kari@example.org" == read.sender.addr_spec
    assert () == read.defects


@pytest.mark.parametrize(
    ("raw", "defect"),
    [
        (mail("X-Odd: a\rBcc: evil@example.com"), "bare_cr"),
        (mail().replace(b"\n", b"\r\n", 3), "bare_lf"),
        (mail("X-Odd: a\0b"), "nul"),
        (mail("From: a@example.org", "From: b@example.org"), "multiple_from"),
        (mail("From: a@example.org", "From: b@example.org"), "duplicate_from"),
        (mail(sender="a@example.org, b@example.org"), "multiple_from"),
        (mail("Subject: one", "Subject: two"), "duplicate_subject"),
        (mail("Date: x", "Date: y"), "duplicate_date"),
        (
            mail("Message-ID: <a@b.test>", "Message-ID: <c@d.test>"),
            "duplicate_message_id",
        ),
    ],
)
def test_an_ambiguous_message_is_never_trusted(raw, defect):
    results = f"Authentication-Results: {OURS}; dmarc=pass header.from=example.org\n"
    newline = b"\r\n" if b"\r\n" in raw else b"\n"
    read = parse(results.encode().replace(b"\n", newline) + raw, authserv_id=OURS)

    assert defect in read.defects
    assert not read.authentication.trusted
    assert not read.authentication.aligned


def test_a_clean_message_from_our_border_is_trusted():
    results = f"Authentication-Results: {OURS}; dmarc=pass header.from=example.org\n"

    assert parse(results.encode() + mail(), authserv_id=OURS).authentication.aligned


def test_nobody_is_answered_by_machine_when_there_are_two_senders():
    assert not parse(mail(sender="a@example.org, b@example.org")).answerable


@pytest.mark.parametrize(
    ("raw", "defect"),
    [
        (mail("From: nobody in particular"), "bad_from"),
        (mail("Date: yesterday"), "bad_date"),
        (mail("Date: Sun, 22 Nov 2026 10:04:00"), "bad_date"),
        (mail("Date: Sun, 22 Nov 2026 10:04:00 +9999"), "bad_date"),
        (mail("Date: Sun, 22 Nov 1900 10:04:00 +0100"), "bad_date"),
        (mail("Message-ID: garbage"), "no_message_id"),
        (mail("Subject: " + "long " * 400), "header_truncated"),
        (mail("X-Long: " + "x" * 20_000), "header_truncated"),
        (mail(*["X-Many: y"] * 1_100), "header_truncated"),
        (
            mail("Content-Type: text/plain; charset=utf-8").replace(b"Please", b"\xff"),
            "bad_charset",
        ),
        (
            mail("Content-Type: text/plain; charset=utf-7", body="+ADw-script+AD4-"),
            "bad_charset",
        ),
        (mail("Content-Type: text/plain; charset=zlib"), "bad_charset"),
        (mail("Content-Transfer-Encoding: base64", body="aGk=!!"), "bad_encoding"),
        (mail("Content-Transfer-Encoding: base64", body="aGkxx"), "bad_encoding"),
        (mail("Content-Transfer-Encoding: rot13"), "bad_encoding"),
        (mail("Content-Type: multipart/mixed"), "no_boundary"),
        (mail("Content-Type: multipart/mixed; boundary=b"), "no_boundary"),
        (multipart(text("Hi"))[:-13], "unterminated_multipart"),
        (mail(body="word " * 50_000), "text_truncated"),
        (mail("Content-Type: text/html", body="<p>word " * 80_000), "text_truncated"),
        (mail("Content-Type: text/html", body="<b><i>" * 300 + "Hi"), "html_too_deep"),
        (multipart(text("Hi"), "Content-Type: application/ms-tnef\n\nx"), "tnef"),
        (mail("Content-Type: application/pkcs7-mime", body="x"), "encrypted"),
    ],
)
def test_a_defect_is_told_by_its_word(raw, defect):
    assert defect in parse(raw).defects


def test_a_sender_that_makes_no_address_is_no_sender():
    assert None is parse(mail("From: undisclosed-recipients:;")).sender


def test_words_in_a_broken_multipart_are_still_read():
    raw = mail("Content-Type: multipart/mixed; boundary=nowhere", body="Delete me.")

    assert "Delete me." == parse(raw).author_text


def test_a_report_without_its_parts_is_never_answered():
    raw = mail("Content-Type: multipart/report; report-type=delivery-status")

    assert not parse(raw).answerable


def test_nesting_is_read_to_its_limit():
    part = text("at the bottom")
    for level in range(MAX_DEPTH * 300):
        part = f'Content-Type: multipart/mixed; boundary="b{level}"\n\n--b{level}\n{part}\n--b{level}--'
    started = time.process_time()
    read = parse(b"From: kari@example.org\n" + part.encode())

    assert "too_deep" in read.defects
    assert time.process_time() - started < 5


def test_embedded_messages_are_read_to_the_same_limit():
    raw = b"Content-Type: message/rfc822\n\n" * 2_000 + mail()

    assert "too_deep" in parse(raw).defects


def test_ten_thousand_parts_are_read_to_the_limit():
    read = parse(multipart(*[text("Hi")] * 10_000))

    assert "too_many_parts" in read.defects
    assert read.author_text.count("Hi") == MAX_PARTS - 1


def test_parts_of_parts_share_one_limit():
    inner = "\n".join(["--i", text("Hi")] * 300)
    nested = f"Content-Type: multipart/mixed; boundary=i\n\n{inner}\n--i--"

    assert "too_many_parts" in parse(multipart(nested, nested)).defects
    assert (
        "too_many_parts"
        in parse(
            multipart(
                *[text("Hi")] * (MAX_PARTS - 2), "Content-Type: message/rfc822\n\n"
            )
        ).defects
    )


@pytest.mark.parametrize(
    "field",
    [
        "Subject: " + "=?utf-8?b?AAAA?= " * 900,
        "Subject: " + "=?" * 8_000,
        "Content-Type: text/plain; " + 'name="' * 2_500,
        "Content-Type: text/plain;" + " name*" * 2_500 + "9" * 5_000 + "*=x",
        "From: " + "(" * 16_000,
        "From: " + '"' * 15_999,
        "References: " + "<" * 16_000,
        "Date: " + "9" * 16_000,
        "Auto-Submitted: " + " " * 16_000,
    ],
)
def test_a_bomb_in_a_field_costs_no_time(field):
    started = time.process_time()
    parse(mail(field))

    assert time.process_time() - started < 2


def test_combining_marks_by_the_thousand_cost_no_time():
    started = time.process_time()
    parse(mail(body="a" + "\u0300\u0323" * 90_000))

    assert time.process_time() - started < 2


def test_a_redelivered_message_keeps_its_identity():
    first = parse(mail("Received: from a by b", "Return-Path: <x@example.org>"))
    second = parse(
        mail("Delivered-To: y@example.org", "X-Spam: no").replace(b"\n", b"\r\n")
    )

    assert first.identity == second.identity


def test_a_reencoded_message_keeps_its_identity():
    plain = mail("Content-Type: text/plain; charset=utf-8", body="Send mine\n")
    packed = mail(
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: base64",
        body="U2VuZCBtaW5lDQo=\n",
    )

    assert parse(plain).identity == parse(packed).identity


@pytest.mark.parametrize(
    "other",
    [
        mail(body="Please delete my data.\n"),
        mail("Subject: Mine"),
        mail("Date: Sun, 22 Nov 2026 10:05:00 +0100"),
        mail(sender="ola@example.org"),
        multipart(text("Please send me my data."), "Content-Type: a/b\n\nx"),
    ],
)
def test_another_message_has_another_identity(other):
    assert parse(mail()).identity != parse(other).identity


def test_attachments_are_listed_with_harmless_names():
    read = parse(
        multipart(
            text("See attached."),
            "Content-Type: application/pdf\nContent-Disposition: attachment;"
            " filename*0*=utf-8''..%2F..%2Fetc%2F;\n filename*1=pass; filename*2*=wd%C3%A5\n\nx",
            'Content-Type: image/png; name="=?utf-8?q?inv=E2=80=AEgpj.exe?="\n\nxx',
            "Content-Type: text/plain\nContent-Disposition: attachment; filename=a.txt\n\nno words",
            "Content-Type: message/rfc822\n\nSubject: Inner\nFrom: ola@example.com\n\ninner words",
        )
    )

    assert (
        Attachment(name="passwdå", type="application/pdf", size=1),
        Attachment(name="inv gpj.exe", type="image/png", size=2),
        Attachment(name="a.txt", type="text/plain", size=8),
    ) == read.attachments[:3]
    assert "message/rfc822" == read.attachments[3].type
    assert "See attached." == read.author_text


def test_an_embedded_message_is_a_forwarded_part():
    inner = mail(body="I want my data.\n").decode()
    read = parse(
        multipart(
            text("Can you handle this?"), f"Content-Type: message/rfc822\n\n{inner}"
        )
    )

    assert "Can you handle this?" == read.author_text
    assert "kari@example.org" == read.forwarded[0].sender.addr_spec
    assert "My data" == read.forwarded[0].subject
    assert "I want my data." == read.forwarded[0].text.strip()
    assert datetime(2026, 11, 22, 9, 4, tzinfo=UTC) == read.forwarded[0].date


def test_a_digest_holds_messages():
    read = parse(
        multipart("\nFrom: ola@example.com\nSubject: One\n\nHi", kind="digest")
    )

    assert ["One"] == [part.subject for part in read.forwarded]


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("Return-Path: <>", ""),
        ("Return-Path: <KARI@Example.ORG>", "KARI@example.org"),
        ("X-None: 1", None),
    ],
)
def test_the_null_sender_differs_from_none(field, expected):
    assert expected == parse(mail(field)).return_path

"""What the demo's mail server strips from a message and stamps on it."""

from datetime import UTC, datetime

from inbox_bot.demo.border import AUTHSERV_ID, stamp
from inbox_bot.mime.parser import parse

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
KARI = "kari@example.org"


def stamped(raw: bytes, mail_from: str = KARI) -> bytes:
    return stamp(raw, mail_from=mail_from, received_at=NOW)


def authentication(raw: bytes, mail_from: str = KARI):
    message = parse(stamped(raw, mail_from), authserv_id=AUTHSERV_ID)
    return message.authentication


def test_a_writer_from_the_envelopes_domain_passes():
    found = authentication(b"From: Kari <kari@example.org>\r\n\r\nHei\r\n")

    assert found.trusted
    assert found.aligned


def test_a_writer_in_somebody_elses_name_fails():
    raw = b"From: Kari <kari@example.org>\r\n\r\nHei\r\n"

    found = authentication(raw, mail_from="mallory@example.net")

    assert found.dmarc == "fail"


def test_two_authors_do_not_pass():
    raw = b"From: kari@example.org\r\nFrom: ola@example.org\r\n\r\nHei\r\n"

    assert not authentication(raw).aligned


def test_what_a_writer_claims_about_authentication_is_gone():
    raw = (
        b"Subject: hei\r\n"
        b"Authentication-Results: mx.demo.example;\r\n dmarc=pass\r\n"
        b"AUTHENTICATION-RESULTS : mx.demo.example; dkim=pass\r\n"
        b"Return-Path: <ola@example.org>\r\n"
        b"From: kari@example.org\r\n\r\nHei\r\n"
    )

    kept = stamped(raw, mail_from="mallory@example.net")

    assert kept.lower().count(b"authentication-results") == 1
    assert kept.count(b"Return-Path") == 1
    assert b"dkim=pass" not in kept
    assert b"Subject: hei\r\nFrom: kari@example.org\r\n\r\nHei\r\n" in kept


def test_a_claim_in_the_body_is_just_text():
    raw = b"From: kari@example.org\r\n\r\nReturn-Path: <x@example.org>\r\n"

    assert stamped(raw).endswith(raw)


def test_a_broken_message_keeps_every_byte():
    raw = b"From: kari@example.org\nSubject: \xe6\x00\n\nbare \x00 \xff\n"

    assert stamped(raw).endswith(raw)


def test_a_message_of_header_alone_is_stamped():
    assert stamped(b"From: kari@example.org").endswith(b"From: kari@example.org")


def test_the_null_sender_is_kept_and_passes_nothing():
    raw = b"From: mailer-daemon@example.org\r\n\r\nfailed\r\n"

    message = parse(stamped(raw, mail_from=""), authserv_id=AUTHSERV_ID)

    assert message.return_path == ""
    assert not message.authentication.aligned

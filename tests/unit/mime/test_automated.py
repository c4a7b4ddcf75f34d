"""Machines behind a message, what they report, and whom a machine may answer."""

import pytest

from inbox_bot.domain.message import Automation
from tests.unit.mime.mails import mail, multipart, parse, text

RETURNED = "Message-ID: <ours@leadjabber.test>\nSubject: Re: My data\n\nHello\n"
STATUS = (
    "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.org\n\n"
    "Final-Recipient: rfc822; ola@example.org\nAction: delayed\nStatus: 4.4.1\n\n"
    "Final-Recipient: rfc822;kari@example.org\nAction: Failed\nStatus: 5.1.1 (no such user)\n"
)


def report(kind, *parts, fields=()):
    raw = multipart(*parts, kind="report", fields=fields).decode()
    return raw.replace('boundary="', f'report-type={kind}; boundary="', 1).encode()


@pytest.mark.parametrize(
    "fields",
    [
        ["Auto-Submitted: auto-replied"],
        ["Auto-Submitted: AUTO-GENERATED (out of office); x=y"],
        ["Auto-Submitted: auto-notified; owner-email=x@example.org"],
        ["Auto-Submitted: no", "Auto-Submitted: auto-replied"],
        ["X-Autoreply: yes"],
        ["Precedence: auto_reply"],
        ["Subject: Automatic reply: My data"],
        ["Subject: Automatisk svar: Ferie"],
        ["Subject: Abwesenheitsnotiz: Urlaub"],
    ],
)
def test_an_answering_machine_is_known(fields):
    assert Automation.AUTO_REPLY == parse(mail(*fields)).automation


@pytest.mark.parametrize(
    "fields",
    [
        [],
        ["Auto-Submitted: no"],
        ["Auto-Submitted: NO (a person wrote this)"],
        ["Auto-Submitted: no; really"],
        ["Precedence: first-class"],
        ["X-Auto-Response-Suppress: DR, RN"],
        ["Subject: Re: Automatic reply: My data"],
        ["Return-Path: <kari@example.org>"],
    ],
)
def test_a_person_may_be_answered(fields):
    read = parse(mail(*fields))

    assert Automation.NONE == read.automation
    assert read.answerable


@pytest.mark.parametrize(
    "fields",
    [
        ["Return-Path: <>"],
        ["Return-Path: <MAILER-DAEMON@example.org>"],
        ["Auto-Submitted: auto-replied"],
        ["Auto-Submitted: Auto-Generated; x=y"],
        ["X-Autorespond: yes"],
        ["X-Auto-Response-Suppress: DR, oof"],
        ["X-Auto-Response-Suppress: All"],
        ["X-Auto-Response-Suppress: AutoReply"],
        ["List-Id: <news.example.org>"],
        ["List-Unsubscribe: <mailto:x@example.org>"],
        ["Precedence: bulk"],
        ["Precedence: List"],
        ["Precedence: junk"],
        ["From: x <>"],
    ],
)
def test_nothing_answers_where_the_rules_forbid_it(fields):
    assert not parse(mail(*fields)).answerable


@pytest.mark.parametrize(
    "local",
    [
        "MAILER-DAEMON",
        "postmaster",
        "owner-news",
        "news-owner",
        "news-request",
        "news-bounces",
        "bounce+123=x",
        "noreply",
        "no-reply",
        "No_Reply",
        "do-not-reply",
        "donotreply",
        "service.noreply",
        "noreply-service",
        "ikke-svar",
    ],
)
def test_role_addresses_are_never_answered(local):
    assert not parse(mail(sender=f"{local}@example.org")).answerable


@pytest.mark.parametrize("local", ["kari", "norepl", "requests", "noah.reply", "owner"])
def test_addresses_of_people_are_answered(local):
    assert parse(mail(sender=f"{local}@example.org")).answerable


@pytest.mark.parametrize("field", ["List-Id: <x.example.org>", "Precedence: bulk"])
def test_a_list_is_known(field):
    assert Automation.LIST == parse(mail(field)).automation


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (report("delivery-status", text("sorry")), Automation.BOUNCE),
        (report("Delivery-Status", text("sorry")), Automation.BOUNCE),
        (report("disposition-notification", text("read")), Automation.DISPOSITION),
        (report("feedback-report", text("spam")), Automation.FEEDBACK),
        (report("unheard-of", text("?")), Automation.BOUNCE),
        (multipart(text("sorry"), STATUS), Automation.BOUNCE),
        (
            mail("Subject: Report Domain: leadjabber.test Submitter: x Report-ID: <1>"),
            Automation.FEEDBACK,
        ),
        (mail("X-Failed-Recipients: kari@example.org"), Automation.BOUNCE),
        (mail(sender="MAILER-DAEMON@example.org"), Automation.BOUNCE),
        (
            mail("Subject: Undeliverable: My data", sender="postmaster@example.org"),
            Automation.BOUNCE,
        ),
        (mail("Subject: Undeliverable: My data"), Automation.NONE),
        (mail(sender="postmaster@example.org"), Automation.NONE),
    ],
)
def test_reports_are_told_apart(raw, expected):
    assert expected == parse(raw).automation


def test_a_bounce_tells_which_message_failed_for_whom():
    returned = f"Content-Type: message/rfc822\n\n{RETURNED}"
    read = parse(report("delivery-status", text("Sorry"), STATUS, returned))

    assert "failed" == read.delivery_report.action
    assert "5.1.1" == read.delivery_report.status
    assert "kari@example.org" == read.delivery_report.final_recipient
    assert ("ours@leadjabber.test",) == read.delivery_report.original_message_ids
    assert read.delivery_report.permanent
    assert () == read.forwarded
    assert "Sorry" == read.author_text
    assert not read.answerable


def test_a_delay_is_a_bounce_that_is_not_permanent():
    read = parse(
        report(
            "delivery-status",
            text("Later"),
            STATUS.partition("Final-Recipient: rfc822;kari")[0],
        )
    )

    assert Automation.BOUNCE == read.automation
    assert "delayed" == read.delivery_report.action
    assert not read.delivery_report.permanent


def test_returned_headers_alone_name_the_message():
    headers = f"Content-Type: text/rfc822-headers\n\n{RETURNED}"
    read = parse(report("delivery-status", text("Sorry"), STATUS, headers))

    assert ("ours@leadjabber.test",) == read.delivery_report.original_message_ids


def test_a_bounce_without_its_parts_tells_nothing():
    read = parse(report("delivery-status", text("Sorry")))

    assert None is read.delivery_report.action
    assert None is read.delivery_report.status
    assert None is read.delivery_report.final_recipient
    assert () == read.delivery_report.original_message_ids


def test_a_recipient_that_is_no_address_is_given_as_it_stands():
    status = "Content-Type: message/delivery-status\n\nAction: failed\nFinal-Recipient: x400; /CN=Kari\n"
    read = parse(report("delivery-status", status))

    assert "x400; /CN=Kari" == read.delivery_report.final_recipient


def test_an_old_servers_bounce_in_plain_text_names_the_message():
    read = parse(
        mail(
            "X-Failed-Recipients: kari@example.org",
            body=f"This message could not be delivered.\n\n------ copy ------\n\n{RETURNED}",
        )
    )

    assert "failed" == read.delivery_report.action
    assert "kari@example.org" == read.delivery_report.final_recipient
    assert ("ours@leadjabber.test",) == read.delivery_report.original_message_ids


def test_a_person_has_no_delivery_report():
    assert None is parse(mail()).delivery_report

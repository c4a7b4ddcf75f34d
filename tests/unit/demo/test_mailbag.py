"""The sample mails: enough, varied, and ready to be sent."""

from datetime import UTC, datetime

import pytest

from inbox_bot.demo.border import stamp
from inbox_bot.demo.mailbag import Sample, load
from inbox_bot.domain.effects import Place
from inbox_bot.domain.message import Automation
from inbox_bot.domain.reading import Right
from inbox_bot.mime.parser import parse

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
US = "privacy@leadjabber.example"
SAMPLES = load()


def message_of(sample: Sample):
    return parse(sample.sending(to=US, now=NOW).content)


def named(name: str) -> Sample:
    return next(sample for sample in SAMPLES if sample.name == name)


def test_there_are_enough_samples_for_a_demo():
    assert len(SAMPLES) >= 24


def test_the_samples_show_requests_and_what_is_none():
    labels = {label for s in SAMPLES for label in s.expect.labels or ()}
    places = {sample.expect.place for sample in SAMPLES}

    assert labels >= {Right.ACCESS, Right.DELETION, Right.OPT_OUT, Right.AGENT}
    assert places == {Place.CASE, Place.TRAY}


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_a_sample_arrives_under_its_own_message_id(sample):
    message = message_of(sample)

    assert message.message_id == sample.message_id
    assert message.sender is not None
    assert message.author_text


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_a_sample_names_only_invented_addresses(sample):
    sender = message_of(sample).sender

    assert sender.domain.endswith((".example", "example.com", "example.org", ".net"))


def test_a_raw_sample_keeps_its_faults():
    sending = named("28-malformed").sending(to=US, now=NOW)
    kept = stamp(sending.content, mail_from=sending.mail_from, received_at=NOW)

    assert {"bare_lf", "nul", "bad_charset"} <= set(parse(kept).defects)


def test_a_bounce_comes_from_the_null_sender():
    sample = named("18-bounce")

    assert sample.sending(to=US, now=NOW).mail_from == ""
    assert message_of(sample).automation is Automation.BOUNCE


def test_a_forwarded_mail_is_two_days_old_whenever_the_demo_runs():
    (passed_on,) = message_of(named("23-colleague-forwards")).forwarded

    assert passed_on.date == datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def test_hidden_text_is_not_the_writers():
    text = message_of(named("27-hidden-html")).author_text

    assert "unsubscribe" in text
    assert "Delete" not in text
    assert "agent" not in text

"""Whose word on the sender is believed."""

import pytest

from inbox_bot.domain.message import Authentication
from tests.unit.mime.mails import OURS, mail, parse

PASS = f"{OURS}; spf=pass smtp.mailfrom=example.org; dkim=pass header.d=example.org; dmarc=pass header.from=example.org"
BORDER = f"Received: from out.example.org (out.example.org [203.0.113.9]) by {OURS} with ESMTPS; Sun, 22 Nov 2026 10:04:00 +0100"
LMTP = f"Received: from {OURS} ([192.0.2.1]) by store.leadjabber.test with LMTP id x"
LOOPBACK = "Received: from filter (localhost [127.0.0.1]) by store.leadjabber.test"
SUBMITTED = "Received: by store.leadjabber.test (Postfix, from userid 1000) id x"


def judged(*fields, authserv_id=OURS):
    return parse(mail(*fields), authserv_id=authserv_id).authentication


def test_results_of_our_border_count():
    found = judged(f"Authentication-Results: {PASS}", BORDER)

    assert Authentication(spf="pass", dkim="pass", dmarc="pass", trusted=True) == found
    assert found.aligned


@pytest.mark.parametrize("hop", [LMTP, LOOPBACK, SUBMITTED])
def test_a_hop_inside_the_house_does_not_hide_the_results(hop):
    assert judged(hop, f"Authentication-Results: {PASS}", BORDER).trusted


def test_results_below_the_border_may_be_the_senders_own():
    assert Authentication() == judged(BORDER, f"Authentication-Results: {PASS}")


@pytest.mark.parametrize(
    "value",
    [
        PASS.replace(OURS, "mx.example.org"),
        PASS.replace(OURS, f"x.{OURS}"),
        PASS.replace("; dmarc", "; )( ; dmarc"),
        f"{OURS} 2; dmarc=pass",
        OURS,
        "",
        "; ; ;",
        '"',
        "(((((",
        "=" * 5_000,
    ],
)
def test_foreign_and_broken_results_count_for_nothing(value):
    assert Authentication() == judged(f"Authentication-Results: {value}", BORDER)


def test_without_a_configured_name_nobody_is_trusted():
    assert Authentication() == judged(f"Authentication-Results: {PASS}", authserv_id="")


def test_the_name_is_compared_without_case():
    assert judged(f"Authentication-Results: {PASS}", authserv_id=OURS.upper()).trusted


def test_the_topmost_result_wins():
    found = judged(
        f"Authentication-Results: {OURS}; dmarc=fail header.from=example.org",
        f"Authentication-Results: {PASS}",
    )

    assert ("fail", "pass") == (found.dmarc, found.spf)
    assert not found.aligned


def test_results_on_another_domain_than_froms_say_nothing_of_it():
    value = PASS.replace("header.from=example.org", "header.from=example.com")
    found = judged(f"Authentication-Results: {value}")

    assert None is found.dmarc
    assert "pass" == found.spf


def test_other_methods_are_left_out():
    found = judged(f"Authentication-Results: {OURS}; arc=pass; iprev=pass; dmarc=pass")

    assert Authentication(dmarc="pass", trusted=True) == found


def test_without_a_sender_nothing_is_aligned():
    assert None is judged(f"Authentication-Results: {PASS}", "From: x").dmarc


def test_a_result_that_is_no_word_is_left_out():
    assert None is judged(f"Authentication-Results: {OURS}; spf==pass").spf


def test_our_server_may_have_checked_nothing():
    assert Authentication(trusted=True) == judged(
        f"Authentication-Results: {OURS}; none"
    )

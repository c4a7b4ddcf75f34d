"""Two keys join a mail to its case: the secret token and a sender who may speak."""

from inbox_bot.domain.matching import Match, match
from tests.builders import KARI, OLA, a_case


def test_token_and_sender_together_join():
    assert Match(joins="case-1") == match(a_case(), None, KARI)


def test_a_stranger_with_the_token_joins_nothing():
    assert Match(possible="case-1") == match(a_case(), None, OLA)


def test_a_visible_number_joins_nothing():
    assert Match(possible="case-1") == match(None, "case-1", KARI)


def test_the_token_says_more_than_the_number():
    assert Match(possible="case-1") == match(a_case(), "case-2", OLA)


def test_a_mail_without_sender_joins_nothing():
    assert Match(possible="case-1") == match(a_case(), None, "")


def test_without_token_and_number_there_is_no_link():
    assert Match() == match(None, None, KARI)

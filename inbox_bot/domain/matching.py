"""Which case a message belongs to: by secret token and sender, both.

A visible case number, a subject or a quotation never joins anything. Source: RFC 5322,
section 3.6.4 says References can be written by anyone; hence the second key.
"""

from dataclasses import dataclass

from inbox_bot.domain.case import Case


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """The case that the message joins, or the one it may be about, or neither."""

    joins: str | None = None
    possible: str | None = None


def match(token_case: Case | None, named_case_id: str | None, sender: str) -> Match:
    """Match a person's message.

    `token_case` is the case whose secret Message-ID the message answers,
    `named_case_id` the case whose visible number stands in the subject.
    """
    if token_case is None:
        return Match(possible=named_case_id)
    if sender in token_case.participants:
        return Match(joins=token_case.id)
    return Match(possible=token_case.id)

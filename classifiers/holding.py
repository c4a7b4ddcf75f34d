"""Says which mails a person must see, however sure the numbers are."""

from typing import Final

from classifiers import language, text
from classifiers.features import Sight
from classifiers.opinion import Opinion
from inbox_bot.domain.reading import Kind, Right

# With these, the parser has not seen the whole of the mail.
_UNREAD: Final = frozenset({"too_deep", "too_many_parts", "text_truncated", "nul"})
# A label is given from the lower of these and refused up to the higher.
SURE: Final = 0.8
OUT: Final = 0.15
# Rare beside another right, and a person would be hurt where they are overlooked.
_EASILY_MISSED: Final = frozenset({Right.AGENT, Right.ACCESSIBILITY, Right.COMPLAINT})
_COMMON: Final = frozenset({"third", "again", "alternative"})
# Mails in which a missed right would be a missed request.
_PERSONAL: Final = frozenset({Kind.OTHER, Kind.FOLLOW_UP, Kind.VERIFICATION_REPLY})


def spoken(sight: Sight) -> str | None:
    """Give the language of the author's words."""
    return language.detect("\n".join(clause.text for clause in sight.clauses))


def _strange(sight: Sight) -> bool:
    found = spoken(sight)
    return found is not None and found not in language.HANDLED


def _unread(sight: Sight) -> bool:
    message = sight.message
    cut = len(message.author_text) > text.MAX_TEXT
    return cut or not sight.clauses or not _UNREAD.isdisjoint(message.defects)


def _overlooked(sight: Sight, formed: Opinion) -> bool:
    """Whether anything hints at a right where none is given."""
    human = formed.kind in _PERSONAL and not formed.labels
    return human and any(not f.supposed for f in sight.findings)


def _in_doubt(formed: Opinion) -> bool:
    """Whether any label stands in the grey zone."""
    return any(
        p < SURE if right in formed.labels else p > OUT
        for right, p in formed.rights.items()
    )


def _unclaimed(sight: Sight, formed: Opinion) -> bool:
    """Whether kin, illness or a disability is named, and no label accounts for it."""
    return any(
        f.right in _EASILY_MISSED and f.right not in formed.labels
        for f in sight.findings
        if f.cue.name not in _COMMON
    )


def must_hold(sight: Sight, formed: Opinion) -> bool:
    """Whether a person must look: unread, foreign, injected, or rules that object.

    A follow-up may take its right from the author's own earlier mail in the
    quotation (labels.md, Deciding 10), which is not read.
    """
    return (
        sight.injected
        or _unread(sight)
        or _overlooked(sight, formed)
        or _in_doubt(formed)
        or _unclaimed(sight, formed)
        or not formed.believed <= formed.labels
        or (formed.kind is Kind.FOLLOW_UP and bool(sight.message.quoted_text))
        or _strange(sight)
    )

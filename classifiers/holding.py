"""Says which mails a person must see, however sure the numbers are."""

from typing import Final

from classifiers import language, text
from classifiers.features import Sight
from classifiers.opinion import Opinion
from inbox_bot.domain.reading import Kind

# With these, the parser has not seen the whole of the mail.
_UNREAD: Final = frozenset({"too_deep", "too_many_parts", "text_truncated", "nul"})


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


def must_hold(sight: Sight, formed: Opinion) -> bool:
    """Whether a person must look: unread, foreign, injected, or rules that object.

    A follow-up may take its right from the author's own earlier mail in the
    quotation (labels.md, Deciding 10), which is not read.
    """
    return (
        sight.injected
        or _unread(sight)
        or not formed.believed <= formed.labels
        or (formed.kind is Kind.FOLLOW_UP and bool(sight.message.quoted_text))
        or _strange(sight)
    )

"""Says which mails a person must see, however sure the numbers are."""

from typing import Final

from classifiers import language, text
from classifiers.features import STRANGE, Sight, unknown
from classifiers.opinion import Opinion
from inbox_bot.domain.reading import Kind

# With these, the parser has not seen the whole of the mail.
_UNREAD: Final = frozenset({"too_deep", "too_many_parts", "text_truncated", "nul"})
# Nobody is answered; what these say of rights concerns nobody.
SILENT: Final = frozenset({Kind.SPAM, Kind.BOUNCE, Kind.AUTO_REPLY})


def _strange(sight: Sight, formed: Opinion) -> bool:
    """Whether it is in no language that is handled; a bare code needs none."""
    if sight.language is None:
        coded = formed.kind is Kind.VERIFICATION_REPLY
        return not coded and unknown(sight.parts) > STRANGE
    return sight.language not in language.HANDLED


def _unread(sight: Sight) -> bool:
    message = sight.message
    cut = (
        len(message.author_text) > text.MAX_TEXT
        or len(message.subject) > text.MAX_CLAUSE
        or len(sight.parts) >= text.MAX_CLAUSES
    )
    return cut or not sight.parts or not _UNREAD.isdisjoint(message.defects)


def _passed_on(sight: Sight, formed: Opinion) -> bool:
    """Whether a right may belong to somebody in a forwarded part."""
    return bool(formed.labels and sight.message.forwarded)


def must_hold(sight: Sight, formed: Opinion) -> bool:
    """Whether a person must look: unread, foreign, injected, or passed on.

    A follow-up may take its right from the author's own earlier mail in the
    quotation (labels.md, Deciding 10).
    """
    return (
        sight.injected
        or _unread(sight)
        or (formed.kind is Kind.FOLLOW_UP and bool(sight.message.quoted_text))
        or _passed_on(sight, formed)
        or _strange(sight, formed)
    )

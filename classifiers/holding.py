"""Says which mails a person must see, however sure the numbers are."""

from typing import Final

from classifiers import language, text
from classifiers.features import Sight
from classifiers.opinion import Opinion
from classifiers.rules import cues
from inbox_bot.domain.message import Automation
from inbox_bot.domain.reading import Kind, Right

# With these, the parser has not seen the whole of the mail.
_UNREAD: Final = frozenset({"too_deep", "too_many_parts", "text_truncated", "nul"})
# A label is given from the lower of these and refused up to the higher.
SURE: Final = 0.8
OUT: Final = 0.15
# Hinted at by a single word beside another wish, and costly where overlooked.
_EASILY_MISSED: Final = frozenset(
    {Right.AGENT, Right.ACCESSIBILITY, Right.COMPLAINT, Right.DELETION}
)
_COMMON: Final = frozenset({"third", "again", "alternative"})
# Nobody is answered; what these say of rights concerns nobody.
SILENT: Final = frozenset({Kind.SPAM, Kind.BOUNCE, Kind.AUTO_REPLY})


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


def _overlooked(sight: Sight) -> bool:
    """Whether anything hints at a right where none is given."""
    return any(not f.supposed for f in sight.findings)


def _in_doubt(formed: Opinion) -> bool:
    """Whether any label stands in the grey zone."""
    return any(
        p < SURE if right in formed.labels else p > OUT
        for right, p in formed.rights.items()
    )


def _unclaimed(sight: Sight, formed: Opinion) -> bool:
    """Whether something easily missed is hinted at, and no label accounts for it."""
    return any(
        f.right in _EASILY_MISSED and f.right not in formed.labels and not f.denied
        for f in sight.findings
        if f.cue.name not in _COMMON
    )


def _unexplained(sight: Sight, formed: Opinion) -> bool:
    """Whether something is asked that no given label accounts for."""
    explained = {
        (f.clause.place, f.clause.start)
        for f in sight.findings
        if f.certain and f.right in formed.labels and not f.cue.wide
    }
    return any(
        cues.wishes(clause) and (clause.place, clause.start) not in explained
        for clause in sight.clauses
    )


def _request_unclear(sight: Sight, formed: Opinion) -> bool:
    """Whether a labelled mail may ask for more, or be no request at all."""
    # Many requests end with thanks; that makes them nothing else.
    strong = {k for k, cue in sight.kinds if cue.strong and cue.name != "thanks"}
    several = len(formed.labels) == 1 and cues.several(sight.clauses)
    return (
        several
        or bool(sight.message.forwarded)
        or bool(strong & {*SILENT, Kind.OTHER})
        or (Kind.FOLLOW_UP in strong) != (formed.kind is Kind.FOLLOW_UP)
        or _unclaimed(sight, formed)
        or _unexplained(sight, formed)
    )


def _silence_unclear(sight: Sight, formed: Opinion) -> bool:
    """Whether nothing positive speaks for the kind of an unlabelled mail."""
    alike = SILENT if formed.kind in SILENT else {formed.kind}
    by_header = sight.message.automation is not Automation.NONE
    if by_header and formed.kind in SILENT:
        return False
    unsupported = not any(kind in alike for kind, cue in sight.kinds if cue.strong)
    personal = formed.kind not in SILENT
    return unsupported or (personal and _overlooked(sight))


def must_hold(sight: Sight, formed: Opinion) -> bool:
    """Whether a person must look: unread, foreign, injected, or in doubt.

    A follow-up may take its right from the author's own earlier mail in the
    quotation (labels.md, Deciding 10), which is not read.
    """
    unclear = _request_unclear if formed.labels else _silence_unclear
    return (
        sight.injected
        or _unread(sight)
        or (formed.kind is Kind.FOLLOW_UP and bool(sight.message.quoted_text))
        or _in_doubt(formed)
        or unclear(sight, formed)
        or _strange(sight)
    )

"""What the models see of a mail: words, stems, cues, and what the headers say."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from classifiers import text
from classifiers.rules import cues, injection
from classifiers.rules.lexicon import Cue
from classifiers.text import Clause
from inbox_bot.domain.message import InboundMessage
from inbox_bot.domain.reading import Kind

_MAX_WORDS = 1_500
_NO_MESSAGE = InboundMessage(sender=None)
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?|\d+|[?!]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """A mail as rules and models look at it.

    `injected` tells that words for the machine were left out of `clauses`.
    """

    message: InboundMessage
    clauses: tuple[Clause, ...]
    injected: bool
    findings: tuple[cues.Finding, ...]
    kinds: tuple[tuple[Kind, Cue], ...]


def look(message: InboundMessage) -> Sight:
    """Cut a message into clauses and find the cues in them."""
    pieces, injected = injection.split(text.clauses(message))
    return look_at(pieces, message, injected=injected)


def look_at(
    pieces: tuple[Clause, ...],
    message: InboundMessage = _NO_MESSAGE,
    *,
    injected: bool = False,
) -> Sight:
    """Find the cues in some clauses of a message."""
    return Sight(
        message=message,
        clauses=pieces,
        injected=injected,
        findings=cues.rights(pieces, text.windows(message, pieces)),
        kinds=cues.kinds(pieces),
    )


def words(pieces: Sequence[Clause]) -> list[str]:
    """Give the words in lower case, every number as how many digits it has."""
    joined = "\n".join(clause.text for clause in pieces).lower().replace("’", "'")
    found = (match.group() for match in _WORD.finditer(joined))
    return [f"#{len(w)}" if w.isdigit() else w for w in found][:_MAX_WORDS]


def _circumstances(sight: Sight, count: int) -> list[str]:
    message = sight.message
    return [
        f"HEADERS/{message.automation.value}",
        f"ANSWERABLE/{message.answerable}",
        f"LENGTH/{min(count, 1023).bit_length()}",
        f"QUOTES/{bool(message.quoted_text)}",
        f"FORWARDS/{bool(message.forwarded)}",
        f"ASKS/{cues.asks(sight.clauses)}",
        f"REPLY/{message.subject[:3].lower() in {'re:', 'sv:', 'aw:'}}",
        f"RULES/{len(cues.believed(sight.findings))}",
    ]


def tokens(sight: Sight) -> list[str]:
    """Give the words of the document that the models are trained on and read."""
    plain = words(sight.clauses)
    found = [token for finding in sight.findings for token in finding.tokens]
    believed = sorted(cues.believed(sight.findings))
    against = sorted({kind for kind, cue in sight.kinds if cue.strong})
    rules = [f"RULE/{right}" for right in believed]
    rules += [f"BUT/{right}/{kind}" for right in believed for kind in against]
    return [
        *plain,
        *found,
        *rules,
        *(cue.token for _, cue in sight.kinds),
        *_circumstances(sight, len(plain)),
    ]

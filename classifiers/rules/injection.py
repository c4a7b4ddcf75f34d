"""Finds words addressed to the machine, so that nothing else ever sees them."""

import re
from collections.abc import Sequence

from classifiers.text import Clause

_TO_MACHINE = re.compile(
    r"\b(?:system|admin|instruction|assistant|attention bot|hidden instruction\w*|"
    r"model note|robot\w*|ai|classification)\s*[:,]\s*\w|"
    r"\bignore? (?:all |alle )?(?:previous|prior|earlier|tidligere|foregående) "
    r"(?:instructions?|orders?|instruks\w*)|"
    r"\b(?:ignorer|oversjå|glem) (?:alle )?(?:tidligere|foregående|tidlegare)|"
    r"\b(?:to|for|til|attention|dear|note to) (?:the |any |whatever |all |den )?"
    r"(?:ai\b|bot\b|robot\w*|machine\b|model\b|language models?|system that|"
    r"automated systems?|kunstig)|"
    r"\b(?:you are|you're|du er) (?:now )?(?:a helpful|in admin|helperbot|instructed|"
    r"nå i|no i)|"
    r"\b(?:classify|label|tag|categori[sz]e|mark|klassifiser|merk)\b.{0,60}"
    r"\b(?:as|label|labels|kind|access|deletion|confidence|approved|complete\w*|som|"
    r"spam|critical|portability|objection)\b|"
    r"\b(?:labels?|kind|jurisdiction|category|priority|purpose|reply template)\s*"
    r"[:=]\s*[\[\"'\w]|"
    r"\b(?:override code|automated systems?:|model:|begin model|print your rules|"
    r"skip (?:identity|the check|verification)|close without review|"
    r"prompt injection|mailbox automation|hoppe over kontrollen)|"
    r"^(?:#{2,}|\[\[|<!--|<span|\{\"|\[(?:to|note))",
    re.IGNORECASE,
)


def split(pieces: Sequence[Clause]) -> tuple[tuple[Clause, ...], bool]:
    """Leave out the clauses meant for the machine; tell whether there were any."""
    kept = tuple(c for c in pieces if not _TO_MACHINE.search(c.text))
    return kept, len(kept) < len(pieces)

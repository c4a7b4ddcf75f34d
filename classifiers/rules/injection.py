"""Finds words addressed to the machine, so that nothing else ever sees them.

A wish beside them, even in the same sentence, is kept: who asks "classify my request
as urgent" speaks to people.
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import Final

from classifiers import concepts
from classifiers.concepts import Lexicon
from classifiers.text import Clause

# Set off from what a person is to read.
_BLOCK: Final = re.compile(
    r"#{2,}[^#]*(?:#{2,}|$)|\[\[?[^\]]*\]{1,2}|<!--[^>]*>|<<<[^>]*>+|<span[^>]*>[^<]*</span>|"
    r"\{[^}]*\}|\([^)]*\)",
    re.IGNORECASE,
)
_DRAWERS: Final = (
    r"access|deletion|correction|portability|restriction|objection|opt_out|"
    r"withdraw_consent|agent|complaint|accessibility"
)
_SIGN: Final = re.compile(
    r"^\W*(?-i:SYSTEM|ADMIN|ASSISTANT|PROMPT|MODEL|INSTRUCTION)\s*[:\]]|"
    r"[\[<({]\s*(?:system|assistant|model|to the ai|instruction)\b\s*[:,\]]|"
    r"^[^\w#]*#{2,}\s*(?:nieuwe|new|instruc|system|end\b)|"
    r"\b(?:labels?|kind|jurisdiction|category|purpose)[\"']?\s*(?:=|:\s*[\[\"'{])|"
    rf"\b(?:labels?|classification|tag)\s*:\s*(?:{_DRAWERS})\b|"
    r"font-size:\s*0|\breply template\b",
    re.IGNORECASE,
)
# "To the AI:" and "PS to the AI:", but not "I spoke to the AI:".
_LATEST_ADDRESS: Final = 1
# One may be asked for ("mark this as complaint"); a list of them is an order.
_MANY_DRAWERS: Final = 2


@cache
def _words() -> Lexicon:
    text = files("classifiers.rules").joinpath("injection.toml").read_text("utf-8")
    return Lexicon(tomllib.loads(text))


def _for_machine(text: str) -> bool:
    """Whether some words are addressed to the machine."""
    words = [word.text for word in concepts.split(text)]
    hits = tuple(_words().find(words))
    names = {name for name, _, _ in hits}
    addressed = ":" in text and any(
        name == "address" and first <= _LATEST_ADDRESS for name, first, _ in hits
    )
    drawers = {tuple(words[a : b + 1]) for name, a, b in hits if name == "drawer"}
    sorted_into = "command" in names and len(drawers) >= _MANY_DRAWERS
    return "order" in names or addressed or sorted_into or bool(_SIGN.search(text))


def _piece(clause: Clause, start: int, end: int) -> Clause:
    text = clause.text[start:end]
    lead = len(text) - len(text.lstrip())
    return Clause(
        text=text.strip(), start=clause.start + start + lead, place=clause.place
    )


def _rests(clause: Clause) -> Iterator[Clause]:
    """Give what is left of a clause without what is for the machine."""
    at = 0
    for block in _BLOCK.finditer(clause.text):
        if _for_machine(block.group()):
            yield _piece(clause, at, block.start())
            at = block.end()
    yield _piece(clause, at, len(clause.text)) if at else clause


def split(pieces: Sequence[Clause]) -> tuple[tuple[Clause, ...], bool]:
    """Leave out the words meant for the machine; tell whether there were any."""
    rests = [(clause, rest) for clause in pieces for rest in _rests(clause)]
    kept = tuple(
        rest
        for clause, rest in rests
        if (rest is clause or any(map(str.isalnum, rest.text)))
        and not _for_machine(rest.text)
    )
    return kept, kept != tuple(pieces)

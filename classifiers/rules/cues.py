"""Finds the cues for rights and kinds in clauses, and whether they are denied."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from classifiers.rules.lexicon import Cue, compiled, kind_cues, right_cues
from classifiers.text import Clause
from inbox_bot.domain.reading import Kind, Right

# "Don't delete", "not asking for a copy": the negation stands shortly before the cue.
_NEGATED = compiled(
    r"(?:\b(?:do|does|did|is|are|am|was|should|must|need|want\w*|please)?\s?"
    r"(?:not|\w*n't)\b|\bdont\b|\bnever\b|\bneither\b|\bnor\b|\bwithout\b|\bno need to\b|"
    r"\brather than\b|\binstead of\b|\b(?:ikke|ikkje|itte|aldri|verken|korkje|uten å|"
    r"utan å|ingenting|heller enn|inkje)\b)[ ]+(?:[\w'’]+[ ]+){0,5}$"
)
# Norwegian denies after the verb: "slett meg ikke", "slett for all del ingenting".
_NEGATED_AFTER = compiled(
    r"^[ ]*(?:[\w'’]+[ ]+){0,3}(?:ikke|ikkje|itte|ingenting|inkje|nothing)\b"
)
# Several wishes announced, or a choice between two.
_SEVERAL = compiled(
    r"\b(?:(?:two|three|four|several|multiple|both) (?:\w+ )?(?:things|matters|points|"
    r"requests|steps|wishes|concerns|questions)|firstly|secondly|second(?:ly)?[,:]|"
    r"step (?:one|1)|either|also|moreover|furthermore|besides|in addition|as well|"
    r"while (?:you're|you are) at it|separately|(?:to|tre|fire|flere) (?:\w+ )?"
    r"(?:ting|punkter|saker|ønsker)|for det (?:første|andre)|dessuten|i tillegg|"
    r"samtidig|samstundes|enten|anten|også|òg|deretter|attpåtil)\b|"
    r"(?:^|\s)(?:2[.)]|b\)|\(2\)|\(b\)|\(ii\))"
)
# Rights that somebody may use later, might have used, or speaks of in general.
_HYPOTHETICAL = compiled(
    r"\b(?:reserve (?:the|my) right|forbeholder|might (?:one day|later)|would have|"
    r"if (?:i|one) (?:ever|should|were|wanted)|haven't made one|not asking (?:for|you)|"
    r"hvis jeg en gang|om eg ein gong|ber ikke om|ber ikkje om|kommer jeg til å|"
    r"kjem eg til å|hadde jeg|i may (?:yet|later)|at a later (?:date|time)|"
    r"some other day|bare vent til|just you wait|had you been)\b"
)
# "Delete all that you have about me" names the object of a deletion, not of a wish to
# see it: what counts is the last verb before it.
_ERASES = compiled(r"\b(?:{erase}|{remove}|forget|freeze|block)\b")
_SHOWS = compiled(
    r"\b(?:send|give|show|tell|see|get|copy|copies|provide|disclose|access|know|list|"
    r"sende?|gi|vise?|fortell\w*|se|få|kopi\w*|innsyn\w*|vite|utlever\w*|oversend\w*)\b"
)
_OBJECTS = frozenset({"hold", "stored"})
_FIXED = frozenset({Right.OPT_OUT, Right.OBJECTION, Right.RESTRICTION})
_REQUEST_VERB = re.compile(
    r"\b(?:please|pls|kindly|i want|i'd like|i would like|i request|i demand|"
    r"i require|vennligst|ber om|ber dere|ber dykk|ønsker|ynskjer|krever|krev|vil ha|"
    r"kan dere|kan de|can you|could you|i hereby|herved)\b",
    re.IGNORECASE,
)
# Wider than the verbs above: "I still require", "do change that", "by the way".
_WISH = compiled(
    r"\b(?:please|pls|kindly|i (?:still |also |hereby |now )*(?:want|need|require|"
    r"request|demand|expect|ask)|i'd like|i would like|do (?:change|send|tell|correct)|"
    r"by the way|vennligst|ber (?:dere|dykk|om)|ønsker|ynskjer|krever|krev|vil ha|"
    r"kan dere|kan de|can you|could you|forresten)\b"
)
# What stands before a verb that orders: nothing, a greeting, a comma, "and", "then".
_IMPERATIVE = re.compile(
    r"(?:^|[,:;–)!]|\b(?:and|then|so|now|or|og|så|deretter|but|men|also|just|bare))\W*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A cue for a right that was found; `start` and `end` count like the clause's."""

    right: Right
    cue: Cue
    clause: Clause
    start: int
    end: int
    denied: bool
    supposed: bool

    @property
    def tokens(self) -> tuple[str, ...]:
        """The words by which the model sees this finding."""
        if self.denied or self.supposed:
            return (f"{'NOT' if self.denied else 'IF'}-{self.cue.token}",)
        if self.asked:
            return (self.cue.token, f"ASK-{self.cue.token}", f"ASK/{self.right}")
        return (self.cue.token,)

    @property
    def asked(self) -> bool:
        """Whether its clause asks for something, or begins with the cue."""
        before = self.clause.text[: self.start - self.clause.start]
        return bool(
            _REQUEST_VERB.search(self.clause.text) or _IMPERATIVE.search(before)
        )

    @property
    def certain(self) -> bool:
        """Whether the rules believe the label for this finding alone."""
        return self.cue.strong and not self.denied and not self.supposed


def _denied(text: str, match: re.Match[str]) -> bool:
    after = text[match.start() :].partition(" ")[2]
    before = _NEGATED.search(text[: match.start()])
    return bool(before or _NEGATED_AFTER.search(after))


def _is_erased(text: str) -> bool:
    """Whether what follows these words is what is to be erased."""
    erased = [match.start() for match in _ERASES.finditer(text)]
    shown = [match.start() for match in _SHOWS.finditer(text)]
    return bool(erased) and max(erased) > max(shown, default=-1)


def _find(right: Right, cue: Cue, clause: Clause) -> Finding | None:
    match = cue.pattern.search(clause.text)
    if match is None:
        return None
    is_object = right is Right.ACCESS and cue.name in _OBJECTS
    if is_object and _is_erased(clause.text[: match.start()]):
        return None
    return Finding(
        right=right,
        cue=cue,
        clause=clause,
        start=clause.start + match.start(),
        end=clause.start + match.end(),
        denied=right not in _FIXED and _denied(clause.text, match),
        supposed=bool(_HYPOTHETICAL.search(clause.text)),
    )


def rights(pieces: Sequence[Clause], windows: Sequence[Clause]) -> tuple[Finding, ...]:
    """Find every cue for a right, each at most once a clause."""
    found = (
        _find(right, cue, clause)
        for right, cue in right_cues()
        for clause in ((*pieces, *windows) if cue.wide else pieces)
    )
    return tuple(f for f in found if f is not None)


def believed(findings: Iterable[Finding]) -> frozenset[Right]:
    """Give the labels that the rules alone would give."""
    return frozenset(f.right for f in findings if f.certain)


def kinds(pieces: Sequence[Clause]) -> tuple[tuple[Kind, Cue], ...]:
    """Find every cue for a kind in the whole mail, each once; subject rules apart."""
    whole = "\n".join(c.text for c in pieces)
    subject = "\n".join(c.text for c in pieces if c.place == "subject")
    return tuple(
        (kind, cue)
        for kind, cue in kind_cues()
        if cue.pattern.search(subject if cue.name == "subject" else whole)
    )


def wishes(piece: Clause) -> bool:
    """Whether a clause asks for something, of whatever kind."""
    return "?" in piece.text or bool(_WISH.search(piece.text))


def asks(pieces: Sequence[Clause]) -> bool:
    """Whether the author asks for anything in so many words."""
    return any(_REQUEST_VERB.search(clause.text) for clause in pieces)


def several(pieces: Sequence[Clause]) -> bool:
    """Whether the author announces more than one wish, or a choice."""
    return any(_SEVERAL.search(clause.text) for clause in pieces)

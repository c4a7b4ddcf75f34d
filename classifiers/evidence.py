"""Finds the author's words that carry each label; says nothing on whether it is right."""

from collections.abc import Callable, Iterable, Sequence

from classifiers.rules.cues import Finding
from classifiers.text import Clause
from inbox_bot.domain.reading import Evidence, Right

# A match shorter than this ("stop") tells little: the whole clause is shown.
_TELLING = 12

ScoreClauses = Callable[[Sequence[Clause], Right], Sequence[float]]


def _of_finding(found: Finding) -> Evidence:
    clause = found.clause
    start, end = found.start, found.end
    if end - start < _TELLING:
        start, end = clause.start, clause.start + len(clause.text)
    return Evidence(
        label=found.right,
        text=clause.text[start - clause.start : end - clause.start],
        start=start,
        end=end,
        place=clause.place,
    )


def _of_clause(label: Right, clause: Clause) -> Evidence:
    return Evidence(
        label=label,
        text=clause.text,
        start=clause.start,
        end=clause.start + len(clause.text),
        place=clause.place,
    )


def _rank(found: Finding) -> tuple[bool, bool, int]:
    return (found.certain, found.clause.place == "body", found.end - found.start)


def gather(
    labels: Iterable[Right],
    findings: Sequence[Finding],
    pieces: Sequence[Clause],
    score: ScoreClauses,
) -> tuple[Evidence, ...]:
    """Give one piece of evidence a label: the best cue, or the best-scored clause."""
    given = []
    for label in sorted(labels):
        own = [f for f in findings if f.right is label and not f.denied]
        if own:
            given.append(_of_finding(max(own, key=_rank)))
        elif pieces:
            scores = score(pieces, label)
            best = max(range(len(pieces)), key=scores.__getitem__)
            given.append(_of_clause(label, pieces[best]))
    return tuple(given)

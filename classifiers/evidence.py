"""Finds the author's words that carry each label; says nothing on whether it is right."""

from collections.abc import Iterable

from classifiers.features import Sight
from classifiers.pipeline import Scores
from inbox_bot.domain.reading import Evidence, Right


def gather(
    labels: Iterable[Right], sight: Sight, scores: Scores
) -> tuple[Evidence, ...]:
    """Give for each label the clause that speaks for it most."""
    given = []
    for label in sorted(labels if sight.parts else ()):
        found = [one[f"right/{label}"] for one in scores.sentences]
        clause = sight.parts[max(range(len(found)), key=found.__getitem__)].clause
        given.append(
            Evidence(
                label=label,
                text=clause.text,
                start=clause.start,
                end=clause.start + len(clause.text),
                place=clause.place,
            )
        )
    return tuple(given)

"""Decides labels and kind together from calibrated scores, and how far to trust them.

A request has a label, a bounce has none: so the two are never decided apart.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from classifiers.calibration import Calibration, logit
from classifiers.features import Sight
from classifiers.pipeline import Scores
from classifiers.rules import cues
from inbox_bot.domain.message import Automation
from inbox_bot.domain.reading import Kind, Right

_LABELLED = (Kind.REQUEST,)
_EITHER = (Kind.FOLLOW_UP, Kind.VERIFICATION_REPLY)
# Structure that no person writes by hand; mere header lines are left to the model.
_CERTAIN = {
    Automation.BOUNCE: Kind.BOUNCE,
    Automation.DISPOSITION: Kind.AUTO_REPLY,
    Automation.FEEDBACK: Kind.OTHER,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """Labels and kind with their probabilities; `believed` is what the rules say."""

    kind: Kind
    labels: frozenset[Right]
    rights: Mapping[Right, float]
    kinds: Mapping[Kind, float]
    believed: frozenset[Right]


def right_features(sight: Sight, scores: Scores, right: Right) -> tuple[float, ...]:
    """Give what a label's probability is made of: the model's score and the rules'."""
    own = [f for f in sight.findings if f.right is right]
    certain = {f.cue.name for f in own if f.certain}
    return (
        logit(scores[f"right/{right}"]),
        float(bool(certain)),
        float(len(certain) > 1),
        float(any(f.denied or f.supposed for f in own)),
    )


def _kinds(scores: Scores, sharpness: float) -> dict[Kind, float]:
    powers = {k: max(scores[f"kind/{k}"], 1e-6) ** sharpness for k in Kind}
    total = sum(powers.values())
    return {kind: power / total for kind, power in powers.items()}


def _gain(rights: Mapping[Right, float], threshold: float) -> dict[Right, float]:
    """How much each label adds to the likelihood; above 0 it is worth giving."""
    bar = logit(threshold)
    return {right: logit(p) - bar for right, p in rights.items()}


def _decide(
    kinds: Mapping[Kind, float], gains: Mapping[Right, float]
) -> tuple[Kind, frozenset[Right]]:
    worth = frozenset(r for r, gain in gains.items() if gain > 0)
    forced = worth or frozenset({max(gains, key=lambda r: gains[r])})
    options = [(kind, forced) for kind in _LABELLED]
    options += [(kind, worth) for kind in _EITHER]
    options += [
        (kind, frozenset()) for kind in Kind if kind not in (*_LABELLED, *_EITHER)
    ]

    def likelihood(option: tuple[Kind, frozenset[Right]]) -> float:
        kind, labels = option
        return math.log(max(kinds[kind], 1e-6)) + sum(gains[r] for r in labels)

    return max(options, key=likelihood)


def form(sight: Sight, scores: Scores, calibration: Calibration) -> Opinion:
    """Form the opinion on one mail."""
    rights = {
        right: calibration.rights[right](right_features(sight, scores, right))
        for right in Right
    }
    kinds = _kinds(scores, calibration.sharpness)
    certain = _CERTAIN.get(sight.message.automation)
    kind, labels = _decide(kinds, _gain(rights, calibration.threshold))
    if certain is not None or not sight.clauses:
        kind, labels = certain or Kind.OTHER, frozenset()
    return Opinion(
        kind=kind,
        labels=labels,
        rights=rights,
        kinds=kinds,
        believed=cues.believed(sight.findings),
    )


def _doubt(opinion: Opinion) -> list[float]:
    """Give the probability of being wrong for each label, the worst last."""
    return sorted(
        1 - p if right in opinion.labels else p for right, p in opinion.rights.items()
    )


def judge_features(sight: Sight, opinion: Opinion) -> tuple[float, ...]:
    """Give what the trust in a whole reading is made of."""
    doubt = _doubt(opinion)
    silent = sum(1 for c in sight.clauses if all(f.clause is not c for f in sight.findings))
    return (
        sum(math.log(1 - min(d, 0.99)) for d in doubt),
        math.log(1 - min(doubt[-1], 0.99)),
        math.log(max(opinion.kinds[opinion.kind], 0.01)),
        float(len(opinion.believed - opinion.labels)),
        float(len(opinion.labels - opinion.believed)),
        float(len(opinion.labels)),
        float(any(f.denied or f.supposed for f in sight.findings)),
        math.log(1 + len(sight.clauses)),
        math.log(1 + silent),
        float(bool(sight.message.quoted_text or sight.message.forwarded)),
    )

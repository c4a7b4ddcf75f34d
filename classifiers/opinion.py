"""Decides labels and kind together from calibrated scores, and how far to trust them.

A request has a label, a bounce has none: so the two are never decided apart.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from classifiers.calibration import Calibration, logit
from classifiers.features import Sight
from classifiers.pipeline import Scores
from classifiers.rules import cues, facts
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
    # Speaking for another is added to what is asked, never a request by itself.
    worth = worth if worth != {Right.AGENT} else frozenset()
    asked = [right for right in gains if right is not Right.AGENT]
    forced = worth or frozenset({max(asked, key=lambda r: gains[r])})
    options = [(kind, forced) for kind in _LABELLED]
    options += [(kind, worth) for kind in _EITHER]
    options += [
        (kind, frozenset()) for kind in Kind if kind not in (*_LABELLED, *_EITHER)
    ]

    def likelihood(option: tuple[Kind, frozenset[Right]]) -> float:
        kind, labels = option
        return math.log(max(kinds[kind], 1e-6)) + sum(gains[r] for r in labels)

    return max(options, key=likelihood)


def _completed(labels: frozenset[Right], sight: Sight) -> frozenset[Right]:
    """Marketing consent withdrawn is an opt-out, too (labels.md, Deciding 4)."""
    if Right.WITHDRAW_CONSENT not in labels:
        return labels
    purposes = facts.purposes(labels, sight.clauses)
    newsletter = purposes[Right.WITHDRAW_CONSENT] == ("newsletter",)
    return labels | {Right.OPT_OUT} if newsletter else labels


def form(sight: Sight, scores: Scores, calibration: Calibration) -> Opinion:
    """Form the opinion on one mail."""
    rights = {
        right: calibration.rights[right](right_features(sight, scores, right))
        for right in Right
    }
    kinds = _kinds(scores, calibration.sharpness)
    certain = _CERTAIN.get(sight.message.automation)
    kind, labels = _decide(kinds, _gain(rights, calibration.threshold))
    labels = _completed(labels, sight)
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


def _unexplained(sight: Sight, formed: Opinion) -> int:
    """Count the clauses that ask for something no given label accounts for."""
    explained = {
        f.clause.start
        for f in sight.findings
        if f.certain and f.right in formed.labels and f.clause.place == "body"
    }
    return sum(
        clause.place == "body"
        and clause.start not in explained
        and cues.asks((clause,))
        for clause in sight.clauses
    )


def _support(sight: Sight, formed: Opinion) -> tuple[int, int]:
    """Count the strong cues for the kind that was chosen, and for all others."""
    strong = [kind for kind, cue in sight.kinds if cue.strong]
    chosen = strong.count(formed.kind)
    return chosen, len(strong) - chosen


def _more_wishes(sight: Sight, formed: Opinion) -> bool:
    """Whether more is announced than the one label given."""
    single = len(formed.labels - {Right.AGENT}) <= 1
    return single and cues.several(sight.clauses)


def judge_features(sight: Sight, formed: Opinion) -> tuple[float, ...]:
    """Give what the trust in a whole reading is made of."""
    doubt = _doubt(formed)
    hinted = {f.right for f in sight.findings} - formed.labels
    chosen, others = _support(sight, formed)
    return (
        sum(math.log(1 - min(d, 0.99)) for d in doubt),
        math.log(1 - min(doubt[-1], 0.99)),
        math.log(max(formed.kinds[formed.kind], 0.01)),
        float(len(formed.believed - formed.labels)),
        float(len(formed.labels - formed.believed)),
        float(len(formed.labels)),
        float(any(f.denied or f.supposed for f in sight.findings)),
        math.log(1 + len(sight.clauses)),
        math.log(1 + _unexplained(sight, formed)),
        math.log(1 + len(hinted)),
        float(_more_wishes(sight, formed)),
        float(bool(sight.message.quoted_text or sight.message.forwarded)),
        math.log(1 + chosen),
        math.log(1 + others),
        float(formed.kind is Kind.OTHER),
        float(formed.kind is Kind.REQUEST),
    )

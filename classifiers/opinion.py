"""Decides labels and kind together from calibrated scores, and how far to trust them.

A request has a label, a bounce has none: so the two are never decided apart.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from classifiers.calibration import Calibration, logit
from classifiers.features import Sight, unknown
from classifiers.pipeline import Scores
from classifiers.rules import facts
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
_NO_SENTENCE = -8.0
# Of mails, of spelling, of sentences: their say comes first among a label's features.
_READERS = 3
# Where no label is given there is none to be sure of.
_NO_LABEL = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """Labels and kind with their probabilities.

    `torn` counts the rights about which the reader of mails and the reader of sentences
    differ. `margins` are log odds, the least of all labels: for those given by all, by
    the readers of mails, spelling and sentences; then against those not given.
    """

    kind: Kind
    labels: frozenset[Right]
    rights: Mapping[Right, float]
    kinds: Mapping[Kind, float]
    torn: int
    margins: tuple[float, ...]


def right_features(scores: Scores, right: Right) -> tuple[float, ...]:
    """Give what a label's probability is made of: mail, spelling, best sentences."""
    name = f"right/{right}"
    own = sorted((one[name] for one in scores.sentences), reverse=True)
    first, second = (*map(logit, own[:2]), _NO_SENTENCE, _NO_SENTENCE)[:2]
    expected = sum(own)
    whole = logit(scores.mail[name]), logit(scores.spelling[name])
    return *whole, first, second, math.log1p(expected)


def kind_features(scores: Scores, rights: Mapping[Right, float]) -> tuple[float, ...]:
    """Give what the probabilities of all kinds are made of: what is asked tells, too."""
    return (
        *(logit(scores.mail[f"kind/{kind}"]) for kind in Kind),
        *(logit(scores.spelling[f"kind/{kind}"]) for kind in Kind),
        *(logit(rights[right]) for right in Right),
        max(logit(p) for p in rights.values()),
    )


def _kinds(
    scores: Scores, rights: Mapping[Right, float], calibration: Calibration
) -> dict[Kind, float]:
    features = kind_features(scores, rights)
    found = {kind: calibration.kinds[kind](features) for kind in Kind}
    total = sum(found.values())
    return {kind: p / total for kind, p in found.items()}


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
    purposes = facts.purposes(labels, sight)
    newsletter = purposes[Right.WITHDRAW_CONSENT] == ("newsletter",)
    return labels | {Right.OPT_OUT} if newsletter else labels


def form(sight: Sight, scores: Scores, calibration: Calibration) -> Opinion:
    """Form the opinion on one mail."""
    features = {right: right_features(scores, right) for right in Right}
    rights = {
        right: calibration.rights[right](given) for right, given in features.items()
    }
    kinds = _kinds(scores, rights, calibration)
    certain = _CERTAIN.get(sight.message.automation)
    kind, labels = _decide(kinds, _gain(rights, calibration.threshold))
    labels = _completed(labels, sight)
    if certain is not None or not sight.parts:
        kind, labels = certain or Kind.OTHER, frozenset()
    torn = sum((mail > 0) != (best > 0) for mail, _, best, *_ in features.values())
    return Opinion(
        kind=kind,
        labels=labels,
        rights=rights,
        kinds=kinds,
        torn=torn,
        margins=_margins(labels, rights, features),
    )


def _margins(
    labels: frozenset[Right],
    rights: Mapping[Right, float],
    features: Mapping[Right, tuple[float, ...]],
) -> tuple[float, ...]:
    odds = {r: (logit(rights[r]), *features[r][:_READERS]) for r in rights}
    given = [row for r, row in odds.items() if r in labels]
    refused = [tuple(-one for one in row) for r, row in odds.items() if r not in labels]
    return *_least(given), *_least(refused)


def _least(rows: Sequence[tuple[float, ...]]) -> tuple[float, ...]:
    return tuple(map(min, zip(*rows, strict=True))) or (_NO_LABEL,) * (1 + _READERS)


def _doubt(opinion: Opinion) -> list[float]:
    """Give the probability of being wrong for each label, the worst last."""
    return sorted(
        1 - p if right in opinion.labels else p for right, p in opinion.rights.items()
    )


def judge_features(sight: Sight, formed: Opinion) -> tuple[float, ...]:
    """Give what the trust in a whole reading is made of."""
    doubt = _doubt(formed)
    best, *others = sorted(formed.kinds.values(), reverse=True)
    return (
        sum(math.log(1 - min(d, 0.99)) for d in doubt),
        math.log(1 - min(doubt[-1], 0.99)),
        math.log(1 - min(doubt[-2], 0.99)),
        math.log(max(formed.kinds[formed.kind], 0.01)),
        math.log(max(best, 0.01)) - math.log(max(others[0], 0.001)),
        float(formed.torn),
        *formed.margins,
        float(len(formed.labels)),
        math.log(1 + len(sight.parts)),
        math.log(1 + sum(len(part.words) for part in sight.parts)),
        unknown(sight.parts),
        float(bool(sight.message.quoted_text or sight.message.forwarded)),
        float(sight.message.automation is not Automation.NONE),
        *(float(formed.kind is kind) for kind in Kind),
        *(formed.kinds[kind] for kind in Kind),
        *(float(right in formed.labels) for right in Right),
        *(formed.rights[right] for right in Right),
    )

"""Fits the calibration on training mails scored by models that had not seen them.

How much trust is enough depends on mails kept for it as well: see `making`.
"""

import math
from collections.abc import Mapping, Sequence

from classifiers import calibration as fitted
from classifiers import holding, opinion
from classifiers.calibration import Calibration, Logistic
from classifiers.pipeline import Scores
from classifiers.workshop.training import Lesson
from inbox_bot.domain.reading import Kind, Right

# Of what is acted on, this share may be misread; measured on the mails kept for it.
MAX_WRONG = 0.01
# Training mails are scored by models that learned from a third fewer mails, and are
# misread more often for it: so much may be wrong of them.
MAX_WRONG_UNSEEN = 0.02
_TRUST_STEPS = 10_000
_RIDGE = 1.0
_JUDGE_RIDGE = 2.0
_THRESHOLDS = (0.35, 0.45, 0.55)
# Labels are fitted before there is a judge.
_NO_JUDGE = Logistic(weights=())

NOT_ANSWERED = holding.SILENT

Scored = Sequence[tuple[Lesson, Scores]]


def _rights(scored: Scored) -> dict[str, Logistic]:
    return {
        right: fitted.fit(
            [opinion.right_features(s, right) for given, s in scored],
            [right in given.example.labels for given, _ in scored],
            _RIDGE,
        )
        for right in Right
    }


def right(given: Lesson, formed: opinion.Opinion) -> bool:
    """Whether acting on it would be right: the labels, and whether anybody answers."""
    same = formed.labels == given.example.labels
    return same and role(formed.kind) == role(given.example.kind)


def role(kind: Kind) -> str:
    """Give what the kind means for the bot; it treats those of one role alike."""
    return "nothing" if kind in NOT_ANSWERED else kind.value


def _share(scored: Scored, tried: Calibration) -> float:
    formed = [opinion.form(given.sight, s, tried) for given, s in scored]
    return sum(
        right(given, one) + (one.labels == given.example.labels)
        for (given, _), one in zip(scored, formed, strict=True)
    )


def _kinds(scored: Scored, rights: Mapping[str, Logistic]) -> dict[str, Logistic]:
    rows = []
    for _, scores in scored:
        found = {r: rights[r](opinion.right_features(scores, r)) for r in Right}
        rows.append(opinion.kind_features(scores, found))
    return {
        kind: fitted.fit(
            rows, [given.example.kind is kind for given, _ in scored], _RIDGE
        )
        for kind in Kind
    }


def fit_labels(scored: Scored) -> Calibration:
    """Fit the probabilities and the threshold; trusts nothing yet."""
    rights = _rights(scored)
    kinds = _kinds(scored, rights)
    tried = [
        Calibration(
            rights=rights, kinds=kinds, threshold=at, judge=_NO_JUDGE, trust=1.0
        )
        for at in _THRESHOLDS
    ]
    return max(tried, key=lambda one: _share(scored, one))


def fit_judge(scored: Scored, labels: Calibration) -> Logistic:
    """Fit how likely a whole reading is right."""
    formed = [opinion.form(given.sight, s, labels) for given, s in scored]
    rows = [
        opinion.judge_features(given.sight, one)
        for (given, _), one in zip(scored, formed, strict=True)
    ]
    truths = [right(g, one) for (g, _), one in zip(scored, formed, strict=True)]
    return fitted.fit(rows, truths, _JUDGE_RIDGE)


def safe(given: Lesson, formed: opinion.Opinion) -> bool:
    """Whether acting on it does no harm: labels as given, no machine or spam answered."""
    same = formed.labels == given.example.labels
    answered = formed.kind not in NOT_ANSWERED and formed.kind is not Kind.OTHER
    return same and not (answered and given.example.kind in NOT_ANSWERED)


def choose_trust(scored: Scored, judged: Calibration, most_wrong: float) -> float:
    """Give the lowest trust from which at most such a share of mails was misread."""
    trusted = []
    for given, scores in scored:
        formed = opinion.form(given.sight, scores, judged)
        if holding.must_hold(given.sight, formed):
            continue
        features = opinion.judge_features(given.sight, formed)
        trusted.append((judged.judge(features), safe(given, formed)))
    # Of equal trust the wrong ones come first: they are all in or all out.
    trusted.sort(key=lambda one: (-one[0], one[1]))
    wrong, best = 0, 1.0
    for count, (trust, correct) in enumerate(trusted, start=1):
        wrong += not correct
        if wrong <= most_wrong * count:
            best = trust
    return math.ceil(best * _TRUST_STEPS) / _TRUST_STEPS

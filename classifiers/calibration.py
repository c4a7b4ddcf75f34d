"""Turns scores into probabilities that mean what they say; plain arithmetic only.

Fitted by `fitting` on scores for mails that the scoring model had not seen.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_STEPS = 60
# A score of exactly 0 or 1 has no logit.
_EDGE = 1e-5


def logit(score: float) -> float:
    """Give the log odds, kept finite."""
    held = min(max(score, _EDGE), 1 - _EDGE)
    return math.log(held / (1 - held))


def _sigmoid(values: Floats) -> Floats:
    return 1.0 / (1.0 + np.exp(-np.clip(values, -30, 30)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Logistic:
    """A logistic curve over some features; `weights` ends with the bias."""

    weights: tuple[float, ...]

    def __call__(self, features: Sequence[float]) -> float:
        """Give the probability for one set of features."""
        *slopes, bias = self.weights
        total = bias + sum(w * x for w, x in zip(slopes, features, strict=True))
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))


def fit(
    rows: Sequence[Sequence[float]], truths: Sequence[bool], ridge: float
) -> Logistic:
    """Fit by Newton's method; `ridge` pulls all weights but the bias towards 0."""
    x = np.column_stack([np.asarray(rows, dtype=np.float64), np.ones(len(rows))])
    y = np.asarray(truths, dtype=np.float64)
    penalty = np.diag([ridge] * (x.shape[1] - 1) + [1e-3])
    weights = np.zeros(x.shape[1])
    for _ in range(_STEPS):
        p = _sigmoid(x @ weights)
        slope = x.T @ (p - y) + penalty @ weights
        bend = (x * (p * (1 - p))[:, None]).T @ x + penalty
        weights -= np.linalg.solve(bend, slope)
    return Logistic(weights=tuple(float(w) for w in np.round(weights, 6)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """All that was fitted: labels, kinds, and when to trust the whole reading.

    `threshold` is the probability from which a label is given; `trust` the judge's
    probability from which a reading may be acted on.
    """

    rights: Mapping[str, Logistic]
    kinds: Mapping[str, Logistic]
    threshold: float
    judge: Logistic
    trust: float

    def save(self, path: Path) -> None:
        """Write it as JSON."""
        path.write_text(json.dumps(asdict(self), indent=1) + "\n", "utf-8")


def _logistic(value: Mapping[str, Sequence[float]]) -> Logistic:
    return Logistic(weights=tuple(value["weights"]))


def load(path: Path) -> Calibration:
    """Read it back; OSError or KeyError where it is missing or of another version."""
    value = json.loads(path.read_text("utf-8"))
    return Calibration(
        rights={name: _logistic(part) for name, part in value["rights"].items()},
        kinds={name: _logistic(part) for name, part in value["kinds"].items()},
        threshold=value["threshold"],
        judge=_logistic(value["judge"]),
        trust=value["trust"],
    )

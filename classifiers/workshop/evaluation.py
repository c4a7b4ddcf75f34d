"""Measures the reader on a labelled set; learns and changes nothing."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from classifiers import corpus
from classifiers.cascade import Reader
from classifiers.corpus import Example
from classifiers.pipeline import HOME
from classifiers.workshop import fitting
from inbox_bot.domain.reading import Kind, Reading, Right

METRICS = HOME / "metrics"
_BINS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A labelled mail beside what the reader said."""

    example: Example
    reading: Reading

    @property
    def labels_right(self) -> bool:
        """Whether the label set is the same."""
        return frozenset(self.reading.labels) == self.example.labels

    @property
    def kind_right(self) -> bool:
        """Whether the kind is the same."""
        return self.reading.kind is self.example.kind

    @property
    def safe(self) -> bool:
        """Whether acting on it does no harm: see `fitting.safe`."""
        return self.labels_right and not self.harmful

    @property
    def harmful(self) -> bool:
        """Whether spam, a bounce or an auto-reply was taken for a person's wish."""
        silent = self.example.kind in fitting.NOT_ANSWERED
        answered = {Kind.REQUEST, Kind.FOLLOW_UP, Kind.VERIFICATION_REPLY}
        return silent and self.reading.kind in answered


def _share(values: Sequence[bool]) -> float:
    return round(sum(values) / len(values), 4) if values else 0.0


def _label(reads: Sequence[Read], right: Right) -> dict[str, float]:
    true = sum(right in r.example.labels for r in reads)
    given = sum(right in r.reading.labels for r in reads)
    both = sum(right in r.example.labels and right in r.reading.labels for r in reads)
    return {
        "precision": round(both / given, 4) if given else 0.0,
        "recall": round(both / true, 4) if true else 0.0,
        "f1": round(2 * both / (true + given), 4) if true + given else 0.0,
        "mails": true,
    }


def _reliability(reads: Sequence[Read]) -> list[dict[str, float]]:
    """Compare probabilities with how often the label was true, in equal bins."""
    pairs = [
        (p, right in read.example.labels)
        for read in reads
        for right, p in read.reading.probabilities.items()
    ]
    rows = []
    for low in range(_BINS):
        part = [(p, t) for p, t in pairs if min(int(p * _BINS), _BINS - 1) == low]
        if part:
            said = round(sum(p for p, _ in part) / len(part), 4)
            true = _share([t for _, t in part])
            rows.append({"said": said, "true": true, "count": len(part)})
    return rows


def _facts(reads: Sequence[Read]) -> dict[str, float]:
    return {
        "purposes": _share(
            [dict(r.reading.purposes) == dict(r.example.purposes) for r in reads]
        ),
        "jurisdiction": _share(
            [r.reading.jurisdiction == r.example.jurisdiction for r in reads]
        ),
        "on_behalf": _share(
            [r.reading.on_behalf == r.example.on_behalf for r in reads]
        ),
        "language": _share([r.reading.language == r.example.language for r in reads]),
    }


def _errors(reads: Sequence[Read]) -> list[dict[str, Any]]:
    return [
        {
            "id": r.example.id,
            "auto": r.reading.certain,
            "kind": [r.example.kind.value, r.reading.kind.value],
            "missed": sorted(r.example.labels - set(r.reading.labels)),
            "added": sorted(set(r.reading.labels) - r.example.labels),
        }
        for r in reads
        if not (r.labels_right and r.kind_right)
    ]


def measure(reads: Sequence[Read], version: str) -> dict[str, Any]:
    """Give all figures for a set of readings, ready for JSON."""
    labels = {right.value: _label(reads, right) for right in Right}
    auto = [r for r in reads if r.reading.certain]
    return {
        "model": version,
        "mails": len(reads),
        "macro_f1": round(sum(row["f1"] for row in labels.values()) / len(labels), 4),
        "exact_match": _share([r.labels_right for r in reads]),
        "kind_accuracy": _share([r.kind_right for r in reads]),
        "auto_share": _share([r.reading.certain for r in reads]),
        "auto_wrong_labels": _share([not r.labels_right for r in auto]),
        "auto_wrong": _share([not r.safe for r in auto]),
        "auto_wrong_kind": _share([not r.kind_right for r in auto]),
        "auto_harmful": sum(r.harmful for r in auto),
        "labels": labels,
        "facts": _facts(reads),
        "reliability": _reliability(reads),
        "errors": _errors(reads),
    }


def evaluate(name: str, folder: Path = METRICS) -> dict[str, Any]:
    """Read a set, measure, and write the figures to `folder`."""
    reader = Reader()
    examples = corpus.load(name)
    readings = reader.read([example.message for example in examples])
    pairs = zip(examples, readings, strict=True)
    reads = [Read(example=example, reading=reading) for example, reading in pairs]
    figures = measure(reads, reader.version)
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.json"
    path.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")
    return figures

"""Measures the reader on a labelled set; learns and changes nothing."""

import json
from collections.abc import Callable, Collection, Sequence
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
_BINS = 10

Answer = tuple[Collection[Right], Collection[Right]]
"""The labels that are true, and those that were given."""


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


def label_figures(answers: Sequence[Answer], right: Right) -> dict[str, float]:
    """Give precision, recall and F1 of a label, and in how many mails it is true."""
    true = sum(right in wanted for wanted, _ in answers)
    given = sum(right in found for _, found in answers)
    both = sum(right in wanted and right in found for wanted, found in answers)
    return {
        "precision": round(both / given, 4) if given else 0.0,
        "recall": round(both / true, 4) if true else 0.0,
        "f1": round(2 * both / (true + given), 4) if true + given else 0.0,
        "mails": true,
    }


def macro_f1(answers: Sequence[Answer]) -> float:
    """Give the mean F1 of all labels that are true of any mail."""
    figures = [label_figures(answers, right) for right in Right]
    scores = [one["f1"] for one in figures if one["mails"]]
    return round(sum(scores) / len(scores), 4) if scores else 0.0


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


def _answers(reads: Sequence[Read]) -> list[Answer]:
    return [(r.example.labels, r.reading.labels) for r in reads]


def _summary(reads: Sequence[Read]) -> dict[str, float]:
    """Give the figures that are worth giving for a part of the mails, too."""
    auto = [r for r in reads if r.reading.certain]
    return {
        "mails": len(reads),
        "macro_f1": macro_f1(_answers(reads)),
        "exact_match": _share([r.labels_right for r in reads]),
        "kind_accuracy": _share([r.kind_right for r in reads]),
        "auto_share": _share([r.reading.certain for r in reads]),
        "auto_wrong": _share([not r.safe for r in auto]),
    }


def _group(language: str) -> str:
    return "en" if language == "en" else "other"


def _parts(
    reads: Sequence[Read], name: Callable[[str], str]
) -> dict[str, dict[str, float]]:
    """Summarise the reads by what a name makes of their languages."""
    parts: dict[str, list[Read]] = {}
    for read in reads:
        parts.setdefault(name(read.example.language), []).append(read)
    return {key: _summary(parts[key]) for key in sorted(parts)}


def measure(reads: Sequence[Read], version: str) -> dict[str, Any]:
    """Give all figures for a set of readings, ready for JSON."""
    auto = [r for r in reads if r.reading.certain]
    return {
        "model": version,
        **_summary(reads),
        "auto_wrong_labels": _share([not r.labels_right for r in auto]),
        "auto_wrong_kind": _share([not r.kind_right for r in auto]),
        "auto_harmful": sum(r.harmful for r in auto),
        "labels": {r.value: label_figures(_answers(reads), r) for r in Right},
        "languages": _parts(reads, str),
        "groups": _parts(reads, _group),
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

"""Measures ways to read mails beside one another: same mails learned, same mails read.

Nothing is tuned here. Whatever gives scores is measured twice: labels from 0.5 on, and
from the threshold that is best on the calibration mails.
"""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from operator import eq
from pathlib import Path
from typing import Any, Final

from classifiers import corpus, pipeline
from classifiers.corpus import Example
from classifiers.pipeline import KINDS, Outputs
from classifiers.workshop import evaluation, making, training
from classifiers.workshop.contender import Contender, Material, Trained
from classifiers.workshop.evaluation import Answer
from classifiers.workshop.peers import PEERS
from classifiers.workshop.variants import VARIANTS
from inbox_bot.domain.reading import Kind, Right

CONTENDERS: Final[Mapping[str, Contender]] = {c.name: c for c in (*PEERS, *VARIANTS)}
FILE: Final = "compare.json"
# With so many, all rows together take less than 25 minutes on one core.
EPOCHS: Final = 6

_PLAIN: Final = 0.5
# In this order: among equals, the one nearest to the plain one.
_THRESHOLDS: Final = sorted(
    (percent / 100 for percent in range(10, 95, 5)), key=lambda at: abs(at - _PLAIN)
)
_GROUPS: Final[Mapping[str, Callable[[str], bool]]] = {
    "all": lambda _: True,
    "English": lambda code: code == "en",
    "not English": lambda code: code != "en",
    "Norwegian": lambda code: code in {"nb", "nn"},
    "other": lambda code: code not in {"en", "nb", "nn"},
}
_MEGABYTE: Final = 1_000_000

Say = Callable[[str], object]
Row = dict[str, Any]


def _given(scores: Outputs, threshold: float) -> frozenset[Right]:
    return frozenset(r for r in Right if scores[f"right/{r}"] >= threshold)


def _answers(
    examples: Sequence[Example], scores: Sequence[Outputs], threshold: float
) -> list[Answer]:
    return [
        (example.labels, _given(one, threshold))
        for example, one in zip(examples, scores, strict=True)
    ]


def best_threshold(examples: Sequence[Example], scores: Sequence[Outputs]) -> float:
    """Give the threshold with the highest macro F1; one for all labels."""
    return max(
        _THRESHOLDS,
        key=lambda at: evaluation.macro_f1(_answers(examples, scores, at)),
    )


def _kind_accuracy(
    examples: Sequence[Example], scores: Sequence[Outputs]
) -> float | None:
    """Give how often the kind is right, or None of a model that tells none."""
    if not all(name in one for one in scores for name in KINDS):
        return None
    right = [
        max(Kind, key=lambda kind: one[f"kind/{kind}"]) is example.kind
        for example, one in zip(examples, scores, strict=True)
    ]
    return round(sum(right) / len(right), 4)


def figures(
    examples: Sequence[Example], scores: Sequence[Outputs], threshold: float
) -> Row:
    """Give F1 by group, language and label, and exact matches, from a threshold on."""
    answers = _answers(examples, scores, threshold)

    def macro(wanted: Callable[[str], bool]) -> float:
        pairs = zip(examples, answers, strict=True)
        return evaluation.macro_f1([a for e, a in pairs if wanted(e.language)])

    spoken = sorted({example.language for example in examples})
    return {
        "threshold": threshold,
        "macro_f1": {name: macro(wanted) for name, wanted in _GROUPS.items()},
        "exact_match": round(
            sum(wanted == found for wanted, found in answers) / len(answers), 4
        ),
        "languages": {code: macro(partial(eq, code)) for code in spoken},
        "labels": {r.value: evaluation.label_figures(answers, r)["f1"] for r in Right},
    }


def _measured(trained: Trained, kept: Sequence[Example], new: Sequence[Example]) -> Row:
    """Choose the threshold on mails kept for it, then measure on new ones."""
    tuning = trained.score([example.message for example in kept])
    # Time of this process alone, on all cores: others work on the same machine.
    began = time.process_time()
    scores = trained.score([example.message for example in new])
    took = time.process_time() - began
    return {
        "plain": figures(new, scores, _PLAIN),
        "chosen": figures(new, scores, best_threshold(kept, tuning)),
        "kind_accuracy": _kind_accuracy(new, scores),
        "mails_per_second": round(len(new) / took),
        "megabytes": round(trained.size / _MEGABYTE, 2),
    }


def _spread(examples: Sequence[Example], limit: int | None) -> Sequence[Example]:
    """Take so many of the mails, from all over the corpora."""
    return examples[:: max(1, len(examples) // limit)][:limit] if limit else examples


def material(epochs: int, limit: int | None = None) -> Material:
    """Look at the training mails, and compose what the shipped model learns from, too.

    With a limit, only so many mails, and none composed.
    """
    count = 0 if limit else pipeline.recipe()["training"]["composed"]
    examples = _spread(corpus.load(*corpus.TRAINING), limit)
    return Material(
        lessons=[training.lesson(example) for example in examples],
        composed=making.composed(count),
        epochs=epochs,
    )


def rows(
    names: Sequence[str], learned: Material, say: Say, limit: int | None = None
) -> dict[str, Row]:
    """Train and measure contenders one after the other; KeyError for an unknown name."""
    kept = _spread(corpus.load(corpus.CALIBRATION), limit)
    new = _spread(corpus.load(corpus.DEVELOPMENT), limit)
    done: dict[str, Row] = {}
    for contender in [CONTENDERS[name] for name in names]:
        say(f"{contender.name}: {contender.what} ...")
        trained = contender.train(learned)
        done[contender.name] = {
            "what": contender.what,
            **_measured(trained, kept, new),
            "epochs": trained.epochs,
        }
        say(f"  macro F1 {done[contender.name]['chosen']['macro_f1']['all']}")
    return done


def compare(
    names: Sequence[str],
    epochs: int,
    say: Say,
    folder: Path = evaluation.METRICS,
) -> Row:
    """Measure contenders and write them beside those of the same corpora and rules."""
    path = folder / FILE
    before: Row = json.loads(path.read_text("utf-8")) if path.exists() else {}
    version = making.version()
    say("Looking at the mails ...")
    learned = material(epochs)
    found = rows(names, learned, say)
    known = before["rows"] if before.get("model") == version else {}
    together = known | found
    result: Row = {
        "model": version,
        "learned": len(learned.mails),
        "mails": len(corpus.load(corpus.DEVELOPMENT)),
        "rows": {name: together[name] for name in CONTENDERS if name in together},
    }
    path.write_text(json.dumps(result, indent=1) + "\n", "utf-8")
    return result

"""Puts a new model in the old one's place, unless it reads the development set worse.

The new one is built beside the old and judged before anything is replaced. How it is
built stands in `making`.
"""

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from classifiers import corpus
from classifiers.cascade import Reader
from classifiers.pipeline import MODEL
from classifiers.workshop import evaluation
from classifiers.workshop.evaluation import Read
from inbox_bot.domain.message import InboundMessage

# A right stands in some tens of the mails: one mail more or less of it moves the mean
# over the rights by about 0.002, so this much is chance, not the model.
F1_TOLERANCE = 0.005
# And one mail may fall on the other side of the trust.
WRONG_TOLERANCE = 1

_PROBE = InboundMessage(sender=None, subject="Hello", author_text="Please write to me.")

Say = Callable[[str], object]
Build = Callable[[Path], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How a model reads the development set; `wrong` counts among what it trusts."""

    version: str
    macro_f1: float
    auto_share: float
    wrong: int

    def line(self) -> str:
        """Give the figures in words."""
        return (
            f"{self.version}: macro F1 {self.macro_f1:.4f}, auto {self.auto_share:.1%},"
            f" wrong among auto {self.wrong}"
        )


def judge(folder: Path) -> Figures | None:
    """Measure the model of a folder; None where there is none that can be loaded."""
    reader = Reader(folder)
    try:
        reader.read([_PROBE])
        version = reader.version
    except (OSError, LookupError, TypeError, ValueError):
        return None
    examples = corpus.load(corpus.DEVELOPMENT)
    if not examples:
        raise ValueError("Without the development set no model can be judged.")
    readings = reader.read([example.message for example in examples])
    reads = [
        Read(example=example, reading=reading)
        for example, reading in zip(examples, readings, strict=True)
    ]
    measured = evaluation.measure(reads, version)
    return Figures(
        version=version,
        macro_f1=measured["macro_f1"],
        auto_share=measured["auto_share"],
        wrong=sum(read.reading.certain and not read.safe for read in reads),
    )


def worse(new: Figures, old: Figures) -> bool:
    """Whether the new model is worse by more than chance."""
    return (
        new.macro_f1 < old.macro_f1 - F1_TOLERANCE
        or new.wrong > old.wrong + WRONG_TOLERANCE
    )


def renew(build: Build, say: Say, folder: Path = MODEL) -> bool:
    """Build a model and put it into `folder`; False, and the old stays, if it is worse.

    Without an old model that can be loaded any new one is taken.
    """
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".model-") as place:
        made = Path(place) / "new"
        build(made)
        new, old = judge(made), judge(folder)
        if new is None:
            raise ValueError("The model that was built can't be loaded.")
        say(f"new {new.line()}")
        say(f"old {old.line() if old else 'none that can be loaded'}")
        if old is not None and worse(new, old):
            say("The new model is worse: the old one stays.")
            return False
        _swap(made, folder, Path(place) / "old")
    return True


def _swap(made: Path, folder: Path, aside: Path) -> None:
    """Replace a folder by another of the same file system."""
    if folder.exists():
        folder.rename(aside)
    try:
        made.rename(folder)
    except OSError:
        if aside.exists():
            aside.rename(folder)
        raise
    shutil.rmtree(aside, ignore_errors=True)

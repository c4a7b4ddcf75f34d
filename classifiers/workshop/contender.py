"""What every model that is compared takes and gives; none is built here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from classifiers.pipeline import Outputs
from classifiers.workshop.training import Lesson
from inbox_bot.domain.message import InboundMessage

Score = Callable[[Sequence[InboundMessage]], list[Outputs]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What all learn from: whole mails, composed ones, and how often a network may."""

    lessons: Sequence[Lesson]
    composed: Sequence[Lesson]
    epochs: int

    @property
    def mails(self) -> tuple[Lesson, ...]:
        """All mails, composed ones last."""
        return (*self.lessons, *self.composed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """A model that scores messages, and its size in bytes.

    Scores go by `right/…` and `kind/…`; one that tells no kinds leaves them out.
    `epochs` says how often it saw each mail, of a model of spaCy's own.
    """

    score: Score
    size: int
    epochs: int | None = None


Train = Callable[[Material], Trained]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """A way to read mails: its name, what it is, and how it learns."""

    name: str
    what: str
    train: Train

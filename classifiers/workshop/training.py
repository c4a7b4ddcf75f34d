"""Trains the model from the corpora, the same every time; nothing is judged here."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from spacy.language import Language
from spacy.training import Example as SpacyExample
from spacy.util import registry
from thinc.api import Config, fix_random_seed

from classifiers import pipeline
from classifiers.corpus import Example
from classifiers.features import Sight, look, tokens
from inbox_bot.domain.reading import Kind, Right

BATCH = 32
FOLDS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """A labelled mail as the models see it."""

    example: Example
    sight: Sight
    tokens: list[str]

    @property
    def scores(self) -> dict[str, float]:
        """What a perfect model would say."""
        rights = {f"right/{r}": float(r in self.example.labels) for r in Right}
        return rights | {f"kind/{k}": float(k is self.example.kind) for k in Kind}


def lesson(example: Example) -> Lesson:
    """Look at a mail as the reader will."""
    sight = look(example.message)
    return Lesson(example=example, sight=sight, tokens=tokens(sight))


def _spacy_example(nlp: Language, given: Lesson) -> SpacyExample:
    reference = pipeline.document(nlp, given.tokens)
    reference.cats = given.scores
    return SpacyExample(pipeline.document(nlp, given.tokens), reference)


def train(config: Config, lessons: Sequence[Lesson]) -> Language:
    """Train a pipeline; equal lessons in equal order give an equal model."""
    settings = config["training"]
    fix_random_seed(settings["seed"])
    shuffle = random.Random(settings["seed"])  # noqa: S311 - order of lessons, no secret
    nlp = pipeline.build(config)
    examples = [_spacy_example(nlp, given) for given in lessons]
    nlp.initialize(lambda: examples)
    optimizer = registry.resolve({"optimizer": settings["optimizer"]})["optimizer"]
    for _ in range(settings["max_epochs"]):
        shuffle.shuffle(examples)
        for start in range(0, len(examples), BATCH):
            batch = examples[start : start + BATCH]
            nlp.update(batch, sgd=optimizer, drop=settings["dropout"])
    return nlp


def folds(count: int, seed: int) -> Iterator[tuple[list[int], list[int]]]:
    """Give the indices to learn from and to leave out, for each fold."""
    order = list(range(count))
    random.Random(seed).shuffle(order)  # noqa: S311 - order of lessons, no secret
    for fold in range(FOLDS):
        out = order[fold::FOLDS]
        left = set(out)
        yield [i for i in range(count) if i not in left], out


def out_of_fold(config: Config, lessons: Sequence[Lesson]) -> list[pipeline.Scores]:
    """Score every lesson by a model that has not seen it."""
    scores: list[pipeline.Scores] = [{} for _ in lessons]
    for learn, out in folds(len(lessons), config["training"]["seed"]):
        nlp = train(config, [lessons[i] for i in learn])
        found = pipeline.score(nlp, [lessons[i].tokens for i in out])
        for index, score in zip(out, found, strict=True):
            scores[index] = score
    return scores

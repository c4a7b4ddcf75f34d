"""Trains the models from the corpora, the same every time; nothing is judged here."""

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from zlib import crc32

from spacy.language import Language
from spacy.training import Example as SpacyExample
from spacy.util import registry
from thinc.api import Config, fix_random_seed

from classifiers import bag, features, pipeline
from classifiers.concepts import LANGUAGES
from classifiers.corpus import Example
from classifiers.features import Sight
from classifiers.pipeline import (
    COMPONENT,
    KINDS,
    RIGHTS,
    Models,
    Outputs,
    Scorer,
    Scores,
)
from classifiers.text import Clause
from classifiers.workshop import generator
from inbox_bot.domain.reading import Kind, Right

FOLDS = 3


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """A labelled mail as the models see it."""

    example: Example
    sight: Sight

    @cached_property
    def sentences(self) -> list[list[str]]:
        """The features of each clause."""
        return [features.sentence_tokens(part) for part in self.sight.parts]

    @cached_property
    def tokens(self) -> list[str]:
        """The features of the whole mail."""
        return features.tokens(self.sight, self.sentences)

    @property
    def rights(self) -> dict[str, float]:
        """What a perfect model would say of rights."""
        return {f"right/{r}": float(r in self.example.labels) for r in Right}

    @property
    def truth(self) -> dict[str, float]:
        """What a perfect model would say."""
        kinds = {f"kind/{k}": float(k is self.example.kind) for k in Kind}
        return self.rights | kinds


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Features and what they stand for; what `truth` leaves out is not known."""

    tokens: Sequence[str]
    truth: Mapping[str, float]


def lesson(example: Example) -> Lesson:
    """Look at a mail as the reader will."""
    return Lesson(example=example, sight=features.look(example.message))


def _spacy_example(nlp: Language, given: Document) -> SpacyExample:
    reference = pipeline.document(nlp, given.tokens)
    reference.cats = dict(given.truth)
    return SpacyExample(pipeline.document(nlp, given.tokens), reference)


def _learn_features(nlp: Language, documents: Sequence[Document], least: int) -> None:
    seen = Counter(word for one in documents for word in set(one.tokens))
    strings = nlp.vocab.strings
    hashes = {strings.add(word): n for word, n in seen.items() if n >= least}
    bag.know(nlp.get_pipe(COMPONENT).model, hashes, len(documents))  # type: ignore[attr-defined]


def fit(
    config: Config, outputs: Sequence[str], documents: Sequence[Document], epochs: int
) -> Language:
    """Train one pipeline; equal documents in equal order give an equal model."""
    settings = config["training"]
    fix_random_seed(settings["seed"])
    shuffle = random.Random(settings["seed"])  # noqa: S311 - order of lessons, no secret
    nlp = pipeline.build(config, outputs)
    examples = [_spacy_example(nlp, given) for given in documents]
    nlp.initialize(lambda: examples)
    _learn_features(nlp, documents, settings["least"])
    # Not by way of `nlp.update`, which copies every document in every round.
    component = nlp.get_pipe(COMPONENT)
    optimizer = registry.resolve({"optimizer": settings["optimizer"]})["optimizer"]
    for _ in range(epochs):
        shuffle.shuffle(examples)
        for start in range(0, len(examples), settings["batch"]):
            batch = examples[start : start + settings["batch"]]
            component.update(batch, sgd=optimizer)  # type: ignore[attr-defined]
    return nlp


@cache
def bank_documents() -> tuple[Document, ...]:
    """Give the hand-written sentences of the generator as lessons of their own."""
    return tuple(
        Document(
            tokens=features.sentence_tokens(
                features.part(Clause(text=sentence.text, start=0), language)
            ),
            truth={f"right/{r}": float(r in sentence.labels) for r in Right},
        )
        for language in LANGUAGES
        for slot in generator.bank(language).values()
        for sentence in slot
    )


def _single(lessons: Sequence[Lesson]) -> list[Document]:
    """Take the mails of one clause: what they ask for, it asks for."""
    return [
        Document(tokens=given.sentences[0], truth=given.rights)
        for given in lessons
        if len(given.sentences) == 1
    ]


def _assigned(given: Lesson, scores: Sequence[Outputs]) -> list[Document]:
    """Say of each clause of a mail what it asks for, as far as that is known.

    What the mail doesn't ask for, no clause of it does. What it does ask for, its
    best-scored clause is taken to ask for; of the others that is not known.
    """
    truths: list[dict[str, float]] = [{} for _ in scores]
    for output, asked in given.rights.items():
        best = max(range(len(scores)), key=lambda i: scores[i][output])
        for index, truth in enumerate(truths):
            if not asked:
                truth[output] = 0.0
            elif index == best:
                truth[output] = 1.0
    return [
        Document(tokens=tokens, truth=truth)
        for tokens, truth in zip(given.sentences, truths, strict=True)
    ]


def _train_sentences(config: Config, lessons: Sequence[Lesson]) -> Language:
    """Train on sentences of known meaning, then on those of mails as well."""
    known = [*bank_documents(), *_single(lessons)]
    epochs = config["training"]["sentence_epochs"]
    first = fit(config, RIGHTS, known, epochs)
    found = iter(Scorer(first).score(t for one in lessons for t in one.sentences))
    assigned = [
        document
        for given in lessons
        if given.sentences
        for document in _assigned(given, [next(found) for _ in given.sentences])
    ]
    return fit(config, RIGHTS, [*known, *assigned], epochs)


def train(
    config: Config, lessons: Sequence[Lesson], composed: Sequence[Lesson] = ()
) -> Models:
    """Train both pipelines; composed mails are for the one that reads whole mails."""
    mails = [
        Document(tokens=one.tokens, truth=one.truth) for one in (*lessons, *composed)
    ]
    return Models(
        mail=fit(config, (*RIGHTS, *KINDS), mails, config["training"]["mail_epochs"]),
        sentence=_train_sentences(config, lessons),
    )


def folds(lessons: Sequence[Lesson]) -> Iterator[tuple[list[int], list[int]]]:
    """Give the indices to learn from and to leave out, for each fold.

    Mails of the same number go together: the languages' mails of one number often tell
    of the same situation.
    """
    groups = [_group(one.example.id) for one in lessons]
    for fold in range(FOLDS):
        yield (
            [i for i, group in enumerate(groups) if group != fold],
            [i for i, group in enumerate(groups) if group == fold],
        )


def _group(mail_id: str) -> int:
    """Give the fold of a mail by the number of its id, of an id of others by its hash."""
    number = mail_id.rpartition("-")[2]
    counted = int(number) if number.isdecimal() else crc32(mail_id.encode())
    return counted % FOLDS


def out_of_fold(
    config: Config, lessons: Sequence[Lesson], composed: Sequence[Lesson] = ()
) -> list[Scores]:
    """Score every lesson by models that have not seen it."""
    scores: dict[int, Scores] = {}
    for learn, out in folds(lessons):
        models = train(config, [lessons[i] for i in learn], composed)
        found = models.score([lessons[i].sight for i in out])
        scores.update(zip(out, found, strict=True))
    return [scores[index] for index in range(len(lessons))]

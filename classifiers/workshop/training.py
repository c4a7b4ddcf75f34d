"""Trains the models from the corpora, the same every time; nothing is judged here."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from zlib import crc32

from spacy.language import Language
from thinc.api import Config

from classifiers import bag, features, pipeline
from classifiers.bag import Hashes
from classifiers.concepts import LANGUAGES
from classifiers.corpus import Example
from classifiers.features import Sight
from classifiers.pipeline import (
    KINDS,
    RIGHTS,
    Models,
    Outputs,
    Scorer,
    Scores,
)
from classifiers.text import Clause
from classifiers.workshop import generator, solving
from classifiers.workshop.generator import Sentence
from classifiers.workshop.solving import Document
from inbox_bot.domain.reading import Kind, Right

FOLDS = 3


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """A labelled mail as the models see it."""

    example: Example
    sight: Sight

    @cached_property
    def sentences(self) -> list[Hashes]:
        """The features of each clause."""
        return [bag.hashes(features.sentence_tokens(one)) for one in self.sight.parts]

    @property
    def whole(self) -> Document:
        """What the reader of mails learns from it."""
        found = pipeline.whole(self.sight, self.sentences)
        return Document(features=found, truth=self.truth)

    @property
    def spelling(self) -> Document:
        """What the reader of pieces learns from it."""
        found = bag.pieces(features.spelling(self.sight.parts))
        return Document(features=found, truth=self.truth)

    @property
    def rights(self) -> dict[str, float]:
        """What a perfect model would say of rights."""
        return {f"right/{r}": float(r in self.example.labels) for r in Right}

    @property
    def truth(self) -> dict[str, float]:
        """What a perfect model would say."""
        kinds = {f"kind/{k}": float(k is self.example.kind) for k in Kind}
        return self.rights | kinds


def lesson(example: Example) -> Lesson:
    """Look at a mail as the reader will."""
    return Lesson(example=example, sight=features.look(example.message))


def fit(
    config: Config, table: str, outputs: Sequence[str], documents: Sequence[Document]
) -> Language:
    """Train a pipeline by a table of the recipe; equal documents give an equal model."""
    settings = config["training"][table]
    nlp = pipeline.build(config, outputs)
    solving.teach(
        nlp,
        outputs,
        documents,
        least=settings["least"],
        freedom=settings["freedom"],
    )
    return nlp


@dataclass(frozen=True, slots=True, kw_only=True)
class Single:
    """A hand-written sentence of the generator, for the readers of words and pieces."""

    words: Document
    pieces: Document


@cache
def bank() -> tuple[Single, ...]:
    """Give the sentences of all languages, looked at once for all that is trained."""
    return tuple(
        _looked_at(sentence, language)
        for language in LANGUAGES
        for slot in generator.bank(language).values()
        for sentence in slot
    )


def _looked_at(sentence: Sentence, language: str) -> Single:
    part = features.part(Clause(text=sentence.text, start=0), language)
    truth = {f"right/{r}": float(r in sentence.labels) for r in Right}
    words = bag.hashes(features.sentence_tokens(part))
    pieces = bag.pieces(features.spelling([part]))
    return Single(
        words=Document(features=words, truth=truth),
        pieces=Document(features=pieces, truth=truth),
    )


def _single(lessons: Sequence[Lesson]) -> list[Document]:
    """Take the mails of one clause: what they ask for, it asks for."""
    return [
        Document(features=given.sentences[0], truth=given.rights)
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
        Document(features=found, truth=truth)
        for found, truth in zip(given.sentences, truths, strict=True)
    ]


def _train_sentences(config: Config, lessons: Sequence[Lesson]) -> Language:
    """Train on sentences of known meaning, then on those of mails as well."""
    known = [*(one.words for one in bank()), *_single(lessons)]
    first = fit(config, "sentence", RIGHTS, known)
    found = iter(Scorer(first).score(t for one in lessons for t in one.sentences))
    assigned = [
        document
        for given in lessons
        if given.sentences
        for document in _assigned(given, [next(found) for _ in given.sentences])
    ]
    return fit(config, "sentence", RIGHTS, [*known, *assigned])


def train(
    config: Config, lessons: Sequence[Lesson], composed: Sequence[Lesson] = ()
) -> Models:
    """Train all pipelines; composed mails are for those that read whole mails.

    A sentence alone may be a mail as well, though nobody knows of what kind.
    """
    mails = (*lessons, *composed)
    everything = (*RIGHTS, *KINDS)
    words = [*(one.whole for one in mails), *(one.words for one in bank())]
    pieces = [*(one.spelling for one in mails), *(one.pieces for one in bank())]
    return Models(
        mail=fit(config, "mail", everything, words),
        spelling=fit(config, "spelling", everything, pieces),
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

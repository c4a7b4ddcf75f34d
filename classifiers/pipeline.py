"""Builds, loads and runs the spaCy pipelines: of mails, their spelling, sentences.

How they are trained stands in `workshop.training`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from spacy.language import Language
from spacy.util import load_config, load_model_from_config, load_model_from_path
from thinc.api import Config

from classifiers import bag, features
from classifiers.bag import Hashes
from classifiers.features import Sight
from inbox_bot.domain.reading import Kind, Right

HOME: Final = Path(__file__).parent
MODEL: Final = HOME / "model"
RECIPE: Final = HOME / "configs" / "reading.cfg"
COMPONENT: Final = "reading"
ARCHITECTURE: Final = bag.NAME

RIGHTS: Final = tuple(f"right/{right}" for right in Right)
KINDS: Final = tuple(f"kind/{kind}" for kind in Kind)

# The features of so many documents are looked up at once.
_AT_ONCE: Final = 128

Outputs = Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """What the models say: of the whole mail, and of each of its clauses in order.

    `mail` goes by words and what they mean, `spelling` by the pieces of words.
    """

    mail: Outputs
    spelling: Outputs
    sentences: tuple[Outputs, ...]


def recipe() -> Config:
    """Give the recipe as it stands in the configuration file."""
    return load_config(RECIPE)


def build(config: Config, outputs: Iterable[str]) -> Language:
    """Build an untrained pipeline; the training tables of the recipe are not its."""
    parts = Config({"nlp": config["nlp"], "components": config["components"]})
    nlp = load_model_from_config(parts, auto_fill=True)
    component = nlp.get_pipe(COMPONENT)
    for output in outputs:
        component.add_label(output)  # type: ignore[attr-defined]
    return nlp


def whole(sight: Sight, clauses: Sequence[Hashes]) -> Hashes:
    """Give the features of a whole mail, those of its clauses being at hand."""
    found = np.concatenate([*clauses, bag.hashes(())])
    return np.append(found, bag.hashes(features.circumstances(sight, len(found))))


class Scorer:
    """Scores documents by one trained pipeline."""

    def __init__(self, nlp: Language) -> None:
        self.nlp = nlp

    def score(self, documents: Iterable[Hashes]) -> list[Outputs]:
        """Score documents, given by the hashes of their features, in order."""
        docs = (bag.document(self.nlp.vocab, found) for found in documents)
        return [dict(doc.cats) for doc in self.nlp.pipe(docs, batch_size=_AT_ONCE)]


class Models:
    """The trained pipelines of a folder, by name."""

    def __init__(self, mail: Language, spelling: Language, sentence: Language) -> None:
        self.mail = Scorer(mail)
        self.spelling = Scorer(spelling)
        self.sentence = Scorer(sentence)

    @property
    def named(self) -> dict[str, Scorer]:
        """Each pipeline by the name of its folder."""
        return {
            "mail": self.mail,
            "spelling": self.spelling,
            "sentence": self.sentence,
        }

    def score(self, sights: Sequence[Sight]) -> list[Scores]:
        """Score mails and their clauses, in order."""
        clauses = [
            [bag.hashes(features.sentence_tokens(part)) for part in sight.parts]
            for sight in sights
        ]
        mails = self.mail.score(
            whole(sight, own) for sight, own in zip(sights, clauses, strict=True)
        )
        spellings = self.spelling.score(
            bag.pieces(features.spelling(sight.parts)) for sight in sights
        )
        found = iter(self.sentence.score(one for own in clauses for one in own))
        return [
            Scores(
                mail=mail,
                spelling=spelling,
                sentences=tuple(next(found) for _ in own),
            )
            for mail, spelling, own in zip(mails, spellings, clauses, strict=True)
        ]

    def save(self, folder: Path) -> None:
        """Write all; features are known by their hash, so no words are kept."""
        for name, scorer in self.named.items():
            scorer.nlp.to_disk(folder / name, exclude=["vocab"])


def load(folder: Path = MODEL) -> Models:
    """Load trained pipelines; OSError where there are none."""

    def one(name: str) -> Language:
        return load_model_from_path(folder / name)

    return Models(mail=one("mail"), spelling=one("spelling"), sentence=one("sentence"))

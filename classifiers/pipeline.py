"""Builds, loads and runs the two spaCy pipelines: one reads mails, one sentences.

How they are trained stands in `workshop.training`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import load_config, load_model_from_config, load_model_from_path
from thinc.api import Config

from classifiers import bag, features
from classifiers.features import Sight
from inbox_bot.domain.reading import Kind, Right

HOME: Final = Path(__file__).parent
MODEL: Final = HOME / "model"
RECIPE: Final = HOME / "configs" / "reading.cfg"
COMPONENT: Final = "reading"
ARCHITECTURE: Final = bag.NAME

RIGHTS: Final = tuple(f"right/{right}" for right in Right)
KINDS: Final = tuple(f"kind/{kind}" for kind in Kind)

Outputs = Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """What the models say: of the whole mail, and of each of its clauses in order."""

    mail: Outputs
    sentences: tuple[Outputs, ...]


def recipe() -> Config:
    """Give the recipe as it stands in the configuration file."""
    return load_config(RECIPE)


def build(config: Config, outputs: Iterable[str]) -> Language:
    """Build an untrained pipeline; the training table of the recipe is not its."""
    parts = Config({"nlp": config["nlp"], "components": config["components"]})
    nlp = _bare(load_model_from_config(parts, auto_fill=True))
    component = nlp.get_pipe(COMPONENT)
    for output in outputs:
        component.add_label(output)  # type: ignore[attr-defined]
    return nlp


def _bare(nlp: Language) -> Language:
    """Keep spaCy from finding out the shape and the like of what are no words."""
    nlp.vocab.lex_attr_getters = {}  # type: ignore[attr-defined]
    return nlp


def document(nlp: Language, tokens: Sequence[str]) -> Doc:
    """Make a document of features."""
    return Doc(nlp.vocab, words=list(tokens))


class Scorer:
    """Scores documents by one trained pipeline."""

    def __init__(self, nlp: Language) -> None:
        self.nlp = nlp
        self._known = bag.known(nlp.get_pipe(COMPONENT).model)  # type: ignore[attr-defined]

    def score(self, documents: Iterable[Sequence[str]]) -> list[Outputs]:
        """Score documents in order.

        Features that were not learned are left out first: they change nothing, and
        the words of strangers must not stay in spaCy's vocabulary.
        """
        strings, known = self.nlp.vocab.strings, self._known
        docs = [
            document(self.nlp, [token for token in tokens if strings[token] in known])
            for tokens in documents
        ]
        return [dict(doc.cats) for doc in self.nlp.pipe(docs)]


class Models:
    """The two trained pipelines of a folder."""

    def __init__(self, mail: Language, sentence: Language) -> None:
        self.mail = Scorer(mail)
        self.sentence = Scorer(sentence)

    def score(self, sights: Sequence[Sight]) -> list[Scores]:
        """Score mails and their clauses, in order."""
        clauses = [
            [features.sentence_tokens(part) for part in sight.parts] for sight in sights
        ]
        mails = self.mail.score(
            features.tokens(sight, own)
            for sight, own in zip(sights, clauses, strict=True)
        )
        found = iter(self.sentence.score(t for own in clauses for t in own))
        return [
            Scores(mail=mail, sentences=tuple(next(found) for _ in own))
            for mail, own in zip(mails, clauses, strict=True)
        ]

    def save(self, folder: Path) -> None:
        """Write both; features are known by their hash, so no words are kept."""
        self.mail.nlp.to_disk(folder / "mail", exclude=["vocab"])
        self.sentence.nlp.to_disk(folder / "sentence", exclude=["vocab"])


def load(folder: Path = MODEL) -> Models:
    """Load trained pipelines; OSError where there are none."""
    return Models(
        mail=_bare(load_model_from_path(folder / "mail")),
        sentence=_bare(load_model_from_path(folder / "sentence")),
    )

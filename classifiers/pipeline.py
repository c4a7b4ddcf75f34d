"""Builds and loads the spaCy pipeline; how it is trained stands in `training`."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import load_config, load_model_from_config, load_model_from_path
from thinc.api import Config

from inbox_bot.domain.reading import Kind, Right

HOME: Final = Path(__file__).parent
MODEL: Final = HOME / "model"
RECIPE: Final = HOME / "configs" / "reading.cfg"
COMPONENT: Final = "reading"

# One component scores both; spaCy keeps all scores of a document in one dictionary.
OUTPUTS: Final = (*(f"right/{r}" for r in Right), *(f"kind/{k}" for k in Kind))

Scores = Mapping[str, float]


def recipe() -> Config:
    """Give the recipe as it stands in the configuration file."""
    return load_config(RECIPE)


def build(config: Config) -> Language:
    """Build the untrained pipeline; the training table of the recipe is not its."""
    parts = Config({"nlp": config["nlp"], "components": config["components"]})
    nlp = load_model_from_config(parts, auto_fill=True)
    component = nlp.get_pipe(COMPONENT)
    for output in OUTPUTS:
        component.add_label(output)  # type: ignore[attr-defined]
    return nlp


def load(folder: Path = MODEL) -> Language:
    """Load a trained pipeline; OSError where there is none."""
    return load_model_from_path(folder / "pipeline")


def document(nlp: Language, tokens: list[str]) -> Doc:
    """Make a document of ready-made words."""
    return Doc(nlp.vocab, words=tokens)


def score(nlp: Language, documents: Iterable[list[str]]) -> list[Scores]:
    """Score documents in order.

    The words of strangers must not stay in the vocabulary, so nothing of spaCy's
    leaves the memory zone.
    """
    with nlp.memory_zone():
        docs = [document(nlp, tokens) for tokens in documents]
        return [dict(doc.cats) for doc in nlp.pipe(docs)]

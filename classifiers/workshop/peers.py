"""What others would do with the same mails: a word list, TF-IDF, spaCy's own networks.

Nothing of ours but the author's words goes into them.
"""

import pickle
import random
from collections.abc import Callable, Sequence
from typing import Final

from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example as SpacyExample
from spacy.util import load_config, registry
from thinc.api import Config, fix_random_seed

from classifiers import concepts, pipeline, text
from classifiers.pipeline import HOME, KINDS, RIGHTS, Outputs
from classifiers.workshop.contender import Contender, Material, Train, Trained
from classifiers.workshop.training import Lesson
from inbox_bot.domain.message import InboundMessage
from inbox_bot.domain.reading import Right

RECIPE: Final = HOME / "configs" / "peers.cfg"

_DELETE: Final = frozenset(
    {
        "delete", "deleted", "deletion", "destroy", "erase", "erased", "erasure",
        "forget", "forgotten", "purge", "removal", "remove", "removed", "wipe",
    }
)  # fmt: skip
_EVERYTHING: Final = (*RIGHTS, *KINDS)
# A bag of words is so quick that it may look more often than the networks.
_BAG_EPOCHS: Final = 20

Words = Callable[[Language, InboundMessage], Doc]


def _said(message: InboundMessage) -> str:
    """Give the author's words; never empty, since no network takes an empty text."""
    return f"{message.subject}\n{message.author_text[: text.MAX_TEXT]}"


def word_list(_: Material) -> Trained:
    """Take a delete-word for a deletion and all else for access, as neighbours do."""

    def score(messages: Sequence[InboundMessage]) -> list[Outputs]:
        return [_looked_up(message) for message in messages]

    return Trained(score=score, size=sum(len(word) for word in _DELETE))


def _looked_up(message: InboundMessage) -> Outputs:
    words = {word.text for word in concepts.split(_said(message))}
    found = Right.ACCESS if _DELETE.isdisjoint(words) else Right.DELETION
    return {name: float(name == f"right/{found}") for name in RIGHTS}


def tf_idf(material: Material) -> Trained:
    """Weigh words and pieces of words, one logistic regression for each output."""
    # A library for developers: what runs in the bot must load without it.
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415
    from sklearn.multiclass import OneVsRestClassifier  # noqa: PLC0415
    from sklearn.pipeline import make_pipeline, make_union  # noqa: PLC0415

    words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
    pieces = TfidfVectorizer(
        analyzer="char_wb", ngram_range=(2, 5), min_df=3, sublinear_tf=True
    )
    model = make_pipeline(
        make_union(words, pieces),
        OneVsRestClassifier(LogisticRegression(C=10, solver="liblinear")),
    )
    truths = [[int(one.truth[name]) for name in _EVERYTHING] for one in material.mails]
    model.fit([_said(one.example.message) for one in material.mails], truths)

    def score(messages: Sequence[InboundMessage]) -> list[Outputs]:
        found = model.predict_proba([_said(message) for message in messages])
        return [dict(zip(_EVERYTHING, map(float, row), strict=True)) for row in found]

    return Trained(score=score, size=len(pickle.dumps(model)))


def _tokenized(nlp: Language, message: InboundMessage) -> Doc:
    """Keep case and punctuation: networks see shapes."""
    return nlp.make_doc(_said(message))


def _folded(nlp: Language, message: InboundMessage) -> Doc:
    words = [word.text for word in concepts.split(_said(message))]
    return Doc(nlp.vocab, words=words)


def _untrained(recipe: Config, name: str) -> Language:
    config = pipeline.recipe()
    config["components"][pipeline.COMPONENT]["model"] = recipe["models"][name]
    return pipeline.build(config, _EVERYTHING)


def _example(nlp: Language, words: Words, given: Lesson) -> SpacyExample:
    reference = words(nlp, given.example.message)
    reference.cats = given.truth
    return SpacyExample(words(nlp, given.example.message), reference)


def _fit(
    nlp: Language, examples: Sequence[SpacyExample], settings: Config, epochs: int
) -> None:
    nlp.initialize(lambda: examples)
    optimizer = registry.resolve({"optimizer": settings["optimizer"]})["optimizer"]
    order = list(examples)
    shuffle = random.Random(settings["seed"])  # noqa: S311 - order of lessons, no secret
    for _ in range(epochs):
        shuffle.shuffle(order)
        for start in range(0, len(order), settings["batch"]):
            nlp.update(
                order[start : start + settings["batch"]],
                sgd=optimizer,
                drop=settings["dropout"],
            )


def _spacy(name: str, words: Words, epochs: int | None = None) -> Train:
    """Give the training of one of spaCy's classifiers; see `configs/peers.cfg`."""

    def train(material: Material) -> Trained:
        recipe = load_config(RECIPE, interpolate=True)
        settings = recipe["training"]
        fix_random_seed(settings["seed"])
        nlp = _untrained(recipe, name)
        examples = [_example(nlp, words, given) for given in material.mails]
        rounds = epochs or material.epochs
        _fit(nlp, examples, settings, rounds)

        def score(messages: Sequence[InboundMessage]) -> list[Outputs]:
            with nlp.memory_zone():
                docs = [words(nlp, message) for message in messages]
                return [dict(doc.cats) for doc in nlp.pipe(docs)]

        weights = nlp.get_pipe(pipeline.COMPONENT).model.to_bytes()  # type: ignore[attr-defined]
        return Trained(score=score, size=len(weights), epochs=rounds)

    return train


PEERS: Final = (
    Contender(
        name="word-list",
        what="a delete-word is a deletion, all else access",
        train=word_list,
    ),
    Contender(
        name="tf-idf",
        what="scikit-learn: TF-IDF of words and pieces of words, logistic regression",
        train=tf_idf,
    ),
    Contender(
        name="spacy-bow",
        what="spaCy TextCatBOW over plain words",
        train=_spacy("bow", _folded, _BAG_EPOCHS),
    ),
    Contender(
        name="spacy-cnn",
        what="spaCy TextCatReduce over MultiHashEmbed: a CNN, mean and maximum",
        train=_spacy("cnn", _tokenized),
    ),
    Contender(
        name="spacy-attention",
        what="spaCy TextCatParametricAttention over the same",
        train=_spacy("attention", _tokenized),
    ),
    Contender(
        name="spacy-ensemble",
        what="spaCy TextCatEnsemble: the bag of words and attention",
        train=_spacy("ensemble", _tokenized),
    ),
)

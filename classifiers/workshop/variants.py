"""Our own models with this or that left out, so that it shows what each part gives.

The recipe and its training are those of the shipped model.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from spacy.language import Language

from classifiers import bag, features, pipeline
from classifiers.bag import Hashes
from classifiers.cascade import Reader
from classifiers.features import Sight
from classifiers.pipeline import KINDS, MODEL, RIGHTS, Outputs, Scorer
from classifiers.workshop import training
from classifiers.workshop.contender import Contender, Material, Train, Trained
from classifiers.workshop.solving import Document
from classifiers.workshop.training import Lesson
from inbox_bot.domain.message import InboundMessage
from inbox_bot.domain.reading import Reading

Keep = Callable[[str], bool]

_STEM: Final = "^"
_SUBJECT: Final = "S/"
_MEANINGS: Final = ("C/", "SC/", "IF/", "Q/", "P/", "E/", "T/")


def is_word(token: str) -> bool:
    """Whether a feature is a word itself, be it of the subject."""
    plain = "/" not in token and not token.startswith(_STEM)
    return plain or token.startswith(_SUBJECT)


def is_word_or_stem(token: str) -> bool:
    """Whether a feature is a word or the beginning of one."""
    return is_word(token) or token.startswith(_STEM)


def is_word_or_meaning(token: str) -> bool:
    """Whether a feature is a word, what it means, or how meanings stand together."""
    return is_word(token) or token.startswith(_MEANINGS)


def is_feature(_: str) -> bool:
    """Keep everything."""
    return True


def _features(sight: Sight, keep: Keep) -> Hashes:
    found = [token for part in sight.parts for token in features.sentence_tokens(part)]
    found += features.circumstances(sight, len(found))
    return bag.hashes(filter(keep, found))


def _fit(lessons: Sequence[Lesson], keep: Keep) -> Language:
    config = pipeline.recipe()
    documents = [
        Document(features=_features(one.sight, keep), truth=one.truth)
        for one in lessons
    ]
    return training.fit(config, "mail", (*RIGHTS, *KINDS), documents)


def _weight(nlp: Language) -> int:
    return len(nlp.get_pipe(pipeline.COMPONENT).model.to_bytes())  # type: ignore[attr-defined]


def _bag(keep: Keep) -> Train:
    """Give the training of a weighted bag over the features that are kept."""

    def train(material: Material) -> Trained:
        nlp = _fit(material.mails, keep)
        scorer = Scorer(nlp)

        def score(messages: Sequence[InboundMessage]) -> list[Outputs]:
            sights = map(features.look, messages)
            return scorer.score(_features(one, keep) for one in sights)

        return Trained(score=score, size=_weight(nlp))

    return train


def by_language(material: Material) -> Trained:
    """Train one bag for each language; mails of any other go to the commonest."""
    spoken = Counter(one.example.language for one in material.mails)
    models = {
        language: _fit(
            [one for one in material.mails if one.example.language == language],
            is_feature,
        )
        for language in spoken
    }
    commonest = max(spoken, key=spoken.__getitem__)

    def score(messages: Sequence[InboundMessage]) -> list[Outputs]:
        sights = [features.look(message) for message in messages]
        own = [s.language if s.language in models else commonest for s in sights]
        found: dict[int, Outputs] = {}
        for language, nlp in models.items():
            mine = [index for index, code in enumerate(own) if code == language]
            scores = Scorer(nlp).score(
                _features(sights[index], is_feature) for index in mine
            )
            found.update(zip(mine, scores, strict=True))
        return [found[index] for index in range(len(sights))]

    return Trained(score=score, size=sum(map(_weight, models.values())))


def spelling(material: Material) -> Trained:
    """Read the pieces of words alone, those of the mails and no others."""
    documents = [one.spelling for one in material.mails]
    nlp = training.fit(pipeline.recipe(), "spelling", (*RIGHTS, *KINDS), documents)
    scorer = Scorer(nlp)

    def score(messages: Sequence[InboundMessage]) -> list[Outputs]:
        sights = map(features.look, messages)
        return scorer.score(bag.pieces(features.spelling(one.parts)) for one in sights)

    return Trained(score=score, size=_weight(nlp))


def sentences(material: Material) -> Trained:
    """Read each sentence alone; a mail asks for what any of its sentences asks for."""
    scorer = training.train(pipeline.recipe(), material.lessons).sentence

    def score(messages: Sequence[InboundMessage]) -> list[Outputs]:
        own = [
            [
                bag.hashes(features.sentence_tokens(part))
                for part in features.look(message).parts
            ]
            for message in messages
        ]
        found = iter(scorer.score(tokens for mail in own for tokens in mail))
        return [_strongest([next(found) for _ in mail]) for mail in own]

    return Trained(score=score, size=_weight(scorer.nlp))


def _strongest(scores: Sequence[Outputs]) -> Outputs:
    return {name: max((one[name] for one in scores), default=0.0) for name in RIGHTS}


def folder_size(folder: Path) -> int:
    """Give the bytes of all files in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def shipped(_: Material) -> Trained:
    """Read as the bot does, with the model as it lies in its folder."""
    reader = Reader()

    def score(messages: Sequence[InboundMessage]) -> list[Outputs]:
        return [_said(reading) for reading in reader.read(messages)]

    return Trained(score=score, size=folder_size(MODEL))


def _said(reading: Reading) -> Outputs:
    said = {
        f"kind/{reading.kind}",
        *(f"right/{right}" for right in reading.labels),
    }
    return {name: float(name in said) for name in (*RIGHTS, *KINDS)}


VARIANTS: Final = (
    Contender(name="bag-words", what="our weighted bag: words", train=_bag(is_word)),
    Contender(name="bag-stems", what="words and stems", train=_bag(is_word_or_stem)),
    Contender(
        name="bag-concepts",
        what="words and what they mean",
        train=_bag(is_word_or_meaning),
    ),
    Contender(
        name="bag-all",
        what="all features of the mail, one model for all languages",
        train=_bag(is_feature),
    ),
    Contender(
        name="bag-pieces",
        what="the pieces of words, and nothing else",
        train=spelling,
    ),
    Contender(
        name="bag-by-language",
        what="all features of the mail, one model for each language",
        train=by_language,
    ),
    Contender(
        name="sentences",
        what="each sentence alone, the strongest counts",
        train=sentences,
    ),
    Contender(
        name="shipped",
        what="mail, pieces and sentences together, calibrated, decided with the kind",
        train=shipped,
    ),
)

"""The layer says what it was taught, from whole words or from their pieces."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import numpy as np
import pytest
from spacy.language import Language

from classifiers import bag, pipeline
from classifiers.bag import Hashes
from classifiers.workshop import solving
from classifiers.workshop.solving import Document
from tests.unit.classifiers.letters import letter

OUTPUTS = ("right/deletion", "right/access")
WORDS = (
    (("delete", "me"), 1.0),
    (("please", "delete", "this"), 1.0),
    (("send", "me", "this"), 0.0),
    (("please", "send", "it"), 0.0),
)
Hashing = Callable[[Iterable[str]], Hashes]


def lessons(hashing: Hashing, said: Sequence[tuple[Sequence[str], float]] = WORDS):
    return [
        Document(
            features=hashing(words),
            truth={"right/deletion": delete, "right/access": 1 - delete},
        )
        for words, delete in said
    ]


def taught(documents: Sequence[Document]) -> Language:
    nlp = pipeline.build(pipeline.recipe(), OUTPUTS)
    solving.teach(nlp, OUTPUTS, documents, least=1, freedom=20.0)
    return nlp


def deletion(nlp: Language, hashing: Hashing, *words: str) -> float:
    (scores,) = pipeline.Scorer(nlp).score([hashing(words)])
    return scores["right/deletion"]


@pytest.mark.parametrize("hashing", [bag.hashes, bag.pieces])
def test_what_was_taught_is_told_apart(hashing):
    nlp = taught(lessons(hashing))

    assert deletion(nlp, hashing, "delete", "it") > 0.6
    assert deletion(nlp, hashing, "send", "it") < 0.4


def test_a_mistyped_word_is_known_by_its_pieces_alone():
    whole, pieces = taught(lessons(bag.hashes)), taught(lessons(bag.pieces))

    none = deletion(whole, bag.hashes, "qqqqqq")
    assert none == deletion(whole, bag.hashes, "deletee")
    assert deletion(pieces, bag.pieces, "deletee") > 0.7


def test_a_document_without_a_known_feature_gets_what_is_common():
    nlp = taught(lessons(bag.hashes))

    assert deletion(nlp, bag.hashes) == deletion(nlp, bag.hashes, "never", "seen")


def test_what_stands_beside_a_document_changes_nothing_of_it():
    nlp = taught(lessons(bag.hashes))
    documents = [bag.hashes(words) for words in (["send"], [], ["delete", "me"])]

    together = pipeline.Scorer(nlp).score(documents)

    alone = [pipeline.Scorer(nlp).score([one])[0] for one in documents]
    assert together == alone


def test_an_output_that_is_not_known_of_a_document_is_not_learned_from_it():
    features = bag.hashes(["delete"])
    unknown = Document(features=features, truth={"right/access": 1.0})
    refused = replace(unknown, truth={"right/access": 1.0, "right/deletion": 0.0})

    more = taught([*lessons(bag.hashes), *[unknown] * 9])
    less = taught([*lessons(bag.hashes), *[refused] * 9])

    assert deletion(more, bag.hashes, "delete") > 0.6
    assert deletion(less, bag.hashes, "delete") < 0.4


@pytest.mark.parametrize(
    ("documents", "given"),
    [
        (lessons(bag.hashes, WORDS[:2]), True),
        (lessons(bag.hashes, WORDS[2:]), False),
        ([Document(features=bag.hashes(["so"]), truth={"right/access": 1.0})], False),
        ([], False),
        (lessons(lambda _: bag.hashes([])), True),
    ],
)
def test_what_no_feature_can_tell_goes_by_what_is_common(documents, given):
    nlp = taught(documents)

    assert (deletion(nlp, bag.hashes, "anything") > 0.99) is given


def test_weights_of_one_byte_score_nearly_as_those_they_stand_for():
    random = np.random.default_rng(3)
    words = [f"word{n}" for n in range(400)]
    nlp = pipeline.build(pipeline.recipe(), OUTPUTS)
    keys = np.sort(bag.hashes(words))
    weights = random.normal(scale=3, size=(400, 2))
    layer = nlp.get_pipe(pipeline.COMPONENT).model  # type: ignore[attr-defined]
    bag.teach(layer, keys, np.ones(400), weights, np.zeros(2))

    for _ in range(50):
        said = random.choice(words, size=60, replace=False).tolist()
        rows = np.searchsorted(keys, bag.hashes(said))
        exact = 1 / (1 + np.exp(-weights[rows].sum(axis=0) / np.sqrt(60)))
        assert deletion(nlp, bag.hashes, *said) == pytest.approx(exact[0], abs=0.02)


def test_words_of_strangers_do_not_stay_in_the_vocabulary(reader):
    reader.read([letter("Please send me a copy.")])
    models = reader._models.named.values()  # noqa: SLF001 - to look inside is the point
    before = [len(one.nlp.vocab.strings) for one in models]

    reader.read([letter(" ".join(f"strange{n}" for n in range(200)))])

    assert before == [len(one.nlp.vocab.strings) for one in models]

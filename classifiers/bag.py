"""The layer behind all scores: a weighted bag of known features, and one line each.

Registered with spaCy as an architecture. A document brings its features along as
hashes: so no word of a stranger enters spaCy's vocabulary, and what was not learned
costs nothing. What is known of features is set by `teach`.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from spacy.strings import hash_string  # type: ignore[attr-defined]
from spacy.tokens import Doc
from spacy.util import registry
from spacy.vocab import Vocab
from thinc.api import Model

NAME: Final = "inbox_bot.WeightedBag.v2"

_FEATURES: Final = "features"
# Of an empty document spaCy asks no model anything.
_PLACEHOLDER: Final = "-"
_KNOWN_WORDS: Final = 1 << 15
# A word longer than any of ours is data, not language.
_LONGEST: Final = 60

Floats = npt.NDArray[np.floating[Any]]
Hashes = npt.NDArray[np.uint64]
Places = npt.NDArray[np.intp]
Found = npt.NDArray[np.bool_]
# Thinc's own array types know less of NumPy than NumPy does.
Layer = Model[Any, Any]


def hashes(names: Iterable[str]) -> Hashes:
    """Give the hash of every feature, as often as it is named."""
    return np.fromiter(map(hash_string, names), dtype=np.uint64)


def pieces(words: Iterable[str]) -> Hashes:
    """Give the hashes of all stretches of two to five characters of some words.

    The ends of a word are marked; one too short for a length counts whole instead. The
    pieces of the words last met are remembered in this process.
    """
    return np.concatenate([_NONE, *(_pieces(word[:_LONGEST]) for word in words)])


@lru_cache(_KNOWN_WORDS)
def _pieces(word: str) -> Hashes:
    marked = f" {word} "
    return hashes(
        marked[at : at + length]
        for length in range(2, 6)
        for at in range(max(1, len(marked) - length + 1))
    )


_NONE: Final = hashes(())


def document(vocab: Vocab, features: Hashes) -> Doc:
    """Make a document of features."""
    return Doc(vocab, words=[_PLACEHOLDER], user_data={_FEATURES: features})


@registry.architectures(NAME)  # type: ignore[untyped-decorator]
def weighted_bag(nO: int | None = None) -> Layer:  # noqa: N803 - thinc's name
    """Build the layer: documents in, a probability for each of `nO` labels out."""
    return Model(
        "weighted_bag",
        _forward,
        dims={"nO": nO},
        params={"keys": None, "rarity": None, "W": None, "step": None, "b": None},
        attrs={"resize_output": _resized},
    )


def teach(
    model: Layer, keys: Hashes, rarity: Floats, weights: Floats, bias: Floats
) -> None:
    """Set what is known: sorted hashes of features, how rare each is, what each says.

    `weights` has a row for each feature and a column for each label.
    """
    # A byte for each weight quarters the model and moves a score by a hundredth or two.
    step = np.abs(weights).max(axis=0, initial=1e-6) / np.iinfo(np.int8).max
    values: dict[str, Any] = {
        # Thinc knows parameters as floats: a pair of them carries a hash of 64 bits.
        "keys": keys.view(np.float32).reshape(-1, 2).copy(),
        "rarity": rarity.astype(np.float16),
        "W": np.round(weights / step).astype(np.int8),
        "step": step.astype(np.float32),
        "b": bias.astype(np.float32),
    }
    for name, value in values.items():
        model.set_param(name, value)


def places(keys: Hashes, found: Hashes) -> tuple[Places, Found]:
    """Give where features stand among sorted keys, and which of them do at all."""
    at = np.searchsorted(keys, found)
    at[at == len(keys)] = 0
    met = keys[at] == found if len(keys) else np.zeros(len(found), dtype=bool)
    return at, met


def weighed(counts: Floats, rarity: Floats, owners: Places, documents: int) -> Floats:
    """Weigh features by how often they stand there and how rare they are.

    `owners` says to which document each belongs; those of one have a length of 1.
    """
    values = (1 + np.log(counts)) * rarity
    lengths = np.sqrt(np.bincount(owners, values * values, minlength=documents))
    return np.asarray(values / lengths[owners])


def _resized(model: Layer, new: int) -> Layer:
    model.set_dim("nO", new, force=True)
    return model


def _logits(model: Layer, found: Sequence[Hashes]) -> Floats:
    """Give a row for each document: all at once, since there are many small ones."""
    stored, weights, rarity = (model.get_param(n) for n in ("keys", "W", "rarity"))
    keys: Hashes = np.asarray(stored).reshape(-1).view(np.uint64)
    at, met = places(keys, np.concatenate([_NONE, *found]))
    owners = np.repeat(np.arange(len(found)), list(map(len, found)))[met]
    cells, counts = np.unique(owners * len(keys) + at[met], return_counts=True)
    owners, rows = np.divmod(cells, max(len(keys), 1))
    rare = np.asarray(rarity)[rows].astype(np.float64)
    values = weighed(counts.astype(np.float64), rare, owners, len(found))
    logits = [
        np.bincount(owners, values * column, minlength=len(found))
        for column in np.asarray(weights)[rows].T
    ]
    scaled = np.column_stack(logits) * model.get_param("step")
    return np.asarray(scaled + model.get_param("b"))


def _forward(
    model: Layer, docs: Sequence[Doc], **_training: bool
) -> tuple[Floats, Callable[[Floats], list[Doc]]]:
    logits = _logits(model, [doc.user_data[_FEATURES] for doc in docs])
    scores = (1 / (1 + np.exp(-np.clip(logits, -30, 30)))).astype(np.float32)

    def backprop(_: Floats) -> list[Doc]:
        raise NotImplementedError("A weighted bag is taught as a whole, see `teach`.")

    return scores, backprop

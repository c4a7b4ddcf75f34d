"""The layer behind both scores: a weighted bag of known features, and one line each.

Registered with spaCy as an architecture. Which features are known and how rare they are
is set by `know` before training.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from spacy.tokens import Doc
from spacy.util import registry
from thinc.api import Model

NAME: Final = "inbox_bot.WeightedBag.v1"

Floats = npt.NDArray[np.float32]
Hashes = npt.NDArray[np.uint64]
# Thinc's own array types know less of NumPy than NumPy does.
Layer = Model[Any, Any]


@registry.architectures(NAME)  # type: ignore[untyped-decorator]
def weighted_bag(nO: int | None = None) -> Layer:  # noqa: N803 - thinc's name
    """Build the layer: documents in, a probability for each of `nO` labels out."""
    model: Layer = Model(
        "weighted_bag",
        _forward,
        init=_initialize,
        dims={"nO": nO},
        params={"keys": None, "rarity": None, "W": None, "b": None},
    )
    model.attrs["multi_label"] = True
    model.attrs["resize_output"] = _resized
    model.set_ref("output_layer", model)
    return model


def know(model: Layer, seen_in: Mapping[int, int], documents: int) -> None:
    """Set the features that count: {feature's hash: documents it was seen in}."""
    keys: Hashes = np.array(sorted(seen_in), dtype=np.uint64)
    counts = np.array([seen_in[int(key)] for key in keys], dtype=np.float64)
    rarity = np.log((1 + documents) / (1 + counts)) + 1
    outputs = model.get_dim("nO")
    values: dict[str, Any] = {
        # Parameters are floats; a pair of them carries the 64 bits of a hash.
        "keys": keys.view(np.float32).reshape(-1, 2).copy(),
        "rarity": rarity.astype(np.float32),
        "W": np.zeros((len(keys), outputs), dtype=np.float32),
        "b": np.zeros(outputs, dtype=np.float32),
    }
    for name, value in values.items():
        model.set_param(name, value)


def known(model: Layer) -> frozenset[int]:
    """Give the hashes of the features that count."""
    stored: Any = model.get_param("keys")
    return frozenset(stored.reshape(-1).view(np.uint64).tolist())


def _initialize(model: Layer, *_sample: object, **_more: object) -> None:
    if not model.has_param("W"):
        know(model, {}, 0)


def _resized(model: Layer, new: int) -> Layer:
    model.set_dim("nO", new, force=True)
    return model


def _weighed(keys: Hashes, rarity: Floats, doc: Doc) -> tuple[Any, Floats]:
    """Give the rows of a document's known features and their weights, of length 1."""
    found = doc.to_array("ORTH")
    at = np.searchsorted(keys, found)
    at[at == len(keys)] = 0
    known = keys[at] == found if len(keys) else np.zeros(len(found), dtype=bool)
    rows, counts = np.unique(at[known], return_counts=True)
    values = (1 + np.log(counts)).astype(np.float32) * rarity[rows]
    length = float(np.sqrt(values @ values)) or 1.0
    return rows, values / length


def _forward(
    model: Layer, docs: Sequence[Doc], **_training: bool
) -> tuple[Floats, Callable[[Floats], list[Doc]]]:
    stored: Any = model.get_param("keys")
    rarity: Any = model.get_param("rarity")
    weights: Any = model.get_param("W")
    keys = stored.reshape(-1).view(np.uint64)
    weighed = [_weighed(keys, rarity, doc) for doc in docs]
    logits = np.array([values @ weights[rows] for rows, values in weighed])
    logits = logits.reshape(len(docs), -1) + model.get_param("b")
    scores = (1 / (1 + np.exp(-np.clip(logits, -30, 30)))).astype(np.float32)

    def backprop(difference: Floats) -> list[Doc]:
        # Score minus truth is the slope of the cross entropy by the logit itself.
        slope = np.zeros_like(weights)
        for (rows, values), own in zip(weighed, difference, strict=True):
            slope[rows] += np.outer(values, own)
        model.inc_grad("W", slope)
        model.inc_grad("b", difference.sum(axis=0))
        return []

    return scores, backprop

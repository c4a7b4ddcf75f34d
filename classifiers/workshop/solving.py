"""Finds what a weighted bag is to know: its features, how rare they are, what they say.

Each output is a logistic regression. It is convex, so that a solver finds its one
optimum, which spaCy's training in small steps only comes near.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from spacy.language import Language

from classifiers import bag
from classifiers.bag import Floats, Hashes, Places
from classifiers.pipeline import COMPONENT

# Sparse matrices and solvers are libraries for developers, without types: what runs in
# the bot must load without them, so they are imported where they are used.
Rows = Any
Counts = npt.NDArray[np.integer[Any]]
Truths = npt.NDArray[np.bool_]

_PRECISION = 1e-3
# What all or none of the documents ask for is given or refused without a feature; and
# so is what most do or don't, where no feature is known.
_SETTLED = 6.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Features and what they stand for; what `truth` leaves out is not known."""

    features: Hashes
    truth: Mapping[str, float]


def teach(
    nlp: Language,
    outputs: Sequence[str],
    documents: Sequence[Document],
    *,
    least: int,
    freedom: float,
) -> None:
    """Set the layer of a pipeline; features of fewer than `least` documents are none.

    `freedom` is C of the regressions: the greater, the further a weight may go.
    """
    layer = nlp.get_pipe(COMPONENT).model  # type: ignore[attr-defined]
    found = [np.unique(one.features, return_counts=True) for one in documents]
    every = np.concatenate([bag.hashes(()), *(features for features, _ in found)])
    keys, seen = np.unique(every, return_counts=True)
    keys, seen = keys[seen >= least], seen[seen >= least]
    rarity = np.log((1 + len(documents)) / (1 + seen)) + 1
    weights, bias = _solved(_rows(found, keys, rarity), outputs, documents, freedom)
    bag.teach(layer, keys, rarity, weights, bias)


def _rows(found: Iterable[tuple[Hashes, Counts]], keys: Hashes, rarity: Floats) -> Rows:
    """Give a row for each document and a column for each known feature."""
    from scipy.sparse import csr_array  # noqa: PLC0415

    columns: list[Places] = [np.zeros(0, dtype=np.intp)]
    values: list[Floats] = [np.zeros(0)]
    ends = [0]
    for features, counts in found:
        at, known = bag.places(keys, features)
        rows, often = at[known], counts[known].astype(np.float64)
        columns.append(rows)
        values.append(bag.weighed(often, rarity[rows], np.zeros_like(rows), 1))
        ends.append(ends[-1] + len(rows))
    indices = (np.concatenate(columns), np.array(ends))
    # The solver takes indices of 32 bits only.
    parts = np.concatenate(values), *(place.astype(np.int32) for place in indices)
    return csr_array(parts, shape=(len(ends) - 1, len(keys)))


def _solved(
    rows: Rows, outputs: Sequence[str], documents: Sequence[Document], freedom: float
) -> tuple[Floats, Floats]:
    """Give the weights, a column for each output, and the biases."""
    from joblib import Parallel, delayed  # noqa: PLC0415

    def tasks() -> Iterator[Any]:
        for output in outputs:
            known = [i for i, one in enumerate(documents) if output in one.truth]
            truths = np.array([documents[i].truth[output] > 0 for i in known])
            yield delayed(_regression)(rows[known], truths, freedom)

    # Given out as they are needed, since each takes a copy of the rows.
    solved = Parallel(n_jobs=-1, max_nbytes=None)(tasks())
    return np.column_stack([w for w, _ in solved]), np.array([b for _, b in solved])


def _regression(rows: Rows, truths: Truths, freedom: float) -> tuple[Floats, float]:
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    if not truths.any() or truths.all() or rows.shape[1] == 0:
        asked = truths.any() and 2 * truths.sum() >= len(truths)
        return np.zeros(rows.shape[1]), _SETTLED if asked else -_SETTLED
    line = LogisticRegression(C=freedom, solver="liblinear", tol=_PRECISION)
    line.fit(rows, truths)
    return line.coef_.ravel(), float(line.intercept_[0])

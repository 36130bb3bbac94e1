"""Fitting the three models: intents, clause boundaries, entities."""

import random
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pycrfsuite
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from manciple.grocery.domain.language.linear import LinearModel

Row = Mapping[int, float]
Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
_LARGEST_WEIGHT = 127


def matrix(rows: Sequence[Row], buckets: int) -> csr_matrix:
    """Feature rows as a sparse matrix."""
    indptr = np.cumsum([0, *(len(row) for row in rows)])
    indices = np.fromiter((key for row in rows for key in row), dtype=np.int32)
    data = np.fromiter((value for row in rows for value in row.values()), dtype=np.float32)
    return csr_matrix((data, indices, indptr), shape=(len(rows), buckets))


def fit_linear(
    features: csr_matrix,
    targets: Sequence[int] | Whole,
    labels: Sequence[str],
    *,
    weights: Floats,
    penalty: float,
    rounds: int,
    start: tuple[Floats, Floats] | None = None,
) -> tuple[Floats, Floats]:
    """Weights and bias of a multinomial logistic regression, by L-BFGS from `start` on."""
    count, width = features.shape[1], len(labels)
    wanted = np.zeros((len(targets), width))
    wanted[np.arange(len(targets)), targets] = 1.0
    wanted = wanted * 0.97 + 0.03 / width  # some labels are disputable
    turned = features.T.tocsr()
    share = (weights / weights.sum())[:, None]

    def loss(flat: Floats) -> tuple[float, Floats]:
        table, bias = flat[:-width].reshape(count, width), flat[-width:]
        logits = (features @ table.astype(np.float32)).astype(np.float64) + bias
        logits -= logits.max(axis=1, keepdims=True)
        likely = np.exp(logits)
        sums = likely.sum(axis=1, keepdims=True)
        cost = -(share * wanted * (logits - np.log(sums))).sum()
        error = share * (likely / sums - wanted)
        gradient = turned @ error.astype(np.float32) + penalty * table
        value = float(cost + 0.5 * penalty * (table**2).sum())
        return value, np.concatenate([gradient.ravel(), error.sum(axis=0)])

    table, bias = start or (np.zeros((count, width)), np.zeros(width))
    first = np.concatenate([table.ravel(), bias])
    found = minimize(
        loss, first, jac=True, method="L-BFGS-B", options={"maxiter": rounds, "maxcor": 8}
    )
    return found.x[:-width].reshape(count, width), found.x[-width:]


def packed(table: Floats, bias: Floats, labels: Sequence[str]) -> LinearModel:
    """The model with weights of eight bits."""
    scales = np.maximum(np.abs(table).max(axis=0), 1e-9) / _LARGEST_WEIGHT
    return LinearModel(
        labels=tuple(labels),
        weights=np.round(table / scales).astype(np.int8),
        scales=scales.astype(np.float32),
        bias=bias.astype(np.float32),
    )


def best_temperature(logits: Floats, targets: Whole, weights: Floats) -> float:
    """The temperature with the least log loss on sentences of templates not trained on."""

    def cost(temperature: float) -> float:
        scaled = logits / temperature
        scaled -= scaled.max(axis=1, keepdims=True)
        chosen = scaled[np.arange(len(targets)), targets] - np.log(np.exp(scaled).sum(axis=1))
        return -float((weights * chosen).sum())

    return min((step / 50 for step in range(20, 150)), key=cost)


def fit_crf(rows: Sequence[tuple[list[list[str]], list[str]]], *, passes: int) -> bytes:
    """A conditional random field over token features, by the averaged perceptron.

    It is as good here as L-BFGS, in a quarter of the time.
    """
    trainer = pycrfsuite.Trainer(algorithm="ap", verbose=False)
    trainer.set_params(
        {"max_iterations": passes, "feature.minfreq": 3, "feature.possible_transitions": True}
    )
    order = list(range(len(rows)))
    random.Random(7).shuffle(order)
    for at in order:
        trainer.append(*rows[at])
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "entities.crfsuite"
        trainer.train(str(target))
        return target.read_bytes()

"""Fitting the network with one hidden layer, by Adam on small batches."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from manciple.grocery.domain.language.network import Network

Floats = npt.NDArray[np.float32]
WIDTH = 48
_BATCH = 512
_RATE = 3e-3
# Half of what a sentence shows is hidden each time, so that no single word is relied on.
_HIDDEN_FEATURES = 0.5
_HIDDEN_UNITS = 0.3
_DOUBT = 0.03  # some labels are disputable
_LARGEST = 127


@dataclass
class _Adam:
    """One parameter with its running moments."""

    value: Floats
    mean: Floats = field(init=False)
    spread: Floats = field(init=False)

    def __post_init__(self) -> None:
        self.mean = np.zeros_like(self.value)
        self.spread = np.zeros_like(self.value)

    def step(self, gradient: Floats, rate: float, count: int) -> None:
        self.mean *= 0.9
        self.mean += 0.1 * gradient
        self.spread *= 0.999
        self.spread += 0.001 * gradient * gradient
        sized = rate * float(np.sqrt(1 - 0.999**count)) / (1 - 0.9**count)
        self.value -= sized * self.mean / (np.sqrt(self.spread) + 1e-8)


def fit_network(
    features: csr_matrix,
    targets: npt.NDArray[np.int64],
    labels: int,
    *,
    weights: npt.NDArray[np.float64],
    epochs: int,
) -> Network:
    """The network that tells `targets`; the same data give the same network."""
    rng = np.random.default_rng(0)
    features = features.astype(np.float32)
    shares = (weights / weights.mean()).astype(np.float32)
    parameters = [
        _Adam((rng.standard_normal(shape) * 0.1).astype(np.float32))
        for shape in ((features.shape[1], WIDTH), (1, WIDTH), (WIDTH, labels), (1, labels))
    ]
    steps = epochs * -(-len(targets) // _BATCH)
    count = 0
    for _ in range(epochs):
        order = rng.permutation(len(targets))
        for start in range(0, len(order), _BATCH):
            at = order[start : start + _BATCH]
            count += 1
            gradients = _gradients(parameters, features[at], targets[at], shares[at], rng)
            for parameter, gradient in zip(parameters, gradients, strict=True):
                parameter.step(gradient, _RATE * (1 - count / steps) + 1e-5, count)
    return _packed(*(parameter.value for parameter in parameters))


def _gradients(
    parameters: Sequence[_Adam],
    rows: csr_matrix,
    wanted: npt.NDArray[np.int64],
    shares: Floats,
    rng: np.random.Generator,
) -> tuple[Floats, Floats, Floats, Floats]:
    inward, thresholds, outward, bias = (parameter.value for parameter in parameters)
    seen = (rng.random(rows.nnz) >= _HIDDEN_FEATURES) / np.float32(1 - _HIDDEN_FEATURES)
    rows = csr_matrix((rows.data * seen, rows.indices, rows.indptr), shape=rows.shape)
    raw = rows @ inward + thresholds
    lit = (raw > 0) * (rng.random(raw.shape) >= _HIDDEN_UNITS) / np.float32(1 - _HIDDEN_UNITS)
    lit = lit.astype(np.float32)
    hidden = raw * lit
    logits = hidden @ outward + bias
    likely = np.exp(logits - logits.max(axis=1, keepdims=True))
    likely /= likely.sum(axis=1, keepdims=True)
    likely -= _DOUBT / likely.shape[1]
    likely[np.arange(len(wanted)), wanted] -= 1 - _DOUBT
    error = likely * (shares / len(wanted))[:, None]
    back = (error @ outward.T) * lit
    return (
        rows.T @ back,
        back.sum(axis=0, keepdims=True),
        hidden.T @ error,
        error.sum(axis=0, keepdims=True),
    )


def _packed(inward: Floats, thresholds: Floats, outward: Floats, bias: Floats) -> Network:
    scales = np.maximum(np.abs(inward).max(axis=0), 1e-9) / _LARGEST
    return Network(
        inward=np.round(inward / scales).astype(np.int8),
        scales=scales.astype(np.float32),
        thresholds=thresholds[0],
        outward=outward,
        bias=bias[0],
    )

"""A multinomial linear model over hashed features, small enough to ship."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class LinearModel:
    """Weights of eight bits with one scale a class."""

    labels: Sequence[str]
    weights: npt.NDArray[np.int8]
    scales: npt.NDArray[np.float32]
    bias: npt.NDArray[np.float32]

    @property
    def buckets(self) -> int:
        """How many buckets features are hashed to."""
        return int(self.weights.shape[0])

    def logits(self, features: Mapping[int, float]) -> npt.NDArray[np.float64]:
        """What speaks for each label, in the order of `labels`."""
        rows = self.weights[list(features)].astype(np.float32)
        values = np.fromiter(features.values(), dtype=np.float32, count=len(features))
        logits = (values @ rows) * self.scales + self.bias
        result: npt.NDArray[np.float64] = logits.astype(np.float64)
        return result

    def probabilities(self, features: Mapping[int, float]) -> npt.NDArray[np.float64]:
        """The probability of each label, in the order of `labels`."""
        return softmax(self.logits(features))


def softmax(logits: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Probabilities that sum to one, from what speaks for each."""
    exps = np.exp(logits - logits.max())
    result: npt.NDArray[np.float64] = exps / exps.sum()
    return result

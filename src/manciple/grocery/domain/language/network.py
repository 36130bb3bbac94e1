"""Intents by two models that see the same features: one linear, one with a hidden layer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from manciple.grocery.domain.language.linear import LinearModel, softmax

Logits = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Network:
    """A hidden layer of rectified units over hashed features.

    `inward` has a row a bucket and a column a unit, in eight bits with one scale a unit;
    `outward` has a row a unit and a column a label.
    """

    inward: npt.NDArray[np.int8]
    scales: npt.NDArray[np.float32]
    thresholds: npt.NDArray[np.float32]
    outward: npt.NDArray[np.float32]
    bias: npt.NDArray[np.float32]

    def logits(self, features: Mapping[int, float]) -> Logits:
        """What speaks for each label."""
        rows = self.inward[list(features)].astype(np.float32)
        values = np.fromiter(features.values(), dtype=np.float32, count=len(features))
        hidden = np.maximum((values @ rows) * self.scales + self.thresholds, 0.0)
        result: Logits = (hidden @ self.outward + self.bias).astype(np.float64)
        return result


@dataclass(frozen=True, slots=True)
class IntentModel:
    """The mean of both models' votes: where one was misled by a word the other rarely is."""

    linear: LinearModel
    network: Network
    temperature: float

    @property
    def labels(self) -> Sequence[str]:
        """The intents, in the order of the probabilities."""
        return self.linear.labels

    @property
    def buckets(self) -> int:
        """How many buckets features are hashed to."""
        return self.linear.buckets

    def logits(self, features: Mapping[int, float]) -> Logits:
        """What speaks for each intent, in the order of `labels`; not calibrated."""
        return (self.linear.logits(features) + self.network.logits(features)) / 2.0

    def probabilities(self, features: Mapping[int, float]) -> Logits:
        """The probability of each intent, in the order of `labels`."""
        return softmax(self.logits(features) / self.temperature)

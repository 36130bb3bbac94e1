"""Fitting the intent model, and how sure it may be of ways of speaking it has not seen."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from manciple.grocery.domain.language.network import IntentModel
from tools.understander.fit import (
    Floats,
    Row,
    Whole,
    best_temperature,
    fit_linear,
    matrix,
    packed,
)
from tools.understander.network import fit_network

_PENALTY = 1e-6
_ROUNDS_AN_EPOCH = 20
Chosen = npt.NDArray[np.bool_]
Table = tuple[Floats, Floats]


@dataclass(frozen=True)
class IntentData:
    """Feature rows with the intents they stand for; `weights` say how much each matters."""

    rows: Sequence[Row]
    targets: Whole
    labels: Sequence[str]
    weights: Floats
    buckets: int

    def fitted(self, held: Chosen, *, rounds: int) -> tuple[IntentModel, float]:
        """The model of all rows, calibrated by one that had not seen those `held`.

        With it comes the share of those that were right.
        """
        features = matrix(self.rows, self.buckets)
        trial, table = self._model(features, ~held, rounds=rounds)
        unseen = [row for row, is_held in zip(self.rows, held, strict=True) if is_held]
        logits = np.array([trial.logits(row) for row in unseen])
        weights, wanted = self.weights[held], self.targets[held]
        right = float((weights * (logits.argmax(axis=1) == wanted)).sum() / weights.sum())
        # Few rows are new, so the second fit goes on from the first.
        model, _ = self._model(features, np.ones_like(held), rounds=rounds, start=table)
        return replace(model, temperature=best_temperature(logits, wanted, weights)), right

    def _model(
        self, features: csr_matrix, chosen: Chosen, *, rounds: int, start: Table | None = None
    ) -> tuple[IntentModel, Table]:
        rows, targets, weights = features[chosen], self.targets[chosen], self.weights[chosen]
        table = fit_linear(
            rows,
            targets,
            self.labels,
            weights=weights,
            penalty=_PENALTY,
            rounds=rounds if start is None else rounds // 3,
            start=start,
        )
        network = fit_network(
            rows,
            targets,
            len(self.labels),
            weights=weights,
            epochs=max(1, rounds // _ROUNDS_AN_EPOCH),
        )
        return IntentModel(packed(*table, self.labels), network, 1.0), table

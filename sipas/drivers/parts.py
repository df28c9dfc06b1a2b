"""The parts an index is split into: their weights, their labels, their places."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

import survey
from sipas.composites import Scheme
from survey.scores import Floats, Ints

STATEMENT, DIMENSION = "statement", "dimension"


def weights_of_parts(scheme: Scheme, weights: Floats, rows: str | None) -> tuple[Floats, pd.Index]:
    """Weights of the index split by statement or dimension, shape (R, J)."""
    involved = weights != 0
    if rows == DIMENSION:
        chosen = [
            (code, scheme.matrix[k] != 0)
            for k, (code, level) in enumerate(zip(scheme.codes, scheme.levels, strict=True))
            if level == DIMENSION and (involved & (scheme.matrix[k] != 0)).any()
        ]
        matrix = np.array([weights * members for _, members in chosen])
        return matrix, pd.Index([name for name, _ in chosen], name="code")
    if rows == STATEMENT:
        names = [item for item, used in zip(scheme.items, involved, strict=True) if used]
        return np.diag(weights)[involved], pd.Index(names, name="code")
    return weights[None, :], pd.Index(["all"], name="code")


def labels_of_parts(rows: str | None, labels: pd.Index, groups: pd.Index) -> pd.Index:
    """Label groups, crossed with statements or dimensions where these are asked for."""
    if rows is None:
        return groups
    return pd.MultiIndex.from_product([labels, groups], names=["code", groups.name])


def places_in(stacked: survey.Estimates, key: str, items: Sequence[str], groups: pd.Index) -> Ints:
    """Position of each item and group in the stacked vector, -1 where a year has none."""
    wanted = pd.MultiIndex.from_product([[key], items, groups])
    return stacked.labels.get_indexer(wanted)

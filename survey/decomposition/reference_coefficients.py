"""The reference coefficients of an Oaxaca–Blinder split, and the influence of each row on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.linalg import solve_triangular

from survey.decomposition.two_samples import TwoSamples
from survey.errors import SurveyError, first_five
from survey.formulas.model_matrix import ModelFormula, ModelMatrix, model_matrix
from survey.scores import Bools, Floats

#: A column of which less than this share is new is a combination of the columns before.
ALIASED = 1e-8


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """The rows of one sample that answered: columns of the model, answers and weights."""

    x: Floats
    y: Floats
    weight: Floats
    used: Bools
    scale: float

    @property
    def centre(self) -> Floats:
        """Weighted means of the columns, shape (p,)."""
        return np.asarray(self.weight @ self.x / self.weight.sum())

    @property
    def mean(self) -> float:
        """Weighted mean of the answers."""
        return float(self.weight @ self.y / self.weight.sum())

    @property
    def shares(self) -> Floats:
        """Share of each row in the total weight, shape (m, 1)."""
        return np.asarray(self.weight / self.weight.sum())[:, None]

    def placed(self, values: Floats) -> Floats:
        """Place values of the rows that answered among all rows of the sample, zero elsewhere."""
        made = np.zeros((len(self.used), values.shape[1]))
        made[self.used] = values
        return made


def model_samples(
    pair: TwoSamples, formula: ModelFormula, frames: Sequence[pd.DataFrame], j: int
) -> tuple[list[Sample], ModelMatrix]:
    """Lay out the columns of both samples by the same levels."""
    used = [rows.valid[:, j] & (rows.weight > 0) for rows in pair.rows]
    kept = [frame[keep] for frame, keep in zip(frames, used, strict=True)]
    matrix = model_matrix(formula, pd.concat(kept, ignore_index=True), intercept=True)
    pieces = np.split(matrix.values, [len(kept[0])])
    same = pair.designs[0].sample is pair.designs[1].sample
    made = []
    for rows, keep, x in zip(pair.rows, used, pieces, strict=True):
        weight = rows.weight[keep]
        scale = 1.0 if same else len(weight) / weight.sum()
        made.append(Sample(x, rows.y[keep, j], weight, keep, float(scale)))
    return made, matrix


def fitted_coefficients(
    samples: Sequence[Sample], names: Sequence[str], *, marked: bool
) -> tuple[Floats, list[Floats]]:
    """Fit the reference coefficients (p,), and give each sample's weighted influence on them."""
    x = np.concatenate([sample.x for sample in samples])
    if marked:
        later = np.repeat([0.0, 1.0], [len(sample.x) for sample in samples])
        x = np.hstack([x, later[:, None]])
        names = [*names, "the column that tells the samples apart"]
    y = np.concatenate([sample.y for sample in samples])
    weight = np.concatenate([sample.weight * sample.scale for sample in samples])
    back = _orthonormal(x, weight, names)
    basis = x @ back
    gamma = basis.T @ (weight * y)
    residual = y - basis @ gamma
    influence = (basis * (weight * residual)[:, None]) @ back.T
    p = samples[0].x.shape[1]
    ends = np.cumsum([len(sample.x) for sample in samples])[:-1]
    return (back @ gamma)[:p], np.split(influence[:, :p], ends)


def _orthonormal(x: Floats, weight: Floats, names: Sequence[str]) -> Floats:
    """Matrix that makes the columns orthonormal under the weights, shape (p, p)."""
    root = np.sqrt(weight)[:, None]
    length = np.linalg.norm(root * x, axis=0)
    triangle = np.linalg.qr(root * x / np.where(length > 0, length, 1.0), mode="r")
    own = np.abs(np.diagonal(triangle))
    alone = [name for k, name in enumerate(names) if k >= len(own) or own[k] < ALIASED]
    if alone:
        raise SurveyError(
            f"oaxaca(predictors=): {first_five(alone)} follow exactly from the other predictors, "
            "or do not vary, where the coefficients are fitted.",
            mend="Leave them out, merge levels, or use survey.oaxaca(reference='neumark').",
        )
    return np.asarray(solve_triangular(triangle, np.eye(len(names))) / length[:, None])

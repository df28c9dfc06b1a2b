"""The rows, columns and weights of one model, and its coefficients as estimates."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.linalg import solve_triangular

from survey.errors import SurveyError, first_five
from survey.estimates import Estimates
from survey.formulas.levels import codes_of, levels_of
from survey.formulas.model_matrix import (
    INTERCEPT,
    ModelFormula,
    ModelMatrix,
    Variable,
    complete,
    is_factor,
    model_matrix,
)
from survey.row_counts import KnownCounts
from survey.samples import Part
from survey.scores import Bools, Floats, Ints
from survey.variables import AnyDesign

#: A column of which less than this share is new is a combination of the columns before.
ALIASED = 1e-8


@dataclass(frozen=True, slots=True, eq=False)
class ModelRows:
    """Rows, columns and weights of one model, and the mean weight of the domain."""

    design: AnyDesign
    asked: Bools
    rows: Ints
    matrix: ModelMatrix
    y: Floats
    weight: Floats
    scale: float
    notes: tuple[str, ...]

    @property
    def index(self) -> pd.Index:
        """Index of the rows used."""
        return self.design.data.index[self.rows]

    def with_columns(self, values: Floats) -> ModelRows:
        """Put a column of ones before those of a model without intercept."""
        names = (INTERCEPT, *self.matrix.names)
        return replace(self, matrix=ModelMatrix(values, names, self.matrix.terms))


def model_rows(design: AnyDesign, formula: ModelFormula, *, intercept: bool) -> ModelRows:
    """Read the rows of a model: complete ones inside the design's domain, with weight."""
    asked = design.inside & (design.weight > 0)
    used = complete(formula, design.data, asked)
    rows = np.flatnonzero(used)
    frame = design.data.iloc[rows]
    missing = int(asked.sum()) - len(rows)
    everyone = float(design.weight[asked].sum())
    return ModelRows(
        design=restricted_to(design, used, "complete rows"),
        asked=asked,
        rows=rows,
        matrix=model_matrix(formula, frame, intercept=intercept),
        y=response(formula.response, frame),
        weight=design.weight[rows],
        scale=everyone / asked.sum(),
        notes=(f"{missing} rows lack a variable of the model.",) if missing else (),
    )


def restricted_to(design: AnyDesign, used: Bools, label: str) -> AnyDesign:
    """Restrict a design to rows with answers; where all have them it stays as it is."""
    if (used == design.inside).all():
        return design
    return design.domain(used, label=design.domain_label or label)


def response(variable: Variable, frame: pd.DataFrame) -> Floats:
    """Read the response as numbers; levels are numbered from 0 in their order."""
    column = frame[variable.column]
    if not is_factor(variable, column):
        return column.to_numpy(np.float64)
    return codes_of(column, levels_of(column)).astype(np.float64)


def residual_df(model: ModelRows, size: int) -> float:
    """Degrees of freedom of the design plus 1, less the columns. In R: ``df.residual``."""
    return float(model.design.df + 1 - size)


def coefficients(model: ModelRows, point: Floats, names: pd.Index, part: Part) -> Estimates:
    """Wrap coefficients and what their variance is made of."""
    size = np.full(len(point), float(len(model.rows)))
    return Estimates(
        point=np.asarray(point, dtype=np.float64),
        labels=names,
        parts=(part,),
        counts=KnownCounts(size, np.full(len(point), np.nan)),
        what="Coefficients",
        population=model.design.population_label,
        size_known=model.design.has_weights,
    )


def row_influence(model: ModelRows, influence: Floats) -> Floats:
    """Place the influence of the rows used in the rows of the design, zero elsewhere."""
    placed = np.zeros((len(model.design.data), influence.shape[1]))
    placed[model.rows] = influence
    return placed


def orthonormal(model: ModelRows) -> tuple[Floats, Floats]:
    """Columns made orthonormal under the weights, and the matrix that leads back.

    Fitting there is as well conditioned as can be, whatever the units of the predictors.
    """
    x, names = model.matrix.values, model.matrix.names
    share = np.sqrt(model.weight / model.weight.sum())[:, None]
    length = np.linalg.norm(share * x, axis=0)
    triangle = np.linalg.qr(share * x / np.where(length > 0, length, 1.0), mode="r")
    own = np.abs(np.diagonal(triangle))
    dependent = [name for k, name in enumerate(names) if k >= len(own) or own[k] < ALIASED]
    if dependent:
        raise SurveyError(
            f"{first_five(dependent)} follow exactly from the other predictors (or do not vary) "
            "among the rows used.",
            mend="Leave them out, or merge levels that never occur together.",
        )
    back = solve_triangular(triangle, np.eye(len(names))) / length[:, None]
    return x @ back, back

"""Rows that calibration treats alike: residual variance, shared ratios, equal variables."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.design import Design
from survey.errors import SurveyError, require_columns
from survey.scores import Floats, Ints
from survey.weighting.margins import AnyDesign
from survey.weighting.steps import class_sums, inside_weight


def residual_spread(design: AnyDesign, variance: str | npt.ArrayLike | None) -> Floats:
    """Residual variance of each row, up to a constant."""
    n = len(design.weight)
    if variance is None:
        return np.ones(n)
    if isinstance(variance, str):
        require_columns(design.data.columns, [variance], where="calibrate(variance=)")
        variance = pd.to_numeric(design.data[variance], errors="coerce").to_numpy(np.float64)
    spread = np.asarray(variance, dtype=np.float64)
    if spread.shape != (n,) or not (spread[design.inside] > 0).all():
        raise SurveyError(
            f"calibrate(variance=): needs {n} positive numbers.",
            mend="Name a column that is positive in every row, or pass one number a row.",
        )
    return np.where(design.inside, spread, 1.0)


def shared_ratio(
    design: AnyDesign, values: Floats, spread: Floats, aggregate: int | str | None
) -> tuple[Floats, Floats]:
    """Give rows that share a ratio the weighted mean of their variables."""
    if aggregate is None:
        return values, spread
    code = _shared(design, aggregate)
    weight = inside_weight(design)
    total = class_sums(code, weight, int(code.max()) + 1)
    share = weight / np.where(total > 0, total, 1.0)[code]
    table = np.column_stack([values, spread]) * share[:, None]
    means = np.stack([class_sums(code, column, len(total)) for column in table.T], axis=1)[code]
    return means[:, :-1], np.where(design.inside, means[:, -1], 1.0)


def _shared(design: AnyDesign, aggregate: int | str) -> Ints:
    """Code the groups of rows that share a ratio."""
    if isinstance(aggregate, str):
        require_columns(design.data.columns, [aggregate], where="calibrate(aggregate=)")
        return pd.factorize(design.data[aggregate])[0].astype(np.int64)
    stages = design.stages if isinstance(design, Design) else ()
    if not 1 <= aggregate <= len(stages):
        raise SurveyError(
            f"calibrate(aggregate={aggregate}): the design keeps {len(stages)} stages.",
            mend="Name a column whose rows share one ratio.",
        )
    return stages[aggregate - 1].unit


def like_rows(values: Floats, spread: Floats) -> tuple[Ints, Ints]:
    """Code rows with the same variables, and give a row of each class."""
    table = np.column_stack([values, spread])
    _, first, code = np.unique(table, axis=0, return_index=True, return_inverse=True)
    return code.ravel().astype(np.int64), first.astype(np.int64)

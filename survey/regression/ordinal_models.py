r"""Cumulative logit (proportional odds) regression for ordered answers.

.. math:: \operatorname{logit} P(Y \le k) = \zeta_k - x'\beta, \qquad \zeta_1 < \zeta_2 < \dots

The weighted log-likelihood is concave in the slopes and thresholds together (Pratt 1981, *JASA*
76, 103–106), so Newton's method with halved steps finds its maximum. Variance by influence, or by
refitting every replicate from the full fit. McCullagh (1980), *JRSS B* 42, 109–142. In R:
``svyolr``.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd

from survey.design import Design
from survey.errors import SurveyError
from survey.formulas.levels import codes_of, levels_of
from survey.formulas.model_matrix import read_formula
from survey.linearization import influence_part
from survey.regression.cumulative_logit import CumulativeLogit, maximised
from survey.regression.model_rows import (
    ModelRows,
    coefficients,
    model_rows,
    orthonormal,
    residual_df,
    row_influence,
)
from survey.regression.results import Regression
from survey.replicates import spread
from survey.samples import Part
from survey.scores import Floats, Ints
from survey.variables import AnyDesign


def ordinal(design: AnyDesign, formula: str) -> Regression:
    r"""Fit a cumulative logit model to ordered answers.

    Parameters
    ----------
    design : Design or ReplicateDesign
        The sample.
    formula : str
        ``"answer ~ a + b"``; the answer's levels are taken in the order of a categorical, else
        sorted. There is no intercept: the thresholds stand in its place.

    Returns
    -------
    Regression
        Slopes first, then thresholds named ``"1|2"``. A positive slope means higher answers.

    Raises
    ------
    SurveyError
        As `survey.regression.linear_models.glm`; also when fewer than three answers occur.

    Notes
    -----
    Formula and source: head of this module. In R: ``svyolr(factor(answer) ~ a + b, design)``.

    Examples
    --------
    >>> import pandas as pd, survey
    >>> frame = pd.DataFrame({"x": [0, 1] * 6, "y": [1, 2, 1, 3, 2, 3, 1, 1, 1, 3, 3, 2]})
    >>> ordinal(survey.Design(frame), "y ~ x").estimate.round(3)
    x      2.000
    1|2    0.625
    2|3    1.916
    Name: estimate, dtype: float64
    """
    model = model_rows(design, read_formula(formula), intercept=False)
    levels, codes = _levels(model, formula)
    basis, centre, back = _basis(model)
    problem = CumulativeLogit(basis, codes, len(levels) - 1)
    fit = maximised(problem, model.weight / model.scale, problem.start(model.weight))
    jacobian = _jacobian(centre, back, problem.cuts)
    part, notes = _part(model, problem, fit, jacobian)
    cuts = [f"{low}|{high}" for low, high in pairwise(levels)]
    shares = problem.shares(fit)
    expected = shares @ np.arange(len(levels))
    spread_of = np.sqrt(shares @ np.arange(len(levels)) ** 2 - expected**2)
    likelihood = problem.log_likelihood(fit, model.weight / model.scale)
    return Regression(
        estimates=coefficients(
            model, jacobian @ fit, pd.Index([*model.matrix.names, *cuts]), part
        ),
        formula=formula,
        family="cumulative logit",
        terms=model.matrix.terms,
        df_residual=residual_df(model, len(back) + 1),
        fitted=pd.Series(expected, index=model.index, name="fitted"),
        residuals=pd.Series((codes - expected) / spread_of, index=model.index, name="residuals"),
        dispersion=float("nan"),
        deviance=-2.0 * likelihood,
        notes=(*model.notes, *notes),
    )


def _levels(model: ModelRows, formula: str) -> tuple[list[str], Ints]:
    """Names of the answers that occur, and each row's answer as a number."""
    column = model.design.data[read_formula(formula).response.column].iloc[model.rows]
    found = levels_of(column)
    if len(found) < 3:
        raise SurveyError(
            f"ordinal({formula!r}): {len(found)} different answers.",
            mend="A cumulative model needs at least three; use survey.glm(family='binomial').",
        )
    whole = [int(v) if isinstance(v, float) and v.is_integer() else v for v in found]
    return [str(level) for level in whole], codes_of(column, found)


def _basis(model: ModelRows) -> tuple[Floats, Floats, Floats]:
    """Columns centred and made orthonormal, their centres, and the matrix that leads back.

    Centred columns leave the thresholds free of the predictors' units.
    """
    x = model.matrix.values
    if x.shape[1] == 0:
        raise SurveyError("ordinal: no predictor.", mend="Use survey.proportion for shares.")
    ones = np.ones((len(x), 1))
    full, back = orthonormal(model.with_columns(np.hstack([ones, x])))
    return full[:, 1:], back[0, 1:], back[1:, 1:]


def _jacobian(centre: Floats, back: Floats, cuts: int) -> Floats:
    """Matrix from parameters in the basis to slopes and thresholds in the user's units.

    The basis is ``x @ back + centre``, so the thresholds take up the centres.
    """
    width = len(back)
    matrix = np.zeros((width + cuts, width + cuts))
    matrix[:width, :width] = back
    matrix[width:, :width] = -centre
    matrix[width:, width:] = np.eye(cuts)
    return matrix


def _part(
    model: ModelRows, problem: CumulativeLogit, fit: Floats, jacobian: Floats
) -> tuple[Part, tuple[str, ...]]:
    """Variance of the parameters, by influence or by refitting every replicate."""
    design = model.design
    if isinstance(design, Design):
        scores, information = problem.derivatives(fit, model.weight)
        influence = np.linalg.solve(information, (scores * model.weight[:, None]).T)
        return influence_part(design, row_influence(model, influence.T @ jacobian.T)), ()
    weights = design.row_weights()[model.rows] / model.scale
    fits = np.stack([_refitted(problem, column, fit) for column in weights.T])
    lost = int(np.isnan(fits[:, 0]).sum())
    notes = (f"{lost} replicates cannot estimate the model and are left out.",) if lost else ()
    return spread(design, fits @ jacobian.T, jacobian @ fit), notes


def _refitted(problem: CumulativeLogit, weight: Floats, start: Floats) -> Floats:
    """Fit one replicate from the full fit; missing where an answer has no weight in it."""
    held = np.bincount(problem.codes, weights=weight, minlength=problem.cuts + 1) > 0
    if not held.all():
        return np.full(len(start), np.nan)
    try:
        return maximised(problem, weight, start)
    except (SurveyError, np.linalg.LinAlgError):
        return np.full(len(start), np.nan)

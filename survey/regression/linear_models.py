r"""Regression on a complex sample: linear, logistic and Poisson models.

The coefficients solve the weighted score equations :math:`\sum w x (y - \mu) = 0`. They are a
smooth function of totals, so their variance is that of the total of their influence

.. math:: u_k = w_k\, I^{-1} x_k (y_k - \mu_k), \qquad I = \sum w\, V(\mu)\, x x',

the sandwich of Binder (1983), *International Statistical Review* 51, 279–292. On replicate
weights the model is fitted anew in every replicate, all replicates at once, from the full fit.
Lumley (2010), *Complex Surveys*, ch. 5 and 6. In R: ``svyglm``.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from survey.design import Design
from survey.formulas.model_matrix import read_formula
from survey.linearization import influence_part
from survey.regression.fitting import Fit, Problem, fit_full, fit_replicates
from survey.regression.link_functions import FamilyName, check_response, family_of
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
from survey.scores import Floats
from survey.variables import AnyDesign


def glm(
    design: AnyDesign,
    formula: str,
    *,
    family: FamilyName = "gaussian",
    tolerance: float | None = None,
) -> Regression:
    r"""Fit a generalised linear model with its canonical link.

    Parameters
    ----------
    design : Design or ReplicateDesign
        The sample.
    formula : str
        ``"y ~ a + b * C(year)"``; see `survey.formulas`. Names of columns that are not plain
        words go in backticks.
    family : {"gaussian", "binomial", "quasibinomial", "poisson", "quasipoisson"}
        Distribution of the response; the quasi families are the same fits. A binary response may
        be 0 and 1, false and true, or two words, of which the first in order is the failure.
    tolerance : float, optional
        Stop as R does, when the deviance changes by less than this share (R's ``epsilon`` is
        1e-8), with the information of the last step. R's standard errors are then right to four
        to six digits. By default the fit goes on until the coefficients stand still.

    Returns
    -------
    Regression

    Raises
    ------
    SurveyError
        A formula that cannot be read, unknown columns, a response outside the family's range,
        predictors that are combinations of each other, or a fit that does not converge
        (predictors that separate the outcome perfectly).

    Notes
    -----
    Rows in which a variable of the model is missing leave as a domain. Variance: see the head of
    this module. In R: ``svyglm(y ~ a + b, design, family = quasibinomial())``.

    Examples
    --------
    >>> import pandas as pd, survey
    >>> frame = pd.DataFrame({"psu": [1, 1, 2, 2, 3, 3, 4, 4], "x": [0, 1] * 4,
    ...                       "y": [1.0, 3, 2, 4, 2, 5, 3, 4]})
    >>> glm(survey.Design(frame, psu="psu"), "y ~ x").estimate
    (Intercept)    2.0
    x              2.0
    Name: estimate, dtype: float64
    """
    chosen = family_of(family)
    model = model_rows(design, read_formula(formula), intercept=True)
    check_response(model.y, chosen, formula)
    basis, back = orthonormal(model)
    problem = Problem(basis, model.y, chosen, tolerance)
    fit = fit_full(problem, model.weight / model.scale)
    part, notes = _part(model, problem, fit, back)
    residuals = (model.y - fit.mean) / np.sqrt(chosen.variance(fit.mean))
    return Regression(
        estimates=coefficients(model, back @ fit.gamma, pd.Index(model.matrix.names), part),
        formula=formula,
        family=chosen.name,
        terms=model.matrix.terms,
        df_residual=residual_df(model, len(back)),
        fitted=pd.Series(fit.mean, index=model.index, name="fitted"),
        residuals=pd.Series(residuals, index=model.index, name="residuals"),
        dispersion=_dispersion(residuals, model.weight),
        deviance=float((model.weight / model.scale) @ chosen.deviance(model.y, fit.mean)),
        notes=(*model.notes, *notes),
    )


def _part(
    model: ModelRows, problem: Problem, fit: Fit, back: Floats
) -> tuple[Part, tuple[str, ...]]:
    """Variance of the coefficients, by influence or by refitting every replicate."""
    design = model.design
    if isinstance(design, Design):
        influence = fit.influence(problem, model.weight) @ back.T
        return influence_part(design, row_influence(model, influence)), ()
    unit, factor = design.factors.unit[model.rows], design.factors.factor
    base = design.base[model.rows] / design.weight[model.asked].sum()
    refitted = fit_replicates(problem, base, unit, factor, fit.gamma)
    lost = int(np.isnan(refitted[:, 0]).sum())
    notes = (f"{lost} replicates cannot estimate the model and are left out.",) if lost else ()
    return spread(design, refitted @ back.T, back @ fit.gamma), notes


def _dispersion(residuals: Floats, weight: Floats) -> float:
    """Weighted variance of the residuals, with n / (n - 1) as in `survey` variances."""
    n = len(residuals)
    centred = residuals - np.average(residuals, weights=weight)
    return float(np.average(centred**2, weights=weight)) * n / max(n - 1, 1)

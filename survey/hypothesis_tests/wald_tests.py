r"""Wald tests of several estimates or coefficients at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import stats

from survey.contrast_matrices import Contrasts
from survey.errors import SurveyError, did_you_mean, first_five
from survey.estimates import Estimates
from survey.hypothesis_tests.results import HypothesisTest
from survey.regression.results import Regression

#: A covariance worse conditioned than this (in correlations) holds a constraint twice.
DEPENDENT = 1e-11


def wald(
    fit: Estimates | Regression,
    terms: str | Sequence[str] | Contrasts,
    *,
    adjusted: bool = False,
    df: float | None = None,
) -> HypothesisTest:
    r"""Test that several coefficients, or combinations of estimates, are all zero.

    Parameters
    ----------
    fit : Estimates or Regression
        What is tested.
    terms : str, list of str, or contrasts
        Terms of the model (all their coefficients) or labels of estimates; or contrasts as
        `Estimates.contrast` takes them.
    adjusted : bool
        Use :math:`\frac{d - q + 1}{d\,q} W` on *q* and *d* − *q* + 1 degrees of freedom, which
        allows for the covariance being estimated: the plain *F* rejects too often when *q* is not
        small beside *d*.
    df : float, optional
        Degrees of freedom *d* to use instead of the residual ones of a model, or those of all
        PSUs that hold any of the estimates.

    Returns
    -------
    HypothesisTest

    Raises
    ------
    SurveyError
        More constraints than degrees of freedom, constraints that follow from each other, or
        unknown terms.

    Notes
    -----
    :math:`W = b' V^{-1} b`, :math:`F = W / q` on *q* and *d* degrees of freedom. Korn & Graubard
    (1990), *The American Statistician* 44, 270–276. In R: ``regTermTest(fit, ~ term)``.

    Examples
    --------
    >>> import pandas as pd, survey
    >>> frame = pd.DataFrame({"psu": [1, 1, 2, 2, 3, 3, 4, 4], "x": [0, 1] * 4,
    ...                       "y": [1.0, 3, 2, 4, 2, 5, 3, 4]})
    >>> from survey.regression import glm
    >>> fit = glm(survey.Design(frame, psu="psu"), "y ~ x")
    >>> wald(fit, "x").verdict
    'F(1, 2) = 24, p = 0.03923'
    """
    estimates = fit.estimates if isinstance(fit, Regression) else fit
    tested = _tested(fit, estimates, terms)
    rank = float(tested.contrast(np.ones((1, len(tested)))).df.iloc[0]) if df is None else df
    if len(tested) > rank:
        raise SurveyError(
            f"wald: {len(tested)} constraints, but the design has {rank:g} degrees of freedom, "
            "and its covariance matrix no higher rank.",
            mend="Test fewer at once, or one by one with adjusted p-values.",
        )
    free = fit.df_residual if isinstance(fit, Regression) and df is None else rank
    return f_result(f"Wald test of {_named(terms, tested)}", tested, free, adjusted=adjusted)


def f_result(
    method: str, estimates: Estimates, df: float, *, adjusted: bool = False
) -> HypothesisTest:
    """Test that all estimates are 0.

    Raises
    ------
    SurveyError
        Without degrees of freedom, or when the covariance is singular.
    """
    size = len(estimates)
    free = df - size + 1 if adjusted else df
    if not free > 0:
        raise SurveyError(
            f"{method}: {df:g} degrees of freedom are left for {size} constraints.",
            mend="Use a smaller model, or test fewer constraints.",
        )
    statistic = quadratic(estimates.point, estimates.covariance.to_numpy(), method) / size
    if adjusted:
        statistic *= free / df
    p = float(stats.f.sf(statistic, size, free))
    ends = (float(size), free)
    return HypothesisTest(method, "F", statistic, ends, p, estimates, df_limits=df)


def quadratic(b: np.ndarray, covariance: np.ndarray, what: str) -> float:
    """Quadratic form of *b* in the inverse of its covariance.

    Raises
    ------
    SurveyError
        When the covariance is singular.
    """
    se = np.sqrt(np.diagonal(covariance))
    scaled = covariance / np.outer(np.where(se > 0, se, 1.0), np.where(se > 0, se, 1.0))
    if not (se > 0).all() or np.linalg.eigvalsh(scaled).min() < DEPENDENT:
        raise SurveyError(
            f"{what}: the covariance matrix is singular.",
            mend="Leave out estimates without variance, and constraints that follow from others.",
        )
    z = b / se
    return float(z @ np.linalg.solve(scaled, z))


def _tested(
    fit: Estimates | Regression, estimates: Estimates, terms: str | Sequence[str] | Contrasts
) -> Estimates:
    """Pick the estimates of terms and labels, or form the contrasts."""
    names = [terms] if isinstance(terms, str) else terms
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        return estimates.contrast(terms)
    known = dict(fit.terms) if isinstance(fit, Regression) else {}
    labels = {str(label): (k,) for k, label in enumerate(estimates.labels)}
    places = {**labels, **known}
    unknown = [name for name in names if name not in places]
    if unknown:
        raise SurveyError(
            f"wald: no term or estimate {unknown[0]!r}.", mend=did_you_mean(unknown[0], places)
        )
    return estimates.pick(list(dict.fromkeys(k for name in names for k in places[name])))


def _named(terms: str | Sequence[str] | Contrasts, tested: Estimates) -> str:
    """Name what is tested in the caption."""
    if isinstance(terms, str):
        return terms
    return first_five(tested.labels).replace("'", "")

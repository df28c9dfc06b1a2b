r"""Association in a two-way table.

The Pearson statistic of the estimated shares, :math:`X^2 = n \sum (\hat p - \hat e)^2 / \hat e`,
has under independence the distribution of :math:`\sum \lambda_j \chi^2_1` whose weights are the
eigenvalues of the generalised design effect

.. math:: \Delta = (C' D^{-1} C / n)^{-1}\, C' D^{-1} V D^{-1} C,

with *V* the covariance of the shares, :math:`D = \operatorname{diag}(\hat p)` and *C* the
contrasts of association. Rao & Scott (1984), *Annals of Statistics* 12, 46–60. In R:
``svychisq``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np
import pandas as pd
from scipy import stats

from survey.errors import SurveyError, first_five, require_columns, require_option
from survey.estimates import Estimates
from survey.estimators import mean, total
from survey.formulas.levels import codes_of, levels_of
from survey.hypothesis_tests.results import ChiSquareTest, as_grid
from survey.hypothesis_tests.wald_tests import quadratic
from survey.quadratic_forms import tail
from survey.replicates import ReplicateDesign
from survey.scores import Floats
from survey.variables import AnyDesign

Statistic = Literal["F", "Chisq", "Wald", "adjWald", "lincom", "saddlepoint"]


def chisquare(design: AnyDesign, a: str, b: str, *, statistic: Statistic = "F") -> ChiSquareTest:
    r"""Test whether two variables are associated.

    Parameters
    ----------
    design : Design or ReplicateDesign
        The sample.
    a, b : str
        Columns of answers or groups; rows that lack either leave as a domain.
    statistic : {"F", "Chisq", "Wald", "adjWald", "lincom", "saddlepoint"}
        ``"F"``: Rao and Scott's second-order correction, :math:`X^2 / \sum\lambda` on
        :math:`d_0 = (\sum\lambda)^2 / \sum\lambda^2` and :math:`d_0 \nu` degrees of freedom.
        ``"Chisq"``: the first-order one, :math:`X^2 / \bar\lambda` on *J*. ``"lincom"`` and
        ``"saddlepoint"``: the distribution of :math:`\sum \lambda_j \chi^2_1` over a chi-square
        with :math:`d_0 \nu` degrees of freedom, exactly and nearly (with a fixed denominator on
        replicate designs). ``"Wald"`` and ``"adjWald"``: the covariance of the residual counts
        inverted (Koch, Freeman & Freeman 1975), which needs many more PSUs than cells.

    Returns
    -------
    ChiSquareTest

    Raises
    ------
    SurveyError
        Unknown columns or options, a variable with a single level, more cells than degrees of
        freedom for the Wald tests.

    Notes
    -----
    :math:`\nu` = PSUs − strata of the domain. Thomas & Rao (1987), *JASA* 82, 630–636, on how the
    tests compare. In R: ``svychisq(~a + b, design, statistic = "F")``.

    Examples
    --------
    >>> import pandas as pd, survey
    >>> frame = pd.DataFrame({"psu": [1, 1, 2, 2, 3, 3, 4, 4], "a": list("xyxyxxyy"),
    ...                       "b": list("uvuvuvuv")})
    >>> round(chisquare(survey.Design(frame, psu="psu"), "a", "b").p, 4)
    0.2306
    """
    require_option(statistic, get_args(Statistic), where="chisquare(statistic=)")
    require_columns(design.data.columns, [a, b], where="chisquare")
    cells = _cells(design, a, b)
    shares = replace(mean(design, cells.indicators, missing="listwise"), bounds=(0.0, 1.0))
    pearson = _pearson(shares, cells)
    if statistic in ("Wald", "adjWald"):
        value, df, p = _wald(design, cells, adjusted=statistic == "adjWald")
    else:
        value, df, p = _rao_scott(design, pearson, _effects(shares, cells), statistic)
    return ChiSquareTest(
        method=f"Association of {a} and {b} ({statistic})",
        statistic=value,
        df=df,
        p=p,
        pearson=pearson,
        eigenvalues=_effects(shares, cells),
        estimates=shares,
        rows=cells.rows,
        columns=cells.columns,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Cells:
    """Indicators of the cells, the row variable fastest; missing where either variable is."""

    rows: tuple[object, ...]
    columns: tuple[object, ...]
    indicators: pd.DataFrame
    n: int

    @property
    def free(self) -> int:
        """Degrees of freedom of association."""
        return (len(self.rows) - 1) * (len(self.columns) - 1)


def _cells(design: AnyDesign, a: str, b: str) -> _Cells:
    """Lay out one indicator for each cell."""
    both = design.data[[a, b]].notna().all(axis=1).to_numpy()
    counted = both & design.inside & (design.weight > 0)
    rows, columns = levels_of(design.data[a][counted]), levels_of(design.data[b][counted])
    for name, levels in ((a, rows), (b, columns)):
        if len(levels) < 2:
            raise SurveyError(
                f"chisquare: {name!r} has fewer than two levels among the rows with both "
                f"variables: {first_five(levels)}.",
                mend="Check the column and the domain.",
            )
    first, second = codes_of(design.data[a], rows), codes_of(design.data[b], columns)
    made = {
        (row, column): np.where(both, (first == i) & (second == j), np.nan)
        for j, column in enumerate(columns)
        for i, row in enumerate(rows)
    }
    frame = pd.DataFrame(made, index=design.data.index)
    frame.columns = frame.columns.set_names([a, b])
    return _Cells(tuple(rows), tuple(columns), frame, int(counted.sum()))


def _pearson(shares: Estimates, cells: _Cells) -> float:
    """Pearson's statistic of the estimated shares, for as many rows as were counted."""
    observed = as_grid(shares.point, len(cells.rows))
    expected = np.outer(observed.sum(axis=1), observed.sum(axis=0))
    return float(cells.n * ((observed - expected) ** 2 / expected).sum())


def _effects(shares: Estimates, cells: _Cells) -> Floats:
    """Generalised design effects, largest first."""
    n_rows, n_columns = len(cells.rows), len(cells.columns)
    row = np.tile(np.eye(n_rows), (n_columns, 1))
    column = np.repeat(np.eye(n_columns), n_rows, axis=0)
    both = (row[:, 1:, None] * column[:, None, 1:]).reshape(len(row), -1)
    margins = np.hstack([row, column[:, 1:]])
    contrasts = both - margins @ np.linalg.lstsq(margins, both, rcond=None)[0]
    with np.errstate(divide="ignore"):
        weighted = contrasts * np.where(shares.point > 0, 1.0 / shares.point, 0.0)[:, None]
    simple = contrasts.T @ weighted / cells.n
    root = np.linalg.cholesky(simple)
    half = np.linalg.solve(root, weighted.T @ shares.covariance.to_numpy() @ weighted)
    return np.asarray(np.linalg.eigvalsh(np.linalg.solve(root, half.T))[::-1])


def _rao_scott(
    design: AnyDesign, pearson: float, effects: Floats, statistic: Statistic
) -> tuple[float, tuple[float, ...], float]:
    """Statistic, degrees of freedom and p of the tests that build on Pearson's."""
    size = float(effects.sum() ** 2 / (effects**2).sum())
    nu = float(design.df)
    if statistic == "F":
        value = pearson / float(effects.sum())
        return value, (size, size * nu), float(stats.f.sf(value, size, size * nu))
    if statistic == "Chisq":
        free = float(len(effects))
        return pearson, (free,), float(stats.chi2.sf(pearson / effects.mean(), free))
    denominator = np.inf if isinstance(design, ReplicateDesign) else size * nu
    method: Literal["exact", "saddlepoint"] = "exact" if statistic == "lincom" else "saddlepoint"
    return pearson, (denominator,), tail(pearson, effects, df=denominator, method=method)


def _wald(
    design: AnyDesign, cells: _Cells, *, adjusted: bool
) -> tuple[float, tuple[float, ...], float]:
    """Wald test of the differences between counted and expected totals."""
    residual = _residual_counts(total(design, cells.indicators, missing="listwise"), cells)
    nu, size = float(design.df), float(cells.free)
    free = nu - size + 1 if adjusted else nu
    if size > nu or not free > 0:
        raise SurveyError(
            f"chisquare: {size:g} degrees of freedom of association, but the design has {nu:g}.",
            mend="Use statistic='F', which needs no inverse of the covariance.",
        )
    value = quadratic(residual.point, residual.covariance.to_numpy(), "chisquare") / size
    if adjusted:
        value *= free / nu
    return value, (size, free), float(stats.f.sf(value, size, free))


def _residual_counts(counts: Estimates, cells: _Cells) -> Estimates:
    """Take what independence expects from the counts, without the first row and column."""
    n_rows, n_columns = len(cells.rows), len(cells.columns)
    row = np.tile(np.eye(n_rows), (n_columns, 1)).T
    column = np.repeat(np.eye(n_columns), n_rows, axis=0).T
    of_row, of_column = row @ counts.point, column @ counts.point
    everyone = counts.point.sum()
    at_row, at_column = (
        np.tile(np.arange(n_rows), n_columns),
        np.repeat(np.arange(n_columns), n_rows),
    )
    expected = of_row[at_row] * of_column[at_column] / everyone
    jacobian = (
        np.eye(len(expected))
        - (of_column[at_column] / everyone)[:, None] * row[at_row]
        - (of_row[at_row] / everyone)[:, None] * column[at_column]
        + (expected / everyone)[:, None]
    )
    inner = (at_row > 0) & (at_column > 0)
    value = counts.point - expected
    labels = counts.labels[inner]
    return counts.smooth(value[inner], jacobian[inner], labels, what="Counts less expected")

"""What a test returns: a statistic, its degrees of freedom, p, and the estimates behind it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from survey.display import as_html, as_text
from survey.estimates import Estimates
from survey.scores import Floats


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class HypothesisTest:
    """Result of a test.

    Parameters
    ----------
    method : str
        Which test, of what; the caption of the table.
    kind : str
        Name of the reference distribution: ``"t"`` or ``"F"``.
    statistic : float
        The statistic.
    df : tuple of float
        Degrees of freedom: of the denominator for *t*; of numerator and denominator for *F*.
    p : float
        Two-sided probability of a statistic as far out under the hypothesis.
    estimates : Estimates
        What was tested, with its covariance.
    notes : tuple of str
        Sentences printed beneath the table.
    df_limits : float or None
        Degrees of freedom of each estimate's limits, where they are not the last of ``df``.
    """

    method: str
    kind: str
    statistic: float
    df: tuple[float, ...]
    p: float
    estimates: Estimates
    notes: tuple[str, ...] = ()
    df_limits: float | None = None

    def confidence_interval(self, *, level: float = 0.95) -> pd.DataFrame:
        """Limits of each estimate by itself, on the test's degrees of freedom."""
        df = self.df[-1] if self.df_limits is None else self.df_limits
        return self.estimates.confidence_interval(level=level, method="mean", df=df)

    def table(self, *, level: float = 0.95) -> pd.DataFrame:
        """Estimates with limits on the test's degrees of freedom; the test is in every row.

        Columns ``estimate se low high n df p statistic``.
        """
        limits = self.confidence_interval(level=level)
        table = pd.DataFrame(
            {
                "estimate": self.estimates.estimate,
                "se": self.estimates.se,
                **limits,
                "n": self.estimates.n,
            }
        )
        table["df"], table["p"], table["statistic"] = self.df[-1], self.p, self.statistic
        return table

    @property
    def verdict(self) -> str:
        """The test in one line, as it is quoted."""
        df = ", ".join(f"{value:.4g}" for value in self.df)
        return f"{self.kind}({df}) = {self.statistic:.4g}, p = {self.p:.4g}"

    def __repr__(self) -> str:
        """Caption, estimates and the test in one line."""
        shown = self.table().drop(columns=["df", "p", "statistic"])
        return as_text(self.method, shown, (self.verdict, *self.notes))

    def _repr_html_(self) -> str:
        shown = self.table().drop(columns=["df", "p", "statistic"])
        return as_html(self.method, shown, (self.verdict, *self.notes))


def t_result(
    method: str, estimates: Estimates, df: float, notes: tuple[str, ...] = ()
) -> HypothesisTest:
    """Test of one estimate against 0."""
    se = float(estimates.se.iloc[0])
    point = float(estimates.point[0])
    statistic = point / se if se > 0 else (np.sign(point) * np.inf if point else np.nan)
    p = 2.0 * float(stats.t.sf(abs(statistic), df)) if df > 0 else float("nan")
    return HypothesisTest(method, "t", float(statistic), (df,), p, estimates, notes)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ChiSquareTest:
    """Result of a test of association.

    Parameters
    ----------
    method : str
        Which test, of what.
    statistic : float
        The statistic under the name of the test: *F* or :math:`X^2`.
    df : tuple of float
        Degrees of freedom of its reference distribution.
    p : float
        Probability of a statistic as far out under independence.
    pearson : float
        Pearson's :math:`X^2` of the estimated shares, for the rows that hold both variables.
    eigenvalues : (J,) float
        Generalised design effects, largest first.
    estimates : Estimates
        Estimated shares of the cells.
    rows, columns : tuple
        Levels of the two variables.
    """

    method: str
    statistic: float
    df: tuple[float, ...]
    p: float
    pearson: float
    eigenvalues: Floats
    estimates: Estimates
    rows: tuple[object, ...]
    columns: tuple[object, ...]

    @property
    def observed(self) -> pd.DataFrame:
        """Estimated shares of the cells."""
        return pd.DataFrame(as_grid(self.estimates.point, len(self.rows)), self.rows, self.columns)

    @property
    def expected(self) -> pd.DataFrame:
        """Shares under independence."""
        shares = self.observed.to_numpy()
        made = np.outer(shares.sum(axis=1), shares.sum(axis=0))
        return pd.DataFrame(made, self.rows, self.columns)

    def table(self) -> pd.DataFrame:
        """Estimated and expected shares of each cell, with standard errors and limits."""
        table = self.estimates.table()
        table["expected"] = self.expected.to_numpy().T.ravel()
        return table

    @property
    def verdict(self) -> str:
        """The test in one line, as it is quoted."""
        df = ", ".join(f"{value:.4g}" for value in self.df)
        kind = "F" if len(self.df) == 2 else "X²"
        return f"{kind}({df}) = {self.statistic:.4g}, p = {self.p:.4g}"

    def __repr__(self) -> str:
        """Caption, shares and the test in one line."""
        return as_text(self.method, self.table(), (self.verdict,))

    def _repr_html_(self) -> str:
        return as_html(self.method, self.table(), (self.verdict,))


def as_grid(values: Floats, n_rows: int) -> Floats:
    """Lay cells out as a table, from the order in which rows vary fastest."""
    return np.asarray(values.reshape(-1, n_rows).T)

"""What a regression returns: coefficients with their scores, and what was fitted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from survey.display import as_html, as_text
from survey.estimates import Estimates
from survey.intervals import check_level


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Regression:
    r"""A fitted model.

    Made by `survey.glm` and `survey.ordinal`.

    Parameters
    ----------
    estimates : Estimates
        The coefficients with their scores, for contrasts and functions of them. Their own
        degrees of freedom are the design's; this class and `survey.wald` use ``df_residual``.
    formula, family : str
        The model.
    terms : mapping of str to tuple of int
        Positions of the coefficients of each term.
    df_residual : float
        Degrees of freedom of the design less the coefficients other than the intercept.
    fitted : Series
        Fitted means of the rows used, by the index of the data (the expected level of an
        ordinal outcome).
    residuals : Series
        Pearson residuals :math:`(y - \mu) / \sqrt{V(\mu)}`.
    dispersion : float
        Variance of the Pearson residuals in the population.
    deviance : float
        Deviance with weights scaled to mean 1.
    notes : tuple of str
        Sentences printed beneath the table.
    """

    estimates: Estimates
    formula: str
    family: str
    terms: Mapping[str, tuple[int, ...]]
    df_residual: float
    fitted: pd.Series
    residuals: pd.Series
    dispersion: float
    deviance: float
    notes: tuple[str, ...] = ()

    @property
    def n(self) -> int:
        """Rows used."""
        return len(self.fitted)

    @property
    def estimate(self) -> pd.Series:
        """Coefficients by name."""
        return self.estimates.estimate

    @property
    def se(self) -> pd.Series:
        """Standard errors by name."""
        return self.estimates.se

    @property
    def covariance(self) -> pd.DataFrame:
        """Covariance matrix of the coefficients. In R: ``vcov(fit)``."""
        return self.estimates.covariance

    def table(self, *, level: float = 0.95) -> pd.DataFrame:
        """Coefficients with limits and tests against 0, in full precision.

        Parameters
        ----------
        level : float
            Confidence of the limits.

        Returns
        -------
        DataFrame
            Columns ``estimate se low high n df t p``; limits and *p* are missing where no
            residual degrees of freedom are left.

        Notes
        -----
        In R: ``summary(fit)``, ``confint(fit)``.
        """
        check_level(level)
        usable = self.df_residual if self.df_residual > 0 else np.nan
        limits = self.estimates.confidence_interval(level=level, method="mean", df=usable)
        table = pd.DataFrame({"estimate": self.estimate, "se": self.se, **limits, "n": self.n})
        table["df"] = self.df_residual
        table["t"] = table["estimate"] / table["se"]
        table["p"] = 2.0 * stats.t.sf(table["t"].abs(), usable)
        return table

    @property
    def caption(self) -> str:
        """The model in one line."""
        return f"{self.family} regression: {self.formula}; {self.estimates.caption}"

    def __repr__(self) -> str:
        """Caption, table and notes as text."""
        return as_text(self.caption, self.table(), self.notes)

    def _repr_html_(self) -> str:
        return as_html(self.caption, self.table(), self.notes)

    def __len__(self) -> int:
        """Return the number of coefficients."""
        return len(self.estimates)

"""How coefficients are laid out: estimate, se, limits and n, one row a coefficient."""

from __future__ import annotations

import numpy as np
import pandas as pd

from survey.estimates import Estimates
from survey.intervals import t_quantile


def limits_below_one(estimates: Estimates, level: float) -> pd.DataFrame:
    r"""Limits of coefficients that cannot exceed 1, symmetric on the scale of log(1 − θ).

    :math:`1 - (1 - \hat\theta) \exp(\pm t_{df}\, se / (1 - \hat\theta))`, after Bonett (2002),
    *Journal of Educational and Behavioral Statistics* 27, 335–340.
    """
    left, df = 1.0 - estimates.point, estimates.df.to_numpy()
    with np.errstate(divide="ignore", invalid="ignore"):
        half = t_quantile(level, df) * estimates.se.to_numpy() / left
    low, high = 1.0 - left * np.exp(half), 1.0 - left * np.exp(-half)
    return pd.DataFrame({"low": low, "high": high}, index=estimates.labels)


def coefficient_table(estimates: Estimates, limits: pd.DataFrame) -> pd.DataFrame:
    """Columns estimate, se, low, high, n."""
    columns = {"estimate": estimates.estimate, "se": estimates.se, **limits, "n": estimates.n}
    return pd.DataFrame(columns, index=estimates.labels)

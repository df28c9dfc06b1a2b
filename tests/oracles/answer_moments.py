"""``svyvar``: variances and covariances of items."""

from __future__ import annotations

from typing import Any

import numpy as np
from oracle_designs import Case

from survey.moments import variance


def moments(case: Case, made: Any) -> dict[str, Any]:
    """The matrix of items, its own covariance, and for one item what R prints of a mean."""
    names = case["stat"]["vars"]
    result = variance(made, names, missing="listwise")
    t, z = (result.confidence_interval(df=df) for df in (made.df, float("inf")))
    matrix = result.covariance.to_numpy()
    return {
        "estimate": result.point,
        "covariance": np.reshape(result.point, (len(names), len(names))),
        "vcov_of_vec": matrix,
        "vcov": matrix,
        "se": result.se.to_numpy(),
        "df": made.df,
        "ci_t_low": t["low"].to_numpy(),
        "ci_t_high": t["high"].to_numpy(),
        "ci_z_low": z["low"].to_numpy(),
        "ci_z_high": z["high"].to_numpy(),
    }


FUNCTIONS = {"svyvar": moments}

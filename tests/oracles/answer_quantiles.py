"""``svyquantile``: quantiles, their limits, and the standard errors that R takes from them."""

from __future__ import annotations

from typing import Any

import numpy as np
from oracle_designs import Case

from survey.quantiles import quantile


def quantiles(case: Case, made: Any) -> dict[str, Any]:
    """Quantiles of each variable."""
    stat = case["stat"]
    df = float(stat.get("df", made.df))
    answers = {name: _one(stat, made, name, df) for name in stat["vars"]}
    return {"df": made.df, "quantiles": answers}


def _one(stat: dict[str, Any], made: Any, name: str, df: float) -> dict[str, Any]:
    """Quantiles of one variable."""
    result = quantile(
        made,
        name,
        stat["probs"],
        rule=stat.get("qrule", "math"),
        interval=stat.get("interval_type", "mean"),
        df=df,
    )
    limits = result.confidence_interval(df=df)
    return {
        "probs": np.array(stat["probs"]),
        "estimate": result.point,
        "ci_low": limits["low"].to_numpy(),
        "ci_high": limits["high"].to_numpy(),
        "se": result.se.to_numpy(),
    }


FUNCTIONS = {"svyquantile": quantiles}

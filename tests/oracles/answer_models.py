"""Regression models and Wald tests of their terms."""

from __future__ import annotations

import re
from copy import copy
from typing import Any

import numpy as np
import pandas as pd
from oracle_designs import Case

from survey.hypothesis_tests import wald
from survey.regression import glm
from survey.regression.ordinal_models import ordinal
from survey.regression.results import Regression
from survey.replicates import ReplicateDesign

#: R's ``glm.control()$epsilon``: its standard errors are those of a fit stopped there.
EPSILON = 1e-8


def with_column(made: Any, values: pd.Series) -> Any:
    """The same design with one more column of data."""
    wider = copy(made)
    object.__setattr__(wider, "data", made.data.assign(**{str(values.name): values}))
    return wider


def derived(case: Case, made: Any) -> Any:
    """Add the column that R's ``update()`` made, such as ``growth2 = max(growth, 0)``."""
    recipe = case["stat"].get("derived")
    if recipe is None:
        return made
    name, function, column, bound = re.fullmatch(
        r"(\w+) = (max|min)\((\w+), (-?[\d.]+)\)", recipe
    ).groups()
    limit = float(bound)
    clipped = made.data[column].clip(**{"lower" if function == "max" else "upper": limit})
    return with_column(made, clipped.rename(name))


def formula_of(case: Case) -> str:
    """The formula in the R call."""
    return re.search(r"svy(?:glm|olr)\(([^,]+),", case["call"]).group(1)


def regression(case: Case, made: Any) -> dict[str, Any]:
    """``svyglm``."""
    fit = _fit(case, made)
    table = fit.table()
    return {
        "estimate": fit.estimates.point,
        "se": fit.se.to_numpy(),
        "t": table["t"].to_numpy(),
        "p_value": table["p"].to_numpy(),
        "df_residual": fit.df_residual,
        "design_df": made.df,
        "ci_low": table["low"].to_numpy(),
        "ci_high": table["high"].to_numpy(),
        "vcov": fit.covariance.to_numpy(),
        "dispersion": _r_dispersion(made, fit),
        "n_used": fit.n,
    }


def _fit(case: Case, made: Any) -> Regression:
    family = case["stat"].get("family", "gaussian")
    return glm(derived(case, made), formula_of(case), family=family, tolerance=EPSILON)


def _r_dispersion(made: Any, fit: Regression) -> float:
    """R's summary: scaled by the mean weight of rows used; n times too large on replicates."""
    rows = made.data.index.get_indexer(fit.residuals.index)
    weight, r = made.weight[rows], fit.residuals.to_numpy()
    if isinstance(made, ReplicateDesign):
        return float(np.average(r**2, weights=weight)) * len(r)
    return fit.dispersion * weight.mean() / made.weight[made.inside & (made.weight > 0)].mean()


def cumulative(case: Case, made: Any) -> dict[str, Any]:
    """``svyolr``."""
    fit = ordinal(made, formula_of(case))
    return {"estimate": fit.estimates.point, "se": fit.se.to_numpy(), "df": fit.df_residual}


def term_test(case: Case, made: Any) -> dict[str, Any]:
    """``regTermTest``."""
    result = wald(_fit(case, made), case["stat"]["term"])
    size, ddf = result.df
    return {"statistic": result.statistic, "df": [size], "ddf": ddf, "p_value": result.p}


FUNCTIONS = {"svyglm": regression, "svyolr": cumulative, "regTermTest": term_test}

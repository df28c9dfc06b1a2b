"""Weights after calibration, failures of calibration, and replicate weights."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import r_calls
from oracle_designs import Case, Replicated, follow

import survey
from survey import replication, weighting
from survey.weighting.auxiliaries import model_columns


def weights(case: Case, made: survey.Design) -> dict[str, Any]:
    """``weights(design)`` and what describes them."""
    return _described(made.weight, made.df)


def _described(weight: np.ndarray, df: float) -> dict[str, Any]:
    return {
        "n": len(weight),
        "sum_weights": weight.sum(),
        "degf": df,
        "min_weight": weight.min(),
        "max_weight": weight.max(),
        "weights": weight,
        "weights_sumsq": (weight**2).sum(),
    }


def called(case: Case, made: survey.Design) -> dict[str, Any]:
    """``calibrate`` and ``postStratify`` written out in the call."""
    return weights(case, follow(made, r_calls.read(case["call"]), Path()))


def ratios(case: Case, made: survey.Design) -> dict[str, Any]:
    """``sampling::calib``: ratios of new to old weights, from totals in the call."""
    stat = case["stat"]
    call = r_calls.read(case["call"])
    formula = call.values[0].values[0]
    columns = model_columns(made.data, made.inside, formula, "oracle").columns
    totals = dict(zip(columns, call.get("total").values, strict=True))
    method = stat["method"]
    calibrated = weighting.calibrate(
        made,
        formula,
        totals,
        distance="linear" if method == "truncated" else method,
        bounds=tuple(stat["bounds"]) if stat.get("bounds") else None,
    )
    return {"g_weights": calibrated.weight / made.weight}


#: What R calls the methods of replication.
TYPES = {"bootstrap": "subbootstrap", "canty-davison": "bootstrap", "mrb": "mrbbootstrap"}


def structure(case: Case, both: Replicated) -> dict[str, Any]:
    """``as.svrepdesign``: constants, and replicate weights where they are not drawn at random.

    R's own draws cannot be repeated: what depends on them is read from the supplied weights.
    """
    made, supplied = both.made, both.supplied
    drawn = made.method in replication.DRAWN
    table = (supplied if drawn else made).row_weights()
    rank = np.linalg.matrix_rank(supplied.factors.factor, tol=1e-5) - 1
    return {
        **_described(made.weight, rank if drawn else made.df),
        "type": TYPES.get(made.method, made.method),
        "scale": made.scale,
        "rscales": made.rscales,
        "mse": made.mse,
        "n_replicates": table.shape[1],
        "combined_weights": False,
        "col_sums": table.sum(axis=0)[:50],
        "distinct_values_first_replicate": len(np.unique(table[:, 0].round(9))),
    }


FUNCTIONS = {
    "weights": weights,
    "calibrate": called,
    "postStratify": called,
    "sampling::calib": ratios,
    "as.svrepdesign": structure,
}

"""Alpha, omega and correlations of items, against R's psych."""

from __future__ import annotations

from typing import Any

import numpy as np
from oracle_designs import Case, NotSupported

from survey.reliability import alpha, correlations, item_rest, omega

PAIRING = {"pairwise": "pairwise", "complete": "listwise", None: "pairwise"}


def _alpha(case: Case, made: Any) -> dict[str, Any]:
    """``psych::alpha``."""
    stat = case["stat"]
    missing = PAIRING[stat.get("use")]
    scale = alpha(made, stat["vars"], missing=missing)
    items = item_rest(made, stat["vars"], missing=missing)
    point, details, k = scale.estimates.point, items.details, len(scale.items)
    return {
        "n_items": k,
        "raw_alpha": point[0],
        "std_alpha": point[1],
        "G6": point[2],
        "average_r": point[3],
        "median_r": scale.median_correlation,
        "signal_noise": scale.signal_noise,
        "ase": scale.classical_se,
        "scale_mean": scale.scale_mean,
        "scale_sd": scale.scale_sd,
        # psych takes 1.96 for the normal quantile
        "duhachek_low": point[0] - 1.96 * scale.classical_se,
        "duhachek_high": point[0] + 1.96 * scale.classical_se,
        "feldt_low": scale.feldt[0],
        "feldt_high": scale.feldt[1],
        "item_rest_r_drop": items.estimates.point[:k],
        **_item_columns(details),
    }


def _item_columns(details: Any) -> dict[str, Any]:
    """Columns of ``item.stats`` and ``alpha.drop``."""
    names = {
        "n": "n",
        "item_mean": "mean",
        "item_sd": "sd",
        "raw_r": "with_scale",
        "std_r": "with_standardised_scale",
        "r_cor": "corrected",
        "drop_raw_alpha": "alpha",
        "drop_std_alpha": "standardised_alpha",
        "drop_average_r": "mean_correlation",
        "drop_G6": "lambda_6",
        "drop_se": "classical_se",
    }
    return {"items": list(details.index)} | {key: details[own] for key, own in names.items()}


def _omega(case: Case, made: Any) -> dict[str, Any]:
    """``psych::omega``."""
    stat = case["stat"]
    fit = {"minres": "minres", "ml": "ml", "mle": "ml"}.get(stat.get("fm", "minres"))
    if fit is None:
        raise NotSupported(f"omega by {stat['fm']}")
    missing = PAIRING[stat.get("use")]
    result = omega(made, stat["vars"], factors=stat.get("nfactors", 3), fit=fit, missing=missing)
    # psych::fa keeps the sign of the items, psych::omega turns them round
    loadings, key = result.loadings, result.loadings["key"]
    own = loadings["general"] * key
    return {
        "omega_total": result.total,
        "omega_h": result.hierarchical,
        "omega_lim": result.limit,
        "omega_from_fa1": own.sum() ** 2 / (own.sum() ** 2 + (1 - own**2).sum()),
        "alpha_std": result.standardised_alpha,
        "G6": result.lambda_6,
        "ECV": result.explained_common,
        "loadings": own,
        "g_loadings": loadings["general"],
        "communality": loadings["communality"],
        "uniqueness": 1 - loadings["communality"],
    }


def _cor(case: Case, made: Any) -> dict[str, Any]:
    """``cor`` and ``cov``."""
    stat = case["stat"]
    result = correlations(made, stat["vars"], missing=PAIRING[stat.get("use")])
    return {
        "correlation": np.asarray(result.matrix),
        "covariance": np.asarray(result.covariance),
    }


FUNCTIONS = {"alpha": _alpha, "omega": _omega, "cor": _cor}

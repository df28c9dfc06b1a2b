"""LMG importance: the mean gain of R² over all orders in which predictors can enter.

Up to 24 predictors every subset is taken; beyond that orders are drawn.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from survey.errors import SurveyError
from survey.importance.correlation_input import correlation_matrix, read_correlated
from survey.importance.drawn_orders import by_orders, draw_orders, increments
from survey.importance.replicate_errors import replicated
from survey.importance.results import Importance, collect
from survey.importance.shapley_values import EXACT, shapley
from survey.reliability.item_answers import Items, Pairing, Source
from survey.replicates import ReplicateDesign

#: Subsets taken in all replicates together: 2 to this power.
REPLICATED = 23

#: Pairs of orders that replicates share.
SHARED = 200


def lmg(
    design: Source,
    outcome: str,
    predictors: Sequence[str],
    *,
    missing: Pairing = "pairwise",
    permutations: int = 1000,
    seed: int = 0,
    level: float = 0.95,
) -> Importance:
    r"""Divide R² among correlated predictors by LMG (Shapley) importance.

    Parameters
    ----------
    design : Design, ReplicateDesign or DataFrame
        The sample; in a frame every row weighs the same.
    outcome : str
        Numeric column, such as overall satisfaction asked on its own.
    predictors : list of str
        Numeric columns.
    missing : {"pairwise", "listwise"}
        Use for each correlation the rows that hold both, or only rows that hold everything.
    permutations : int
        Pairs of opposite orders drawn when there are more than 24 predictors.
    seed : int
        Seed of the orders.
    level : float
        Confidence level.

    Returns
    -------
    Importance
        With standard errors and limits when the design has replicate weights.

    Raises
    ------
    SurveyError
        As `survey.alpha`; also an outcome that is a linear combination of its predictors, and
        predictors that are linear combinations of each other.

    Notes
    -----
    :math:`\mathrm{LMG}_j = \frac1p \sum_{s} \binom{p-1}{s}^{-1} \sum_{|S| = s, j \notin S}
    \{R^2(S \cup j) - R^2(S)\}`. Lindeman, Merenda & Gold (1980); Grömping (2007), *American
    Statistician* 61, 139–147. Importance is association: it does not say what would follow if a
    predictor were changed.
    In R: ``relaimpo::calc.relimp(type = "lmg", weights =, design =)``.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"a": [1, 1, -1, -1], "b": [1, -1, 1, -1], "y": [3, 1, 0, -3]})
    >>> lmg(frame, "y", ["a", "b"]).table()[["estimate", "share"]].round(4)
               estimate   share
    predictor
    a            0.6533  0.6622
    b            0.3333  0.3378
    """
    read = read_correlated(design, outcome, predictors, missing=missing, level=level, where="lmg")
    if permutations < 2:
        raise SurveyError(f"lmg(permutations=): got {permutations}.", mend="Draw 2 or more.")
    labels = pd.Index(read.names[:-1], name="predictor")
    if len(labels) <= EXACT:
        return _exact(read, labels, seed, level)
    orders = draw_orders(len(labels), permutations, seed)
    found = increments(correlation_matrix(read)[None], orders)[0]
    error = found.std(axis=0, ddof=1) / np.sqrt(permutations)
    value = found.mean(axis=0)
    estimates = replicated(read, labels, value, lambda r: by_orders(r, orders[:SHARED]))
    note = f"{permutations:,} pairs of opposite orders drawn, seed {seed}."
    return collect(
        read,
        labels,
        value,
        estimates,
        method="permutations",
        level=level,
        error=error,
        seed=seed,
        notes=(note,),
    )


def _exact(items: Items, labels: pd.Index, seed: int, level: float) -> Importance:
    """LMG from all subsets; replicates of many predictors from shared orders."""
    value = shapley(correlation_matrix(items)[None])[0]
    p, design = len(labels), items.design
    size = len(design.constants) if isinstance(design, ReplicateDesign) else 0
    if size * 2.0**p <= 2.0**REPLICATED:
        estimates = replicated(items, labels, value, shapley)
        return collect(items, labels, value, estimates, method="exact", level=level)
    orders = draw_orders(p, SHARED, seed)
    estimates = replicated(items, labels, value, lambda r: by_orders(r, orders))
    note = f"Standard errors from {SHARED} pairs of orders that all replicates share, seed {seed}."
    return collect(
        items, labels, value, estimates, method="exact", level=level, seed=seed, notes=(note,)
    )

"""LMG importance: the mean gain of R² over all orders in which predictors can enter.

Up to 24 predictors every subset is taken; beyond that orders are drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from warnings import warn

import numpy as np
import pandas as pd

from survey.display import shown
from survey.errors import SurveyError, SurveyWarning, require_seed
from survey.importance.correlation_input import correlation_matrix, read_correlated
from survey.importance.drawn_orders import (
    TOLERATED,
    Drawn,
    by_orders,
    changes_by_orders,
    share_of_error,
)
from survey.importance.replicate_errors import replicate_matrices
from survey.importance.results import Importance, collect
from survey.importance.shapley_values import EXACT, shapley
from survey.reliability.item_answers import Items, Pairing, Source
from survey.replicates import ReplicateDesign
from survey.scores import Floats

#: Subsets taken in all replicates together: 2 to this power.
REPLICATED = 23


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
        Pairs of opposite orders drawn when there are more than 24 predictors; with replicate
        weights more are drawn, up to 20,000, until the error of drawing is a tenth of the
        standard error.
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

    Warns
    -----
    SurveyWarning
        The error of drawing orders is still more than a tenth of a standard error.

    Notes
    -----
    :math:`\mathrm{LMG}_j = \frac1p \sum_{s} \binom{p-1}{s}^{-1} \sum_{|S| = s, j \notin S}
    \{R^2(S \cup j) - R^2(S)\}`. Lindeman, Merenda & Gold (1980); Grömping (2007), *American
    Statistician* 61, 139–147. Importance is association: it does not say what would follow if a
    predictor were changed. Replicates of many predictors share one set of drawn orders, so that
    most of the error of drawing cancels in their differences.
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
    require_seed(seed, where="lmg")
    labels = pd.Index(read.names[:-1], name="predictor")
    whole = correlation_matrix(read)
    changes = _changes(read, whole, seed)
    if len(labels) <= EXACT:
        return _collected(read, labels, shapley(whole[None])[0], changes, level, seed)
    variance = None if changes is None else changes.variance
    drawn = by_orders(whole, permutations, seed, variance)
    return _collected(read, labels, drawn.value, changes, level, seed, drawn)


class _Changes(NamedTuple):
    """Change of LMG in every replicate, (R, p), its variance, (p,), and how it was found."""

    value: Floats
    variance: Floats
    notes: tuple[str, ...] = ()


def _changes(items: Items, whole: Floats, seed: int) -> _Changes | None:
    """Take a few predictors exactly in every replicate; for more, let them share drawn orders."""
    if not isinstance(items.design, ReplicateDesign):
        return None
    found = replicate_matrices(items, items.design)
    if len(found.matrices) * 2.0 ** (len(whole) - 1) <= 2.0**REPLICATED:
        made = shapley(found.matrices) - shapley(whole[None])
        return _Changes(found.spread_out(made), found.variance(made))
    drawn = changes_by_orders(found, whole, seed)
    variance = found.variance(drawn.value)
    share = share_of_error(found.constants @ drawn.variance, variance)
    note = (
        f"Standard errors from {drawn.pairs:,} pairs of orders that all replicates share, seed "
        f"{seed}; the error of drawing is at most {shown(100.0 * share, 1)} % of them."
    )
    _warn_of_drawing(share, drawn.pairs)
    return _Changes(found.spread_out(drawn.value), variance, (note,))


def _collected(
    items: Items,
    labels: pd.Index,
    value: Floats,
    changes: _Changes | None,
    level: float,
    seed: int,
    drawn: Drawn | None = None,
) -> Importance:
    """Put the result together, and say what was drawn."""
    notes = () if changes is None else changes.notes
    if drawn is not None:
        notes = (f"{drawn.pairs:,} pairs of opposite orders drawn, seed {seed}.", *notes)
        if changes is not None:
            share = share_of_error(np.diag(drawn.covariance), changes.variance)
            _warn_of_drawing(share, drawn.pairs)
    return collect(
        items,
        labels,
        value,
        None if changes is None else value + changes.value,
        method="exact" if drawn is None else "permutations",
        level=level,
        drawing=None if drawn is None else drawn.covariance,
        seed=seed if notes else None,
        notes=notes,
    )


def _warn_of_drawing(share: float, pairs: int) -> None:
    """Warn when even the most orders leave an error that matters."""
    if share > TOLERATED:
        warn(
            f"lmg: after {pairs:,} pairs of orders the error of drawing them is still "
            f"{shown(100.0 * share, 0)} % of a standard error; survey.owen draws none.",
            SurveyWarning,
            stacklevel=4,
        )

r"""Rank tests: a t-test, or a Wald test, of scores of the estimated population ranks.

The estimated rank of an answer is the weight below it plus half the weight at it, as a share of
all weight: an estimate of the distribution function in the middle of its step. Wilcoxon's and
Kruskal and Wallis' scores are that share itself, van der Waerden's its normal quantile, the
median test's whether it is above one half. The means of the scores are then compared with the
design's covariance. Lumley & Scott (2013), *Biometrika* 100, 831–842. In R: ``svyranktest``.
"""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
import pandas as pd
from scipy import special

from survey.errors import require_option
from survey.hypothesis_tests.group_means import Variable, column_of, differences, two_or_more
from survey.hypothesis_tests.results import HypothesisTest, t_result
from survey.hypothesis_tests.wald_tests import f_result
from survey.scores import Floats, indicator
from survey.variables import AnyDesign

RankTest = Literal["wilcoxon", "vanderWaerden", "median", "KruskalWallis"]
Ties = Literal["middle", "row order"]


def rank_test(
    design: AnyDesign,
    y: Variable,
    by: Variable,
    *,
    test: RankTest = "wilcoxon",
    ties: Ties = "middle",
) -> HypothesisTest:
    """Compare the ranks of an answer between groups.

    Parameters
    ----------
    design : Design or ReplicateDesign
        The sample.
    y : str or Series
        Numbers, or a categorical in order.
    by : str or Series
        Two groups give a *t*, more an *F*.
    test : {"wilcoxon", "vanderWaerden", "median", "KruskalWallis"}
        The scores; the first and the last are the same.
    ties : {"middle", "row order"}
        Equal answers share the middle of the weight that they hold together. ``"row order"``
        averages their places one after the other in the order of the rows, as R does: where
        weights differ among equal answers the result then depends on the order of the rows.

    Returns
    -------
    HypothesisTest
        Differences of mean scores from the first group.

    Raises
    ------
    SurveyError
        Unknown columns or options, or fewer than two groups.

    Notes
    -----
    Degrees of freedom: the design's less the number of differences. On replicate designs the
    scores are those of the full sample. In R: ``svyranktest(y ~ g, design, test = "wilcoxon")``.

    Examples
    --------
    >>> import pandas as pd, survey
    >>> frame = pd.DataFrame({"psu": [1, 1, 2, 2, 3, 3, 4, 4], "sex": ["F", "M"] * 4,
    ...                       "y": [3, 2, 4, 2, 5, 4, 4, 3]})
    >>> result = rank_test(survey.Design(frame, psu="psu"), "y", "sex")
    >>> result.estimates.estimate.round(4)
    M − F   -0.3438
    Name: estimate, dtype: float64
    """
    require_option(test, get_args(RankTest), where="rank_test(test=)")
    require_option(ties, get_args(Ties), where="rank_test(ties=)")
    values, name = column_of(design, y, where="rank_test(y=)")
    groups, group_name = column_of(design, by, where="rank_test(by=)")
    used, levels = two_or_more(design, values, groups, f"rank_test(by={group_name!r})")
    counted = np.flatnonzero(used.inside & (used.weight > 0))
    share = _ranks(_ordered(values.iloc[counted]), used.weight[counted], ties)
    placed = np.full(len(values), np.nan)
    placed[counted] = _scored(share, test)
    scores = pd.Series(placed, index=values.index, name=f"rank score of {name}")
    estimates = differences(used, scores, groups, levels)
    method = f"Design-based {test} test: {name} by {group_name}"
    free = float(used.df) - len(estimates)
    if len(estimates) == 1:
        return t_result(method, estimates, free)
    return f_result(method, estimates, free)


def _ordered(values: pd.Series) -> Floats:
    """Numbers as they are; levels of a categorical by their place."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        return values.cat.codes.to_numpy().astype(np.float64)
    return values.to_numpy(np.float64)


def _ranks(y: Floats, weight: Floats, ties: Ties) -> Floats:
    """Estimated population rank of each row, as a share of all weight."""
    order = np.argsort(y, kind="stable")
    level, code = np.unique(y, return_inverse=True)
    if ties == "middle":
        held = np.bincount(code, weights=weight)
        return np.asarray((np.cumsum(held) - held / 2.0)[code] / weight.sum())
    places = np.empty(len(y))
    places[order] = np.cumsum(weight[order]) - weight[order] / 2.0
    mean = indicator(code.astype(np.int64), len(level)) @ places / np.bincount(code)
    return np.asarray(mean[code] / weight.sum())


def _scored(share: Floats, test: RankTest) -> Floats:
    """Scores of the ranks."""
    if test == "vanderWaerden":
        return np.asarray(special.ndtri(share))
    if test == "median":
        return (share > 0.5).astype(np.float64)
    return share

"""Ranks with intervals, from estimates with their scores or from printed figures."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.errors import require_option, require_seed
from survey.estimates import Estimates
from survey.intervals import check_level
from survey.ranks.differences import (
    Compared,
    HasEstimates,
    check_draws,
    check_enough,
    estimates_of,
    of_estimates,
    of_figures,
)
from survey.ranks.drawn_estimates import errors, root, stretched
from survey.ranks.printed_figures import figures_given, refuse_second_source
from survey.ranks.rank_sets import drawn_ranks, rank_limits, third_shares
from survey.ranks.results import Method, RankIntervals
from survey.scores import Floats, Ints


def rank_intervals(
    estimate: Estimates | HasEstimates | pd.Series | npt.ArrayLike,
    se: pd.Series | npt.ArrayLike | None = None,
    *,
    covariance: pd.DataFrame | npt.ArrayLike | None = None,
    df: npt.ArrayLike = np.inf,
    level: float = 0.95,
    method: Method = "marginal",
    highest_first: bool = True,
    draws: int = 2_000,
    seed: int = 0,
) -> RankIntervals:
    r"""Rank units, with an interval for each rank.

    Parameters
    ----------
    estimate : (K,) Series or array, Estimates, or a result with ``.estimates``
        What is ranked. A Series keeps its labels. `Estimates` bring their standard errors,
        covariance and degrees of freedom.
    se : (K,) Series or array, optional
        Standard errors of printed figures; independent of each other without ``covariance``.
    covariance : (K, K) DataFrame or array, optional
        Covariance of the figures, instead of ``se``.
    df : float or (K,) array
        Degrees of freedom behind each standard error; infinite where it counts as known.
    level : float
        Confidence, between 0 and 1.
    method : {"marginal", "joint", "bootstrap"}
        ``"marginal"``: each interval holds the true rank of its own unit with the confidence
        stated; for a reader who came for one province. ``"joint"``: all intervals hold at once;
        for a league table. ``"bootstrap"``: the middle ``level`` of ranks drawn around the
        estimates; narrower, and without guaranteed coverage: it puts units that are alike near
        the middle and is sure of it.
    highest_first : bool
        Whether rank 1 is the highest (True) or the lowest.
    draws : int
        Draws behind the intervals and the thirds.
    seed : int
        Seed of the draws, recorded in the result.

    Returns
    -------
    RankIntervals
        ``.table()`` has ``estimate se rank low high`` and the share of draws in which each unit
        is in the top, middle and bottom third of the ranks.

    Raises
    ------
    SurveyError
        Missing figures, fewer than two, standard errors that are missing, negative or do not
        match, a matrix that is no covariance.

    Notes
    -----
    The sets are those of Mogstad, Romano, Shaikh & Wilhelm (2024), *Review of Economic Studies*
    91, 476–518, step-down (`survey.ranks.rank_sets`). A difference on few degrees of freedom is
    first turned into the normal deviate with the same tail. The bootstrap is that of Goldstein &
    Spiegelhalter (1996), *Journal of the Royal Statistical Society A* 159, 385–443. The rank is
    one more than the number of units above: ties share the better rank.

    In R: ``csranks::csranks(x, Sigma, simul = FALSE)``, ``simul = TRUE`` for ``"joint"``.

    Examples
    --------
    Three made-up provinces, of which one is clearly ahead.

    >>> import pandas as pd
    >>> from survey.ranks import rank_intervals
    >>> score = pd.Series({"A": 90.0, "B": 81.0, "C": 80.0})
    >>> rank_intervals(score, [1.0, 1.5, 1.5]).table()[["rank", "low", "high"]]
       rank  low  high
    A     1    1     1
    B     2    2     3
    C     3    2     3
    """
    require_option(method, ("marginal", "joint", "bootstrap"), where="rank_intervals(method=)")
    check_level(level)
    check_draws(draws, where="rank_intervals")
    require_seed(seed, where="rank_intervals")
    compared, labels = _read(estimate, se, covariance, df)
    ordered, place = compared.from_low_to_high(1.0 if highest_first else -1.0)
    error = errors(root(ordered.covariance), draws, np.random.default_rng(seed))
    own = np.sqrt(np.diagonal(ordered.covariance))
    ranks = drawn_ranks(ordered.point + stretched(error, own, ordered.df))
    low, high = _limits(ordered, error, ranks, level, method)
    return RankIntervals(
        estimate=compared.point,
        se=own[place],
        labels=labels,
        rank=drawn_ranks(ordered.point[None])[0][place],
        low=low[place],
        high=high[place],
        thirds=third_shares(ranks)[place],
        level=level,
        method=method,
        highest_first=highest_first,
        draws=draws,
        seed=seed,
    )


def _limits(
    compared: Compared, error: Floats, ranks: Ints, level: float, method: Method
) -> tuple[Ints, Ints]:
    """Find the ends of the intervals, by method."""
    if method != "bootstrap":
        return rank_limits(compared, error, level, joint=method == "joint")
    tails = [(1.0 - level) / 2.0, (1.0 + level) / 2.0]
    low, high = np.quantile(ranks, tails, axis=0, method="inverted_cdf")
    return low.astype(np.int64), high.astype(np.int64)


def _read(
    estimate: Estimates | HasEstimates | pd.Series | npt.ArrayLike,
    se: pd.Series | npt.ArrayLike | None,
    covariance: pd.DataFrame | npt.ArrayLike | None,
    df: npt.ArrayLike,
) -> tuple[Compared, pd.Index]:
    """Read what is ranked, and its labels."""
    estimates = estimates_of(estimate)
    if estimates is not None:
        refuse_second_source(se, covariance)
        return of_estimates(estimates, where="rank_intervals"), estimates.labels
    given = figures_given(estimate, se, covariance, df)
    check_enough(given.point, given.labels, where="rank_intervals")
    return of_figures(given.point, given.covariance, given.df), given.labels

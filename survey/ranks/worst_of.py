"""Which component fell most: the components that sampling error does not rule out."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np

from survey.errors import require_option, require_seed
from survey.estimates import Estimates
from survey.intervals import check_level
from survey.ranks.differences import Compared, HasEstimates, check_draws, of_estimates, picked
from survey.ranks.drawn_estimates import errors, root, stretched
from survey.ranks.moderated_contrasts import exceedance, surely_above
from survey.ranks.results import Direction, FellMost
from survey.scores import Floats


def fell_most(
    changes: Estimates | HasEstimates,
    *,
    among: Sequence[Hashable] | None = None,
    direction: Direction = "fell",
    level: float = 0.95,
    draws: int = 10_000,
    seed: int = 0,
) -> FellMost:
    r"""Find the components that may be the one that fell most.

    The component that fell most in the sample is an estimate like any other. The confidence set
    keeps each component unless some other fell more beyond sampling error, so that a component
    that truly fell most is in the set with probability ``level``, whichever it is.

    Parameters
    ----------
    changes : Estimates, or a result with ``.estimates``
        Changes of K components, with their covariance.
    among : sequence of labels, optional
        The components to compare; all rows without it.
    direction : {"fell", "rose"}
        Look for the lowest change, or for the highest.
    level : float
        Confidence, between 0 and 1.
    draws : int
        Draws behind the p-values and shares.
    seed : int
        Seed of the draws, recorded in the result.

    Returns
    -------
    FellMost
        ``.members`` is the set; ``.table()`` has for each component ``estimate se low high``,
        ``df``, ``p`` (of so clear a sign that something else fell more, if nothing did),
        ``share_of_draws`` (in which it fell most) and ``in_set``.

    Raises
    ------
    SurveyError
        Missing estimates, fewer than two, an unknown label, or no degrees of freedom.

    Notes
    -----
    The set of the :math:`\tau`-worst for :math:`\tau = 1` of Mogstad, Romano, Shaikh & Wilhelm
    (2024), *Review of Economic Studies* 91, 476–518, with a scale for few degrees of freedom and
    one test for each component (`survey.ranks.moderated_contrasts`): each truly worst component
    is covered, not all of several tied ones at once. Degrees of freedom are the fewest of any
    difference. Without sampling error the order is a fact: p is missing.

    ``share_of_draws`` is how often each component is lowest among estimates drawn around these
    with their covariance and t tails. It is easy to read and has no guarantee: with ties it is
    small for all.

    In R: ``csranks::cstauworst(x, Sigma, tau = 1)``, normal quantiles.

    Examples
    --------
    >>> import pandas as pd, survey
    >>> from survey.ranks import fell_most
    >>> frame = pd.DataFrame({"psu": [1, 2, 3, 4, 5, 6], "access": [-1.0, 0, 1, -2, 1, 0],
    ...                       "staff": [-5.0, -2, -6, -4, -3, -7],
    ...                       "fees": [-9.0, -4, 1, -6, 3, -5]})
    >>> design = survey.Design(frame, psu="psu")
    >>> fell = fell_most(survey.mean(design, ["access", "staff", "fees"]))
    >>> fell.members
    ('staff', 'fees')
    >>> fell.table()[["estimate", "in_set"]].round(2)
            estimate  in_set
    access     -0.17   False
    staff      -4.50    True
    fees       -3.33    True
    """
    require_option(direction, ("fell", "rose"), where="fell_most(direction=)")
    check_level(level)
    check_draws(draws, where="fell_most")
    require_seed(seed, where="fell_most")
    estimates = picked(changes, among, where="fell_most")
    compared = of_estimates(estimates, where="fell_most")
    ordered, place = compared.from_low_to_high(1.0 if direction == "fell" else -1.0)
    rng = np.random.default_rng(seed)
    beaten, lowest = surely_above(ordered), ordered.point == ordered.point[0]
    p = np.where(beaten, np.nan, exceedance(ordered, draws, rng))
    return FellMost(
        estimates=estimates,
        p=p[place],
        in_set=(lowest | ~(beaten | (p <= 1.0 - level)))[place],
        share_of_draws=lowest_shares(ordered, draws, rng)[place],
        level=level,
        direction=direction,
        draws=draws,
        seed=seed,
    )


def lowest_shares(compared: Compared, draws: int, rng: np.random.Generator) -> Floats:
    """Share of draws around the estimates in which each is lowest; ties are split, shape (K,)."""
    se = np.sqrt(np.diagonal(compared.covariance))
    error = stretched(errors(root(compared.covariance), draws, rng), se, compared.df)
    drawn = compared.point + error
    lowest = drawn == drawn.min(axis=1, keepdims=True)
    return np.asarray((lowest / lowest.sum(axis=1, keepdims=True)).mean(axis=0))

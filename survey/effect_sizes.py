r"""How large a difference is, whatever the size of the sample: Cohen's h and Cliff's delta.

Pure functions of shares and of distributions over ordered answers, which may be weighted.
"""

from __future__ import annotations

import numpy as np

from survey.scores import Floats


def cohens_h(first: Floats, second: Floats) -> Floats:
    r"""Effect size of a difference of two shares.

    Parameters
    ----------
    first, second : (...) float
        Shares, 0 to 1.

    Returns
    -------
    (...) float
        Positive where the second is larger; between :math:`-\pi` and :math:`\pi`.

    Notes
    -----
    :math:`h = 2 \arcsin\sqrt{p_2} - 2 \arcsin\sqrt{p_1}`; a step of *h* is as hard to detect
    anywhere in the range. Cohen (1988), *Statistical Power Analysis for the Behavioral Sciences*,
    ch. 6, who calls .2 small, .5 medium, .8 large. In R: ``pwr::ES.h(p2, p1)``.

    Examples
    --------
    >>> cohens_h(np.array([0.25, 0.9]), np.array([0.5, 0.8])).round(4)
    array([ 0.5236, -0.2838])
    """
    return np.asarray(2.0 * np.arcsin(np.sqrt(second)) - 2.0 * np.arcsin(np.sqrt(first)))


def cliffs_delta(first: Floats, second: Floats) -> Floats:
    r"""How often an answer of the second distribution is above one of the first, less below.

    Parameters
    ----------
    first, second : (..., L) float
        Shares of the L ordered answers, lowest first; each row adds up to 1.

    Returns
    -------
    (...) float
        Between -1 and 1; :math:`(\delta + 1) / 2` is the chance that an answer of the second is
        the higher one, ties counted half.

    Notes
    -----
    :math:`\delta = \sum_{j > k} p_{2j} p_{1k} - \sum_{j < k} p_{2j} p_{1k}`. Cliff (1993),
    *Psychological Bulletin* 114, 494–509. In R: ``effsize::cliff.delta``, for unweighted answers.

    Examples
    --------
    >>> cliffs_delta(np.array([[0.5, 0.5, 0.0]]), np.array([[0.0, 0.5, 0.5]])).round(4)
    array([0.75])
    """
    below_first = np.cumsum(first, axis=-1) - first
    above_first = 1.0 - np.cumsum(first, axis=-1)
    return np.asarray((second * (below_first - above_first)).sum(axis=-1))

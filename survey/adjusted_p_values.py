"""P-values of several tests, adjusted for their number: Holm, and Benjamini & Hochberg.

A few lines each. The same functions of statsmodels collect all garbage at every call, which costs
more than everything else that a table of changes needs; the tests hold these to them.
"""

from __future__ import annotations

import numpy as np

from survey.scores import Floats


def holm(p: Floats) -> Floats:
    r"""Keep the chance of any false rejection, whatever the dependence; missing stays missing.

    Notes
    -----
    :math:`\tilde p_{(i)} = \max_{j \le i} \min(1, (m - j + 1)\, p_{(j)})`. Holm (1979),
    *Scandinavian Journal of Statistics* 6, 65–70. In R: ``p.adjust(p, "holm")``.

    Examples
    --------
    >>> holm(np.array([0.01, np.nan, 0.04, 0.03]))
    array([0.03,  nan, 0.06, 0.06])
    """
    made, order, m = _sorted(p)
    made[order] = np.minimum(np.maximum.accumulate((m - np.arange(m)) * p[order]), 1.0)
    return made


def benjamini_hochberg(p: Floats) -> Floats:
    r"""Keep the expected share of false rejections among the rejections; missing stays missing.

    Notes
    -----
    :math:`\tilde p_{(i)} = \min_{j \ge i} \min(1, m\, p_{(j)} / j)`, for independent or positively
    dependent tests. Benjamini & Hochberg (1995), *JRSS B* 57, 289–300.
    In R: ``p.adjust(p, "BH")``.

    Examples
    --------
    >>> benjamini_hochberg(np.array([0.01, np.nan, 0.04, 0.03]))
    array([0.03,  nan, 0.04, 0.04])
    """
    made, order, m = _sorted(p)
    steps = m / np.arange(1, m + 1) * p[order]
    made[order] = np.minimum(np.minimum.accumulate(steps[::-1])[::-1], 1.0)
    return made


def _sorted(p: Floats) -> tuple[Floats, np.ndarray[tuple[int], np.dtype[np.intp]], int]:
    """Give room for the result, the places of what is not missing in order, and how many."""
    order = np.argsort(p, kind="stable")[: int(np.isfinite(p).sum())]  # missing ones come last
    return np.full(len(p), np.nan), order, len(order)

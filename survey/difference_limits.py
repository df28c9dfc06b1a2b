r"""Confidence limits of a difference, recovered from the limits of its two terms (MOVER).

Near the ends of a range an estimate's own limits are lopsided, and so are those of a difference.
The method of variance estimates recovery takes the variance of each term *where the limit lies*:
:math:`(\hat\theta - l)^2` below it, :math:`(u - \hat\theta)^2` above. Pure functions on arrays.
"""

from __future__ import annotations

import numpy as np

from survey.scores import Floats

Limits = tuple[Floats, Floats]


def mover_limits(
    first: Floats,
    first_limits: Limits,
    second: Floats,
    second_limits: Limits,
    correlation: Floats,
) -> Limits:
    r"""Limits of ``second - first`` from the limits of both.

    Parameters
    ----------
    first, second : (K,) float
        The two estimates.
    first_limits, second_limits : pair of (K,) float
        Their lower and upper limits, of the confidence that the difference is to have.
    correlation : (K,) float
        Correlation of the two estimates, between -1 and 1; 0 for independent samples.

    Returns
    -------
    low, high : (K,) float

    Notes
    -----
    With :math:`\hat d = \hat\theta_2 - \hat\theta_1`,

    .. math::
        L &= \hat d - \sqrt{(\hat\theta_2 - l_2)^2 + (u_1 - \hat\theta_1)^2
             - 2 \rho (\hat\theta_2 - l_2)(u_1 - \hat\theta_1)}, \\
        U &= \hat d + \sqrt{(u_2 - \hat\theta_2)^2 + (\hat\theta_1 - l_1)^2
             - 2 \rho (u_2 - \hat\theta_2)(\hat\theta_1 - l_1)}.

    Zou & Donner (2008), *Statistics in Medicine* 27, 1693–1702; Newcombe (1998), *Statistics in
    Medicine* 17, 873–890 (independent) and 2635–2650 (paired). With limits :math:`\pm t\,se` it
    is the t interval of the difference. In R: ``DescTools::BinomDiffCI(method = "score")`` is
    the case of Wilson limits of independent samples.

    Examples
    --------
    Newcombe's 56 of 70 against 48 of 80, from Wilson limits:

    >>> one = np.array([48 / 80]), (np.array([0.490453]), np.array([0.700444]))
    >>> two = np.array([56 / 70]), (np.array([0.691796]), np.array([0.876930]))
    >>> low, high = mover_limits(*one, *two, np.array([0.0]))
    >>> low.round(4), high.round(4)
    (array([0.0524]), array([0.3339]))
    """
    difference = second - first
    down = _together(second - second_limits[0], first_limits[1] - first, correlation)
    up = _together(second_limits[1] - second, first - first_limits[0], correlation)
    return difference - down, difference + up


def _together(one: Floats, other: Floats, correlation: Floats) -> Floats:
    """Length of a difference of two deviations with a correlation."""
    square = one**2 + other**2 - 2.0 * correlation * one * other
    return np.sqrt(np.maximum(square, 0.0))  # rounding may go below 0 where both cancel

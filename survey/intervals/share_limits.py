r"""Confidence limits that need the share of one item: its effective sample size, its likelihood.

With :math:`\hat p` the share, *V* its variance and *t* the Student quantile of the design,
:math:`n_e = \hat p (1 - \hat p) / V` answers of a simple random sample would be as precise.
Each method replaces *n* by :math:`n_e`, or rescales a transformation, in a classical interval.
Pure functions on arrays; at 0 and 1, where the variance is 0, all of them are missing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import betaincinv, expit

from survey.intervals.limits import AtEnds, IntervalMethod, exact_limits, logit_limits, t_quantile
from survey.scores import Bools, Floats

Limits = tuple[Floats, Floats]

#: Shares closer than this to 0 or 1 are 0 or 1: sums of weights differ by rounding only.
END = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Shares:
    """What the limits of K shares are made of.

    Parameters
    ----------
    share, se, df : (K,) float
        Estimates, standard errors, degrees of freedom.
    n : (K,) float
        Valid answers.
    rows : (K,) float
        Rows of the domain, answered or not.
    relative_weight : (K,) float
        Mean weight of the valid answers over that of all rows of the domain.
    logit_se : callable or None
        Gives standard errors of the logits, where they do not follow from ``se``.
    """

    share: Floats
    se: Floats
    df: Floats
    n: Floats
    rows: Floats
    relative_weight: Floats
    logit_se: Callable[[], Floats] | None = None

    @property
    def inside(self) -> Floats:
        """The shares, missing at 0 and 1."""
        return np.where(self.at_end, np.nan, self.share)

    @property
    def at_end(self) -> Bools:
        """Whether each share is 0 or 1."""
        return (self.share < END) | (self.share > 1.0 - END)


def share_limits(
    shares: Shares, method: IntervalMethod, level: float, at_ends: AtEnds = "exact"
) -> Limits:
    """Confidence limits of shares by any method.

    Parameters
    ----------
    shares : Shares
        Estimates and what goes with them.
    method : str
        See `survey.Estimates.confidence_interval`.
    level : float
        Confidence.
    at_ends : {"exact", "formula"}
        At 0 and 1: limits of Clopper and Pearson for so many independent answers, or what the
        method's own formula leaves there, as in R: a width of zero for ``"logit"`` and
        ``"mean"``, nothing for the others.
    """
    low, high = _inside(shares, method, level)
    end = shares.at_end
    if not end.any():
        return low, high
    if at_ends == "exact":
        outer = exact_limits(np.round(shares.share), np.maximum(shares.n, 1.0), level)
    else:
        known = np.where(method in ("logit", "mean"), np.round(shares.share), np.nan)
        outer = (known, known)
    return np.where(end, outer[0], low), np.where(end, outer[1], high)


def _inside(shares: Shares, method: IntervalMethod, level: float) -> Limits:
    """Limits of shares between 0 and 1."""
    p, se, t = shares.inside, shares.se, t_quantile(level, shares.df)
    if method == "logit" and shares.logit_se is not None:
        centre, half = np.log(p / (1.0 - p)), t * shares.logit_se()
        return expit(centre - half), expit(centre + half)
    if method in ("logit", "xlogit"):
        return logit_limits(p, se, shares.df, level, (0.0, 1.0))
    if method == "asin":
        return asin_limits(p, se, t)
    if method == "beta":
        size = korn_graubard_size(p, se, shares.df, shares.rows, level)
        return beta_limits(p, size, level)
    if method == "wilson":
        return wilson_limits(p, se, t)
    if method == "likelihood":
        dispersion = shares.relative_weight * shares.n / np.maximum(shares.n - 1.0, 1.0)
        return likelihood_limits(p, se, t * np.sqrt(dispersion))
    return p - t * se, p + t * se


def effective_size(share: Floats, se: Floats) -> Floats:
    r"""Answers of a simple random sample that would be as precise, :math:`\hat p(1-\hat p)/V`.

    Examples
    --------
    >>> effective_size(np.array([0.5]), np.array([0.05])).round(6)
    array([100.])
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(share * (1.0 - share) / se**2)


def korn_graubard_size(
    share: Floats, se: Floats, df: Floats, rows: Floats, level: float
) -> Floats:
    r"""Effective size adjusted for few PSUs, :math:`n_e\,(t_{n-1} / t_{df})^2`.

    *n* counts the rows of the domain before missing answers are left out, as R does. Korn &
    Graubard (1998), *Survey Methodology* 24, 193–201.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        few = t_quantile(level, rows - 1.0) / t_quantile(level, df)
    return effective_size(share, se) * few**2


def asin_limits(share: Floats, se: Floats, t: Floats) -> Limits:
    r"""Limits symmetric on the scale :math:`\arcsin\sqrt{\hat p}`, which steadies the variance.

    Limits that leave that scale's range are 0 or 1. (R folds them back into the range.)
    In R: ``svyciprop(method = "asin")``.

    Examples
    --------
    >>> low, high = asin_limits(np.array([0.8]), np.array([0.03]), np.array([2.4469]))
    >>> low.round(4), high.round(4)
    (array([0.722]), array([0.868]))
    """
    angle = np.arcsin(np.sqrt(share))
    with np.errstate(divide="ignore", invalid="ignore"):
        half = t * se / (2.0 * np.sqrt(share * (1.0 - share)))
    low, high = np.maximum(angle - half, 0.0), np.minimum(angle + half, np.pi / 2.0)
    return np.sin(low) ** 2, np.sin(high) ** 2


def beta_limits(share: Floats, size: Floats, level: float) -> Limits:
    r"""Clopper–Pearson limits for an effective sample size, by quantiles of beta distributions.

    :math:`B_{\alpha/2}(n^* p,\, n^*(1-p)+1)` and :math:`B_{1-\alpha/2}(n^* p+1,\, n^*(1-p))`.
    Without sampling error (a census) both are the share. Korn & Graubard (1998). In R:
    ``svyciprop(method = "beta")``.

    Examples
    --------
    >>> low, high = beta_limits(np.array([0.8]), np.array([100.0]), 0.95)
    >>> low.round(4), high.round(4)
    (array([0.7082]), array([0.8733]))
    """
    tail = (1.0 - level) / 2.0
    exact = np.isinf(size)
    n = np.where(exact, 1.0, size)
    yes, no = n * share, n * (1.0 - share)
    low, high = betaincinv(yes, no + 1.0, tail), betaincinv(yes + 1.0, no, 1.0 - tail)
    return np.where(exact, share, low), np.where(exact, share, high)


def wilson_limits(share: Floats, se: Floats, t: Floats) -> Limits:
    r"""Limits that solve :math:`|\hat p - p| = t \sqrt{p (1 - p) / n_e}` for *p*.

    Wilson (1927), *JASA* 22, 209–212, with the effective size and the design's *t*, as in Dean
    & Pagano (2015), *Journal of Survey Statistics and Methodology* 3, 484–503.

    Examples
    --------
    >>> low, high = wilson_limits(np.array([0.8]), np.array([0.04]), np.array([1.96]))
    >>> low.round(4), high.round(4)
    (array([0.7112]), array([0.8666]))
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        pull = (t * se) ** 2 / (share * (1.0 - share))  # t² / n_e
    centre = (share + pull / 2.0) / (1.0 + pull)
    half = np.sqrt((t * se) ** 2 + pull**2 / 4.0) / (1.0 + pull)
    return centre - half, centre + half


def likelihood_limits(share: Floats, se: Floats, t: Floats) -> Limits:
    r"""Shares whose rescaled likelihood is just :math:`t^2` below its maximum.

    Solves :math:`2\,n_e \left[\hat p \log\frac{\hat p}{p} + (1-\hat p) \log\frac{1-\hat p}{1-p}
    \right] = t^2`: the likelihood of the weighted answers, scaled to the effective size (Rao &
    Scott 1984, *Annals of Statistics* 12, 46–60).

    In R: ``svyciprop(method = "likelihood")``, which multiplies :math:`t^2` by the dispersion of
    its model, and interpolates the likelihood between a few points instead of solving.

    Examples
    --------
    >>> low, high = likelihood_limits(np.array([0.8]), np.array([0.04]), np.array([1.96]))
    >>> low.round(4), high.round(4)
    (array([0.7146]), array([0.8703]))
    """
    known = (share > 0.0) & (share < 1.0) & np.isfinite(t * se)
    inside = np.where(known, share, 0.5)
    drop = np.where(known, (t * se) ** 2 / (inside * (1.0 - inside)) / 2.0, 0.0)
    centre = np.log(inside / (1.0 - inside))
    low = expit(centre - _distance(inside, drop))
    high = expit(centre + _distance(1.0 - inside, drop))
    return np.where(known, low, np.nan), np.where(known, high, np.nan)


def _distance(share: Floats, drop: Floats) -> Floats:
    """How far down the logit must move for the mean log-likelihood to fall by ``drop``.

    Moving by *u* costs ``share * u + log(1 - share + share * exp(-u))``, at least ``share * u +
    log(1 - share)``, which brackets the root; halving the bracket then cannot fail.
    """
    near, far = np.zeros_like(share), (drop - np.log1p(-share)) / share
    for _ in range(200):
        middle = (near + far) / 2.0
        beyond = share * middle + np.log1p(share * np.expm1(-middle)) > drop
        near, far = np.where(beyond, near, middle), np.where(beyond, middle, far)
    return np.where(drop == 0.0, 0.0, near)

r"""Which estimate may be the lowest: one test for each that all others are as high.

Estimate *j* is compared with every other by the largest of

.. math:: T_j = \max_{k \ne j} \frac{\hat\theta_j - \hat\theta_k}{\tilde s_{jk}}, \qquad
   \tilde s_{jk}^2 = \frac{\nu s_{jk}^2 + \nu_0 \bar s_j^2}{\nu + \nu_0},

with :math:`s_{jk}` the standard error of the difference, :math:`\bar s_j^2` the mean of
:math:`s_{jk}^2` over *k*, and :math:`\nu_0 = 6`. With many degrees of freedom this is the
studentised statistic of Mogstad et al. (2024). With 6, a single :math:`s_{jk}` is known to a
third of itself, and dividing by it costs more power than the imbalance that it removes: half of
the weight goes to the mean (as moderated t does across genes; Smyth 2004, *Statistical
Applications in Genetics and Molecular Biology* 3, 3).

The distribution of :math:`T_j` when all are equal, the least favourable case, is drawn with the
estimated covariance, and each draw is divided by a scale from a covariance drawn as well.
"""

from __future__ import annotations

import numpy as np

from survey.ranks.differences import Compared, difference_variance, gaps
from survey.ranks.drawn_estimates import blocks, covariances, errors, root
from survey.scores import Bools, Floats

#: Degrees of freedom that the mean variance of an estimate's differences counts as.
MEAN_DF = 6.0


def exceedance(compared: Compared, draws: int, rng: np.random.Generator) -> Floats:
    """Probability of so large a *T* for each estimate if none were lower, shape (K,).

    Missing where all its differences are known without sampling error.
    """
    uncertain = compared.variance > 0.0
    df, half, size = fewest(compared), root(compared.covariance), len(compared.point)
    observed = largest(compared.point, compared.variance, uncertain, df)
    above = np.zeros(size)
    for count in blocks(draws, size) if uncertain.any() else ():
        drawn = errors(half, count, rng)
        variance = difference_variance(covariances(half, df, count, rng))
        above += (largest(drawn, variance, uncertain, df) >= observed).sum(axis=0)
    return np.where(uncertain.any(axis=1), (1.0 + above) / (1.0 + draws), np.nan)


def largest(point: Floats, variance: Floats, uncertain: Bools, df: float) -> Floats:
    """Largest of the uncertain differences of each estimate over its scale, shape (..., K)."""
    known = np.where(uncertain, variance, 0.0)
    mean = known.sum(axis=-1, keepdims=True) / np.maximum(uncertain.sum(axis=-1), 1)[:, None]
    own = 1.0 if np.isinf(df) else df / (df + MEAN_DF)
    scale = np.sqrt(own * known + (1.0 - own) * mean)
    made = np.where(uncertain, gaps(point) / np.where(uncertain, scale, 1.0), -np.inf)
    return np.asarray(made.max(axis=-1))


def surely_above(compared: Compared) -> Bools:
    """Whether another estimate is lower beyond any doubt: no sampling error between the two."""
    certain = ~(compared.variance > 0.0)
    return np.asarray((certain & (gaps(compared.point) > 0.0)).any(axis=1))


def fewest(compared: Compared) -> float:
    """Fewest degrees of freedom of any difference that has sampling error."""
    uncertain = compared.variance > 0.0
    return float(compared.difference_df[uncertain].min()) if uncertain.any() else np.inf

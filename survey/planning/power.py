r"""What a standard error and its degrees of freedom let a test see.

An estimated change over its standard error has Student's distribution, non-central once there is
a change: :math:`T \sim t_\nu(\delta / se)`. A change is seen when *T* passes the critical value
on the side of the change; that the test speaks for the wrong side is no success and not counted.
Johnson, Kotz & Balakrishnan (1995), *Continuous Univariate Distributions* 2, ch. 31.
"""

from __future__ import annotations

import numpy as np
from scipy.special import nctdtrinc, ndtr, ndtri

from survey.intervals import t_quantile
from survey.scores import Floats


def power_of(change: Floats, se: Floats, df: Floats, level: float) -> Floats:
    """Chance that a two-sided test at ``level`` finds a change, in its direction.

    1 where there is no sampling error; missing without degrees of freedom.

    Examples
    --------
    >>> power_of(np.array([9.4]), np.array([3.24]), np.array([30.0]), 0.95).round(2)
    array([0.8])
    """
    size, error, nu = np.broadcast_arrays(np.abs(change), se, df)
    from scipy import stats

    ratio = size / np.where(error > 0, error, 1.0)
    critical = t_quantile(level, np.asarray(nu))
    normal = np.isinf(nu)
    safe = np.where(normal | ~(nu > 0), 1.0, nu)
    student = stats.nct.sf(critical, safe, ratio)
    seen = np.where(normal, ndtr(ratio - critical), student)
    return np.asarray(np.where(error > 0, np.where(nu > 0, seen, np.nan), 1.0))


def noncentrality(power: float, df: Floats, level: float) -> Floats:
    """Change, in standard errors, that a two-sided test at ``level`` finds with a given power.

    Somewhat more than t(level) + t(power), which is its large-sample value.

    Examples
    --------
    >>> noncentrality(0.8, np.array([6.0, 30.0, np.inf]), 0.95).round(3)
    array([3.367, 2.895, 2.802])
    """
    nu = np.asarray(df, dtype=np.float64)
    critical = t_quantile(level, nu)
    normal = np.isinf(nu)
    safe = np.where(normal | ~(nu > 0), 1.0, nu)
    student = nctdtrinc(safe, 1.0 - power, critical)
    return np.asarray(np.where(normal, critical + ndtri(power), student))

r"""Confidence limits from an estimate, its standard error and its degrees of freedom.

Pure functions on arrays. Limits of a share are made on the logit scale by default, where they
stay inside the range and cover better near its ends (Korn & Graubard 1998, *Survey Methodology*
24, 193–201). What holds for the share of one item only is in `survey.intervals.share_limits`.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from scipy.special import expit, stdtrit

from survey.errors import SurveyError
from survey.scores import Floats

IntervalMethod = Literal["beta", "likelihood", "asin", "wilson", "xlogit", "logit", "mean"]
AtEnds = Literal["exact", "formula"]


def check_level(level: float) -> float:
    """Return a confidence level that lies between 0 and 1.

    Raises
    ------
    SurveyError
        For 95 instead of 0.95, and the like.
    """
    if not 0.0 < level < 1.0:
        raise SurveyError(f"level: got {level!r}.", mend="Use a share such as level=0.95.")
    return level


def t_quantile(level: float, df: Floats) -> Floats:
    """Two-sided Student quantile; missing without degrees of freedom.

    Examples
    --------
    >>> t_quantile(0.95, np.array([6.0, 2.0])).round(4)
    array([2.4469, 4.3027])
    """
    usable = np.where(df > 0, df, np.nan)
    return np.asarray(stdtrit(usable, 0.5 + check_level(level) / 2.0))


def mean_limits(estimate: Floats, se: Floats, df: Floats, level: float) -> tuple[Floats, Floats]:
    """Estimate plus and minus t times its standard error.

    In R: ``confint(m, df = degf(design))``.
    """
    half = t_quantile(level, df) * se
    return estimate - half, estimate + half


def logit_limits(
    estimate: Floats, se: Floats, df: Floats, level: float, bounds: tuple[float, float]
) -> tuple[Floats, Floats]:
    r"""Limits symmetric on the logit scale of the estimate's own range.

    With *p* the estimate's place in its range, :math:`\operatorname{logit} p \pm
    t_{df}\, se(p) / (p (1-p))`, carried back. At the ends of the range the limits are missing:
    the data do not tell the width.

    In R: ``svyciprop(method = "logit")``, for a range of 0 to 1.

    Examples
    --------
    >>> low, high = logit_limits(np.array([0.8]), np.array([0.03]), np.array([6.0]), 0.95, (0, 1))
    >>> low.round(4), high.round(4)
    (array([0.7165]), array([0.8636]))
    """
    lowest, highest = bounds
    width = highest - lowest
    share = (estimate - lowest) / width
    inside = (share > 0) & (share < 1)
    safe = np.where(inside, share, 0.5)
    centre = np.log(safe / (1.0 - safe))
    half = t_quantile(level, df) * (se / width) / (safe * (1.0 - safe))
    low, high = expit(centre - half), expit(centre + half)
    return (
        np.where(inside, lowest + width * low, np.nan),
        np.where(inside, lowest + width * high, np.nan),
    )


def exact_limits(share: Floats, n: Floats, level: float) -> tuple[Floats, Floats]:
    """Clopper–Pearson limits of a share of exactly 0 or 1 among ``n`` independent answers.

    Clopper & Pearson (1934), *Biometrika* 26, 404–413. In R: ``binom.test``.

    Examples
    --------
    >>> low, high = exact_limits(np.array([1.0]), np.array([27.0]), 0.95)
    >>> low.round(4), high
    (array([0.8723]), array([1.]))
    """
    tail = ((1.0 - check_level(level)) / 2.0) ** (1.0 / n)
    zero = share <= 0.5
    return np.where(zero, 0.0, tail), np.where(zero, 1.0 - tail, 1.0)

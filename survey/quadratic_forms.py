r"""Tail probabilities of weighted sums of chi-squares, and of their ratio to a chi-square.

Tests from complex samples compare a statistic *x* with :math:`Q = \sum \lambda_j \chi^2_1`, or,
where the covariance itself is estimated with *d* degrees of freedom, with
:math:`Q / (\chi^2_d / d)`. Three ways from quick to exact:

* `satterthwaite`: a multiple of a chi-square (or F) with the same mean and variance.
  Satterthwaite (1946), *Biometrics Bulletin* 2, 110–114.
* `saddlepoint`: good to about a tenth of the tail probability itself, however small. Kuonen
  (1999), *Biometrika* 86, 929–935.
* `exact`: the inversion integral of the moment generating function along a path through the
  saddlepoint, where it neither oscillates nor cancels, so that small tails keep all their digits.
  Rice (1980), *SIAM J. Sci. Stat. Comput.* 1, 438–448. The numbers are those of Imhof (1961).

In R: ``pchisqsum`` and ``pFsum``. R cuts a fractional *d* down to a whole number; here it is used
as it is.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import optimize, stats

from survey.errors import SurveyError
from survey.scores import Floats

TailMethod = Literal["satterthwaite", "saddlepoint", "exact"]

#: Eigenvalues below this share of the largest are rounding errors of zeros.
NOTHING = 1e-9
#: Relative change between two refinements of the integral at which it is done.
ACCURACY = 1e-12


def tail(
    x: float, eigenvalues: npt.ArrayLike, *, df: float = np.inf, method: TailMethod = "exact"
) -> float:
    r"""Probability that the weighted sum exceeds *x*.

    Parameters
    ----------
    x : float
        The statistic.
    eigenvalues : (J,) float
        The weights :math:`\lambda_j`, positive (zeros are left out).
    df : float
        Degrees of freedom *d* of the denominator; infinite without one.
    method : {"satterthwaite", "saddlepoint", "exact"}
        See the head of this module.

    Returns
    -------
    float

    Raises
    ------
    SurveyError
        For eigenvalues that are negative or all zero.

    Examples
    --------
    Two equal weights make an exponential; one weight and a denominator make an F.

    >>> round(tail(3.0, [1.0, 1.0]) / float(np.exp(-1.5)), 10)
    1.0
    >>> round(tail(3.0, [1.0], df=7.5) / float(stats.f.sf(3.0, 1, 7.5)), 10)
    1.0
    """
    weights = _usable(eigenvalues)
    if np.isnan(x) or not df > 0:
        return float("nan")
    if x <= 0:
        return 1.0
    ways = {"satterthwaite": satterthwaite, "saddlepoint": saddlepoint, "exact": exact}
    return ways[method](x, weights, df)


def satterthwaite(x: float, weights: Floats, df: float) -> float:
    """Tail of the multiple of a chi-square (or F) with the same first two moments."""
    mean, size = weights.sum(), weights.sum() ** 2 / (weights**2).sum()
    if np.isinf(df):
        return float(stats.chi2.sf(x / (mean / size), size))
    return float(stats.f.sf(x / mean, size, df))


def saddlepoint(x: float, weights: Floats, df: float) -> float:
    r"""Tail by the saddlepoint approximation :math:`\Phi(-w - \log(v/w)/w)`.

    At the mean both *v* and *w* vanish; the limit there is used close by.
    """
    cumulants = _Cumulants(weights, x, df)
    point = cumulants.saddlepoint()
    second, third = cumulants.derivative(point, 2), cumulants.derivative(point, 3)
    if abs(point) * np.sqrt(second) < 3e-5:
        return float(stats.norm.sf(third / (6.0 * second**1.5)))
    w = np.sign(point) * np.sqrt(-2.0 * cumulants.value(point))
    v = point * np.sqrt(second)
    return float(stats.norm.sf(w + np.log(v / w) / w))


def exact(x: float, weights: Floats, df: float) -> float:
    """Tail by numerical inversion along a path through the saddlepoint."""
    cumulants = _Cumulants(weights, x, df)
    edge = 0.5 / weights.max()
    centre = float(np.clip(cumulants.saddlepoint(), 0.1 * edge, 0.9999 * edge))
    width = min(edge - centre, centre, 1.0 / np.sqrt(cumulants.derivative(centre, 2)))
    points, before = 64, np.inf
    while points <= 2**16:
        result = _integral(cumulants, centre, width, points)
        if abs(result - before) <= ACCURACY * abs(result):
            break
        points, before = 2 * points, result
    return float(min(max(result, 0.0), 1.0))


class _Cumulants:
    """Cumulant generating function of ``Q - x`` or of ``Q - x χ²_d / d``."""

    def __init__(self, weights: Floats, x: float, df: float) -> None:
        finite = np.isfinite(df)
        self.shift = 0.0 if finite else x
        self.weights = np.append(weights, -x / df) if finite else weights
        self.count = np.append(np.ones(len(weights)), df) if finite else np.ones(len(weights))

    def value(self, z: float) -> float:
        """Log of the moment generating function on the real line, exact near zero."""
        logs = np.log1p(-2.0 * self.weights * z)
        return float(-0.5 * (self.count * logs).sum() - z * self.shift)

    def exponent(self, z: npt.NDArray[np.complex128]) -> npt.NDArray[np.complex128]:
        """Log of the moment generating function."""
        logs = np.log(1.0 - 2.0 * np.multiply.outer(self.weights, z))
        return np.asarray(-0.5 * np.tensordot(self.count, logs, axes=1) - z * self.shift)

    def derivative(self, z: float, order: int) -> float:
        """First, second or third derivative on the real line."""
        terms = self.count * (self.weights / (1.0 - 2.0 * self.weights * z)) ** order
        factor = {1: 1.0, 2: 2.0, 3: 8.0}[order]
        return float(factor * terms.sum() - (self.shift if order == 1 else 0.0))

    def saddlepoint(self) -> float:
        """Where the first derivative vanishes."""
        high = 0.5 / self.weights.max() * (1.0 - 1e-12)
        negative = self.weights[self.weights < 0]
        low = 0.5 / negative.min() * (1.0 - 1e-12) if len(negative) else -1.0 / high
        while not len(negative) and self.derivative(low, 1) > 0:
            low *= 4.0
        if self.derivative(high, 1) < 0:  # so far out that the root is the edge in floating point
            return float(high)
        return float(optimize.brentq(self.derivative, low, high, args=(1,), xtol=1e-15 * high))


def _integral(cumulants: _Cumulants, centre: float, width: float, points: int) -> float:
    """Trapezoid rule along a parabola that bends away from the origin around the cut."""
    s = np.linspace(0.0, 18.0, points + 1)
    t = np.sinh(s)
    z = centre + width * (1j * t + 0.25 * t**2)
    slope = width * (1j + 0.5 * t) * np.cosh(s)
    exponent = cumulants.exponent(z)
    values = (np.exp(exponent) * slope / z).imag / np.pi
    values[0] *= 0.5
    return float(values.sum() * (s[1] - s[0]))


def _usable(eigenvalues: npt.ArrayLike) -> Floats:
    """Drop zeros, and refuse what is negative beyond rounding."""
    values = np.asarray(eigenvalues, dtype=np.float64)
    largest = np.abs(values).max(initial=0.0)
    if not largest > 0 or (values < -1e-6 * largest).any():
        raise SurveyError(
            f"tail: the eigenvalues must be positive; got {values.tolist()}.",
            mend="A test without variance has no reference distribution.",
        )
    return np.asarray(values[values > NOTHING * largest])

r"""Any smooth function of estimates, with its covariance, by the delta method.

Derivatives come from the complex step, :math:`f'(x) \approx \Im f(x + ih) / h` with *h* so small
that nothing is cut off: exact to rounding, unlike finite differences. Squire & Trapp (1998),
*SIAM Review* 40, 110–112.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.errors import SurveyError
from survey.estimates import Estimates
from survey.scores import Floats

Function = Callable[[pd.Series], object]

#: Size of the complex step: its square vanishes beside 1 whatever the scale of the estimates.
STEP = 1e-30
#: Relative step of the differences that reveal a function which the complex step misreads.
COARSE = 1e-6


def function_of(
    estimates: Estimates,
    function: Function,
    labels: str | Sequence[object],
    *,
    derivatives: Function | None = None,
    what: str = "Function",
    bounds: tuple[float, float] | None = None,
) -> Estimates:
    r"""Estimate a smooth function of estimates.

    Parameters
    ----------
    estimates : Estimates
        K estimates, of one sample or stacked.
    function : callable
        From a Series of the estimates, by label, to a number or to R numbers. Written with
        arithmetic and numpy functions, it is differentiated exactly.
    labels : str or sequence of str
        Labels of the R results.
    derivatives : callable, optional
        From the same Series to the derivatives, of shape (K,) or (R, K), where the function is
        not of that kind (absolute values, comparisons, look-ups).
    what : str
        Caption of the result.
    bounds : (low, high), optional
        Range of the results, for logit intervals.

    Returns
    -------
    Estimates

    Raises
    ------
    SurveyError
        When the function is not smooth here, or labels do not fit its values.

    Notes
    -----
    Variance :math:`J V J'` with *J* the derivatives; Särndal et al. (1992), section 5.5.
    In R: ``svycontrast(m, quote(log(b / a)))``.

    Examples
    --------
    >>> import pandas as pd, survey
    >>> frame = pd.DataFrame({"psu": [1, 1, 2, 2], "a": [1.0, 2, 3, 4], "b": [2.0, 5, 6, 9]})
    >>> means = survey.mean(survey.Design(frame, psu="psu"), ["a", "b"])
    >>> function_of(means, lambda m: np.log(m["b"] / m["a"]), "log ratio").estimate.round(4)
    log ratio    0.7885
    Name: estimate, dtype: float64
    """
    names = pd.Index([labels] if isinstance(labels, str) else list(labels))
    here = estimates.estimate
    value = _values(function, here)
    if value.shape != (len(names),):
        raise SurveyError(
            f"function_of(labels=): {len(names)} labels for {value.size} values.",
            mend="Give one label for each number that the function returns.",
        )
    if derivatives is not None:
        jacobian = _given(derivatives, here, len(names))
    else:
        jacobian = _complex_step(function, here, value)
    return estimates.smooth(value.real, jacobian, names, what=what, bounds=bounds)


def _values(function: Function, at: pd.Series) -> npt.NDArray[np.complex128]:
    """Values of the function as a vector."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", np.exceptions.ComplexWarning)
            return np.atleast_1d(np.asarray(function(at), dtype=np.complex128))
    except (TypeError, ValueError, np.exceptions.ComplexWarning) as error:
        raise _not_smooth(f"it cannot be computed ({error})") from error


def _given(derivatives: Function, at: pd.Series, size: int) -> Floats:
    """Read the derivatives that the caller wrote, shape (R, K)."""
    jacobian = np.atleast_2d(np.asarray(derivatives(at), dtype=np.float64))
    if jacobian.shape != (size, len(at)):
        raise SurveyError(
            f"function_of(derivatives=): shape {jacobian.shape}, wanted ({size}, {len(at)}).",
            mend="Give one row a result and one column an estimate.",
        )
    return jacobian


def _complex_step(function: Function, at: pd.Series, value: npt.NDArray[np.complex128]) -> Floats:
    """Exact derivatives, shape (R, K), checked against coarse differences."""
    jacobian = np.empty((len(value), len(at)))
    for k, place in enumerate(at.to_numpy()):
        size = abs(place) or 1.0
        jacobian[:, k] = _values(function, _moved(at, k, 1j * STEP * size)).imag / (STEP * size)
        step = COARSE * size
        ahead, behind = (_values(function, _moved(at, k, move)).real for move in (step, -step))
        rough = (ahead - behind) / (2.0 * step)
        scale = np.abs(rough) + np.abs(jacobian[:, k]) + np.abs(value.real) / size
        wrong = np.abs(rough - jacobian[:, k]) > 1e-4 * scale
        if wrong.any():
            raise _not_smooth(f"its derivative by {at.index[k]!r} is not what steps along it show")
    return jacobian


def _moved(at: pd.Series, k: int, step: complex) -> pd.Series:
    """Move one estimate by a step."""
    moved = at.to_numpy(np.complex128)
    moved[k] += step
    return pd.Series(moved, index=at.index)


def _not_smooth(reason: str) -> SurveyError:
    """Refuse a function that the complex step cannot differentiate."""
    return SurveyError(
        f"function_of(function=): {reason}.",
        mend="Write it with arithmetic and numpy functions (np.log, not math.log; no abs, "
        "comparisons or rounding), or pass derivatives=.",
    )

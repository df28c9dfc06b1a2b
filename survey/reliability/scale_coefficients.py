"""Alpha and its kin as functions of a covariance matrix, with their derivatives.

Functions of matrices take any number of them at once, shape (…, k, k).
"""

from __future__ import annotations

import numpy as np
from scipy import stats

from survey.errors import SurveyError, first_five
from survey.scores import Floats


def cov2cor(matrix: Floats) -> Floats:
    """Correlations from covariances, shape (…, k, k)."""
    sd = np.sqrt(np.diagonal(matrix, axis1=-2, axis2=-1))
    return np.asarray(matrix / (sd[..., :, None] * sd[..., None, :]))


def _trace_and_sum(matrix: Floats) -> tuple[Floats, Floats]:
    """Sum the diagonal, and all entries, of matrices (…, k, k)."""
    return np.trace(matrix, axis1=-2, axis2=-1), matrix.sum(axis=(-2, -1))


def raw_alpha(matrix: Floats) -> Floats:
    """Cronbach's alpha of matrices (…, k, k)."""
    k = matrix.shape[-1]
    trace, total = _trace_and_sum(matrix)
    return np.asarray(k / (k - 1.0) * (1.0 - trace / total))


def alpha_gradient(matrix: Floats) -> Floats:
    """Differentiate alpha by each entry of the matrix."""
    k = len(matrix)
    trace, total = _trace_and_sum(matrix)
    return np.asarray(k / (k - 1.0) * (trace / total - np.eye(k)) / total)


def squared_multiple(correlation: Floats) -> Floats:
    """Share of each item that the others explain, shape (…, k)."""
    inverse = np.linalg.pinv(correlation, hermitian=True)
    return np.asarray(1.0 - 1.0 / np.diagonal(inverse, axis1=-2, axis2=-1))


def scale_values(covariance: Floats) -> Floats:
    """Alpha, standardised alpha, Guttman's lambda 6 and the mean correlation, shape (R, 4)."""
    r = cov2cor(covariance)
    k, total = r.shape[-1], r.sum(axis=(-2, -1))
    sixth = 1.0 - (k - squared_multiple(r).sum(axis=-1)) / total if k > 1 else total - total
    mean = (total - k) / (k * (k - 1.0)) if k > 1 else total * np.nan
    values = (raw_alpha(covariance), raw_alpha(r), sixth, mean)
    return np.stack(values, axis=-1)


def scale_gradients(covariance: Floats) -> Floats:
    """Differentiate `scale_values` by the covariances, shape (4, k, k)."""
    r = cov2cor(covariance)
    k, total = len(r), r.sum()
    inverse = np.linalg.pinv(r, hermitian=True)
    unique = 1.0 / np.diag(inverse)
    rows = inverse * unique[:, None]
    sixth = unique.sum() / total**2 - rows.T @ rows / total
    on_r = np.stack([alpha_gradient(r), sixth, np.ones_like(r) / (k * (k - 1.0))])
    for matrix in on_r:
        np.fill_diagonal(matrix, 0.0)  # the diagonal of a correlation matrix does not move
    variance = np.diag(covariance)
    made = on_r / np.sqrt(np.outer(variance, variance))
    made[:, np.arange(k), np.arange(k)] = -(on_r * r).sum(axis=-1) / variance
    return np.concatenate([alpha_gradient(covariance)[None], made])


def classical_error(covariance: Floats, n: int) -> float:
    """Large-sample standard error of alpha for independent normal answers."""
    k = len(covariance)
    trace, total = _trace_and_sum(covariance)
    square = covariance @ covariance
    inner = total * (np.trace(square) + trace**2) - 2.0 * trace * square.sum()
    return float(np.sqrt(2.0 * k**2 / ((k - 1.0) ** 2 * total**3) * inner / n))


def feldt_limits(value: float, n: int, k: int, level: float) -> tuple[float, float]:
    """Limits of alpha for independent answers: (1 − α) times quantiles of F."""
    tails = [0.5 + level / 2.0, 0.5 - level / 2.0]
    low, high = (float(stats.f.ppf(tail, n - 1, (n - 1) * (k - 1))) for tail in tails)
    return 1.0 - (1.0 - value) * low, 1.0 - (1.0 - value) * high


def refuse_no_sum(covariance: Floats, names: tuple[str, ...]) -> None:
    """Refuse items that cancel out: they have no alpha."""
    total = covariance.sum()
    if not total > 1e-12 * np.trace(covariance):
        raise SurveyError(
            f"items {first_five(names)}: their sum does not vary (variance {total:.3g}).",
            mend="Recode items that are worded the other way round.",
        )

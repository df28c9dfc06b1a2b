"""Johnson's relative weights: R² divided through the nearest orthogonal predictors."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from survey.importance.correlation_input import correlation_matrix, read_correlated
from survey.importance.replicate_errors import replicate_values
from survey.importance.results import Importance, collect
from survey.reliability.item_answers import Pairing, Source
from survey.scores import Floats


def johnson(
    design: Source,
    outcome: str,
    predictors: Sequence[str],
    *,
    missing: Pairing = "pairwise",
    level: float = 0.95,
) -> Importance:
    r"""Divide R² by Johnson's relative weights, a quick approximation to `lmg`.

    Parameters, returns, errors as `lmg`.

    Notes
    -----
    :math:`\sum_k \Lambda_{jk}^2 \beta_k^2` with :math:`\Lambda = R_{xx}^{1/2}` and
    :math:`\beta = \Lambda^{-1} r_{xy}`. Johnson (2000), *Multivariate Behavioral Research* 35,
    1–19; for its flaws Thomas et al. (2014), the same journal 49, 329–338. In R: ``yhat::rlw``.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"a": [1, 1, -1, -1], "b": [1, -1, 1, -1], "y": [3, 1, 0, -3]})
    >>> johnson(frame, "y", ["a", "b"]).estimate.round(4).tolist()
    [0.6533, 0.3333]
    """
    read = read_correlated(
        design, outcome, predictors, missing=missing, level=level, where="johnson"
    )
    labels = pd.Index(read.names[:-1], name="predictor")
    value = _relative_weights(correlation_matrix(read)[None])[0]
    replicates = replicate_values(read, _relative_weights)
    return collect(read, labels, value, replicates, method="johnson", level=level)


def _relative_weights(matrices: Floats) -> Floats:
    """Johnson's weights of matrices (N, p + 1, p + 1), shape (N, p)."""
    values, vectors = np.linalg.eigh(matrices[:, :-1, :-1])
    root = (vectors * np.sqrt(values)[:, None, :]) @ np.swapaxes(vectors, 1, 2)
    beta = np.linalg.solve(root, matrices[:, :-1, -1:])
    return np.asarray((root**2 @ beta**2)[:, :, 0])

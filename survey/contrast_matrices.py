"""Contrasts as users write them, and as the matrix that the algebra needs."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.errors import SurveyError, did_you_mean
from survey.scores import Floats

Contrasts = Mapping[str, Mapping[object, float]] | npt.ArrayLike | pd.DataFrame


def contrast_matrix(contrasts: Contrasts, labels: pd.Index) -> tuple[Floats, pd.Index]:
    """Read contrasts as a matrix (R, K) and the labels of its rows.

    Parameters
    ----------
    contrasts : mapping, DataFrame or matrix
        Coefficients by name of the contrast and label of the estimate, or a matrix (R, K).
    labels : Index
        Labels of the K estimates.

    Raises
    ------
    SurveyError
        For a label that is not there, or a matrix that does not fit.

    Examples
    --------
    >>> matrix, names = contrast_matrix({"F − M": {"F": 1, "M": -1}}, pd.Index(["F", "M"]))
    >>> matrix, list(names)
    (array([[ 1., -1.]]), ['F − M'])
    """
    if isinstance(contrasts, Mapping):
        return _named(contrasts, labels), pd.Index(list(contrasts))
    if isinstance(contrasts, pd.DataFrame):
        rows = {str(name): dict(row) for name, row in contrasts.iterrows()}
        return _named(rows, labels), contrasts.index
    matrix = np.atleast_2d(np.asarray(contrasts, dtype=np.float64))
    if matrix.shape[1] != len(labels):
        raise SurveyError(
            f"contrast: the matrix has {matrix.shape[1]} columns for {len(labels)} estimates.",
            mend="Give one column for each row of .table(), in its order.",
        )
    return matrix, pd.RangeIndex(len(matrix))


def _named(contrasts: Mapping[str, Mapping[object, float]], labels: pd.Index) -> Floats:
    """Place named coefficients in the columns of their labels."""
    place = {label: k for k, label in enumerate(labels)}
    matrix = np.zeros((len(contrasts), len(labels)))
    for row, (name, terms) in enumerate(contrasts.items()):
        for label, coefficient in terms.items():
            if label not in place:
                raise SurveyError(
                    f"contrast {name!r}: no estimate labelled {label!r}.",
                    mend=did_you_mean(label, place),
                )
            matrix[row, place[label]] += coefficient
    return matrix

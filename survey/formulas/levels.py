"""The levels of a column of groups or answers: which there are, in order, and who has which."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from survey.errors import SurveyError, first_five
from survey.scores import Ints


def levels_of(column: pd.Series) -> list[object]:
    """Levels that occur: in the order of a categorical, else sorted; the first is the reference.

    Examples
    --------
    >>> levels_of(pd.Series(["b", "Đ", "a", "B"]))
    ['B', 'a', 'b', 'Đ']
    """
    if isinstance(column.dtype, pd.CategoricalDtype):
        present = set(column.unique())
        return [level for level in column.cat.categories if level in present]
    try:
        return sorted(column.unique().tolist())
    except TypeError as error:
        raise SurveyError(
            f"{column.name!r} mixes words and numbers: {first_five(column.unique())}.",
            mend="Make all of them words, or all numbers.",
        ) from error


def codes_of(column: pd.Series, levels: Sequence[object]) -> Ints:
    """Place of each value among the levels; -1 for what is missing or not among them.

    Examples
    --------
    >>> codes_of(pd.Series(["b", None, "a"]), ["a", "b"])
    array([ 1, -1,  0])
    """
    known = pd.Index(list(levels), dtype=object)
    return known.get_indexer(pd.Index(column.astype(object))).astype(np.int64)

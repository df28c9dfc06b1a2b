"""Which statements an index keeps: all, all but one dimension, all but one statement."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from sipas.instrument import Instrument
from sipas.robustness.index_parts import members
from survey.scores import Floats


def sets_kept(
    instruments: Sequence[Instrument], of: str
) -> tuple[pd.DataFrame, tuple[Floats, ...]]:
    """Leave out nothing, then each dimension, then each statement of an index.

    Parameters
    ----------
    instruments : sequence of Instrument
        The questionnaire of each year.
    of : str
        Code of the index.

    Returns
    -------
    left_out : DataFrame
        Columns ``left_out`` (``nothing``, ``dimension``, ``statement``) and ``which``, L rows. A
        statement that is a whole dimension is listed once, as the dimension.
    kept : tuple of (L, J) float
        For each year 1 where the set holds a statement.
    """
    years = [members(instrument, of) for instrument in instruments]
    sizes: dict[str, int] = {}
    owner: dict[str, str] = {}
    for year in years:
        for dimension, codes in year.items():
            sizes[dimension] = max(len(codes), sizes.get(dimension, 0))
            owner |= dict.fromkeys(codes, dimension)
    several = [code for code, dimension in owner.items() if sizes[dimension] > 1]
    listed = [("nothing", ""), *(("dimension", code) for code in sizes)]
    listed += [("statement", code) for code in several]
    gone = [{which, *(c for c, d in owner.items() if d == which)} for _, which in listed]
    kept = [
        np.array([[i.code in owner and i.code not in lost for i in one.index_items]
                  for lost in gone], dtype=np.float64)
        for one in instruments
    ]  # fmt: skip
    there = np.all([matrix.any(axis=1) for matrix in kept], axis=0)
    table = pd.DataFrame(listed, columns=["left_out", "which"])[there].reset_index(drop=True)
    return table, tuple(matrix[there] for matrix in kept)

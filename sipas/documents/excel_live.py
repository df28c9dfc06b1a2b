"""Which numbers of a table are made of its other numbers, and the formula that shows it.

A formula is written only where it gives the number itself to 1e-9; it names cells and nothing
else, so no word of the data is ever part of it.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from sipas.documents.excel_cells import Block
from sipas.tables import Table

#: How near a formula must come to the number that it stands for.
NEAR = 1e-9
#: Columns of a change, the columns it may be the difference of, and rows that may be a sum.
_CHANGES = ("estimate", "difference")
_YEARS = (("before", "after"), ("rate_before", "rate_after"))
_SUMS = ("sum", "total", "tot")

#: Formulas by row (from 0) and column.
Formulas = dict[tuple[int, str], str]


def live_formulas(table: Table, block: Block) -> Formulas:
    """Write the formula of every number that is a difference or a sum of others in the table.

    Parameters
    ----------
    table : Table
        What is printed.
    block : Block
        Where it stands on its sheet.

    Returns
    -------
    dict
        Formulas by row and column; a number without one is not made of printed numbers.
    """
    made: Formulas = {}
    for column in table.columns:
        if column.kind != "text":
            made |= _sum(table, column.key, block)
        if column.kind == "signed":
            made |= _difference(table, column.key, block)
    return made


def _difference(table: Table, key: str, block: Block) -> Formulas:
    """Difference of two columns, this year's less last year's; of ranks the other way round."""
    best: Formulas = {}
    for less, of in _operands(table, key):
        apart = (table.frame[of] - table.frame[less] - table.frame[key]).abs()
        found = {
            (row, key): f"={block.cell(of, row)}-{block.cell(less, row)}"
            for row in map(int, np.flatnonzero(apart <= NEAR))
        }
        best = max(best, found, key=len)
    return best


def _operands(table: Table, key: str) -> list[tuple[str, str]]:
    """Pairs of columns whose difference a column may be, in both orders."""
    numbers = [column.key for column in table.columns if column.kind == "number"]
    pairs = [pair for pair in _YEARS if key in _CHANGES and set(pair) <= set(numbers)]
    stem, _, what = key.rpartition("_")
    own = [one for one in numbers if one.startswith(f"{stem}_")]
    if what == "change" and len(own) == 2:
        pairs.append((own[0], own[1]))
    return [order for a, b in pairs for order in ((a, b), (b, a))]


def _sum(table: Table, key: str, block: Block) -> Formulas:
    """Sum of the rows above, for the last row where it is one."""
    values = pd.to_numeric(table.frame[key])
    above, last = values.iloc[:-1], len(values) - 1
    if last < 2 or str(table.frame.index[-1]) not in _SUMS or values.isna().any():
        return {}
    if abs(above.sum() - values.iloc[-1]) > NEAR:
        return {}
    return {(last, key): f"=SUM({block.range(key, 0, last - 1)})"}

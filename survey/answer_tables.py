"""Tables of weighted answer counts: a design without its rows.

The count, weighted and unweighted, of each answer by PSU and domain is all that means, shares,
totals, their covariances and replicates need. Tables add up, so a file is read in pieces that
never lie in memory together, and a million rows become a few megabytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.cells import Cells, CellTable
from survey.coding import code_column
from survey.design import Columns, Design, column_list, read_weights, with_cells
from survey.errors import SurveyError, first_five, require_columns
from survey.scores import Floats, Ints, indicator

#: Rows of a file that are read at once.
CHUNK = 200_000


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class AnswerTable:
    """Answers counted by stratum, PSU and domain.

    Parameters
    ----------
    cells : Cells
        One row for each combination of stratum, PSU and domain, with its counts.
    options : mapping
        Arguments of the `survey.Design` that the cells make.

    Notes
    -----
    ``a + b`` adds two tables of the same items; `design` gives what estimators read.
    """

    cells: Cells
    options: Mapping[str, Any]

    @property
    def design(self) -> Design:
        """The design, for `survey.mean`, `total` and `proportion`."""
        return with_cells(Design(self.cells.frame, **self.options), self.cells)

    def __add__(self, other: AnswerTable) -> AnswerTable:
        """Add the counts of two tables."""
        if dict(self.options) != dict(other.options) or set(self.cells.tables) != set(
            other.cells.tables
        ):
            raise SurveyError(
                "AnswerTable: the two tables have different items or designs.",
                mend="Accumulate both with the same items, strata, psu, weights and by.",
            )
        return AnswerTable(_merged(self.cells, other.cells), self.options)

    def __repr__(self) -> str:
        """Say how much was counted."""
        rows, cells = int(self.cells.rows.sum()), len(self.cells.frame)
        return f"<AnswerTable: {rows:,} rows in {cells:,} cells, {len(self.cells.tables)} items>"


def accumulate(
    source: str | Path | pd.DataFrame | Iterable[pd.DataFrame],
    items: Sequence[str],
    *,
    weights: str | None = None,
    strata: Columns = None,
    psu: str,
    by: Columns = None,
    chunk: int = CHUNK,
    **options: Any,
) -> AnswerTable:
    """Count answers piece by piece.

    Parameters
    ----------
    source : path, DataFrame or iterable of DataFrame
        A CSV or Parquet file, read ``chunk`` rows at a time, or the pieces themselves.
    items : list of str
        Columns of answers, each with few different ones.
    weights, strata, psu, **options
        As in `survey.Design`, with one stage of units.
    by : str or list of str, optional
        Columns that will be asked for as domains.
    chunk : int
        Rows read at once from a file.

    Returns
    -------
    AnswerTable

    Raises
    ------
    SurveyError
        Missing columns, an item with too many different answers, unusable weights, an empty
        source, a format that is not known.

    Examples
    --------
    >>> import pandas as pd, survey
    >>> frame = pd.DataFrame({"psu": [1, 1, 2, 2], "q": [5, 4, 3, None]})
    >>> table = accumulate([frame[:2], frame[2:]], ["q"], psu="psu")
    >>> table
    <AnswerTable: 4 rows in 2 cells, 1 items>
    >>> survey.mean(table.design, "q").estimate
    q    4.0
    Name: estimate, dtype: float64
    """
    keys = list(dict.fromkeys([*column_list(strata), psu, *column_list(by)]))
    needed = [*keys, *items, *([weights] if weights else [])]
    counted = (
        _counted(piece, list(items), keys, weights) for piece in _pieces(source, needed, chunk)
    )
    try:
        cells = reduce(_merged, counted)
    except TypeError as error:  # reduce() of nothing
        raise SurveyError("accumulate: the source is empty.", mend="Check the file.") from error
    return AnswerTable(cells, {"strata": strata, "psu": psu, **options})


def _pieces(
    source: str | Path | pd.DataFrame | Iterable[pd.DataFrame], columns: list[str], chunk: int
) -> Iterator[pd.DataFrame]:
    """Read the source piece by piece, only the columns that are needed."""
    if isinstance(source, pd.DataFrame):
        yield source
    elif isinstance(source, (str, Path)):
        path = Path(source)
        readers = {".csv": _csv_pieces, ".parquet": _parquet_pieces}
        if path.suffix.lower() not in readers:
            raise SurveyError(
                f"accumulate: {path.name}: unknown format.", mend="Use .csv or .parquet."
            )
        yield from readers[path.suffix.lower()](path, columns, chunk)
    else:
        yield from source


def _csv_pieces(path: Path, columns: list[str], chunk: int) -> Iterator[pd.DataFrame]:
    header = pd.read_csv(path, nrows=0).columns
    require_columns(header, columns, where=f"accumulate({path.name})")
    with pd.read_csv(path, usecols=columns, chunksize=chunk) as reader:
        yield from reader


def _parquet_pieces(path: Path, columns: list[str], chunk: int) -> Iterator[pd.DataFrame]:
    try:
        from pyarrow.parquet import ParquetFile
    except ImportError as error:
        raise SurveyError(
            "accumulate: reading Parquet needs pyarrow.", mend='pip install "sipas[all]"'
        ) from error
    file = ParquetFile(path)
    require_columns(file.schema_arrow.names, columns, where=f"accumulate({path.name})")
    for batch in file.iter_batches(batch_size=chunk, columns=columns):
        yield batch.to_pandas()


def _counted(piece: pd.DataFrame, items: list[str], keys: list[str], weights: str | None) -> Cells:
    """Count one piece."""
    require_columns(
        piece.columns, [*keys, *items, *([weights] if weights else [])], where="accumulate"
    )
    weight = (
        np.ones(len(piece))
        if weights is None
        else read_weights(piece, weights, where="accumulate")
    )
    cell, frame = _numbered(piece[keys])
    every = indicator(cell, len(frame))
    tables = {name: _table(piece[name], cell, len(frame), weight) for name in items}
    rows = np.asarray(every @ np.ones(len(piece)))
    return Cells(frame, tables, rows)


def _table(column: pd.Series, cell: Ints, size: int, weight: Floats) -> CellTable:
    """Weighted and unweighted counts of one item's answers by cell."""
    coded = code_column(column)
    if column.isna().all():
        return CellTable(np.array([], dtype=object), np.zeros((size, 0)), np.zeros((size, 0)))
    if coded is None:
        raise SurveyError(
            f"accumulate: {column.name!r} has too many different answers, such as "
            f"{first_five(column.dropna().unique()[:3])}.",
            mend="Only coded items can be counted; read measurements in whole.",
        )
    width = coded.width
    place = cell * width + coded.codes
    weighted, plain = (
        np.bincount(place, weights=w, minlength=size * width).reshape(size, width)[:, 1:]
        for w in (weight, np.ones_like(weight))
    )
    return CellTable(coded.answers, np.asarray(weighted, float), np.asarray(plain, float))


def _numbered(keys: pd.DataFrame) -> tuple[Ints, pd.DataFrame]:
    """Code the combinations of the keys, missing values included."""
    grouped = keys.groupby(list(keys.columns), sort=True, dropna=False, observed=True)
    number = grouped.ngroup().to_numpy().astype(np.int64)
    first = np.unique(number, return_index=True)[1]
    return number, keys.iloc[first].reset_index(drop=True)


def _merged(one: Cells, other: Cells) -> Cells:
    """Add two sets of cells."""
    both = pd.concat([one.frame, other.frame], ignore_index=True)
    cell, frame = _numbered(both)
    size = len(one.frame)
    add_one, add_other = (
        indicator(cell[:size], len(frame)),
        indicator(cell[size:], len(frame)),
    )
    tables = {}
    for name, first in one.tables.items():
        second = other.tables[name]
        answers = _union(first.answers, second.answers)
        tables[name] = CellTable(
            answers,
            add_one @ first.spread(first.weighted, answers)
            + add_other @ second.spread(second.weighted, answers),
            add_one @ first.spread(first.plain, answers)
            + add_other @ second.spread(second.plain, answers),
        )
    return Cells(frame, tables, add_one @ one.rows + add_other @ other.rows)


def _union(
    one: npt.NDArray[np.generic], other: npt.NDArray[np.generic]
) -> npt.NDArray[np.generic]:
    """All answers of two pieces, sorted."""
    found = sorted({*one.tolist(), *other.tolist()})
    return np.array(found, dtype=object if any(isinstance(x, str) for x in found) else np.float64)

"""Answers as small integers.

An item with few answers is held as one byte a row. Columns are coded when first asked for; the
codes, and the tables of weighted counts made of them (`survey.counting`), are kept with the
design.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from os import cpu_count

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.memory import keep_freed_blocks
from survey.scores import Floats, Ints

Codes = npt.NDArray[np.uint8]

keep_freed_blocks()  # once: estimates make and free many arrays of a column's size

#: Types of whole numbers that 64 bits with a sign can hold.
SIGNED = frozenset(np.dtype(name) for name in ("i1", "i2", "i4", "i8", "u1", "u2", "u4"))
#: The usual types of numbers.
NUMERIC = SIGNED | {np.dtype(name) for name in ("u8", "f4", "f8")}
#: Rows looked at first for answers that occur.
LOOK = 512
#: An item with more different answers than this takes the path of measurements.
MOST_ANSWERS = 64
#: Fewer rows than this are coded before a second thread has started.
THREADED_ROWS = 200_000
#: Cells of the tables that a codebook keeps (32 MB), and sets of tables.
MOST_KEPT, MOST_SETS = 4_000_000, 4


@dataclass(frozen=True, slots=True, eq=False)
class Coded:
    """One item: the code of each row, and the answer that each code stands for.

    Parameters
    ----------
    codes : (n,) uint8
        0 where there is no answer.
    answers : (L,) array
        Answers of the codes 1 … L, in sorted order.
    """

    codes: Codes
    answers: npt.NDArray[np.generic]

    @property
    def blank(self) -> Ints:
        """Rows without an answer, shape (m,)."""
        return np.flatnonzero(self.codes == 0)

    @property
    def width(self) -> int:
        """Codes in use, that of no answer included."""
        return len(self.answers) + 1


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """Rows sorted into groups, such as the pairs of unit and domain.

    Parameters
    ----------
    code : (n,) int
        Group of each row.
    unit, domain : (G,) int
        Unit and domain of each group.
    """

    code: Ints
    unit: Ints
    domain: Ints


@dataclass(frozen=True, slots=True, eq=False)
class CountTables:
    """Weighted counts of coded columns under one weight, by one grouping of the rows.

    Parameters
    ----------
    group : (n,) int
        Group of each row; domains of whole units have the groups of no domains at all.
    weight : (n,) float
        The weight.
    tables : dict of column to (L + 1, G) float
        Sums of the weight by answer and group; the first answer is none.
    """

    group: Ints
    weight: Floats
    tables: dict[object, Floats] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class CodeBook:
    """What was made of the columns of one frame when first asked for, and is kept.

    Nothing here depends on a domain: tables of counts know the weight that they were made with.
    """

    frame: pd.DataFrame
    columns: dict[object, Coded | None] = field(default_factory=dict)
    numbered: dict[object, tuple[Ints, pd.Index]] = field(default_factory=dict)
    domains: dict[tuple[str, ...], tuple[Ints, pd.Index]] = field(default_factory=dict)
    groups: dict[tuple[int, tuple[str, ...]], tuple[Ints, Groups]] = field(default_factory=dict)
    answered: dict[tuple[object, ...], Floats] = field(default_factory=dict)
    counted: list[CountTables] = field(default_factory=list)

    def number(self, name: object) -> tuple[Ints, pd.Index]:
        """Give the values of a column without holes as numbers, and the values."""
        if name not in self.numbered:
            self.numbered[name] = number_values(self.frame[name])
        return self.numbered[name]

    def counts(self, groups: Groups, weight: Floats) -> CountTables:
        """Give the tables of one grouping and weight, the oldest making room."""
        for kept in self.counted:
            if kept.group is groups.code and kept.weight is weight:
                return kept
        while self.counted and (len(self.counted) >= MOST_SETS or self._cells() > MOST_KEPT):
            self.counted.pop(0)
        self.counted.append(CountTables(groups.code, weight))
        return self.counted[-1]

    def _cells(self) -> int:
        return sum(table.size for kept in self.counted for table in kept.tables.values())


def code_columns(columns: Sequence[pd.Series]) -> list[Coded | None]:
    """Code several columns; long ones in as many threads as there are cores.

    numpy lets go of the interpreter while it works on long arrays; on short ones threads only
    stand in each other's way.
    """
    if not columns or len(columns[0]) < THREADED_ROWS:
        return [code_column(column) for column in columns]
    with ThreadPoolExecutor(cpu_count()) as pool:
        return list(pool.map(code_column, columns))


def code_column(column: pd.Series) -> Coded | None:
    """Code a column of few answers; None if there are too many.

    Examples
    --------
    >>> coded = code_column(pd.Series([5.0, np.nan, 4.0]))
    >>> coded.codes, coded.answers, coded.blank
    (array([2, 0, 1], dtype=uint8), array([4., 5.]), array([1]))
    """
    if column.dtype == np.float64:
        return _code_numbers(column.to_numpy())
    if pd.api.types.is_numeric_dtype(column):
        return _code_numbers(column.to_numpy(np.float64, na_value=np.nan))
    codes, answers = pd.factorize(column, sort=True)
    if len(answers) > MOST_ANSWERS:
        return None
    return Coded((codes + 1).astype(np.uint8), np.asarray(answers, dtype=object))


def _code_numbers(values: Floats) -> Coded | None:
    """Code small whole numbers by their place between the least and the greatest."""
    with np.errstate(invalid="ignore"):
        whole = values.astype(np.int8)
    answered = whole == values
    blank = len(values) - np.count_nonzero(answered)
    if blank == len(values) or np.count_nonzero(np.isnan(values)) != blank:
        return None
    known = whole[answered.argmax()]
    whole -= known
    whole *= answered.view(np.int8)  # blanks pass for the known answer while ends are found
    low = int(known) + int(np.minimum.reduce(whole))
    high = int(known) + int(np.maximum.reduce(whole))
    if high - low >= MOST_ANSWERS or low < -128 or high > 127:  # beyond a byte: wrapped around
        return None
    codes = whole.view(np.uint8)
    codes += np.uint8((int(known) - low + 1) % 256)
    codes *= answered.view(np.uint8)
    return _occurring(Coded(codes, np.arange(low, high + 1, dtype=np.float64)))


def _occurring(coded: Coded) -> Coded:
    """Drop answers between the least and the greatest that nobody gave."""
    for rows in (LOOK, len(coded.codes)):  # nearly always the first rows tell
        times = np.bincount(coded.codes[:rows], minlength=coded.width)
        if np.count_nonzero(times[1:]) == len(coded.answers):
            return coded
    seen = times[1:] > 0
    place = np.append(0, np.cumsum(seen)).astype(np.uint8)
    return Coded(place[coded.codes], coded.answers[seen])


def number_values(column: pd.Series) -> tuple[Ints, pd.Index]:
    """Code the values of a column without holes in sorted order.

    Examples
    --------
    >>> codes, values = number_values(pd.Series([7, 5, 7]))
    >>> codes, values.tolist()
    (array([1, 0, 1]), [5, 7])
    """
    if len(column) and column.dtype in SIGNED:
        values = column.to_numpy().astype(np.int64, copy=False)
        low = int(values.min())
        span = int(values.max()) - low + 1
        if span <= 4 * len(values):  # small enough to look up instead of to hash
            offset = values - low
            there = np.zeros(span, dtype=bool)
            there[offset] = True
            codes = offset if there.all() else (np.cumsum(there) - 1)[offset]
            return codes, pd.Index(np.flatnonzero(there) + low)
    codes, found = pd.factorize(column, sort=True)
    return codes.astype(np.int64), pd.Index(found)

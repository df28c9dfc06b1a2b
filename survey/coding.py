"""Answers as small integers, and tables of weighted counts made of them in one pass.

An item with few answers is held as one byte a row. Counting weights by unit and answer once
gives every recoding of the item: means, shares of any event and their scores by unit are products
of that table with a short column of values. Columns are coded when first asked for, and the codes
are kept with the design.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from math import prod

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.scores import Bools, Floats, Ints

Codes = npt.NDArray[np.uint8]

#: A table of more cells than this (4 MB) no longer fits where counting is fast.
MOST_CELLS = 500_000
#: Rows looked at first for answers that occur.
LOOK = 512
#: An item with more different answers than this takes the path of measurements.
MOST_ANSWERS = 64


@dataclass(frozen=True, slots=True, eq=False)
class Coded:
    """One item: the code of each row, and the answer that each code stands for.

    Parameters
    ----------
    codes : (n,) uint8
        0 where there is no answer.
    answers : (L,) array
        Answers of the codes 1 … L, in sorted order.
    blank : (m,) int
        Rows without an answer.
    """

    codes: Codes
    answers: npt.NDArray[np.generic]
    blank: npt.NDArray[np.int32]

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


@dataclass(slots=True, eq=False)
class CodeBook:
    """Codes of the columns of one frame, made when first asked for, and kept.

    Only what follows from the frame is kept: nothing here depends on weights or on a domain.
    """

    frame: pd.DataFrame
    columns: dict[object, Coded | None] = field(default_factory=dict)
    blocks: dict[tuple[object, ...], Codes] = field(default_factory=dict)
    domains: dict[tuple[str, ...], tuple[Ints, pd.Index]] = field(default_factory=dict)
    groups: dict[tuple[int, tuple[str, ...]], tuple[Ints, Groups]] = field(default_factory=dict)
    counts: dict[tuple[object, ...], Floats] = field(default_factory=dict)

    def column(self, name: object, column: pd.Series) -> Coded | None:
        """Give the codes of a column of the frame, or None if it has too many answers."""
        if name not in self.columns:
            self.columns[name] = code_column(column)
        return self.columns[name]


def code_column(column: pd.Series) -> Coded | None:
    """Code a column of few answers; None if there are too many.

    Examples
    --------
    >>> coded = code_column(pd.Series([5.0, np.nan, 4.0]))
    >>> coded.codes, coded.answers, coded.blank
    (array([2, 0, 1], dtype=uint8), array([4., 5.]), array([1], dtype=int32))
    """
    if column.dtype == np.float64:
        return _code_numbers(column.to_numpy())
    if pd.api.types.is_numeric_dtype(column):
        return _code_numbers(column.to_numpy(np.float64, na_value=np.nan))
    codes, answers = pd.factorize(column, sort=True)
    if len(answers) > MOST_ANSWERS:
        return None
    blank = np.flatnonzero(codes < 0).astype(np.int32)
    return Coded((codes + 1).astype(np.uint8), np.asarray(answers, dtype=object), blank)


def _code_numbers(values: Floats) -> Coded | None:
    """Code small whole numbers by their place between the least and the greatest."""
    with np.errstate(invalid="ignore"):
        whole = values.astype(np.int8)
    blank = np.flatnonzero(whole != values).astype(np.int32)
    if len(blank) == len(values) or not np.isnan(values[blank]).all():
        return None
    if len(blank):  # any answer will do there while the least and the greatest are found
        known = int(np.argmax(whole == values)) if blank[0] == 0 else 0
        whole[blank] = whole[known]
    low, high = int(whole.min()), int(whole.max())
    if high - low >= MOST_ANSWERS:
        return None
    codes = whole.view(np.uint8)
    codes -= np.uint8((low - 1) % 256)
    codes[blank] = 0
    return _occurring(Coded(codes, np.arange(low, high + 1, dtype=np.float64), blank))


def _occurring(coded: Coded) -> Coded:
    """Drop answers between the least and the greatest that nobody gave."""
    seen = np.zeros(coded.width, dtype=bool)
    seen[0] = True
    seen[coded.codes[:LOOK]] = True
    if seen.all():  # nearly always: the first rows tell
        return coded
    seen |= np.bincount(coded.codes, minlength=coded.width) > 0
    if seen.all():
        return coded
    place = (np.cumsum(seen) - 1).astype(np.uint8)
    return Coded(place[coded.codes], coded.answers[seen[1:]], coded.blank)


def number_values(column: pd.Series) -> tuple[Ints, pd.Index]:
    """Code the values of a column without holes in sorted order.

    Examples
    --------
    >>> codes, values = number_values(pd.Series([7, 5, 7]))
    >>> codes, values.tolist()
    (array([1, 0, 1]), [5, 7])
    """
    if isinstance(column.dtype, np.dtype) and column.dtype.kind in "iu" and len(column):
        values = column.to_numpy()
        low, span = int(values.min()), int(values.max()) - int(values.min()) + 1
        if span <= 4 * len(values):  # small enough to look up instead of to hash
            there = np.zeros(span, dtype=bool)
            there[values - low] = True
            place = np.cumsum(there) - 1
            return place[values - low], pd.Index(np.flatnonzero(there) + low)
    codes, found = pd.factorize(column, sort=True)
    return codes.astype(np.int64), pd.Index(found)


def blocks_of(columns: Sequence[Coded], n_groups: int) -> list[list[int]]:
    """Put columns together that one pass can count.

    The answers of a few columns make one code of a byte; counting it once and adding up over the
    other columns gives each column's own table. More codes than rows or than a fast memory holds
    would cost more than they save.
    """
    n = len(columns[0].codes)
    most = min(256, MOST_CELLS // n_groups, 2 * n // n_groups)
    made: list[list[int]] = []
    width = 257
    for k, column in enumerate(columns):
        if width * column.width <= most:
            made[-1].append(k)
            width *= column.width
        else:
            made.append([k])
            width = column.width
    return made


def block_codes(columns: Sequence[Coded]) -> Codes:
    """Code the joint answers of a few columns, the last fastest."""
    joint = columns[0].codes
    for column in columns[1:]:
        joint = joint * np.uint8(column.width) + column.codes
    return joint


def answers_of_codes(columns: Sequence[Coded]) -> list[npt.NDArray[np.intp]]:
    """Answer of each column (0 for none) under each joint code of a block."""
    return _unravelled(tuple(column.width for column in columns))


@cache
def _unravelled(widths: tuple[int, ...]) -> list[npt.NDArray[np.intp]]:
    return list(np.unravel_index(np.arange(prod(widths)), widths))


def pair_groups(unit: Ints, n_units: int, domain: Ints, n_domains: int) -> Groups:
    """Sort rows into pairs of unit and domain; a domain of whole units needs no second code."""
    every = np.arange(n_units)
    if n_domains == 1:
        return Groups(unit, every, np.zeros_like(every))
    of_unit = np.zeros(n_units, dtype=np.int64)
    of_unit[unit] = domain
    if (of_unit[unit] == domain).all():
        return Groups(unit, every, of_unit)
    code, pairs = pd.factorize(unit * n_domains + domain)
    own_unit, own_domain = np.divmod(pairs, n_domains)
    return Groups(code.astype(np.int64), own_unit, own_domain)


def unanswered(coded: Sequence[Coded], inside: Bools, domain: Ints, n_domains: int) -> Floats:
    """Count rows without an answer by domain and item, shape (D, J)."""
    counts = []
    for item in coded:  # only the few rows without an answer are looked at
        rows = item.blank
        counts.append(np.bincount(domain[rows], weights=inside[rows], minlength=n_domains))
    return np.stack(counts, axis=1)

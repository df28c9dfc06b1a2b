"""Population margins: a table of known counts matched with the rows that they count.

Both sides must know the same classes. A class without a count, a count without a row, and margins
that add up to different populations are errors that name the class and the figures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isclose

import numpy as np
import pandas as pd

from survey.design import Design
from survey.errors import SurveyError, did_you_mean, first_five, require_columns
from survey.replicates import ReplicateDesign
from survey.scores import Floats, Ints

AnyDesign = Design | ReplicateDesign
Totals = Mapping[object, float] | pd.Series


@dataclass(frozen=True, slots=True, eq=False)
class Margin:
    """Classes of rows and the population count of each.

    Parameters
    ----------
    name : str
        The column or columns.
    code : (n,) int
        Class of each row; 0 outside the domain, where weights are zero.
    labels : list
        Label of each class.
    totals : (C,) float
        Population count of each class.
    """

    name: str
    code: Ints
    labels: list[object]
    totals: Floats

    @property
    def names(self) -> list[str]:
        """Column and label of each class, for errors and tables."""
        return [f"{self.name} = {label}" for label in self.labels]

    def indicators(self) -> Floats:
        """One column of zeros and ones for each class, shape (n, C)."""
        return np.asarray(self.code[:, None] == np.arange(len(self.labels)), dtype=np.float64)


def class_codes(
    design: AnyDesign, by: str | Sequence[str], where: str
) -> tuple[str, Ints, list[object]]:
    """Code the classes of rows inside the domain; no value may be missing there."""
    names = [by] if isinstance(by, str) else list(by)
    require_columns(design.data.columns, names, where=where)
    inside = design.inside
    code = np.zeros(len(inside), dtype=np.int64)
    keys = design.data.loc[inside, names]
    missing = keys.isna().any(axis=1)
    if missing.any():
        raise SurveyError(
            f"{where}: {' × '.join(names)} is missing in {int(missing.sum())} rows: "
            f"{first_five(keys.index[missing])}.",
            mend="Fill them in, or make 'not known' a class of its own with a total.",
        )
    if len(names) == 1:
        code[inside], labels = pd.factorize(keys[names[0]], sort=True)
        return names[0], code, list(labels)
    index = pd.MultiIndex.from_frame(keys)
    code[inside], found = pd.factorize(index, sort=True)
    return " × ".join(names), code, list(found)


def read_margin(design: AnyDesign, by: str | Sequence[str], totals: Totals, where: str) -> Margin:
    """Match known counts with classes of rows.

    Raises
    ------
    SurveyError
        A class of the sample without a count, a count without a row in the sample, a count that
        is not a positive number.
    """
    name, code, labels = class_codes(design, by, where)
    known = _table(totals, name, where)
    lacking = [label for label in labels if label not in known]
    if lacking:
        raise SurveyError(
            f"{where}: no total for {len(lacking)} classes of {name!r} that the sample has: "
            f"{first_five(lacking)}.",
            mend=f"{did_you_mean(lacking[0], known)} Every class needs its population count.",
        )
    unseen = [label for label in known if label not in set(labels) and known[label] != 0]
    if unseen:
        raise SurveyError(
            f"{where}: no row of the sample is in {len(unseen)} classes of {name!r} that have a "
            f"total: {first_five(unseen)}.",
            mend="Merge each with a like class, in the data and in the totals.",
        )
    counts = np.array([known[label] for label in labels], dtype=np.float64)
    bad = ~(np.isfinite(counts) & (counts > 0))
    if bad.any():
        wrong = [f"{label}: {known[label]}" for label, b in zip(labels, bad, strict=True) if b]
        raise SurveyError(
            f"{where}: totals of {name!r} must be positive numbers; got {first_five(wrong)}.",
            mend="Give the population count of each class.",
        )
    return Margin(name, code, labels, counts)


def require_agreement(sizes: Mapping[str, float], where: str) -> None:
    """Refuse margins that add up to different populations."""
    listed = list(sizes.items())
    for name, size in listed[1:]:
        if not isclose(size, listed[0][1], rel_tol=1e-9):
            raise SurveyError(
                f"{where}: the margins are of different populations: {listed[0][0]!r} adds up to "
                f"{listed[0][1]:.12g}, {name!r} to {size:.12g}.",
                mend="Take them from one source, or scale each to the same population.",
            )


def _table(totals: Totals, name: str, where: str) -> dict[object, float]:
    """Read the counts of one margin as a plain mapping."""
    if not isinstance(totals, Mapping | pd.Series):
        raise SurveyError(
            f"{where}: totals of {name!r} are a {type(totals).__name__}.",
            mend="Pass a mapping or a Series from each class to its population count.",
        )
    if isinstance(totals, pd.Series) and not totals.index.is_unique:
        twice = totals.index[totals.index.duplicated()].unique()
        raise SurveyError(
            f"{where}: totals of {name!r} list a class twice: {first_five(twice)}.",
            mend="Give each class once.",
        )
    return {label: float(count) for label, count in totals.items()}

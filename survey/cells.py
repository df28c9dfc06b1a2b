"""Counts of answers by cell, and the rows that estimators read of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.counting import pair_groups
from survey.errors import SurveyError
from survey.rows import Rows, UnitSums
from survey.scores import Floats, Ints, indicator


@dataclass(frozen=True, slots=True, eq=False)
class CellTable:
    """Counts of one item.

    Parameters
    ----------
    answers : (L,) array
        The answers, sorted.
    weighted, plain : (C, L) float
        Weighted and unweighted count of each answer in each cell.
    """

    answers: npt.NDArray[np.generic]
    weighted: Floats
    plain: Floats

    def spread(self, counts: Floats, answers: npt.NDArray[np.generic]) -> Floats:
        """Lay counts out on a longer list of answers."""
        place = {answer: k for k, answer in enumerate(answers.tolist())}
        full = np.zeros((len(counts), len(answers)))
        full[:, [place[answer] for answer in self.answers.tolist()]] = counts
        return full


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Combinations of stratum, PSU and domain, and what was answered in each.

    Parameters
    ----------
    frame : DataFrame
        One row a cell.
    tables : mapping of str to CellTable
        Counts of each item.
    rows : (C,) float
        Respondents of each cell.
    """

    frame: pd.DataFrame
    tables: Mapping[str, CellTable]
    rows: Floats


@dataclass(frozen=True, slots=True, eq=False)
class CellRows:
    """Estimated items as recodings of counted ones; see `survey.rows.AnyRows`.

    Parameters
    ----------
    tables : sequence of CellTable
        Counted items.
    owner, values
        As in `survey.rows.CodedRows`.
    rows : (C,) float
        Respondents of each cell.
    weight : (C,) float
        1 for cells inside the domain, 0 outside; the counts are weighted already.
    domain : (C,) int
        Domain of each cell.
    n_domains : int
        Number of domains.
    """

    tables: Sequence[CellTable]
    owner: list[int]
    values: Sequence[Floats]
    rows: Floats
    weight: Floats
    domain: Ints
    n_domains: int

    def unit_sums(self, unit: Ints, n_units: int, weight: Floats) -> UnitSums:
        """Sum by pair of unit and domain under some weights."""
        groups = pair_groups(unit, n_units, self.domain, self.n_domains)
        add = indicator(groups.code, len(groups.unit), weight)
        owned = [self.tables[k].weighted for k in self.owner]
        y = np.stack([t @ v for t, v in zip(owned, self.values, strict=True)], axis=1)
        valid = np.stack([table.sum(axis=1) for table in owned], axis=1)
        summed = np.asarray(add @ valid)
        return UnitSums(np.asarray(add @ y), summed, summed, groups.unit, groups.domain)

    def counts(self) -> Floats:
        """Count valid rows that weigh anything, by domain and item, shape (D, J)."""
        plain = [self.tables[k].plain.sum(axis=1) for k in self.owner]
        return self._by_domain(np.stack(plain, axis=1))

    def sizes(self) -> Floats:
        """Count rows that weigh anything, by domain, shape (D,)."""
        return self._by_domain(self.rows[:, None])[:, 0]

    def measured(self) -> Rows:
        """Refuse what needs the answers of one respondent together."""
        raise SurveyError(
            "A table of counts has no rows: design effects, listwise deletion and calibration "
            "need the answers of one respondent together.",
            mend="Use a Design on the data themselves.",
        )

    def _by_domain(self, counts: Floats) -> Floats:
        add = indicator(self.domain, self.n_domains, (self.weight != 0).astype(np.float64))
        return np.asarray(add @ counts)

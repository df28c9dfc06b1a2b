"""What estimators read of the data: sums by unit and domain, all items in one call.

Two kinds of rows give the same sums: measurements (`Rows`), through one sparse product, and
coded answers (`CodedRows`), through tables of weighted counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from survey.coding import CodeBook, Coded, Groups
from survey.counting import counts_by_group, pair_groups, unanswered
from survey.scores import Bools, Floats, Ints, indicator


@dataclass(frozen=True, slots=True, eq=False)
class UnitSums:
    """Weighted sums of J items by pair of unit and domain, each of shape (G, J).

    Parameters
    ----------
    y, x : (G, J) float
        Sums of numerators and denominators.
    weight : (G, J) float
        Sums of the weights of valid rows.
    unit, domain : (G,) int
        The pairs.
    """

    y: Floats
    x: Floats
    weight: Floats
    unit: Ints
    domain: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Totals:
    """Weighted totals by domain and item, each of shape (D, J), and the rows they are of."""

    y: Floats
    x: Floats
    weight: Floats
    rows: AnyRows

    @property
    def n(self) -> Floats:
        """Valid rows that weigh anything."""
        return self.rows.counts()

    @property
    def ratio(self) -> Floats:
        """Numerator over denominator; missing in an empty domain."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(self.x != 0, self.y / self.x, np.nan)


class AnyRows(Protocol):
    """Rows of either kind."""

    @property
    def weight(self) -> Floats:
        """Weights, zero outside the design's domain, shape (n,)."""
        ...

    @property
    def domain(self) -> Ints:
        """Domain of each row, shape (n,)."""
        ...

    @property
    def n_domains(self) -> int:
        """Number of domains."""
        ...

    def unit_sums(self, unit: Ints, n_units: int, weight: Floats) -> UnitSums:
        """Sum by pair of unit and domain under some weights."""
        ...

    def counts(self) -> Floats:
        """Count valid rows that weigh anything, by domain and item, shape (D, J)."""
        ...

    def sizes(self) -> Floats:
        """Count rows that weigh anything, by domain, shape (D,)."""
        ...

    def measured(self) -> Rows:
        """Give the same rows as measurements."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Measurements: one column an item.

    Parameters
    ----------
    y : (n, J) float
        Numerators, zero where not valid.
    x : (n, J) float
        Denominators, zero where not valid; the valid rows themselves for means and totals.
    valid : (n, J) bool
        Rows that count for each item.
    weight : (n,) float
        Weights, zero outside the design's domain.
    domain : (n,) int
        Domain of each row.
    n_domains : int
        Number of domains.
    """

    y: Floats
    x: Floats
    valid: Bools
    weight: Floats
    domain: Ints
    n_domains: int

    def unit_sums(self, unit: Ints, n_units: int, weight: Floats) -> UnitSums:
        """Sum by pair of unit and domain under some weights."""
        groups = pair_groups(unit, n_units, self.domain, self.n_domains)
        sums = indicator(groups.code, len(groups.unit), weight)
        valid = sums @ self.valid.astype(np.float64)
        return UnitSums(sums @ self.y, sums @ self.x, valid, groups.unit, groups.domain)

    def counts(self) -> Floats:
        """Count valid rows that weigh anything, by domain and item, shape (D, J)."""
        counted = indicator(self.domain, self.n_domains, (self.weight != 0).astype(np.float64))
        return np.asarray(counted @ self.valid.astype(np.float64))

    def sizes(self) -> Floats:
        """Count rows that weigh anything, by domain, shape (D,)."""
        return domain_sizes(self.weight, self.domain, self.n_domains)

    def measured(self) -> Rows:
        """Give the same rows as measurements."""
        return self


@dataclass(frozen=True, slots=True, eq=False)
class CodedRows:
    """Coded answers: each estimated item is a recoding of a coded column.

    Parameters
    ----------
    columns : sequence of Coded
        The coded columns.
    owner : list of J int
        Column of each item.
    values : sequence of (L,) float
        Value of each answer of the column, item by item.
    weight, domain, n_domains
        As in `Rows`.
    kept : CodeBook or None
        Where groups of units and domains, and counts, may be kept, under ``key``.
    key : tuple
        Names of the columns, and of those that make the domains.
    """

    columns: Sequence[Coded]
    owner: list[int]
    values: Sequence[Floats]
    weight: Floats
    domain: Ints
    n_domains: int
    kept: CodeBook | None = None
    key: tuple[tuple[object, ...], tuple[str, ...] | None] = ((), None)

    def unit_sums(self, unit: Ints, n_units: int, weight: Floats) -> UnitSums:
        """Sum by pair of unit and domain under some weights."""
        groups = self._groups(unit, n_units)
        tables = self._tables(groups, weight)
        sums = np.empty((len(self.owner), 2, len(groups.unit)))
        for k, values, out in zip(self.owner, self.values, sums, strict=True):
            both = np.ones((2, len(values)))  # what each answer adds to y, and to the valid
            both[0] = values
            np.matmul(both, tables[k][1:], out=out)
        y, valid = (np.ascontiguousarray(sums[:, k].T) for k in (0, 1))
        return UnitSums(y, valid, valid, groups.unit, groups.domain)

    def _groups(self, unit: Ints, n_units: int) -> Groups:
        """Pairs of unit and domain, kept where they follow from the frame alone."""
        by = self.key[1]
        if self.kept is None or by is None:
            return pair_groups(unit, n_units, self.domain, self.n_domains)
        place = (id(unit), by)
        if place not in self.kept.groups:  # the array is kept too, so that its id stays its own
            made = pair_groups(unit, n_units, self.domain, self.n_domains)
            self.kept.groups[place] = (unit, made)
        return self.kept.groups[place][1]

    def _tables(self, groups: Groups, weight: Floats) -> list[Floats]:
        """Give the counts of each column, kept where the frame and a weight say it all."""
        if self.kept is None or self.key[1] is None:
            return counts_by_group(self.columns, groups, weight)
        known, names = self.kept.counts(groups, weight).tables, self.key[0]
        fresh = [k for k, name in enumerate(names) if name not in known]
        made = counts_by_group([self.columns[k] for k in fresh], groups, weight)
        known.update(zip([names[k] for k in fresh], made, strict=True))
        return [known[name] for name in names]

    def counts(self) -> Floats:
        """Count valid rows that weigh anything, by domain and item, shape (D, J)."""
        inside = self.weight != 0
        whole = self.kept is not None and self.key[1] is not None and bool(inside.all())
        if self.kept is None or not whole:
            return self._counts(inside)[:, self.owner]
        if self.key not in self.kept.answered:
            self.kept.answered[self.key] = self._counts(inside)
        return self.kept.answered[self.key][:, self.owner]

    def _counts(self, inside: Bools) -> Floats:
        """Count by domain and column, shape (D, columns)."""
        blank = unanswered(self.columns, inside, self.domain, self.n_domains)
        return self.sizes()[:, None] - blank

    def sizes(self) -> Floats:
        """Count rows that weigh anything, by domain, shape (D,)."""
        return domain_sizes(self.weight, self.domain, self.n_domains)

    def measured(self) -> Rows:
        """Give the same rows as measurements."""
        valid = np.stack([self.columns[k].codes > 0 for k in self.owner], axis=1)
        padded = [np.append(0.0, values) for values in self.values]
        y = np.stack(
            [v[self.columns[k].codes] for v, k in zip(padded, self.owner, strict=True)], axis=1
        )
        return Rows(y, valid.astype(np.float64), valid, self.weight, self.domain, self.n_domains)


def domain_sizes(weight: Floats, domain: Ints, n_domains: int) -> Floats:
    """Count rows that weigh anything, by domain, shape (D,)."""
    inside = weight != 0
    if n_domains == 1:
        return np.array([float(np.count_nonzero(inside))])
    counted = domain if inside.all() else domain[inside]
    return np.bincount(counted, minlength=n_domains).astype(np.float64)


def totals(rows: AnyRows, sums: UnitSums) -> Totals:
    """Add up unit sums within domains."""
    add = indicator(sums.domain, rows.n_domains)
    x = add @ sums.x
    weight = x if sums.weight is sums.x else add @ sums.weight
    return Totals(add @ sums.y, x, weight, rows)


def complete_rows(valid: Bools) -> Bools:
    """Let a row count for every item, or, with any item missing, for none; shape (n, J)."""
    complete = np.asarray(valid.all(axis=1))
    return np.repeat(complete[:, None], valid.shape[1], axis=1)

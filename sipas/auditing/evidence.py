"""What stands around a figure: its neighbours, other years, what it would be as printed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from sipas.auditing.figures import records
from sipas.auditing.relations import Relation
from sipas.auditing.slips import Surroundings, likely_slip, slip_weight


class Evidence:
    """The printed figures by number, and what stands around each."""

    def __init__(self, figures: pd.DataFrame, relations: Sequence[Relation]) -> None:
        self.rows = records(figures)
        self.value = figures["value"].to_numpy(dtype=float)
        self.decimals = figures["decimals"].to_numpy(dtype=int)
        self.relations = relations
        column = figures.groupby(["file", "year", "measure"], sort=False)["value"]
        self._above = column.shift(1).to_numpy(dtype=float)
        self._below = column.shift(-1).to_numpy(dtype=float)
        self._same: dict[tuple[str, str, str], list[int]] = defaultdict(list)
        for at, row in enumerate(self.rows):
            self._same[row["province"], row["quantity"], row["measure"]].append(at)

    def weight(self, cell: int, low: float, high: float) -> float:
        """Say how far a typing slip speaks for this figure being the wrong one."""
        return slip_weight(float(self.value[cell]), int(self.decimals[cell]), low, high)

    def slip(self, cell: int, relation: Relation, low: float, high: float) -> str:
        """Name the likeliest slip of a figure that should lie in an interval."""
        return likely_slip(
            float(self.value[cell]),
            int(self.decimals[cell]),
            low,
            high,
            self._around(cell, relation),
            exact=bool(self.rows[cell]["exact"]),
        )

    def named(self, cell: int) -> str:
        """Name a figure in few words."""
        row = self.rows[cell]
        return f"{row['table']}:{row['code']}.{row['measure']}"

    def maximum(self, cell: int) -> float:
        """Give the maximum of a quantity in the year of this figure; NaN where none is printed."""
        row = self.rows[cell]
        same = self._same.get((row["province"], row["quantity"], "max_points"), [])
        year = [self.value[at] for at in same if self.rows[at]["year"] == row["year"]]
        return float(year[0]) if year else float("nan")

    def from_printed(self, relation: Relation, cell: int) -> float:
        """Recompute a derived figure from the others just as they are printed."""
        if cell != relation.members[relation.left]:
            return float("nan")
        if relation.coefficients:
            pairs = zip(relation.members, relation.coefficients, strict=True)
            rest = sum(c * self.value[at] for at, c in pairs if at != cell)
            return float(-rest / relation.coefficients[relation.left])
        first, second, third = (float(self.value[at]) for at in relation.members)
        if relation.left:
            return first * third / relation.factor
        return relation.factor * second / third if third else float("nan")

    def _around(self, cell: int, relation: Relation) -> Surroundings:
        """Gather what could have been copied or used instead of the right figure."""
        rate = not relation.coefficients and cell == relation.members[0]
        return Surroundings(
            above=float(self._above[cell]),
            below=float(self._below[cell]),
            other_years=tuple(self._other_years(cell)),
            from_rounded=self.from_printed(relation, cell),
            numerator=float(self.value[relation.members[1]]) if rate else float("nan"),
            denominators=self._denominators(relation.members[2]) if rate else {},
        )

    def _other_years(self, cell: int) -> list[float]:
        """List the same quantity in other years."""
        row = self.rows[cell]
        same = self._same[row["province"], row["quantity"], row["measure"]]
        return [float(self.value[at]) for at in same if self.rows[at]["year"] != row["year"]]

    def _denominators(self, cell: int) -> Mapping[str, Sequence[float]]:
        """List the maxima of other years and of the rows beside."""
        if self.rows[cell]["measure"] != "max_points":
            return {}
        own = self.value[cell]
        beside = np.array([self._above[cell], self._below[cell]])
        return {
            "another year's maximum": [one for one in self._other_years(cell) if one != own],
            "a neighbouring row's maximum": [float(one) for one in beside if one != own],
        }

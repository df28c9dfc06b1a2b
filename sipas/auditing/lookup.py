"""Printed figures found by place and year, then by quantity and measure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import pandas as pd

Found = dict[tuple[str, str], list[int]]


class Lookup:
    """Figures by place and year, then by quantity and measure."""

    def __init__(self, figures: pd.DataFrame) -> None:
        usable = figures[figures["value"].notna() | figures["unprinted"]]
        self.table = figures["table"].tolist()
        self.quantity = figures["quantity"].tolist()
        self.value = figures["value"].tolist()
        self.decimals = figures["decimals"].tolist()
        self.place = list(zip(figures["file"], figures["row"], strict=True))
        self.by_row: dict[tuple[str, int], dict[str, int]] = defaultdict(dict)
        self.by_year: dict[tuple[str, str], Found] = defaultdict(lambda: defaultdict(list))
        keys = ["province", "year", "quantity", "measure", "file", "row"]
        for at, place, year, quantity, measure, file, row in usable[keys].itertuples():
            self.by_row[file, row][measure] = at
            self.by_year[place, year][quantity, measure].append(at)

    def within(self, cells: Iterable[int], table: str) -> list[int]:
        """Keep the figures of one table."""
        return [cell for cell in cells if self.table[cell] == table]

    def nearest(self, cells: Sequence[int], table: str) -> int:
        """Give the figure of this table, else the first printed elsewhere."""
        return (self.within(cells, table) or list(cells))[0]

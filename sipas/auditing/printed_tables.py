"""A printed table as text: every cell as it was printed, and where each row stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from sipas.auditing.headings import named_columns, quantities

#: What says where a figure stands.
PLACE = ("file", "table", "row", "province", "year", "level", "code", "label")


@dataclass(frozen=True, slots=True, eq=False)
class PrintedTable:
    """One table: its file's name, its cells by column, and the place of each row."""

    file: str
    cells: Mapping[str, Sequence[str]]
    rows: Sequence[Mapping[str, Any]]

    def cell(self, column: str, row: int) -> str:
        """Give one cell; blank where there is no such column."""
        return self.cells[column][row] if column in self.cells else ""


def printed_table(file: str, table: pd.DataFrame) -> PrintedTable:
    """Write a table as text, and say of each row where it stands."""
    names = named_columns(table.columns, file)
    cells = {names[str(heading)]: _texts(table[heading]) for heading in table.columns}
    blank = [""] * len(table)
    where = {
        part: next((cells[name] for name in known if name in cells), blank)
        for part, known in quantities()["places"].items()
    }
    stem = Path(file).stem
    rows = [
        {"file": file, "row": at, **{part: where[part][at] for part in where}}
        for at in range(len(table))
    ]
    return PrintedTable(file, cells, [row | {"table": row["table"] or stem} for row in rows])


def _texts(column: pd.Series[Any]) -> list[str]:
    """Write one column as text, blank where nothing is printed.

    A float does not know with how many zeros it was printed; it is written without any.
    """
    numeric = pd.api.types.is_numeric_dtype(column) and column.dtype != bool
    return [
        "" if pd.isna(cell) else format(cell, ".12g") if numeric else str(cell).strip()
        for cell in column.tolist()
    ]

"""Where a native chart is drawn: the sheet of a figure, its numbers, and cells for the chart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from sipas.charts.look import FAINT, INK, MUTED
from sipas.documents.excel_cells import (
    FONT,
    HEAD,
    LINE,
    MOST_ALT,
    Block,
    cell_text,
    lines,
    pattern,
    said,
    write,
)
from sipas.documents.pictures import Picture
from sipas.phrases import Voice

#: Widths of columns in characters: the label, anything else.
LABEL_WIDTH, WIDTH = 50.0, 13.0

#: A cell that a chart is fed by: text, a number, or a number with the formula that makes it.
Cell = str | float | tuple[float, str] | None


@dataclass(frozen=True, slots=True)
class Feed(Block):
    """Cells that only a chart needs, some of them empty.

    Parameters
    ----------
    stored : mapping of str to list
        What the chart keeps of each column; without it an empty cell would be kept as zero.
    """

    stored: Mapping[str, list[float | None]] = field(default_factory=dict)

    def series(self, key: object) -> dict[str, Any]:
        """Name, labels and values of a column as a series of a chart."""
        return {**Block.series(self, key), "values_data": self.stored[str(key)]}


@dataclass(frozen=True, slots=True, eq=False)
class Canvas:
    """The sheet of one figure.

    Parameters
    ----------
    book, sheet : xlsxwriter.Workbook and Worksheet
        What is written.
    picture : Picture
        The figure.
    data : DataFrame
        Its numbers, a column each.
    block : Block
        Where they stand.
    voice : Voice
        Language.
    top : int
        First row for the chart, above the numbers.
    names : mapping of str to str
        Names that tables of the report print, by code: groups of leaders, indices with a target.
    """

    book: Any
    sheet: Any
    picture: Picture
    data: pd.DataFrame
    block: Block
    voice: Voice
    top: int
    names: Mapping[str, str]

    @property
    def below(self) -> int:
        """First free row below the numbers, one left empty."""
        return self.block.top + self.block.count + 1

    def say(self, part: str, name: str) -> str:
        """Give one text of the workbook."""
        return said(part, name, self.voice.lang)

    def feed(self, heads: Mapping[str, str], rows: Sequence[Mapping[str, Cell]]) -> Feed:
        """Write cells that only the chart needs, below the numbers, labels under labels."""
        left, top = self.block.place("label"), self.below + 2
        stored = {key: [_number(row.get(key)) for row in rows] for key in heads}
        at = Feed(self.block.sheet, tuple(heads), top, len(rows), left, stored)
        bold = self.book.add_format({**FONT, "bold": True})
        head = self.book.add_format({**FONT, **HEAD})
        self.sheet.write_string(self.below, at.left, self.say("block", "fed"), bold)
        for key, text in heads.items():
            self.sheet.write_string(at.top - 1, at.place(key), cell_text(text), head)
        self.sheet.set_row(
            at.top - 1, LINE * max(lines(text, WIDTH - 1) for text in heads.values())
        )
        for row, cells in enumerate(rows, start=at.top):
            for key in heads:
                self._cell(row, at.place(key), cells.get(key))
            self.sheet.set_row(row, LINE * lines(str(cells.get("label", "")), LABEL_WIDTH))
        return at

    def _cell(self, row: int, place: int, cell: Cell) -> None:
        """Write one cell that feeds a chart."""
        value, formula = cell if isinstance(cell, tuple) else (cell, "")
        look = {**FONT, "border": 1}
        if isinstance(value, str):
            look |= {"text_wrap": True}
        elif value is not None:
            look |= {"num_format": pattern(2, signed=value < 0)}
        write(self.sheet, row, place, value, self.book.add_format(look), formula)

    def chart(self, kind: str, subtype: str = "") -> Any:
        """Begin a chart under the title of the sheet."""
        made = self.book.add_chart({"type": kind} | ({"subtype": subtype} if subtype else {}))
        made.set_title(
            {
                "name": [self.block.sheet, 0, 0],
                "name_font": {"size": 12, "bold": True, "color": INK},
                "overlay": False,
            }
        )
        made.set_legend({"position": "bottom", "font": {"size": 10}})
        made.show_blanks_as("gap")
        return made

    def insert(self, chart: Any, size: tuple[int, int], *, right: int = 0) -> None:
        """Put a chart above the numbers, so many pixels from the left, and say what it shows."""
        chart.set_size({"width": size[0], "height": size[1]})
        words = {"description": cell_text(self.picture.alt)[:MOST_ALT], "x_offset": right}
        self.sheet.insert_chart(self.top, 0, chart, {**words, "object_position": 2})


def _number(cell: Cell) -> float | None:
    """Give the number in a cell, if there is one."""
    value = cell[0] if isinstance(cell, tuple) else cell
    return None if value is None or isinstance(value, str) or value != value else float(value)


def axis(name: str = "", **more: Any) -> dict[str, Any]:
    """Look of an axis: thin and grey."""
    titled = {"name": name, "name_font": {"size": 10, "bold": False, "color": MUTED}}
    return {
        **(titled if name else {}),
        "num_font": {"size": 10, "color": INK},
        "line": {"color": MUTED},
        "major_gridlines": {"visible": False},
        **more,
    }


def grid_lines() -> dict[str, Any]:
    """Thin grey lines across the plot."""
    return {"visible": True, "line": {"color": FAINT, "width": 0.5}}

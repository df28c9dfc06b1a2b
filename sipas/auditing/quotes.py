"""What the quotation of a row says of its figures: they stand in it, and changes with them."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sipas.auditing.figures import Row, long_form, records
from sipas.auditing.findings import Checked, Finding, counted, finding_of
from sipas.auditing.printed_numbers import DECIMAL_IN_TEXT, numbers_in, read_number
from sipas.auditing.printed_tables import PrintedTable

Tables = Mapping[str, PrintedTable]
#: A column of so many quoted figures, nearly all found in their quotations, is a quoted one.
_MANY, _NEARLY = 5, 0.8


@cache
def texts() -> dict[str, Any]:
    """Read ``texts.toml`` once."""
    file = Path(__file__).with_name("texts.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _quote(tables: Tables, row: Row) -> str:
    """Give the quotation of a row."""
    return tables[row["file"]].cell(texts()["quote"]["column"], row["row"])


def with_quoted_changes(tables: Tables, figures: pd.DataFrame) -> pd.DataFrame:
    """Add the changes that quotations print, as figures of their own.

    ``giảm 0,94 điểm, giảm 23 bậc`` gives −0.94 points and −23 places. A quotation that names
    several changes of a kind is left alone: which row each belongs to is not said.
    """
    rows = records(figures.drop_duplicates(["file", "row"]))
    made: list[Row] = [
        {**row, "measure": measure, "column": "printed", "printed": printed, "exact": exact}
        for row in rows
        for measure, printed in _changes(_quote(tables, row))
        for exact in [measure == "rank_change"]
    ]
    return pd.concat([figures, long_form(made)], ignore_index=True) if made else figures


def _changes(quote: str) -> Iterator[tuple[str, str]]:
    """Find the changes of a quotation: measure and signed text."""
    rules = texts()["quote"]
    for measure, pattern in rules["changes"].items():
        matches = list(re.finditer(pattern, quote))
        if len(matches) == 1:
            down = matches[0]["way"] in rules["way_down"]
            yield measure, f"{'-' if down else ''}{matches[0]['by']}"


def field_size(tables: Tables) -> int | None:
    """Give how many places are ranked, where a quotation says so (``13/63 tỉnh``)."""
    column, pattern = texts()["quote"]["column"], texts()["quote"]["field"]
    sizes = [
        int(match["field"])
        for table in tables.values()
        for cell in table.cells.get(column, ())
        for match in re.finditer(pattern, cell)
    ]
    return max(sizes, default=None)


def check_quotations(tables: Tables, figures: pd.DataFrame) -> Checked:
    """Look for each figure of a row in the row's own quotation.

    Only where it can be expected: the quotation is of the right form, or those of the column
    nearly all hold their figures.
    """
    kinds = texts()["quote"]["expects"]
    cases: list[tuple[Row, str, float, bool]] = []
    for one in records(figures[figures["measure"].isin(list(kinds))]):
        quote = _quote(tables, one)
        numbers = numbers_in(quote)
        value = one["value"] if one["value"] == one["value"] else target_number(one["printed"])
        if numbers and value is not None and not one["letters"]:
            near = min(numbers, key=lambda number: abs(number - value))
            cases.append((one, quote, near, abs(near - value) < 1e-9))
    usual = _usually_quoted(cases)
    found: list[Finding] = []
    tried: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for row, quote, near, there in cases:
        if _expected(row, quote, usual):
            tried["quotation", row["table"]].append(not there)
            found += [] if there else [finding_of(row, "quotation", "error", near, near)]
    return found, counted(tried)


def _usually_quoted(cases: Sequence[tuple[Row, str, float, bool]]) -> set[tuple[str, str]]:
    """Name the columns whose quotations nearly all hold their figures."""
    held: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for one, _, _, there in cases:
        held[one["file"], one["column"]].append(there)
    return {
        column for column, each in held.items() if len(each) >= _MANY and np.mean(each) > _NEARLY
    }


def _expected(one: Row, quote: str, usual: set[tuple[str, str]]) -> bool:
    """Say whether a quotation can be expected to hold this figure."""
    rules = texts()["quote"]
    if one["measure"] == "rank" and re.search(rules["no_rank"], quote):
        return False
    form = re.search(rules["expects"][one["measure"]], quote)
    return bool(form) or (one["file"], one["column"]) in usual


def target_number(printed: str) -> float | None:
    """Read the number of a target.

    Examples
    --------
    >>> target_number(">=83"), target_number("soon")
    (83.0, None)
    """
    number = read_number(printed.lstrip("<>=≥≤ "))
    return float(number.value) if number else None


def check_marks(tables: Tables, figures: pd.DataFrame) -> Checked:
    """Find quotations that write some decimals with a point and some with a comma."""
    found: list[Finding] = []
    tried: dict[tuple[str, str], list[bool]] = defaultdict(list)
    rows: dict[tuple[str, int], list[Row]] = defaultdict(list)
    for one in records(figures):
        rows[one["file"], one["row"]].append(one)
    for row in rows.values():
        odd = _odd_marks(_quote(tables, row[0]))
        if odd is None:
            continue
        own = [(one, number) for number in odd for one in row if _written_as(one, number)]
        tried["decimal mark", row[0]["table"]].append(bool(own))
        found += [_odd_mark(one, number) for one, number in own]
    return found, counted(tried)


def _odd_marks(quote: str) -> list[str] | None:
    """List the decimals written with the rarer mark; ``None`` where there is no decimal."""
    written = [(match[0], match[1]) for match in DECIMAL_IN_TEXT.finditer(quote)]
    marks = [mark for _, mark in written]
    if not marks:
        return None
    # a tie is settled for the comma, as Vietnamese is written
    rare = min(set(marks), key=lambda mark: (marks.count(mark), mark == ","))
    return [number for number, mark in written if mark == rare and len(set(marks)) > 1]


def _written_as(one: Row, number: str) -> bool:
    """Say whether a figure is the one written so."""
    read = read_number(number)
    return read is not None and float(read.value) == one["value"]


def _odd_mark(one: Row, number: str) -> Finding:
    """Say that a figure is written with another decimal mark than its neighbours."""
    shown = {**one, "printed": number}
    slip = "mixed decimal marks"
    return finding_of(shown, "decimal mark", "format", one["value"], one["value"], slip=slip)

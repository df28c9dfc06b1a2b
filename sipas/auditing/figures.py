"""Every printed figure of the tables as one row: where it stands, what it is, its interval.

This is the long form that everything else of the audit works on. Which row is which quantity is
data, in ``quantities.toml``.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from sipas.auditing.headings import quantities
from sipas.auditing.printed_numbers import PrintedNumber, drops_zeros, half_units, read_number
from sipas.auditing.printed_tables import PLACE, PrintedTable

_EXACT = ("max_points", "rank", "n", "target", "rank_change")
_WRITTEN = ("quantity", "measure", "column", "printed", "exact")
_READ = ("value", "decimals", "mark", "letters")
Row = Mapping[str, Any]


def figures(tables: Iterable[PrintedTable]) -> pd.DataFrame:
    """Put the figures of all tables into one long frame.

    Returns
    -------
    DataFrame
        One row a printed figure: `PLACE`, ``quantity`` (id), ``measure``, ``column``,
        ``printed`` (text), ``exact`` (never rounded), ``value``, ``decimals``, ``mark``,
        ``letters``, ``half`` (half the width of the interval it stands for); NaN in ``value``
        where the text is no number.
    """
    listed = [one for table in tables for one in _of_table(table)]
    return _with_intervals(long_form(listed))


def records(figures: pd.DataFrame) -> list[dict[str, Any]]:
    """Give figures one by one, by name."""
    names = [str(name) for name in figures.columns]
    columns = [figures[name].tolist() for name in names]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def long_form(listed: Sequence[Row]) -> pd.DataFrame:
    """Make the frame of figures that are written but not yet read."""
    kept: dict[tuple[str, bool], PrintedNumber | None] = {}
    for one in listed:
        key = (one["printed"], one["measure"] == "n")
        if key not in kept:
            kept[key] = read_number(key[0], counted=key[1])
    read = [kept[one["printed"], one["measure"] == "n"] for one in listed]
    columns: dict[str, Any] = {
        name: pd.Series([one[name] for one in listed], dtype=object if name != "row" else int)
        for name in (*PLACE, *_WRITTEN)
    }
    columns["exact"] = columns["exact"].astype(bool)
    columns["value"] = [float(one.value) if one else np.nan for one in read]
    columns["decimals"] = [one.decimals if one else 0 for one in read]
    columns["mark"] = [one.mark if one else "" for one in read]
    columns["letters"] = [bool(one and one.letters) for one in read]
    made = pd.DataFrame(columns)
    half = half_units(made["decimals"].to_numpy())
    return made.assign(half=np.where(made["exact"], 0.0, half))


def measured_columns(columns: Iterable[str]) -> dict[str, str]:
    """Give the columns that hold figures, with the measure of each.

    Examples
    --------
    >>> measured_columns(["code", "points", "rate"])
    {'points': 'points', 'rate': 'rate_pct'}
    """
    known = {
        alias: measure for measure, names in quantities()["measures"].items() for alias in names
    }
    return {name: known[name] for name in columns if name in known}


def _of_table(table: PrintedTable) -> Iterator[dict[str, Any]]:
    """List the printed figures of one table."""
    columns = measured_columns(table.cells)
    if not any(row["code"] for row in table.rows) or not columns:
        return
    quantities = _quantities(table.rows)
    for column, measure in columns.items():
        for row, quantity, printed in zip(
            table.rows, quantities, table.cells[column], strict=True
        ):
            if printed:
                yield {
                    **row,
                    "quantity": quantity,
                    "measure": measure,
                    "column": column,
                    "printed": printed,
                    "exact": measure in _EXACT,
                }


def _quantities(rows: Sequence[Row]) -> list[str]:
    """Give each row its quantity, by the family that its part of the table belongs to."""
    parts: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        parts[row["table"], row["province"]].append(row)
    families = {key: _family(key[0], part) for key, part in parts.items()}
    alike = Counter((row["table"], row["province"], row["year"], row["code"]) for row in rows)
    return [
        _quantity(
            families[row["table"], row["province"]],
            row,
            alone=alike[row["table"], row["province"], row["year"], row["code"]] == 1,
        )
        for row in rows
    ]


def _family(table: str, part: Sequence[Row]) -> Mapping[str, Any] | None:
    """Recognise what kind of table this is."""
    levels = {row["level"] for row in part}
    codes = {row["code"] for row in part}
    for family in quantities()["family"]:
        wanted = [
            "table" not in family or re.search(family["table"], table),
            "levels" not in family or levels >= set(family["levels"]),
            "codes" not in family or any(re.fullmatch(family["codes"], code) for code in codes),
        ]
        if all(wanted):
            found: Mapping[str, Any] = family
            return found
    return None


def _quantity(family: Mapping[str, Any] | None, row: Row, *, alone: bool) -> str:
    """Name the quantity of one row; what is of no known kind stays with its table."""
    for rule in family["rows"] if family else ():
        match = re.fullmatch(rule.get("code", ".*"), row["code"])
        if match and re.fullmatch(rule.get("level", ".*"), row["level"]):
            return str(match.expand(rule["id"]))
    if family or not alone:
        return f"{row['table']}/{row['level']}/{row['code']}"
    return f"{row['table']}/{row['code']}"


def _with_intervals(made: pd.DataFrame) -> pd.DataFrame:
    """Widen each figure by half a unit of its last place, or of its column's where zeros drop."""
    decimals = made["decimals"].to_numpy().copy()
    keys = ["file", "table", "year", "level", "measure"]
    values = made["value"].to_numpy()
    for at in made[~made["exact"]].groupby(keys, sort=False).indices.values():
        rows = np.flatnonzero(~made["exact"])[at]
        if drops_zeros(values[rows], made["decimals"].to_numpy()[rows]):
            decimals[rows] = decimals[rows].max()
    return made.assign(half=np.where(made["exact"], 0.0, half_units(decimals)))

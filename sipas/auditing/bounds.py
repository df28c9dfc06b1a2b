"""What a figure must satisfy by itself or beside one other: limits, ranks, targets, digits."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd

from sipas.auditing.figures import records
from sipas.auditing.findings import Checked, Count, Kind, finding_of
from sipas.auditing.printed_numbers import read_number
from sipas.auditing.quotes import Tables, target_number, texts


def check_bounds(tables: Tables, figures: pd.DataFrame, field: int | None) -> Checked:
    """Try every check that needs one figure, or two of one row.

    Parameters
    ----------
    tables : mapping of str to PrintedTable
        The tables by file.
    figures : DataFrame
        As `sipas.auditing.figures.figures` makes them.
    field : int, optional
        How many places are ranked; ranks have no upper limit without it.
    """
    parts = (
        _digits(figures),
        _unreadable(figures),
        _marks(figures),
        _points_within(figures, "points", "points within maximum"),
        _points_within(figures, "target", "target within maximum"),
        _within_limits(figures),
        _ranks(tables, figures, field),
        _targets(figures),
        _labels(figures),
        _rows_once(figures),
    )
    return [one for found, _ in parts for one in found], [one for _, each in parts for one in each]


def _report(
    tried: pd.DataFrame, failed: pd.Series[bool], identity: str, kind: Kind, slip: str = ""
) -> Checked:
    """Make findings of the rows that failed; ``low``, ``high``, ``slip``, ``suspect`` if known."""
    found = [
        finding_of(
            row,
            identity,
            kind,
            row.get("low", np.nan),
            row.get("high", np.nan),
            slip=row.get("slip", slip),
            suspects=(row["suspect"],) if "suspect" in row else (),
        )
        for row in records(tried[failed])
    ]
    tables = tried["table"].to_numpy()
    counts = [
        Count(
            identity, str(table), int((tables == table).sum()), int(failed[tables == table].sum())
        )
        for table in dict.fromkeys(tables)
    ]
    return found, counts


def _as_printed(tried: pd.DataFrame) -> pd.DataFrame:
    """Say that the value is right, whatever else is wrong with the figure."""
    return tried.assign(low=tried["value"], high=tried["value"])


def _digits(figures: pd.DataFrame) -> Checked:
    """Find letters that stand for digits."""
    letters = figures["letters"].astype(bool)
    return _report(_as_printed(figures), letters, "digits", "format", "letter for a digit")


def _unreadable(figures: pd.DataFrame) -> Checked:
    """Find texts that are no number, where a number is due."""
    tried = figures[figures["measure"].ne("target")]
    return _report(tried, tried["value"].isna(), "readable", "format", "not a number")


def _marks(figures: pd.DataFrame) -> Checked:
    """Find columns that write decimals with a point here and a comma there."""
    tried = figures[figures["mark"].ne("")]
    comma = tried["mark"].eq(",")
    share = comma.groupby([tried["file"], tried["column"]]).transform("mean")
    mixed = share.gt(0) & share.lt(1) & comma.ne(share.gt(0.5))
    return _report(_as_printed(tried), mixed, "decimal mark", "format", "mixed decimal marks")


def _points_within(figures: pd.DataFrame, measure: str, identity: str) -> Checked:
    """Find points, or a target of points, above the maximum of their row."""
    maxima = figures[figures["measure"].eq("max_points")].drop_duplicates(["file", "row"])
    top = maxima.set_index(["file", "row"])["value"].rename("high")
    tried = figures[figures["measure"].eq(measure) & figures["value"].notna()]
    tried = tried.join(top, on=["file", "row"], how="inner").assign(low=0.0)
    above = tried["value"] - tried["half"] > tried["high"] + 1e-9
    return _report(tried, above, identity, "error")


def _within_limits(figures: pd.DataFrame) -> Checked:
    """Find rates outside 0–100 and points, maxima and counts below zero."""
    limited = figures["measure"].isin(["rate_pct", "points", "max_points", "n"])
    tried = figures[limited & figures["value"].notna()]
    high = np.where(tried["measure"].eq("rate_pct"), 100.0, np.inf)
    minus = tried["value"].lt(0)
    tried = tried.assign(low=0.0, high=high, slip=np.where(minus, "minus sign", ""))
    outside = minus | tried["value"].gt(tried["high"] + 1e-9)
    return _report(tried, outside, "limits", "error")


def _rows_once(figures: pd.DataFrame) -> Checked:
    """Find a row whose place, year, level and code another row of the table has."""
    rows = figures[figures["code"].ne("")].drop_duplicates(["file", "row"])
    keys = ["file", "table", "province", "year", "level", "code"]
    again = rows.duplicated(keys)
    tried = rows.assign(measure="code", printed=rows["code"])
    return _report(tried, again, "rows differ", "structure", "row repeated")


def _ranks(tables: Tables, figures: pd.DataFrame, field: int | None) -> Checked:
    """Find ranks that are no place in the field, or shared by more than are left in it."""
    tried = figures[figures["measure"].eq("rank") & figures["value"].notna()]
    shared = [
        _ties(tables[file].cell("rank_ties", row))
        for file, row in zip(tried["file"], tried["row"], strict=True)
    ]
    last = np.inf if field is None else float(field)
    tried = tried.assign(low=1.0, high=last - np.array(shared, dtype=float) + 1)
    value = tried["value"]
    outside = value.lt(1) | value.gt(tried["high"]) | value.ne(value.round())
    return _report(tried, outside, "rank in the field", "error")


def _ties(printed: str) -> float:
    """Read how many places share a rank; one, where nothing is said."""
    number = read_number(printed)
    return float(number.value) if number else 1.0


def _targets(figures: pd.DataFrame) -> Checked:
    """Find a target that is said twice, differently."""
    tried = figures[figures["measure"].eq("target") & figures["value"].isna()]
    ending = texts()["target"]["repeated"]
    of = [re.sub(ending, "", code) for code in tried["code"]]
    said = [target_number(printed) for printed in tried["printed"]]
    tried = tried.assign(of=of, said=np.array(said, dtype=float))
    tried = tried[tried["said"].notna() & tried["of"].ne("")]
    one = tried.groupby(["province", "year", "of"])["said"]
    first = one.transform("first")
    tried = tried.assign(low=first, high=first, suspect=tried["of"].astype(str) + ".target")
    tried = tried[one.transform("size") > 1]
    return _report(tried, tried["said"].ne(tried["low"]), "targets agree", "error", "said twice")


def _labels(figures: pd.DataFrame) -> Checked:
    """Find two codes side by side under one name."""
    rows = figures.drop_duplicates(["file", "row"])
    rows = rows[rows["label"].ne("") & rows["code"].str.contains(".", regex=False)]
    above = rows["code"].str.replace(r"\.[^.]*$", "", regex=True)
    keys: list[Any] = [rows["file"], rows["year"], rows["province"], rows["level"], above]
    first = rows["code"].groupby([*keys, rows["label"].str.casefold()]).transform("first")
    named = rows["table"].astype(str) + ":" + first.astype(str) + ".label"
    tried = rows.assign(measure="label", printed=rows["label"], suspect=named)
    again = rows["code"].ne(first)
    return _report(tried, again, "names differ", "structure", "name of another row")

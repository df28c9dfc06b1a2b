"""Printed tables of points: one row an item, read as printed, with what contradicts itself."""

from __future__ import annotations

import pandas as pd

from sipas.printed_decimals import as_decimal, decimals_of
from survey.display import shown
from survey.errors import SurveyError, first_five, require_columns


def read_printed(table: pd.DataFrame, which: str) -> pd.DataFrame:
    """Read the items of one year's table.

    Parameters
    ----------
    table : DataFrame
        Columns ``code max_points points``; optional ``level`` (rows other than ``"item"`` are
        headings), ``dimension`` (else the ``"domain"`` heading above an item, where there are
        levels), ``rate_pct``, ``label_vi`` and ``label_en``.
    which : str
        ``"before"`` or ``"after"``, for errors.

    Returns
    -------
    DataFrame
        Index ``code``, columns ``max rate dimension vi en``; the rate is points over maximum.

    Raises
    ------
    SurveyError
        A column that is not there or holds text, codes that occur twice, a maximum or points
        missing or out of range.
    """
    where = f"instrument_effect({which}=)"
    require_columns(table.columns, ["code", "max_points", "points"], where=where)
    _require_numbers(table, where)
    items = _items(table)
    if items.empty:
        raise SurveyError(f"{where}: no row of level 'item'.", mend="Give one row an item.")
    twice = items.loc[items["code"].duplicated(), "code"]
    if len(twice):
        raise SurveyError(
            f"{where}: {first_five(twice.unique())} more than once.",
            mend="Pass the rows of one year.",
        )
    top, points = (items[name].astype("float64") for name in ("max_points", "points"))
    wrong = items.loc[~((top > 0) & (points >= 0) & (points <= top)), "code"]
    if len(wrong):
        raise SurveyError(
            f"{where}: maximum or points missing, or not 0 ≤ points ≤ maximum: "
            f"{first_five(wrong)}.",
            mend="Correct those rows, or leave them out of both years.",
        )
    label = {lang: _label(items, lang) for lang in ("vi", "en")}
    made = {"max": top, "rate": points / top, "dimension": items["dimension"], **label}
    return pd.DataFrame(made).set_index(pd.Index(items["code"], name="code"))


def _require_numbers(table: pd.DataFrame, where: str) -> None:
    """Refuse figures that were read as text, such as with decimal commas."""
    for name in ("max_points", "points", "rate_pct"):
        if name in table and not pd.api.types.is_numeric_dtype(table[name]):
            raise SurveyError(
                f"{where}: column {name!r} holds text, not numbers: {first_five(table[name])}.",
                mend="Read it with decimal=',', or convert it with pd.to_numeric.",
            )


def _items(table: pd.DataFrame) -> pd.DataFrame:
    """Rows of items, with the dimension that each belongs to."""
    if "level" not in table:
        return table.assign(dimension=table.get("dimension"))
    heading = table["code"].where(table["level"] == "domain").ffill()
    return table.assign(dimension=table.get("dimension", heading))[table["level"] == "item"]


def _label(items: pd.DataFrame, lang: str) -> pd.Series:
    """Wording of each item, its code where there is none."""
    return items[f"label_{lang}"] if f"label_{lang}" in items else items["code"]


def contradictions(table: pd.DataFrame, which: str) -> list[str]:
    """Say where a printed table contradicts itself by more than rounding explains.

    A printed rate is compared with points over maximum, the printed total with the sum of items.
    """
    items = _items(table)
    unit = 10.0 ** -max(decimals_of(as_decimal(value)) for value in items["points"])
    notes = []
    if "rate_pct" in items:
        own = 100.0 * items["points"] / items["max_points"]
        off = (own - items["rate_pct"]).abs() > 50.0 * unit / items["max_points"] + 0.0051
        told = [
            f"{code} {shown(float(printed), 2)} (points give {shown(float(rate), 2)})"
            for code, printed, rate in zip(
                items["code"][off], items["rate_pct"][off], own[off], strict=True
            )
        ]
        if told:
            notes.append(
                f"Rates of the {which} table that its points contradict: {'; '.join(told)}."
            )
    if "level" in table and (table["level"] == "total").any():
        printed = float(table.loc[table["level"] == "total", "points"].iloc[0])
        added = float(items["points"].sum())
        if abs(printed - added) > 0.5 * 10.0 ** -decimals_of(as_decimal(printed)) + 1e-9:
            notes.append(
                f"The total of the {which} table is printed as {shown(printed, 2)} points; its "
                f"items add up to {shown(added, 4)}, which is used."
            )
    return notes

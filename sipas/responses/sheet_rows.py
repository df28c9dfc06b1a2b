"""What is decided row by row and column by column on the way to clean answers.

Each step takes the sheet and gives the next one; what it changed goes into the ledger's log,
what is wrong into its problems.
"""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
import pandas as pd

from sipas.instrument import Instrument
from sipas.numerals import Lang
from sipas.responses.cleaning import (
    Codebook,
    Ledger,
    as_numbers,
    in_rows,
    one_spelling,
    pass_through,
    read_item,
    tidy,
    tidy_text,
    tokens,
)
from survey.errors import SurveyError, did_you_mean

Duplicates = Literal["refuse", "first", "last", "keep"]
_NAMES = ("id", "province", "district", "commune", "village", "group")
_PLACES = ("district", "commune", "village")
_NESTED = ("province", *_PLACES)


def set_aside(rows: pd.Index, reason: str, ledger: Ledger) -> None:
    """Put rows that are not used into the log, one line each."""
    for row in rows:
        ledger.note("set aside", reason, row=int(row))


def without_blank_rows(frame: pd.DataFrame, ledger: Ledger) -> pd.DataFrame:
    """Set aside rows without any value."""
    blank = frame.apply(lambda column: tokens(column).eq("")).all(axis="columns")
    set_aside(frame.index[blank], "blank row", ledger)
    return frame.loc[~blank]


def tidied(frame: pd.DataFrame, instrument: Instrument, ledger: Ledger) -> pd.DataFrame:
    """Make names text, and read what the instrument does not name."""
    items = {item.code for item in instrument.items}
    made = {}
    for name in frame.columns:
        if name in _NAMES:
            made[name] = tidy_text(frame[name], ledger)
        else:
            whole = name in items or name == "weight"
            made[name] = frame[name] if whole else pass_through(frame[name], ledger)
    return pd.DataFrame(made, index=frame.index)


def one_row_an_id(frame: pd.DataFrame, rule: Duplicates, ledger: Ledger) -> pd.DataFrame:
    """Refuse, choose among or keep the rows of one id; rows without an id are each their own."""
    if "id" not in frame:
        return frame
    named = frame["id"].ne("")
    shared = named & frame["id"].duplicated(keep=False)
    if not shared.any():
        return frame
    if rule == "refuse":
        cases = [f"{i!r} in {in_rows(r.index)}" for i, r in frame[shared].groupby("id")]
        more = f" and {len(cases) - 5} more" if len(cases) > 5 else ""
        ledger.problems.append(
            f"id: {len(cases)} used more than once: {'; '.join(cases[:5])}{more}. Say "
            "duplicates='first', 'last' or 'keep', or correct the sheet."
        )
        return frame
    if rule == "keep":
        ledger.note("kept", "rows of one id", column="id", count=int(shared.sum()))
        return frame
    extra = named & frame["id"].duplicated(keep=rule)
    for row, name in frame.loc[extra, "id"].items():
        ledger.note(
            "set aside", f"same id {name!r}; the {rule} is used", column="id", row=int(str(row))
        )
    return frame.loc[~extra]


def one_spelling_a_place(frame: pd.DataFrame, ledger: Ledger) -> pd.DataFrame:
    """Write every place in one way, the largest first; never across the places above it."""
    within = pd.Series("", index=frame.index)
    made = frame
    for place in (name for name in _NESTED if name in frame):
        alike = one_spelling(made[place], within, ledger)
        made = made.assign(**{place: alike})
        within = within + "\n" + alike
    return made


def checked_columns(frame: pd.DataFrame, instrument: Instrument, ledger: Ledger) -> pd.DataFrame:
    """Check places, weights, groups and the year."""
    for place in _PLACES:
        if place not in frame:
            continue
        blank = frame.index[frame[place].eq("")]
        if len(blank):
            ledger.problems.append(f"{place}: blank in {in_rows(blank)}. Fill it in.")
    if "year" in frame:
        other = tokens(frame["year"]).ne(str(instrument.year))
        if other.any():
            detail = f"the instrument is of {instrument.year}"
            ledger.note("another year", detail, column="year", count=int(other.sum()))
    if "weight" in frame:
        frame = frame.assign(weight=_weights(frame["weight"], ledger))
    if instrument.groups:
        frame = frame.assign(group=_groups(frame, instrument, ledger))
    return frame


def _weights(column: pd.Series, ledger: Ledger) -> pd.Series:
    """Read weights: every one a number above zero."""
    written = tokens(column)
    numbers = as_numbers(written)
    if numbers is None:
        numbers = pd.to_numeric(written, errors="coerce")
    numbers = numbers.astype("float64")
    bad = ~(numbers > 0) | np.isinf(numbers)
    if bad.any():
        ledger.problems.append(
            f"weight: {int(bad.sum())} missing, not a number, infinite, zero or negative, in "
            f"{in_rows(column.index[bad])}. Correct them, or set those rows aside first."
        )
    return numbers


def _groups(frame: pd.DataFrame, instrument: Instrument, ledger: Ledger) -> pd.Series:
    """Read groups by code or by label."""
    if "group" not in frame:
        raise SurveyError(
            f"{instrument.id}: the sheet has no column for the group.", mend="Give group=."
        )
    codes = {group.code: group.code for group in instrument.groups}
    labels = {
        tidy(group.label[lang]).casefold(): group.code
        for group in instrument.groups
        for lang in get_args(Lang)
    }
    known = labels | {code.casefold(): code for code in codes}
    read = frame["group"].str.casefold().map(known)
    for name in frame.loc[read.isna(), "group"].unique():
        rows = in_rows(frame.index[frame["group"].eq(name)])
        ledger.problems.append(f"group: {name!r} in {rows}. {did_you_mean(name, codes)}")
    changed = read.notna() & read.ne(frame["group"])
    if changed.any():
        ledger.note("label read", "", column="group", count=int(changed.sum()))
    return read.astype("str")


def read_items(
    frame: pd.DataFrame, instrument: Instrument, ledger: Ledger
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read every item; one not asked of a group is not applicable there."""
    codebook = Codebook.of(instrument)
    values, reasons = {}, {}
    for item in instrument.items:
        value, reason = read_item(frame[item.code], item, codebook, ledger)
        if item.groups:
            outside = ~frame["group"].isin(item.groups)
            answered = frame.index[outside & value.notna()]
            if len(answered):
                ledger.problems.append(
                    f"{item.code}: answered in {in_rows(answered)}, whose group is not asked it."
                )
            reason = reason.mask(outside & reason.eq("blank"), "not_applicable")
        values[item.code], reasons[item.code] = value, reason
    return pd.DataFrame(values, index=frame.index), pd.DataFrame(reasons, index=frame.index)

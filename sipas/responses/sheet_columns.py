"""Whose column is whose: the sheet's names matched with the roles and items of an instrument."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

import pandas as pd

from sipas.instrument import Instrument, shipped_ids
from sipas.instrument.parts import COLUMN_ROLES
from sipas.responses.cleaning import Ledger
from survey.errors import SurveyError, did_you_mean, first_five


def named_by_role(
    raw: pd.DataFrame, instrument: Instrument, given: Mapping[str, str], ledger: Ledger
) -> pd.DataFrame:
    """Rename columns to role names and item codes, and number the rows as in the sheet.

    Raises
    ------
    SurveyError
        If a role or column is unknown, two columns end with one name, or the sheet lacks items
        of the instrument.
    """
    names = [unicodedata.normalize("NFC", str(name)).strip() for name in raw.columns]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise SurveyError(f"Columns of the same name: {first_five(twice)}.", mend="Rename one.")
    wanted = _wanted(names, instrument, given)
    for role, name in wanted.items():
        if role != name and role in names:
            raise SurveyError(
                f"Column {name!r} is to be {role!r}, but there is a column {role!r} too.",
                mend="Rename or drop one of them.",
            )
        if role != name:
            ledger.note("renamed", f"was {name!r}", column=role, count=len(raw))
    roles = {name: role for role, name in wanted.items()}
    frame = raw.set_axis([roles.get(name, name) for name in names], axis="columns")
    _require_items(list(frame.columns), instrument)
    return frame.set_axis(pd.RangeIndex(2, len(raw) + 2, name="row"), axis="index")


def _wanted(names: list[str], instrument: Instrument, given: Mapping[str, str]) -> dict[str, str]:
    """Give the sheet's column of each role: the caller's word first, then the instrument's."""
    known = [*COLUMN_ROLES, *(item.code for item in instrument.items)]
    wanted = {role: name for role, name in instrument.columns.items() if name in names}
    for role, name in given.items():
        if role not in known:
            raise SurveyError(f"clean({role}=): no such role.", mend=did_you_mean(role, known))
        column = unicodedata.normalize("NFC", name).strip()
        if column not in names:
            raise SurveyError(
                f"clean({role}={name!r}): the sheet has no such column.",
                mend=did_you_mean(column, names),
            )
        wanted[role] = column
    return wanted


def _require_items(names: list[str], instrument: Instrument) -> None:
    """Refuse a sheet that lacks items, and suggest the instrument that fits it best."""
    lacking = [item.code for item in instrument.items if item.code not in names]
    if not lacking:
        return
    codes = {item.code for item in instrument.items}
    others = [name for name in names if name not in codes]
    near = did_you_mean(lacking[0], others) + " " if others else ""
    fits = {name: _share(Instrument.load(name), names) for name in shipped_ids()}
    best = max(fits, key=fits.__getitem__)
    if fits[best] > _share(instrument, names):
        near = f"The shipped instrument that matches best is {best!r}. "
    raise SurveyError(
        f"The sheet lacks {len(lacking)} of the {len(instrument.items)} item columns of "
        f"{instrument.id!r}: {first_five(lacking)}.",
        mend=f"{near}Rename the columns to the item codes, or use the instrument of this sheet.",
    )


def _share(instrument: Instrument, names: list[str]) -> float:
    """Give the share of an instrument's items that the sheet has."""
    return sum(item.code in names for item in instrument.items) / len(instrument.items)

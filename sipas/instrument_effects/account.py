"""From the items of two years to the account: rows, parts, covariance, and that it closes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

import survey
from sipas.changes import AFTER, BEFORE
from sipas.instrument_effects.points_parts import (
    CHANGE,
    PARTS,
    kinds_of,
    part_coefficients,
    rows_of_account,
)
from sipas.instrument_effects.results import InstrumentEffect
from survey.errors import SurveyError
from survey.scores import Floats

#: The parts must add up to the change within this, in points.
CLOSES = 1e-9


def laid_out(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """All items of either year: kind, dimension (the later one's), maxima, rates, points."""
    codes = pd.Index([*old.index, *new.index.difference(old.index, sort=False)], name="code")
    first, last = old.reindex(codes), new.reindex(codes)
    max1, max2 = (year["max"].to_numpy(np.float64) for year in (first, last))
    return pd.DataFrame(
        {
            "kind": kinds_of(max1, max2),
            "dimension": last["dimension"].where(last["dimension"].notna(), first["dimension"]),
            "max_before": max1,
            "max_after": max2,
            "points_before": max1 * first["rate"],
            "points_after": max2 * last["rate"],
        },
        index=codes,
    )


def account(
    items: pd.DataFrame,
    stacked: survey.Estimates | None,
    labels: Mapping[str, Mapping[str, str]],
    years: tuple[str, str],
    notes: Sequence[str],
) -> InstrumentEffect:
    """Add up the parts row by row, and check that they close."""
    rows, members = rows_of_account(items)
    max1, max2 = (items[f"max_{year}"].to_numpy() for year in (BEFORE, AFTER))
    by_item = part_coefficients(max1, max2)
    matrix = np.einsum("rj,pjt->rptj", members, by_item).reshape(-1, 2 * len(items))
    points = [items[f"points_{year}"].to_numpy() for year in (BEFORE, AFTER)]
    rates = np.nan_to_num(np.concatenate([points[0] / max1, points[1] / max2]))
    cells = pd.MultiIndex.from_product([rows.index, [*PARTS, CHANGE]], names=["code", "part"])
    values = pd.Series(matrix @ rates, index=cells, name="points")
    _check_closed(values, items)
    common = _common_row(max1, max2)
    return InstrumentEffect(
        values=values,
        estimates=_estimated(stacked, items, matrix / 100.0, cells),
        common=_estimated(stacked, items, common, pd.Index(["common items"])),
        common_rate_change=100.0 * float((common @ rates)[0]),
        items=items,
        levels=rows["level"],
        labels=labels,
        years=years,
        notes=tuple(notes),
    )


def _common_row(max1: Floats, max2: Floats) -> Floats:
    """Coefficients of the mean rate change on common items, by their later maxima, (1, 2J)."""
    shared = ~np.isnan(max1) & ~np.isnan(max2)
    if not shared.any():
        raise SurveyError(
            "instrument_effect: the two years have no item in common, by code.",
            mend="Give the same question the same code in both years.",
        )
    share = np.where(shared, np.nan_to_num(max2), 0.0)
    share = share / share.sum()
    return np.concatenate([-share, share])[None, :]


def _estimated(
    stacked: survey.Estimates | None, items: pd.DataFrame, matrix: Floats, labels: pd.Index
) -> survey.Estimates | None:
    """Carry the covariance of the rates over to linear combinations of them."""
    if stacked is None:
        return None
    wanted = pd.MultiIndex.from_product([[BEFORE, AFTER], items.index])
    place = stacked.labels.get_indexer(wanted)
    there = place >= 0
    whole = np.zeros((len(matrix), len(stacked)))
    whole[:, place[there]] = matrix[:, there]
    return stacked.contrast(whole, what="Points").labelled(labels)


def _check_closed(values: pd.Series, items: pd.DataFrame) -> None:
    """Check that the parts sum to the change of the total points."""
    moved = float(items["points_after"].sum() - items["points_before"].sum())
    parts = float(values["total"][list(PARTS)].sum())
    if not abs(parts - moved) <= CLOSES:
        raise SurveyError(
            f"instrument_effect: the parts add up to {parts:.10f}, the change is {moved:.10f}.",
            mend="Check for points that are not numbers.",
        )

"""Reliability of each dimension as a scale, each statement against the rest, floors, ceilings."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd

import survey
from sipas.changes import Year
from sipas.composites import oriented
from survey.design import reweighted
from survey.reliability import Alpha, Omega
from survey.reliability.item_answers import Pairing

#: Fewest statements of which alpha, and omega with one factor, can be computed.
LEAST = {"alpha": 2, "omega": 3}


class Asked(NamedTuple):
    """What every coefficient is computed from and with."""

    design: survey.Design
    level: float
    missing: Pairing


def turned_design(year: Year) -> survey.Design:
    """Give the design of an index with statements worded in reverse turned round."""
    design = year.design
    items = [item for item in year.answers.instrument.index_items if item.reverse]
    if not items:
        return design
    given = oriented(year.answers)
    turned = design.data.assign(**{item.code: given[item.code] for item in items})
    whole = replace(design, data=turned).domain(design.inside)
    return reweighted(whole, design.weight, *design.adjustments)


def reliability(asked: Asked, groups: dict[str, list[str]]) -> pd.DataFrame:
    """Alpha and omega of each group of statements, missing where there are too few.

    Returns
    -------
    DataFrame
        A row a group: ``items alpha alpha_se alpha_low alpha_high omega omega_se omega_low
        omega_high n``.
    """
    rows = {}
    for code, items in groups.items():
        row: dict[str, float] = {"items": len(items)}
        for name, function in (("alpha", survey.alpha), ("omega", survey.omega)):
            if len(items) < LEAST[name]:
                continue
            made: Alpha | Omega = function(
                asked.design, items, level=asked.level, missing=asked.missing
            )
            first = made.table().iloc[0]
            row |= {name: first["estimate"], f"{name}_se": first["se"]}
            row |= {f"{name}_low": first["low"], f"{name}_high": first["high"], "n": first["n"]}
        rows[code] = row
    names = ["", "_se", "_low", "_high"]
    columns = ["items", *(f"alpha{n}" for n in names), *(f"omega{n}" for n in names), "n"]
    return pd.DataFrame.from_dict(rows, orient="index").reindex(columns=columns)


def item_rest(asked: Asked, groups: dict[str, list[str]]) -> pd.DataFrame:
    """Each statement against the others of its group; a statement alone has no rest.

    Returns
    -------
    DataFrame
        A row a statement: ``dimension mean sd estimate se low high n alpha_if_deleted``.
    """
    made = [
        survey.item_rest(asked.design, items, level=asked.level, missing=asked.missing).table()
        for items in groups.values()
        if len(items) >= LEAST["alpha"]
    ]
    every = [(item, code) for code, items in groups.items() for item in items]
    names = ["mean", "sd", "estimate", "se", "low", "high", "n", "alpha_if_deleted"]
    table = pd.concat(made) if made else pd.DataFrame(columns=names)
    table = table.reindex([item for item, _ in every])[names]
    table.insert(0, "dimension", [code for _, code in every])
    return table


def ends(design: survey.Design, scores: pd.DataFrame, low: float, high: float) -> pd.DataFrame:
    """Share in per cent of the answers at either end of the scale.

    Returns
    -------
    DataFrame
        A row a column of scores: ``floor floor_se ceiling ceiling_se n``.
    """
    made = pd.DataFrame(index=scores.columns)
    for name, end in (("floor", low), ("ceiling", high)):
        there = np.isclose(scores, end).astype(np.float64) * 100.0
        hit = pd.DataFrame(there, index=scores.index, columns=scores.columns)
        share = survey.mean(design, hit.where(scores.notna()))
        made[name], made[f"{name}_se"] = share.point, share.se.to_numpy()
        made["n"] = share.counts.valid
    return made[["floor", "floor_se", "ceiling", "ceiling_se", "n"]]

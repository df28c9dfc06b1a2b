"""What each group of households contributed: its own change, and that of its share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

import survey
from sipas.accounting import group_account
from sipas.changes import AFTER, BEFORE, Change, refuse_unfilled
from sipas.drivers.parts import (
    DIMENSION,
    STATEMENT,
    labels_of_parts,
    places_in,
    weights_of_parts,
)
from sipas.drivers.results import Contributions, closed
from sipas.indices import SatisfactionIndex, statement_rates
from survey.errors import first_five
from survey.rows import complete_rows
from survey.scores import Floats, Ints


def by_group(
    change: Change, code: str, rows: str | None, columns: list[str], by: tuple[str, ...]
) -> Contributions:
    """Contributions of groups of households, alone or crossed with statements or dimensions."""
    column = columns[0]
    scheme = change.scheme
    years = [_group_year(change, key, column) for key in (BEFORE, AFTER)]
    groups = pd.Index(
        sorted({name for _, shares in years for name in shares.labels.get_level_values(1)})
    )
    stacked = survey.stack(
        *(piece for year in years for piece in year),
        keys=["m1", "s1", "m2", "s2"],
        paired=change.paired,
    )
    places = [places_in(stacked, key, scheme.items, groups) for key in ("m1", "s1", "m2", "s2")]
    shape = (len(scheme.items), len(groups))
    known = [
        np.where(place >= 0, stacked.point[place], np.nan if k % 2 == 0 else 0.0).reshape(shape)
        for k, place in enumerate(places)
    ]
    account = group_account(*known)
    jacobian = np.zeros((shape[0] * shape[1], len(stacked)))
    for k, place in enumerate(places):
        there = place >= 0
        jacobian[:, place[there]] = account.jacobian[:, k, there]
    weights, labels = weights_of_parts(scheme, scheme.row(code), rows)
    spread: Floats = np.asarray(np.kron(weights, np.eye(len(groups))), dtype=np.float64)
    within, mix = spread @ account.within.ravel(), spread @ account.mix.ravel()
    index = labels_of_parts(rows, labels, groups.rename(column))
    made = stacked.smooth(within + mix, spread @ jacobian, index, what="Contribution")
    made = replace(made, notes=(*made.notes, *_of_one_year(years)))
    df = _group_df(stacked, (places[0], places[2]), spread)
    return replace(closed(made, within, mix, change, code, by), df=df)


def _group_df(stacked: survey.Estimates, means: tuple[Ints, Ints], spread: Floats) -> Floats:
    """Degrees of freedom of each group's own change, from the places of its means."""
    own = np.zeros((len(means[0]), len(stacked)))
    for place, sign in zip(means, (-1.0, 1.0), strict=True):
        held = np.flatnonzero(place >= 0)
        own[held, place[held]] = sign
    return stacked.contrast(spread @ own).df.to_numpy()


def _of_one_year(years: Sequence[tuple[survey.Estimates, survey.Estimates]]) -> tuple[str, ...]:
    """Name the groups that only one year has."""
    first, then = (set(shares.labels.get_level_values(1)) for _, shares in years)
    alone = sorted(map(str, first ^ then))
    return (f"In one year only, so all of it is mix: {first_five(alone)}.",) if alone else ()


def _group_year(
    change: Change, key: str, column: str
) -> tuple[survey.Estimates, survey.Estimates]:
    """Statement means of each group, and each group's share of the valid weight."""
    year = change.before if key == BEFORE else change.after
    assert isinstance(year, SatisfactionIndex)
    refuse_unfilled(year, [column], "contributions", words=(STATEMENT, DIMENSION))
    rates = statement_rates(year.answers, year.rules)
    group = year.design.data[column]
    names = sorted(group[year.design.inside].dropna().unique())
    index = pd.MultiIndex.from_product([rates.columns, names], names=["code", column])
    means = survey.mean(year.design, rates, by=column, missing=year.rules.missing)
    belongs = np.stack([(group == name).to_numpy(np.float64) for name in names], axis=1)
    valid = rates.notna().to_numpy()
    if year.rules.missing == "listwise":
        valid = complete_rows(valid)
    shares = np.where(valid[:, :, None], belongs[:, None, :], np.nan).reshape(len(rates), -1)
    frame = pd.DataFrame(shares, index=rates.index, columns=index)
    return means.labelled(index), survey.mean(year.design, frame)

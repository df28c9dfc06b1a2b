"""What fell most, and what contributed how much: how often the answer holds the truth."""

from __future__ import annotations

import numpy as np
import pandas as pd
from change_tests import between_years
from simulated_answers import DIMENSIONS, SIZES, Fall
from simulated_years import DISTRICTS

import sipas
import survey
from survey.ranks import fell_most

#: Draws behind each set.
DRAWS = 1_000


def sets_of_worst(years: list[pd.DataFrame], fall: Fall) -> dict[str, np.ndarray]:
    """Of each pair: size of the set, truly worst components in it, and more."""
    designs = [survey.Design(year, strata="district", psu="commune") for year in years]
    rates = [survey.mean(design, list(DIMENSIONS), by="pair") for design in designs]
    moved = between_years(rates)
    worst = fall.truth == fall.truth.min()
    size, held, lowest = [], [], []
    for places in np.arange(len(moved)).reshape(len(DIMENSIONS), -1).T:
        result = fell_most(moved.pick(places), draws=DRAWS)
        kept = result.estimates.labels.isin(result.members)
        size.append(kept.sum())
        held.append(kept[worst])
        lowest.append(worst[np.argmin(result.estimates.point)])
    return {
        "size of the set": np.array(size),
        "each truly worst is in the set": np.array(held),
        "lowest in the sample is truly worst": np.array(lowest),
        "standard error": moved.se.to_numpy(),
    }


def contributions_covered(
    before: sipas.Answers, after: sipas.Answers, fall: Fall
) -> dict[str, np.ndarray]:
    """Whether the interval of each contribution holds the truth, by kind of account."""
    moved = sipas.compare(before, after)
    by_dimension = fall.truth / len(DIMENSIONS)
    truths = {
        "statement": np.repeat(by_dimension / np.asarray(SIZES), SIZES),
        "dimension": by_dimension,
        "district": np.full(DISTRICTS, by_dimension.sum() / DISTRICTS),
    }
    made = {}
    for by, truth in truths.items():
        table = sipas.contributions(moved, by=by).table()
        made[by] = ((table["low"] <= truth) & (truth <= table["high"])).to_numpy()
    return made

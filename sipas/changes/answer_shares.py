"""The distribution of the answers to each statement, as estimates of a year's own design."""

from __future__ import annotations

import numpy as np
import pandas as pd

import survey
from sipas.changes.years import AFTER, BEFORE, Year
from sipas.composites import oriented
from sipas.leaders import GROUP, LeaderScores
from survey.scores import Floats

DONT_KNOW = "dont_know"


def answer_shares(year: Year) -> survey.Estimates:
    """Share of each answer among the valid ones, in per cent, labelled (code, answer)."""
    given = oriented(year.answers)
    levels = np.array(year.instrument.scale.levels)
    values = given.to_numpy(dtype=np.float64)
    chosen = np.where(np.isnan(values)[:, :, None], np.nan, values[:, :, None] == levels) * 100.0
    labels = pd.MultiIndex.from_product([given.columns, levels], names=["code", "answer"])
    return _means(year, pd.DataFrame(chosen.reshape(len(given), -1), given.index, labels))


def dont_know_shares(year: Year) -> survey.Estimates:
    """Share of *don't know* among it and the valid answers, in per cent, labelled by code."""
    given = oriented(year.answers)
    unsure = year.answers.reasons[given.columns] == DONT_KNOW
    said = given.notna() | unsure
    return _means(year, unsure.astype(np.float64).where(said) * 100.0)


def change_of(
    first: survey.Estimates, then: survey.Estimates, *, paired: bool
) -> survey.Estimates:
    """Difference of two years' estimates of the same things, in their own order."""
    stacked = survey.stack(first, then, keys=[BEFORE, AFTER], paired=paired)
    one = np.eye(len(first))
    return stacked.contrast(np.hstack([-one, one])).labelled(first.labels)


def _means(year: Year, frame: pd.DataFrame) -> survey.Estimates:
    """Means over all rows, or, for leaders, over their groups with the groups' weights."""
    if not isinstance(year, LeaderScores):
        return survey.mean(year.design, frame, missing=year.rules.missing)
    groups = survey.mean(year.design, frame, by=GROUP, missing="respondents")
    return groups.contrast(_spread(year.weights, len(frame.columns))).labelled(frame.columns)


def _spread(weights: pd.DataFrame, columns: int) -> Floats:
    """Weights of the groups in each column, shape (columns, columns * groups)."""
    each = weights.to_numpy(dtype=np.float64).T  # (J, G)
    repeated = np.repeat(each, columns // len(each), axis=0)
    made = np.eye(columns)[:, :, None] * repeated[:, None, :]
    return np.asarray(made.reshape(columns, -1))

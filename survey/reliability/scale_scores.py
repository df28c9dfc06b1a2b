"""The score of a respondent, the mean of the answers given, and how items go with it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from survey.reliability.item_answers import Items
from survey.scores import Floats


class ScaleScores(NamedTuple):
    """Mean and standard deviation of the rows' mean answers; each item's correlation with them."""

    mean: float
    sd: float
    with_items: Floats


def scale_scores(items: Items) -> ScaleScores:
    """Score every row by the mean of the answers it holds, and sum the scores up."""
    answered = items.valid.sum(axis=1)
    there = answered > 0
    raw = np.where(items.valid, items.values + items.centre, 0.0)
    score = np.where(there, raw.sum(axis=1) / np.maximum(answered, 1), 0.0)
    weight = np.where(there, items.design.weight, 0.0)
    mean = float((weight * score).sum() / weight.sum())
    n = int(there.sum())
    sd = np.sqrt((weight * (score - mean) ** 2).sum() / weight.sum() * n / (n - 1.0))
    w = items.design.weight[:, None] * items.valid
    own = (w * score[:, None]).sum(axis=0) / w.sum(axis=0)
    away = np.where(items.valid, score[:, None] - own, 0.0)
    cross, square = (w * away * items.values).sum(axis=0), (w * items.values**2).sum(axis=0)
    with_items = np.asarray(cross / np.sqrt(square * (w * away**2).sum(axis=0)))
    return ScaleScores(mean, float(sd), with_items)

"""The four quadrants of importance × performance: names, points and shares of replicates."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from sipas.key_drivers.words import worded
from sipas.numerals import Lang
from survey.scores import Floats

Quadrant = Literal["concentrate here", "keep up", "low priority", "possible overkill"]
QUADRANTS: tuple[Quadrant, ...] = get_args(Quadrant)


def quadrant_numbers(axes: Floats) -> npt.NDArray[np.int64]:
    """Place in `QUADRANTS` of points with axes (…, 2, K), divided at the means of the axes."""
    above = axes >= axes.mean(axis=-1, keepdims=True)
    important, good = above[..., 0, :], above[..., 1, :]
    return np.where(important, np.where(good, 1, 0), np.where(good, 3, 2))


def quadrant_shares(replicates: Floats) -> Floats:
    """Share of the replicates (R, 2, K) in each quadrant, (4, K); missing ones are left out."""
    known = replicates[np.isfinite(replicates).all(axis=(1, 2))]
    numbers = quadrant_numbers(known)
    return np.stack([(numbers == k).mean(axis=0) for k in range(len(QUADRANTS))])


def quadrant_label(quadrant: Quadrant, lang: Lang = "vi") -> str:
    """Name a quadrant for a reader.

    Examples
    --------
    >>> quadrant_label("concentrate here")
    'Tập trung cải thiện'
    """
    return worded("quadrant", quadrant)[lang]


def column_of(quadrant: Quadrant) -> str:
    """Column of a quadrant's probability.

    Examples
    --------
    >>> column_of("keep up")
    'p_keep_up'
    """
    return f"p_{quadrant.replace(' ', '_')}"

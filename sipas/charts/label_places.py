"""Where to write the names of points so that they meet neither each other nor the points."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sipas.charts.look import PAPER
from sipas.charts.typesetting import SMALL, text_height, text_width
from survey.scores import Floats

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: A text, its point, and its weight and ink.
Named = tuple[str, float, float, str, str]
#: Directions tried in turn, in widths and heights of the text, and inches kept from the point.
WAYS = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1))
CLEAR = 0.06


def beside(ax: Axes, texts: Sequence[Named]) -> None:
    """Write texts ``(text, x, y, weight, ink)`` beside their points, the first ones first."""
    points = np.array([text[1:3] for text in texts])
    place = ax.figure.dpi_scale_trans.inverted()
    inches = place.transform(ax.transData.transform(points))
    sizes = np.array([[text_width(t[0], SMALL, bold=True), text_height(1, SMALL)] for t in texts])
    moves = places_beside(inches, sizes)
    for (text, x, y, weight, ink), move in zip(texts, moves, strict=True):
        ax.annotate(
            text,
            (x, y),
            tuple(72.0 * move),
            textcoords="offset points",
            ha="center",
            va="center",
            fontsize=SMALL,
            fontweight=weight,
            color=ink,
            parse_math=False,
            label="code",
            zorder=4,
            bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 0.3, "alpha": 0.75},
        )


def places_beside(points: Floats, sizes: Floats) -> Floats:
    """Offsets of the middles of texts from their points, all in inches, (K, 2).

    Each text takes the first of eight directions, and then of the same farther away, in which its
    box meets fewest of the boxes placed before and of the points.

    Examples
    --------
    >>> points = np.array([[0.0, 0.0], [0.2, 0.0]])
    >>> places_beside(points, np.array([[0.2, 0.1], [0.2, 0.1]])).round(2).tolist()
    [[-0.16, 0.0], [0.16, 0.0]]
    """
    ways = np.concatenate([np.array(WAYS) * far for far in (1.0, 1.8)])
    dots = np.full_like(points, 2.0 * CLEAR * 0.8)
    middles, taken = points.copy(), dots.copy()
    offsets = []
    for point, size in zip(points, sizes, strict=True):
        tried = ways * (size / 2.0 + CLEAR)
        gaps = np.abs((point + tried)[:, None, :] - middles)
        met = (gaps < (size + taken)[None, :, :] / 2.0).all(axis=2).sum(axis=1)
        best = tried[np.argmin(met)]
        offsets.append(best)
        middles, taken = np.vstack([middles, point + best]), np.vstack([taken, size])
    return np.array(offsets)

"""The four panels of the diagnostics page, each drawn over the same rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sipas.charts.look import AFTER_INK, BEFORE_INK, FAINT, INK, MUTED, PAPER
from sipas.charts.typesetting import Row
from sipas.charts.words import value
from sipas.numerals import Lang

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Rows = tuple[Row, ...]


def _bare(ax: Axes, rows: Rows, *, lines: bool = True) -> None:
    """Leave only the lower axis, and a faint line under each row."""
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    if lines:
        for row in rows:
            ax.axhline(row.centre, color=FAINT, linewidth=0.4, zorder=0)


def draw_reliability(ax: Axes, rows: Rows, table: pd.DataFrame) -> None:
    """Draw alpha of dimensions and the item-rest correlation of statements, with intervals."""
    _bare(ax, rows)
    for row, shown in zip(rows, table.itertuples(), strict=True):
        told: Any = shown
        head = told.dimension != told.dimension
        ax.plot([told.low, told.high], [row.centre] * 2, color=INK, linewidth=1.0)
        how = ("D", INK, 4.5) if head else ("o", PAPER, 3.5)
        _dot(ax, told.estimate, row.centre, *how, INK)
    lowest = float(np.nanmin(table["low"]))
    ax.set_xlim(min(0.5, np.floor(10.0 * lowest) / 10.0), 1.0)


def draw_floors(ax: Axes, rows: Rows, table: pd.DataFrame) -> None:
    """Draw the shares at the ends of the scale: floors to the left, ceilings to the right."""
    _bare(ax, rows, lines=False)
    y = [row.centre for row in rows]
    ax.barh(y, -table["floor"], height=0.1, color=PAPER, edgecolor=MUTED, linewidth=0.6)
    ax.barh(y, table["ceiling"], height=0.1, color=MUTED)
    ax.axvline(0.0, color=INK, linewidth=0.6)
    most = float(table[["floor", "ceiling"]].max().max())
    ax.set_xlim(-1.15 * float(table["floor"].max()) - 0.5, 1.05 * most + 0.5)


def draw_weights(ax: Axes, rows: Rows, table: pd.DataFrame) -> None:
    """Draw nominal and effective weight of each dimension."""
    heads = table["dimension"].isna().to_numpy()
    _bare(ax, tuple(row for row, head in zip(rows, heads, strict=True) if head))
    for row, shown in zip(rows, table.itertuples(), strict=True):
        told: Any = shown
        if told.effective == told.effective:
            ends = [told.effective_low, told.effective_high]
            ax.plot(ends, [row.centre] * 2, color=AFTER_INK, linewidth=1.0)
            _dot(ax, told.nominal, row.centre, "|", INK, 9.0, BEFORE_INK)
            _dot(ax, told.effective, row.centre, "D", AFTER_INK, 4.0, AFTER_INK)
    weights = table[["nominal", "effective", "effective_low", "effective_high"]]
    low, high = float(weights.min().min()), float(weights.max().max())
    pad = 0.1 * (high - low)
    ax.set_xlim(low - pad, high + pad)


def draw_matrix(ax: Axes, rows: Rows, table: pd.DataFrame, correlations: pd.DataFrame) -> None:
    """Shade the correlations: the rows of the chart across, the statements along."""
    _bare(ax, rows, lines=False)
    ax.spines["bottom"].set_visible(False)
    ax.set_xticks([])
    codes = list(correlations.index)
    heads = table["dimension"].isna().to_numpy()
    edges = np.arange(len(codes) + 1.0)
    for row, code, head in zip(rows, table.index, heads, strict=True):
        if head:
            continue
        shades = np.clip(correlations.loc[[code]].to_numpy(), 0.0, 1.0)
        shades[0, codes.index(code)] = np.nan
        ends = [row.centre - row.height / 2.0, row.centre + row.height / 2.0]
        ax.pcolormesh(edges, ends, shades, cmap="Greys", vmin=0.0, vmax=1.0)
    first = [code for code, head in zip(table.index, np.roll(heads, 1), strict=True) if head]
    for code in first:
        if code in codes and codes.index(code):
            ax.axvline(codes.index(code), color=PAPER, linewidth=1.2)
    ax.set_xlim(0.0, len(codes))


def write_ticks(ax: Axes, lang: Lang) -> None:
    """Write a few ticks along the lower axis, in the language of the chart."""
    from matplotlib.ticker import MaxNLocator

    ax.xaxis.set_major_locator(MaxNLocator(3))
    ax.xaxis.set_major_formatter(lambda number, _: _tick(number, lang))


def _dot(ax: Axes, x: float, y: float, marker: str, fill: str, size: float, ink: str) -> None:
    """Draw one marker."""
    ax.plot([x], [y], marker, markersize=size, markerfacecolor=fill, markeredgecolor=ink)


def _tick(number: float, lang: Lang) -> str:
    """Write a tick with as many decimals as it has, up to two; a share to the left is positive."""
    size = abs(round(float(number), 6))
    decimals = next((d for d in (0, 1) if round(size, d) == size), 2)
    return value(size, lang, decimals)

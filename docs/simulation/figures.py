"""Figures of docs/simulation.md: each test's and each interval's record against its band."""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

#: Marker and colour of each method (Okabe–Ito colours, told apart in grey by the marker).
LOOKS = {
    "default": ("o", "#0072B2"),
    "stacked by hand": ("s", "#E69F00"),
    "years independent": ("^", "#009E73"),
    "villages": ("D", "#CC79A7"),
    "respondents": ("x", "#000000"),
    "province": ("o", "#0072B2"),
    "district": ("s", "#E69F00"),
    "district, df of the province": ("x", "#000000"),
}
WORDS = {
    "default": "this library",
    "stacked by hand": "both years in one design",
    "years independent": "years independent",
    "villages": "villages as PSUs",
    "respondents": "respondents independent",
}


def draw(tests: pd.DataFrame, intervals: pd.DataFrame, folder: Path) -> None:
    """Save both figures."""
    mpl.rcParams.update({"svg.hashsalt": "sipas", "svg.fonttype": "none", "font.size": 9})
    for name, figure in (("tests", sizes(tests)), ("intervals", coverage(intervals))):
        figure.savefig(folder / f"{name}.svg", metadata={"Date": None})
        plt.close(figure)


def sizes(tests: pd.DataFrame) -> plt.Figure:
    """Rejections of true nulls by communes repeated, one panel a rate and spread of districts."""
    frame = tests.query("clustering == 'realistic' and not replaced and persists == 0.8")
    figure, axes = plt.subplots(
        2, 3, figsize=(9, 6), sharex=True, sharey=True, layout="constrained"
    )
    panels = frame.groupby(["districts", "rate"])
    for ax, ((districts, rate), panel) in zip(axes.flat, panels, strict=True):
        spread = "districts alike" if districts == "alike" else "districts 10 points apart"
        banded(ax, (4, 6), f"{100 * rate:g} % satisfied, {spread}")
        for name, words in WORDS.items():
            rows = panel[panel["method"] == name].sort_values("repeated")
            marker, colour = LOOKS[name]
            ax.plot(rows["repeated"], 100 * rows["mean"], marker=marker, color=colour, label=words)
        ax.set(xticks=range(4), ylim=(0, None))
    figure.supxlabel("communes of each district visited again, of 3", fontsize=9)
    figure.supylabel("true nulls rejected at 5 %, per cent", fontsize=9)
    handles = axes.flat[0].get_legend_handles_labels()
    figure.legend(*handles, loc="outside upper center", ncols=3, frameon=False)
    return figure


def coverage(intervals: pd.DataFrame) -> plt.Figure:
    """Coverage for province and district: logit limits of levels, t and MOVER of changes."""
    frame = intervals.query("clustering == 'realistic' and districts == 'alike' and fall > 0")
    figure, axes = plt.subplots(1, 3, figsize=(9, 3.2), sharey=True, layout="constrained")
    kinds = (
        ("level", "logit", "one year, logit"),
        ("change", "t", "change, t"),
        ("change", "mover", "change, MOVER"),
    )
    for ax, (of, method, title) in zip(axes, kinds, strict=True):
        banded(ax, (93, 97), title)
        for place, name, label in (
            ("province", method, "province"),
            ("district", method, "district"),
            ("district", f"{method}, df of the province", "district, df of the province"),
        ):
            rows = frame[(frame["of"] == of) & (frame["place"] == place)]
            rows = rows[rows["method"] == name].sort_values(["rate", "repeated"])
            marker, colour = LOOKS[label]
            at = rows["rate"].map({0.5: 0, 0.85: 1, 0.95: 2}) + (rows["repeated"] - 1.5) / 8
            ax.plot(at, 100 * rows["mean"], marker, color=colour, label=label, ms=4)
        ax.set_xticks(range(3), ["50 %", "85 %", "95 %"])
    figure.supxlabel("satisfied; within each, left to right: 0, 1, 2, 3 repeated", fontsize=9)
    figure.supylabel("intervals that hold the truth, per cent", fontsize=9)
    handles = axes[0].get_legend_handles_labels()
    figure.legend(*handles, loc="outside upper center", ncols=3, frameon=False)
    return figure


def banded(ax: Axes, band: tuple[float, float], title: str) -> None:
    """Shade the band that the method has to keep."""
    ax.axhspan(*band, color="0.9", zorder=0)
    ax.set_title(title, fontsize=9, loc="left")
    ax.spines[["top", "right"]].set_visible(False)

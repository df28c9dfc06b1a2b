"""Native chart of targets: every index with its interval, and the target that it is to meet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sipas.charts.look import AFTER_INK, FAINT, INK
from sipas.charts.target_distances import DECIDED
from sipas.documents.excel_canvas import Canvas, Cell, Feed, axis, grid_lines
from sipas.documents.excel_cells import said
from sipas.documents.excel_dots import HEIGHT, dot, ends, shortened, whiskers
from sipas.targeting.goals import SIGNS

#: Columns of numbers that are printed: up to the interval.
PRINTED = 10
#: Width of the chart in pixels: of a target with its words, at least, at most.
_EACH, _LEAST, _MOST = 170, 700, 1120
#: Series of indices and their inks, light where there is not enough evidence.
_INDICES = {"reached_or_missed": AFTER_INK, "open": FAINT}


def targets(canvas: Canvas) -> None:
    """Show each index as a dot with its interval, and its target as a dash with its sign."""
    feed, data = _feed(canvas), canvas.data
    chart = canvas.chart("line")
    for key, ink in _INDICES.items():
        if key in feed.keys:
            chart.add_series(
                {
                    **_series(feed, key, "right", "0.00"),
                    "marker": dot("circle", ink),
                    "y_error_bars": whiskers(canvas, feed),
                }
            )
    for sense in dict.fromkeys(data["sense"]):
        shape = f'"{SIGNS[sense]} "0.00'
        chart.add_series(
            {**_series(feed, sense, "left", shape), "marker": dot("long_dash", INK, 14)}
        )
    scale = ends(data[["low", "high", "estimate", "target"]].to_numpy().ravel(), most=100)
    words = canvas.say("axis", "interval_cut")
    chart.set_y_axis(axis(words, major_gridlines=grid_lines(), **scale))
    chart.set_x_axis(axis())
    canvas.insert(chart, (min(max(_LEAST, _EACH * len(data)), _MOST), HEIGHT))


def _series(feed: Feed, key: str, side: str, shape: str) -> dict[str, Any]:
    """One kind of points without a line, each with its number on one side."""
    label = {"value": True, "num_format": shape, "position": side}
    return {**feed.series(key), "line": {"none": True}, "data_labels": label}


def _feed(canvas: Canvas) -> Feed:
    """Write the cells behind the chart: a column for each kind of points, lengths of the lines."""
    block, lang = canvas.block, canvas.voice.lang
    rows: list[dict[str, Cell]] = []
    for k, row in enumerate(canvas.data.to_dict("records")):
        at, low, high = (block.cell(key, k) for key in ("estimate", "low", "high"))
        rows.append(
            {
                "label": _name(row, canvas),
                _kind(row): (row["estimate"], f"={at}"),
                "minus": (row["estimate"] - row["low"], f"={at}-{low}"),
                "plus": (row["high"] - row["estimate"], f"={high}-{at}"),
                row["sense"]: (row["target"], f"={block.cell('target', k)}"),
            }
        )
    used = {key for row in rows for key in row}
    told = ("label", *_INDICES, "minus", "plus")
    heads = {key: canvas.say("series", key) for key in told if key in used}
    heads |= {
        sense: said("series", "goal", lang, sense=SIGNS[sense])
        for sense in dict.fromkeys(canvas.data["sense"])
    }
    return canvas.feed(heads, rows)


def _kind(row: Mapping[Any, Any]) -> str:
    """Kind of an index: whether the test decided about its target."""
    return "reached_or_missed" if row["verdict"] in DECIDED else "open"


def _name(row: Mapping[Any, Any], canvas: Canvas) -> str:
    """Name a target as its plan words it, else as the report names the index; and when it is due.

    Without either the code has to do.
    """
    name = str(row["label"]) or canvas.names.get(str(row["figure"]), str(row["figure"]))
    if row["by"] == row["by"]:
        words = {"name": name, "year": f"{row['by']:.0f}"}
        name = said("series", "due", canvas.voice.lang, **words)
    return shortened(name)

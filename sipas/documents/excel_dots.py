"""Native charts of dots: two years of an index with the interval of its change."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import ceil, floor, inf, isnan
from typing import Any

import pandas as pd

from sipas.charts.findings import has_evidence
from sipas.charts.look import AFTER_INK, FAINT, INK
from sipas.documents.excel_canvas import Canvas, Cell, Feed, axis, grid_lines

#: Height of a chart of dots, and widths of the years and of their changes, in pixels.
HEIGHT = 440
_YEARS, _CHANGES = 600, 500
#: Axes end at multiples of this, or of twice as much where they are longer than so many points.
_STEP, _FINE = 5, 60
#: Last year's dots, and others that are to be light on a photocopy.
PALE = "#9a9a9a"
#: Letters of a label on a chart.
_LONGEST = 110
_NO_LINE = {"none": True}


def change(canvas: Canvas) -> None:
    """Show each index in both years, and beside it the change with its interval."""
    kinds = ("down", "up", "sure", "unsure")
    feed = feed_changes(canvas, lambda _: "sure", kinds)
    _both_years(canvas, feed)
    _changes(canvas, feed)


def _both_years(canvas: Canvas, feed: Feed) -> None:
    """Draw a dumbbell for every row: last year's dot and this year's, joined by a line."""
    chart, block = canvas.chart("line"), canvas.block
    joined = error_bars(canvas.data["before"], canvas.data["after"], feed, ("down", "up"))
    for key, marker, ink in (("before", "circle", PALE), ("after", "diamond", AFTER_INK)):
        chart.add_series(
            {
                **block.series(key),
                "categories": feed.values("label"),
                "line": _NO_LINE,
                "marker": dot(marker, ink),
                "data_labels": {"value": True, "num_format": "0.00", "position": "right"},
                **({"y_error_bars": joined} if key == "before" else {}),
            }
        )
    scale = ends(canvas.data[["before", "after"]].to_numpy().ravel(), most=100)
    chart.set_y_axis(axis(canvas.say("axis", "rate_cut"), major_gridlines=grid_lines(), **scale))
    chart.set_x_axis(axis())
    canvas.insert(chart, (_YEARS, HEIGHT))


def _changes(canvas: Canvas, feed: Feed) -> None:
    """Draw every change with its interval, hollow where there is not enough evidence."""
    chart = canvas.chart("line")
    for key in ("sure", "unsure"):
        if used(canvas.data, key):
            chart.add_series(
                {
                    **feed.series(key),
                    "line": _NO_LINE,
                    "marker": dot("square", FAINT if key == "unsure" else INK),
                    "y_error_bars": whiskers(canvas, feed),
                    "data_labels": {
                        "value": True,
                        "num_format": '+0.00;"−"0.00;0.00',
                        "position": "right",
                    },
                }
            )
    chart.set_title({"none": True})
    scale = ends([0.0, *canvas.data["low"], *canvas.data["high"]])
    chart.set_y_axis(axis(canvas.say("axis", "change"), major_gridlines=grid_lines(), **scale))
    chart.set_x_axis(axis(label_position="low"))
    canvas.insert(chart, (_CHANGES, HEIGHT), right=_YEARS + 10)


def feed_changes(
    canvas: Canvas, kind_of: Callable[[Mapping[Any, Any]], str], keys: Sequence[str]
) -> Feed:
    """Write the cells behind changes: one column for each kind, and lengths of the lines."""
    block = canvas.block
    heads = {key: canvas.say("series", key) for key in ("label", *keys, "minus", "plus")}
    rows: list[dict[str, Cell]] = []
    for k, row in enumerate(canvas.data.to_dict("records")):
        sure = has_evidence(row["verdict"], row["estimate"])
        cells = {key: block.cell(key, k) for key in ("before", "after", "estimate", "low", "high")}
        before, after, at, low, high = cells.values()
        gap = row["before"] - row["after"]
        made: dict[str, Cell] = {
            "label": row_name(row),
            kind_of(row) if sure else "unsure": (row["estimate"], f"={at}"),
            "minus": (row["estimate"] - row["low"], f"={at}-{low}"),
            "plus": (row["high"] - row["estimate"], f"={high}-{at}"),
            "down": (max(gap, 0.0), f"=MAX({before}-{after},0)"),
            "up": (max(-gap, 0.0), f"=MAX({after}-{before},0)"),
        }
        rows.append({key: cell for key, cell in made.items() if key in heads})
    return canvas.feed(heads, rows)


def row_name(row: Mapping[Any, Any]) -> str:
    """Name a row on a chart: its code and its label, as long as a chart has room for."""
    code, label = str(row.get("code", "")), str(row["label"])
    return shortened(label if label.startswith(code) else f"{code} {label}")


def shortened(text: str) -> str:
    """Cut a label to what a chart has room for; it stands whole among the numbers."""
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rstrip()}…"


def used(data: pd.DataFrame, key: str) -> bool:
    """Whether any row is of a kind of evidence."""
    sure = [has_evidence(v, e) for v, e in zip(data["verdict"], data["estimate"], strict=True)]
    return not all(sure) if key == "unsure" else any(sure)


def whiskers(canvas: Canvas, feed: Feed) -> dict[str, Any]:
    """Give the interval of each change as error bars."""
    lengths = canvas.data["estimate"], canvas.data["low"], canvas.data["high"]
    return error_bars(lengths[0], lengths[1], feed, ("minus", "plus"), high=lengths[2])


def error_bars(
    start: pd.Series,
    low: pd.Series,
    feed: Feed,
    keys: tuple[str, str],
    high: pd.Series | None = None,
) -> dict[str, Any]:
    """Lines whose lengths are taken from cells: down to one end, up to the same or another."""
    minus, plus = keys
    return {
        "type": "custom",
        "minus_values": feed.formula(minus),
        "minus_data": _stored(start - low),
        "plus_values": feed.formula(plus),
        "plus_data": _stored((low if high is None else high) - start),
        "end_style": 0,
        "line": {"color": INK, "width": 1.25},
    }


def _stored(lengths: pd.Series) -> list[float | None]:
    """Lengths as a chart stores them; what goes the other way has none, nor has a census."""
    return [None if isnan(one) else max(float(one), 0.0) for one in lengths]


def dot(kind: str, ink: str, size: int = 9) -> dict[str, Any]:
    """Marker of a series; never empty, because LibreOffice draws no edge around one."""
    return {
        "type": kind,
        "size": size,
        "fill": {"color": ink},
        "border": {"color": INK, "width": 1},
    }


def ends(values: Any, *, most: float = inf) -> dict[str, Any]:
    """Give the scale of an axis around values, with room for the numbers beside them."""
    known = [float(one) for one in values if one == one]
    room = 0.05 * (max(known) - min(known))
    low, high = min(known) - room, max(known) + room
    step = _STEP if high - low <= _FINE else 2 * _STEP
    return {
        "min": step * floor(low / step),
        "max": min(step * ceil(high / step), most),
        "major_unit": step,
        "num_format": '0;"−"0;0',
    }

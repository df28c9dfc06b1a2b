"""Native charts of bars: answers, the way from one index to the next, changes of statements."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from sipas.charts.findings import has_evidence
from sipas.charts.look import AFTER_INK, FAINT, FALL_INK, INK, MUTED, PAPER, RISE_INK
from sipas.charts.stacked import LEAST_PART, REASON_FILLS, level_fills
from sipas.charts.waterfall import OTHERS, bar_kind
from sipas.documents.excel_canvas import Canvas, Cell, Feed, axis, grid_lines
from sipas.documents.excel_dots import ends, feed_changes, row_name, whiskers
from sipas.responses import REASONS

#: Widths of charts in pixels: with long labels, of forms without an answer, of the waterfall.
_WIDE, _NARROW, _ACCOUNT = 860, 330, 980
#: Height of a bar with its gap, and of everything else on a chart.
_BAR, _REST = 30, 150
_TWO_LINES = 38
#: Excel's patterns for the hatches of the look.
_PATTERNS = {"////": "wide_upward_diagonal", "xxxxx": "outlined_diamond", "....": "percent_20"}
_HATCHED: dict[str, Any] = {
    "pattern": {"pattern": "wide_upward_diagonal", "fg_color": INK, "bg_color": FAINT},
    "border": {"color": INK},
}
#: Looks of the kinds of bars of a waterfall.
_ACCOUNT_LOOKS: dict[str, dict[str, Any]] = {
    "total": {"fill": {"color": FAINT}, "border": {"color": INK}},
    "fall": {"fill": {"color": FALL_INK}, "border": {"color": FALL_INK}},
    "fall_unsure": {"fill": {"color": PAPER}, "border": {"color": FALL_INK, "width": 1.5}},
    "rise": {"fill": {"color": RISE_INK}, "border": {"color": RISE_INK}},
    "rise_unsure": {"fill": {"color": PAPER}, "border": {"color": RISE_INK, "width": 1.5}},
    "others_fall": _HATCHED,
    "others_rise": _HATCHED,
}
_CHANGE_LOOKS: dict[str, dict[str, Any]] = {
    "sure_dimension": {"fill": {"color": AFTER_INK}, "border": {"color": AFTER_INK}},
    "sure_statement": {"fill": {"color": "#76aad8"}, "border": {"color": AFTER_INK}},
    "unsure": {"fill": {"color": PAPER}, "border": {"color": MUTED}},
}


def bars_height(data: pd.DataFrame) -> int:
    """Height in pixels of a chart with a bar for every row."""
    return _REST + _BAR * len(data)


def waterfall_height(data: pd.DataFrame) -> int:
    """Height in pixels of a chart with a bar for every row and both totals."""
    return _REST + _TWO_LINES * (len(data) + 2)


def answers(canvas: Canvas) -> None:
    """Show the answers to each statement as 100 %, and beside them forms without an answer."""
    chart, block = canvas.chart("bar", "percent_stacked"), canvas.block
    rows = [{"label": row_name(row)} for row in canvas.data.to_dict("records")]
    named = canvas.feed({"label": canvas.say("series", "label")}, rows)
    levels = sorted((key for key in block.keys if isinstance(key, int)), reverse=True)
    for k, (level, fill) in enumerate(zip(levels, level_fills(len(levels)), strict=True)):
        label = {
            "value": True,
            "num_format": f'[>={LEAST_PART:g}]0;""',
            "font": {"size": 9, "color": PAPER if k == 0 else INK},
        }
        chart.add_series(
            {
                **block.series(level),
                "categories": named.values("label"),
                "gap": 45,
                "data_labels": label,
                **_filled(fill),
            }
        )
    height = bars_height(canvas.data)
    chart.set_x_axis(axis(canvas.say("axis", "share"), num_format="0%", min=0, max=1))
    chart.set_y_axis(axis(reverse=True, crossing="max"))
    _labelled(chart, height)
    canvas.insert(chart, (_WIDE, height))
    _no_answer(canvas, height)


def _no_answer(canvas: Canvas, height: int) -> None:
    """Show the forms without an answer, row for row beside the answers."""
    block, data = canvas.block, canvas.data
    asked = [one for one in REASONS if one in data and data[one].sum() > 0]
    if not asked:
        return
    chart = canvas.chart("bar", "stacked")
    for reason in asked:
        chart.add_series(
            {
                **block.series(reason),
                "gap": 45,
                **_filled({**REASON_FILLS[reason], "edgecolor": MUTED}),
            }
        )
    chart.set_title({"none": True})
    chart.set_x_axis(axis(canvas.say("axis", "forms"), num_format="0", min=0))
    chart.set_y_axis(axis(reverse=True, crossing="max", label_position="none"))
    chart.set_plotarea({"layout": _layout(height, left=0.06, width=0.88)})
    canvas.insert(chart, (_NARROW, height), right=_WIDE + 4)


def contributions(canvas: Canvas) -> None:
    """Show how parts lead from last year's index to this year's: bars on invisible ones."""
    present = {_step_kind(row) for row in canvas.data.to_dict("records")} | {"total"}
    looks = {key: look for key, look in _ACCOUNT_LOOKS.items() if key in present}
    heads = {key: canvas.say("series", key) for key in ("label", "base", *looks)}
    feed = canvas.feed(heads, _steps(canvas))
    chart = canvas.chart("bar", "stacked")
    hidden = {"fill": {"none": True}, "border": {"none": True}}
    for key, look in {"base": hidden, **looks}.items():
        label = {"value": True, "num_format": _step_format(key), "font": _ink(key)}
        chart.add_series(
            {
                **feed.series(key),
                "gap": 60,
                **look,
                **({} if key == "base" else {"data_labels": label}),
            }
        )
    scale = ends(canvas.data[["start", "end"]].to_numpy().ravel(), most=100)
    chart.set_x_axis(axis(canvas.say("axis", "rate_cut"), major_gridlines=grid_lines(), **scale))
    chart.set_y_axis(axis(reverse=True, crossing="max"))
    canvas.insert(chart, (_ACCOUNT, waterfall_height(canvas.data)))


def _steps(canvas: Canvas) -> list[Mapping[str, Cell]]:
    """Cells of the waterfall: the index before, each part on its foot, the index after."""
    data, block, last = canvas.data, canvas.block, len(canvas.data) - 1
    before, after = float(data["start"].iloc[0]), float(data["end"].iloc[-1])
    rows: list[Mapping[str, Cell]] = [
        {"label": canvas.say("series", "before"), "total": (before, f"={block.cell('start', 0)}")}
    ]
    for k, row in enumerate(data.to_dict("records")):
        start, end = block.cell("start", k), block.cell("end", k)
        rows.append(
            {
                "label": str(row["label"]),
                "base": (min(row["start"], row["end"]), f"=MIN({start},{end})"),
                _step_kind(row): (abs(row["end"] - row["start"]), f"=ABS({end}-{start})"),
            }
        )
    rows.append(
        {"label": canvas.say("series", "after"), "total": (after, f"={block.cell('end', last)}")}
    )
    return rows


def _step_kind(row: Mapping[Any, Any]) -> str:
    """Kind of a bar of the waterfall, which decides its column and its look."""
    kind = bar_kind(row["index"], pd.Series(row))
    side = "fall" if row["estimate"] < 0 else "rise"
    if row["index"] == OTHERS:
        return f"others_{side}"
    return side if kind == "solid" else f"{side}_unsure"


def _step_format(key: str) -> str:
    """Write a length as the signed change that it is; nothing where there is no bar."""
    sign = '"−"' if "fall" in key else '"+"' if "rise" in key else ""
    return f'{sign}0.00;;""'


def _ink(key: str) -> dict[str, Any]:
    """Colour of a number on its bar."""
    return {"size": 10, "color": PAPER if key in ("fall", "rise") else INK}


def forest(canvas: Canvas) -> None:
    """Show the change of every statement from zero, with its interval, beneath its dimension."""
    feed = feed_changes(canvas, _kind_of_row, tuple(_CHANGE_LOOKS))
    chart = canvas.chart("bar")
    rows = canvas.data.to_dict("records")
    sure = [has_evidence(row["verdict"], row["estimate"]) for row in rows]
    present = {_kind_of_row(row) if one else "unsure" for row, one in zip(rows, sure, strict=True)}
    for key, look in _CHANGE_LOOKS.items():
        if key in present:
            chart.add_series(_changes(canvas, feed, key, look))
    scale = ends([0.0, *canvas.data["low"], *canvas.data["high"]])
    chart.set_x_axis(axis(canvas.say("axis", "change"), major_gridlines=grid_lines(), **scale))
    chart.set_y_axis(axis(reverse=True, crossing="max", label_position="low"))
    height = bars_height(canvas.data)
    _labelled(chart, height, left=0.47)
    canvas.insert(chart, (_WIDE + 100, height))


def _changes(canvas: Canvas, feed: Feed, key: str, look: Mapping[str, Any]) -> dict[str, Any]:
    """One kind of changes as a series; all kinds share the place of the bar."""
    return {
        **feed.series(key),
        "gap": 60,
        "overlap": 100,
        "y_error_bars": whiskers(canvas, feed),
        **look,
    }


def _kind_of_row(row: Mapping[Any, Any]) -> str:
    """Kind of a row whose change has evidence."""
    return "sure_dimension" if row["level"] == "dimension" else "sure_statement"


def _filled(fill: Mapping[str, Any]) -> dict[str, Any]:
    """Fill of the look as Excel's: a colour, or a pattern in the colour of the edge."""
    border = {"color": fill["edgecolor"], "width": 0.75}
    hatch = fill.get("hatch", "")
    if not hatch:
        return {"fill": {"color": fill["facecolor"]}, "border": border}
    made = {"fg_color": fill["edgecolor"], "bg_color": fill["facecolor"]}
    return {"pattern": {"pattern": _PATTERNS[hatch], **made}, "border": border}


def _layout(height: int, *, left: float, width: float) -> dict[str, float]:
    """Place of the plot on a chart: the same rows at the same height on neighbours."""
    return {"x": left, "y": 60 / height, "width": width, "height": (height - 145) / height}


def _labelled(chart: Any, height: int, left: float = 0.42) -> None:
    """Keep room for long labels left of the bars."""
    chart.set_plotarea({"layout": _layout(height, left=left, width=0.97 - left)})

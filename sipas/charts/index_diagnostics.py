"""The diagnostics page: every dimension above its statements, four panels over the same rows.

Reliability with its interval; floor and ceiling; nominal and effective weights; and the matrix of
correlations, whose rows are those of the statements.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from sipas.charts import particulars
from sipas.charts.diagnostic_panels import (
    draw_floors,
    draw_matrix,
    draw_reliability,
    draw_weights,
    write_ticks,
)
from sipas.charts.look import AFTER_INK, BEFORE_INK, MUTED, PAPER, style
from sipas.charts.sheet import Caption, Sheet, attach, open_sheet, sheet_width
from sipas.charts.typesetting import EDGE, SMALL, stacked_rows
from sipas.charts.words import inert, per_cent, value
from sipas.diagnostics import IndexDiagnostics
from sipas.diagnostics.words import word
from sipas.labelling import label
from sipas.numerals import Lang

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Left edge and width of each panel, as shares of the width of the sheet.
REST, ENDS, WEIGHTS, MATRIX = (0.27, 0.19), (0.48, 0.11), (0.61, 0.11), (0.745, 0.24)


def diagnostics(found: IndexDiagnostics, *, ax: Axes | None = None, lang: Lang = "vi") -> Axes:
    """Show the diagnosis of an index on one page.

    Parameters
    ----------
    found : IndexDiagnostics
        From `sipas.index_diagnostics`.
    ax : Axes, optional
        Whose place to fill; a new figure 16 cm wide without.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    Axes
        The axes of reliability; `plotted` gives back the rows drawn, dimensions and statements.

    Raises
    ------
    SurveyError
        No diagnosis, axes that are too small.
    """
    made = "sipas.index_diagnostics(index)"
    particulars.require_result(found, IndexDiagnostics, "diagnostics", made)
    with style():
        return _drawn(found, _rows(found), ax, lang)


def described(found: IndexDiagnostics, lang: Lang) -> str:
    """Say in words what the chart shows, for `alt_text`."""
    counts = {
        "dimensions": len(found.dimension_rows) - 1,
        "statements": len(found.statement_rows),
    }
    return word("chart", "alt", lang, title=_title(found, lang), **counts)


def _rows(found: IndexDiagnostics) -> pd.DataFrame:
    """Dimensions, each above its statements: ``estimate low high floor ceiling`` and weights."""
    names = {"alpha": "estimate", "alpha_low": "low", "alpha_high": "high"}
    scales = found.dimension_rows.iloc[:-1].rename(columns=names)
    statements = found.statement_rows
    pieces = []
    for code in scales.index:
        pieces += [scales.loc[[code]], statements[statements["dimension"] == code]]
    shown = ["estimate", "low", "high", "floor", "ceiling", "nominal"]
    shown += ["effective", "effective_low", "effective_high", "dimension"]
    made: pd.DataFrame = pd.concat(pieces)[shown]
    return made.rename_axis("code")


def _drawn(found: IndexDiagnostics, table: pd.DataFrame, ax: Axes | None, lang: Lang) -> Axes:
    """Lay out the rows and the four panels."""
    width = sheet_width(ax)
    heads = table["dimension"].isna().tolist()
    names = [
        _name(found, str(code), lang) if head else str(code)
        for code, head in zip(table.index, heads, strict=True)
    ]
    rows = stacked_rows(names, (REST[0] - 0.02) * width - EDGE, least=0.17)
    caption = Caption(_title(found, lang), _subtitle(found, lang), _notes(found, lang))
    sheet = open_sheet(ax, caption, rows, above=0.62, below=0.22)
    sheet.place(REST[0] * width, REST[1] * width)
    _write_labels(sheet, heads)
    ends, weights, matrix = (
        sheet.panel(left * width, size * width) for left, size in (ENDS, WEIGHTS, MATRIX)
    )
    draw_reliability(sheet.axes, sheet.rows, table)
    draw_floors(ends, sheet.rows, table)
    draw_weights(weights, sheet.rows, table)
    draw_matrix(matrix, sheet.rows, table, found.correlations)
    _headers(sheet, lang)
    for panel in (sheet.axes, ends, weights):
        write_ticks(panel, lang)
    attach(sheet.axes, table)
    return sheet.axes


def _write_labels(sheet: Sheet, heads: list[bool]) -> None:
    """Write dimensions in bold, and beneath each the codes of its statements."""
    for row, head in zip(sheet.rows, heads, strict=True):
        x, weight = (EDGE, "bold") if head else (3.0 * EDGE, "normal")
        text = "\n".join(row.lines)
        sheet.write(x, sheet.row_y(row), text, va="center", fontweight=weight, label="label")


def _name(found: IndexDiagnostics, code: str, lang: Lang) -> str:
    """Name a dimension in short."""
    text = label(found.instrument, code, lang, short=True)
    return word("chart", "dimension", lang, code=code, label=inert(text))


def _headers(sheet: Sheet, lang: Lang) -> None:
    """Name the panels, and what the marks mean."""
    top, width = sheet.plot_top, sheet.width
    for name, place in (("rest", REST), ("ends", ENDS), ("weights", WEIGHTS), ("matrix", MATRIX)):
        x = place[0] * width - (0.06 * width if name == "rest" else 0.0)
        text = word("chart", name, lang)
        sheet.write(x, top - 0.58, text, fontsize=SMALL, color=MUTED, label="key")
    solid: dict[str, Any] = {"facecolor": MUTED, "edgecolor": MUTED}
    hollow: dict[str, Any] = {"facecolor": PAPER, "edgecolor": MUTED}
    for k, (name, how) in enumerate((("floor", hollow), ("ceiling", solid))):
        sheet.key(top - 0.28 + 0.13 * k, [(word("chart", name, lang), how)], ENDS[0] * width)
    for k, (mark, ink) in enumerate((("nominal", BEFORE_INK), ("effective", AFTER_INK))):
        y = top - 0.28 + 0.13 * k
        shape: dict[str, Any] = {"facecolor": ink, "edgecolor": ink}
        thin = 0.02 if mark == "nominal" else 0.08
        sheet.swatch(WEIGHTS[0] * width + 0.1, y + 0.02, thin, 0.09, **shape)
        name = word("chart", mark, lang)
        sheet.write(WEIGHTS[0] * width + 0.25, y, name, fontsize=SMALL, label="key")


def _title(found: IndexDiagnostics, lang: Lang) -> str:
    """Say how weights and reliability lie."""
    rows = found.dimension_rows.iloc[:-1]
    told = {
        f"{short}{end}": value(getattr(rows[name], how)(), lang)
        for short, name in (("", "effective"), ("nominal_", "nominal"), ("alpha_", "alpha"))
        for end, how in (("low", "min"), ("high", "max"))
    }
    nominal = told["nominal_low"]
    if nominal != told["nominal_high"]:
        nominal = word("chart", "between", lang, low=nominal, high=told["nominal_high"])
    return word("chart", "title", lang, nominal=nominal, **told)


def _subtitle(found: IndexDiagnostics, lang: Lang) -> str:
    """Say which index, of whom."""
    name = inert(label(found.instrument, found.of, lang))
    facts = particulars.of_one_year(found.index.answers, found.index.design, lang)
    return word("chart", "subtitle", lang, name=name, **facts)


def _notes(found: IndexDiagnostics, lang: Lang) -> tuple[str, ...]:
    """How to read it, what deserves a look, source and the mark of made-up data."""
    return (
        word("chart", "note", lang, level=per_cent(found.level, lang)),
        " ".join(found.findings(lang)),
        particulars.source([found.instrument], lang),
        *particulars.made_up([found.index.answers], lang),
    )

"""Answers to each statement as bars of 100 %, and beside them the forms without an answer.

Satisfied answers start at the left edge, so that the share satisfied is a length from a common
base. Bars to both sides of zero are offered to those who want to see dissatisfaction as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sipas.charts import particulars
from sipas.charts.bar_starts import BarStarts, side_by_side, to_both_sides
from sipas.charts.findings import answers_title
from sipas.charts.look import FAINT, FALL_INK, INK, MUTED, PAPER, style
from sipas.charts.sections import with_headings
from sipas.charts.shares import Answered, Shown, answer_table, asked
from sipas.charts.sheet import Caption, Sheet, attach, open_sheet, sheet_width
from sipas.charts.typesetting import EDGE, SMALL, Row, stacked_rows, text_width
from sipas.charts.words import inert, per_cent, value, word
from sipas.instrument import Instrument
from sipas.numerals import Lang
from sipas.responses import REASONS
from survey.scores import Floats

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Fill = dict[str, Any]

#: From the most to the least satisfied level: luminance grows, so a photocopy keeps the order.
ANCHORS = ("#0b3c6f", "#5a94c8", "#c4c4c4", "#f7cf9a", "#fdeedb")
#: A part of a bar below this many per cent has no room for its number.
LEAST_PART = 8.0
REASON_FILLS: dict[str, Fill] = {
    "dont_know": {"facecolor": MUTED},
    "blank": {"facecolor": PAPER},
    "refused": {"facecolor": FAINT},
    "not_applicable": {"facecolor": PAPER, "hatch": "...."},
}


def answers(
    given: Answered,
    *,
    codes: Sequence[str] | None = None,
    diverging: bool = False,
    ax: Axes | None = None,
    lang: Lang = "vi",
) -> Axes:
    """Show how people answered each statement.

    Parameters
    ----------
    given : SatisfactionIndex, LeaderScores or Answers
        A result without domains, or clean answers (with their default design).
    codes : sequence of str, optional
        Statements to show; all that enter the index by default.
    diverging : bool
        Satisfied answers right of a line and dissatisfied ones left, the neutral ones apart.
    ax : Axes, optional
        Whose place to fill; a new figure 16 cm wide without.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    Axes
        `plotted` gives back the shares of valid answers by level and ``satisfied``, in per cent
        by the design, ``n`` valid answers, and the forms without an answer by kind, unweighted.

    Raises
    ------
    SurveyError
        A result by domain, an unknown statement, axes that are too small.
    """
    shown = asked(given)
    table = answer_table(shown, codes, lang)
    with style():
        return _drawn(shown, table, diverging, ax, lang)


def _caption(shown: Shown, table: pd.DataFrame, apart: bool, lang: Lang) -> Caption:
    """Say the finding, of whom, and how to read it."""
    instrument = shown.answers.instrument
    turned = [i.code for i in instrument.index_items if i.reverse and i.code in table.index]
    notes = [word("answers", "note", lang)]
    notes[0] += " " + word("answers", "small", lang, least=per_cent(LEAST_PART / 100.0, lang))
    if apart:
        notes[0] += " " + word("answers", "apart", lang)
    if turned:
        notes.append(word("common", "reversed", lang, codes=", ".join(turned)))
    notes.append(particulars.source([instrument], lang))
    notes += particulars.made_up([shown.answers], lang)
    facts = particulars.of_one_year(shown.answers, shown.design, lang)
    return Caption(
        answers_title(table, instrument, lang),
        word("answers", "subtitle", lang, **facts),
        tuple(notes),
    )


def _drawn(
    shown: Shown, table: pd.DataFrame, diverging: bool, ax: Axes | None, lang: Lang
) -> Axes:
    """Lay out labels, bars, the share satisfied and the forms without an answer."""
    instrument = shown.answers.instrument
    listed = with_headings(table, instrument, lang)
    width = sheet_width(ax)
    names, heads = [name for name, _ in listed], [code is None for _, code in listed]
    rows = stacked_rows(names, 0.43 * width - EDGE, least=0.19, headings=heads)
    scale = instrument.scale
    shares = table[list(scale.levels[::-1])].to_numpy(float)
    layout = to_both_sides(shares, scale) if diverging else side_by_side(shares)
    caption = _caption(shown, table, len(layout.bases) > 1, lang)
    sheet = open_sheet(ax, caption, rows, above=0.54, below=0.05)
    sheet.place(0.445 * width, 0.34 * width)
    sheet.write_labels()
    placed = [(row, code) for row, (_, code) in zip(rows, listed, strict=True) if code]
    fills = level_fills(len(scale.levels))
    _bars(sheet, shares, layout, [row for row, _ in placed], fills, lang)
    for row, code in placed:
        rate = value(particulars.cell(table, code, "satisfied"), lang)
        how = {"ha": "right", "va": "center_baseline", "label": "satisfied"}
        sheet.write(0.855 * width, sheet.row_y(row), rate, **how)
    used = _no_answer(sheet, table, placed, lang)
    _headers(sheet, instrument, fills, used, lang)
    attach(sheet.axes, table)
    return sheet.axes


def _bars(
    sheet: Sheet,
    shares: Floats,
    layout: BarStarts,
    rows: Sequence[Row],
    fills: list[Fill],
    lang: Lang,
) -> None:
    """Draw all bars, and the lines that they start from where they go both ways."""
    ax = sheet.axes
    ax.set_xlim(layout.low, layout.high)
    ax.set_axis_off()
    for base in layout.bases:
        ax.axvline(base, color=INK, linewidth=0.8, zorder=3)
    for row, own, starts in zip(rows, shares, layout.starts, strict=True):
        _bar(ax, own, starts, row.centre, fills, lang)


def level_fills(count: int) -> list[Fill]:
    """Fill of each level, from the most to the least satisfied; the lower half is hatched."""
    from matplotlib.colors import LinearSegmentedColormap, to_hex

    between = LinearSegmentedColormap.from_list("levels", ANCHORS, N=4 * 64 + 1)
    fills: list[Fill] = []
    for place in np.linspace(0.0, 1.0, count):
        hatch = "" if place <= 0.5 else "////" if place < 1.0 else "xxxxx"
        edge = {"edgecolor": FALL_INK if hatch else PAPER, "hatch": hatch, "linewidth": 0.5}
        fills.append({"facecolor": to_hex(between(place)), **edge})
    return fills


def _bar(
    ax: Axes, shares: Floats, starts: Floats, centre: float, fills: list[Fill], lang: Lang
) -> None:
    """Draw one bar of 100 %, with numbers where there is room."""
    for k, (share, start, fill) in enumerate(zip(shares, starts, fills, strict=True)):
        ax.barh(centre, share, left=start, height=0.15, **fill)
        if share >= LEAST_PART:
            patch = {"facecolor": fill["facecolor"], "edgecolor": "none", "pad": 0.8}
            ax.text(
                start + share / 2.0,
                centre,
                value(share, lang, 0),
                ha="center",
                va="center_baseline",
                fontsize=SMALL,
                color=PAPER if k == 0 else INK,
                bbox=patch if fill["hatch"] else None,
                label="share",
            )


def _no_answer(
    sheet: Sheet, table: pd.DataFrame, placed: Sequence[tuple[Row, str]], lang: Lang
) -> list[str]:
    """Draw the forms without an answer in a column of their own; give the kinds that occur."""
    used = [reason for reason in REASONS if table[reason].any()]
    totals = table[list(REASONS)].sum(axis="columns")
    panel = sheet.panel(0.885 * sheet.width, 0.065 * sheet.width)
    panel.set_xlim(0.0, max(float(totals.max()), 1.0))
    panel.set_axis_off()
    for row, code in placed:
        start = 0.0
        for reason in used:
            count = particulars.cell(table, code, reason)
            how = REASON_FILLS[reason] | {"edgecolor": MUTED, "linewidth": 0.5}
            panel.barh(row.centre, count, left=start, height=0.13, **how)
            start += count
        how = {"ha": "right", "va": "center_baseline", "label": "no answer"}
        sheet.write(sheet.width - EDGE, sheet.row_y(row), value(totals[code], lang, 0), **how)
    return used


def _headers(
    sheet: Sheet, instrument: Instrument, fills: list[Fill], used: list[str], lang: Lang
) -> None:
    """Write the keys and the heads of the columns."""
    top = sheet.plot_top - 0.54
    scale = instrument.scale
    names = [
        f"{k} {inert(name)}" for k, name in zip(scale.levels, scale.labels[lang], strict=True)
    ]
    sheet.key(top, list(zip(names[::-1], fills, strict=True)))
    kinds = [
        (word("answers", reason, lang), REASON_FILLS[reason] | {"edgecolor": MUTED})
        for reason in used
    ]
    lead = word("answers", "no_answer", lang)
    sheet.write(EDGE, top + 0.19, lead, fontsize=SMALL, label="key")
    sheet.key(top + 0.19, kinds, EDGE + text_width(lead, SMALL) + 0.12)
    levels = " + ".join(str(k) for k in scale.satisfied)
    heads = {
        0.855 * sheet.width: word("answers", "satisfied", lang, levels=levels),
        sheet.width - EDGE: word("answers", "column", lang),
    }
    for x, text in heads.items():
        how = {"ha": "right", "va": "bottom", "fontsize": SMALL, "color": MUTED}
        sheet.write(x, sheet.plot_top - 0.02, text, **how)

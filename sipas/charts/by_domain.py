"""Where satisfaction differs: statements by district or group, coloured from the mean of all.

Every cell prints its figure and its signed difference, so that a photocopy loses nothing; what
rests on too few answers is hatched and not shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from sipas.charts import particulars
from sipas.charts.domain_cells import ALL, LEAST, domain_cells, sizes
from sipas.charts.domain_words import heat_caption
from sipas.charts.look import FALL_INK, INK, MUTED, PAPER, style
from sipas.charts.marks import BAND, TINY, key
from sipas.charts.sheet import Sheet, attach, open_sheet, sheet_width
from sipas.charts.typesetting import BODY, EDGE, SMALL, stacked_rows, text_height, wrapped
from sipas.charts.words import change as points
from sipas.charts.words import inert, value, word
from sipas.composites import Level
from sipas.indices import SatisfactionIndex
from sipas.numerals import Lang, half_up
from survey.errors import SurveyError
from survey.intervals import check_level

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Share of the sheet that the cells take: a column each, and all of them at most; the narrowest
#: cell in inches.
COLUMN, CELLS, NARROWEST = 0.117, 0.64, 0.4
#: Width of the stroke that marks a cell below all together, in cells.
STROKE = 0.035
#: Far below all together, the same, far above: light enough for black figures.
BELOW, SAME, ABOVE = "#eda66f", "#ffffff", "#76aad8"


def heat_map(
    index: SatisfactionIndex,
    *,
    level_of: Level = "statement",
    least: int = LEAST,
    level: float = 0.95,
    ax: Axes | None = None,
    lang: Lang = "vi",
) -> Axes:
    """Show the index of each domain, and how far it lies from that of all together.

    Parameters
    ----------
    index : SatisfactionIndex
        From `sipas.satisfaction` with ``by=``.
    level_of : {"statement", "dimension", "aspect", "overall"}
        Which rows.
    least : int
        Cells with fewer valid answers are withheld: hatched on the chart, missing in `plotted`.
        Where one is alone in its row, its smallest neighbour goes too, so that subtraction from
        all together does not give it away.
    level : float
        1 − level is the error of the tests that set figures in bold.
    ax : Axes, optional
        Whose place to fill; a new figure 16 cm wide without.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    Axes
        `plotted` gives back one row a cell: index ``code, domain`` (all together are ``"all"``),
        columns ``level label estimate se low high n difference difference_se df p p_adjusted
        withheld``, in per cent and percentage points.

    Raises
    ------
    SurveyError
        No index, one without domains or with more than fit, no rows of that level, axes that are
        too small.

    Notes
    -----
    Bold: the domain differs from all together, t test of a contrast that knows the covariance of
    the part with the whole; statements adjusted by Benjamini–Hochberg, dimensions by Holm, over
    all cells.
    """
    make = 'sipas.satisfaction(answers, by="district")'
    particulars.require_result(index, SatisfactionIndex, "heat_map", make)
    check_level(level)
    if not index.by:
        raise SurveyError("charts.heat_map: this index has no domains.", mend=f"Use {make}.")
    with style():
        return _drawn(index, level_of, least, level, ax, lang)


def _drawn(
    index: SatisfactionIndex,
    level_of: Level,
    least: int,
    level: float,
    ax: Axes | None,
    lang: Lang,
) -> Axes:
    """Lay out labels, heads of the columns and cells."""
    cells = domain_cells(index, level_of, least, level, lang)
    width = sheet_width(ax)
    domains = list(dict.fromkeys(cells.index.get_level_values("domain")))
    share = min(CELLS, COLUMN * len(domains))
    step = share * width / len(domains)
    _fits(domains, step, width)
    whole = particulars.at(cells, ALL, "domain")
    labels = particulars.row_names(whole, index.instrument, lang)
    rows = stacked_rows(labels, (0.98 - share) * width - EDGE, least=0.275)
    names = [word("heat_map", ALL, lang), *map(inert, domains[1:])]
    texts = [
        wrapped(name, step - 0.03, _head_size(step), bold=k == 0) for k, name in enumerate(names)
    ]
    tallest = text_height(max(map(len, texts)) + 1, SMALL)
    caption = heat_caption(index, cells, level_of, least, level, lang)
    sheet = open_sheet(ax, caption, rows, above=tallest + 0.3, below=0.04)
    sheet.place((0.99 - share) * width, share * width)
    sheet.write_labels()
    sheet.axes.set_xlim(0.0, len(domains))
    sheet.axes.set_axis_off()
    held = sizes(index)
    _heads(sheet, texts, [held.get(name, 0) for name in domains], lang)
    _key(sheet, tallest, bool(cells["withheld"].any()), lang)
    _cells(sheet, cells, len(domains), 1.0 - level, lang)
    attach(sheet.axes, cells)
    return sheet.axes


def _head_size(step: float) -> float:
    """Size of the heads of columns of a width, so that a syllable and an n fit."""
    return SMALL if step > 0.5 else 6.0


def _fits(domains: Sequence[str], step: float, width: float) -> None:
    """Refuse more columns than can be read."""
    if step < NARROWEST:
        raise SurveyError(
            f"charts.heat_map: {len(domains) - 1} domains do not fit into {2.54 * width:.0f} cm.",
            mend=f"At most {int(CELLS * width / NARROWEST) - 1} do: group them, or choose some "
            "with design=answers.design().domain(…).",
        )


def _heads(sheet: Sheet, texts: list[list[str]], numbers: Sequence[int], lang: Lang) -> None:
    """Write the name and the size of each domain above its column."""
    step = min(CELLS, COLUMN * len(texts)) * sheet.width / len(texts)
    for k, (lines, n) in enumerate(zip(texts, numbers, strict=True)):
        sheet.write(
            0.99 * sheet.width - (len(texts) - k - 0.5) * step,
            sheet.plot_top - 0.04,
            "\n".join([*lines, word("common", "n", lang, n=value(n, lang, 0))]),
            ha="center",
            va="bottom",
            fontsize=_head_size(step),
            fontweight="bold" if k == 0 else "normal",
            label="domain",
        )


def _key(sheet: Sheet, tallest: float, withheld: bool, lang: Lang) -> None:
    """Say what the colours mean."""
    entries: list[tuple[str, dict[str, Any]]] = [
        (word("heat_map", "key_below", lang), {"facecolor": BELOW, "edgecolor": MUTED}),
        (word("heat_map", "key_above", lang), {"facecolor": ABOVE, "edgecolor": MUTED}),
    ]
    if withheld:
        look = {"facecolor": PAPER, "edgecolor": MUTED, "hatch": "////"}
        entries.append((word("heat_map", "key_withheld", lang), look))
    key(sheet, sheet.plot_top - tallest - 0.28, entries)


def _cells(sheet: Sheet, cells: pd.DataFrame, count: int, alpha: float, lang: Lang) -> None:
    """Draw every cell, and print its figure and its difference."""
    from matplotlib.colors import LinearSegmentedColormap
    from matplotlib.patches import Rectangle

    shades = LinearSegmentedColormap.from_list("apart", [BELOW, SAME, ABOVE])
    widest = max(float(cells["difference"].abs().max()), 1.0)
    records: Iterable[Any] = cells.itertuples()
    for k, cell in enumerate(records):
        row, column = sheet.rows[k // count], k % count
        gap = 0.035 if column == 0 else 0.0
        fill: Any = BAND if column == 0 else shades(0.5 + 0.5 * cell.difference / widest)
        look: dict[str, Any] = {"facecolor": fill, "edgecolor": PAPER, "linewidth": 1.0}
        if cell.withheld:
            look = {"facecolor": PAPER, "edgecolor": MUTED, "hatch": "////", "linewidth": 0.5}
        corner = (column, row.centre - row.height / 2.0)
        sheet.axes.add_patch(Rectangle(corner, 1.0 - gap, row.height, **look))
        if not cell.withheld:
            bold = "bold" if column == 0 or cell.p_adjusted < alpha else "normal"
            _figures(sheet, row.centre, column, cell, bold, lang)
        if column and not cell.withheld and half_up(cell.difference, 1) < 0:
            place: dict[str, Any] = {"left": column + 0.01, "height": row.height - 0.03}
            sheet.axes.barh(row.centre, STROKE, **place, color=FALL_INK, zorder=2)


def _figures(sheet: Sheet, centre: float, column: int, cell: Any, bold: str, lang: Lang) -> None:
    """Print the rate, and below it the difference from all together."""
    texts = [(value(cell.estimate, lang, 1), BODY, "bottom", -1.0, "rate")]
    if column:
        texts.append((points(cell.difference, lang, 1), TINY, "top", -2.0, "difference"))
    else:
        texts[0] = (*texts[0][:2], "center_baseline", 0.0, "rate")
    for text, size, va, shift, name in texts:
        sheet.axes.annotate(
            text,
            (column + (0.5 if column else 0.48), centre),
            xytext=(0.0, shift),
            textcoords="offset points",
            ha="center",
            va=va,
            fontsize=size,
            fontweight=bold,
            color=INK,
            parse_math=False,
            label=name,
        )

"""Who answered beside who lives there: shares of respondents and of the population."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import pandas as pd

import survey
from sipas.charts import particulars
from sipas.charts.look import AFTER_INK, INK, MUTED, style
from sipas.charts.marks import TINY, dot, heads, key, limits, looks, scale, whisker
from sipas.charts.population_shares import Population, profile_table
from sipas.charts.sheet import Caption, Sheet, attach, open_sheet, sheet_width
from sipas.charts.typesetting import EDGE, Row, stacked_rows
from sipas.charts.words import change as points
from sipas.charts.words import inert, interval, known, opened, per_cent, value, word
from sipas.numerals import Lang
from sipas.responses import Answers
from survey.intervals import check_level
from survey.stacking import label_parts

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Where the panel begins and its width, in widths of the sheet; then where columns end.
PANEL_FROM, PANEL = 0.3, 0.37
SHARE, ENDS, GAP = 0.745, 0.865, 0.99


def profile(
    answers: Answers,
    population: Population,
    *,
    source: str = "",
    design: survey.Design | None = None,
    level: float = 0.95,
    ax: Axes | None = None,
    lang: Lang = "vi",
) -> Axes:
    """Show who answered beside who lives there.

    Parameters
    ----------
    answers : Answers
        Clean answers.
    population : mapping of mappings, or DataFrame
        Shares or counts of the groups of each characteristic, such as
        ``{"gender": {"Nữ": 51, "Nam": 49}}``, or columns ``variable category population``; each
        characteristic is made to add up to 100. Every group among respondents needs one.
    source : str
        Where the population figures come from, for the note.
    design : survey.Design, optional
        ``answers.design()`` by default.
    level : float
        Confidence of the intervals.
    ax : Axes, optional
        Whose place to fill; a new figure 16 cm wide without.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    Axes
        `plotted` gives back one row a group: index ``variable, category``, columns ``estimate se
        low high n population difference`` in per cent and percentage points.

    Raises
    ------
    SurveyError
        No answers, a characteristic that is no column, a group without a population share,
        shares that are negative, a confidence outside (0, 1), axes that are too small.

    Notes
    -----
    Solid: the interval of the share leaves out that of the population, unadjusted. Shares that
    the design fixes, such as those of districts of equal samples, have no interval.
    """
    particulars.require_result(answers, Answers, "profile", "sipas.clean(sheet, instrument)")
    check_level(level)
    made = answers.design() if design is None else design
    table = profile_table(made, population, level)
    with style():
        return _drawn(answers, made, table, source, level, ax, lang)


def leaves_out(table: pd.DataFrame) -> pd.Series:
    """Whether the interval of each group leaves out the share of the population."""
    return (table["low"] > table["population"]) | (table["high"] < table["population"])


def profile_title(answers: Answers, table: pd.DataFrame, lang: Lang) -> str:
    """Name the widest gap that the design did not fix; count intervals without the population."""
    drawn = table[table["low"].notna()]
    widest = label_parts((table if drawn.empty else drawn)["difference"].abs().idxmax())
    gap = points(particulars.cell(table, widest, "difference"), lang, 1)
    filled = {"count": int(leaves_out(table).sum()), "all": len(drawn)}
    name = f"{variable_name(str(widest[0]), lang)} – {category_name(answers, widest[1], lang)}"
    kind = "title_fixed" if drawn.empty else "title"
    return word("profile", kind, lang, row=name, points=gap, **filled)


def variable_name(variable: str, lang: Lang) -> str:
    """Name a characteristic; as the column is called, where it is none of the usual ones."""
    return word("variable", variable, lang) if known("variable", variable) else inert(variable)


def described(answers: Answers, population: Population, lang: Lang, level: float) -> str:
    """Say in words what the chart shows, for `alt_text`."""
    table = profile_table(answers.design(), population, level)
    told = [variable_name(str(name), lang) for name in table.index.unique(level="variable")]
    filled = {"count": len(table), "variables": ", ".join(told)}
    return word(
        "alt", "profile", lang, title=opened(profile_title(answers, table, lang)), **filled
    )


def category_name(answers: Answers, category: object, lang: Lang) -> str:
    """Name a group: those of leaders by the instrument, others as in the data."""
    groups = {group.code: group.label[lang] for group in answers.instrument.groups}
    return inert(groups.get(str(category), str(category)))


def _caption(
    answers: Answers,
    design: survey.Design,
    table: pd.DataFrame,
    source: str,
    level: float,
    lang: Lang,
) -> Caption:
    """Say the finding, of whom, and how to read it."""
    facts = particulars.of_one_year(answers, design, lang)
    named = word("profile", "source", lang, source=inert(source)) if source else ""
    return Caption(
        opened(profile_title(answers, table, lang)),
        word("profile", "subtitle", lang, level=per_cent(level, lang), **facts),
        (
            word("profile", "note", lang),
            named or word("profile", "source_given", lang),
            *particulars.notes_of_one_year(answers, lang),
        ),
    )


def _drawn(
    answers: Answers,
    design: survey.Design,
    table: pd.DataFrame,
    source: str,
    level: float,
    ax: Axes | None,
    lang: Lang,
) -> Axes:
    """Lay out groups beneath their characteristic, shares and gaps."""
    width = sheet_width(ax)
    listed: list[tuple[str, int | None]] = []
    for k, (variable, category) in enumerate(table.index):
        if k == 0 or variable != table.index[k - 1][0]:
            listed.append((variable_name(str(variable), lang), None))
        listed.append((category_name(answers, category, lang), k))
    room = PANEL_FROM * width - EDGE - 0.06
    tops = [place is None for _, place in listed]
    names = [name for name, _ in listed]
    rows = stacked_rows(names, room, least=0.19, headings=tops, heading_width=room)
    caption = _caption(answers, design, table, source, level, lang)
    sheet = open_sheet(ax, caption, rows, above=0.56, below=0.18)
    sheet.place(PANEL_FROM * width, PANEL * width)
    sheet.write_labels()
    panel = sheet.axes
    ends = table[["low", "high", "estimate", "population"]].to_numpy(float).ravel()
    panel.set_xlim(*limits([0.0, *ends], pad=0.04))
    panel.set_axis_off()
    scale(panel, lang)
    records: list[Any] = list(table.assign(sure=leaves_out(table)).itertuples())
    for row, (_, place) in zip(rows, listed, strict=True):
        if place is not None:
            _row(sheet, row, records[place], lang)
    _key(sheet, level, lang)
    attach(panel, table)
    return panel


def _row(sheet: Sheet, row: Row, shown: Any, lang: Lang) -> None:
    """Draw one group: respondents as a dot with an interval, the population as a stroke."""
    panel, y = sheet.axes, sheet.row_y(row)
    stroke: dict[str, Any] = {"color": INK, "linewidth": 2.0, "label": "population"}
    panel.plot([shown.population] * 2, [row.centre - 0.07, row.centre + 0.07], **stroke)
    whisker(panel, shown.low, shown.high, row.centre, color=AFTER_INK)
    dot(panel, shown.estimate, row.centre, "o", solid=shown.sure, ink=AFTER_INK, markersize=5.0)
    how: dict[str, Any] = {"ha": "right", "va": "center_baseline"}
    bold = {"fontweight": "bold" if shown.sure else "normal"}
    for place, text, name, look in (
        (SHARE, value(shown.estimate, lang, 1), "share", {}),
        (ENDS, interval(shown.low, shown.high, lang, 1), "interval", {"fontsize": TINY}),
        (0.925, value(shown.population, lang, 1), "population", {}),
        (GAP, points(shown.difference, lang, 1), "gap", bold),
    ):
        ink = MUTED if name == "interval" else INK
        sheet.write(place * sheet.width, y, text, label=name, color=ink, **look, **how)


def _key(sheet: Sheet, level: float, lang: Lang) -> None:
    """Say what the marks mean, and head the columns."""
    told = word("profile", "respondents", lang, level=per_cent(level, lang))
    entries: Iterable[tuple[str, dict[str, Any]]] = [
        (told, looks("o", solid=False, ink=AFTER_INK)),
        (word("profile", "evidence", lang), looks("o", ink=AFTER_INK)),
        (word("profile", "population", lang), looks("|") | {"markeredgewidth": 2.0}),
    ]
    key(sheet, sheet.plot_top - 0.56, list(entries))
    texts = {
        ENDS: word("profile", "column_respondents", lang),
        0.925: word("profile", "column_population", lang),
        GAP: word("profile", "column_gap", lang),
    }
    heads(sheet, {place * sheet.width: text for place, text in texts.items()})

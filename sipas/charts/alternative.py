"""What a chart shows, in words, for readers who do not see it."""

from __future__ import annotations

from sipas.changes import Change
from sipas.charts.by_group import group_cells
from sipas.charts.findings import (
    account_title,
    answers_title,
    change_noun,
    change_rows,
    change_title,
    leaders_title,
)
from sipas.charts.shares import answer_table, asked
from sipas.charts.words import change as points
from sipas.charts.words import opened, value, word
from sipas.composites import Level
from sipas.drivers import Contributions
from sipas.indices import SatisfactionIndex
from sipas.leaders import LeaderScores
from sipas.numerals import Lang
from sipas.responses import REASONS, Answers

Drawn = SatisfactionIndex | Answers | Change | Contributions | LeaderScores


def alt_text(
    result: Drawn, lang: Lang = "vi", *, level_of: Level = "dimension", level: float = 0.95
) -> str:
    """Say in words what the chart of a result shows: its kind, the finding, the range.

    Parameters
    ----------
    result : SatisfactionIndex, Answers, Change, Contributions or LeaderScores
        What was given to `answers`, `change`, `contributions` or `leaders`.
    lang : {"vi", "en"}
        Language.
    level_of : str
        Rows, as given to `change` or `leaders`.
    level : float
        Confidence, as given to the chart.

    Returns
    -------
    str
        One paragraph.

    Examples
    --------
    >>> import sipas
    >>> answers = sipas.clean(sipas.datasets.load_hue_households(2022), "sipas-2022")
    >>> alt_text(sipas.satisfaction(answers), lang="en")
    '100% stacked bars: answers to 26 statements on 5 levels. Lowest ...'
    """
    if isinstance(result, Change):
        return _of_change(result, lang, level_of, level)
    if isinstance(result, Contributions):
        return _of_account(result, lang, level)
    if isinstance(result, LeaderScores):
        return _of_leaders(result, lang, level_of, level)
    return _of_answers(result, lang)


def _of_answers(result: SatisfactionIndex | Answers, lang: Lang) -> str:
    shown = asked(result)
    table = answer_table(shown, None, lang)
    silent = table[list(REASONS)].sum(axis="columns")
    return word(
        "alt",
        "answers",
        lang,
        count=len(table),
        levels=len(shown.answers.instrument.scale.levels),
        title=answers_title(table, shown.answers.instrument, lang),
        low=value(table["satisfied"].min(), lang),
        high=value(table["satisfied"].max(), lang),
        least=value(silent.min(), lang, 0),
        most=value(silent.max(), lang, 0),
    )


def _of_change(result: Change, lang: Lang, level_of: Level, level: float) -> str:
    table = change_rows(result, level_of, level, lang)
    old, new = result.instruments
    return word(
        "alt",
        "change",
        lang,
        count=len(table),
        noun=change_noun(result, table, level_of, lang),
        before=old.year,
        after=new.year,
        title=opened(change_title(result, table, level_of, lang)),
        low=points(table["estimate"].min(), lang),
        high=points(table["estimate"].max(), lang),
        fell=(table["verdict"] == "fell").sum(),
        rose=(table["verdict"] == "rose").sum(),
    )


def _of_account(result: Contributions, lang: Lang, level: float) -> str:
    table = result.table(level=level, lang=lang)
    old, new = result.change.instruments
    return word(
        "alt",
        "contributions",
        lang,
        count=len(table),
        before=value(result.before, lang),
        after=value(result.after, lang),
        year_before=old.year,
        year_after=new.year,
        title=account_title(result, level, lang),
        low=points(table["estimate"].min(), lang),
        high=points(table["estimate"].max(), lang),
    )


def _of_leaders(result: LeaderScores, lang: Lang, level_of: Level, level: float) -> str:
    cells = group_cells(result, level_of, level, lang)
    return word(
        "alt",
        "leaders",
        lang,
        rows=cells.index.get_level_values(0).nunique() - 1,
        noun=word("noun", f"leader_{level_of}", lang),
        groups=len(result.weights),
        title=leaders_title(cells, result, lang),
        low=value(cells["estimate"].min(), lang),
        high=value(cells["estimate"].max(), lang),
    )

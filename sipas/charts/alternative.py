"""What a chart shows, in words, for readers who do not see it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from sipas.changes import Change, SeveralYears
from sipas.charts import (
    domain_words,
    forest_plot,
    importance_performance,
    index_diagnostics,
    particulars,
    rank_plot,
    respondent_profile,
    several_years,
    specifications,
    target_distances,
)
from sipas.charts.by_group import group_cells
from sipas.charts.findings import (
    account_title,
    answers_title,
    change_noun,
    change_rows,
    change_title,
    leaders_title,
)
from sipas.charts.population_shares import Population
from sipas.charts.shares import answer_table, asked
from sipas.charts.words import change as points
from sipas.charts.words import opened, value, word
from sipas.composites import Level
from sipas.diagnostics import IndexDiagnostics
from sipas.drivers import Contributions
from sipas.indices import SatisfactionIndex
from sipas.key_drivers import Priorities
from sipas.leaders import LeaderScores
from sipas.numerals import Lang
from sipas.responses import REASONS, Answers
from sipas.robustness import SpecificationGrid
from sipas.targeting import TargetTable
from survey.errors import require_option
from survey.ranks import RankIntervals

Drawn = (
    SatisfactionIndex
    | Answers
    | Change
    | SeveralYears
    | Contributions
    | LeaderScores
    | Priorities
    | RankIntervals
    | TargetTable
    | SpecificationGrid
    | IndexDiagnostics
)
ChangeChart = Literal["change", "forest"]


@dataclass(frozen=True, slots=True)
class _Asked:
    """How the chart was drawn, as far as its words depend on it."""

    lang: Lang
    chart: ChangeChart
    level_of: Level | None
    level: float
    population: Population | None
    own: object


def alt_text(
    result: Drawn,
    lang: Lang = "vi",
    *,
    chart: ChangeChart = "change",
    level_of: Level | None = None,
    level: float = 0.95,
    population: Population | None = None,
    own: object = None,
) -> str:
    """Say in words what the chart of a result shows: its kind, the finding, the range.

    Parameters
    ----------
    result : SatisfactionIndex, Answers, Change, SeveralYears, Contributions, LeaderScores, \
Priorities, RankIntervals, TargetTable, SpecificationGrid or IndexDiagnostics
        What was given to the chart. An index by domain is that of `heat_map`.
    lang : {"vi", "en"}
        Language.
    chart : {"change", "forest"}
        Which chart of a change.
    level_of, level, own
        As given to the chart; its own defaults otherwise.
    population : mapping or DataFrame, optional
        As given to `profile`; answers without it are those of `answers`.

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
    require_option(chart, ("change", "forest"), where="alt_text(chart=)")
    how = _Asked(lang, chart, level_of, level, population, own)
    for kind, describe in _WORDS:
        if isinstance(result, kind):
            return describe(result, how)
    return _of_answers(result, how)


def _of_answers(result: Any, how: _Asked) -> str:
    """Answers, or who gave them, or an index by domain."""
    lang = how.lang
    if isinstance(result, Answers) and how.population is not None:
        return respondent_profile.described(result, how.population, lang, how.level)
    if isinstance(result, SatisfactionIndex) and result.by:
        return domain_words.described(result, lang, how.level_of or "statement", how.level)
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


def _of_change(result: Change, how: _Asked) -> str:
    """Two years, as dumbbells or as a forest."""
    lang, level, level_of = how.lang, how.level, how.level_of or "dimension"
    if how.chart == "forest":
        return forest_plot.described(result, lang, level)
    table = change_rows(result, level_of, level, lang)
    before, after = particulars.years_of(result)
    return word(
        "alt",
        "change",
        lang,
        count=len(table),
        noun=change_noun(result, table, level_of, lang),
        before=before,
        after=after,
        title=opened(change_title(result, table, level_of, lang)),
        low=points(table["estimate"].min(), lang),
        high=points(table["estimate"].max(), lang),
        fell=(table["verdict"] == "fell").sum(),
        rose=(table["verdict"] == "rose").sum(),
    )


def _of_account(result: Contributions, how: _Asked) -> str:
    """Contributions, as a waterfall."""
    lang, level = how.lang, how.level
    table = result.table(level=level, lang=lang)
    before, after = particulars.years_of(result.change)
    return word(
        "alt",
        "contributions",
        lang,
        count=len(table),
        before=value(result.before, lang),
        after=value(result.after, lang),
        year_before=before,
        year_after=after,
        title=account_title(result, level, lang),
        low=points(table["estimate"].min(), lang),
        high=points(table["estimate"].max(), lang),
    )


def _of_leaders(result: LeaderScores, how: _Asked) -> str:
    """Leaders by group and domain."""
    lang, level_of = how.lang, how.level_of or "dimension"
    cells = group_cells(result, level_of, how.level, lang)
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


_WORDS: tuple[tuple[type, Callable[[Any, _Asked], str]], ...] = (
    (Change, _of_change),
    (Contributions, _of_account),
    (LeaderScores, _of_leaders),
    (SeveralYears, lambda made, how: several_years.described(made, how.lang, how.level)),
    (Priorities, lambda made, how: importance_performance.described(made, how.lang)),
    (RankIntervals, lambda made, how: rank_plot.described(made, how.lang, how.own)),
    (IndexDiagnostics, lambda made, how: index_diagnostics.described(made, how.lang)),
    (SpecificationGrid, lambda made, how: specifications.described(made, how.lang, how.level)),
    (TargetTable, lambda made, how: target_distances.described(made, how.lang)),
)

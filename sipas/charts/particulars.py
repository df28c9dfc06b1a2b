"""Who, where, when and how many: the particulars every chart states beside its finding."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from sipas.changes import Change, year_of
from sipas.charts.words import inert, value, word
from sipas.indices import SatisfactionIndex
from sipas.instrument import Instrument
from sipas.labelling import label
from sipas.leaders import LeaderScores
from sipas.numerals import Lang
from sipas.responses import Answers
from sipas.responses.populations import named
from survey.design import Design
from survey.errors import SurveyError

MADE_UP = "made_up"
Year = SatisfactionIndex | LeaderScores


def require_result(given: object, kind: type, chart: str, make: str) -> None:
    """Refuse what the chart cannot show.

    Raises
    ------
    SurveyError
        Naming what to pass.
    """
    if not isinstance(given, kind):
        raise SurveyError(
            f"charts.{chart}: got {type(given).__name__}, not {kind.__name__}.",
            mend=f"Pass what {make} gives.",
        )


def population(design: Design, lang: Lang) -> str:
    """Name the population of a design, in the language of the chart where that is known."""
    return inert(named(design, lang))


def place(answers: Sequence[Answers], years: str, lang: Lang) -> str:
    """Name the province, where the sheets know one, and the year or years."""
    named = [one.data["province"].dropna().unique() for one in answers if "province" in one.data]
    names = sorted({str(name) for each in named for name in each})
    if len(names) != 1:
        return years
    return word("common", "place_year", lang, place=inert(names[0]), year=years)


def source(instruments: Sequence[Instrument], lang: Lang) -> str:
    """Name the surveys."""
    titles = "; ".join(dict.fromkeys(inert(one.title[lang]) for one in instruments))
    return word("common", "source", lang, titles=titles)


def made_up(answers: Sequence[Answers], lang: Lang) -> tuple[str, ...]:
    """Say that data are made up, in the words of the sheet's own column."""
    columns = [one.data[MADE_UP].dropna() for one in answers if MADE_UP in one.data]
    texts = sorted({inert(text) for column in columns for text in column.unique()} - {""})
    return (word("common", "made_up", lang, text="; ".join(texts)),) if texts else ()


def comparability(change: Change, lang: Lang) -> tuple[str, ...]:
    """Say what differs between the questionnaires of two years, if anything does."""
    listed = change.differences(lang)["what"].unique()
    if not len(listed):
        return ()
    whole = ("kind", "population", "scale", "satisfied", "scores")
    parts = [what if what in whole else "questionnaire" for what in listed]
    named = [word("differs", part, lang) for part in dict.fromkeys(parts)]
    old, new = change.instruments
    link = word("link", change.link, lang) if change.link else ""
    filled = {"what": ", ".join(named), "before": old.id, "after": new.id, "link": link}
    return (word("common", "differs", lang, **filled).strip(),)


def measure(year: Year, lang: Lang) -> str:
    """Say what the number is."""
    if isinstance(year, LeaderScores):
        return word("common", "measure_leaders", lang)
    if year.rules.score == "mean":
        return word("common", "measure_mean", lang)
    return word("common", "measure_top2", lang, levels=satisfied_levels(year.instrument, lang))


def measure_of(year: Year, table: pd.DataFrame, lang: Lang) -> str:
    """Say what the number is, and of which index where all rows are one index by domain."""
    told = measure(year, lang)
    return f"{inert(table['label'].iloc[0])}. {told}" if one_index(table) else told


def one_index(table: pd.DataFrame) -> bool:
    """Whether the rows are the domains of one index, so that the domain is name enough."""
    return table.index.nlevels > 1 and table.index.get_level_values(0).unique().size == 1


def satisfied_levels(instrument: Instrument, lang: Lang) -> str:
    """Name the levels that count as satisfied, in quotation marks."""
    scale = instrument.scale
    names = dict(zip(scale.levels, scale.labels[lang], strict=True))
    return ", ".join(f"“{inert(names[level])}”" for level in scale.satisfied)


def years_of(change: Change) -> tuple[str, str]:
    """Years of a change, as the sheets give them."""
    old, new = (year_of(year.answers) for year in (change.before, change.after))
    return str(old), str(new)


def of_two_years(change: Change, lang: Lang) -> dict[str, str]:
    """Place, population and n of a change."""
    years = (change.before, change.after)
    populations = [population(year.design, lang) for year in years]
    numbers = [value(int(year.design.inside.sum()), lang, 0) for year in years]
    old, new = years_of(change)
    speaks = populations[0]
    if populations[0] != populations[1]:
        filled = {"before": populations[0], "after": populations[1]}
        speaks = word("common", "two_populations", lang, before_year=old, after_year=new, **filled)
    joined = word("common", "years", lang, before=old, after=new)
    return {
        "place": place([year.answers for year in years], joined, lang),
        "population": speaks,
        "n": word("common", "n_two", lang, before=numbers[0], after=numbers[1]),
    }


def notes_of_change(change: Change, lang: Lang) -> tuple[str, ...]:
    """Caveat, source and the mark of made-up data of a change."""
    answers = [change.before.answers, change.after.answers]
    return (
        *comparability(change, lang),
        source(change.instruments, lang),
        *made_up(answers, lang),
    )


def notes_of_one_year(answers: Answers, lang: Lang) -> tuple[str, ...]:
    """Source and the mark of made-up data of one survey."""
    return (source([answers.instrument], lang), *made_up([answers], lang))


def of_one_year(answers: Answers, design: Design, lang: Lang) -> dict[str, str]:
    """Place, population and n of one survey."""
    n = value(int(design.inside.sum()), lang, 0)
    return {
        "place": place([answers], str(year_of(answers)), lang),
        "population": population(design, lang),
        "n": word("common", "n", lang, n=n),
    }


def degrees(df: pd.Series, lang: Lang) -> str:
    """Write degrees of freedom from the fewest to the most, decimals only where there are any."""
    rounded = [round(float(one), 1) for one in (df.min(), df.max())]
    told = [value(one, lang, 0 if one % 1.0 == 0.0 else 1) for one in rounded]
    return "–".join(dict.fromkeys(told))


def at(table: pd.DataFrame, key: object, level: str | int) -> pd.DataFrame:
    """Keep the rows of one key of a level of the index, without that level."""
    return table[table.index.get_level_values(level) == key].droplevel(level)


def cell(table: pd.DataFrame, key: object, column: object) -> float:
    """Read one number of a table."""
    found: dict[object, float] = table[column].to_dict()
    return float(found[key])


def row_names(table: pd.DataFrame, instrument: Instrument, lang: Lang) -> list[str]:
    """Label each row in full: statements with their code, dimensions in short, with any domain."""
    return [_row_name(key, table, instrument, lang, titled=False) for key in table.index]


def short_name(key: object, table: pd.DataFrame, instrument: Instrument, lang: Lang) -> str:
    """Label one row for a title: in short, without its code."""
    return _row_name(key, table, instrument, lang, titled=True)


def _row_name(
    key: object, table: pd.DataFrame, instrument: Instrument, lang: Lang, *, titled: bool
) -> str:
    """Label one row; groups of leaders by the instrument, other domains as in the data."""
    code, *domain = key if isinstance(key, tuple) else (key,)
    groups = {group.code: group.label[lang] for group in instrument.groups}
    parts = [groups.get(str(part), str(part)) for part in domain]
    if one_index(table):
        return inert(" – ".join(parts))
    items = {item.code for item in instrument.items}
    if str(code) not in items | {part.code for part in instrument.dimensions}:
        return inert(table.loc[[key], "label"].iloc[0])
    short = titled or str(code) not in items
    text = label(instrument, str(code), lang, short=short)
    if not titled:
        text = word("common", "coded", lang, code=code, label=text)
    return inert(" – ".join([text, *parts]))

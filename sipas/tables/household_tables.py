"""Tables of the household survey: dimensions as the provincial plans print them, statements."""

from __future__ import annotations

import pandas as pd

from sipas.changes import Change, Year
from sipas.numerals import Lang
from sipas.phrases import Voice
from sipas.tables.printed_figures import (
    HEADLINE,
    HEADLINE_PRINTED,
    Figure,
    Printed,
    Published,
    as_printed,
)
from sipas.tables.table_parts import Column, Table, numbered
from sipas.tables.two_years import Years, years
from sipas.tables.uncertainty import (
    Uncertainty,
    change_columns,
    interval,
    notes_of,
    verdict_words,
)
from survey.errors import SurveyError

_PRINTED_LEVELS = ("dimension", "overall")


def dimensions(
    result: Change | Year,
    *,
    published: Published = None,
    uncertainty: Uncertainty = "both",
    level: float = 0.95,
    lang: Lang = "vi",
) -> Table:
    """Tabulate the indices of the dimensions and the whole: "Bảng 2" of the provincial plans.

    Parameters
    ----------
    result : Change or SatisfactionIndex
        Two years, or one.
    published : DataFrame or list of them, optional
        Printed figures; ranks are shown only from here, with their source. For one year, also
        the printed indices of the year before.
    uncertainty : {"both", "interval", "se", "none"}
        What stands beside the change (for one year, the index); with anything, also the verdict.
    level : float
        Confidence of the intervals.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    Table
        Frame indexed by code; ``before``, ``after`` in per cent, ``estimate`` (the change) in
        percentage points.
    """
    two, voice = years(result), Voice(lang)
    sources = as_printed(published)
    codes = [*two.dimensions, *two.wholes]
    frame = _frame(two, codes, voice, level)
    columns = [Column("place", voice.say("head", "place"), kind="text"), _label(voice)]
    columns += _year_columns(frame, two, sources, voice)
    columns += _uncertain(two, voice, level, uncertainty)
    notes = notes_of(two, voice, level, uncertainty)
    if sources is not None:
        notes = (*notes, voice.say("note", "ranks", source=sources.source(voice)))
    return Table(
        name="dimensions",
        title=voice.say("title", _which("dimensions", two), **_named(two)),
        frame=numbered(frame, two.dimensions),
        columns=tuple(columns),
        notes=notes,
        strong=tuple(two.wholes),
        lang=lang,
    )


def statements(
    result: Change | Year,
    *,
    uncertainty: Uncertainty = "both",
    level: float = 0.95,
    lang: Lang = "vi",
) -> Table:
    """Every statement, by dimension.

    Parameters
    ----------
    result : Change or SatisfactionIndex
        Two years, or one.
    uncertainty : {"both", "interval", "se", "none"}
        What stands beside the change (for one year, the index); with anything, also the verdict.
    level : float
        Confidence of the intervals.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    Table
        As `dimensions`, with a bold row for each dimension above its statements.

    Raises
    ------
    SurveyError
        If the two years have no comparable statements.
    """
    two, voice = years(result), Voice(lang)
    if not two.statements:
        raise SurveyError(
            "statements: these two years have no comparable statements.",
            mend="Compare with link='items'.",
        )
    dimension = {item.code: item.dimension for item in two.after.instrument.index_items}
    codes = [
        code
        for part in two.dimensions
        for code in (part, *(c for c in two.statements if dimension[c] == part))
    ]
    frame = _frame(two, codes, voice, level)
    columns = [Column("place", voice.say("head", "place"), kind="text"), _label(voice, "item")]
    columns += _year_columns(frame, two, None, voice)
    columns += _uncertain(two, voice, level, uncertainty)
    return Table(
        name="statements",
        title=voice.say("title", _which("statements", two), **_named(two)),
        frame=numbered(frame, two.statements),
        columns=tuple(columns),
        notes=notes_of(two, voice, level, uncertainty),
        strong=tuple(two.dimensions),
        lang=lang,
    )


def _frame(two: Years, codes: list[str], voice: Voice, level: float) -> pd.DataFrame:
    """Numbers of the rows: both years and the change, or one year."""
    if two.change is None:
        frame = two.rates(level).loc[codes].rename(columns={"estimate": "after"})
    else:
        frame = two.changes(level).loc[codes].drop(columns=["label", "level"])
        frame["verdict_words"] = verdict_words(frame["verdict"], voice)
    frame.insert(0, "label", [two.label(code, voice) for code in codes])
    return frame


def _uncertain(two: Years, voice: Voice, level: float, uncertainty: Uncertainty) -> list[Column]:
    """Columns of the change, or of one year's sampling error."""
    if two.change is not None:
        return change_columns(voice, level, uncertainty)
    return interval(voice, level, uncertainty=uncertainty)


def _year_columns(
    frame: pd.DataFrame, two: Years, sources: Printed | None, voice: Voice
) -> list[Column]:
    """Columns of each year: the index, and the printed rank where there is one."""
    columns = []
    for key, year in (("before", two.year_before), ("after", two.year)):
        group = voice.say("head", "year", year=year)
        given = key == "after" or two.change is not None
        if given:
            columns.append(Column(key, voice.say("head", "rate"), group))
        if sources is not None:
            columns += _printed(frame, sources, key, year, voice, group, rate=not given)
    return columns


def _printed(
    frame: pd.DataFrame,
    sources: Printed,
    key: str,
    year: int,
    voice: Voice,
    group: str,
    *,
    rate: bool,
) -> list[Column]:
    """Add the printed figures of one year to the frame, and give their columns."""
    wanted: dict[str, Figure] = {f"rank_{key}": "rank"}
    if rate:
        wanted[f"printed_{key}"] = "rate_pct"
    columns = []
    for name, what in sorted(wanted.items()):
        values = [_figure(sources, str(code), year, what) for code in frame.index]
        if pd.notna(values).any():
            frame[name] = values
            head = voice.say("head", "rank" if what == "rank" else "rate_printed")
            columns.append(Column(name, head, group, decimals=0 if what == "rank" else 2))
    return columns


def _figure(sources: Printed, code: str, year: int, what: Figure) -> float:
    """Find a printed figure under the code that printed tables use."""
    known = HEADLINE_PRINTED if code == HEADLINE else code
    return sources.figure(_PRINTED_LEVELS, known, year, what)


def _label(voice: Voice, name: str = "index") -> Column:
    return Column("label", voice.say("head", name), kind="text")


def _which(name: str, two: Years) -> str:
    """Name of the title for one year, or for two."""
    return name if two.change is not None else f"{name}_one"


def _named(two: Years) -> dict[str, object]:
    return {"before": two.year_before, "after": two.year}

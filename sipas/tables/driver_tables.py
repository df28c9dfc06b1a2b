"""Tables of what made a change, and of the index weighted by groups beside the official one."""

from __future__ import annotations

import pandas as pd

import survey
from sipas.changes import Change, Year
from sipas.drivers import Contributions
from sipas.indices import SatisfactionIndex
from sipas.numerals import Lang
from sipas.phrases import Voice, known_phrase
from sipas.tables.table_parts import Column, Table
from sipas.tables.two_years import Years, year_of, years
from sipas.tables.uncertainty import Uncertainty, interval, speaks_of
from survey.errors import SurveyError


def contributions(
    contrib: Contributions,
    *,
    uncertainty: Uncertainty = "both",
    level: float = 0.95,
    lang: Lang = "vi",
) -> Table:
    """Tabulate what each statement, dimension or district contributed to the change of the index.

    Parameters
    ----------
    contrib : Contributions
        From `sipas.drivers.contributions`.
    uncertainty : {"both", "interval", "se", "none"}
        What stands beside each contribution.
    level : float
        Confidence of the intervals.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    Table
        Contributions in percentage points; their sum, the change itself, in the last row.
    """
    two, voice = years(contrib.change), Voice(lang)
    parts = contrib.table(level=level, lang=lang)
    index, split = two.inside(contrib.of, voice), split_in_words(contrib.by, voice)
    named = voice.say("row", "sum", index=index)
    said = voice.say("note", "contributions", index=index)
    frame = pd.concat([parts, _total(contrib, parts, named, level)])
    columns = [
        Column("label", split[:1].upper() + split[1:], kind="text"),
        Column("estimate", voice.say("head", "contribution"), kind="signed"),
        *interval(voice, level, "signed", uncertainty=uncertainty),
    ]
    if frame["share"].notna().all():
        columns.append(Column("share", voice.say("head", "share"), decimals=1))
    return Table(
        name=f"contributions_{'_'.join(contrib.by)}",
        title=voice.say(
            "title",
            "contributions",
            by=split,
            index=index,
            before=two.year_before,
            after=two.year,
        ),
        frame=frame,
        columns=tuple(columns),
        notes=(said, speaks_of(two, voice, level, uncertainty)),
        strong=(frame.index[-1],),
        lang=lang,
    )


def weighted(result: Change | Year, *, lang: Lang = "vi") -> Table:
    """Official indices beside those weighted by the population of groups.

    Parameters
    ----------
    result : Change or SatisfactionIndex
        Computed with ``group_weights``.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    Table
        Frame indexed by code; ``official`` and ``weighted`` of each year in per cent, of the
        change in percentage points.

    Raises
    ------
    SurveyError
        If the result was computed without ``group_weights``.
    """
    two, voice = years(result), Voice(lang)
    codes = [*two.dimensions, *two.wholes]
    frame = pd.DataFrame({"label": [two.label(code, voice) for code in codes]}, index=codes)
    columns = [Column("label", voice.say("head", "index"), kind="text")]
    for key, estimates in _pairs(two).items():
        group = voice.say("head", "change" if key == "change" else "year", year=key)
        for name, values in zip(("official", "weighted"), estimates, strict=True):
            frame[f"{name}_{key}"] = values.estimate.reindex(codes)
            columns.append(_column(name, key, group, voice))
    return Table(
        name="weighted",
        title=voice.say("title", "weighted"),
        frame=frame,
        columns=tuple(columns),
        notes=(voice.say("note", "weighted", shares=shares_in_words(two, voice)),),
        strong=tuple(two.wholes),
        lang=lang,
    )


def shares_in_words(two: Years, voice: Voice) -> str:
    """List the groups and their shares of the population, in per cent."""
    after = two.after
    given = after.rules.group_weights if isinstance(after, SatisfactionIndex) else None
    ((_, shares),) = (given or {"": {}}).items()
    whole = sum(shares.values())
    return voice.listed(
        [f"{name} {voice.rate(100.0 * share / whole)}" for name, share in shares.items()],
        long=True,
    )


def _total(contrib: Contributions, parts: pd.DataFrame, named: str, level: float) -> pd.DataFrame:
    """Row of the change itself."""
    whole = contrib.total.table(level=level, method="mean")[["estimate", "se", "low", "high"]]
    share = 100.0 if parts["share"].notna().all() else float("nan")
    made = whole.assign(label=named, share=share)
    return made.set_axis([("sum",) * parts.index.nlevels] if parts.index.nlevels > 1 else ["sum"])


def _pairs(two: Years) -> dict[str, tuple[survey.Estimates, survey.Estimates]]:
    """Official and weighted estimates of each year, and of the change."""
    pairs = {}
    for year in two.all:
        beside = year.weighted if isinstance(year, SatisfactionIndex) else None
        if beside is None:
            raise SurveyError(
                "weighted: this result has no group-weighted index.",
                mend='Compute it with group_weights={"district": {name: share, …}}.',
            )
        pairs[str(year_of(year.answers))] = (year.estimates, beside)
    if two.change is not None and two.change.weighted is not None:
        pairs["change"] = (two.change.estimates, two.change.weighted)
    return pairs


def _column(name: str, key: str, group: str, voice: Voice) -> Column:
    """Column of one year in per cent, or of the change in percentage points."""
    if key == "change":
        return Column(f"{name}_{key}", voice.say("head", f"{name}_change"), group, "signed")
    return Column(f"{name}_{key}", voice.say("head", name), group)


def split_in_words(by: tuple[str, ...], voice: Voice) -> str:
    """Name what the change was split by; columns of the data by their own names."""
    named = [voice.say("by", one) if known_phrase("by", one) else one for one in by]
    return voice.listed(named)

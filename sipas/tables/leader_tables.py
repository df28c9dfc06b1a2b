"""Tables of the leader survey: domains, items, groups, in points and per cent of the maximum."""

from __future__ import annotations

import pandas as pd

from sipas.changes import Change, Year, compare
from sipas.leaders import LeaderScores
from sipas.numerals import Lang
from sipas.phrases import Voice
from sipas.tables.printed_figures import Published, as_printed
from sipas.tables.table_parts import Column, Table, numbered
from sipas.tables.two_years import Years, as_given, groups_of, scores_of, year_of, years
from sipas.tables.uncertainty import change_columns, interval, notes_of, verdict_words

Leaders = Change | Year | tuple[LeaderScores, LeaderScores]
_KEYS = ("before", "after")


def leader_domains(
    scores: Leaders, *, uncertainty: bool = True, level: float = 0.95, lang: Lang = "vi"
) -> Table:
    """Tabulate domains and total of the leader survey: the table of part A.2.

    Parameters
    ----------
    scores : Change, LeaderScores, or two LeaderScores
        Two years, or one. Two results are compared as rates, since maxima may differ.
    uncertainty : bool
        Add standard error, interval and verdict of the change of the rate.
    level : float
        Confidence of the intervals.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    Table
        Frame indexed by code; for each year ``max_*`` and ``points_*`` in points and ``rate_*``
        in per cent of the maximum, ``estimate`` (the change) in percentage points.
    """
    two, voice = years(_joined(scores)), Voice(lang)
    codes = [*two.dimensions, *two.wholes]
    frame, columns = _by_year(two, codes, voice)
    notes: tuple[str, ...] = ()
    if two.change is not None:
        frame = frame.join(_changes(two, codes, voice, level))
        columns += (
            change_columns(voice, level) if uncertainty else change_columns(voice, level)[:1]
        )
    elif uncertainty:
        limits = two.rates(level).loc[codes, ["se", "low", "high"]]
        frame, columns = frame.join(limits), columns + interval(voice, level)
    if uncertainty:
        weights = voice.say("note", as_given("leader_weights", *two.all))
        notes = (*notes_of(two, voice, level), weights)
    return Table(
        name="leader_domains",
        title=voice.say("title", "leader_domains", years=_years(two, voice)),
        frame=numbered(frame, two.dimensions),
        columns=(_place(voice), _label(voice, "domain"), *columns),
        notes=notes,
        strong=tuple(two.wholes),
        lang=lang,
    )


def leader_items(scores: Leaders, *, lang: Lang = "vi") -> Table:
    """Every item of the leader survey, by domain: the annex of the plans.

    Parameters
    ----------
    scores : Change, LeaderScores, or two LeaderScores
        Two years, or one.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    Table
        As `leader_domains`, all items of both years; those asked in one year only are blank in
        the other. ``difference`` is that of the rates in the sample, in percentage points.
    """
    two, voice = years(_joined(scores)), Voice(lang)
    codes = [*two.wholes, *(c for part in two.dimensions for c in (part, *_items(two, part)))]
    frame, columns = _by_year(two, codes, voice)
    notes = [voice.say("note", as_given("leader_weights", *two.all))]
    if two.change is not None:
        frame["difference"] = frame["rate_after"] - frame["rate_before"]
        columns.append(Column("difference", voice.say("head", "change"), kind="signed"))
        notes.append(voice.say("note", "leader_items"))
    return Table(
        name="leader_items",
        title=voice.say("title", "leader_items", years=_years(two, voice)),
        frame=numbered(frame, [c for c in codes if c not in (*two.wholes, *two.dimensions)]),
        columns=(_place(voice), _label(voice, "item"), *columns),
        notes=tuple(notes),
        strong=(*two.wholes, *two.dimensions),
        lang=lang,
    )


def leader_groups(
    scores: Leaders, *, published: Published = None, level: float = 0.95, lang: Lang = "vi"
) -> Table:
    """Rate of each group of leaders over all items.

    Parameters
    ----------
    scores : Change, LeaderScores, or two LeaderScores
        Two years, or one.
    published : DataFrame or list of them, optional
        Printed figures; ranks are shown only from here, with their source.
    level : float
        Confidence of the intervals.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    Table
        Frame indexed by group; rates in per cent of the maximum, with the weight of each group.
    """
    two, voice = years(_joined(scores)), Voice(lang)
    made, sources = scores_of(two), as_printed(published)
    groups, shares = groups_of(made[-1]), made[-1].weights
    frame = pd.DataFrame({"label": [two.label(g, voice) for g in groups]}, index=groups)
    columns = [_label(voice, "group")]
    if shares.eq(shares.iloc[:, 0], axis=0).to_numpy().all():
        frame["weight"] = 100.0 * shares.iloc[:, 0].reindex(groups)
        columns.append(Column("weight", voice.say("head", as_given("weight", *two.all))))
    for key, scored in zip(_KEYS[-len(made) :], made, strict=True):
        when = voice.say("head", "year", year=year_of(scored.answers))
        rates = scored.group_table(level=level).xs(two.headline, level="code")
        frame[f"n_{key}"], frame[f"rate_{key}"] = rates["n"], rates["estimate"]
        columns.append(Column(f"n_{key}", voice.say("head", "forms"), when, decimals=0))
        columns.append(Column(f"rate_{key}", voice.say("head", "rate"), when))
    frame = frame.join(rates[["se", "low", "high"]])
    columns += interval(voice, level)
    notes = [voice.say("note", as_given("leader_weights", *two.all))]
    if sources is not None:
        frame["rank"] = [sources.figure(("group",), g, two.year, "rank") for g in groups]
        head = voice.say("head", "year", year=two.year)
        columns.append(Column("rank", voice.say("head", "rank"), head, decimals=0))
        notes.append(voice.say("note", "ranks", source=sources.source(voice)))
    return Table(
        name="leader_groups",
        title=voice.say("title", "leader_groups", years=_years(two, voice)),
        frame=frame,
        columns=tuple(columns),
        notes=tuple(notes),
        lang=lang,
    )


def _joined(scores: Leaders) -> Change | Year:
    """Compare two results as rates; leave one as it is."""
    return compare(*scores, link="rates") if isinstance(scores, tuple) else scores


def _by_year(two: Years, codes: list[str], voice: Voice) -> tuple[pd.DataFrame, list[Column]]:
    """Maximum, points and rate of each year, and their columns."""
    frame = pd.DataFrame({"label": [two.label(code, voice) for code in codes]}, index=codes)
    made = scores_of(two)
    columns = []
    for key, scored in zip(_KEYS[-len(made) :], made, strict=True):
        when = voice.say("head", "year", year=year_of(scored.answers))
        values = {
            "max": scored.max_points,
            "points": scored.points.estimate,
            "rate": scored.estimates.estimate,
        }
        for name, series in values.items():
            frame[f"{name}_{key}"] = series.reindex(codes)
            columns.append(Column(f"{name}_{key}", voice.say("head", name), when))
    return frame, columns


def _changes(two: Years, codes: list[str], voice: Voice, level: float) -> pd.DataFrame:
    """Change of the rates, with verdicts in words."""
    wanted = ["estimate", "se", "low", "high", "p", "p_adjusted", "verdict"]
    rows = two.changes(level).loc[codes, wanted]
    return rows.assign(verdict_words=verdict_words(rows["verdict"], voice))


def _items(two: Years, dimension: str) -> list[str]:
    """Items of a domain in any year: those of the later year first."""
    codes = [
        item.code
        for year in reversed(two.all)
        for item in year.instrument.index_items
        if item.dimension == dimension
    ]
    return list(dict.fromkeys(codes))


def _years(two: Years, voice: Voice) -> str:
    return voice.listed([str(year_of(year.answers)) for year in two.all])


def _place(voice: Voice) -> Column:
    return Column("place", voice.say("head", "place"), kind="text")


def _label(voice: Voice, name: str) -> Column:
    return Column("label", voice.say("head", name), kind="text")

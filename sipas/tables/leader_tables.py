"""Tables of the leader survey: domains and groups, in points and per cent of the maximum."""

from __future__ import annotations

import pandas as pd

from sipas.numerals import Lang
from sipas.phrases import Voice
from sipas.tables.leader_columns import (
    KEYS,
    LIMITS,
    Leaders,
    by_year,
    changes,
    joined,
    label_column,
    place_column,
    years_in_words,
)
from sipas.tables.printed_figures import Published, as_printed
from sipas.tables.table_parts import Column, Table, numbered
from sipas.tables.two_years import as_given, groups_of, scores_of, year_of, years
from sipas.tables.uncertainty import Uncertainty, change_columns, interval, notes_of


def leader_domains(
    scores: Leaders,
    *,
    uncertainty: Uncertainty = "both",
    level: float = 0.95,
    lang: Lang = "vi",
) -> Table:
    """Tabulate domains and total of the leader survey: the table of part A.2.

    Parameters
    ----------
    scores : Change, LeaderScores, or two LeaderScores
        Two years, or one. Two results are compared as rates, since maxima may differ.
    uncertainty : {"both", "interval", "se", "none"}
        What stands beside the change of the rate (for one year, the rate); with anything, also
        the verdict.
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
    two, voice = years(joined(scores)), Voice(lang)
    codes = [*two.dimensions, *two.wholes]
    frame, columns = by_year(two, codes, voice)
    if two.change is not None:
        frame = frame.join(changes(two, codes, voice, level))
        columns += change_columns(voice, level, uncertainty)
    else:
        frame = frame.join(two.rates(level).loc[codes, LIMITS])
        columns += interval(voice, level, uncertainty=uncertainty)
    weights = voice.say("note", as_given("leader_weights", *two.all))
    return Table(
        name="leader_domains",
        title=voice.say("title", "leader_domains", years=years_in_words(two, voice)),
        frame=numbered(frame, two.dimensions),
        columns=(place_column(voice), label_column(voice, "domain"), *columns),
        notes=(*notes_of(two, voice, level, uncertainty), weights),
        strong=tuple(two.wholes),
        lang=lang,
    )


def leader_groups(
    scores: Leaders,
    *,
    published: Published = None,
    uncertainty: Uncertainty = "both",
    level: float = 0.95,
    lang: Lang = "vi",
) -> Table:
    """Rate of each group of leaders over all items.

    Parameters
    ----------
    scores : Change, LeaderScores, or two LeaderScores
        Two years, or one.
    published : DataFrame or list of them, optional
        Printed figures; ranks are shown only from here, with their source.
    uncertainty : {"both", "interval", "se", "none"}
        What stands beside the rate of the year reported.
    level : float
        Confidence of the intervals.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    Table
        Frame indexed by group; rates in per cent of the maximum, with the weight of each group.
    """
    two, voice = years(joined(scores)), Voice(lang)
    made, sources = scores_of(two), as_printed(published)
    groups, shares = groups_of(made[-1]), made[-1].weights
    frame = pd.DataFrame({"label": [two.label(g, voice) for g in groups]}, index=groups)
    columns = [label_column(voice, "group")]
    if shares.eq(shares.iloc[:, 0], axis=0).to_numpy().all():
        frame["weight"] = 100.0 * shares.iloc[:, 0].reindex(groups)
        columns.append(Column("weight", voice.say("head", as_given("weight", *two.all))))
    for key, scored in zip(KEYS[-len(made) :], made, strict=True):
        when = voice.say("head", "year", year=year_of(scored.answers))
        rates = scored.group_table(level=level).xs(two.headline, level="code")
        frame[f"n_{key}"], frame[f"rate_{key}"] = rates["n"], rates["estimate"]
        columns.append(Column(f"n_{key}", voice.say("head", "forms"), when, decimals=0))
        columns.append(Column(f"rate_{key}", voice.say("head", "rate"), when))
    notes = [voice.say("note", as_given("leader_weights", *two.all))]
    if sources is not None:
        frame["rank"] = [sources.figure(("group",), g, two.year, "rank") for g in groups]
        columns.append(Column("rank", voice.say("head", "rank"), when, decimals=0))
        notes.append(voice.say("note", "ranks", source=sources.source(voice)))
    year = two.year if two.change is not None else None
    columns += interval(voice, level, uncertainty=uncertainty, year=year)
    return Table(
        name="leader_groups",
        title=voice.say("title", "leader_groups", years=years_in_words(two, voice)),
        frame=frame.join(rates[LIMITS]),
        columns=tuple(columns),
        notes=tuple(notes),
        lang=lang,
    )

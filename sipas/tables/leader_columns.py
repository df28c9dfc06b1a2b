"""The columns that tables of the leader survey share: maximum, points and rate of each year."""

from __future__ import annotations

import pandas as pd

from sipas.changes import Change, Year, compare
from sipas.leaders import LeaderScores
from sipas.phrases import Voice
from sipas.tables.table_parts import Column
from sipas.tables.two_years import Years, scores_of, year_of
from sipas.tables.uncertainty import verdict_words

Leaders = Change | Year | tuple[LeaderScores, LeaderScores]
#: Years in the names of columns, earlier first.
KEYS = ("before", "after")
#: Sampling error of an estimate in per cent.
LIMITS = ["se", "low", "high"]


def joined(scores: Leaders) -> Change | Year:
    """Compare two results as rates; leave one as it is."""
    return compare(*scores, link="rates") if isinstance(scores, tuple) else scores


def by_year(two: Years, codes: list[str], voice: Voice) -> tuple[pd.DataFrame, list[Column]]:
    """Maximum, points and rate of each year, and their columns."""
    frame = pd.DataFrame({"label": [two.label(code, voice) for code in codes]}, index=codes)
    made = scores_of(two)
    columns = []
    for key, scored in zip(KEYS[-len(made) :], made, strict=True):
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


def changes(two: Years, codes: list[str], voice: Voice, level: float) -> pd.DataFrame:
    """Change of the rates, with verdicts in words."""
    wanted = ["estimate", "se", "low", "high", "p", "p_adjusted", "verdict"]
    rows = two.changes(level).loc[codes, wanted]
    return rows.assign(verdict_words=verdict_words(rows["verdict"], voice))


def years_in_words(two: Years, voice: Voice) -> str:
    """List the years given."""
    return voice.listed([str(year_of(year.answers)) for year in two.all])


def place_column(voice: Voice) -> Column:
    """Column of running numbers."""
    return Column("place", voice.say("head", "place"), kind="text")


def label_column(voice: Voice, name: str) -> Column:
    """Column of what the rows are."""
    return Column("label", voice.say("head", name), kind="text")

"""Small sentences on forms, missing answers and points that several parts of the text share."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sipas.numerals import number
from sipas.phrases import Voice
from sipas.tables.fieldwork_tables import response
from sipas.tables.two_years import Years, survey_key, year_of


def forms(two: Years, voice: Voice) -> str:
    """Say how many forms were sent, returned and used, the later year first."""
    made = []
    for year in reversed(two.all):
        counted = year.answers.response
        known = "unknown" if counted.sent is None else "known"
        filled = {
            "year": year_of(year.answers),
            "returned": voice.points(counted.returned),
            "used": voice.points(counted.used),
            "sent": voice.points(counted.sent or 0),
        }
        made.append(voice.say("forms", known, **filled))
    return " ".join(made)


def missing_answers(two: Years, see: str, voice: Voice) -> str:
    """Say how many answers are missing in each year, the later first."""
    frame = response(*(year.answers for year in two.all), lang=voice.lang).frame
    rows: Any = frame.to_dict("index")
    if not frame.loc[[survey_key(year.answers) for year in two.all], "missing"].any():
        return voice.say("forms", "missing_none", see=see)
    listed = []
    for year in reversed(two.all):
        row = rows[survey_key(year.answers)]
        filled = {
            "year": year_of(year.answers),
            "asked": voice.points(row["asked"]),
            "missing": voice.points(row["missing"]),
            "rate": number(row["missing_rate"], 1, lang=voice.lang),
        }
        phrase = "missing_year" if row["missing"] else "missing_no_year"
        listed.append(voice.say("forms", phrase, **filled))
    return voice.say("forms", "missing", list=voice.listed(listed, long=True), see=see)


def whole(maximum: float, points: float, voice: Voice) -> str:
    """Write points, and the maximum after a stroke where it is printed."""
    shown = voice.points(points)
    return shown if pd.isna(maximum) else f"{shown}/{voice.points(maximum)}"

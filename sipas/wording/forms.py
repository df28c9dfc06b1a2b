"""Small sentences on forms and points that several parts of the text share."""

from __future__ import annotations

import pandas as pd

from sipas.phrases import Voice
from sipas.tables.two_years import Years, year_of


def forms(two: Years, voice: Voice) -> str:
    """Say how many forms were sent, returned and used, the later year first."""
    made = []
    for year in reversed(two.all):
        response = year.answers.response
        known = "unknown" if response.sent is None else "known"
        filled = {
            "year": year_of(year.answers),
            "returned": voice.points(response.returned),
            "used": voice.points(response.used),
            "sent": voice.points(response.sent or 0),
        }
        made.append(voice.say("forms", known, **filled))
    return " ".join(made)


def whole(maximum: float, points: float, voice: Voice) -> str:
    """Write points, and the maximum after a stroke where it is printed."""
    shown = voice.points(points)
    return shown if pd.isna(maximum) else f"{shown}/{voice.points(maximum)}"

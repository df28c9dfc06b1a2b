"""The highest and the lowest of some rates in words, ties named together."""

from __future__ import annotations

import pandas as pd

from sipas.numerals import half_up
from sipas.phrases import Voice
from sipas.tables.two_years import Years
from sipas.wording.evidence import bare


def extremes(two: Years, rates: pd.Series, voice: Voice, noun: str) -> dict[str, str] | None:
    """Name what is highest and what is lowest, as rates are shown.

    Parameters
    ----------
    two : Years
        The survey, for labels.
    rates : Series
        In per cent, by code.
    voice : Voice
        Language.
    noun : {"domain", "dimension"}
        What the rows are.

    Returns
    -------
    dict or None
        ``best`` and ``worst``, the two lowest where there are more than three; None where all are
        shown alike, as a single one is.
    """
    shown = rates.map(lambda rate: half_up(float(rate), 2))
    if shown.eq(shown.iloc[0]).all():
        return None
    best = rates[shown.eq(shown.max())]
    rest = rates.drop(best.index).sort_values(kind="stable")
    tied = int(shown.loc[rest.index].eq(shown.min()).sum())
    lowest = rest.iloc[: max(tied, 2 if len(rates) > 3 and len(rest) > 2 else 1)]
    return {
        "best": _named(two, best, voice, f"best_{noun}"),
        "worst": _named(two, lowest, voice, f"worst_{noun}"),
    }


def _named(two: Years, rates: pd.Series, voice: Voice, phrase: str) -> str:
    """Name rows with their rates."""
    listed = voice.listed(
        [
            voice.say(
                "unit", "with", label=bare(two.label(str(code), voice)), size=voice.rate(rate)
            )
            for code, rate in rates.items()
        ]
    )
    several = len(rates) > 1
    count = {"count": voice.count(len(rates))} if several else {}
    return voice.say("extremes", f"{phrase}{'s' if several else ''}", list=listed, **count)

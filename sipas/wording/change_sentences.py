"""One sentence for each change: the year before, the change, its interval, and what it shows."""

from __future__ import annotations

import pandas as pd

from sipas.changes import Change
from sipas.numerals import Lang
from sipas.phrases import Voice
from sipas.tables.two_years import years
from sipas.wording.evidence import bare, bracketed, evidence, limits_of_change


def sentences_of(change: Change, *, level: float = 0.95, lang: Lang = "vi") -> pd.Series:
    """Say of every row of a change what can be said.

    Parameters
    ----------
    change : Change
        From `sipas.compare`, not by domain.
    level : float
        Confidence of intervals and verdicts.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    Series
        One sentence a row, indexed by code, in the words of Section A.

    Raises
    ------
    SurveyError
        A change by domain.

    Examples
    --------
    >>> import sipas
    >>> given = [sipas.clean(sipas.datasets.load_hue_households(y), f"sipas-{y}")
    ...          for y in (2021, 2022)]
    >>> sentences_of(sipas.compare(*given, link="items"), lang="en")["S1"]
    'Compared with 2021 (88.17%), “Satisfaction with access to services” fell by 5.09 ...'
    """
    two, voice = years(change), Voice(lang)
    said = {
        code: voice.say(
            "households",
            "since",
            before=two.year_before,
            rate=voice.rate(row["before"]),
            index=voice.say("unit", "quoted", label=bare(two.label(str(code), voice))),
            moved=voice.moved(row["estimate"]),
            limits=bracketed(limits_of_change(row, level, voice)),
            evidence=evidence(row["verdict"], level, voice),
        )
        for code, row in two.changes(level).to_dict("index").items()
    }
    return pd.Series(said, name="sentence").rename_axis("code")

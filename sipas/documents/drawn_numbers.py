"""The numbers behind a figure, with headings, verdicts and decimals as its reader has them."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import get_args

import pandas as pd

from sipas.desk_words import word as desk_word
from sipas.documents.pictures import Picture
from sipas.phrases import Voice, known_phrase
from sipas.sentences import sentence, word
from sipas.tables.uncertainty import VERDICTS
from sipas.targeting.goals import SIGNS
from sipas.targeting.reaching import Reaching
from sipas.wording.report_parts import TARGETS

#: Columns of p-values, and of years: whole numbers whose thousands are not set apart.
P_VALUES, YEARS = ("p", "p_adjusted"), ("by",)
#: Headings and values that no other part of the library writes.
_OWN = Path(__file__).with_name("excel.toml")
#: Rates that figures print with decimals even where all of them are whole.
_RATES = ("estimate", "satisfied", "target")


def in_words(picture: Picture, voice: Voice) -> pd.DataFrame:
    """Give the numbers of a figure, one column each, as a reader would head them.

    Columns stand as in ``picture.data.reset_index()``. Headings that the library does not know,
    such as the user's own columns, stay as they are.
    """
    given = picture.data.reset_index()
    made = pd.DataFrame(
        {
            place: pd.Series([_worded(str(key), one, picture.name, voice) for one in given[key]])
            for place, key in enumerate(given)
        }
    )
    made.columns = pd.Index([_heading(key, picture.name, voice) for key in given])
    return made


def decimals_of(key: object, values: pd.Series) -> int:
    """Decimals that a column of numbers is shown with, in every format alike.

    Parameters
    ----------
    key : object
        Name of the column in ``picture.data.reset_index()``.
    values : Series
        Its numbers.

    Returns
    -------
    int
        Three for p-values; none for counts and whatever else is whole; two otherwise.

    Examples
    --------
    >>> whole = pd.Series([90.0, 75.0, float("nan")])
    >>> decimals_of("n", whole), decimals_of("estimate", whole), decimals_of("p", whole)
    (0, 2, 3)
    """
    if key in P_VALUES:
        return 3
    known = values.dropna()
    return 0 if key not in _RATES and (known == known.round()).all() else 2


def _heading(key: object, figure: str, voice: Voice) -> str:
    """Head one column; a level of the scale is a number."""
    if isinstance(key, int):
        return sentence("columns", "answer_level", level=key)[voice.lang]
    for name in (f"{figure}_{key}", str(key)):
        try:
            return sentence("columns", name)[voice.lang]
        except KeyError:
            continue
    own = (partial(word, _OWN, "columns"), partial(desk_word, "targets_columns"))
    for said in own if figure.startswith(TARGETS) else own[:1]:
        try:
            return said(str(key), voice.lang)
        except KeyError:
            continue
    return str(key)


def _worded(key: str, value: object, figure: str, voice: Voice) -> object:
    """Write verdicts, kinds of rows, yes and no in words; anything else stays."""
    if isinstance(value, bool):
        return word(_OWN, "value", str(value).lower(), voice.lang)
    if key == "verdict" and value in VERDICTS:
        return voice.say("verdict", VERDICTS[str(value)])
    if figure.startswith(TARGETS):
        if key == "verdict" and value in get_args(Reaching):
            return desk_word("reaching", str(value), voice.lang)
        if key == "sense":
            return SIGNS.get(str(value), value)
    if key == "level":
        names = [f"leader_{value}" if figure == "leaders" else str(value), str(value)]
        known = [name for name in names if known_phrase("level", name)]
        return voice.say("level", known[0]) if known else value
    if key in ("group", "domain", "code", "index", "figure") and known_phrase("code", str(value)):
        return voice.say("code", str(value))
    return value

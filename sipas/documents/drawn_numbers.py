"""The numbers behind a figure, with headings and verdicts in the reader's language."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from sipas.documents.pictures import Picture
from sipas.phrases import Voice, known_phrase
from sipas.sentences import sentence, word
from sipas.tables.uncertainty import VERDICTS

#: Headings and values that no other part of the library writes.
_OWN = Path(__file__).with_name("excel.toml")


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


def _heading(key: object, figure: str, voice: Voice) -> str:
    """Head one column; a level of the scale is a number."""
    if isinstance(key, int):
        return sentence("columns", "answer_level", level=key)[voice.lang]
    for name in (f"{figure}_{key}", str(key)):
        try:
            return sentence("columns", name)[voice.lang]
        except KeyError:
            continue
    try:
        return word(_OWN, "columns", str(key), voice.lang)
    except KeyError:
        return str(key)


def _worded(key: str, value: object, figure: str, voice: Voice) -> object:
    """Write verdicts, kinds of rows, yes and no in words; anything else stays."""
    if isinstance(value, bool):
        return word(_OWN, "value", str(value).lower(), voice.lang)
    if key == "verdict" and value in VERDICTS:
        return voice.say("verdict", VERDICTS[str(value)])
    if key == "level":
        names = [f"leader_{value}" if figure == "leaders" else str(value), str(value)]
        known = [name for name in names if known_phrase("level", name)]
        return voice.say("level", known[0]) if known else value
    if key in ("group", "domain", "code", "index") and known_phrase("code", str(value)):
        return voice.say("code", str(value))
    return value

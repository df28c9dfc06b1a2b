"""The numbers behind a figure, with headings and verdicts in the reader's language."""

from __future__ import annotations

import pandas as pd

from sipas.documents.pictures import Picture
from sipas.phrases import Voice, known_phrase
from sipas.sentences import sentence
from sipas.tables.uncertainty import VERDICTS


def in_words(picture: Picture, voice: Voice) -> pd.DataFrame:
    """Give the numbers of a figure, one column each, as a reader would head them.

    Headings that the library does not know, such as the user's own columns, stay as they are.
    """
    given = picture.data.reset_index()
    made = {
        _heading(key, picture.name, voice): [
            _worded(str(key), value, picture.name, voice) for value in given[key]
        ]
        for key in given
    }
    return pd.DataFrame(made)


def _heading(key: object, figure: str, voice: Voice) -> str:
    """Head one column; a level of the scale is a number."""
    if isinstance(key, int):
        return sentence("columns", "answer_level", level=key)[voice.lang]
    for name in (f"{figure}_{key}", str(key)):
        try:
            return sentence("columns", name)[voice.lang]
        except KeyError:
            continue
    return str(key)


def _worded(key: str, value: object, figure: str, voice: Voice) -> object:
    """Write verdicts and kinds of rows in words; anything else stays."""
    if key == "verdict" and value in VERDICTS:
        return voice.say("verdict", VERDICTS[str(value)])
    if key == "level":
        names = [f"leader_{value}" if figure == "leaders" else str(value), str(value)]
        known = [name for name in names if known_phrase("level", name)]
        return voice.say("level", known[0]) if known else value
    if key in ("group", "code", "index") and known_phrase("code", str(value)):
        return voice.say("code", str(value))
    return value

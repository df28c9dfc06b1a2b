"""A figure in an HTML report: the drawing inside the page, its words, and the numbers drawn."""

from __future__ import annotations

import re
from base64 import b64encode

import pandas as pd

from sipas.documents.drawn_numbers import P_VALUES, YEARS, decimals_of, in_words
from sipas.documents.html_outline import Piece
from sipas.documents.html_text import escaped, worded
from sipas.documents.pictures import Contents, Picture
from sipas.phrases import Voice
from sipas.tables import Column, Table
from sipas.tables.html_table import as_html
from sipas.tables.table_parts import Kind

_LINE_ENDS = re.compile(rb"\s*\n\s*")


def figure(piece: Piece, contents: Contents) -> str:
    """Write a figure, its caption, and its numbers to unfold.

    The drawing is an image of its own: the names inside one drawing cannot then meet those of
    the next, nor can anything inside it run.
    """
    picture, voice = contents.pictures[piece.part.text], contents.voice
    number = piece.anchor.rsplit("-", 1)[1]
    table = drawn_table(picture, voice, voice.say("file", "data", number=number))
    drawing = (
        f'<div class="drawing" role="group" tabindex="0" aria-label="{escaped(piece.caption)}">'
        f'<img src="{_inside(picture)}" alt="{escaped(picture.alt)}"></div>'
    )
    return "\n".join(
        [
            f'<figure id="{piece.anchor}">',
            drawing,
            f"<figcaption>{worded(piece.caption, contents.lang)}</figcaption>",
            f"<details>\n<summary>{escaped(table.title)}</summary>",
            as_html(table, caption=""),
            "</details>\n</figure>",
        ]
    )


def drawn_table(picture: Picture, voice: Voice, title: str) -> Table:
    """Give the numbers behind a figure as a table to print."""
    said, keys = in_words(picture, voice), list(picture.data.reset_index())
    places = [str(place) for place in range(len(keys))]
    frame = said.set_axis(places, axis=1)
    for place, key in zip(places, keys, strict=True):
        if key in YEARS:
            frame[place] = _years(frame[place])
    columns = tuple(
        _column(key, place, str(head), frame[place])
        for key, place, head in zip(keys, places, said, strict=True)
    )
    return Table("drawn", title, frame, columns, lang=voice.lang)


def _years(values: pd.Series) -> pd.Series:
    """Write years as words; Vietnamese would set apart their thousands as numbers."""
    return values.map(lambda one: one if isinstance(one, str) or one != one else f"{one:.0f}")


def _column(key: object, place: str, head: str, values: pd.Series) -> Column:
    """Show words as words, counts without decimals, p-values as p-values.

    Columns are told apart by their places: two of them may be headed alike.
    """
    if key in YEARS or not pd.api.types.is_numeric_dtype(values) or values.dtype == bool:
        return Column(place, head, kind="text")
    kind: Kind = "p" if key in P_VALUES else "number"
    return Column(place, head, kind=kind, decimals=decimals_of(key, values))


def _inside(picture: Picture) -> str:
    """Give the drawing as an address that holds it: in lines where it was drawn so, else in dots.

    Lines of an SVG are closed up, which leaves a tenth less of it and changes nothing drawn.
    """
    if "svg" in picture.images:
        kind, image = "svg+xml", _LINE_ENDS.sub(b"\n", picture.images["svg"])
    else:
        kind, image = "png", picture.png
    return f"data:image/{kind};base64,{b64encode(image).decode('ascii')}"

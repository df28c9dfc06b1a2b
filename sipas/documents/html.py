"""The report as one HTML file: nothing is loaded, nothing runs, and it prints as the Word file.

Text, tables and figures are those of the Word file, in the same order and with the same numbers.
The look is in ``html_report.css``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import groupby
from pathlib import Path

from sipas.documents.html_figures import figure
from sipas.documents.html_outline import Piece, navigation, outline
from sipas.documents.html_text import escaped, linked, worded
from sipas.documents.pictures import Contents
from sipas.documents.references import caption_words, mistakable
from sipas.sentences import word
from sipas.tables.html_table import as_html
from sipas.wording.paragraphs import Paragraph

_HERE = Path(__file__).parent
#: Nothing from anywhere, but the pictures and the style that the file itself holds.
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
#: Columns from which a table is wide, and too wide for some screens; rows from which it is too
#: long to be kept on one printed page.
_WIDE, _TOO_WIDE, _LONG = 9, 12, 13
#: How a paragraph begins that is one of a list.
_DASH = "- "


def write_html(path: str | Path, paragraphs: Sequence[Paragraph], contents: Contents) -> Path:
    """Write paragraphs, tables and pictures to one .html file.

    Parameters
    ----------
    path : str or Path
        The file to write.
    paragraphs : sequence of Paragraph
        From `sipas.wording.section`; tables and pictures stand where it names them.
    contents : Contents
        The tables, and the pictures as ``"svg"`` (``"png"`` is taken where there is no other).

    Returns
    -------
    Path
        The file written.

    Notes
    -----
    The file refuses, by a content security policy, every script and every address outside it.
    Under each figure the numbers drawn can be unfolded; those unfolded are printed.
    """
    target = Path(path)
    target.write_bytes(_page(paragraphs, contents).encode("utf-8"))
    return target


def _page(paragraphs: Sequence[Paragraph], contents: Contents) -> str:
    """Put the page together."""
    title, rest = _titled(paragraphs, contents)
    pieces = outline(rest, contents)
    said = {
        name: word(_HERE / "html_words.toml", "page", name, contents.lang)
        for name in ("contents", "skip")
    }
    lines = [
        f'<!DOCTYPE html>\n<html lang="{contents.lang}">',
        *_head(title, contents),
        f'<body>\n<a class="skip" href="#main">{escaped(said["skip"])}</a>',
        f'<nav aria-labelledby="contents">\n<p id="contents">{escaped(said["contents"])}</p>',
        navigation(pieces, contents.lang),
        f'</nav>\n<main id="main">\n<h1>{worded(title, contents.lang)}</h1>',
        *_body(pieces, contents),
        "</main>\n</body>\n</html>\n",
    ]
    return "\n".join(lines)


def _titled(
    paragraphs: Sequence[Paragraph], contents: Contents
) -> tuple[str, Sequence[Paragraph]]:
    """Take the title from the front; a text without one has that of the report."""
    first = paragraphs[0] if paragraphs else None
    if first is not None and first.kind == "heading" and first.level == 1:
        return first.text, paragraphs[1:]
    return contents.voice.say("file", "title", year=contents.year), paragraphs


def _head(title: str, contents: Contents) -> list[str]:
    """Say what the file is, and how it looks."""
    named = {
        "viewport": "width=device-width, initial-scale=1",
        "color-scheme": "light dark",
        "generator": "sipas",
        "keywords": contents.voice.say("file", "keywords"),
    }
    style = (_HERE / "html_report.css").read_text(encoding="utf-8")
    return [
        '<head>\n<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        *(f'<meta name="{name}" content="{escaped(text)}">' for name, text in named.items()),
        f"<title>{escaped(title)}</title>\n<style>\n{style}</style>\n</head>",
    ]


def _body(pieces: Sequence[Piece], contents: Contents) -> list[str]:
    """Write the pieces, each under its heading, paragraphs that begin with a dash as a list."""
    link = _linking(pieces, contents)
    lines: list[str] = []
    depth = 1
    for listed, group in groupby(pieces, key=_listed):
        if listed:
            items = (f"<li>{link(one.part.text)}</li>" for one in group)
            lines += ["<ul>", *items, "</ul>"]
            continue
        for piece in group:
            if piece.heads:
                level = min(max(piece.part.level, 2), depth + 1)
                lines += ["</section>"] * (depth - level + 1)
                depth = level
            lines.append(_piece(piece, depth, link, contents))
    return [*lines, *["</section>"] * (depth - 1)]


def _linking(pieces: Sequence[Piece], contents: Contents) -> Callable[[str], str]:
    """Give what links the references of a text, but none in the words of the data."""
    anchors = {piece.mention: piece.anchor for piece in pieces if piece.mention}
    labels = mistakable(contents.data_words, caption_words(contents.lang).values())
    return partial(linked, anchors=anchors, lang=contents.lang, labels=labels)


def _listed(piece: Piece) -> bool:
    """Say whether a paragraph is one of a list."""
    return piece.part.kind == "body" and piece.part.text.startswith(_DASH)


def _piece(piece: Piece, depth: int, link: Callable[[str], str], contents: Contents) -> str:
    """Write one piece."""
    match piece.part.kind:
        case "heading" | "annex":
            opened = f'<section class="{piece.part.kind}" aria-labelledby="{piece.anchor}">'
            head = worded(piece.caption, contents.lang)
            return f'{opened}\n<h{depth} id="{piece.anchor}">{head}</h{depth}>'
        case "table":
            return _table(piece, contents)
        case "figure":
            return figure(piece, contents)
        case "note":
            return f'<p class="note">{link(piece.part.text)}</p>'
        case "body":
            return f"<p>{link(piece.part.text)}</p>"


def _table(piece: Piece, contents: Contents) -> str:
    """Write a table, and say for the style whether it is wide, must scroll, or is long."""
    table = contents.tables[piece.part.text]
    columns, rows = len(table.columns), len(table.frame)
    held = {"wide": columns >= _WIDE, "scrolls": columns >= _TOO_WIDE, "long": rows >= _LONG}
    marks = ["table", *(mark for mark, holds in held.items() if holds)]
    made = as_html(table, caption=piece.caption)
    return f'<div class="{" ".join(marks)}" id="{piece.anchor}">\n{made}\n</div>'

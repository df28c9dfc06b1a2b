"""The report as an Excel workbook: contents, one sheet a table, one sheet a figure.

Text from data is written as text only: a label that looks like a formula or an address stays a
label.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sipas.documents.excel_cells import (
    FONT,
    HEAD,
    LINE,
    across,
    cell_text,
    lines,
    print_setup,
    said,
    sheet_names,
)
from sipas.documents.excel_figures import write_figure
from sipas.documents.excel_tables import write_table
from sipas.documents.pictures import Contents, Picture, needed
from sipas.wording.report_parts import TARGETS

_OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}
#: Widths of the columns of the contents, in characters.
_WIDTHS = (24.0, 92.0)


def write_excel(path: str | Path, contents: Contents) -> Path:
    """Write tables and figures to an .xlsx file: live numbers, and charts that can be edited.

    Parameters
    ----------
    path : str or Path
        The file to write.
    contents : Contents
        The tables and pictures.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    SurveyError
        If xlsxwriter is not installed.

    Notes
    -----
    The first sheet lists the others. A number that is a difference or a sum of printed numbers is
    a formula with that number as its stored result. Each figure that the library knows becomes a
    native chart, or cells coloured by their values, above the numbers that were drawn.
    """
    xlsxwriter = needed("xlsxwriter", "xlsxwriter", "excel")
    target, voice = Path(path), contents.voice
    told = titles(contents)
    own, *names = sheet_names(
        [said("contents", "sheet", contents.lang), *(name for name, _ in told)]
    )
    with xlsxwriter.Workbook(target, _OPTIONS) as book:
        _properties(book, contents)
        front = book.add_worksheet(own)
        sheets = [book.add_worksheet(name) for name in names]
        entries = list(zip(names, (title for _, title in told), strict=True))
        _contents(book, front, entries, contents)
        count = len(contents.tables)
        for k, table in enumerate(contents.tables.values()):
            write_table(book, sheets[k], names[k], table, told[k][1])
        for k, picture in enumerate(contents.pictures.values(), start=count):
            known = _names(contents, picture)
            write_figure(book, sheets[k], names[k], picture, told[k][1], voice, known)
    return target


def titles(contents: Contents) -> list[tuple[str, str]]:
    """Name and title of every sheet after the contents, in order."""
    voice = contents.voice
    table, figure = voice.say("file", "table"), voice.say("file", "figure")
    return [
        *(
            (f"{table} {k}", f"{table} {k}. {one.title}")
            for k, one in enumerate(contents.tables.values(), start=1)
        ),
        *(
            (voice.say("file", "data", number=k), f"{figure} {k}. {one.caption}")
            for k, one in enumerate(contents.pictures.values(), start=1)
        ),
    ]


def _properties(book: Any, contents: Contents) -> None:
    """Say what the file is."""
    voice = contents.voice
    book.set_properties(
        {
            "title": voice.say("file", "title", year=contents.year),
            "author": "sipas",
            "keywords": voice.say("file", "keywords"),
            "comments": "\n".join(_under_all(contents)),
            "created": contents.dated,
        }
    )


def _contents(
    book: Any, sheet: Any, entries: Sequence[tuple[str, str]], contents: Contents
) -> None:
    """Write the first sheet: title, what holds of every table, and links to the others."""
    bold = {**FONT, "bold": True, "font_size": 14, "text_wrap": True}
    italic = {**FONT, "italic": True, "text_wrap": True}
    link = {**FONT, "font_color": "#0b3c6f", "underline": 1, "border": 1}
    plain = {**FONT, "text_wrap": True, "border": 1}
    for place, width in enumerate(_WIDTHS):
        sheet.set_column(place, place, width)
    title = contents.voice.say("file", "title", year=contents.year)
    across(sheet, 0, title, _WIDTHS, book.add_format(bold))
    notes = [*_under_all(contents), said("contents", "note", contents.lang)]
    for row, note in enumerate(notes, start=1):
        across(sheet, row, note, _WIDTHS, book.add_format(italic))
    top = len(notes) + 2
    for place, name in enumerate(("name", "holds")):
        head = said("contents", name, contents.lang)
        sheet.write_string(top, place, head, book.add_format({**FONT, **HEAD}))
    for row, (name, told) in enumerate(entries, start=top + 1):
        quoted = name.replace("'", "''")
        sheet.write_url(row, 0, f"internal:'{quoted}'!A1", book.add_format(link), name)
        sheet.write_string(row, 1, cell_text(told), book.add_format(plain))
        sheet.set_row(row, LINE * lines(told, _WIDTHS[1]))
    sheet.hide_gridlines(2)
    sheet.freeze_panes(top + 1, 0)
    print_setup(sheet, (top, top))


def _under_all(contents: Contents) -> list[str]:
    """Give the notes that stand under every table, such as that the data are made up."""
    tables = list(contents.tables.values())
    if len(tables) < 2:
        return []
    return [note for note in tables[0].notes if all(note in one.notes for one in tables)]


def _names(contents: Contents, picture: Picture) -> dict[str, str]:
    """Names that a figure needs beside its numbers, by code, as their table prints them."""
    if picture.name.startswith(TARGETS):
        return _target_names(contents, picture)
    table = contents.tables.get("leader_groups")
    if table is None or "label" not in table.frame:
        return {}
    return {str(code): str(name) for code, name in table.frame["label"].items()}


def _target_names(contents: Contents, picture: Picture) -> dict[str, str]:
    """Names of the indices with a target.

    The table lists both surveys, whose codes may be the same; estimates tell them apart.
    """
    table = contents.tables.get("targets")
    if table is None or not {"figure", "name", "estimate"} <= set(table.frame):
        return {}
    drawn = table.frame[table.frame["estimate"].isin(picture.data["estimate"])]
    return {
        str(code): str(name) for code, name in zip(drawn["figure"], drawn["name"], strict=True)
    }

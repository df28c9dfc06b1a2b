"""A table as HTML: a caption, headings that say what they head, numbers that line up.

The fragment carries class names and no style, so that a report dresses it; a notebook, which has
no style sheet of its own, puts `STYLE` in front.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from sipas.plain_text import inert

if TYPE_CHECKING:
    from sipas.tables.table_parts import Column, Row, Table

#: Look of a table in a notebook. Colours are those of the page, light or dark; a wide table
#: scrolls in its own box while its caption stays in sight.
STYLE = """<style>
.sipas-table-box{margin:1em 0;color:inherit}
.sipas-table-box .sipas-table-scroll{overflow-x:auto;container-type:inline-size}
.sipas-table-box table.sipas-table{border-collapse:collapse;table-layout:auto;width:auto;margin:0;
border:0;border-top:2px solid;border-bottom:2px solid;color:inherit;font-size:.95em;
line-height:1.35}
.sipas-table-box table.sipas-table caption{caption-side:top;text-align:left;padding:0 0 .5em;
color:inherit;font-weight:bold}
.sipas-table-box table.sipas-table caption span{display:inline-block;position:sticky;left:0;
max-width:100cqw}
.sipas-table-box table.sipas-table tr{background:none}
.sipas-table-box table.sipas-table :is(th,td){background:none;border:0;padding:.3em .4em;
max-width:none;vertical-align:top;white-space:normal}
.sipas-table-box table.sipas-table thead th{text-align:center;vertical-align:bottom;
font-weight:bold;border-bottom:1px solid;min-width:3.5em}
.sipas-table-box table.sipas-table tbody :is(th,td){border-bottom:1px solid rgba(128,128,128,.35);
text-align:left;font-weight:normal}
.sipas-table-box table.sipas-table tbody td.sipas-text{min-width:6em}
.sipas-table-box table.sipas-table tbody th{min-width:11em;overflow-wrap:anywhere}
.sipas-table-box table.sipas-table tbody .sipas-number{text-align:right;white-space:nowrap;
font-variant-numeric:tabular-nums lining-nums}
.sipas-table-box table.sipas-table tbody .sipas-place{text-align:center}
.sipas-table-box table.sipas-table tbody .sipas-strong :is(th,td){font-weight:bold}
.sipas-table-box :is(caption span,.sipas-table-notes){overflow-wrap:anywhere}
.sipas-table-box .sipas-table-notes{max-width:60em;font-size:.85em;line-height:1.4}
.sipas-table-box .sipas-table-notes p{margin:.4em 0 0}
</style>"""


def as_html(table: Table, *, caption: str | None = None) -> str:
    """Write a table as an HTML fragment without style.

    Parameters
    ----------
    table : Table
        The table.
    caption : str, optional
        Text above it, such as the title with its number; the title by default, none for ``""``.

    Returns
    -------
    str
        ``div.sipas-table-box`` with ``table.sipas-table`` in a ``div.sipas-table-scroll``, and
        the notes in ``div.sipas-table-notes``. Cells of numbers have the class ``sipas-number``,
        running numbers ``sipas-place``, words ``sipas-text``; rows of totals are
        ``tr.sipas-strong``. Whatever came from data is escaped.

    Examples
    --------
    >>> import pandas as pd
    >>> from sipas.tables import Column, Table
    >>> columns = (Column("name", "Name", kind="text"), Column("rate", "Rate (%)"))
    >>> frame = pd.DataFrame({"name": ["<b>"], "rate": [79.5556]})
    >>> made = as_html(Table("t", "Rates", frame, columns, lang="en"), caption="Table 1. Rates")
    >>> "<caption><span>Table 1. Rates</span></caption>" in made
    True
    >>> '<th scope="row" class="sipas-text">&lt;b&gt;</th>' in made
    True
    >>> '<td class="sipas-number">79.56</td>' in made
    True
    """
    named = table.title if caption is None else caption
    above = f"<caption><span>{_escaped(named)}</span></caption>" if named else ""
    body = "\n".join(_row(row, table) for row in table.rows())
    cells = "\n".join(
        part
        for part in (above, *_groups(table), _head(table), f"<tbody>\n{body}\n</tbody>")
        if part
    )
    notes = "".join(f"<p>{_escaped(note)}</p>" for note in table.notes)
    region = f'role="region" tabindex="0" aria-label="{_escaped(named or table.title)}"'
    return (
        f'<div class="sipas-table-box" lang="{table.lang}">\n'
        f'<div class="sipas-table-scroll" {region}>\n'
        f'<table class="sipas-table">\n{cells}\n</table>\n</div>\n'
        + (f'<div class="sipas-table-notes">{notes}</div>\n' if notes else "")
        + "</div>"
    )


def _groups(table: Table) -> list[str]:
    """Columns that stand under one heading; a heading with ``scope="colgroup"`` needs them."""
    return [f'<colgroup span="{len(members)}"></colgroup>' for _, members in table.groups]


def _head(table: Table) -> str:
    """Heading of one row, or of two where columns stand under groups."""
    deep = any(group for group, _ in table.groups)
    upper, lower = [], []
    for group, members in table.groups:
        if group:
            upper.append(f'<th scope="colgroup" colspan="{len(members)}">{_escaped(group)}</th>')
            lower += [f'<th scope="col">{_escaped(column.head)}</th>' for column in members]
        else:
            rows = ' rowspan="2"' if deep else ""
            upper += [f'<th scope="col"{rows}>{_escaped(one.head)}</th>' for one in members]
    lines = [f"<tr>{''.join(cells)}</tr>" for cells in (upper, lower) if cells]
    return "\n".join(["<thead>", *lines, "</thead>"])


def _row(row: Row, table: Table) -> str:
    """Write one row; the words that name it head it."""
    cells = []
    for place, (column, text) in enumerate(zip(table.columns, row.cells, strict=True)):
        tag, scope = ("th", ' scope="row"') if place == table.heading_column else ("td", "")
        shown = f"<b>{_escaped(text)}</b>" if row.strong and text else _escaped(text)
        cells.append(f'<{tag}{scope} class="sipas-{_kind(column)}">{shown}</{tag}>')
    mark = ' class="sipas-strong"' if row.strong else ""
    return f"<tr{mark}>{''.join(cells)}</tr>"


def _kind(column: Column) -> str:
    """Class of a cell."""
    if column.key == "place":
        return "place"
    return "text" if column.is_words else "number"


def _escaped(text: str) -> str:
    """Text that stays text."""
    return escape(inert(text), quote=True)

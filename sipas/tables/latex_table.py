r"""A table as LaTeX: a ``longtable`` with the rules of ``booktabs``, its heading on every page.

A fragment needs the packages ``array``, ``booktabs`` and ``longtable`` under XeLaTeX or LuaLaTeX;
`as_latex` writes a whole document.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from sipas.numerals import Lang
from sipas.tables.latex_text import escaped
from sipas.tables.latex_widths import shares_of, size_of
from sipas.tables.table_words import word

if TYPE_CHECKING:
    from sipas.tables.table_parts import Column, Table

#: What a document needs in front of ``\begin{document}``: A4 with the margins of Decree 30, a
#: Times where one has the Vietnamese letters (LaTeX's own font has them too), page numbers centred
#: at the top.
LATEX_PREAMBLE = r"""% !TeX program = xelatex
\documentclass[12pt,a4paper]{article}
\usepackage[top=20mm,bottom=20mm,left=30mm,right=18mm,headheight=15pt]{geometry}
\usepackage{fontspec}
% The first Times that holds every Vietnamese letter; not each font of such a name does.
\newif\iftimes
\newcommand{\try}[1]{\iftimes\else\IfFontExistsTF{#1}{{\fontspec{#1}%
  \iffontchar\font"1EA3 \iffontchar\font"1EF1 \global\timestrue\fi\fi}%
  \iftimes\setmainfont{#1}\fi}{}\fi}
\try{Times New Roman}\try{Liberation Serif}\try{TeX Gyre Termes}\try{Noto Serif}
\usepackage{array,booktabs,longtable}
\usepackage[labelsep=period,labelfont=bf,font=small,skip=4pt]{caption}
\usepackage{fancyhdr}
\fancyhf{}
\fancyhead[C]{\thepage}
\renewcommand{\headrulewidth}{0pt}
\pagestyle{fancy}
"""
#: ``Q{side}{p or b}{share}``: a column that takes a share of the line with the space around it.
_COLUMN = r"\newcolumntype{Q}[3]{>{#1\arraybackslash}#2{\dimexpr#3\linewidth-2\tabcolsep\relax}}"
#: Rows of a table that is kept on one page.
_SHORT = 12


def longtable(table: Table, *, caption: str | None = None, label: str | None = None) -> str:
    r"""Write a table as a LaTeX fragment.

    Parameters
    ----------
    table : Table
        The table.
    caption : str, optional
        Caption, which LaTeX numbers; the title by default, none for ``""``.
    label : str, optional
        Name for ``\ref``; ``tab:`` and the table's name by default.

    Returns
    -------
    str
        A ``longtable`` as wide as the text, its heading repeated on every page, its notes beneath.
        Whatever came from data is escaped.

    Examples
    --------
    >>> import pandas as pd
    >>> from sipas.tables import Column, Table
    >>> columns = (Column("name", "Name", kind="text"), Column("change", "Change", kind="signed"))
    >>> frame = pd.DataFrame({"name": ["50% & more"], "change": [-9.04]})
    >>> print(longtable(Table("t", "Rates", frame, columns, lang="en")).splitlines()[-3])
    50\% \& more & \textminus{}9.04 \\
    """
    shares = shares_of(table)
    columns = "".join(
        _aligned(_side(column), "p", share)
        for column, share in zip(table.columns, shares, strict=True)
    )
    shown = table.title if caption is None else caption
    named = re.sub(r"[^\w:.-]", "-", label or f"tab:{table.name}", flags=re.ASCII)
    return "\n".join(
        [
            rf"\begingroup{size_of(table)}",
            r"\setlength{\tabcolsep}{3pt}\setlength{\extrarowheight}{2pt}\setlength{\LTcapwidth}{\linewidth}",
            _COLUMN,
            rf"\begin{{longtable}}{{{columns}}}",
            *([rf"\caption{{{escaped(shown)}}}\label{{{named}}}\\"] if shown else []),
            *_head(table, shares, numbered=bool(shown)),
            *_foot(table),
            *_rows(table),
            r"\end{longtable}",
            r"\endgroup",
        ]
    )


def as_latex(tables: Mapping[str, Table], *, lang: Lang) -> str:
    r"""Write tables as one LaTeX document, ready for ``xelatex``.

    Parameters
    ----------
    tables : mapping of str to Table
        The tables by name, in order; each can be referred to as ``\ref{tab:name}``.
    lang : {"vi", "en"}
        Language of the word in front of their numbers.

    Returns
    -------
    str
        The text of a ``.tex`` file, in UTF-8.

    Examples
    --------
    >>> print(as_latex({}, lang="vi").splitlines()[-4])
    \renewcommand{\tablename}{Bảng}
    """
    opened = rf"\renewcommand{{\tablename}}{{{word('latex', 'table', lang)}}}"
    bodies = [longtable(table, label=f"tab:{name}") for name, table in tables.items()]
    body = "\n\n".join([r"\begin{document}\thispagestyle{empty}", *bodies, r"\end{document}"])
    return f"{LATEX_PREAMBLE}{opened}\n{body}\n"


def _head(table: Table, shares: list[float], *, numbered: bool) -> list[str]:
    """Heading of the first page, and of those that follow."""
    lines = [r"\toprule", *_groups(table, shares)]
    heads = [
        rf"\multicolumn{{1}}{{{_aligned('centering', 'b', share)}}}{{{_bold(column.head)}}}"
        for column, share in zip(table.columns, shares, strict=True)
    ]
    lines += [" &\n".join(heads) + r" \\", r"\midrule"]
    again = rf"\tablename~\thetable{{}} ({word('latex', 'continued', table.lang)})"
    above = [rf"\multicolumn{{{len(shares)}}}{{@{{}}l}}{{\textit{{{again}}}}}\\"]
    return [*lines, r"\endfirsthead", *(above if numbered else []), *lines, r"\endhead"]


def _groups(table: Table, shares: list[float]) -> list[str]:
    """Row of headings over several columns, each underlined; none where there is none."""
    cells, rules, first = [], [], 1
    for group, members in table.groups:
        last = first + len(members) - 1
        if group:
            shape = _aligned("centering", "b", sum(shares[first - 1 : last]))
            cells.append(rf"\multicolumn{{{len(members)}}}{{{shape}}}{{{_bold(group)}}}")
            rules.append(rf"\cmidrule(lr){{{first}-{last}}}")
        else:
            cells.append("")
        first = last + 1
    return [" & ".join(cells) + r" \\", "".join(rules)] if rules else []


def _foot(table: Table) -> list[str]:
    """Rule at the end of every page, and the notes after the last row."""
    wide = rf"\multicolumn{{{len(table.columns)}}}{{@{{}}p{{\linewidth}}@{{}}}}"
    notes = [rf"{wide}{{\rule{{0pt}}{{2.6ex}}{escaped(note)}}}\\" for note in table.notes]
    return [r"\bottomrule", r"\endfoot", r"\bottomrule", *notes, r"\endlastfoot"]


def _rows(table: Table) -> list[str]:
    """Write the rows; a short table stays on one page, and a heading row with what it heads."""
    rows = table.rows()
    made = []
    for place, row in enumerate(rows, start=1):
        cells = [_bold(text) if row.strong else escaped(text) for text in row.cells]
        together = place < len(rows) and (row.strong or len(rows) <= _SHORT)
        made.append(" & ".join(cells) + (r" \\*" if together else r" \\"))
    return made


def _bold(text: str) -> str:
    """Write text in bold; nothing stays nothing."""
    return rf"\textbf{{{escaped(text)}}}" if text else ""


def _aligned(side: str, kind: str, share: float) -> str:
    """Column that takes a share of the line, with the space around it."""
    return rf"Q{{\{side}}}{{{kind}}}{{{share:.4f}}}"


def _side(column: Column) -> str:
    """Side on which a column lines up."""
    if column.key == "place":
        return "centering"
    return "raggedright" if column.is_words else "raggedleft"

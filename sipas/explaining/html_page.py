"""The explanation as HTML: steps that fold without scripts; every text is escaped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from sipas.explaining.formulas import Formula
from sipas.explaining.said import (
    answer_table,
    formulas,
    heading,
    right_sides,
    sentences,
    steps_beneath,
)
from sipas.explaining.shown import Shown
from sipas.explaining.steps import Step


def html_page(top: Step, source: str, notes: Sequence[str], shown: Shown, *, folded: bool) -> str:
    """Lay out an explanation as HTML."""
    steps = "".join(_step(top, shown, folded=folded, outermost=True))
    foot = f"<p><small>{_lines(notes)}</small></p>"
    return f'<div lang="{shown.lang}"><p>{escape(source)}</p>{steps}{foot}</div>'


def _step(step: Step, shown: Shown, *, folded: bool, outermost: bool) -> Iterator[str]:
    """Write a step, and those beneath inside it."""
    state = "" if folded and not outermost else " open"
    inwards = "" if outermost else ' style="margin-left:1.5em"'
    yield f"<details{state}{inwards}>"
    yield f"<summary><b>{escape(heading(step, shown))}</b></summary>"
    for formula in formulas(step):
        yield f"<p>{_lines(_equations(formula, shown))}</p>"
    yield f"<p>{_lines(sentences(step, shown))}</p>"
    yield from _table(answer_table(step, shown))
    for under in steps_beneath(step):
        yield from _step(under, shown, folded=folded, outermost=False)
    yield "</details>"


def _equations(formula: Formula, shown: Shown) -> list[str]:
    """Write a formula in symbols, in numbers, and its value."""
    first, *rest = (" ".join(side) for side in right_sides(formula, shown))
    return [f"{formula.left} = {first}", *(f"= {side}" for side in rest)]


def _lines(texts: Sequence[str]) -> str:
    """Escape texts and put each on a line."""
    return "<br>".join(escape(text) for text in texts)


def _table(rows: list[list[str]]) -> Iterator[str]:
    """Write a table of answers."""
    if rows:
        yield f"<table><thead>{_cells(rows[0], 'th')}</thead><tbody>"
        yield "".join(_cells(row, "td") for row in rows[1:])
        yield "</tbody></table>"


def _cells(row: list[str], tag: str) -> str:
    """Write one row: words to the left, numbers to the right."""
    sides = ["left", *["right"] * (len(row) - 1)]
    cells = (
        f'<{tag} style="text-align:{side}">{escape(cell)}</{tag}>'
        for side, cell in zip(sides, row, strict=True)
    )
    return f"<tr>{''.join(cells)}</tr>"

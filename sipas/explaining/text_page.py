"""The explanation as plain text: steps indented, long formulas broken between their terms."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from sipas.explaining.formulas import Formula
from sipas.explaining.said import (
    answer_table,
    formulas,
    heading,
    right_sides,
    sentences,
    steps_beneath,
    unwritten,
)
from sipas.explaining.shown import INDENT, Shown
from sipas.explaining.steps import Step

#: Stands for a space at which no line may break.
_TIED = "\N{NO-BREAK SPACE}"


def text_page(top: Step, source: str, notes: Sequence[str], shown: Shown) -> str:
    """Lay out an explanation as text."""
    lines = [*_broken(source, shown), "", *_steps(top, shown), ""]
    return "\n".join([*lines, *(line for note in notes for line in _broken(note, shown))])


def _steps(step: Step, shown: Shown) -> Iterator[str]:
    """Write a step and, indented, those beneath."""
    yield from _broken(heading(step, shown), shown)
    inside = shown.beneath()
    inner = [line for formula in formulas(step) for line in _equations(formula, inside)]
    inner += [line for said in sentences(step, shown) for line in _broken(said, inside)]
    inner += _aligned(answer_table(step, shown))
    beneath = steps_beneath(step)
    if beneath and shown.depth == 0:
        inner.append(unwritten(step, shown))
        beneath = []
    for under in beneath:
        inner += ["", *_steps(under, inside)]
    yield from (f"{INDENT}{line}" if line else line for line in inner)


def _equations(formula: Formula, shown: Shown) -> list[str]:
    """Write a formula in symbols, in numbers, and its value, one under the other."""
    first, *rest = right_sides(formula, shown)
    pad = " " * len(formula.left)
    below = [line for side in rest for line in _wrapped(f"{pad} = ", side, shown)]
    return [*_wrapped(f"{formula.left} = ", first, shown), *below]


def _wrapped(start: str, pieces: list[str], shown: Shown) -> list[str]:
    """Break a formula between its pieces, the next lines under the first piece."""
    lines = textwrap.wrap(
        " ".join(piece.replace(" ", _TIED) for piece in pieces),
        shown.width,
        initial_indent=start.replace(" ", _TIED),
        subsequent_indent=_TIED * len(start),
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [line.replace(_TIED, " ") for line in lines]


def _broken(line: str, shown: Shown) -> list[str]:
    """Break a sentence."""
    return textwrap.wrap(line, shown.width, subsequent_indent="  ", break_long_words=False)


def _aligned(rows: list[list[str]]) -> list[str]:
    """Set a table in columns: words to the left, numbers to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]) for row in rows
    ]

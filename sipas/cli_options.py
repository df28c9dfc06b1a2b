"""Options that several commands have."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, get_args

import click

from sipas import cli_sheets
from sipas.responses import Unit
from sipas.responses.sheet_rows import Duplicates
from survey.scores import LonelyRule

_Command = TypeVar("_Command", bound=Callable[..., Any])
FILE = click.Path(path_type=Path, dir_okay=False)
LANG = click.option(
    "--lang", type=click.Choice(["vi", "en"]), default="vi", help="Language of labels and numbers."
)
LEVEL = click.option("--level", type=float, default=0.95, help="Confidence of the intervals.")
PSU = click.option(
    "--psu", type=click.Choice(get_args(Unit)), help="Unit drawn in districts; communes if unsaid."
)
_READING = (
    click.option("--sheet", help="Sheet of the workbooks, where several have cells."),
    click.option(
        "--duplicates",
        type=click.Choice(get_args(Duplicates)),
        help="Rows of one id; refused if unsaid.",
    ),
    click.option(
        "--column",
        "columns",
        multiple=True,
        metavar="ROLE=NAME",
        callback=cli_sheets.parse_columns,
        help="Your column of a role or item, such as commune=Xã; repeatable.",
    ),
    click.option(
        "--lonely-psu",
        type=click.Choice(get_args(LonelyRule)),
        help="What a stratum of one unit contributes; refused if unsaid.",
    ),
)


def reading(command: _Command) -> _Command:
    """Add the options that say how files are read."""
    for add in reversed(_READING):
        command = add(command)
    return command


def sent(name: str, whose: str) -> Callable[[_Command], _Command]:
    """Make an option for the number of forms sent."""
    return click.option(
        name,
        metavar="N|GROUP=N,…",
        callback=cli_sheets.parse_sent,
        help=f"Forms sent to {whose}, in all or by group.",
    )

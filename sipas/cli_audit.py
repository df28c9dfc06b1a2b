"""The command ``sipas audit``: printed tables in, what does not agree out.

Exit code 0 when nothing was found, 1 with findings, 2 when the input cannot be used.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import click
import pandas as pd

from sipas.auditing import AuditReport, audit
from sipas.numerals import Lang

FOUND = 1
_FIRST = ("file", "table", "year", "code", "measure", "printed", "recomputed", "low", "high")


@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--identities", type=click.Path(path_type=Path, dir_okay=False), help="TOML of your relations."
)
@click.option(
    "--ranked", type=int, help="How many places are ranked; read from the tables if not."
)
@click.option("--json", "as_json", is_flag=True, help="Print the findings as a JSON list.")
@click.pass_context
def audit_command(
    ctx: click.Context,
    /,
    files: tuple[Path, ...],
    identities: Path | None,
    ranked: int | None,
    as_json: bool,
    lang: Lang,
) -> None:
    """Check whether printed tables agree with themselves and with each other."""
    report = audit(*files, identities=identities, ranked=ranked)
    click.echo(_json(report) if as_json else report.full_text(lang))
    if report.found:
        ctx.exit(FOUND)


def _json(report: AuditReport) -> str:
    """Write the findings as a list of rows; what is not known is null."""
    rows = report.findings.to_dict("records")
    return json.dumps([_row(row) for row in rows], ensure_ascii=False, indent=1)


def _row(row: dict[Any, Any]) -> dict[str, Any]:
    """Put the columns that say where and what first."""
    order = [*_FIRST, *(str(name) for name in row if name not in _FIRST)]
    return {name: _plain(row[name]) for name in order}


def _plain(value: Any) -> Any:
    """Give a value that JSON has."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return None if value is pd.NA else value

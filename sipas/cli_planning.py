"""The command ``sipas plan``: what next year's survey sees, and which designs would see more.

The options that say how a file is read are added where the command is registered.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import click
import numpy as np
import pandas as pd
from scipy.special import chdtri

from sipas import cli_sheets, demonstration
from sipas.cli_tables import design_line
from sipas.indices import Score
from sipas.numerals import Lang, number
from sipas.planning import NextYear, plan_next_year
from sipas.report.sources import Reading, Source, read_all
from sipas.responses import Answers
from sipas.sentences import texts_in, worded
from survey.errors import SurveyError

#: Exit code when no design sees the change.
FOUND = 1
_LINES = 12
_FILE = Path(__file__).with_suffix(".toml")
#: ``_text(part, name, **filled)`` fills in one of the command's own sentences.
_text = partial(worded, _FILE)
_DECIMALS = {"n": 0, "df": 0, "communes": 0, "villages": 0, "households": 0, "cost": 0}
_DECIMALS |= {"icc_commune": 3, "icc_village": 3, "power": 1}


@click.option("--households", type=click.Path(path_type=Path, dir_okay=False), help="This year's.")
@click.option("--instrument", help="Instrument id or file; needed with a sheet of your own.")
@click.option("--delta", type=float, default=3.0, help="Change to be seen, percentage points.")
@click.option("--index", "code", help="Code of the index to see it in; services if unsaid.")
@click.option("--power", type=float, default=0.8, help="Chance of seeing the change.")
@click.option(
    "--score", type=click.Choice(["top2", "mean"]), default="top2", help="Kind of index."
)
@click.option("--same-communes", is_flag=True, help="List designs that visit them again.")
@click.option("--rho", type=float, default=0.5, help="Correlation of a commune between years.")
@click.option(
    "--cost-commune", "cost_communes", type=float, help="Cost of a commune, in any unit."
)
@click.option("--cost-village", "cost_villages", type=float, help="Cost of a village.")
@click.option("--cost-household", "cost_households", type=float, help="Cost of a form.")
@click.option("--most-communes", type=int, help="Most communes in all.")
@click.option("--most-villages", type=int, help="Most villages in a commune.")
@click.option("--most-households", type=int, help="Most forms in a village.")
@click.option("--demo", is_flag=True, help="Use the made-up data of Huế, 2022.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Folder for CSV.")
@click.pass_context
def plan_command(
    ctx: click.Context,
    /,
    delta: float,
    code: str | None,
    power: float,
    score: Score,
    same_communes: bool,
    rho: float,
    demo: bool,
    out: Path | None,
    level: float,
    lang: Lang,
    **given: Any,
) -> None:
    """Print what next year's survey can see, and the designs that would see a change.

    Exit code 1 when no design within the limits does.
    """
    answers = _answers(demo, given, lang)
    plan = plan_next_year(
        answers,
        delta=delta,
        code=code,
        design=answers.design(
            psu=given["psu"] or "commune", lonely_psu=given["lonely_psu"] or "fail"
        ),
        score=score,
        same_communes=same_communes,
        rho=rho,
        costs=_by_stage(given, "cost"),
        most=_by_stage(given, "most"),
        power=power,
        level=level,
    )
    print_plan(plan, same_communes, lang)
    if out is not None:
        _save(plan, out, lang)
    if not plan.designs.found:
        ctx.exit(FOUND)


def print_plan(plan: NextYear, same_communes: bool, lang: Lang) -> None:
    """Print what was measured, the designs, and what to mind about both."""
    click.echo(f"\n{plan.index.instrument.title[lang]}\n{design_line(plan.index.design, lang)}")
    click.echo(f"\n{_text('part', 'measured')[lang]}")
    table = plan.table(lang=lang)
    table = table[table["level"] != "statement"].drop(columns=["level", "label", "sd"])
    headings = {name: _heading(name, lang) for name in table}
    shown = _written(table, lang).rename(columns=headings)
    click.echo(shown.rename_axis(_heading("code", lang)).to_string())
    for line in _notes(plan, list(table.index), lang):
        click.echo(f"- {line}")
    visits = "same" if same_communes else "redrawn"
    title = _text(
        "part",
        "designs",
        delta=number(plan.delta, 1, lang=lang),
        code=plan.code,
        power=number(100.0 * plan.power, 0, lang=lang),
        visits=_text("part", visits, rho=number(plan.rho, lang=lang))[lang],
    )
    click.echo(f"\n{title[lang]}")
    _print_designs(plan, lang)


def _answers(demo: bool, given: Mapping[str, Any], lang: Lang) -> Answers:
    """Read the sheet, or take the demonstration's."""
    if demo:
        own = {k: v for k, v in given.items() if not k.startswith(("cost_", "most_"))}
        cli_sheets.refuse_beside_demo(own)
        click.echo(demonstration.footnote(lang))
        return demonstration.households(demonstration.YEARS[-1])
    if not given["households"]:
        raise SurveyError("sipas plan: no sheet given.", mend="Pass --households or --demo.")
    source = Source(given["households"], given["instrument"])
    (answers,) = read_all([source], Reading.of(given))
    return answers


def _by_stage(given: Mapping[str, Any], what: str) -> dict[str, Any] | None:
    """Collect the options of one kind by stage."""
    named = {unit: given[f"{what}_{unit}"] for unit in ("communes", "villages", "households")}
    return {unit: value for unit, value in named.items() if value is not None} or None


def _notes(plan: NextYear, codes: list[str], lang: Lang) -> list[str]:
    """Explain the headings, and say what the figures rest on."""
    df = plan.index.design.df
    factors = np.sqrt(df / chdtri(df, np.array([0.025, 0.975])))
    low, high = (number(float(factor), 2, lang=lang) for factor in factors)
    level, power = (number(100.0 * share, 0, lang=lang) for share in (plan.level, plan.power))
    made = [
        _text("note", "terms", level=level, power=power),
        _text("note", "visits", rho=number(plan.rho, lang=lang)),
        _text("note", "rough", df=df, low=low, high=high),
        _text("note", "floor", code=plan.code, floor=number(plan.floor, 1, lang=lang)),
    ]
    below = int((plan.components.icc.reindex(codes) < 0).to_numpy().sum())
    if below:
        made.append(_text("note", "below", count=below))
    return [text[lang] for text in made]


def _print_designs(plan: NextYear, lang: Lang) -> None:
    """Print the best design for each number of first-stage units, or how far the largest is."""
    if not plan.designs.found:
        largest = plan.designs.largest
        counts = " × ".join(number(largest.iloc[k], 0, lang=lang) for k in range(len(plan.stages)))
        mde = number(largest["mde"], 1, lang=lang)
        click.echo(_text("note", "none", largest=counts, mde=mde)[lang])
        return
    table = plan.design_table()
    costed = bool(table["cost"].notna().all())
    best = table.drop_duplicates(plan.stages[0])
    best = best if costed else best.sort_values(plan.stages[0])
    names = [*plan.stages, "n", "deff", "df", "mdc", "mde", "power", *(["cost"] if costed else [])]
    shown = best.head(_LINES)[names].assign(power=100.0 * best["power"])
    click.echo(
        _written(shown, lang).rename(columns=_stage_headings(plan, lang)).to_string(index=False)
    )
    kind = _text("note", "cheapest" if costed else "smallest")[lang]
    line = _text("note", "one_a_row", best=kind, count=len(table), shown=len(shown))
    click.echo(f"- {line[lang]}")


def _stage_headings(plan: NextYear, lang: Lang) -> dict[str, str]:
    """Head the columns of the designs; a stage is counted within the one before."""
    names = {
        name: name for name in (*plan.stages, "n", "deff", "df", "mdc", "mde", "power", "cost")
    }
    if plan.stages[0] == "villages":
        names["villages"] = "villages_drawn"
    if plan.stages[-2] == "communes":
        names["households"] = "households_commune"
    return {name: _heading(key, lang) for name, key in names.items()}


def _written(table: pd.DataFrame, lang: Lang) -> pd.DataFrame:
    """Write numbers in the language."""
    columns = {
        name: [number(value, _DECIMALS.get(str(name), 2), lang=lang) for value in table[name]]
        for name in table
    }
    return pd.DataFrame(columns, index=table.index)


def _save(plan: NextYear, folder: Path, lang: Lang) -> None:
    """Save both tables with full precision, and name the files."""
    folder.mkdir(parents=True, exist_ok=True)
    tables = {
        "plan_measured": plan.table(lang=lang).reset_index(),
        "plan_designs": plan.design_table(),
    }
    click.echo()
    for name, table in tables.items():
        path = folder / f"{name}.csv"
        table.to_csv(path, index=False, encoding="utf-8-sig")
        click.echo(str(path))


def _heading(name: object, lang: Lang) -> str:
    """Head a column in the language; a column of the user's keeps its name."""
    known = str(name) in texts_in(_FILE)["columns"]
    return _text("columns", str(name))[lang] if known else str(name)

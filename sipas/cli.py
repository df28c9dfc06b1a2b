"""The command line: ``sipas section-a``, ``index``, ``check``, ``plan``, ``datasets``.

Exit code 0 when all went well, 1 when a check found something, 2 when the input cannot be used.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, cast

import click
import pandas as pd

import sipas
import survey
from sipas import (
    cli_against,
    cli_audit,
    cli_findings,
    cli_planning,
    cli_section,
    cli_sheets,
    demonstration,
)
from sipas.cli_options import FILE, LANG, LEVEL, PSU, reading, sent
from sipas.cli_tables import print_leaders, print_satisfaction
from sipas.numerals import Lang
from sipas.report.sources import Reading, Source, leader_weights, read_all
from sipas.responses import Answers
from sipas.sentences import sentence
from survey.errors import SurveyError, SurveyWarning

FOUND, UNUSABLE = 1, 2


class _Commands(click.Group):
    """Turn the library's errors into one paragraph and exit code 2, its warnings into another."""

    def invoke(self, ctx: click.Context) -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("default", SurveyWarning)
            warnings.showwarning = partial(_show_warning, warnings.showwarning)
            try:
                return super().invoke(ctx)
            except SurveyError as error:
                click.echo(f"sipas: {error}", err=True)
                ctx.exit(UNUSABLE)


def _show_warning(
    others: Callable[..., None], message: Warning | str, category: type[Warning], *place: Any
) -> None:
    """Print a warning of ours without the line of code it comes from."""
    if issubclass(category, SurveyWarning):
        click.echo(f"sipas: {message}", err=True)
    else:
        others(message, category, *place)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="sipas")
def main() -> None:
    """Satisfaction indices of provincial surveys, and what can be said of their change."""
    for stream in (sys.stdout, sys.stderr):
        cast(Any, stream).reconfigure(encoding="utf-8", errors="replace")


@main.command("index", epilog="Example: sipas index --demo --lang vi")
@click.option("--households", type=FILE, help="Sheet of household answers.")
@click.option("--leaders", type=FILE, help="Sheet of leader answers.")
@click.option("--instrument", help="Instrument id or file; needed with a sheet of your own.")
@click.option("--leader-instrument", help="Instrument of the leaders, beside households.")
@click.option("--group-weights", type=FILE, help="TOML file of leader group weights.")
@sent("--sent", "those of the sheet")
@sent("--leader-sent", "leaders, beside households")
@PSU
@reading
@click.option("--by", help="Column whose groups get an index each (households).")
@click.option("--demo", is_flag=True, help="Use the made-up data of Huế, 2021 and 2022.")
@LEVEL
@LANG
def index_command(by: str | None, demo: bool, level: float, lang: Lang, **given: Any) -> None:
    """Print every index with standard error, interval, n and missing answers."""
    if demo:
        cli_sheets.refuse_beside_demo(given)
        _demo_index(level, lang, by)
        return
    if not (given["households"] or given["leaders"]):
        raise SurveyError(
            "sipas index: no sheet given.", mend="Pass --households, --leaders or --demo."
        )
    cli_sheets.refuse_useless({**given, "by": by})
    sources = {}
    if given["households"]:
        sources["households"] = Source(given["households"], given["instrument"], given["sent"])
    if given["leaders"]:
        sources["leaders"] = _leader_source(given)
    read = read_all(list(sources.values()), Reading.of(given))
    for kind, answers in zip(sources, read, strict=True):
        design = _design(answers, given)
        if kind == "households":
            print_satisfaction(sipas.satisfaction(answers, design=design, by=by), level, lang)
        else:
            weights = leader_weights(given["group_weights"])
            scores = sipas.leader_scores(answers, design=design, group_weights=weights)
            print_leaders(scores, level, lang)


@main.command("check", epilog="Example: sipas check answers.xlsx --instrument sipas-2022")
@click.argument("file", type=FILE)
@click.option("--instrument", help="Instrument id or file; a record names its own.")
@cli_against.against_options
@sent("--sent", "those of the sheet")
@PSU
@reading
@LANG
@click.pass_context
def check_command(
    ctx: click.Context, /, file: Path, instrument: str | None, lang: Lang, **given: Any
) -> None:
    """Clean a sheet, try what follows, and print what was found; exit code 1 if anything was.

    With --against the result of a record is computed again: exit code 1 if it differs.
    """
    if given["against"]:
        ctx.exit(0 if cli_against.check_against(file, instrument, given, lang) else FOUND)
    cli_against.refuse_without_record(instrument, given)
    source = Source(file, instrument, given["sent"])
    (answers,) = read_all([source], Reading.of(given))
    cli_findings.print_cleaned(answers, lang)
    found = cli_findings.findings(answers, lang, partial(_design, answers, given))
    if not found:
        click.echo(f"\n{sentence('check', 'clean')[lang]}")
        return
    click.echo(f"\n{sentence('check', 'found', count=len(found))[lang]}")
    for line in found:
        click.echo(f"- {line}")
    ctx.exit(FOUND)


@main.command("datasets")
def datasets_command() -> None:
    """List the data that come with the library."""
    with pd.option_context("display.width", 200, "display.max_colwidth", 70):
        click.echo(sipas.datasets.list_datasets().to_string())


main.command("section-a", epilog=cli_section.EXAMPLES)(cli_section.section_a_command)
main.command("plan", epilog="Example: sipas plan --demo --delta 3 --lang vi")(
    PSU(reading(LEVEL(LANG(cli_planning.plan_command))))
)
main.command("audit", epilog="Example: sipas audit datasets/published/*.csv --lang en")(
    LANG(cli_audit.audit_command)
)


def _leader_source(given: Mapping[str, Any]) -> Source:
    """Say how the leaders' file is read; alone, the plain options are about it."""
    alone = not given["households"]
    return Source(
        given["leaders"],
        given["leader_instrument"] or (given["instrument"] if alone else None),
        given["leader_sent"] or (given["sent"] if alone else None),
    )


def _design(answers: Answers, given: Mapping[str, Any]) -> survey.Design:
    """Give the design that the options ask for."""
    return answers.design(psu=given["psu"] or "commune", lonely_psu=given["lonely_psu"] or "fail")


def _demo_index(level: float, lang: Lang, by: str | None) -> None:
    """Print the indices of the demonstration data, both surveys and years."""
    click.echo(demonstration.footnote(lang))
    for year in demonstration.YEARS:
        answers = demonstration.households(year)
        shares = None if by else demonstration.population_weights()
        print_satisfaction(sipas.satisfaction(answers, by=by, group_weights=shares), level, lang)
    for year in demonstration.YEARS:
        scores = sipas.leader_scores(
            demonstration.leaders(year), group_weights=demonstration.LEADER_WEIGHTS
        )
        print_leaders(scores, level, lang)


if __name__ == "__main__":
    main()

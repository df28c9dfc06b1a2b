"""The command line: ``sipas section-a``, ``index``, ``check``, ``plan``, ``datasets``.

Exit code 0 when all went well, 1 when a check found something, 2 when the input cannot be used.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, TypeVar, cast, get_args

import click
import pandas as pd

import sipas
import survey
from sipas import cli_against, cli_audit, cli_findings, cli_planning, cli_sheets, demonstration
from sipas.cli_sheets import Reading, Source
from sipas.cli_tables import print_leaders, print_satisfaction
from sipas.numerals import Lang
from sipas.report import SectionA
from sipas.report import demo as demo_section
from sipas.responses import Answers, Unit
from sipas.responses.sheet_rows import Duplicates
from sipas.sentences import sentence
from survey.errors import SurveyError
from survey.scores import LonelyRule

FOUND, UNUSABLE = 1, 2
_Command = TypeVar("_Command", bound=Callable[..., Any])
_FILE = click.Path(path_type=Path, dir_okay=False)
_LANG = click.option(
    "--lang", type=click.Choice(["vi", "en"]), default="vi", help="Language of labels and numbers."
)
_LEVEL = click.option("--level", type=float, default=0.95, help="Confidence of the intervals.")
_PSU = click.option(
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


def _reading(command: _Command) -> _Command:
    """Add the options that say how files are read."""
    for add in reversed(_READING):
        command = add(command)
    return command


def _sent(name: str, whose: str) -> Callable[[_Command], _Command]:
    """Make an option for the number of forms sent."""
    return click.option(
        name,
        metavar="N|GROUP=N,…",
        callback=cli_sheets.parse_sent,
        help=f"Forms sent to {whose}, in all or by group.",
    )


class _Commands(click.Group):
    """Turn the library's errors into one paragraph and exit code 2."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except SurveyError as error:
            click.echo(f"sipas: {error}", err=True)
            ctx.exit(UNUSABLE)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="sipas")
def main() -> None:
    """Satisfaction indices of provincial surveys, and what can be said of their change."""
    for stream in (sys.stdout, sys.stderr):
        cast(Any, stream).reconfigure(encoding="utf-8", errors="replace")


@main.command("index", epilog="Example: sipas index --demo --lang vi")
@click.option("--households", type=_FILE, help="Sheet of household answers.")
@click.option("--leaders", type=_FILE, help="Sheet of leader answers.")
@click.option("--instrument", help="Instrument id or file; needed with a sheet of your own.")
@click.option("--leader-instrument", help="Instrument of the leaders, beside households.")
@click.option("--group-weights", type=_FILE, help="TOML file of leader group weights.")
@_sent("--sent", "those of the sheet")
@_sent("--leader-sent", "leaders, beside households")
@_PSU
@_reading
@click.option("--by", help="Column whose groups get an index each (households).")
@click.option("--demo", is_flag=True, help="Use the made-up data of Huế, 2021 and 2022.")
@_LEVEL
@_LANG
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
    read = cli_sheets.read_all(list(sources.values()), Reading.of(given))
    for kind, answers in zip(sources, read, strict=True):
        design = _design(answers, given)
        if kind == "households":
            print_satisfaction(sipas.satisfaction(answers, design=design, by=by), level, lang)
        else:
            weights = cli_sheets.weights(given["group_weights"])
            scores = sipas.leader_scores(answers, design=design, group_weights=weights)
            print_leaders(scores, level, lang)


@main.command("section-a", epilog="Example: sipas section-a --demo --out out")
@click.option("--households", type=_FILE, help="This year's household answers.")
@click.option("--households-before", type=_FILE, help="Last year's household answers.")
@click.option("--leaders", type=_FILE, help="This year's leader answers.")
@click.option("--leaders-before", type=_FILE, help="Last year's leader answers.")
@click.option("--instrument", help="Instrument of this year's households.")
@click.option("--instrument-before", help="Instrument of last year's households.")
@click.option("--leader-instrument", help="Instrument of this year's leaders.")
@click.option("--leader-instrument-before", help="Instrument of last year's leaders.")
@_sent("--sent", "this year's households")
@_sent("--sent-before", "last year's households")
@_sent("--leader-sent", "this year's leaders")
@_sent("--leader-sent-before", "last year's leaders")
@click.option("--group-weights", type=_FILE, help="TOML file of leader group weights.")
@click.option("--population-weights", type=_FILE, help="TOML file of district = share.")
@click.option(
    "--published",
    multiple=True,
    metavar="NAME|FILE",
    help="Printed figures: a table of `sipas datasets`, or a file; repeatable.",
)
@_reading
@click.option("--demo", is_flag=True, help="Use the made-up data of Huế, 2021 and 2022.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=Path("out"))
@click.option("--formats", default="docx,xlsx,png,txt", help="Comma-separated list.")
@_LANG
def section_a_command(demo: bool, out: Path, formats: str, lang: Lang, **given: Any) -> None:
    """Write Section A: tables, charts and text, as Word, Excel, pictures and plain text."""
    if demo:
        cli_sheets.refuse_beside_demo(given)
    else:
        cli_sheets.refuse_useless(given, also={"instrument": "households", "sent": "households"})
    section = demo_section(lang) if demo else _own_section(given, lang)
    chosen = tuple(name.strip() for name in formats.split(",") if name.strip())
    written = section.save(out, formats=chosen)
    click.echo(section.summary(lang=lang))
    click.echo()
    for path in written:
        click.echo(str(path))


@main.command("check", epilog="Example: sipas check answers.xlsx --instrument sipas-2022")
@click.argument("file", type=_FILE)
@click.option("--instrument", help="Instrument id or file; a record names its own.")
@cli_against.against_options
@_sent("--sent", "those of the sheet")
@_PSU
@_reading
@_LANG
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
    (answers,) = cli_sheets.read_all([source], Reading.of(given))
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


main.command("plan", epilog="Example: sipas plan --demo --delta 3 --lang vi")(
    _PSU(_reading(_LEVEL(_LANG(cli_planning.plan_command))))
)
main.command("audit", epilog="Example: sipas audit datasets/published/*.csv --lang en")(
    _LANG(cli_audit.audit_command)
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


def _own_section(given: Mapping[str, Any], lang: Lang) -> SectionA:
    """Make Section A from the user's own files."""
    sources = _sources(given)
    read = cli_sheets.read_all(list(sources.values()), Reading.of(given))
    answers = dict(zip(sources, read, strict=True))
    return sipas.section_a(
        households=_years(answers, "households"),
        leaders=_years(answers, "leaders"),
        group_weights=cli_sheets.weights(given["group_weights"]) if given["leaders"] else None,
        population_weights=cli_sheets.shares(given["population_weights"]),
        published=cli_sheets.published(given["published"]),
        lonely_psu=given["lonely_psu"] or "fail",
        lang=lang,
    )


def _sources(given: Mapping[str, Any]) -> dict[str, Source]:
    """Name the files of both surveys and years, with what belongs to each."""
    made = {}
    for name, prefix in (("households", ""), ("leaders", "leader_")):
        asked = given[f"{prefix}instrument"]
        if given[name]:
            made[name] = Source(given[name], asked, given[f"{prefix}sent"])
        if given[f"{name}_before"]:
            asked_before = given[f"{prefix}instrument_before"] or asked
            sent = given[f"{prefix}sent_before"]
            made[f"{name}_before"] = Source(given[f"{name}_before"], asked_before, sent)
    return made


def _years(answers: Mapping[str, Answers], name: str) -> tuple[Answers, Answers] | Answers | None:
    """Give one survey's answers: this year's, and last year's before them when given."""
    if name not in answers:
        return None
    before = answers.get(f"{name}_before")
    return answers[name] if before is None else (before, answers[name])


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

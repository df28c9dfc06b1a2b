"""The command ``sipas section-a``: a report of files, of a configuration, or of both.

Every option says what a key of the configuration says, and goes before it; so an option is put at
the place of its key, and the report is made as from a file.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from sipas import cli_sheets
from sipas.cli_options import FILE, LANG, LEVEL, reading, sent
from sipas.numerals import Lang
from sipas.report import Configuration, demo, read_configuration, write_configuration
from sipas.report.files import FORMATS, KNOWN
from sipas.sentences import worded
from survey.errors import SurveyError

#: Lines of the help as they are.
EXAMPLES = """\b
Examples:
  sipas section-a --demo --out out
  sipas section-a --init
  sipas section-a --config section_a.toml --formats docx,xlsx"""
_WORDS = Path(__file__).with_suffix(".toml")
_OTHERS = ", ".join(name for name in KNOWN if name not in FORMATS)
#: Options that a report of the demonstration, and a new configuration, can use.
_OF_DEMO = ("demo", "lang", "out", "formats", "append_to", "bookmark")
_OF_INIT = ("init", "lang", "out")
#: Table and key of the configuration that an option stands for.
_PLACES = {
    **{
        f"{prefix}{key}{when}": (f"{survey}{when}", key)
        for survey, prefix in (("households", ""), ("leaders", "leader_"))
        for key in ("instrument", "sent")
        for when in ("", "_before")
    },
    **{
        name: (name, "file")
        for name in ("households", "households_before", "leaders", "leaders_before")
    },
    **{name: ("reading", name) for name in ("sheet", "duplicates", "columns")},
    **{
        name: ("report", name)
        for name in (
            *("lang", "level", "lonely_psu", "published"),
            *("out", "formats", "append_to", "bookmark"),
        )
    },
}
#: Table of the configuration whose lines an option's file holds.
_LINES = {
    "group_weights": "leader_weights",
    "population_weights": "population_weights",
    "targets": "targets",
}


@click.option("--demo", is_flag=True, help="Use the made-up data of Huế, 2021 and 2022.")
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    help="TOML file of what the options below say.",
)
@click.option("--init", is_flag=True, help="Write such a file, to be filled in.")
@click.option("--households", type=FILE, help="This year's household answers.")
@click.option("--households-before", type=FILE, help="Last year's household answers.")
@click.option("--leaders", type=FILE, help="This year's leader answers.")
@click.option("--leaders-before", type=FILE, help="Last year's leader answers.")
@click.option("--instrument", help="Instrument of this year's households.")
@click.option("--instrument-before", help="Instrument of last year's households.")
@click.option("--leader-instrument", help="Instrument of this year's leaders.")
@click.option("--leader-instrument-before", help="Instrument of last year's leaders.")
@sent("--sent", "this year's households")
@sent("--sent-before", "last year's households")
@sent("--leader-sent", "this year's leaders")
@sent("--leader-sent-before", "last year's leaders")
@click.option("--group-weights", type=FILE, help="TOML file of leader group weights.")
@click.option("--population-weights", type=FILE, help="TOML file of district = share.")
@click.option(
    "--published",
    multiple=True,
    metavar="NAME|FILE",
    help="Printed figures: a table of `sipas datasets`, or a file; repeatable.",
)
@click.option(
    "--targets",
    metavar="NAME|FILE",
    help="Targets: a table of `sipas datasets`, or a file, such as TOML of code = 90.",
)
@reading
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Folder of the files; 'out' if unsaid, beside the configuration. "
    "With --init, where the new configuration goes.",
)
@click.option(
    "--formats",
    metavar="LIST",
    callback=cli_sheets.parse_formats,
    help=f"Names with commas between: {', '.join(FORMATS)} (all if unsaid), {_OTHERS}.",
)
@click.option("--append-to", type=FILE, help="Word document into which the section is put.")
@click.option("--bookmark", help="Where in it: section_a if unsaid; '' is its end.")
@LEVEL
@LANG
@click.pass_context
def section_a_command(ctx: click.Context, /, **given: Any) -> None:
    """Write Section A: tables, charts and text, as Word, Excel, web page, pictures and text.

    Try it with --demo. For files of your own, let --init write a configuration, fill it in, and
    run it with --config; or say the same by options. An option goes before what the configuration
    says of the same thing.
    """
    typed = {
        name: value
        for name, value in given.items()
        if ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE
    }
    if given["init"]:
        _init(typed, given["lang"])
        return
    configuration = _configuration(typed)
    section = demo(given["lang"]) if given["demo"] else configuration.section_a()
    written = configuration.save(section)
    click.echo(section.summary())
    click.echo()
    for path in written:
        click.echo(str(path))


def _init(typed: Mapping[str, Any], lang: Lang) -> None:
    """Write a configuration, and say what to do with it."""
    others = [cli_sheets.option(name) for name in typed if name not in _OF_INIT]
    if others:
        raise SurveyError(
            f"--init writes a configuration to be filled in, without {', '.join(others)}.",
            mend="Write it first; then give the options beside --config, or in the file.",
        )
    path = write_configuration(typed.get("out", Path()), lang=lang)
    typable = f'"{path}"' if " " in str(path) else path
    click.echo(worded(_WORDS, "init", "written", path=typable)[lang])


def _configuration(typed: Mapping[str, Any]) -> Configuration:
    """Read the configuration, if there is one, and put the options in their places."""
    if "demo" in typed:
        cli_sheets.refuse_beside_demo({k: v for k, v in typed.items() if k not in _OF_DEMO})
    config = typed.get("config")
    read = Configuration() if config is None else read_configuration(config)
    tables: dict[str, Any] = {}
    for name, value in typed.items():
        if name in _PLACES:
            table, key = _PLACES[name]
            tables.setdefault(table, {})[key] = value
        elif name in _LINES:
            tables[_LINES[name]] = value
    return read.changed(tables)

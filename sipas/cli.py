"""The command line: ``sipas section-a``, ``sipas index``, ``sipas check``, ``sipas datasets``.

Exit code 0 when all went well, 1 when a check found something, 2 when the input cannot be used.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import click
import pandas as pd

import sipas
from sipas import demonstration
from sipas.composites import TOTAL
from sipas.indices import SatisfactionIndex
from sipas.leaders import LeaderScores
from sipas.numerals import Lang, number
from sipas.report import demo as demo_section
from sipas.responses import Answers
from sipas.sentences import sentence
from survey.display import WHOLE
from survey.errors import SurveyError

UNUSABLE = 2
_FILE = click.Path(path_type=Path, dir_okay=False)
_LANG = click.option(
    "--lang", type=click.Choice(["vi", "en"]), default="vi", help="Language of labels and numbers."
)
_LEVEL = click.option("--level", type=float, default=0.95, help="Confidence of the intervals.")


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
@click.option("--group-weights", type=_FILE, help="TOML file of leader group weights.")
@click.option("--by", help="Column whose groups get an index each (households).")
@click.option("--demo", is_flag=True, help="Use the made-up data of Huế, 2021 and 2022.")
@_LEVEL
@_LANG
def index_command(
    households: Path | None,
    leaders: Path | None,
    instrument: str | None,
    group_weights: Path | None,
    by: str | None,
    demo: bool,
    level: float,
    lang: Lang,
) -> None:
    """Print every index with standard error, interval, n and missing answers."""
    if demo:
        _demo_index(level, lang, by)
        return
    if households is None and leaders is None:
        raise SurveyError(
            "sipas index: no sheet given.", mend="Pass --households, --leaders or --demo."
        )
    if households is not None:
        answers = _sheet(households, instrument)
        _print_satisfaction(sipas.satisfaction(answers, by=by), level, lang)
    if leaders is not None:
        weights = _weights(group_weights)
        scores = sipas.leader_scores(_sheet(leaders, instrument), group_weights=weights)
        _print_leaders(scores, level, lang)


@main.command("section-a", epilog="Example: sipas section-a --demo --out out")
@click.option("--households", type=_FILE, help="This year's household answers.")
@click.option("--households-before", type=_FILE, help="Last year's household answers.")
@click.option("--leaders", type=_FILE, help="This year's leader answers.")
@click.option("--leaders-before", type=_FILE, help="Last year's leader answers.")
@click.option("--instrument", help="Instrument of this year's households.")
@click.option("--instrument-before", help="Instrument of last year's households.")
@click.option("--leader-instrument", help="Instrument of this year's leaders.")
@click.option("--leader-instrument-before", help="Instrument of last year's leaders.")
@click.option("--group-weights", type=_FILE, help="TOML file of leader group weights.")
@click.option("--demo", is_flag=True, help="Use the made-up data of Huế, 2021 and 2022.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=Path("out"))
@click.option("--formats", default="docx,xlsx,png,txt", help="Comma-separated list.")
@_LANG
def section_a_command(
    demo: bool, out: Path, formats: str, lang: Lang, **sheets: Path | str | None
) -> None:
    """Write Section A: tables, charts and text, as Word, Excel, pictures and plain text."""
    section = (
        demo_section(lang)
        if demo
        else sipas.section_a(
            households=_years(sheets, "households", "instrument"),
            leaders=_years(sheets, "leaders", "leader_instrument"),
            group_weights=_weights(sheets["group_weights"]) if sheets["leaders"] else None,
            lang=lang,
        )
    )
    chosen = tuple(name.strip() for name in formats.split(",") if name.strip())
    written = section.save(out, formats=chosen)
    click.echo(section.summary(lang=lang))
    click.echo()
    for path in written:
        click.echo(str(path))


@main.command("check", epilog="Example: sipas check answers.xlsx --instrument sipas-2022")
@click.argument("file", type=_FILE)
@click.option("--instrument", required=True, help="Instrument id or file.")
def check_command(file: Path, instrument: str) -> None:
    """Clean a sheet and print what was changed, set aside or missing."""
    answers = _sheet(file, instrument)
    click.echo(repr(answers))
    if len(answers.log):
        click.echo(answers.log.to_string(index=False))
    click.echo(answers.item_counts().to_string())


@main.command("datasets")
def datasets_command() -> None:
    """List the data that come with the library."""
    with pd.option_context("display.width", 200, "display.max_colwidth", 70):
        click.echo(sipas.datasets.list_datasets().to_string())


def _sheet(path: Path, instrument: str | None) -> Answers:
    """Read and clean a sheet of the user's own."""
    if instrument is None:
        raise SurveyError(
            f"{path}: which instrument?",
            mend=f"Pass --instrument with one of {', '.join(sipas.Instrument.list()['id'])}, "
            "or the path of your own instrument file.",
        )
    return sipas.clean(sipas.read(path), instrument)


def _years(
    sheets: dict[str, Any], name: str, instrument: str
) -> tuple[Answers, Answers] | Answers | None:
    """Read one survey's sheets: this year's, and last year's when given."""
    after, before = sheets[name], sheets[f"{name}_before"]
    if after is None:
        return None
    now = _sheet(after, sheets[instrument])
    if before is None:
        return now
    return _sheet(before, sheets[f"{instrument}_before"] or sheets[instrument]), now


def _weights(path: Path | str | None) -> dict[str, float]:
    """Read group weights from a TOML file of ``group = weight`` lines."""
    if path is None:
        raise SurveyError(
            "The weights of the leader groups are printed in no source, so they must be given.",
            mend="Pass --group-weights FILE, a TOML file with lines such as hdnd = 25.",
        )
    try:
        table = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SurveyError(
            f"{path}: cannot be read as TOML ({error}).", mend="Write lines such as hdnd = 25."
        ) from error
    wrong = [name for name, value in table.items() if not isinstance(value, int | float)]
    if wrong:
        raise SurveyError(
            f"{path}: not a number: {', '.join(wrong)}.", mend="Write lines such as hdnd = 25."
        )
    return {name: float(value) for name, value in table.items()}


def _demo_index(level: float, lang: Lang, by: str | None) -> None:
    """Print the indices of the demonstration data, both surveys and years."""
    click.echo(demonstration.footnote(lang))
    for year in demonstration.YEARS:
        answers = demonstration.households(year)
        shares = None if by else demonstration.population_weights()
        _print_satisfaction(sipas.satisfaction(answers, by=by, group_weights=shares), level, lang)
    for year in demonstration.YEARS:
        scores = sipas.leader_scores(
            demonstration.leaders(year), group_weights=demonstration.LEADER_WEIGHTS
        )
        _print_leaders(scores, level, lang)


def _print_satisfaction(index: SatisfactionIndex, level: float, lang: Lang) -> None:
    """Print a satisfaction index as a table."""
    _title(index, lang)
    _print(index.table(level=level, lang=lang), lang, decimals=lambda name: 2)


def _print_leaders(scores: LeaderScores, level: float, lang: Lang) -> None:
    """Print leader scores, then the rates of the groups."""
    _title(scores, lang)

    def decimals(name: str) -> int:
        return 2 if name.startswith("rate") or name == "max_points" else 4

    _print(scores.table(level=level, lang=lang), lang, decimals=decimals)
    table = scores.group_table(level=level, lang=lang)
    groups = table[table.index.get_level_values("code") == TOTAL].droplevel("code")
    groups["label"] = [scores.instrument.label(code, lang) for code in groups.index]
    click.echo()
    _print(groups, lang, decimals=lambda name: 2)


def _title(result: SatisfactionIndex | LeaderScores, lang: Lang) -> None:
    """Print the survey's title, its design, and of whom it speaks."""
    design = result.design
    line = sentence(
        "design",
        "line",
        rows=len(design.data),
        psus=len(design.sample.stratum),
        strata=len(set(design.sample.stratum)),
        df=design.df,
        population=result.answers.population_text(lang=lang),
    )
    click.echo(f"\n{result.instrument.title[lang]}\n{line[lang]}")


def _print(table: pd.DataFrame, lang: Lang, *, decimals: Callable[[str], int]) -> None:
    """Print a table with numbers and headings in the language, labels last."""
    names = [str(name) for name in table if name not in ("level", "label")]
    columns = {
        sentence("columns", name)[lang]: [
            number(value, WHOLE.get(name, decimals(name)), lang=lang) for value in table[name]
        ]
        for name in names
    }
    shown = pd.DataFrame(columns, index=table.index)
    shown[sentence("columns", "label")[lang]] = table["label"].str.slice(0, 70)
    click.echo(shown.rename_axis([_heading(n, lang) for n in table.index.names]).to_string())


def _heading(name: object, lang: Lang) -> str:
    """Name an index column: ours in the language, the user's as it is."""
    ours = str(name) in ("code", "district", "group")
    return sentence("columns", str(name))[lang] if ours else str(name)


if __name__ == "__main__":
    main()

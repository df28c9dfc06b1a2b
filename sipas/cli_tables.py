"""Tables of the command line: numbers and headings in the reader's language, labels last."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import shorten

import click
import pandas as pd

from sipas.composites import TOTAL
from sipas.indices import SatisfactionIndex
from sipas.leaders import LeaderScores
from sipas.numerals import Lang, number
from sipas.responses import populations
from sipas.sentences import sentence
from survey.design import Design
from survey.display import WHOLE

#: Longest label, in letters.
_WIDTH = 70


def print_satisfaction(index: SatisfactionIndex, level: float, lang: Lang) -> None:
    """Print a satisfaction index as a table."""
    _title(index, lang)
    _print(index.table(level=level, lang=lang), lang, decimals=lambda name: 2)


def print_leaders(scores: LeaderScores, level: float, lang: Lang) -> None:
    """Print leader scores, then the rates of the groups in the questionnaire's order."""
    _title(scores, lang)

    def decimals(name: str) -> int:
        return 2 if name.startswith("rate") or name == "max_points" else 4

    _print(scores.table(level=level, lang=lang), lang, decimals=decimals)
    table = scores.group_table(level=level, lang=lang)
    groups = table[table.index.get_level_values("code") == TOTAL].droplevel("code")
    order = [group.code for group in scores.instrument.groups if group.code in groups.index]
    groups = groups.loc[order]
    groups["label"] = [scores.instrument.label(code, lang) for code in groups.index]
    click.echo()
    _print(groups, lang, decimals=lambda name: 2)


def design_line(design: Design, lang: Lang) -> str:
    """Say how a sample was drawn, and of whom it speaks."""
    line = sentence(
        "design",
        "line",
        rows=len(design.data),
        psus=len(design.sample.stratum),
        strata=len(set(design.sample.stratum)),
        df=design.df,
        population=populations.named(design, lang),
    )
    return line[lang]


def headed(table: pd.DataFrame, lang: Lang) -> pd.DataFrame:
    """Give a table with the headings of `sipas check` in the language."""
    columns = [sentence("check_columns", str(name))[lang] for name in table]
    made = table.set_axis(columns, axis="columns")
    name = table.index.name
    return made if name is None else made.rename_axis(sentence("check_columns", str(name))[lang])


def _title(result: SatisfactionIndex | LeaderScores, lang: Lang) -> None:
    """Print the survey's title, its design, and of whom it speaks."""
    click.echo(f"\n{result.instrument.title[lang]}\n{design_line(result.design, lang)}")


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
    cut = [shorten(str(label), _WIDTH, placeholder=" …") for label in table["label"]]
    shown[sentence("columns", "label")[lang]] = cut
    shown = shown.rename(index=_code)
    click.echo(shown.rename_axis([_heading(n, lang) for n in table.index.names]).to_string())


def _code(label: object) -> object:
    """Write a code as a whole number, 99 and not 99.0."""
    return int(label) if isinstance(label, float) and label.is_integer() else label


def _heading(name: object, lang: Lang) -> str:
    """Name an index column: ours in the language, the user's as it is."""
    ours = str(name) in ("code", "district", "group")
    return sentence("columns", str(name))[lang] if ours else str(name)

"""What ``sipas check`` finds in a sheet that can be cleaned, in the reader's language.

A sheet can be clean and still not be ready: of another year, with rows set aside, with a stratum
of one unit, with an item that a whole group left blank.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import click
import pandas as pd

import sipas
from sipas.cli_tables import headed
from sipas.numerals import Lang
from sipas.responses import Answers
from sipas.responses.cleaning import LOG_COLUMNS
from sipas.sentences import sentence
from survey.design import Design
from survey.errors import SurveyError

_NOTABLE = ("another year", "set aside")
_DETAILS = (
    "blank_row",
    "no_item",
    "same_first",
    "same_last",
    "one_id",
    "tidied",
    "renamed",
    "spelling",
    "other_year",
)


def findings(answers: Answers, lang: Lang, make_design: Callable[[], Design]) -> list[str]:
    """List what keeps a sheet from being used, or should be looked at first."""
    notable = answers.log[answers.log["what"].isin(_NOTABLE)]
    found = [_noted(entry, lang) for entry in notable.itertuples()]
    if answers.instrument.kind == "leaders":
        found += _empty_cells(answers, lang)
    try:
        design = make_design()
        if answers.instrument.kind == "households":
            sipas.satisfaction(answers, design=design).table()
        elif not _unanswered(answers):
            # the weights do not matter here: any show whether each group can be estimated
            sipas.leader_scores(answers, design=design, group_weights="equal").table()
    except SurveyError as error:
        found.append(str(error))
    return found


def group_counts(answers: Answers) -> pd.DataFrame:
    """Count answers to each item (rows) by group of leaders (columns)."""
    codes = [item.code for item in answers.instrument.items]
    groups = [group.code for group in answers.instrument.groups]
    counted = answers.data.groupby("group")[codes].count().T
    return counted.reindex(columns=groups, fill_value=0).rename_axis("item")


def print_cleaned(answers: Answers, lang: Lang) -> None:
    """Print what became of the sheet: its rows, the log, and the answers to each item."""
    click.echo(_summary(answers, lang))
    if len(answers.log):
        _titled("log", headed(_shown_log(answers, lang), lang).to_string(index=False), lang)
    _titled("counts", headed(answers.item_counts(), lang).to_string(), lang)
    if answers.instrument.kind == "leaders":
        heading = sentence("check_columns", "item")[lang]
        counts = group_counts(answers).rename_axis(index=heading, columns=None)
        _titled("groups", counts.to_string(), lang)


def _titled(name: str, table: str, lang: Lang) -> None:
    """Print a table under its title."""
    click.echo(f"\n{sentence('check', name)[lang]}\n{table}")


def _summary(answers: Answers, lang: Lang) -> str:
    """Say in one line what became of the sheet's rows."""
    sent = answers.response.sent
    line = sentence(
        "check",
        "summary" if sent is None else "summary_sent",
        instrument=answers.instrument.id,
        used=len(answers.data),
        sent=sent,
        aside=int(answers.log["what"].eq("set aside").sum()),
        items=len(answers.instrument.items),
    )
    return line[lang]


def _shown_log(answers: Answers, lang: Lang) -> pd.DataFrame:
    """Give the log in the language."""
    log = answers.log
    what = [sentence("log", word.replace(" ", "_"))[lang] for word in log["what"]]
    row = log["row"].astype("string").fillna("")
    return log.assign(what=what, row=row, detail=[_detail(text, lang) for text in log["detail"]])


def _noted(entry: Any, lang: Lang) -> str:
    """Put one line of the log into a sentence."""
    name = str(entry.what).replace(" ", "_")
    detail = _detail(entry.detail, lang)
    count = entry[LOG_COLUMNS.index("count") + 1]  # .count is the tuple's own method
    return sentence("check", name, row=entry.row, count=count, detail=detail)[lang]


def _unanswered(answers: Answers) -> list[tuple[str, str]]:
    """Name the items that a group was asked and left blank on every form."""
    counts = group_counts(answers)
    return [
        (item.code, group)
        for item in answers.instrument.items
        for group in counts.columns
        if group in (item.groups or counts.columns) and counts.loc[item.code, group] == 0
    ]


def _empty_cells(answers: Answers, lang: Lang) -> list[str]:
    """Say which groups sent no form, and which items a group that did left blank."""
    present = set(answers.data["group"])
    absent = [g.code for g in answers.instrument.groups if g.code not in present]
    made = [sentence("check", "empty_group", group=group)[lang] for group in absent]
    return made + [
        sentence("check", "empty_item", item=item, group=group)[lang]
        for item, group in _unanswered(answers)
        if group in present
    ]


def _detail(text: str, lang: Lang) -> str:
    """Give a detail of the log in the language, where its wording is one of ours."""
    for name in _DETAILS:
        ours = sentence("log_detail", name, a="{a}", b="{b}", n="{n}")
        pattern = re.sub(r"\\{(\w)\\}", r"(?P<\1>.*)", re.escape(ours.en))
        read = re.fullmatch(pattern, text)
        if read:
            return ours[lang].format(**read.groupdict())
    return text

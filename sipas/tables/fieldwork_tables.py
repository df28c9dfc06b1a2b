"""Tables of how the figures came about: forms and missing answers, designs, printed figures."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from sipas.numerals import Lang
from sipas.phrases import Voice
from sipas.responses import REASONS, Answers
from sipas.responses.populations import named
from sipas.tables.printed_figures import Printed
from sipas.tables.table_parts import Column, Table, counts
from sipas.tables.two_years import Years, survey_key, year_of
from sipas.tables.uncertainty import interval

#: Level of the parts of the assessment in printed tables.
_PART = ("part",)
_FORMS = ("sent", "returned", "used")


def response(*answers: Answers, lang: Lang = "vi") -> Table:
    """Forms sent, returned and used, and answers that are missing, survey by survey.

    Parameters
    ----------
    *answers : Answers
        Clean answers, one a survey and year.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    Table
        Frame with one row a survey, then one a group of leaders whose forms sent are known; counts
        of forms, ``rate`` = used / sent in per cent, ``asked`` and ``missing`` answers to the
        statements of the index, ``missing_rate`` in per cent.
    """
    voice = Voice(lang)
    rows: dict[str, dict[str, object]] = {}
    for one in answers:
        rows[survey_key(one)] = _whole(one, voice)
        rows |= _groups(one, voice)
    frame = pd.DataFrame.from_dict(rows, orient="index")
    frame["rate"] = 100.0 * frame["used"] / frame["sent"]
    frame["missing_rate"] = 100.0 * frame["missing"] / frame["asked"]
    heads = {name: voice.say("head", name) for name in (*_FORMS, "asked", "missing")}
    forms, missing = voice.say("head", "forms_group"), voice.say("head", "answers_group")
    columns = (
        Column("label", voice.say("head", "survey"), kind="text"),
        *counts(_FORMS, heads, forms),
        Column("rate", voice.say("head", "used_rate"), forms, decimals=1),
        *counts(("asked", "missing"), heads, missing),
        Column("missing_rate", voice.say("head", "missing_rate"), missing, decimals=1),
    )
    return Table(
        name="response",
        title=voice.say("title", "response"),
        frame=frame,
        columns=columns,
        notes=(voice.say("note", "response"),),
        strong=tuple(survey_key(one) for one in answers),
        lang=lang,
    )


def designs(*results: Years, level: float = 0.95, lang: Lang = "vi") -> Table:
    """Tabulate each year's design: strata, units, degrees of freedom, index, population.

    Parameters
    ----------
    *results : Years
        The surveys reported.
    level : float
        Confidence of the intervals.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    Table
        One row a survey and year.
    """
    voice = Voice(lang)
    rows = {}
    for two in results:
        for year in two.all:
            design = year.design
            units = len(np.unique(design.stages[0].unit[design.inside]))
            rows[survey_key(year.answers)] = {
                "label": _survey(year.answers, voice),
                "rows": int(design.inside.sum()),
                "strata": units - design.df,
                "units": units,
                "df": design.df,
                "shared": _shared(two),
                **year.estimates.table(level=level).loc[two.headline, ["estimate", "low", "high"]],
                "population": named(design, voice.lang),
            }
    compared = any(two.change is not None for two in results)
    names = ("rows", "strata", "units", "df", *(["shared"] if compared else []))
    heads = {name: voice.say("head", name) for name in names}
    return Table(
        name="designs",
        title=voice.say("title", "designs"),
        frame=pd.DataFrame.from_dict(rows, orient="index"),
        columns=(
            Column("label", voice.say("head", "survey"), kind="text"),
            *counts(list(heads), heads),
            Column("estimate", voice.say("head", "whole_rate")),
            *interval(voice, level, uncertainty="interval"),
            Column("population", voice.say("head", "population"), kind="text"),
        ),
        notes=(voice.say("note", "designs"),),
        lang=lang,
    )


def official(published: Printed, *, year: int, lang: Lang = "vi") -> Table:
    """Tabulate printed points and ranks of the assessment, this year and the year before.

    Parameters
    ----------
    published : Printed
        Printed figures with rows of level ``part``.
    year : int
        The year reported.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    Table
        Frame indexed by part; points and ranks of both years as printed, and their differences
        computed from the printed figures (a rank that grew is a fall).
    """
    voice = Voice(lang)
    codes = published.parts()
    frame = pd.DataFrame({"label": [published.label(code, voice) for code in codes]}, index=codes)
    columns = [Column("label", voice.say("head", "assessment"), kind="text")]
    for key, when in (("before", year - 1), ("after", year)):
        group = voice.say("head", "year", year=when)
        for what in ("points", "rank"):
            frame[f"{what}_{key}"] = [published.figure(_PART, c, when, what) for c in codes]
            decimals = 0 if what == "rank" else 2
            head = voice.say("head", what)
            columns.append(Column(f"{what}_{key}", head, group, decimals=decimals))
    frame["max_after"] = [published.figure(_PART, c, year, "max_points") for c in codes]
    frame["points_change"] = frame["points_after"] - frame["points_before"]
    frame["rank_change"] = frame["rank_before"] - frame["rank_after"]
    group = voice.say("head", "moved")
    columns += [
        Column("max_after", voice.say("head", "max"), voice.say("head", "year", year=year)),
        Column("points_change", voice.say("head", "points"), group, "signed"),
        Column("rank_change", voice.say("head", "places"), group, "signed", 0),
    ]
    return Table(
        name="official",
        title=voice.say("title", "official", before=year - 1, after=year),
        frame=frame,
        columns=tuple(columns),
        notes=(voice.say("note", "official", source=published.source(voice)),),
        lang=lang,
    )


def _shared(two: Years) -> float:
    """Count the units matched over two years; none is counted where they are not paired."""
    if two.change is None or two.change.shared_psus == 0:
        return float("nan")
    return float(two.change.shared_psus)


def _survey(answers: Answers, voice: Voice) -> str:
    """Name of a survey and its year."""
    instrument = answers.instrument
    return voice.say("survey", instrument.kind, year=year_of(answers))


def _whole(answers: Answers, voice: Voice) -> dict[str, object]:
    """Forms of one survey, and answers to the statements of its index."""
    forms = answers.response
    codes = [item.code for item in answers.instrument.index_items]
    counted = answers.item_counts().loc[codes].sum()
    sent = float("nan") if forms.sent is None else float(forms.sent)
    return {
        "label": _survey(answers, voice),
        "sent": sent,
        "returned": forms.returned,
        "used": forms.used,
        "asked": int(counted["asked"]),
        "missing": int(counted[list(REASONS)].sum()),
    }


def _groups(answers: Answers, voice: Voice) -> dict[str, dict[str, object]]:
    """Forms of each group of leaders."""
    if answers.instrument.kind != "leaders":
        return {}
    return {
        f"{survey_key(answers)} {group}": {
            "label": "– " + answers.instrument.label(str(group), voice.lang),
            **{name: row[name] for name in _FORMS},
        }
        for group, row in answers.response.by_group.iterrows()
    }


def each_answers(results: Sequence[Years]) -> list[Answers]:
    """Answers behind every year of the results."""
    return [year.answers for two in results for year in two.all]

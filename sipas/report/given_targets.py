"""The targets that a caller gave, sorted among the surveys that they are about."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Real

import pandas as pd

from sipas.datasets import load_published
from sipas.tables.two_years import Years
from sipas.targeting import targets as set_beside
from sipas.targeting.goals import Targets, figure_for, read_targets
from sipas.wording.target_table import Goals
from survey.errors import SurveyError, first_five


def goals(surveys: Sequence[Years | None], given: Targets | None, level: float) -> Goals | None:
    """Set targets beside the surveys that they are about.

    Parameters
    ----------
    surveys : sequence of Years or None
        The surveys reported.
    given : str, float, mapping, DataFrame or None
        As `sipas.targets` takes them.
    level : float
        Confidence of intervals and verdicts.

    Returns
    -------
    Goals or None
        None when no targets were given.

    Raises
    ------
    SurveyError
        One number for two surveys, or no target about any of the results.
    """
    if given is None:
        return None
    reported = [two for two in surveys if two is not None]
    if isinstance(given, Real) and len(reported) > 1:
        raise SurveyError(
            f"section_a(targets={given}): a number for two surveys.",
            mend="Give numbers by code, such as {'services': 90, 'total': 80}.",
        )
    read = read_targets(given, reported[0].headline)
    about = {two: _about(read["code"], two) for two in reported}
    if not any(codes.any() for codes in about.values()):
        known = [code for two in reported for code in (*two.wholes, *two.dimensions)]
        raise SurveyError(
            f"section_a(targets=): none is about these results; {first_five(read['code'])}.",
            mend=f"Codes of the results: {', '.join(known)}.",
        )
    aside = ~pd.concat(list(about.values()), axis=1).any(axis=1)
    return Goals(
        tables={
            two.after.instrument.kind: set_beside(
                two.after, targets=given, year=two.year, level=level
            )
            for two, codes in about.items()
            if codes.any()
        },
        sources=_sources(given, set(read.loc[~aside, "code"])),
        aside=read.loc[aside, ["code", "label_vi", "label_en"]],
    )


def _about(codes: pd.Series, two: Years) -> pd.Series:
    """Say of each target whether it is about a result of this survey."""
    known = pd.Index([str(code) for code in two.after.estimates.labels])
    return codes.map(lambda code: figure_for(code, known) is not None).astype(bool)


def _sources(given: Targets, codes: set[str]) -> tuple[str, ...]:
    """Name the documents that the targets stand in, where the caller's table does."""
    table = load_published(given) if isinstance(given, str) else given
    if not isinstance(table, pd.DataFrame):
        return ()
    cited = next((name for name in ("source", "source_file") if name in table), None)
    if cited is None:
        return ()
    named = table.loc[table["code"].astype(str).isin(codes), cited].fillna("").astype(str)
    return tuple(dict.fromkeys(name for name in named.str.strip() if name))

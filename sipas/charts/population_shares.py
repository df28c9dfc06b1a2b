"""Numbers of the respondent profile: shares by the design, beside those of the population."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

import survey
from survey.errors import SurveyError, did_you_mean, first_five, require_columns

#: Shares of each group of each characteristic, or counts; or a table of them.
Population = Mapping[str, Mapping[str, float]] | pd.DataFrame
COLUMNS = ["variable", "category", "population"]


def profile_table(design: survey.Design, population: Population, level: float) -> pd.DataFrame:
    """Shares of respondents with intervals beside those of the population, in per cent.

    Returns
    -------
    DataFrame
        Index ``variable, category``; columns ``estimate se low high n population difference``;
        ``n`` counts the respondents who gave the characteristic.
    """
    given = read_population(population)
    parts = []
    for variable, own in given.groupby(level=0, sort=False):
        require_columns(design.data.columns, [str(variable)], where="charts.profile(population=)")
        shares = _respondents(design, str(variable), own.droplevel(0).index, level)
        share = own.droplevel(0)
        made = shares.assign(population=100.0 * share / share.sum())
        parts.append(pd.concat({variable: made}, names=COLUMNS[:2]))
    table = pd.concat(parts)
    return table.assign(difference=table["estimate"] - table["population"])


def read_population(population: Population) -> pd.Series:
    """Shares or counts of each group, labelled by characteristic and group, as they were given.

    Examples
    --------
    >>> read_population({"gender": {"F": 51, "M": 49}}).to_dict()
    {('gender', 'F'): 51.0, ('gender', 'M'): 49.0}
    """
    if isinstance(population, pd.DataFrame):
        require_columns(population.columns, COLUMNS, where="charts.profile(population=)")
        table = population[COLUMNS]
    elif isinstance(population, Mapping) and all(
        isinstance(own, Mapping) for own in population.values()
    ):
        rows = [(v, c, share) for v, own in population.items() for c, share in own.items()]
        table = pd.DataFrame(rows, columns=COLUMNS)
    else:
        raise SurveyError(
            f"charts.profile(population=): got {type(population).__name__}.",
            mend='Give {"gender": {"Nữ": 51, "Nam": 49}}, or a table with columns '
            f"{', '.join(COLUMNS)}.",
        )
    keys = pd.MultiIndex.from_frame(table[COLUMNS[:2]].astype(str))
    made = pd.Series(pd.to_numeric(table["population"], errors="coerce").to_numpy(float), keys)
    wrong = [*made.index[~(made >= 0) | np.isinf(made)], *made.index[made.index.duplicated()]]
    if wrong or made.empty or not (made.groupby(level=0).sum() > 0).all():
        raise SurveyError(
            "charts.profile(population=): no share, a negative one, or two of a kind"
            + (f": {first_five(' / '.join(key) for key in wrong)}." if wrong else "."),
            mend="Give one share or count, 0 or more, for each group.",
        )
    return made


def _respondents(
    design: survey.Design, variable: str, categories: pd.Index, level: float
) -> pd.DataFrame:
    """Shares of respondents in the groups of one characteristic, in per cent."""
    values = design.data.loc[design.inside, variable].dropna().astype(str)
    unknown = [name for name in values.unique() if name not in categories]
    if unknown:
        raise SurveyError(
            f"charts.profile(population=): {variable!r} has {first_five(unknown)} among "
            "respondents, and the population gives no share for it.",
            mend=did_you_mean(unknown[0], list(categories)),
        )
    table = survey.proportion(design, variable).table(level=level)
    table.index = pd.Index([str(name) for name in table.index.get_level_values(-1)])
    made = table[["estimate", "se", "low", "high", "n"]].reindex(categories)
    shares = ["estimate", "se", "low", "high"]
    made[shares] = 100.0 * made[shares]
    made[["estimate", "n"]] = made[["estimate", "n"]].fillna({"estimate": 0.0, "n": len(values)})
    fixed = made["se"] <= 1e-10
    made.loc[fixed, ["low", "high"]] = np.nan  # fixed by the design: no sampling error to show
    return made

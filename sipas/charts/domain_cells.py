"""Numbers of the heat map: rates by domain, how far each lies from all together, what is withheld.

The difference from all together is a contrast with its own standard error: a domain is part of
the whole, and the covariance knows that.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

import survey
from sipas.composites import Level
from sipas.indices import SatisfactionIndex, satisfaction
from sipas.numerals import Lang
from sipas.verdicts import adjusted, p_values
from survey.errors import SurveyError, first_five
from survey.scores import Bools, Floats
from survey.stacking import label_parts

#: Fewest valid answers of a cell that is shown.
LEAST = 10
#: The column of all domains together.
ALL = "all"
#: Columns that would give a withheld figure away.
TELLING = ["estimate", "se", "low", "high", "difference", "difference_se", "p", "p_adjusted"]


def domain_cells(
    index: SatisfactionIndex, level_of: Level, least: int, level: float, lang: Lang
) -> pd.DataFrame:
    """Cells row by row, all together first; figures of fewer than ``least`` answers are missing.

    Returns
    -------
    DataFrame
        Index ``code, domain``; columns ``level label estimate se low high n``, the difference
        from all together in percentage points ``difference difference_se df p p_adjusted``, and
        ``withheld``.
    """
    together = _together(index)
    by_domain = _flat(index.table(level=level, lang=lang))
    whole = together.table(level=level, lang=lang)
    whole.index = pd.MultiIndex.from_product([whole.index, [ALL]], names=["code", "domain"])
    columns = ["level", "label", "estimate", "se", "low", "high", "n"]
    apart = _apart(index, together)
    wanted = whole.index[whole["level"] == level_of].get_level_values("code")
    if wanted.empty:
        raise SurveyError(
            f"charts.heat_map(level_of={level_of!r}): this index has no such rows.",
            mend=f"It has {first_five(whole['level'].unique())}.",
        )
    both = pd.concat([whole[columns], by_domain[columns].join(apart)])
    domains = list(dict.fromkeys(by_domain.index.get_level_values("domain")))
    order = pd.MultiIndex.from_product([wanted, [ALL, *domains]], names=both.index.names)
    made = both.reindex(order)
    made["p_adjusted"] = adjusted(made["p"], made["level"])
    held = made["n"].to_numpy(float).reshape(len(wanted), -1)
    made["withheld"] = withheld(held, least).ravel()
    made.loc[made["withheld"], TELLING] = np.nan
    return made


def withheld(n: Floats, least: int) -> Bools:
    """Say which cells to withhold: the small ones, and one more where one is alone in its row.

    Parameters
    ----------
    n : (K, 1 + D) float
        Answers by row and column; the first column holds all together, from which a single
        withheld cell could be found by subtraction. Its smallest neighbour then goes as well.

    Examples
    --------
    >>> withheld(np.array([[60.0, 5, 25, 30], [60.0, 20, 18, 22]]), 10).tolist()
    [[False, True, True, False], [False, False, False, False]]
    """
    small = ~(n >= least)
    alone = small[:, 1:].sum(axis=1) == 1
    others = np.where(small[:, 1:], np.inf, n[:, 1:])
    if others.shape[1] > 1:
        small[alone, 1 + others.argmin(axis=1)[alone]] = True
    return np.asarray(small)


def sizes(index: SatisfactionIndex) -> dict[str, int]:
    """Rows in the sample of all together and of each domain."""
    data = index.design.data.loc[index.design.inside, list(index.by)].astype(str)
    named = data.agg(" × ".join, axis="columns")
    return {ALL: len(data), **{str(k): int(n) for k, n in named.value_counts().items()}}


def _together(index: SatisfactionIndex) -> SatisfactionIndex:
    """Compute the same index without domains."""
    rules = index.rules
    return satisfaction(
        index.answers,
        design=index.design,
        score=rules.score,
        aggregate=rules.aggregate,
        missing=rules.missing,
        policy_weight=rules.policy_weight,
    )


def _flat(table: pd.DataFrame) -> pd.DataFrame:
    """Name domains of several columns in one."""
    codes = table.index.get_level_values("code")
    domains = [" × ".join(map(str, label_parts(key)[1:])) for key in table.index]
    made = table.copy()
    made.index = pd.MultiIndex.from_arrays([codes, domains], names=["code", "domain"])
    return made


def _apart(index: SatisfactionIndex, together: SatisfactionIndex) -> pd.DataFrame:
    """Differences of each domain from all together, with their tests."""
    own, whole = index.estimates, together.estimates
    place = {code: len(own) + k for k, code in enumerate(whole.labels)}
    matrix = np.hstack([np.eye(len(own)), np.zeros((len(own), len(whole)))])
    ends = [place[code] for code in own.labels.get_level_values("code")]
    matrix[np.arange(len(own)), ends] = -1.0
    both = survey.stack(own, whole, keys=["domain", "together"])
    found = both.contrast(matrix).labelled(own.labels)
    rows = pd.DataFrame({"estimate": found.estimate, "se": found.se, "df": found.df})
    made = rows.assign(p=p_values(rows))
    made = made.rename(columns={"estimate": "difference", "se": "difference_se"})
    return _flat(made)

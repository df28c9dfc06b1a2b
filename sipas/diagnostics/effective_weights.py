"""The weights that dimensions have in effect, beside those they were given."""

from __future__ import annotations

import numpy as np
import pandas as pd

import survey
from sipas.changes import Year
from sipas.composites import max_points
from sipas.diagnostics.main_effects import main_effects
from sipas.indices import SatisfactionIndex, statement_rates
from sipas.leaders import item_scores
from survey.errors import SurveyError
from survey.replicates import spread
from survey.row_counts import KnownCounts
from survey.scores import Floats

EFFECTIVE, EFFECT, LINEAR = "effective", "main effect", "linear"


def effective_weights(year: Year, nominal: pd.Series) -> survey.Estimates:
    r"""Estimate what each dimension weighs in the composite of the respondents.

    Parameters
    ----------
    year : SatisfactionIndex or LeaderScores
        The index, with its answers and design.
    nominal : Series
        Weight of each dimension in it.

    Returns
    -------
    survey.Estimates
        Labelled ``("effective" | "main effect" | "linear", dimension)``: main effects divided by
        their sum, the main effects, and the squared correlations. Standard errors by the
        jackknife of the design.

    Raises
    ------
    SurveyError
        When fewer than three respondents answered something of every dimension, or their
        composite does not vary.
    """
    parts = respondent_scores(year, list(nominal.index))
    complete = parts.notna().all(axis=1).to_numpy() & year.design.inside
    values = parts.to_numpy()[complete]
    whole = values @ nominal.to_numpy()
    if len(whole) < 3 or np.ptp(whole) == 0:
        raise SurveyError(
            f"index_diagnostics: {len(whole)} respondents answered something of every dimension, "
            "or their composites are all the same.",
            mend="Effective weights need composites that vary.",
        )
    drawn = survey.as_replicates(year.design, "JKn")
    weights = np.column_stack([drawn.weight, drawn.row_weights()])[complete]
    made = [main_effects(part, whole, weights) for part in values.T]
    effects = np.stack([isotonic for isotonic, _ in made], axis=1)
    linear = np.stack([line for _, line in made], axis=1)
    every = np.hstack([effects / effects.sum(axis=1, keepdims=True), effects, linear])
    size = np.full(every.shape[1], float(complete.sum()))
    return survey.Estimates(
        point=every[0],
        labels=pd.MultiIndex.from_product(
            [[EFFECTIVE, EFFECT, LINEAR], nominal.index], names=["", "code"]
        ),
        parts=(spread(drawn, every[1:], every[0]),),
        counts=KnownCounts(size, year.design.inside.sum() - size),
        what="Effective weights of dimensions",
        population=year.design.population_label,
    )


def respondent_scores(year: Year, dimensions: list[str]) -> pd.DataFrame:
    """Score of each respondent in each dimension: the mean over the statements answered."""
    instrument = year.answers.instrument
    if isinstance(year, SatisfactionIndex):
        rates, weight = statement_rates(year.answers, year.rules), np.ones(len(year.scheme.items))
    else:
        rates, weight = item_scores(year.answers), max_points(instrument)
    if isinstance(year, SatisfactionIndex) and year.rules.missing == "listwise":
        rates = rates[rates.notna().all(axis=1)].reindex(rates.index)
    share = dict(zip(rates.columns, weight.tolist(), strict=True))
    made = {}
    for code in dimensions:
        own = [item.code for item in instrument.items_of(code)]
        made[code] = _mean(rates[own], np.array([share[item] for item in own]))
    return pd.DataFrame(made)


def _mean(rates: pd.DataFrame, weight: Floats) -> pd.Series:
    """Weighted mean over the columns that are there."""
    size = rates.notna().to_numpy() @ weight
    sums = rates.fillna(0.0).to_numpy() @ weight
    mean = np.divide(sums, size, out=np.full(len(rates), np.nan), where=size > 0)
    return pd.Series(mean, index=rates.index)

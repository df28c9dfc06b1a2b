r"""Explained by predictors: the Oaxaca–Blinder split of a difference of two means.

With one set of reference coefficients :math:`\beta`,

.. math:: \bar y_2 - \bar y_1 = \sum_v \underbrace{\sum_{k \in v} (\bar x_{2k} - \bar x_{1k})
          \beta_k}_{\text{explained by predictor } v} + \text{unexplained}.

The unexplained part is given whole: its division among predictors depends on where each one's
zero is, and on which level of a category is left out. Oaxaca (1973), *International Economic
Review* 14, 693–709; Blinder (1973), *Journal of Human Resources* 8, 436–455; Jann (2008), *Stata
Journal* 8, 453–479.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd

from survey.decomposition.reference_coefficients import fitted_coefficients, model_samples
from survey.decomposition.two_samples import (
    TOTAL,
    MissingRule,
    Outcomes,
    TwoSamples,
    effects_of,
    read_groups,
    read_two,
)
from survey.design import Design
from survey.errors import SurveyError, require_option
from survey.estimates import Estimates
from survey.formulas.model_matrix import (
    FACTOR,
    ModelFormula,
    ModelMatrix,
    Variable,
)
from survey.scores import Floats

UNEXPLAINED = "unexplained"
Reference = Literal["pooled", "neumark", "first", "second"]


def oaxaca(
    first: Design,
    second: Design,
    y: Outcomes,
    predictors: str | Sequence[str],
    *,
    reference: Reference = "pooled",
    missing: MissingRule = "item",
    paired: bool = True,
) -> Estimates:
    r"""Split the difference of two means into parts explained by predictors, and the rest.

    Parameters
    ----------
    first, second : Design
        Two samples, such as two years, or two domains of one design; differences are second less
        first.
    y : str, list of str, or pair of DataFrames
        Numeric columns of both samples, or a frame on the index of each.
    predictors : str or list of str
        Columns filled in every row: numbers as they are, words by level (``"C(year)"`` makes
        numbers levels). A category is one predictor, whatever its number of levels.
    reference : {"pooled", "neumark", "first", "second"}
        Whose coefficients value a difference of predictors: a regression on both samples with a
        column that tells them apart (Jann 2008), one without that column (Neumark 1988), which
        lets the predictors take over part of what is unexplained, or the regression of one
        sample.
    missing : {"item", "listwise"}
        As in `survey.mean`.
    paired : bool
        Match PSUs of different samples by name; False declares the samples independent.

    Returns
    -------
    Estimates
        One effect a predictor, ``"unexplained"``, and ``"total"``, the difference; of several
        outcomes labelled ``(item, effect)``. The effects sum to the total, exactly.

    Raises
    ------
    SurveyError
        Predictors that are combinations of each other, rows without a value, and as
        `survey.mean`.

    Notes
    -----
    Weights of two different samples are scaled to mean 1 in each before they are pooled, so that
    the unit of a year's weights does not matter; two domains of one design keep theirs. Variance
    by linearisation, in the means and in the coefficients. In R: ``oaxaca::oaxaca``; in Stata:
    ``oaxaca y x1 x2, by(group) pooled svy``.

    Examples
    --------
    >>> import pandas as pd, survey
    >>> frame = pd.DataFrame({"psu": [1, 2, 3, 4] * 2, "year": [1] * 4 + [2] * 4,
    ...                       "age": [20, 30, 40, 50, 30, 40, 50, 60],
    ...                       "y": [2.0, 3, 4, 5, 4, 5, 6, 7]})
    >>> both = survey.Design(frame, psu="psu")
    >>> years = [both.domain(frame["year"] == year) for year in (1, 2)]
    >>> oaxaca(*years, "y", ["age"]).estimate.round(6)
    effect
    age            1.0
    unexplained    1.0
    total          2.0
    Name: estimate, dtype: float64
    """
    require_option(reference, get_args(Reference), where="oaxaca(reference=)")
    formula = _formula([predictors] if isinstance(predictors, str) else list(predictors))
    pair = read_two(first, second, y, missing, "oaxaca")
    frames = read_groups(pair, list(formula.columns), "oaxaca(predictors=)")
    terms = [term[0].text for term in formula.terms if term]
    split = [_split(pair, formula, frames, reference, j) for j in range(len(pair.names))]
    return effects_of(
        pair,
        np.stack([one.point for one in split]),
        [np.stack([one.scores[t] for one in split], axis=1) for t in (0, 1)],
        [*terms, UNEXPLAINED, TOTAL],
        paired=paired,
        what=f"Explained by {', '.join(terms)} ({reference} coefficients)",
    )


def _formula(predictors: list[str]) -> ModelFormula:
    """Read the predictors as terms of a model with intercept."""
    variables = []
    for text in predictors:
        made = FACTOR.fullmatch(text)
        variables.append(Variable(text, made.group(1) if made else text, made is not None))
    columns = [variable.column for variable in variables]
    if not columns or len(set(columns)) < len(columns) or {UNEXPLAINED, TOTAL} & set(columns):
        raise SurveyError(
            f"oaxaca(predictors={predictors!r}): cannot be told apart.",
            mend=f"Give one or more different columns, none called {UNEXPLAINED!r} or {TOTAL!r}.",
        )
    return ModelFormula(" + ".join(predictors), variables[0], ((), *((v,) for v in variables)))


@dataclass(frozen=True, slots=True, eq=False)
class _Split:
    """Effects on one outcome (V + 2,), and the linearised value of each row, each (n, V + 2)."""

    point: Floats
    scores: tuple[Floats, Floats]


def _split(
    pair: TwoSamples,
    formula: ModelFormula,
    frames: Sequence[pd.DataFrame],
    reference: Reference,
    j: int,
) -> _Split:
    """Split the difference of one outcome."""
    samples, matrix = model_samples(pair, formula, frames, j)
    chosen = {"first": samples[:1], "second": samples[1:]}.get(reference, samples)
    coefficients, influence = fitted_coefficients(
        chosen, matrix.names, marked=reference == "pooled"
    )
    moved = samples[1].centre - samples[0].centre
    groups = _groups(formula, matrix)
    scores = []
    for sample, sign in zip(samples, (-1.0, 1.0), strict=True):
        own = sign * sample.shares * (sample.x - sample.centre) * coefficients
        if sample in chosen:
            own = own + influence[chosen.index(sample)] * moved
        whole = sign * sample.shares * (sample.y - sample.mean)[:, None]
        scores.append(sample.placed(_with_rest(own @ groups.T, whole)))
    total = np.array([samples[1].mean - samples[0].mean])
    return _Split(_with_rest(groups @ (moved * coefficients), total), (scores[0], scores[1]))


def _with_rest(explained: Floats, total: Floats) -> Floats:
    """Put what is unexplained, and the total, after the explained parts; last axis."""
    rest = total - explained.sum(axis=-1, keepdims=True)
    return np.concatenate([explained, rest, total], axis=-1)


def _groups(formula: ModelFormula, matrix: ModelMatrix) -> Floats:
    """Which columns belong to which predictor, shape (V, p)."""
    names = [term[0].text for term in formula.terms if term]
    groups = np.zeros((len(names), len(matrix.names)))
    for row, name in enumerate(names):
        groups[row, list(matrix.terms[name])] = 1.0
    return groups

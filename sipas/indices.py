"""Satisfaction indices of households: statement, dimension, aspect and overall, in per cent.

The official index is the plain sample percentage (no source prints weights): sheets with a column
``weight`` give the index under those weights instead. An index weighted by the population of
groups can stand beside it.

Over 300 lines: one result and one function, half of it documentation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

import survey
from sipas.composites import (
    Aggregate,
    Scheme,
    answering,
    check_design,
    expand,
    expanded_labels,
    oriented,
    satisfaction_scheme,
)
from sipas.instrument import Instrument
from sipas.labelling import ShownAsTable, titled
from sipas.numerals import Lang
from sipas.responses import Answers
from survey.errors import SurveyError, did_you_mean, first_five, require_columns, require_option
from survey.intervals import IntervalMethod
from survey.row_counts import KnownCounts
from survey.scores import Floats

Score = Literal["top2", "mean"]
By = str | Sequence[str] | None
GroupWeights = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules under which an index was computed; two years are compared under the same.

    Parameters
    ----------
    score : {"top2", "mean"}
        Share of satisfied answers, or mean score on the scale stretched to 0–100.
    aggregate : {"dimensions", "pooled"}
        Aspect as the mean of its dimensions, or of its statements.
    missing : {"item", "listwise"}
        Which rows an unanswered statement leaves out.
    policy_weight : float or None
        Weight of the policy aspect in the overall index.
    group_weights : mapping or None
        One column and the share of each of its groups in the population.
    """

    score: Score = "top2"
    aggregate: Aggregate = "dimensions"
    missing: Literal["item", "listwise"] = "item"
    policy_weight: float | None = None
    group_weights: GroupWeights | None = None

    def __post_init__(self) -> None:
        require_option(self.score, ("top2", "mean"), where="score")
        require_option(self.aggregate, ("dimensions", "pooled"), where="aggregate")
        require_option(self.missing, ("item", "listwise"), where="missing")


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class SatisfactionIndex(ShownAsTable):
    """Every index of one survey, with its covariance.

    Parameters
    ----------
    estimates : survey.Estimates
        Indices in per cent, labelled by code, or by code and domain.
    weighted : survey.Estimates or None
        The same indices weighted by group, when ``group_weights`` was given.
    answers, design, scheme, rules, by
        What they were computed from.
    """

    estimates: survey.Estimates
    weighted: survey.Estimates | None
    answers: Answers
    design: survey.Design
    scheme: Scheme
    rules: Rules
    by: tuple[str, ...]

    @property
    def instrument(self) -> Instrument:
        """The questionnaire."""
        return self.answers.instrument

    def __getitem__(self, code: str) -> survey.Estimates:
        """Estimates of one index (of every domain, when there are any)."""
        if code not in self.scheme.codes:
            raise SurveyError(
                f"no index {code!r} in {self.instrument.id}.",
                mend=did_you_mean(code, self.scheme.codes),
            )
        codes = self.estimates.labels.get_level_values("code")
        return self.estimates.pick(np.flatnonzero(codes == code))

    def table(
        self,
        *,
        level: float = 0.95,
        lang: Lang = "en",
        method: IntervalMethod | None = None,
        deff: bool = False,
        df: bool = False,
    ) -> pd.DataFrame:
        """List every index.

        Parameters
        ----------
        level : float
            Confidence of the intervals.
        lang : {"vi", "en"}
            Language of the labels.
        method : {"logit", "mean"}, optional
            Kind of interval; logit on the range 0–100 by default.
        deff, df : bool
            Add design effects, degrees of freedom.

        Returns
        -------
        DataFrame
            Index ``code`` (and domains); columns ``level label estimate se low high n``, then
            ``deff df`` when asked, ``missing`` (answers that are not valid), and, with group
            weights, ``weighted weighted_se weighted_low weighted_high``. In per cent.
        """
        made = self.estimates.table(level=level, method=method, deff=deff, df=df)
        made["missing"] = self.estimates.missing
        if self.weighted is not None:
            beside = self.weighted.table(level=level, method=method)
            names = {
                "estimate": "weighted",
                "se": "weighted_se",
                "low": "weighted_low",
                "high": "weighted_high",
            }
            made = made.join(beside[list(names)].rename(columns=names))
        return titled(made, self.scheme, self.instrument, lang)

    def _shown(self) -> pd.DataFrame:
        table = self.table()
        return table.assign(label=table["label"].str.slice(0, 60))

    @property
    def _caption(self) -> str:
        return f"Satisfaction, {self.instrument.id}, %; {self.design!r}"


def satisfaction(
    answers: Answers,
    *,
    design: survey.Design | None = None,
    by: By = None,
    group_weights: GroupWeights | None = None,
    score: Score = "top2",
    aggregate: Aggregate = "dimensions",
    missing: Literal["item", "listwise"] = "item",
    policy_weight: float | None = None,
) -> SatisfactionIndex:
    r"""Compute statement, dimension, aspect and (with ``policy_weight``) overall indices.

    Parameters
    ----------
    answers : Answers
        Clean answers of households, from `sipas.clean`.
    design : survey.Design, optional
        ``answers.design()`` by default: sampled districts, communes as PSUs.
    by : str or list of str, optional
        Columns whose combinations are domains.
    group_weights : mapping, optional
        ``{"district": {name: share, …}}``: adds the index weighted by group beside the official
        one. Any positive numbers; they are divided by their sum.
    score : {"top2", "mean"}
        Share of *satisfied* and *very satisfied*, or mean score on 0–100.
    aggregate : {"dimensions", "pooled"}
        How an aspect is made of its statements.
    missing : {"item", "listwise"}
        An unanswered statement leaves its own row out of that statement, or of all.
    policy_weight : float, optional
        Weight of the policy aspect in the overall index; no source prints it, so there is no
        default.

    Returns
    -------
    SatisfactionIndex

    Raises
    ------
    SurveyError
        A leader instrument, a column that does not exist, groups without weight, and whatever
        `survey.mean` raises.

    Notes
    -----
    Statement rate :math:`r_j = 100 \sum w\,1[y_j \ge 4] / \sum w` over valid answers; dimension
    :math:`\bar r_d` the mean of its statements; service index the mean of the five dimensions,
    which reproduces 79.56 for Huế 2022. Weighted by group:
    :math:`r_j = \sum_g W_g r_{gj}`.
    In R: ``svymean``, then ``svycontrast`` with the weights of the scheme.

    Examples
    --------
    >>> import sipas
    >>> answers = sipas.clean(sipas.datasets.load_hue_households(2022), "sipas-2022")
    >>> index = sipas.satisfaction(answers)
    >>> index["services"].table().round(2)
              estimate    se    low   high      n
    code
    services     79.56  ...
    """
    if not isinstance(answers, Answers):
        raise SurveyError(
            f"satisfaction: got a {type(answers).__name__}.",
            mend="Clean the sheet first: sipas.clean(sheet, instrument).",
        )
    if answers.instrument.kind != "households":
        raise SurveyError(
            f"satisfaction: {answers.instrument.id} is a survey of leaders.",
            mend="Use sipas.leader_scores.",
        )
    rules = Rules(score, aggregate, missing, policy_weight, group_weights)
    made = answers.design() if design is None else design
    check_design(answers, made, "satisfaction")
    scheme = satisfaction_scheme(
        answers.instrument, aggregate=aggregate, policy_weight=policy_weight
    )
    domains = () if by is None else (by,) if isinstance(by, str) else tuple(by)
    rates = statement_rates(answers, rules)
    estimates = _composed(made, rates, scheme, rules, domains)
    weighted = None
    if group_weights is not None:
        weighted = _weighted(made, rates, scheme, rules, domains)
    return SatisfactionIndex(estimates, weighted, answers, made, scheme, rules, domains)


def statement_rates(answers: Answers, rules: Rules) -> pd.DataFrame:
    """Score of each answer on 0–100, missing where there is no valid answer, shape (n, J)."""
    scale = answers.instrument.scale
    given = oriented(answers)
    if rules.score == "top2":
        scored = given.isin(scale.satisfied).astype(np.float64) * 100.0
        return scored.where(given.notna())
    low, high = min(scale.levels), max(scale.levels)
    return (given - low) / (high - low) * 100.0


def _composed(
    design: survey.Design,
    rates: pd.DataFrame,
    scheme: Scheme,
    rules: Rules,
    by: tuple[str, ...],
) -> survey.Estimates:
    """Estimate the statements and build every level on them."""
    means = survey.mean(design, rates, by=list(by) or None, missing=rules.missing)
    domains = _domains_of(means, len(scheme.items), by)
    matrix = expand(scheme.matrix, 1 if domains is None else len(domains))
    labels = expanded_labels(scheme.codes, domains)
    return _finished(means, matrix, labels, design, rates, scheme, rules, by)


def _finished(
    means: survey.Estimates,
    matrix: Floats,
    labels: pd.Index,
    design: survey.Design,
    rates: pd.DataFrame,
    scheme: Scheme,
    rules: Rules,
    by: tuple[str, ...],
) -> survey.Estimates:
    """Label, bound and count the composed indices."""
    what = "Satisfaction index (%)" + (f" by {' × '.join(by)}" if by else "")
    composed = means.contrast(matrix, what=what).labelled(labels)
    listwise = rules.missing == "listwise"
    n, missing = answering(design, rates.notna(), scheme, by, listwise=listwise)
    return replace(composed, bounds=(0.0, 100.0), counts=KnownCounts(n, missing))


def _weighted(
    design: survey.Design,
    rates: pd.DataFrame,
    scheme: Scheme,
    rules: Rules,
    by: tuple[str, ...],
) -> survey.Estimates:
    """Weigh the rates of the groups by their shares of the population."""
    column, shares = _shares(design, rules.group_weights or {})
    if by:
        raise SurveyError(
            "satisfaction: group_weights together with by= is not defined.",
            mend="Weigh each domain by its own groups: filter with design.domain and call again.",
        )
    groups = survey.mean(design, rates, by=column, missing=rules.missing)
    levels = groups.labels.get_level_values(column).unique()
    share = np.array([shares[str(name)] for name in levels])
    spread = np.kron(np.eye(len(scheme.items)), share / share.sum())
    labels = expanded_labels(scheme.codes, None)
    return _finished(groups, scheme.matrix @ spread, labels, design, rates, scheme, rules, ())


def _shares(design: survey.Design, given: GroupWeights) -> tuple[str, dict[str, float]]:
    """Read ``{"district": {name: share}}`` and check that every group has a positive share."""
    if not isinstance(given, Mapping) or len(given) != 1:
        raise SurveyError(
            f"group_weights: got {given!r}.",
            mend='Pass one column and its shares, such as {"district": {"north": 0.07, …}}.',
        )
    ((column, shares),) = given.items()
    require_columns(design.data.columns, [column], where="group_weights")
    present = [str(name) for name in design.data.loc[design.inside, column].dropna().unique()]
    lacking = [name for name in present if name not in shares]
    wrong = [name for name, share in shares.items() if not share > 0]
    unknown = [name for name in shares if name not in present]
    faults = {"no weight for": lacking, "not positive": wrong, "not in the data": unknown}
    said = [f"{fault} {first_five(names)}" for fault, names in faults.items() if names]
    if said:
        raise SurveyError(
            f"group_weights[{column!r}]: {'; '.join(said)}.",
            mend=f"Give each of {first_five(present)} a positive share of the population.",
        )
    return column, {name: float(shares[name]) for name in present}


def _domains_of(means: survey.Estimates, n_items: int, by: tuple[str, ...]) -> pd.Index | None:
    """Read the domains off the labels of statement estimates."""
    if not by:
        return None
    names = means.labels[: len(means) // n_items].to_frame(index=False)[list(by)]
    return pd.MultiIndex.from_frame(names) if len(by) > 1 else pd.Index(names[by[0]])

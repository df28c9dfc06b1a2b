"""Scores of the leader survey: items, domains and total, in points and as a share of the maximum.

Groups of leaders are combined with weights that no source prints, so they must be given.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

import survey
from sipas.composites import (
    Scheme,
    answering,
    check_design,
    expand,
    expanded_labels,
    leader_scheme,
    max_points,
    oriented,
)
from sipas.instrument import Instrument
from sipas.labelling import ShownAsTable, titled
from sipas.leader_weights import LeaderWeights, read_weights
from sipas.numerals import Lang
from sipas.responses import Answers
from survey.errors import SurveyError, did_you_mean, first_five
from survey.row_counts import KnownCounts
from survey.scores import Floats

GROUP = "group"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class LeaderScores(ShownAsTable):
    """Scores of every item, domain and the total.

    Parameters
    ----------
    estimates : survey.Estimates
        Rates in per cent of the maximum, labelled by code.
    groups : survey.Estimates
        The same rates of each group, labelled by code and group.
    weights : DataFrame
        Weight of each group (rows) in each item (columns); columns sum to 1.
    answers, design, scheme
        What they were computed from.
    """

    estimates: survey.Estimates
    groups: survey.Estimates
    weights: pd.DataFrame
    answers: Answers
    design: survey.Design
    scheme: Scheme

    @property
    def instrument(self) -> Instrument:
        """The questionnaire."""
        return self.answers.instrument

    @property
    def max_points(self) -> pd.Series:
        """Maximum points of each code."""
        maxima = max_points(self.instrument)
        used = self.scheme.matrix != 0
        return pd.Series(used @ maxima, index=pd.Index(self.scheme.codes, name="code"))

    @property
    def points(self) -> survey.Estimates:
        """Points of each code: maximum times rate."""
        share = self.max_points.to_numpy() / 100.0
        scaled = self.estimates.contrast(np.diag(share), what="Points of the leader survey")
        return replace(
            scaled.labelled(self.estimates.labels),
            counts=self.estimates.counts,
        )

    def __getitem__(self, code: str) -> survey.Estimates:
        """Rate of one code, in per cent of its maximum."""
        if code not in self.scheme.codes:
            raise SurveyError(
                f"no score {code!r} in {self.instrument.id}.",
                mend=did_you_mean(code, self.scheme.codes),
            )
        return self.estimates.pick([self.scheme.codes.index(code)])

    def table(self, *, level: float = 0.95, lang: Lang = "en") -> pd.DataFrame:
        """List every item, domain and the total.

        Parameters
        ----------
        level : float
            Confidence of the intervals.
        lang : {"vi", "en"}
            Language of the labels.

        Returns
        -------
        DataFrame
            Index ``code``; columns ``level label max_points``, then in points
            ``estimate se low high n missing``, then ``rate rate_se rate_low rate_high`` in per
            cent of the maximum.
        """
        rate = self.estimates.table(level=level)
        share = self.max_points / 100.0
        made = rate[["estimate", "se", "low", "high"]].mul(share, axis=0)
        made["n"], made["missing"] = rate["n"], self.estimates.missing
        for name in ("estimate", "se", "low", "high"):
            made["rate" if name == "estimate" else f"rate_{name}"] = rate[name]
        made.insert(0, "max_points", self.max_points)
        return titled(made, self.scheme, self.instrument, lang)

    def group_table(self, *, level: float = 0.95, lang: Lang = "en") -> pd.DataFrame:
        """List the rates of each group, in per cent of the maximum.

        Returns
        -------
        DataFrame
            Index ``code, group``; columns ``level label estimate se low high n missing``.
        """
        made = self.groups.table(level=level)
        made["missing"] = self.groups.missing
        return titled(made, self.scheme, self.instrument, lang)

    def _shown(self) -> pd.DataFrame:
        table = self.table()
        return table.assign(label=table["label"].str.slice(0, 60))

    @property
    def _caption(self) -> str:
        return f"Leader survey, {self.instrument.id}, points; {self.design!r}"


def leader_scores(
    answers: Answers,
    *,
    group_weights: LeaderWeights,
    design: survey.Design | None = None,
    superpopulation: bool = False,
) -> LeaderScores:
    r"""Compute item, domain and total scores of the leader survey.

    Parameters
    ----------
    answers : Answers
        Clean answers of leaders, from `sipas.clean`.
    group_weights : mapping, DataFrame or preset
        Weight of each group (shares, or per cent, that add up to the whole); a table of groups ×
        items; or ``"equal"``, ``"respondents"`` (forms used), ``"population"`` (forms sent).
        Required: no source prints the official ones, and for Huế 2022 neither equal weights nor
        respondents reproduce the printed total.
    design : survey.Design, optional
        ``answers.design(superpopulation=superpopulation)`` by default: groups as strata.
    superpopulation : bool
        Leave out the finite population correction.

    Returns
    -------
    LeaderScores

    Raises
    ------
    SurveyError
        A household instrument, a group without weight, weights that do not add up.

    Notes
    -----
    Score of an answer: the share of the maximum that the instrument gives its level. With
    :math:`\bar s_{gj}` the mean over valid answers of group *g* and weights :math:`W_{gj}`
    (renormalised over the groups asked item *j*),

    .. math:: \text{points}_j = M_j \sum_g W_{gj} \bar s_{gj}, \qquad
              \text{rate} = \frac{\sum_j \text{points}_j}{\sum_j M_j}.

    Where the forms sent are known by group, those who answered an item are taken as a random
    sample of the group: a group that was asked and answered in full has no sampling error.

    Examples
    --------
    >>> import sipas
    >>> answers = sipas.clean(sipas.datasets.load_hue_leaders(2022), "leaders-2022")
    >>> weights = {"hdnd": 25, "so": 40, "phong": 30, "huyen": 5}      # illustrative
    >>> scores = sipas.leader_scores(answers, group_weights=weights)
    >>> scores.table().loc["total", ["estimate", "rate"]].round(2)
    estimate    17.42
    rate        79.16
    Name: total, dtype: float64
    """
    if not isinstance(answers, Answers):
        raise SurveyError(
            f"leader_scores: got a {type(answers).__name__}.",
            mend="Clean the sheet first: sipas.clean(sheet, instrument).",
        )
    instrument = answers.instrument
    if instrument.kind != "leaders":
        raise SurveyError(
            f"leader_scores: {instrument.id} is a survey of households.",
            mend="Use sipas.satisfaction.",
        )
    made = answers.design(superpopulation=superpopulation) if design is None else design
    check_design(answers, made, "leader_scores")
    scheme = leader_scheme(instrument)
    scores = item_scores(answers)
    present = sorted(made.data.loc[made.inside, GROUP].unique())
    weights = read_weights(group_weights, answers, present)
    _refuse_thin(scores[made.inside], made.data.loc[made.inside, GROUP], weights)
    means = survey.mean(made, scores, by=GROUP, missing="respondents")
    spread = _spread(weights)
    groups = _finished(means, expand(scheme.matrix, len(present)), scheme, made, scores, present)
    total = _finished(means, scheme.matrix @ spread, scheme, made, scores, None)
    return LeaderScores(total, groups, weights, answers, made, scheme)


def item_scores(answers: Answers) -> pd.DataFrame:
    """Score of each answer in per cent of its maximum, missing without a valid answer."""
    scale = answers.instrument.scale
    value = dict(zip(scale.levels, scale.scores, strict=True))
    given = oriented(answers)
    return pd.DataFrame({code: given[code].map(value) * 100.0 for code in given})


def _refuse_thin(scores: pd.DataFrame, group: pd.Series, weights: pd.DataFrame) -> None:
    """Refuse an item that a weighted group left blank, or that one of several answered."""
    answered = scores.notna().groupby(group).sum().reindex(weights.index)
    size = group.value_counts().reindex(weights.index)
    thin = (answered == 0) | answered.eq(1).mul(size > 1, axis=0)
    cells = np.argwhere((thin & (weights > 0)).to_numpy(dtype=bool))
    lacking = [f"{thin.columns[item]} by {thin.index[who]}" for who, item in cells]
    if lacking:
        raise SurveyError(
            f"leader_scores: no answer, or a single one, to {first_five(lacking)}.",
            mend="Leave the group out of the item: pass group_weights as a table of groups × "
            "items with 0 there.",
        )


def _spread(weights: pd.DataFrame) -> Floats:
    """Weights as a matrix (J, J * G), from estimates by item and group to estimates by item."""
    matrix = weights.to_numpy(dtype=np.float64).T
    n_items, n_groups = matrix.shape
    spread = np.zeros((n_items, n_items, n_groups))
    spread[np.arange(n_items), np.arange(n_items)] = matrix
    return spread.reshape(n_items, -1)


def _finished(
    means: survey.Estimates,
    matrix: Floats,
    scheme: Scheme,
    design: survey.Design,
    scores: pd.DataFrame,
    groups: list[str] | None,
) -> survey.Estimates:
    """Compose, label, bound and count."""
    domains = None if groups is None else pd.Index(groups, name=GROUP)
    composed = means.contrast(matrix, what="Leader survey (% of the maximum)")
    n, missing = answering(design, scores.notna(), scheme, () if groups is None else (GROUP,))
    return replace(
        composed.labelled(expanded_labels(scheme.codes, domains)),
        bounds=(0.0, 100.0),
        counts=KnownCounts(n, missing),
    )

r"""The change from one year to the next, and whether it is real.

Both years are recomputed under the same rules and stacked with their covariance, so a change is
one contrast. Its standard error knows whether the same communes were visited, its degrees of
freedom are those of the communes, and tests of many rows are adjusted for being many.

Over 300 lines: one result and one function with their refusals.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from inspect import signature
from typing import Any

import numpy as np
import pandas as pd

import survey
from sipas.composites import Scheme
from sipas.indices import SatisfactionIndex, satisfaction
from sipas.instrument import Instrument
from sipas.labelling import ShownAsTable, titled
from sipas.leaders import LeaderScores, leader_scores
from sipas.linking import Link, linked
from sipas.numerals import Lang
from sipas.responses import Answers
from sipas.verdicts import NO_ERROR, adjusted, p_values, took_everyone, verdicts
from survey.errors import SurveyError, SurveyWarning, did_you_mean, first_five
from survey.intervals import check_level, t_quantile
from survey.scores import Floats
from survey.stacking import label_parts

Year = SatisfactionIndex | LeaderScores
BEFORE, AFTER = "before", "after"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Change(ShownAsTable):
    """Two years, and the difference of every index.

    Parameters
    ----------
    estimates : survey.Estimates
        Changes in percentage points, labelled by code (and domain).
    stacked : survey.Estimates
        Both years, labelled ``("before" | "after", code, …)``.
    weighted : survey.Estimates or None
        Changes of the indices weighted by group, when both years have them.
    before, after : SatisfactionIndex or LeaderScores
        The years under the same rules, on what the link makes comparable.
    instruments : (Instrument, Instrument)
        The two questionnaires, whole.
    link : str or None
        What the user declared comparable.
    equivalence : float or None
        Margin below which a change does not matter, in percentage points.
    paired : bool
        Whether PSUs were matched by name.
    """

    estimates: survey.Estimates
    stacked: survey.Estimates
    weighted: survey.Estimates | None
    before: Year
    after: Year
    instruments: tuple[Instrument, Instrument]
    link: Link | None
    equivalence: float | None
    paired: bool

    @property
    def scheme(self) -> Scheme:
        """Rows of the later year."""
        return self.after.scheme

    @property
    def shared_psus(self) -> int:
        """PSUs visited in both years."""
        return self.stacked.shared_psus

    def differences(self, lang: Lang = "en") -> pd.DataFrame:
        """List what differs between the two instruments, before any link."""
        old, new = self.instruments
        return old.differences(new, lang=lang)

    def table(self, *, level: float = 0.95, lang: Lang = "en") -> pd.DataFrame:
        """List every change.

        Parameters
        ----------
        level : float
            Confidence of the intervals; a test rejects below ``1 - level``.
        lang : {"vi", "en"}
            Language of the labels.

        Returns
        -------
        DataFrame
            Index ``code`` (and domain); columns ``level label before after``, the change in
            percentage points ``estimate se low high``, ``n_before n_after df p p_adjusted``,
            ``verdict``, and ``detectable``: the smallest observed change that such a test would
            call real, before adjustment. With group weights also ``weighted weighted_se``.
        """
        made = self._numbers(check_level(level))
        if self.weighted is not None:
            made["weighted"], made["weighted_se"] = self.weighted.estimate, self.weighted.se
        return titled(made, self.scheme, self.after.instrument, lang)

    def _numbers(self, level: float) -> pd.DataFrame:
        labels = self.estimates.labels
        made = pd.DataFrame(
            {
                "before": _of_year(self.stacked.estimate, BEFORE, labels),
                "after": _of_year(self.stacked.estimate, AFTER, labels),
                **self.estimates.table(level=level, method="mean")[
                    ["estimate", "se", "low", "high"]
                ],
                "n_before": self.before.estimates.n.reindex(labels),
                "n_after": self.after.estimates.n.reindex(labels),
                "df": self.estimates.df,
            },
            index=labels,
        )
        census = self._census()
        still = (made["se"] <= NO_ERROR) & ~census  # a width of zero would claim too much
        made.loc[still, ["low", "high"]] = np.nan
        made["p"] = p_values(made)
        made["p_adjusted"] = adjusted(made["p"], _levels(self.scheme, labels))
        made["verdict"] = verdicts(made, census, level, self.equivalence)
        made["detectable"] = t_quantile(level, made["df"].to_numpy()) * made["se"]
        return made

    def _census(self) -> pd.Series:
        """Whether both years asked everyone, and everyone answered."""
        labels = self.estimates.labels
        whole = all(took_everyone(year.design) for year in (self.before, self.after))
        errors = [_of_year(self.stacked.se, key, labels) for key in (BEFORE, AFTER)]
        return pd.Series(whole & (np.max(errors, axis=0) <= NO_ERROR), index=labels)

    def _shown(self) -> pd.DataFrame:
        table = self.table().drop(columns=["n_before", "n_after"])
        return table.assign(label=table["label"].str.slice(0, 45))

    @property
    def _caption(self) -> str:
        old, new = self.instruments
        pairs = f"{self.shared_psus} PSUs in both years" if self.paired else "independent samples"
        link = f", link={self.link!r}" if self.link else ""
        return f"Change {old.id} to {new.id}, percentage points; {pairs}{link}"


def compare(
    before: Answers | Year,
    after: Answers | Year,
    *,
    link: Link | None = None,
    equivalence: float | None = None,
    paired: bool = True,
    **rules: Any,
) -> Change:
    r"""Compare two years under the same rules, with the covariance between them.

    Parameters
    ----------
    before, after : Answers, SatisfactionIndex or LeaderScores
        The two years. Computed results must have been computed under the same rules.
    link : {"items", "rates", "dimensions"}, optional
        What makes years of different instruments comparable; see `sipas.linking.linked`.
        Statement rows come only with ``"items"`` or the same instrument.
    equivalence : float, optional
        Margin δ in percentage points, for the verdicts *equivalent* and *by less than the
        margin*; to be set before looking.
    paired : bool
        Match communes by name (True), or declare that they were drawn anew.
    **rules
        Arguments of `sipas.satisfaction` or `sipas.leader_scores`.

    Returns
    -------
    Change

    Raises
    ------
    SurveyError
        Different instruments without a link, results under different rules, a margin that is not
        positive.

    Notes
    -----
    :math:`\hat\Delta = \hat\theta_2 - \hat\theta_1`, variance :math:`V_1 + V_2 - 2 C_{12}` with
    the covariance over PSUs that both years hold; t with the degrees of freedom of
    `survey.samples`. Dimensions adjusted by Holm (1979), statements by Benjamini & Hochberg
    (1995), the index itself not. Equivalence by two one-sided tests (Schuirmann 1987). In R:
    ``svycontrast`` on both years in one design, ``p.adjust``.

    Examples
    --------
    >>> import sipas
    >>> years = [sipas.clean(sipas.datasets.load_hue_households(y), f"sipas-{y}")
    ...          for y in (2021, 2022)]
    >>> moved = sipas.compare(*years, link="items")
    >>> moved.table().loc["services", ["before", "after", "estimate"]].astype(float).round(2)
    before      88.60
    after       79.56
    estimate    -9.04
    Name: services, dtype: float64
    """
    if equivalence is not None and not equivalence > 0:
        raise SurveyError(
            f"compare(equivalence=): got {equivalence!r}.",
            mend="Give a positive margin in percentage points, such as 3.",
        )
    _check_rules(_answers(after), rules)
    first, last = linked(_answers(before), _answers(after), link)
    _mind_order(first, last)
    years = _computed(before, after, first, last, rules)
    stacked = survey.stack(
        *(year.estimates for year in years), keys=[BEFORE, AFTER], paired=paired
    )
    same = link in (None, "items")
    labels = _common_labels(years, statements=same)
    stacked = replace(stacked, notes=(*stacked.notes, *_left_out(years)))
    weighted = _weighted_change(years, labels, paired)
    return Change(
        estimates=_difference(stacked, labels),
        stacked=stacked,
        weighted=weighted,
        before=years[0],
        after=years[1],
        instruments=(_answers(before).instrument, _answers(after).instrument),
        link=link,
        equivalence=equivalence,
        paired=paired,
    )


def _answers(year: Answers | Year) -> Answers:
    """Answers of a year, given as such or inside a result."""
    if isinstance(year, Answers):
        return year
    if isinstance(year, SatisfactionIndex | LeaderScores):
        return year.answers
    raise SurveyError(
        f"compare: a {type(year).__name__} is no year.",
        mend="Pass cleaned answers, or results of satisfaction or leader_scores.",
    )


def _check_rules(answers: Answers, rules: dict[str, Any]) -> None:
    """Refuse a rule that the computation does not know, before anything else is said."""
    function = satisfaction if answers.instrument.kind == "households" else leader_scores
    known = [name for name in signature(function).parameters if name != "answers"]
    for name in rules:
        if name not in known:
            raise SurveyError(
                f"compare: no rule {name!r}.",
                mend=did_you_mean(name, [*known, "link", "equivalence", "paired"]),
            )


def _mind_order(before: Answers, after: Answers) -> None:
    """Warn when the later year was passed first."""
    if before.instrument.year > after.instrument.year:
        warnings.warn(
            f"compare: {before.instrument.id} is later than {after.instrument.id}; the change "
            "runs backwards in time.",
            SurveyWarning,
            stacklevel=3,
        )


def _computed(
    before: Answers | Year, after: Answers | Year, first: Answers, last: Answers, rules: Any
) -> tuple[Year, Year]:
    """Compute both years under the same rules, on the designs that they came with."""
    old = _rules_of(before, rules)
    new = _rules_of(after, rules)
    shown = [{k: v for k, v in each.items() if k != "design"} for each in (old, new)]
    if not _same(*shown):
        raise SurveyError(
            f"compare: the years were computed under different rules: {shown[0]} and {shown[1]}.",
            mend="Pass the cleaned answers, and the rules once, to compare.",
        )
    function = satisfaction if first.instrument.kind == "households" else leader_scores
    return function(first, **old), function(last, **new)


def _rules_of(year: Answers | Year, rules: dict[str, Any]) -> dict[str, Any]:
    """Rules of a computed result, or those given."""
    if isinstance(year, Answers):
        if "design" in rules:
            raise SurveyError(
                "compare(design=): one design cannot serve two years.",
                mend="Compute each year with its own design, and compare the results.",
            )
        return rules
    if rules:
        raise SurveyError(
            f"compare: rules {sorted(rules)} given with results that have rules of their own.",
            mend="Pass the cleaned answers instead of computed results.",
        )
    if isinstance(year, LeaderScores):
        return {"group_weights": year.weights, "design": year.design}
    own = year.rules
    return {
        "design": year.design,
        "by": list(year.by) or None,
        "group_weights": own.group_weights,
        "score": own.score,
        "aggregate": own.aggregate,
        "missing": own.missing,
        "policy_weight": own.policy_weight,
    }


def _same(first: dict[str, Any], second: dict[str, Any]) -> bool:
    """Compare rules; tables of weights by their common columns."""
    if first.keys() != second.keys():
        return False
    for name, value in first.items():
        other = second[name]
        if isinstance(value, pd.DataFrame) and isinstance(other, pd.DataFrame):
            both = value.columns.intersection(other.columns)
            if not value[both].equals(other[both]):
                return False
        elif value != other:
            return False
    return True


def _common_labels(years: tuple[Year, Year], *, statements: bool) -> pd.Index:
    """Labels that both years have, without statements where these are not comparable."""
    old, new = (year.estimates.labels for year in years)
    labels = new[new.isin(old)]
    levels = _levels(years[1].scheme, labels)
    return labels if statements else labels[(levels != "statement").to_numpy()]


def _left_out(years: tuple[Year, Year]) -> tuple[str, ...]:
    """Say which domains only one of the years holds."""
    names = [
        {label[1:] for label in year.estimates.labels if isinstance(label, tuple)}
        for year in years
    ]
    alone = sorted(" × ".join(map(str, label)) for label in names[0] ^ names[1])
    return (f"In one year only, and not compared: {first_five(alone)}.",) if alone else ()


def _levels(scheme: Scheme, labels: pd.Index) -> pd.Series:
    """Level of each label."""
    level = dict(zip(scheme.codes, scheme.levels, strict=True))
    return pd.Series(
        [level[code] for code in labels.get_level_values("code")], index=labels, dtype=object
    )


def _difference(stacked: survey.Estimates, labels: pd.Index) -> survey.Estimates:
    """Contrast the later with the earlier year."""
    place = {label: k for k, label in enumerate(stacked.labels)}
    matrix = np.zeros((len(labels), len(stacked)))
    for row, label in enumerate(labels):
        matrix[row, place[(AFTER, *label_parts(label))]] = 1.0
        matrix[row, place[(BEFORE, *label_parts(label))]] = -1.0
    return stacked.contrast(matrix, what="Change (percentage points)").labelled(labels)


def _weighted_change(
    years: tuple[Year, Year], labels: pd.Index, paired: bool
) -> survey.Estimates | None:
    """Change of the group-weighted indices, where both years have them."""
    made = [year.weighted for year in years if isinstance(year, SatisfactionIndex)]
    if len(made) < 2 or made[0] is None or made[1] is None:
        return None
    stacked = survey.stack(made[0], made[1], keys=[BEFORE, AFTER], paired=paired)
    return _difference(stacked, labels)


def _of_year(values: pd.Series, key: str, labels: pd.Index) -> Floats:
    """Values of one year in the order of the labels."""
    known = dict(zip(values.index, values, strict=True))
    return np.array([known[(key, *label_parts(label))] for label in labels])

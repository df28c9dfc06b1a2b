"""Between which answers a change happened: from enthusiasm, or into dissatisfaction.

A fall of the satisfied share can be people who went from *very satisfied* to *normal*, or from
*satisfied* to *dissatisfied*. The shares of the answers tell the least movement that accounts
for them; two samples never tell who moved.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

import numpy as np
import pandas as pd

import survey
from sipas.changes.answer_shares import answer_shares, change_of, dont_know_shares
from sipas.instrument import Instrument
from sipas.labelling import ShownAsTable, label
from sipas.numerals import Lang
from sipas.verdicts import NO_ERROR
from survey.answer_shifts import transport_plan
from survey.effect_sizes import cliffs_delta, cohens_h
from survey.errors import SurveyError, did_you_mean, require_option
from survey.scores import Floats

if TYPE_CHECKING:
    from sipas.changes.results import Change

#: Flows below this, in percentage points, are rounding.
_NONE = 1e-9


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class AnswerFlow(ShownAsTable):
    """How the answers to statements were distributed in two years, and what moved.

    Parameters
    ----------
    estimates : survey.Estimates
        Change of the share of each answer among the valid ones, in percentage points, labelled
        (code, answer).
    dont_know : survey.Estimates
        Change of the share of *don't know* among it and the valid answers, labelled by code.
    before, after : (J, L) float
        Shares of the L answers to each of J statements in per cent, lowest answer first.
    dont_know_before, dont_know_after : (J,) float
        Shares of *don't know* in per cent.
    codes : tuple of str
        The J statements.
    instrument : Instrument
        The later questionnaire. Statements worded in reverse are turned round.

    Notes
    -----
    Everything here is *net*. Other movements, and larger ones, give the same shares: where as
    many went up as down, nothing shows.
    """

    estimates: survey.Estimates
    dont_know: survey.Estimates
    before: Floats
    after: Floats
    dont_know_before: Floats
    dont_know_after: Floats
    codes: tuple[str, ...]
    instrument: Instrument

    def table(self, *, level: float = 0.95, lang: Lang = "en") -> pd.DataFrame:
        r"""List the change of the share of each answer.

        Parameters
        ----------
        level : float
            Confidence of the t intervals.
        lang : {"vi", "en"}
            Language of the answers.

        Returns
        -------
        DataFrame
            Index ``code, answer``; columns ``label``, shares ``before after`` in per cent,
            their change ``estimate se low high df`` in percentage points, and ``points``: what
            the answer adds to the change of the mean answer, :math:`k\,\Delta p_k`, in levels
            of the scale.
        """
        require_option(lang, get_args(Lang), where="lang")
        made = _changes(self.estimates, self.before.ravel(), self.after.ravel(), level)
        words = self.instrument.scale.labels[lang]
        made.insert(0, "label", list(words) * len(self.codes))
        made["points"] = np.tile(self._levels, len(self.codes)) * made["estimate"] / 100.0
        return made

    def steps(self, *, level: float = 0.95) -> pd.DataFrame:
        """List what crossed from each answer to its neighbour, net.

        Parameters
        ----------
        level : float
            Confidence of the t intervals.

        Returns
        -------
        DataFrame
            Index ``code, lower, upper`` (neighbouring answers); columns
            ``estimate se low high df`` in percentage points, positive upwards: the change of the
            share of answers at ``upper`` or above. Their sum is the change of the mean answer,
            in hundredths of a level where levels are whole numbers in a row.
        """
        count = len(self._levels)
        above = np.triu(np.ones((count, count)))[1:]  # answers at or above each upper one
        crossed = self.estimates.contrast(np.kron(np.eye(len(self.codes)), above))
        pairs = list(zip(self._levels[:-1], self._levels[1:], strict=True))
        labels = pd.MultiIndex.from_tuples(
            [(code, *pair) for code in self.codes for pair in pairs],
            names=["code", "lower", "upper"],
        )
        return _limits(crossed.labelled(labels), level)

    def moves(self) -> pd.DataFrame:
        """List the least movement between answers that turns one year's shares into the other's.

        Returns
        -------
        DataFrame
            Index ``code, from, to``; column ``share``: per cent of the valid answers. Only what
            moves; largest first within each statement.

        Notes
        -----
        `survey.answer_shifts.transport_plan`: the plan of least cost for every convex cost of
        the distance between answers. An estimate from two samples, without a standard error:
        which moves there are can change with the sample; the errors are in `table` and `steps`.
        """
        plan = transport_plan(self.before, self.after)
        code, origin, target = np.nonzero((plan > _NONE) & ~np.eye(plan.shape[-1], dtype=bool))
        levels = np.array(self._levels)
        made = pd.DataFrame(
            {
                "code": np.array(self.codes, dtype=object)[code],
                "from": levels[origin],
                "to": levels[target],
                "share": plan[code, origin, target],
                "place": code,
            }
        ).sort_values(["place", "share"], ascending=[True, False], kind="stable")
        return made.drop(columns="place").set_index(["code", "from", "to"])

    def no_answers(self, *, level: float = 0.95) -> pd.DataFrame:
        """List the change of the share of *don't know*, which is no valid answer.

        Returns
        -------
        DataFrame
            Index ``code``; columns ``before after estimate se low high df``, in per cent of
            valid answers and *don't know* together.
        """
        return _changes(self.dont_know, self.dont_know_before, self.dont_know_after, level)

    @property
    def _levels(self) -> tuple[int, ...]:
        return self.instrument.scale.levels

    def _shown(self) -> pd.DataFrame:
        return self.table()

    @property
    def _caption(self) -> str:
        return "Change of the share of each answer, percentage points, net; not of persons"


def flow_of(change: Change, codes: tuple[str, ...]) -> AnswerFlow:
    """Compare the distributions of the answers; see `Change.flow`."""
    _refuse(change)
    items = change.scheme.items
    for code in codes:
        if code not in items:
            raise SurveyError(f"flow: no statement {code!r}.", mend=did_you_mean(code, items))
    places = np.array([items.index(code) for code in codes or items])
    years = (change.before, change.after)
    shares, unsure = ([make(year) for year in years] for make in (answer_shares, dont_know_shares))
    before, after = (one.point.reshape(len(items), -1)[places] for one in shares)
    count = before.shape[1]
    moved = change_of(*shares, paired=change.paired)
    return AnswerFlow(
        estimates=moved.pick((places[:, None] * count + np.arange(count)).ravel()),
        dont_know=change_of(*unsure, paired=change.paired).pick(places),
        before=before,
        after=after,
        dont_know_before=unsure[0].point[places],
        dont_know_after=unsure[1].point[places],
        codes=codes or items,
        instrument=change.after.instrument,
    )


def effect_sizes(change: Change, lang: Lang) -> pd.DataFrame:
    """Tabulate the sizes of the changes; see `Change.effects`."""
    _refuse(change)
    instrument, items = change.after.instrument, change.scheme.items
    first, then = (
        answer_shares(year).point.reshape(len(items), -1) / 100.0
        for year in (change.before, change.after)
    )
    satisfied = np.isin(instrument.scale.levels, instrument.scale.satisfied)
    one, other = first[:, satisfied].sum(axis=1), then[:, satisfied].sum(axis=1)
    return pd.DataFrame(
        {
            "label": [label(instrument, code, lang) for code in items],
            "before": 100.0 * one,
            "after": 100.0 * other,
            "cohens_h": cohens_h(np.clip(one, 0.0, 1.0), np.clip(other, 0.0, 1.0)),
            "cliffs_delta": cliffs_delta(first, then),
        },
        index=pd.Index(items, name="code"),
    )


def _refuse(change: Change) -> None:
    """Refuse changes whose statements cannot be told apart by answer."""
    if change.estimates.labels.nlevels > 1:
        raise SurveyError(
            "flow, effects: the change is by domain.",
            mend="Compare without by=; for one place clean its sheet alone.",
        )
    if change.link not in (None, "items"):
        raise SurveyError(
            f"flow, effects: this change has no statement rows (link={change.link!r}).",
            mend="Compare with link='items'.",
        )


def _changes(moved: survey.Estimates, before: Floats, after: Floats, level: float) -> pd.DataFrame:
    """Both years and their difference."""
    made = _limits(moved, level)
    made.insert(0, "before", before)
    made.insert(1, "after", after)
    return made


def _limits(moved: survey.Estimates, level: float) -> pd.DataFrame:
    """Tabulate changes with t limits; what did not vary has none."""
    made = moved.table(level=level, method="mean", df=True).drop(columns="n")
    made.loc[made["se"] <= NO_ERROR, ["low", "high"]] = np.nan
    return made

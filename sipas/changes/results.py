"""Two years and the difference of every index, and what can be asked of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
import pandas as pd

import survey
from sipas.changes.answer_flow import AnswerFlow, effect_sizes, flow_of
from sipas.changes.change_table import Interval, numbers, of_year
from sipas.changes.joint_tests import joint_test
from sipas.changes.years import AFTER, BEFORE, Year
from sipas.composites import Scheme
from sipas.instrument import Instrument
from sipas.labelling import ShownAsTable, titled
from sipas.linking import Link
from sipas.numerals import Lang
from sipas.verdicts import NO_ERROR, Adjust, took_everyone
from survey.errors import require_option
from survey.intervals import check_level
from survey.scores import Bools

if TYPE_CHECKING:
    from survey.hypothesis_tests import HypothesisTest


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

    @property
    def census(self) -> Bools:
        """Whether both years asked everyone, and everyone answered, row by row."""
        labels = self.estimates.labels
        whole = all(took_everyone(year.design) for year in (self.before, self.after))
        errors = [of_year(self.stacked.se, key, labels) for key in (BEFORE, AFTER)]
        return np.asarray(whole & (np.max(errors, axis=0) <= NO_ERROR))

    def differences(self, lang: Lang = "en") -> pd.DataFrame:
        """List what differs between the two instruments, before any link."""
        old, new = self.instruments
        return old.differences(new, lang=lang)

    def table(
        self,
        *,
        level: float = 0.95,
        lang: Lang = "en",
        interval: Interval = "auto",
        adjust: Adjust = "holm_bh",
        seed: int = 1,
    ) -> pd.DataFrame:
        r"""List every change.

        Parameters
        ----------
        level : float
            Confidence of the intervals; a test rejects below ``1 - level``.
        lang : {"vi", "en"}
            Language of the labels.
        interval : {"auto", "t", "mover"}
            ``"t"``: estimate ± t·se. ``"mover"``: statements that are single shares
            (``score="top2"``) get limits recovered from the logit limits of both years. By
            default these do so only near the edge: where a year's share is above 95 or below 5.
        adjust : {"holm_bh", "max_t"}
            Dimensions by Holm and statements by Benjamini–Hochberg; or each of the two families
            by the joint distribution of its statistics, which controls the chance of any false
            claim among statements too.
        seed : int
            Of the draws of ``"max_t"``; kept in the table's ``attrs``.

        Returns
        -------
        DataFrame
            Index ``code`` (and domain); columns ``level label before after``, the change in
            percentage points ``estimate se low high``, ``n_before n_after df p p_adjusted``,
            ``verdict``, then two sizes of change at the unadjusted test, ``detectable`` and
            ``detectable_80``, and ``interval``, which says how the limits were made (``"t"``,
            ``"mover"``, ``"none"``). With group weights also ``weighted weighted_se``.

        Notes
        -----
        *p*, ``p_adjusted``, ``verdict`` and the two sizes always belong to the t test, and a t
        interval of the same row leaves out 0 exactly when :math:`p < 1 - level`. Limits by MOVER
        can disagree with that test in a few per cent of rows near the edge: read ``interval``.
        Limits are of one row each and not adjusted for the number of rows.

        In simulations of nine communes visited twice t limits cover 94–96 % for shares of .85 to
        .98, MOVER 95–96 %; from .99 to .95 t covers 93.9 % and misses mostly on one side
        (4.8 and 1.3 %), MOVER 95.3 % (2.5 and 2.2 %): hence the rule. A
        share of 0 or 100 enters MOVER with exact limits, so no width is zero.

        ``detectable`` is :math:`t_{.975}\,se`, the smallest observed change that would be
        significant; ``detectable_80`` is :math:`(t_{.975} + t_{.80})\,se`, the true change that
        the design finds with a chance of about 80 %. Both are missing where there is no
        sampling error to measure them by.
        """
        require_option(interval, get_args(Interval), where="table(interval=)")
        require_option(adjust, get_args(Adjust), where="table(adjust=)")
        made = numbers(self, level=check_level(level), interval=interval, adjust=adjust, seed=seed)
        if self.weighted is not None:
            made["weighted"], made["weighted_se"] = self.weighted.estimate, self.weighted.se
        if adjust == "max_t":
            made.attrs["seed"] = seed
        return titled(made, self.scheme, self.after.instrument, lang)

    def effects(self, *, lang: Lang = "en") -> pd.DataFrame:
        """List how large the change of each statement is, whatever the size of the sample.

        Parameters
        ----------
        lang : {"vi", "en"}
            Language of the labels.

        Returns
        -------
        DataFrame
            Index ``code``; columns ``label``, the shares of satisfied answers ``before after``
            in per cent, ``cohens_h`` of these shares, and ``cliffs_delta`` of the whole
            distributions of answers. Negative where satisfaction fell.

        Raises
        ------
        SurveyError
            As `flow`.

        Notes
        -----
        Formulas are in `survey.effect_sizes`.
        """
        return effect_sizes(self, lang)

    def flow(self, *codes: str) -> AnswerFlow:
        """Show between which answers the change happened.

        Parameters
        ----------
        *codes : str
            Statements; all of them by default.

        Returns
        -------
        AnswerFlow
            The change of the share of each answer, and the least movement between answers that
            accounts for it. Net of everything: it says nothing of persons.

        Raises
        ------
        SurveyError
            A change by domain or without statement rows, or an unknown statement.
        """
        return flow_of(self, codes)

    def joint_test(
        self, level_of: Literal["dimension", "statement"] = "dimension"
    ) -> HypothesisTest:
        r"""Test whether anything moved at all, in one F test of all rows of a level.

        Parameters
        ----------
        level_of : {"dimension", "statement"}
            Which rows; for most designs there are more statements than degrees of freedom.

        Returns
        -------
        HypothesisTest

        Raises
        ------
        SurveyError
            More rows than degrees of freedom, or a census.

        Notes
        -----
        `survey.wald` with its adjustment for an estimated covariance: with *q* rows and *d*
        degrees of freedom, Hotelling's :math:`F = \frac{d - q + 1}{d q} W` on *q* and
        *d* − *q* + 1. In R: ``regTermTest`` on stacked years.
        """
        return joint_test(self, level_of)

    def _shown(self) -> pd.DataFrame:
        table = self.table().drop(columns=["n_before", "n_after"])
        if not table["interval"].eq("mover").any():
            table = table.drop(columns="interval")
        return table.assign(label=table["label"].str.slice(0, 45))

    @property
    def linking(self) -> str:
        """What makes the years comparable, and how many PSUs they share, in words."""
        if len(self.stacked.parts) == 1:
            pairs = "one sample"
        else:
            met = self.shared_psus
            pairs = f"{met} PSUs in both years" if met else "independent samples"
        return f"{pairs}, link={self.link!r}" if self.link else pairs

    @property
    def _caption(self) -> str:
        old, new = self.instruments
        return f"Change {old.id} to {new.id}, percentage points; {self.linking}"

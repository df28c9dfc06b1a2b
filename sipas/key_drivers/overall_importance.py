"""Which dimensions and statements go with overall satisfaction, and which cannot be told apart."""

from __future__ import annotations

from dataclasses import dataclass, replace
from warnings import warn

import numpy as np
import pandas as pd

import survey
from sipas.instrument import Instrument
from sipas.key_drivers.predictors import By, Predictors, Replicates, read_predictors
from sipas.key_drivers.words import worded
from sipas.labelling import ShownAsTable, label, titled
from sipas.numerals import Lang
from sipas.responses import Answers
from survey.display import shown
from survey.errors import SurveyWarning
from survey.importance import Importance
from survey.intervals import check_level
from survey.reliability.item_answers import Pairing

#: An R² above this looks like a composite of the predictors.
SUSPECT = 0.95


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class DriverImportance(ShownAsTable):
    """Importance of dimensions or statements for a question of its own.

    Parameters
    ----------
    importance : survey.Importance
        Contributions to R², labelled by code; for statements also by dimension.
    predictors : Predictors
        What they were computed from: answers, outcome, scores, replicates.
    by : {"dimension", "statement"}
        What the predictors are.
    """

    importance: Importance
    predictors: Predictors
    by: By

    @property
    def instrument(self) -> Instrument:
        """The questionnaire."""
        return self.predictors.answers.instrument

    @property
    def r2(self) -> float:
        """Share of the outcome's variance that all predictors explain."""
        return self.importance.r2

    @property
    def estimates(self) -> survey.Estimates:
        """Contributions with their covariance, labelled by code."""
        made = self.importance.estimates
        assert made is not None
        codes = pd.Index(self.predictors.codes, name="code")
        return replace(made.labelled(codes), notes=self.notes("en"))

    def notes(self, lang: Lang = "en") -> tuple[str, ...]:
        """Say what stands beneath the table; what `survey` adds is in English."""
        made = self.importance.replicates
        assert made is not None
        lost = int(np.isnan(made).any(axis=1).sum())
        texts = [worded("note", "association"), self.predictors.drawn]
        texts += [worded("note", "scores")] if self.by == "dimension" else []
        texts += [worded("note", "lost", n=lost)] if lost else []
        return (*[text[lang] for text in texts], *self._of_drawing)

    @property
    def _of_drawing(self) -> tuple[str, ...]:
        """What the engine says beyond lost replicates."""
        engine = self.importance.estimates
        lost = () if engine is None else engine.notes
        return tuple(note for note in self.importance.notes if note not in lost)

    def table(self, *, level: float = 0.95, lang: Lang = "en") -> pd.DataFrame:
        """List the importance of every predictor.

        Parameters
        ----------
        level : float
            Confidence of the intervals, and of the tests that make tiers.
        lang : {"vi", "en"}
            Language of the labels.

        Returns
        -------
        DataFrame
            Index ``code``; columns ``level label estimate se low high n df share tier rank_low
            rank_high``. ``estimate`` is the contribution to R², ``share`` that of the whole R².
        """
        made = self.estimates.table(level=check_level(level), method="mean", df=True)
        tiers = replace(self.importance, level=level).tiers()
        tiers.index = tiers.index.get_level_values(-1)
        made = made.join(tiers[["share", "tier", "rank_low", "rank_high"]])
        return titled(made, self.predictors.scheme, self.instrument, lang)

    def _shown(self) -> pd.DataFrame:
        table = self.table()
        ranks = table[["rank_low", "rank_high"]].astype(str)
        return table.assign(label=table["label"].str.slice(0, 45), **ranks)

    @property
    def _caption(self) -> str:
        asked = label(self.instrument, self.predictors.outcome, "en", short=True)
        return (
            f"Importance for {asked!r}, {self.instrument.id}, by {self.by}; R² "
            f"{shown(self.r2, 4)}; {self.predictors.design!r}"
        )


def importance(
    answers: Answers,
    outcome: str = "overall",
    *,
    by: By = "dimension",
    of: str | None = None,
    design: survey.Design | None = None,
    replicates: Replicates = "JKn",
    n: int | None = None,
    seed: int = 0,
    missing: Pairing = "pairwise",
) -> DriverImportance:
    r"""Find which dimensions or statements go with overall satisfaction.

    Parameters
    ----------
    answers : Answers
        Clean answers of households.
    outcome : str
        A question of its own: an item with the role *overall* in the instrument.
    by : {"dimension", "statement"}
        LMG of the dimensions' scores; or Owen values of the statements, in which those of a
        dimension stand together.
    of : str, optional
        Only what enters this index, such as ``"services"``; everything by default.
    design : survey.Design, optional
        ``answers.design()`` by default: sampled districts, communes as PSUs.
    replicates : {"JKn", "bootstrap"}
        Replicates for standard errors.
    n, seed : int
        Number of bootstrap replicates, 500 by default, and their seed.
    missing : {"pairwise", "listwise"}
        Rows behind each correlation; blanks and *don't know* are both no answer.

    Returns
    -------
    DriverImportance

    Raises
    ------
    SurveyError
        An index or a statement of it as outcome, a question that does not exist, and whatever
        `survey.lmg` and `survey.as_replicates` raise.

    Warns
    -----
    SurveyWarning
        R² is above 0.95: the outcome looks as if it were put together from the predictors.

    Notes
    -----
    A dimension's score is the mean of the statements a respondent answered. Importance divides R²
    of a linear regression (`survey.lmg`, `survey.owen`); answers 1 to 5 are taken as numbers.
    In R: ``relaimpo::calc.relimp(type = "lmg", design =)``.

    Examples
    --------
    >>> import sipas
    >>> answers = sipas.clean(sipas.datasets.load_hue_households(2022), "sipas-2022")
    >>> importance(answers, of="services").table()[["estimate", "se", "share", "tier"]].round(3)
          estimate     se  share tier
    code
    S1       0.124  0.018  0.210    A
    S2       0.094  0.008  0.159    A
    S3       0.130  0.018  0.219    A
    S4       0.135  0.024  0.227    A
    S5       0.109  0.009  0.184    A
    """
    made = read_predictors(
        answers,
        outcome,
        by,
        of=of,
        design=design,
        replicates=replicates,
        n=n,
        seed=seed,
        where="importance",
    )
    return of_predictors(made, by, missing)


def of_predictors(made: Predictors, by: By, missing: Pairing) -> DriverImportance:
    """Divide R² among predictors that were read already."""
    if by == "dimension":
        found = survey.lmg(made.design, made.outcome, made.codes, missing=missing)
    else:
        found = survey.owen(
            made.design, made.outcome, made.codes, groups=made.groups, missing=missing
        )
    if found.r2 > SUSPECT:
        warn(
            f"importance(outcome={made.outcome!r}): R² is {shown(found.r2, 3)}; an outcome put "
            "together from the predictors has no importance of its own.",
            SurveyWarning,
            stacklevel=3,
        )
    return DriverImportance(found, made, by)

"""Importance × performance: in which quadrant each dimension lies, and how sure that is.

Both axes and the dividing lines are computed anew in the same replicates, so that a quadrant has a
probability and the two axes a covariance.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

import survey
from sipas.indices import Rules, SatisfactionIndex, Score, statement_rates
from sipas.instrument import Instrument
from sipas.key_drivers.overall_importance import DriverImportance, of_predictors
from sipas.key_drivers.predictors import By, Predictors, read_predictors, replicate_rates
from sipas.key_drivers.quadrants import (
    QUADRANTS,
    column_of,
    quadrant_numbers,
    quadrant_shares,
)
from sipas.key_drivers.words import worded
from sipas.labelling import ShownAsTable, titled
from sipas.numerals import Lang
from sipas.responses import Answers
from survey.display import shown
from survey.errors import SurveyError, first_five
from survey.reliability.item_answers import Pairing
from survey.replicates import spread
from survey.row_counts import KnownCounts
from survey.scores import Floats

IMPORTANCE, PERFORMANCE = "importance", "performance"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Priorities(ShownAsTable):
    """Importance and performance of dimensions or statements, with their covariance.

    Parameters
    ----------
    estimates : survey.Estimates
        Both axes, labelled ``("importance" | "performance", code)``: contributions to R², and
        rates in per cent.
    replicates : (R, 2, K) float
        Both axes in every replicate; missing in one that had no importance.
    importance : DriverImportance
        The first axis.
    before : Priorities or None
        The same of an earlier year.
    """

    estimates: survey.Estimates
    replicates: Floats
    importance: DriverImportance
    before: Priorities | None

    @property
    def instrument(self) -> Instrument:
        """The questionnaire."""
        return self.importance.instrument

    @property
    def codes(self) -> tuple[str, ...]:
        """Dimensions or statements."""
        return self.importance.predictors.codes

    @property
    def axes(self) -> Floats:
        """Importance and performance, (2, K)."""
        return self.estimates.point.reshape(2, -1)

    @property
    def crosshairs(self) -> tuple[float, float]:
        """Mean importance and mean performance: the lines between the quadrants."""
        across, up = self.axes.mean(axis=1)
        return float(across), float(up)

    def notes(self, lang: Lang = "en") -> tuple[str, ...]:
        """Say what stands beneath the table."""
        df = shown(float(self.estimates.df.min()), 0)
        return (worded("note", "probability", df=df)[lang], *self.importance.notes(lang))

    def table(self, *, lang: Lang = "en") -> pd.DataFrame:
        """List both axes and the quadrant of every predictor.

        Parameters
        ----------
        lang : {"vi", "en"}
            Language of the labels; quadrants have English names (`quadrant_label`).

        Returns
        -------
        DataFrame
            Index ``code``; columns ``level label importance importance_se performance
            performance_se covariance quadrant probability``, then the probability of each
            quadrant ``p_concentrate_here p_keep_up p_low_priority p_possible_overkill``; with an
            earlier year ``importance_before performance_before quadrant_before``.
        """
        size = len(self.codes)
        codes = pd.Index(self.codes, name="code")
        se = self.estimates.se.to_numpy().reshape(2, size)
        both = self.estimates.covariance.to_numpy()[:size, size:].diagonal()
        chances = quadrant_shares(self.replicates)
        own = quadrant_numbers(self.axes)
        columns: dict[str, npt.ArrayLike] = {}
        for k, axis in enumerate((IMPORTANCE, PERFORMANCE)):
            columns |= {axis: self.axes[k], f"{axis}_se": se[k]}
        columns |= {"covariance": both, "quadrant": [QUADRANTS[number] for number in own]}
        columns["probability"] = chances[own, np.arange(size)]
        columns |= {column_of(name): chances[k] for k, name in enumerate(QUADRANTS)}
        made = pd.DataFrame(columns, index=codes)
        if self.before is not None:
            earlier = self.before.table()[[IMPORTANCE, PERFORMANCE, "quadrant"]]
            made = made.join(earlier.add_suffix("_before"))
        return titled(made, self.importance.predictors.scheme, self.instrument, lang)

    def _shown(self) -> pd.DataFrame:
        table = self.table().drop(columns=["level", "covariance"])
        return table.assign(label=table["label"].str.slice(0, 45))

    @property
    def _caption(self) -> str:
        across, up = self.crosshairs
        return (
            f"Priorities, {self.instrument.id}; lines at importance {shown(across, 4)} and "
            f"performance {shown(up, 2)} %; {self.importance.predictors.design!r}"
        )


def priorities(
    source: Answers | SatisfactionIndex,
    outcome: str = "overall",
    *,
    by: By = "dimension",
    of: str | None = None,
    before: Answers | None = None,
    design: survey.Design | None = None,
    score: Score = "top2",
    n: int = 500,
    seed: int = 0,
    missing: Pairing = "pairwise",
) -> Priorities:
    r"""Set importance beside performance, and give each quadrant its probability.

    Parameters
    ----------
    source : Answers or SatisfactionIndex
        Clean answers; or an index, whose design, score and rule for blanks are then used.
    outcome, by, of, design, missing
        As in `sipas.importance`.
    before : Answers, optional
        An earlier year with the same predictors; it is computed by itself.
    score : {"top2", "mean"}
        Performance: share of satisfied answers, or mean score on 0–100.
    n, seed : int
        Bootstrap replicates and their seed.

    Returns
    -------
    Priorities

    Raises
    ------
    SurveyError
        As `sipas.importance`; also an index by domain, an index together with ``design=`` or
        ``score=``, and an earlier year with other predictors.

    Notes
    -----
    Martilla & James (1977), *Journal of Marketing* 41, 77–79: important and poor is *concentrate
    here*, important and good *keep up*, unimportant and poor *low priority*, unimportant and good
    *possible overkill*; a value on a line counts as above it. The lines are the means of the two
    axes, a convention; they move with the set of predictors. A probability is the share of
    bootstrap replicates in which the point lies in that quadrant, importance, performance and
    both lines computed anew.

    Examples
    --------
    >>> import sipas
    >>> answers = sipas.clean(sipas.datasets.load_hue_households(2022), "sipas-2022")
    >>> priorities(answers, of="services").table()["quadrant"].tolist()
    ['keep up', 'possible overkill', 'concentrate here', 'keep up', 'low priority']
    """
    answers, design, rules = _source(source, design, score)
    wanted = _Wanted(outcome, by, of, rules, n, seed, missing)
    made = _computed(answers, design, wanted)
    if before is None:
        return made
    earlier = _computed(before, None, wanted)
    _check_same(made, earlier)
    return replace(made, before=earlier)


def _source(
    source: Answers | SatisfactionIndex, design: survey.Design | None, score: Score
) -> tuple[Answers, survey.Design | None, Rules]:
    """Take answers as they are; of an index its answers, design and rules."""
    if not isinstance(source, SatisfactionIndex):
        return source, design, Rules(score=score)
    if source.by or design is not None or score != "top2":
        raise SurveyError(
            "priorities: this index is by domain."
            if source.by
            else "priorities: an index brings its own design and score.",
            mend="Pass the answers themselves.",
        )
    return source.answers, source.design, source.rules


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is asked of every year alike."""

    outcome: str
    by: By
    of: str | None
    rules: Rules
    n: int
    seed: int
    missing: Pairing


def _computed(answers: Answers, design: survey.Design | None, wanted: _Wanted) -> Priorities:
    """Compute both axes of one year in the same replicates."""
    read = read_predictors(
        answers,
        wanted.outcome,
        wanted.by,
        of=wanted.of,
        design=design,
        replicates="bootstrap",
        n=wanted.n,
        seed=wanted.seed,
        where="priorities",
    )
    found = of_predictors(read, wanted.by, wanted.missing)
    matrix = np.stack([read.scheme.row(code) for code in read.codes])
    rates = statement_rates(answers, wanted.rules)
    listwise = wanted.rules.missing == "listwise"
    rate, rate_replicates = replicate_rates(read.design, rates, matrix, listwise=listwise)
    importance_replicates = found.importance.replicates
    assert importance_replicates is not None
    replicates = np.stack([importance_replicates, rate_replicates], axis=1)
    made = _joint(read, np.concatenate([found.importance.value, rate]), replicates)
    result = Priorities(made, replicates, found, None)
    return replace(result, estimates=replace(made, notes=result.notes("en")))


def _joint(read: Predictors, point: Floats, replicates: Floats) -> survey.Estimates:
    """Both axes as one vector, with the covariance of their replicates (R, 2, K)."""
    unknown = np.full(len(point), np.nan)
    return survey.Estimates(
        point=point,
        labels=pd.MultiIndex.from_product(
            [[IMPORTANCE, PERFORMANCE], read.codes], names=["axis", "code"]
        ),
        parts=(spread(read.design, replicates.reshape(len(replicates), -1), point),),
        counts=KnownCounts(unknown, unknown),
        what="Importance and performance",
        population=read.design.population_label,
    )


def _check_same(now: Priorities, before: Priorities) -> None:
    """Refuse an earlier year whose predictors differ: shares of R² depend on all of them."""
    groups = [year.importance.predictors.groups for year in (now, before)]
    if groups[0] == groups[1]:
        return
    differing = sorted(
        code for code in {*groups[0], *groups[1]} if groups[0].get(code) != groups[1].get(code)
    )
    raise SurveyError(
        f"priorities(before=): {before.instrument.id} and {now.instrument.id} differ in "
        f"{first_five(differing)}, and importance depends on all predictors together.",
        mend='Choose an index that both years have alike, such as of="services".',
    )

"""An index, or its change, when the weights of its dimensions are drawn around their own.

Nobody can say that five dimensions deserve exactly equal weights; if the finding needs exactly
these, it is a finding about the weights. Saisana, Saltelli & Tarantola (2005), *JRSS A* 168,
307–323.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

import survey
from sipas.changes import Change, Year
from sipas.desk_words import ShownWithNotes, written
from sipas.indices import SatisfactionIndex
from sipas.instrument import Instrument
from sipas.labelling import label
from sipas.leaders import LeaderScores
from sipas.numerals import Lang, number
from sipas.robustness.index_parts import default_index, dimension_weights
from sipas.robustness.words import word
from sipas.verdicts import p_values, verdicts
from survey.errors import SurveyError, require_seed
from survey.scores import Floats

QUANTILES = (0.0, 0.025, 0.25, 0.5, 0.75, 0.975, 1.0)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class WeightPerturbation(ShownWithNotes):
    """An index, or its change, under drawn weights; made by `weight_perturbation`.

    Parameters
    ----------
    weights : Series
        Nominal weight of each dimension.
    drawn : (R, D) float
        Weights drawn.
    estimates : survey.Estimates
        Index or change under the nominal weights, first, then under each draw.
    of : str
        Code of the index.
    source : Change, SatisfactionIndex or LeaderScores
        What was perturbed.
    spread : float
        Coefficient of variation of a weight of average size.
    seed : int
        Seed of the draws.
    """

    weights: pd.Series
    drawn: Floats
    estimates: survey.Estimates
    of: str
    source: Change | Year
    spread: float
    seed: int

    @property
    def same_sign(self) -> float:
        """Share of the draws with the sign of the nominal weights."""
        sign = np.sign(self.estimates.point)
        return float((sign[1:] == sign[0]).mean())

    def same_verdict(self, *, level: float = 0.95) -> float:
        """Share of the draws with the verdict of the nominal weights, for a change.

        Parameters
        ----------
        level : float
            A test rejects below ``1 - level``.

        Raises
        ------
        SurveyError
            For one year, which has no verdict.
        """
        if not isinstance(self.source, Change):
            raise SurveyError(
                "same_verdict: the index of one year has no verdict.",
                mend="Perturb what sipas.compare gives.",
            )
        made = self.estimates
        rows = pd.DataFrame({"estimate": made.estimate, "se": made.se, "df": made.df})
        rows["p_adjusted"] = p_values(rows)
        census = bool(self.source.census[self.source.estimates.labels.get_loc(self.of)])
        said = verdicts(rows, pd.Series(census, index=rows.index), level, None)
        return float(np.mean([one == said[0] for one in said[1:]]))

    def table(self) -> pd.DataFrame:
        """List how the estimates are spread.

        Returns
        -------
        DataFrame
            Index ``nominal``, then quantiles of the draws (0 to 1); columns ``estimate`` and
            ``difference`` from the nominal weights.
        """
        point = self.estimates.point
        values = [point[0], *np.quantile(point[1:], QUANTILES)]
        index = pd.Index(["nominal", *QUANTILES], name="quantile", dtype=object)
        made = pd.DataFrame({"estimate": values}, index=index)
        return made.assign(difference=made["estimate"] - point[0])

    def _caption(self, lang: Lang) -> str:
        instrument = _instrument(self.source)
        kind = "change" if isinstance(self.source, Change) else "index"
        name = label(instrument, self.of, lang)
        spread = number(100.0 * self.spread, 0, lang=lang)
        filled = {"count": len(self.drawn), "spread": spread, "seed": self.seed}
        return word("perturbation", kind, lang, name=name, year=instrument.year, **filled)

    def _shown(self, lang: Lang) -> pd.DataFrame:
        made = written(self.table(), {"estimate": 2, "difference": 2}, lang)
        shares = [number(100.0 * share, 1, lang=lang) for share in QUANTILES[1:-1]]
        quantiles = [word("perturbation", "quantile", lang, share=share) for share in shares]
        ends = [word("columns", name, lang) for name in ("lowest", "highest")]
        made.index = pd.Index(
            [word("perturbation", "nominal", lang), ends[0], *quantiles, ends[1]]
        )
        return made.rename(columns=lambda name: word("columns", name, lang))

    def _notes(self, lang: Lang) -> tuple[str, ...]:
        if not isinstance(self.source, Change):
            return ()
        shares = (self.same_sign, self.same_verdict())
        sign, verdict = (number(100.0 * share, 1, lang=lang) for share in shares)
        return (word("perturbation", "kept", lang, sign=sign, verdict=verdict),)


def weight_perturbation(
    source: Change | Year,
    *,
    of: str | None = None,
    spread: float = 0.25,
    n: int = 2000,
    seed: int = 1,
) -> WeightPerturbation:
    r"""Draw the weights of the dimensions around their own, and compute the index under each.

    Parameters
    ----------
    source : Change, SatisfactionIndex or LeaderScores
        An index, or its change, without domains.
    of : str, optional
        The index: an aspect, ``"sipas"``, or ``"total"`` of leaders; by default the first aspect
        of the questionnaire, the total of leaders.
    spread : float
        Coefficient of variation of a weight of average size: 0.25 is about ±25 %.
    n : int
        Draws.
    seed : int
        Seed of the draws, kept in the result.

    Returns
    -------
    WeightPerturbation

    Raises
    ------
    SurveyError
        A result by domain, an index that there is not or of fewer than two dimensions, a spread
        or a number of draws that cannot be, years whose dimensions weigh differently.

    Notes
    -----
    Weights are Dirichlet with mean the nominal weights *w* and concentration
    :math:`c = (D - 1) / \text{spread}^2 - 1`, which gives a weight of 1/*D* the standard
    deviation ``spread`` / *D*. The share of draws with the same sign describes the index, not a
    probability that the population changed.

    Examples
    --------
    >>> import sipas
    >>> answers = sipas.clean(sipas.datasets.load_hue_households(2022), "sipas-2022")
    >>> drawn = weight_perturbation(sipas.satisfaction(answers), seed=1)
    >>> drawn.table().loc[["nominal", 0.025, 0.975], "estimate"].round(1).tolist()
    [79.6, 79.0, 80.1]
    """
    if not isinstance(source, Change | SatisfactionIndex | LeaderScores):
        raise SurveyError(
            f"weight_perturbation: got a {type(source).__name__}.",
            mend="Pass what satisfaction, leader_scores or compare gives.",
        )
    if not 0.0 < spread < 1.0 or n < 1:
        raise SurveyError(
            f"weight_perturbation: spread={spread!r}, n={n!r}.",
            mend="Use a spread between 0 and 1, such as 0.25, and a positive number of draws.",
        )
    require_seed(seed, where="weight_perturbation")
    code = default_index(_instrument(source)) if of is None else of
    weights = _nominal(source, code)
    share = weights.to_numpy()
    concentration = (len(share) - 1.0) / spread**2 - 1.0
    drawn = np.random.default_rng(seed).dirichlet(concentration * share, n)
    dimensions = source.estimates.pick(source.estimates.labels.get_indexer(weights.index))
    estimates = dimensions.contrast(np.vstack([share, drawn]), what=source.estimates.what)
    return WeightPerturbation(weights, drawn, estimates, code, source, spread, seed)


def _instrument(source: Change | Year) -> Instrument:
    """Questionnaire of a result, the later one of two years."""
    return (source.after if isinstance(source, Change) else source).answers.instrument


def _nominal(source: Change | Year, of: str) -> pd.Series:
    """Weights of the dimensions in an index, the same in all its years."""
    if source.estimates.labels.nlevels > 1:
        raise SurveyError(
            "weight_perturbation: this result is by domain.",
            mend="Compute it without by=, or for the rows of one domain.",
        )
    years = [source.before, source.after] if isinstance(source, Change) else [source]
    made = [
        dimension_weights(year.scheme, year.answers.instrument, of, "weight_perturbation")
        for year in years
    ]
    if not made[0].index.equals(made[-1].index) or not np.allclose(made[0], made[-1]):
        raise SurveyError(
            f"weight_perturbation(of={of!r}): the dimensions weigh differently in the two years.",
            mend="Compare the years with link='items'.",
        )
    return made[-1]

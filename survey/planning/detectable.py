"""What change a design will see: in what was observed, and in what is true."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from survey.errors import SurveyError, first_five
from survey.intervals import t_quantile
from survey.planning.asked import (
    Numbers,
    Variability,
    check_chance,
    read_spread,
    read_take,
    read_visits,
)
from survey.planning.power import noncentrality
from survey.planning.results import DetectableChange
from survey.planning.sampling_error import (
    change_error,
    design_effect,
    level_variance,
    units_by_stage,
)
from survey.scores import Floats


def detectable_change(
    take: Numbers,
    *,
    share: Variability | None = None,
    sd: Variability | None = None,
    icc: Sequence[float] | pd.DataFrame = (),
    strata: int = 1,
    before: Numbers | None = None,
    overlap: float = 0.0,
    rho: Numbers = 0.0,
    deff: float = 1.0,
    df: float | None = None,
    population: int | None = None,
    power: float = 0.8,
    level: float = 0.95,
) -> DetectableChange:
    r"""Find the least change between two years that a design sees.

    Parameters
    ----------
    take : number or sequence of numbers
        Units of each stage in one of the stage before, rows last: ``(9, 2, 27)`` for 9 communes
        of 2 villages of 27 households, ``486`` for rows drawn one by one. All strata together.
    share, sd : float or Series
        The share of an event (0 to 1), or the standard deviation of one answer within strata;
        a Series for several items.
    icc : sequence of float or DataFrame
        Intraclass correlation of each stage of clusters, coarsest first; a row for each item in a
        DataFrame. See `variance_components`; one estimated below zero stays so, as long as the
        variance does not.
    strata : int
        Strata, for the degrees of freedom.
    before : number or sequence of numbers, optional
        The earlier year's ``take``; the same by default.
    overlap : float
        Share of the first-stage units visited in both years: 0 redrawn, 1 the same.
    rho : float or sequence of float
        Correlation between the years of the effects of a unit that is visited again; a second
        number for second-stage units that are the same too.
    deff : float
        What multiplies every variance: the effect of unequal weights, or a whole design effect
        where ``icc`` is not given.
    df : float, optional
        Degrees of freedom of the change, where they do not follow from the design.
    population : int, optional
        Size of a finite population whose members are drawn one by one.
    power, level : float
        Chance of seeing the change; confidence.

    Returns
    -------
    DetectableChange
        In the units of ``sd``, or as a share.

    Raises
    ------
    SurveyError
        Values out of range, or that contradict each other.

    Notes
    -----
    :math:`\text{MDC} = t_{\nu}(1 - \alpha/2)\, se(\hat\Delta)`; MDE is the change for which the
    non-central t has the power. :math:`se(\hat\Delta)` and ν: `survey.planning.sampling_error`.

    Examples
    --------
    >>> seen = detectable_change(486, share=0.85, deff=2, df=30)
    >>> (100 * seen.table()[["se", "mdc", "mde"]]).round(1)
             se  mdc  mde
    change  3.2  6.6  9.4
    """
    check_chance(power, level)
    spread, labels = read_spread(share, sd, icc, deff=deff, population=population)
    stages = len(spread.icc)
    visits = read_visits(strata, overlap, rho, stages)
    later = read_take(take, stages, strata, "take")
    earlier = later if before is None else read_take(before, stages, strata, "before")
    for counts in (earlier, later):
        _within_population(float(units_by_stage(counts)[-1][0]), spread.population)
    se, own_df = change_error(spread, visits, earlier, later)
    nu = own_df if df is None else np.full(1, _positive(df))
    own = level_variance(spread.after, spread, later)
    _require_variance(own, labels)
    values = {
        "se": se,
        "n": units_by_stage(later)[-1],
        "deff": design_effect(spread.after, spread, later),
        "df": nu,
        "margin": t_quantile(level, later[0] - strata) * np.sqrt(own),
        "mdc": t_quantile(level, nu) * se,
        "mde": noncentrality(power, nu, level) * se,
    }
    rows = {name: np.broadcast_to(value, len(labels)) for name, value in values.items()}
    what = _in_words(earlier, later, visits.overlap)
    return DetectableChange(pd.DataFrame(rows, index=labels), power, level, what)


def _within_population(n: float, population: float) -> None:
    """Refuse more rows than there are."""
    if n > population:
        raise SurveyError(
            f"take: {n:g} rows of a population of {population:g}.", mend="Take fewer."
        )


def _require_variance(variance: Floats, labels: pd.Index) -> None:
    """Refuse correlations so far below zero that the variance is."""
    if (variance < 0).any():
        raise SurveyError(
            f"icc: the variance comes out below zero for {first_five(labels[variance < 0])}.",
            mend="Use 0 for correlations that were estimated below it.",
        )


def _positive(df: float) -> float:
    """Refuse degrees of freedom below 1."""
    if not df >= 1:
        raise SurveyError(f"df: got {df!r}.", mend="Give 1 or more.")
    return float(df)


def _in_words(before: Sequence[Floats], after: Sequence[Floats], overlap: float) -> str:
    """Write both designs as products, and say what they share."""
    written = [" × ".join(f"{float(count[0]):.4g}" for count in each) for each in (before, after)]
    years = written[1] if written[0] == written[1] else f"{written[0]}, then {written[1]}"
    shared = f", {overlap:.0%} of the first-stage units in both" if overlap else ", drawn anew"
    return f"{years}{shared}"

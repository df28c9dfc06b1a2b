"""Which designs see a change, or keep a margin, and which of them costs least."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Real
from typing import cast

import numpy as np
import pandas as pd

from survey.errors import SurveyError
from survey.intervals import t_quantile
from survey.planning.asked import (
    Numbers,
    check_chance,
    read_spread,
    read_take,
    read_visits,
)
from survey.planning.power import noncentrality, power_of
from survey.planning.results import SampleSizes
from survey.planning.sampling_error import (
    Spread,
    Visits,
    change_error,
    design_effect,
    level_variance,
    units_by_stage,
)
from survey.scores import Bools, Floats

Take = tuple[Floats, ...]

#: How far each stage is searched unless the caller says, by the number of stages.
LIMITS = {1: (20_000,), 2: (100, 100), 3: (120, 6, 60)}
_NAMES = {1: ("rows",), 2: ("psus", "rows"), 3: ("psus", "units", "rows")}
_MANY = 2_000_000


def sample_size(
    *,
    delta: float | None = None,
    margin: float | None = None,
    share: float | None = None,
    sd: float | None = None,
    icc: Sequence[float] = (),
    strata: int = 1,
    before: Numbers | None = None,
    overlap: float = 0.0,
    rho: Numbers = 0.0,
    deff: float = 1.0,
    population: int | None = None,
    costs: Sequence[float] | None = None,
    most: Sequence[int] | None = None,
    power: float = 0.8,
    level: float = 0.95,
) -> SampleSizes:
    r"""Find the designs that see a change of ``delta``, or give a level within ± ``margin``.

    Parameters
    ----------
    delta, margin : float
        One of the two: a change, negative for a fall, seen with ``power``; or half the width of
        one year's interval. In the units of ``sd``, or as a share.
    share, sd : float
        The share of an event (0 to 1) in the earlier year, or the standard deviation of one
        answer within strata.
    icc, strata, overlap, rho, deff, population
        As in `detectable_change`. As many first-stage units are taken in every stratum.
    before : number or sequence of numbers, optional
        Design of the earlier year, where it is already done; by default both years have the new
        one.
    costs : sequence of float, optional
        Cost of one unit of each stage, rows last.
    most : sequence of int, optional
        Largest number of each stage that is tried; population, 20,000 rows, 100 × 100 or
        120 × 6 × 60 where not given.
    power, level : float
        Chance of seeing the change; confidence.

    Returns
    -------
    SampleSizes
        For each number of units of the earlier stages, the fewest rows that do.

    Raises
    ------
    SurveyError
        Values out of range, or that contradict each other, or limits that make too many designs.

    Notes
    -----
    For rows drawn one by one, n ≈ 16 S²/δ² a year at a power of 80 % (Lehr 1992, *Statistics in
    Medicine* 11, 1099–1102); for shares the two years have variances p(1 − p) of their own.
    In R: ``power.t.test``, which also uses the non-central t.

    Examples
    --------
    >>> made = sample_size(delta=-0.03, share=0.85, icc=(0.01, 0.01), strata=3,
    ...                    costs=(100, 20, 1))
    >>> made.table().iloc[0][["psus", "units", "rows", "n", "cost"]].astype(int).tolist()
    [63, 2, 46, 5796, 14616]
    """
    check_chance(power, level)
    goal = _goal(delta, margin)
    change = 0.0 if delta is None else delta
    spread, _ = read_spread(share, sd, icc, deff=deff, population=population, change=change)
    _require_one(spread)
    stages = len(spread.icc)
    visits = read_visits(strata, overlap, rho, stages)
    take = _grid(most, strata, stages, spread.population)
    earlier = take if before is None else read_take(before, stages, strata, "before")
    table = _computed(spread, visits, earlier, take, power, level)
    if margin is None:
        se, df = table["se"].to_numpy(), table["df"].to_numpy()
        table["power"] = power_of(np.array(goal), se, df, level)
        does = table["power"] >= power
    else:
        table = _of_level(table, spread, visits, take)
        does = table["margin"] <= margin
    table["cost"] = _cost(take, costs)
    chosen = table[_fewest(does.to_numpy(), len(np.unique(take[-1])))]
    order = ["n", *table.columns[: stages + 1]] if costs is None else ["cost", "n"]
    ranked = chosen.sort_values(order, kind="stable").reset_index(drop=True)
    asked = _in_words(goal, margin is None, power, level, before is not None, overlap)
    return SampleSizes(ranked, table.iloc[-1], asked)


def _goal(delta: float | None, margin: float | None) -> float:
    """Read what is asked: a change or a margin."""
    if (delta is None) == (margin is None):
        raise SurveyError(
            "sample_size: what is asked is not clear.", mend="Give either delta= or margin=."
        )
    goal = delta if margin is None else margin
    wrong = not isinstance(goal, Real) or not np.isfinite(goal) or goal == 0
    if wrong or (margin is not None and margin < 0):
        raise SurveyError(
            f"sample_size: got {goal!r}.",
            mend="Give a change other than 0, or a positive margin, as 0.03 for three points.",
        )
    return float(cast(float, goal))


def _require_one(spread: Spread) -> None:
    """Refuse several items, and a correlation that would make large clusters a gain."""
    if any((icc < 0).any() for icc in spread.icc):
        raise SurveyError(
            "sample_size(icc=): below zero.",
            mend="Use variance_components(..., negative='refit'), or 0.",
        )
    if max(len(spread.before), *(len(icc) for icc in spread.icc), 1) > 1:
        raise SurveyError(
            "sample_size: several items at once.", mend="Ask for one item, the hardest to see."
        )


def _grid(most: Sequence[int] | None, strata: int, stages: int, population: float) -> Take:
    """List every design within the limits, the last stage fastest, each stage of shape (G,)."""
    if stages + 1 not in LIMITS:
        raise SurveyError(
            f"sample_size(icc=): {stages} stages of clusters.", mend="Give two at most."
        )
    limits = list(LIMITS[stages + 1] if most is None else most)
    if len(limits) != stages + 1 or min(limits) < 1 or limits[0] < 2 * strata:
        raise SurveyError(
            f"most: got {limits} for {stages + 1} stages and {strata} strata.",
            mend="Give a number for each stage, rows last; of the first, at least two a stratum.",
        )
    if np.isfinite(population):
        limits[0] = int(population) if most is None else min(limits[0], int(population))
    step = strata if stages else 1
    ranges = [np.arange(2 * strata, limits[0] + 1, step)]
    ranges += [np.arange(1, limit + 1) for limit in limits[1:]]
    if np.prod([float(len(each)) for each in ranges]) > _MANY:
        raise SurveyError(
            f"most: {limits} make more than {_MANY:,} designs.", mend="Lower the limits."
        )
    mesh = np.meshgrid(*(each.astype(np.float64) for each in ranges), indexing="ij")
    return tuple(each.ravel() for each in mesh)


def _computed(
    spread: Spread,
    visits: Visits,
    before: Take,
    take: Take,
    power: float,
    level: float,
) -> pd.DataFrame:
    """Work out what every design sees of a change."""
    change_se, df = change_error(spread, visits, before, take)
    change_se, df = np.broadcast_arrays(change_se, df)
    level_se = np.sqrt(level_variance(spread.after, spread, take))
    names = _NAMES[len(take)]
    made = dict(zip(names, take, strict=True))
    made |= {
        "se": change_se,
        "n": units_by_stage(take)[-1],
        "deff": design_effect(spread.after, spread, take),
        "df": df,
        "margin": t_quantile(level, take[0] - visits.strata) * level_se,
        "mdc": t_quantile(level, df) * change_se,
        "mde": noncentrality(power, df, level) * change_se,
    }
    return pd.DataFrame(made).astype({name: np.int64 for name in (*names, "n")})


def _of_level(table: pd.DataFrame, spread: Spread, visits: Visits, take: Take) -> pd.DataFrame:
    """Give the standard error and degrees of freedom of one year in place of a change's."""
    se = np.sqrt(level_variance(spread.after, spread, take))
    return table.assign(se=se, df=take[0] - visits.strata, power=np.nan)


def _cost(take: Take, costs: Sequence[float] | None) -> Floats:
    """Cost of every design; missing without costs."""
    if costs is None:
        return np.full(len(take[0]), np.nan)
    given = np.asarray(costs, dtype=np.float64)
    if given.shape != (len(take),) or not (np.isfinite(given) & (given >= 0)).all():
        raise SurveyError(
            f"costs: got {costs!r} for {len(take)} stages.",
            mend="Give the cost of one unit of each stage, rows last, none negative.",
        )
    return np.asarray(np.stack(units_by_stage(take), axis=1) @ given)


def _fewest(does: Bools, rows: int) -> Bools:
    """Mark the first design that does, for each choice of the earlier stages."""
    by_choice = does.reshape(-1, rows)
    first = np.zeros_like(by_choice)
    first[np.arange(len(by_choice)), by_choice.argmax(axis=1)] = True
    return (first & by_choice).ravel()


def _in_words(
    goal: float, of_change: bool, power: float, level: float, done: bool, overlap: float
) -> str:
    """Say what was asked of the designs."""
    if not of_change:
        return f"a level within ± {goal:g}; level {level:g}"
    years = "with the earlier year as it was" if done else "both years alike"
    shared = f"{overlap:.0%} of the first-stage units in both" if overlap else "drawn anew"
    return f"a change of {goal:+g}, {years}, {shared}; power {power:g}, level {level:g}"

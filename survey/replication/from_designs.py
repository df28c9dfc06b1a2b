"""Replicate weights made from a design: jackknife, half-samples, bootstraps.

Factors are kept by unit, not by row, so thousands of replicates cost little. A re-weighted design
is replicated from its first weights, and every re-weighting is done again in each replicate.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal, cast, get_args
from warnings import warn

import numpy as np

from survey.design import Design
from survey.errors import SurveyError, SurveyWarning, require_option, require_seed
from survey.replicates import Factors, ReplicateDesign
from survey.replication.resampling import (
    Replicates,
    canty_davison,
    half_samples,
    jackknife,
    multistage,
    random_strata,
    rao_wu,
)
from survey.scores import Ints, Stage
from survey.weighting.steps import history

Method = Literal["JK1", "JKn", "BRR", "Fay", "bootstrap", "canty-davison", "mrb"]
DRAWN = ("bootstrap", "canty-davison", "mrb")
#: Replicates of a bootstrap when no number is given.
DEFAULT_N = 500


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class MadeReplicates(ReplicateDesign):
    """Replicate weights that were made here, and how.

    Parameters
    ----------
    method : str
        How the replicates were made.
    seed : int or None
        Seed of the random ones.
    """

    method: str = field(default="", kw_only=True)
    seed: int | None = field(default=None, kw_only=True)

    @property
    def distinct(self) -> int:
        """Number of different replicates.

        Few PSUs allow few: drawing two of three in each of three strata gives at most 216.
        """
        return int(np.unique(self.factors.factor.T.round(12), axis=0).shape[0])

    def __repr__(self) -> str:
        """Say what was sampled and how replicates were made, in one line."""
        seed = "" if self.seed is None else f", seed {self.seed}"
        return f"{ReplicateDesign.__repr__(self)[:-1]}; {self.method}{seed}>"


def as_replicates(
    design: Design,
    method: Method,
    *,
    n: int | None = None,
    seed: int | None = None,
    rho: float | None = None,
    mse: bool = False,
) -> MadeReplicates:
    """Make replicate weights from a design.

    Parameters
    ----------
    design : Design
        The sample. When it was calibrated, post-stratified and so on, each replicate is so too.
    method : {"JK1", "JKn", "BRR", "Fay", "bootstrap", "canty-davison", "mrb"}
        ``"JK1"``: leave out one PSU, no strata; ``"JKn"``: the same within strata. ``"BRR"``:
        balanced half-samples of two PSUs a stratum; ``"Fay"``: the same with factors ``rho`` and
        2 - ``rho``. ``"bootstrap"``: Rao and Wu's, n - 1 PSUs a stratum, rescaled for the
        population size when that is given. ``"canty-davison"``: n PSUs a stratum, one constant
        for all. ``"mrb"``: Preston's multistage rescaled bootstrap.
    n : int, optional
        Number of replicates of a bootstrap, 500 by default.
    seed : int, optional
        Seed of a bootstrap; one is drawn, and kept in the result, when none is given.
    rho : float, optional
        Fay's factor, at least 0 and below 1.
    mse : bool
        Spread about the full estimate instead of the mean of the replicates.

    Returns
    -------
    MadeReplicates
        A `ReplicateDesign` with ``method``, ``seed`` and ``distinct``.

    Raises
    ------
    SurveyError
        A method that does not fit the design: JK1 with strata, half-samples of strata that do
        not have two PSUs, strata of one PSU without a rule; a seed that is no whole number.

    Warns
    -----
    SurveyWarning
        Later stages, or a population size, that the method leaves out of the variance.

    Notes
    -----
    In R: ``as.svrepdesign(design, type = )`` with types JK1, JKn, BRR, Fay; ``"subbootstrap"``
    (here ``"bootstrap"``, which in addition heeds the population size), ``"bootstrap"`` (here
    ``"canty-davison"``), ``"mrbbootstrap"`` (here ``"mrb"``). Wolter (2007), *Introduction to
    Variance Estimation*, ch. 3–5.

    Examples
    --------
    >>> import pandas as pd, survey
    >>> frame = pd.DataFrame({"commune": [1, 1, 2, 2, 3, 3], "y": [1.0, 2, 3, 4, 5, 9]})
    >>> design = survey.Design(frame, psu="commune")
    >>> jackknife = as_replicates(design, "JK1")
    >>> jackknife
    <ReplicateDesign: 6 rows, 3 replicates, 2 df; JK1>
    >>> float(survey.total(jackknife, "y").se["y"] / survey.total(design, "y").se["y"])
    1.0
    """
    _check(design, method, n, seed, rho)
    steps = history(design)
    if method in DRAWN and seed is None:
        seed = int(np.random.SeedSequence().generate_state(1)[0])
    drawn = _replicates(design, method, n or DEFAULT_N, seed, rho or 0.0)
    stage = design.stages[-1 if method == "mrb" else 0]
    made: ReplicateDesign = MadeReplicates(
        design.data,
        weights=steps[0].before if steps else _whole(design).weight,
        replicate_weights=Factors(stage.unit, drawn.factor),
        scale=drawn.scale,
        rscales=drawn.rscales,
        mse=mse,
        degrees=_degrees(design.stages[0], drawn.factor.shape[1]),
        population_label=design.population_label,
        method=method,
        seed=seed if method in DRAWN else None,
    )
    _share(design, made)
    for step in steps:
        made = step.plan.again(made)
    if design.domain_label is not None:
        made = made.domain(design.inside, label=design.domain_label)
    return cast(MadeReplicates, made)


def _share(design: Design, made: ReplicateDesign) -> None:
    """Let the replicates use what was coded and counted of the same frame and weights."""
    object.__setattr__(made, "codebook", design.codebook)
    if np.array_equal(made.weight, design.weight):
        object.__setattr__(made, "weight", design.weight)


def _whole(design: Design) -> Design:
    """Give the design before it was restricted to a domain."""
    return design if design.domain_label is None else replace(design)


def _replicates(
    design: Design, method: Method, n: int, seed: int | None, rho: float
) -> Replicates:
    """Make the factors of one method."""
    first, lonely = design.stages[0], design.lonely_psu
    _warn_left_out(design, method)
    rng = np.random.default_rng(seed)
    if method in ("JK1", "JKn"):
        return jackknife(first, _in_order(first), lonely, stratified=method == "JKn")
    if method in ("BRR", "Fay"):
        return half_samples(first, _in_order(first), rho)
    if method == "bootstrap":
        return rao_wu(first, lonely, n, rng)
    if method == "canty-davison":
        return canty_davison(first, lonely, n, rng)
    return multistage(design.stages, n, rng)


def _check(
    design: Design, method: Method, n: int | None, seed: int | None, rho: float | None
) -> None:
    """Refuse options that do not fit the method, and a method that does not fit the design."""
    require_option(method, get_args(Method), where="as_replicates(method=)")
    if method not in DRAWN and (n is not None or seed is not None):
        raise SurveyError(
            f"as_replicates: n and seed belong to a bootstrap, not to {method}.",
            mend="Leave them out: the design decides the number of replicates.",
        )
    if seed is not None:
        require_seed(seed, where="as_replicates")
    if method in DRAWN and n is not None and n < 2:
        raise SurveyError(f"as_replicates(n={n}).", mend="Draw at least 2 replicates.")
    if (method == "Fay") != (rho is not None) or not 0.0 <= (rho or 0.0) < 1.0:
        raise SurveyError(
            f"as_replicates(rho={rho}): Fay's method, and only that, needs rho from 0 up to 1.",
            mend="Pass method='Fay', rho=0.5, or leave rho out.",
        )
    if method == "JK1" and len(design.stages[0].size) > 1:
        raise SurveyError(
            f"as_replicates: JK1 knows no strata; the design has {len(design.stages[0].size)}.",
            mend="Use method='JKn'.",
        )


def _warn_left_out(design: Design, method: Method) -> None:
    """Say what part of the design the method cannot follow."""
    first = design.stages[0]
    finite = bool((np.isfinite(first.population)).any())
    if method in ("BRR", "Fay") and finite:
        text = "half-samples take PSUs as drawn with replacement: fpc is left out."
    elif method != "mrb" and len(design.stages) > 1:
        text = f"{method} replicates the first stage only; method='mrb' follows all stages."
    else:
        return
    warn(f"as_replicates: {text}", SurveyWarning, stacklevel=4)


def _in_order(stage: Stage) -> Ints:
    """Units in the order of the data: strata as they come, and units within them."""
    rows = np.unique(stage.unit, return_index=True)[1]
    firsts = np.full(len(stage.size), np.iinfo(np.int64).max)
    np.minimum.at(firsts, stage.stratum, rows)
    return np.lexsort([rows, firsts[stage.stratum]])


def _degrees(stage: Stage, replicates: int) -> float:
    """PSUs less strata where there is sampling error, at most the replicates less 1."""
    random = random_strata(stage)
    own = stage.size.astype(np.float64) - 1.0
    return float(min(own[random].sum(), replicates - 1))

r"""How alike the answers of one cluster are: variance components of a nested sample.

Answers within a stratum are the sum of an effect of the first-stage unit, one of the unit drawn
in it, and so on, and one of the row. Sums of squares :math:`T_L = \sum_u n_u \bar y_u^2` over the
units *u* of each stage have expectations linear in the variances of these effects,

.. math:: E(T_L - T_{L-1}) = \sum_M (k_{LM} - k_{L-1,M})\, \sigma_M^2, \qquad
          k_{LM} = \sum_{g \in M} n_g^2 / n_{L(g)},

(*M* a finer stage; :math:`k_{LM} = n` for others), and solving for them is the analysis of
variance for unequal sizes: Henderson (1953), *Biometrics* 9, 226–252, method I; Searle, Casella
& McCulloch (1992), *Variance Components*, ch. 5. Weights are left out of it: it describes the
answers, not the population.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import compress
from typing import Literal

import numpy as np
import pandas as pd

from survey.design import Design
from survey.errors import SurveyError, first_five, require_columns, require_option
from survey.estimators import mean
from survey.planning.results import VarianceComponents
from survey.scores import Bools, Floats, Ints, indicator
from survey.variables import Columns, Variables, read_columns


def variance_components(
    design: Design,
    y: Variables,
    *,
    units: str | Sequence[str],
    negative: Literal["keep", "refit"] = "keep",
) -> VarianceComponents:
    r"""Measure how much of the variance lies between clusters, and what it costs.

    Parameters
    ----------
    design : Design
        The sample; its strata are taken as fixed.
    y : str, list of str or DataFrame
        Numeric or boolean columns of the design's data, or a frame on the same index.
    units : str or list of str
        Columns of the clusters, coarsest first, such as ``["commune", "village"]``. Names count
        within the unit before.
    negative : {"keep", "refit"}
        A component that comes out below zero is kept, which makes the components of equal
        clusters add up to the variance measured; or its stage is left out of that item and gets
        zero, and the others are fitted again, which is what other designs are planned from.

    Returns
    -------
    VarianceComponents

    Raises
    ------
    SurveyError
        Unknown columns, missing units, a stage whose units cannot be told from those of the
        stage before, and whatever `survey.mean` raises.

    Notes
    -----
    :math:`\rho_M = \sigma_M^2 / \sum \sigma^2`, within strata; it can come out below zero. The
    design effect is that of `survey.Estimates`, against simple random sampling. For one stage of
    equal clusters of *b* rows, :math:`\text{deff} = 1 + (b - 1)\rho`; in general
    :math:`\text{deff} = \frac{n\sum w^2}{(\sum w)^2}\,(1 + (b - 1)\,\text{roh})` with
    :math:`b = \sum_c (\sum_{k \in c} w_k)^2 / \sum w^2`: Kish (1965), *Survey Sampling*, 5.4;
    Gabler, Häder & Lahiri (1999), *Survey Methodology* 25, 105–106.
    In R: ``VarCorr(lmer(y ~ stratum + (1 | commune/village)))`` for equal sizes.

    Examples
    --------
    >>> import pandas as pd, survey
    >>> frame = pd.DataFrame({"psu": [1, 1, 2, 2, 3, 3], "y": [1.0, 2, 3, 4, 5, 6]})
    >>> variance_components(survey.Design(frame, psu="psu"), "y", units="psu").icc.round(4)
          psu
    y  0.8824
    """
    require_option(negative, ("keep", "refit"), where="variance_components(negative=)")
    stages = [units] if isinstance(units, str) else list(units)
    if not stages:
        raise SurveyError("variance_components(units=): no cluster.", mend="Name its column.")
    require_columns(design.data.columns, stages, where="variance_components(units=)")
    columns = read_columns(design, y, "variance_components(y=)")
    estimates = mean(design, y)
    inside = design.inside & (design.weight != 0)
    values, weight = _numbers(columns)[inside], design.weight[inside]
    codes = _codes(design, stages, inside)
    valid = ~np.isnan(values)
    _require_units(codes, stages, valid, columns.names)
    return VarianceComponents(
        variance=(nested_components if negative == "keep" else fitted_components)(
            values, valid, codes
        ),
        take=effective_take(weight, valid, codes[1:]),
        stages=tuple(stages),
        estimates=estimates,
        weighting=_kish(weight, valid),
    )


def nested_components(values: Floats, valid: Bools, codes: Sequence[Ints]) -> Floats:
    """Variance components of J items, by the analysis of variance for unequal sizes.

    Parameters
    ----------
    values : (n, J) float
        Answers; those not valid are not read.
    valid : (n, J) bool
        Which answers count.
    codes : sequence of (n,) int
        Stratum of each row, then its unit at each stage, nested.

    Returns
    -------
    (J, S + 1) float
        Variance between the units of each of the S stages, and between rows; may be negative.
    """
    counted = valid.astype(np.float64)
    total = counted.sum(axis=0)
    centred = np.where(valid, values, 0.0)
    centred = np.where(valid, centred - centred.sum(axis=0) / total, 0.0)
    sizes = [_sums(code, counted) for code in codes]
    squares = [
        _over(_sums(code, centred) ** 2, size).sum(axis=0)
        for code, size in zip(codes, sizes, strict=True)
    ]
    squares.append((centred**2).sum(axis=0))
    expected = np.stack(
        [np.stack(_coefficients(codes, sizes, counted, level)) for level in range(len(squares))]
    )
    sums = np.diff(np.stack(squares), axis=0).T[:, :, None]
    matrix = np.diff(expected, axis=0).transpose(2, 0, 1)
    return np.asarray(np.linalg.solve(matrix, sums)[:, :, 0])


def fitted_components(values: Floats, valid: Bools, codes: Sequence[Ints]) -> Floats:
    """As `nested_components`, but a stage below zero is left out and the others fitted again."""
    found = nested_components(values, valid, codes)
    kept = np.ones(found.shape, dtype=bool)
    for _ in codes[1:]:
        low = np.flatnonzero((found[:, :-1] < 0).any(axis=1))
        kept[low, found[low, :-1].argmin(axis=1)] = False
        for pattern in np.unique(kept[low], axis=0):
            items = low[(kept[low] == pattern).all(axis=1)]
            stages = [codes[0], *compress(codes[1:], pattern)]
            found[items] = 0.0
            part = nested_components(values[:, items], valid[:, items], stages)
            found[np.ix_(items, np.flatnonzero(pattern))] = part
    return found


def effective_take(weight: Floats, valid: Bools, codes: Sequence[Ints]) -> Floats:
    r"""Equal design with the same variance: units of each stage in one of the stage before.

    In all, stage *M* has :math:`(\sum w)^2 / \sum_{g \in M} (\sum_{k \in g} w_k)^2` units; equal
    clusters without weights give their own numbers.

    Returns
    -------
    (J, S + 1) float
    """
    given = weight[:, None] * valid
    whole = given.sum(axis=0) ** 2
    sums = [*(_sums(code, given) for code in codes), given]
    units = np.stack([whole / (size**2).sum(axis=0) for size in sums], axis=1)
    units[:, 1:] = units[:, 1:] / units[:, :-1]
    return np.asarray(units)


def _coefficients(
    codes: Sequence[Ints], sizes: Sequence[Floats], counted: Floats, level: int
) -> list[Floats]:
    """How much of each component one level's sum of squares holds: k of the module's head."""
    total = counted.sum(axis=0)
    if level == len(codes):
        return [total] * len(codes)
    made = []
    for stage in range(1, len(codes) + 1):
        if stage <= level:
            made.append(total)
            continue
        size = counted if stage == len(codes) else sizes[stage]
        parent = codes[level] if stage == len(codes) else _parents(codes[stage], codes[level])
        made.append(_over(size**2, sizes[level][parent]).sum(axis=0))
    return made


def _parents(fine: Ints, coarse: Ints) -> Ints:
    """Coarser unit of each finer one."""
    found = np.zeros(int(fine.max()) + 1, dtype=np.int64)
    found[fine] = coarse
    return found


def _sums(code: Ints, values: Floats) -> Floats:
    """Sum rows by unit, shape (units, J)."""
    return np.asarray(indicator(code, int(code.max()) + 1) @ values)


def _over(part: Floats, whole: Floats) -> Floats:
    """Divide, with 0 for units that hold no answer."""
    return np.asarray(np.divide(part, whole, out=np.zeros_like(part), where=whole > 0))


def _kish(weight: Floats, valid: Bools) -> Floats:
    """Variance of unequal weights over that of equal ones, shape (J,); Kish (1965), 11.7."""
    given = weight[:, None] * valid
    n = valid.sum(axis=0)
    return np.asarray(n * (given**2).sum(axis=0) / given.sum(axis=0) ** 2)


def _numbers(columns: Columns) -> Floats:
    """Lay columns out as numbers, missing where there is no answer, shape (n, J)."""
    return np.column_stack([c.to_numpy(dtype=np.float64, na_value=np.nan) for c in columns.series])


def _codes(design: Design, stages: Sequence[str], inside: Bools) -> list[Ints]:
    """Give numbers to strata, and to units within the units before them."""
    first = design.stages[0]
    frame = design.data.loc[inside, list(stages)]
    for name in stages:
        if frame[name].isna().any():
            rows = frame.index[frame[name].isna()]
            raise SurveyError(
                f"variance_components(units={name!r}): {len(rows)} rows without one: "
                f"{first_five(rows)}.",
                mend="Fill in the unit, or leave those rows out with design.domain(mask).",
            )
    made: list[Ints] = [np.unique(first.stratum[first.unit[inside]], return_inverse=True)[1]]
    for name in stages:
        keys = pd.DataFrame({"before": made[-1], "own": frame[name].to_numpy()})
        number = keys.groupby(["before", "own"], sort=False, observed=True).ngroup()
        made.append(np.asarray(number, dtype=np.int64))
    return made


def _require_units(
    codes: Sequence[Ints], stages: Sequence[str], valid: Bools, names: pd.Index
) -> None:
    """Refuse stages that add no unit to the stage before, for any item."""
    counted = valid.astype(np.float64)
    held = [(_sums(code, counted) > 0).sum(axis=0) for code in codes]
    held.append(valid.sum(axis=0))
    for k, stage in enumerate([*stages, "row"]):
        alone = held[k + 1] <= held[k]
        if alone.any():
            parent = "stratum" if k == 0 else stages[k - 1]
            which = first_five(names[alone])
            raise SurveyError(
                f"variance_components: one {stage} in every {parent} ({which}), so that the two "
                "cannot be told apart.",
                mend="Name only one of the two in units=." if k else "Merge strata.",
            )

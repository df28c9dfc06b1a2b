r"""Any smooth function of the items' covariances or correlations, with a design-based variance.

With :math:`\partial\theta / \partial c_{ab}` known, the linearised value of a row is one quadratic
form in its answers; replicates need only the matrix again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from survey.design import Design
from survey.estimates import Estimates
from survey.linearization import influence_part
from survey.reliability.item_answers import Items
from survey.reliability.second_moments import moments, replicate_moments
from survey.replicates import ReplicateDesign, spread
from survey.row_counts import KnownCounts
from survey.samples import Part
from survey.scores import Floats

Kind = Literal["covariance", "correlation"]


class MatrixFunction(NamedTuple):
    """A function of the matrix: its values for (R, k, k), and its gradients at one (k, k)."""

    values: Callable[[Floats], Floats]
    gradients: Callable[[Floats], Floats]
    kind: Kind


def estimate_function(
    items: Items,
    function: MatrixFunction,
    labels: pd.Index,
    *,
    what: str,
    n: Floats | float,
    bounds: tuple[float, float] | None = None,
) -> Estimates:
    """Estimate a function of the moments, with scores by PSU or replicate."""
    design = items.design
    matrix = getattr(moments(items), function.kind)
    point = function.values(matrix[None])[0]
    if isinstance(design, ReplicateDesign):
        matrices = getattr(replicate_moments(items, design), function.kind)
        part = spread(design, function.values(matrices), point)
    else:
        part = influence_part(design, _scores(items, function.gradients(matrix), function.kind))
    return labelled_estimates(design, part, point, labels, what=what, n=n, bounds=bounds)


def labelled_estimates(
    design: Design | ReplicateDesign,
    part: Part,
    point: Floats,
    labels: pd.Index,
    *,
    what: str,
    n: Floats | float,
    bounds: tuple[float, float] | None = None,
) -> Estimates:
    """Label a vector of coefficients."""
    size = np.broadcast_to(np.asarray(n, dtype=np.float64), point.shape)
    return Estimates(
        point=point,
        labels=labels,
        parts=(part,),
        counts=KnownCounts(size, design.inside.sum() - size),
        what=what,
        bounds=bounds,
        population=design.population_label,
        size_known=design.has_weights,
    )


def _scores(items: Items, gradients: Floats, kind: Kind) -> Floats:
    r"""Weighted linearised values of the rows, shape (n, K), for gradients of shape (K, k, k).

    With :math:`u_{ab} = (x_a - m_{ab})(x_b - m_{ba})` on the rows that hold both answers, a
    covariance has the linearised value :math:`w (u_{ab} - \bar u_{ab}) / \sum w`; for a
    correlation *u* is standardised and :math:`r (z_a^2 + z_b^2) / 2` is taken off. A weighted sum
    of such values over all pairs is a quadratic form in the row's answers.
    """
    m, columns = moments(items), []
    z = np.hstack([items.values, items.values**2, items.valid])
    nothing = np.zeros_like(m.mean)
    for gradient in gradients:  # one small matrix product for each coefficient
        pair = gradient / m.weight
        if kind == "covariance":
            cross, square = pair * m.correction, nothing
            constant = cross * (m.mean * m.mean.T - m.product)
        else:
            cross = pair / np.sqrt(m.spread * m.spread.T)
            square = -pair * m.correlation / m.spread
            constant = cross * m.mean * m.mean.T + square * m.mean**2
        line = -2.0 * (cross * m.mean.T + square * m.mean)
        form = np.block(
            [[cross, nothing, line], [nothing, nothing, square], [nothing, nothing, constant]]
        )
        columns.append(items.design.weight * np.einsum("ij,ij->i", z @ form, z))
    return np.stack(columns, axis=1)

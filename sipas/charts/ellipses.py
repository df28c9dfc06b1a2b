"""Ellipses of a covariance: outlines whose shadows on the axes are intervals."""

from __future__ import annotations

import numpy as np

from survey.scores import Floats

#: Points of an outline; the last is the first again.
POINTS = 73


def outlines(centre: Floats, covariance: Floats, radius: Floats) -> Floats:
    """Points of the ellipses ``(x − c)ᵀ V⁻¹ (x − c) = r²``, (K, 73, 2).

    Parameters
    ----------
    centre : (K, 2) float
        Middles *c*.
    covariance : (K, 2, 2) float
        Covariance *V* of each.
    radius : (K,) float
        Standard errors *r* that an ellipse reaches along each axis.

    Examples
    --------
    >>> round_one = outlines(np.zeros((1, 2)), np.eye(2)[None], np.array([2.0]))
    >>> round_one.shape, float(np.hypot(*round_one[0].T).max().round(9))
    ((1, 73, 2), 2.0)
    """
    values, vectors = np.linalg.eigh(covariance)
    turns = np.linspace(0.0, 2.0 * np.pi, POINTS)
    circle = np.stack([np.cos(turns), np.sin(turns)])
    stretched = vectors * np.sqrt(np.clip(values, 0.0, None))[:, None, :]
    reached = radius[:, None, None] * (stretched @ circle)
    return np.asarray(centre[:, None, :] + np.swapaxes(reached, 1, 2))

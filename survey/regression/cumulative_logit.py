r"""Likelihood of the cumulative logit model, and its maximum.

.. math:: P(Y = k) = F(\zeta_k - x'\beta) - F(\zeta_{k-1} - x'\beta), \qquad F = \text{logistic}.

The log-likelihood is concave in slopes and thresholds together: Pratt (1981), *JASA* 76, 103–106.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from survey.errors import SurveyError
from survey.scores import Floats, Ints

#: Steps after which a fit is given up, and the change (in standard units) at which it is done.
STEPS, STILL = 100, 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class CumulativeLogit:
    """Columns, coded answers 0 … C, and the number C of thresholds."""

    basis: Floats
    codes: Ints
    cuts: int

    @property
    def width(self) -> int:
        """Number of slopes."""
        return int(self.basis.shape[1])

    def start(self, weight: Floats) -> Floats:
        """Slopes of 0 and the thresholds of the marginal shares."""
        share = np.bincount(self.codes, weights=weight) / weight.sum()
        return np.concatenate(
            [np.zeros(self.width), special.logit(np.cumsum(share)[:-1]).clip(-30.0, 30.0)]
        )

    def cumulative(self, theta: Floats) -> tuple[Floats, Floats, Floats]:
        """Probability up to each row's answer, up to the one below, and of the answer."""
        ends = np.concatenate([[-np.inf], theta[self.width :], [np.inf]])
        slope = self.basis @ theta[: self.width]
        upper, lower = ends[self.codes + 1] - slope, ends[self.codes] - slope
        swap = lower > 0  # the difference of the smaller tails loses no digits
        high = special.expit(np.where(swap, -lower, upper))
        low = special.expit(np.where(swap, -upper, lower))
        return special.expit(upper), special.expit(lower), high - low

    def shares(self, theta: Floats) -> Floats:
        """Fitted probability of every answer, shape (n, C + 1)."""
        below = special.expit(theta[self.width :] - (self.basis @ theta[: self.width])[:, None])
        ends = np.ones((len(below), 1))
        return np.diff(np.hstack([0.0 * ends, below, ends]), axis=1)

    def log_likelihood(self, theta: Floats, weight: Floats) -> float:
        """Weighted log-likelihood; minus infinity where thresholds cross."""
        chance = self.cumulative(theta)[2]
        used = weight > 0
        if (np.diff(theta[self.width :]) <= 0).any() or (chance[used] <= 0).any():
            return -np.inf
        return float(weight[used] @ np.log(chance[used]))

    def derivatives(self, theta: Floats, weight: Floats) -> tuple[Floats, Floats]:
        """Score of each row (n, K), and the information matrix (K, K)."""
        upper, lower, chance = self.cumulative(theta)
        rows = np.arange(len(self.codes))
        top, bottom = np.zeros((2, len(rows), self.cuts + 2))
        top[rows, self.codes + 1], bottom[rows, self.codes] = 1.0, 1.0
        above = np.hstack([-self.basis, top[:, 1:-1]])
        under = np.hstack([-self.basis, bottom[:, 1:-1]])
        up, down = upper * (1.0 - upper) / chance, lower * (1.0 - lower) / chance
        scores = up[:, None] * above - down[:, None] * under
        curved_up, curved_down = up * (1.0 - 2.0 * upper), down * (1.0 - 2.0 * lower)
        information = (
            (scores * weight[:, None]).T @ scores
            - (above * (weight * curved_up)[:, None]).T @ above
            + (under * (weight * curved_down)[:, None]).T @ under
        )
        return scores, information


def maximised(problem: CumulativeLogit, weight: Floats, start: Floats) -> Floats:
    """Newton's method; a step that lowers the likelihood is halved."""
    theta, height = start, problem.log_likelihood(start, weight)
    for _ in range(STEPS):
        scores, information = problem.derivatives(theta, weight)
        step = np.linalg.solve(information, scores.T @ weight)
        if np.abs(step).max() < STILL * (1.0 + np.abs(theta).max()):
            return np.asarray(theta + step)
        size, reached = 1.0, -np.inf
        while reached < height and size > 1e-8:
            reached = problem.log_likelihood(theta + size * step, weight)
            size /= 2.0
        theta, height = theta + 2.0 * size * step, reached
    raise SurveyError(
        f"ordinal: the fit does not settle in {STEPS} steps.",
        mend="A predictor that separates the answers perfectly has no finite coefficient: "
        "cross-tabulate the answers with each predictor, or merge answers that are rare.",
    )

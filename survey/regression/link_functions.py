"""The families of generalised linear models, each with its canonical link.

With a canonical link the score of a coefficient is ``x (y − μ)`` and the information is
``x x' V(μ)``, so a family is four small functions and Newton's method is Fisher scoring.
McCullagh & Nelder (1989), *Generalized Linear Models*, ch. 2.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import special

from survey.errors import SurveyError, first_five, require_option
from survey.scores import Bools, Floats

FamilyName = Literal["gaussian", "binomial", "quasibinomial", "poisson", "quasipoisson"]
Function = Callable[[Floats], Floats]


@dataclass(frozen=True, slots=True)
class Family:
    """Mean, variance and deviance as functions of the linear predictor.

    Parameters
    ----------
    name : str
        Name of the distribution.
    link : str
        Name of the canonical link.
    start : callable
        From responses and weights to linear predictors at which the fit begins.
    mean : callable
        Inverse link, from linear predictor to mean.
    variance : callable
        Variance function of the mean.
    deviance : callable
        Contribution of each row, from response and mean.
    allowed : callable
        Which responses are possible.
    range_in_words : str
        The same for errors.
    """

    name: str
    link: str
    start: Callable[[Floats, Floats], Floats]
    mean: Function
    variance: Function
    deviance: Callable[[Floats, Floats], Floats]
    allowed: Callable[[Floats], Bools]
    range_in_words: str


def _exp(eta: Floats) -> Floats:
    """Exponential that stays finite, so that a far step can come back."""
    return np.exp(np.minimum(eta, 300.0))


GAUSSIAN = Family(
    name="gaussian",
    link="identity",
    start=lambda y, w: y,
    mean=lambda eta: eta,
    variance=np.ones_like,
    deviance=lambda y, mu: (y - mu) ** 2,
    allowed=np.isfinite,
    range_in_words="finite numbers",
)
BINOMIAL = Family(
    name="binomial",
    link="logit",
    start=lambda y, w: np.asarray(special.logit((w * y + 0.5) / (w + 1.0))),
    mean=lambda eta: np.asarray(special.expit(eta)),
    variance=lambda mu: mu * (1.0 - mu),
    deviance=lambda y, mu: 2.0 * (special.rel_entr(y, mu) + special.rel_entr(1.0 - y, 1.0 - mu)),
    allowed=lambda y: (y >= 0) & (y <= 1),
    range_in_words="0 or 1 (or shares between them)",
)
POISSON = Family(
    name="poisson",
    link="log",
    start=lambda y, w: np.log(y + 0.1),
    mean=_exp,
    variance=lambda mu: mu,
    deviance=lambda y, mu: 2.0 * (special.rel_entr(y, mu) - (y - mu)),
    allowed=lambda y: np.isfinite(y) & (y >= 0),
    range_in_words="counts of 0 or more",
)
#: Design-based inference never uses the nominal dispersion, so quasi families are the same fits.
FAMILIES = {
    "gaussian": GAUSSIAN,
    "binomial": BINOMIAL,
    "quasibinomial": BINOMIAL,
    "poisson": POISSON,
    "quasipoisson": POISSON,
}


def family_of(name: str) -> Family:
    """Find a family by its name.

    Examples
    --------
    >>> family_of("quasibinomial").link
    'logit'
    """
    require_option(name, tuple(FAMILIES), where="glm(family=)")
    return FAMILIES[name]


def check_response(y: Floats, family: Family, name: str) -> None:
    """Refuse responses that the family cannot produce."""
    wrong = ~family.allowed(y)
    if wrong.any():
        raise SurveyError(
            f"glm: the response {name!r} must be {family.range_in_words} for the {family.name} "
            f"family; {int(wrong.sum())} values are not: {first_five(np.unique(y[wrong]))}.",
            mend="Recode the column, or choose another family.",
        )

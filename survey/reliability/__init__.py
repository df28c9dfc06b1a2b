"""Reliability of a scale: functions of one weighted matrix of answers by answers.

Alpha, the item-rest correlations, the correlations between items and omega are all smooth
functions of the covariances of the items, so every coefficient has a design-based standard error.
In R: ``psych``.
"""

from survey.reliability.cronbach import Alpha, alpha
from survey.reliability.inter_item import Correlations, correlations
from survey.reliability.mcdonald import Omega, omega
from survey.reliability.rest_correlations import ItemRest, item_rest

__all__ = [
    "Alpha",
    "Correlations",
    "ItemRest",
    "Omega",
    "alpha",
    "correlations",
    "item_rest",
    "omega",
]

"""What separates two means: other rates in the same groups, or another mix of groups.

`kitagawa` standardises by up to four crossed factors; `oaxaca` explains by predictors of a linear
model. Both compare two samples, or two domains of one, and give every effect with its covariance.
"""

from survey.decomposition.rates_and_mix import kitagawa
from survey.decomposition.regression_effects import oaxaca

__all__ = ["kitagawa", "oaxaca"]

"""Design-based regression: linear, logit, Poisson and cumulative logit models."""

from survey.regression.linear_models import glm
from survey.regression.ordinal_models import ordinal
from survey.regression.results import Regression

__all__ = ["Regression", "glm", "ordinal"]

"""Design-based estimation for complex samples.

Estimates carry their scores by PSU, so that covariances, contrasts, differences between years
and indices follow by matrix algebra. Nothing here knows any particular questionnaire.
"""

from survey.design import Design
from survey.errors import SurveyError, SurveyWarning
from survey.estimates import Estimates, stack
from survey.estimators import mean, proportion, ratio, total
from survey.replicates import ReplicateDesign

__all__ = [
    "Design",
    "Estimates",
    "ReplicateDesign",
    "SurveyError",
    "SurveyWarning",
    "mean",
    "proportion",
    "ratio",
    "stack",
    "total",
]

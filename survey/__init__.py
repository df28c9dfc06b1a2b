"""Design-based estimation for complex samples.

Estimates carry their scores by PSU, so that covariances, contrasts, differences between years
and indices follow by matrix algebra. Nothing here knows any particular questionnaire.
"""

from survey.answer_tables import AnswerTable, accumulate
from survey.delta_method import function_of
from survey.design import Design
from survey.errors import SurveyError, SurveyWarning
from survey.estimates import Estimates
from survey.estimators import mean, proportion, ratio, total
from survey.hypothesis_tests import (
    ChiSquareTest,
    HypothesisTest,
    chisquare,
    rank_test,
    t_test,
    wald,
)
from survey.importance import Importance, johnson, lmg, owen
from survey.moments import variance
from survey.ordinal_regression import ordinal
from survey.presentation_standards import presentation
from survey.quantiles import quantile
from survey.regression import glm
from survey.regression_results import Regression
from survey.reliability import alpha, correlations, item_rest, omega
from survey.replicates import Factors, ReplicateDesign
from survey.replication import as_replicates
from survey.stacking import stack
from survey.weighting import (
    calibrate,
    nonresponse,
    poststratify,
    rake,
    trim,
    weight_summary,
)

__all__ = [
    "AnswerTable",
    "ChiSquareTest",
    "Design",
    "Estimates",
    "Factors",
    "HypothesisTest",
    "Importance",
    "Regression",
    "ReplicateDesign",
    "SurveyError",
    "SurveyWarning",
    "accumulate",
    "alpha",
    "as_replicates",
    "calibrate",
    "chisquare",
    "correlations",
    "function_of",
    "glm",
    "item_rest",
    "johnson",
    "lmg",
    "mean",
    "nonresponse",
    "omega",
    "ordinal",
    "owen",
    "poststratify",
    "presentation",
    "proportion",
    "quantile",
    "rake",
    "rank_test",
    "ratio",
    "stack",
    "t_test",
    "total",
    "trim",
    "variance",
    "wald",
    "weight_summary",
]

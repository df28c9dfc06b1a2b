"""Design-based estimation for complex samples.

Estimates carry their scores by PSU, so that covariances, contrasts, differences between years
and indices follow by matrix algebra. Nothing here knows any particular questionnaire.

Designs and estimators are there at once; tests, models and the like are imported when first asked
for, so that ``import survey`` stays light.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from survey.design import Design
from survey.errors import SurveyError, SurveyWarning
from survey.estimates import Estimates
from survey.estimators import mean, proportion, ratio, total
from survey.replicates import Factors, ReplicateDesign
from survey.stacking import stack

if TYPE_CHECKING:
    from survey.answer_tables import AnswerTable, accumulate
    from survey.decomposition import kitagawa, oaxaca
    from survey.delta_method import function_of
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
    from survey.planning import (
        DetectableChange,
        SampleSizes,
        VarianceComponents,
        detectable_change,
        sample_size,
        variance_components,
    )
    from survey.presentation_standards import presentation
    from survey.quantiles import quantile
    from survey.ranks import FellMost, RankIntervals, fell_most, rank_intervals
    from survey.regression import Regression, glm, ordinal
    from survey.reliability import alpha, correlations, item_rest, omega
    from survey.replication import as_replicates
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
    "DetectableChange",
    "Estimates",
    "Factors",
    "FellMost",
    "HypothesisTest",
    "Importance",
    "RankIntervals",
    "Regression",
    "ReplicateDesign",
    "SampleSizes",
    "SurveyError",
    "SurveyWarning",
    "VarianceComponents",
    "accumulate",
    "alpha",
    "as_replicates",
    "calibrate",
    "chisquare",
    "correlations",
    "detectable_change",
    "fell_most",
    "function_of",
    "glm",
    "item_rest",
    "johnson",
    "kitagawa",
    "lmg",
    "mean",
    "nonresponse",
    "oaxaca",
    "omega",
    "ordinal",
    "owen",
    "poststratify",
    "presentation",
    "proportion",
    "quantile",
    "rake",
    "rank_intervals",
    "rank_test",
    "ratio",
    "sample_size",
    "stack",
    "t_test",
    "total",
    "trim",
    "variance",
    "variance_components",
    "wald",
    "weight_summary",
]

_LATER = {
    "answer_tables": ("AnswerTable", "accumulate"),
    "decomposition": ("kitagawa", "oaxaca"),
    "delta_method": ("function_of",),
    "hypothesis_tests": (
        "ChiSquareTest",
        "HypothesisTest",
        "chisquare",
        "rank_test",
        "t_test",
        "wald",
    ),
    "importance": ("Importance", "johnson", "lmg", "owen"),
    "moments": ("variance",),
    "planning": (
        "DetectableChange",
        "SampleSizes",
        "VarianceComponents",
        "detectable_change",
        "sample_size",
        "variance_components",
    ),
    "presentation_standards": ("presentation",),
    "quantiles": ("quantile",),
    "ranks": ("FellMost", "RankIntervals", "fell_most", "rank_intervals"),
    "regression": ("Regression", "glm", "ordinal"),
    "reliability": ("alpha", "correlations", "item_rest", "omega"),
    "replication": ("as_replicates",),
    "weighting": ("calibrate", "nonresponse", "poststratify", "rake", "trim", "weight_summary"),
}
_HOME = {name: module for module, names in _LATER.items() for name in names}


def __getattr__(name: str) -> Any:
    """Import what is asked for the first time."""
    if name not in _HOME:
        raise AttributeError(f"module 'survey' has no attribute {name!r}")
    return getattr(import_module(f"survey.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    """List the public names, imported or not."""
    return __all__

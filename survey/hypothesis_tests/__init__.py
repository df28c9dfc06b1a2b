"""Design-based tests: means, ranks, tables, and any set of coefficients.

Each test has a module of its own and returns a frozen result.
"""

from survey.hypothesis_tests.contingency import chisquare
from survey.hypothesis_tests.group_means import t_test
from survey.hypothesis_tests.rank_scores import rank_test
from survey.hypothesis_tests.results import ChiSquareTest, HypothesisTest
from survey.hypothesis_tests.wald_tests import wald

__all__ = ["ChiSquareTest", "HypothesisTest", "chisquare", "rank_test", "t_test", "wald"]

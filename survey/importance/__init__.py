"""Importance of correlated predictors: how much of R² each one brings.

LMG averages what a predictor adds to R² over all orders in which predictors can enter (the
Shapley value of R²); the Owen value keeps the predictors of a group together; relative weights are
a quick approximation. All needed is one weighted correlation matrix.
"""

from survey.importance.lindeman_merenda_gold import lmg
from survey.importance.owen_values import owen
from survey.importance.relative_weights import johnson
from survey.importance.results import Importance

__all__ = ["Importance", "johnson", "lmg", "owen"]

"""Quantiles by R's rules, with Woodruff and replicate intervals."""

from survey.quantiles.woodruff import quantile

__all__ = ["quantile"]

"""Weights made to agree with what is known of the population: design in, design out."""

from survey.weighting.generalised_regression import calibrate
from survey.weighting.poststratification import poststratify
from survey.weighting.proportional_fitting import rake
from survey.weighting.response import nonresponse
from survey.weighting.trimming import trim
from survey.weighting.weight_diagnostics import WeightSummary, weight_summary

__all__ = [
    "WeightSummary",
    "calibrate",
    "nonresponse",
    "poststratify",
    "rake",
    "trim",
    "weight_summary",
]

"""What can be said about order: what fell most, and ranks with intervals.

An order is an estimate like any other, and a poor one where the estimates lie close together.
"""

from survey.ranks.ranking import rank_intervals
from survey.ranks.results import FellMost, RankIntervals
from survey.ranks.worst_of import fell_most

__all__ = ["FellMost", "RankIntervals", "fell_most", "rank_intervals"]

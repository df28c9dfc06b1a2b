"""Change from year to year: whether it is real, how large it is, and between which answers."""

from sipas.changes.answer_flow import AnswerFlow
from sipas.changes.comparing import compare
from sipas.changes.results import Change
from sipas.changes.several_years import SeveralYears, compare_years
from sipas.changes.splitting import index_to_split, refuse_unfilled
from sipas.changes.years import AFTER, BEFORE, Year, mind_order, year_of

__all__ = [
    "AFTER",
    "BEFORE",
    "AnswerFlow",
    "Change",
    "SeveralYears",
    "Year",
    "compare",
    "compare_years",
    "index_to_split",
    "mind_order",
    "refuse_unfilled",
    "year_of",
]

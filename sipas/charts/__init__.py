"""Charts of results: each takes a result, fills an axes or a page-wide figure, returns the Axes.

The finding is the title; measure, population, place, year and n stand under it; source and
caveats below. `plotted` gives the numbers back, `alt_text` says in words what is to be seen.
"""

from sipas.charts.alternative import alt_text
from sipas.charts.by_domain import heat_map
from sipas.charts.by_group import leaders
from sipas.charts.dumbbell import change
from sipas.charts.forest_plot import forest
from sipas.charts.importance_performance import priorities
from sipas.charts.index_diagnostics import diagnostics
from sipas.charts.look import style
from sipas.charts.rank_plot import ranks
from sipas.charts.respondent_profile import profile
from sipas.charts.several_years import years
from sipas.charts.sheet import plotted
from sipas.charts.specifications import specification_curve
from sipas.charts.stacked import answers
from sipas.charts.target_distances import targets
from sipas.charts.waterfall import contributions

__all__ = [
    "alt_text",
    "answers",
    "change",
    "contributions",
    "diagnostics",
    "forest",
    "heat_map",
    "leaders",
    "plotted",
    "priorities",
    "profile",
    "ranks",
    "specification_curve",
    "style",
    "targets",
    "years",
]

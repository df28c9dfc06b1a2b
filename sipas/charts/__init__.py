"""Charts of results: each takes a result, fills an axes or a page-wide figure, returns the Axes.

The finding is the title; measure, population, place, year and n stand under it; source and
caveats below. `plotted` gives the numbers back, `alt_text` says in words what is to be seen.
"""

from sipas.charts.alternative import alt_text
from sipas.charts.by_group import leaders
from sipas.charts.dumbbell import change
from sipas.charts.look import style
from sipas.charts.sheet import plotted
from sipas.charts.stacked import answers
from sipas.charts.waterfall import contributions

__all__ = ["alt_text", "answers", "change", "contributions", "leaders", "plotted", "style"]

"""The demonstration: the made-up data of Huế for 2021 and 2022, and the choices that go with it.

What is invented here is said to be invented wherever it shows: the answers, the populations, and
the weights of the leader groups.
"""

from __future__ import annotations

from types import MappingProxyType

import pandas as pd

from sipas import datasets
from sipas.numerals import Lang
from sipas.responses import Answers, clean
from sipas.sentences import sentence

YEARS = (2021, 2022)
#: Illustrative: no source prints the official weights; these fit the printed total of 2022.
LEADER_WEIGHTS = MappingProxyType({"hdnd": 25.0, "so": 40.0, "phong": 30.0, "huyen": 5.0})
#: Forms sent: households by the design, leaders as printed in the plan for 2022.
HOUSEHOLDS_SENT = 486
LEADERS_SENT = MappingProxyType({"hdnd": 46, "so": 65, "phong": 264, "huyen": 29})


def households(year: int) -> Answers:
    """Clean household answers of one year, made up."""
    sheet = datasets.load_hue_households(year)
    return clean(sheet, f"sipas-{year}", sent=HOUSEHOLDS_SENT)


def leaders(year: int) -> Answers:
    """Clean leader answers of one year, made up.

    The plan prints how many forms were sent in 2022 only.
    """
    sheet = datasets.load_hue_leaders(year)
    return clean(sheet, f"leaders-{year}", sent=dict(LEADERS_SENT) if year == YEARS[-1] else None)


def population_weights() -> dict[str, dict[str, float]]:
    """Share of each district in the (made-up) population of the sampled districts."""
    sheet = households(YEARS[-1]).data
    population = sheet.groupby("district")["district_population"].first()
    return {"district": {str(name): float(count) for name, count in population.items()}}


def footnote(lang: Lang) -> str:
    """Say what is made up."""
    return sentence("demonstration", "footnote")[lang]


def published() -> list[pd.DataFrame]:
    """Load the printed figures that go with the surveys: ranks, and points of both years."""
    names = ("hue_sipas_dimensions", "hue_par_parts", "hue_leader_groups")
    return [datasets.load_published(name) for name in names]

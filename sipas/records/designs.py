"""How a sampling design was made from clean answers, and the same design made again.

A design holds columns, not the words by which it was asked for. They are found by trying: the
call that gives the same design is the record.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from itertools import product
from typing import Any

import numpy as np

import survey
from sipas.responses import Answers
from survey.design import column_list
from survey.errors import SurveyError
from survey.scores import Stage

_NAMES = (
    "weights",
    "strata",
    "psu",
    "fpc",
    "nest",
    "certainty",
    "lonely_psu",
    "lonely_domain",
    "population_label",
)


def how_made(answers: Answers, design: survey.Design) -> dict[str, Any]:
    """Describe a design by the call that makes it again from the answers.

    Returns
    -------
    dict
        ``call`` (``"answers.design"`` or ``"survey.Design"``), its ``arguments``, the columns of
        the design under the names of `survey.Design`, and how many units and strata it has.

    Raises
    ------
    SurveyError
        If no such call gives this design: it is calibrated, restricted or made of columns that
        cleaning does not give.
    """
    columns = {name: _plain(getattr(design, name)) for name in _NAMES}
    for call, arguments in (*_own_calls(design, answers), ("survey.Design", columns)):
        with suppress(SurveyError):
            if _same(made_again(answers, {"call": call, "arguments": arguments}), design):
                first = design.stages[0]
                counts = {"psus": len(first.stratum), "strata_count": len(first.size)}
                return {"call": call, "arguments": arguments, **columns, **counts}
    raise SurveyError(
        "record: this design cannot be made again from the clean answers alone.",
        mend="Record an index on answers.design(…), or on survey.Design(answers.data, …) without "
        "calibration, trimming, domain or replicate weights.",
    )


def made_again(answers: Answers, design: dict[str, Any]) -> survey.Design:
    """Make a design again, from the description that `how_made` gave."""
    if design["call"] == "answers.design":
        return answers.design(**design["arguments"])
    return survey.Design(answers.data, **design["arguments"])


def columns_of(design: survey.Design) -> list[str]:
    """Name the columns that a design reads."""
    named = [design.weights, design.strata, design.psu, design.fpc, design.certainty]
    return [name for columns in named for name in column_list(columns)]


def stratum_of_each(design: survey.Design) -> dict[object, object] | None:
    """Give the stratum of each named first-stage unit; None where rows were drawn."""
    first, names = design.stages[0], design.sample.names
    if names is None:
        return None
    strata = (first.stratum_names[code] for code in first.stratum)
    return dict(zip(names, strata, strict=True))


def _own_calls(design: survey.Design, answers: Answers) -> Iterator[tuple[str, dict[str, Any]]]:
    """List the calls of ``answers.design`` that could have made a design, the plainest first."""
    rule = {} if design.lonely_psu == "fail" else {"lonely_psu": design.lonely_psu}
    if answers.instrument.kind == "leaders":
        choices: list[dict[str, Any]] = [{}, {"superpopulation": True}]
    else:
        aims = [{}, *_whole_places(design)]
        choices = [{**a, **u} for a, u in product(aims, ({}, {"psu": "village"}))]
    for choice in choices:
        yield "answers.design", {**choice, **rule}


def _whole_places(design: survey.Design) -> list[dict[str, Any]]:
    """Say which wider inference the units taken with certainty point to."""
    if design.certainty is None or "district" not in design.data:
        return []
    certain = design.data[design.data[design.certainty].astype(bool)]
    districts = certain["district"].unique().tolist()
    made: list[dict[str, Any]] = []
    if len(districts) == 1:
        made.append({"inference": "province", "capital": str(districts[0])})
    if "province" in certain:
        capital = certain.groupby("province")["district"].first().to_dict()
        made.append({"inference": "nation", "capital": capital})
    return made


def _same(one: survey.Design, other: survey.Design) -> bool:
    """Tell whether two designs weigh every row alike and draw the same units."""
    plain = not other.adjustments and other.cells is None and bool(other.inside.all())
    rules = all(_plain(getattr(one, name)) == _plain(getattr(other, name)) for name in _NAMES)
    return (
        plain
        and rules
        and one.sample.names == other.sample.names
        and np.array_equal(one.weight, other.weight)
        and len(one.stages) == len(other.stages)
        and all(map(_same_stage, one.stages, other.stages))
    )


def _same_stage(one: Stage, other: Stage) -> bool:
    """Tell whether two stages put every row in the same unit, and every unit in its stratum."""
    return (
        np.array_equal(one.unit, other.unit)
        and np.array_equal(one.stratum, other.stratum)
        and np.array_equal(one.population, other.population)
    )


def _plain(value: object) -> object:
    """Write columns of several stages as a list, as JSON does."""
    return list(value) if isinstance(value, (list, tuple)) else value

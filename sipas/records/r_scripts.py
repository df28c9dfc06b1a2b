"""R code that computes a recorded result again, with the package ``survey``.

The code is two things: tables made here from the record (files, items, scores, weights of every
index), and fixed R functions that stand beside this file and read these tables.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from survey.errors import SurveyError

_SURVEY = (
    ("items", "reversed", "ends", "scores", "indices"),
    ("strata", "psu", "weights", "fpc", "nest", "certainty"),
)
_COLUMNS = ("strata", "psu", "fpc")


def r_script(content: Mapping[str, Any]) -> str:
    """Write the R code of a record.

    Raises
    ------
    SurveyError
        For a design that the package can't express.
    """
    surveys, rules = content["surveys"], content["rules"]
    leaders = next(iter(surveys.values()))["instrument"]["kind"] == "leaders"
    _refuse_designs([survey["design"] for survey in surveys.values()], leaders=leaders)
    parts, weighted, said = _parts(content)
    tables = {
        "surveys": {name: _survey(survey) for name, survey in surveys.items()},
        "parts": parts,
        "listwise": rules.get("missing") == "listwise",
    }
    if leaders:
        tables["group_labels"] = list(content["estimates"].get("groups", ()))
    else:
        tables |= {
            "by": rules["by"],
            "shares": rules["group_weights"],
            "weighted_parts": weighted,
            "apart": len(surveys) > 1 and not _paired(content),
        }
    written = "\n".join(f"{name} <- {literal(table)}" for name, table in tables.items())
    body = "leaders.R" if leaders else "households.R"
    fixed = "".join(_fixed(name) for name in ("common.R", body, "written.R"))
    return f"{_head(content, said)}\n{written}\n\n{fixed}"


def literal(value: object, indent: int = 0) -> str:
    """Write a value in R.

    Examples
    --------
    >>> print(literal({"S1": {"S1.1": 0.5}, "codes": ["S1"], "nest": True, "fpc": None}))
    list("S1" = c("S1.1" = 0.5),
      "codes" = c("S1"),
      "nest" = TRUE,
      "fpc" = NULL)
    >>> literal([]), literal({})
    ('character(0)', 'list()')
    """
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, Mapping):
        return _mapping(value, indent + 2)
    if isinstance(value, list):
        return f"c({', '.join(map(literal, value))})" if value else "character(0)"
    return json.dumps(str(value), ensure_ascii=False)


def _mapping(value: Mapping[str, Any], indent: int) -> str:
    """Write numbers by name as a vector, anything else as a list, one part a line."""
    numbers = all(type(part) in (int, float) for part in value.values())
    pieces = [f"{literal(name)} = {literal(part, indent)}" for name, part in value.items()]
    if numbers and pieces:
        return f"c({', '.join(pieces)})"
    between = f",\n{' ' * indent}"
    return f"list({between.join(pieces)})"


def _fixed(name: str) -> str:
    """Read R code that stands beside this file."""
    return Path(__file__).with_name(name).read_text(encoding="utf-8")


def _head(content: Mapping[str, Any], said: str) -> str:
    """Say what the script does, and set what R must know before it reads anything."""
    surveys = content["surveys"]
    named = ", ".join(survey["instrument"]["id"] for survey in surveys.values())
    files = ", ".join(survey["answers"]["file"] for survey in surveys.values())
    lonely = next(iter(surveys.values()))["design"]["lonely_psu"]
    return (
        f"# The estimates and standard errors of record.json ({content['result']}, {named}),\n"
        f"# from {files}, by the package survey.\n"
        f"# In their folder: Rscript reproduce.R; it writes estimates_r.csv.\n{said}"
        "suppressPackageStartupMessages(library(survey))\n"
        'if (!l10n_info()[["UTF-8"]]) stop("run R in a UTF-8 locale: names are in Vietnamese")\n'
        f"options(survey.lonely.psu = {literal(lonely)}, digits = 15)\n"
    )


def _survey(survey: Mapping[str, Any]) -> dict[str, Any]:
    """Take what R needs of one survey."""
    own, design = _SURVEY
    made = {"file": survey["answers"]["file"], **{name: survey[name] for name in own}}
    if "group_weights" in survey:
        made["group_weights"] = survey["group_weights"]
    for name in design:
        value = survey["design"][name]
        if name in _COLUMNS:
            value = [] if value is None else [value] if isinstance(value, str) else value
        made[name] = value
    return made


def _parts(content: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any], str]:
    """Say of which surveys each part of the estimates is made, and what is left out."""
    estimates = content["estimates"]
    change = {"before": -1.0, "after": 1.0}
    signs: dict[str, dict[str, float]] = {"index": {"survey": 1.0}}
    signs |= {"before": {"before": 1.0}, "after": {"after": 1.0}, "change": change}
    shared = {"weighted": {"survey": 1.0}, "weighted_change": change}
    left_out = (
        content["result"] == "change" and content["rules"]["paired"] and not _simple(content)
    )
    said = ""
    if left_out:
        said = (
            "# The change is left out: the years share some first-stage units and not others, or\n"
            "# have finite populations, and survey has no covariance for that.\n"
        )
        signs.pop("change")
        shared.pop("weighted_change")
    made = [
        {part: _part(estimates[part], own[part]) for part in own if part in estimates}
        for own in (signs, shared)
    ]
    return made[0], made[1], said


def _part(rows: Mapping[str, Any], signs: dict[str, float]) -> dict[str, Any]:
    """Codes of one part, and the surveys it joins."""
    codes = list(dict.fromkeys(label.split(" | ")[0] for label in rows))
    return {"signs": signs, "codes": codes}


def _simple(content: Mapping[str, Any]) -> bool:
    """Tell whether a change is one design: the same units in both years, or none."""
    rules, surveys = content["rules"], content["surveys"]
    finite = any(survey["design"]["fpc"] for survey in surveys.values())
    return not rules["psus_in_both"] or (rules["same_psus"] and not finite)


def _paired(content: Mapping[str, Any]) -> bool:
    """Tell whether both years are one design, units met again."""
    return bool(content["rules"]["same_psus"]) and _simple(content)


def _refuse_designs(designs: list[Mapping[str, Any]], *, leaders: bool) -> None:
    """Refuse what the R functions do not know."""
    own_rule = ("fail", "remove", "certainty")
    faults = {
        "lonely_domain": any(d["lonely_domain"] not in own_rule for d in designs),
        "two rules for lonely units": len({d["lonely_psu"] for d in designs}) > 1,
        "certainty together with fpc": any(d["certainty"] and d["fpc"] for d in designs),
        "leaders other than forms drawn within groups": leaders
        and any(d["strata"] not in ("group", ["group"]) or d["psu"] for d in designs),
    }
    said = [fault for fault, there in faults.items() if there]
    if said:
        raise SurveyError(
            f"Record.r_code: no R code for {', '.join(said)}.",
            mend="to_json() and sipas check --against do without R.",
        )

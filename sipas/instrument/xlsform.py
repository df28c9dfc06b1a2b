"""A questionnaire read from an XLSForm, the workbook KoboToolbox and ODK forms are written in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from sipas.formats import read, sheet_names
from sipas.instrument.files import from_table
from sipas.instrument.parts import COLUMN_ROLES, NO_ANSWERS, Fields
from survey.errors import SurveyError, did_you_mean, first_five, require_columns

_YES = ("yes", "true", "true()", "1")


def read_xlsform(
    path: str | Path,
    *,
    kind: str,
    year: int | None,
    satisfied: tuple[int, ...] | None,
    scale_list: str | None,
    population: str | None,
) -> Fields:
    """Read the parts of an instrument from an XLSForm; see `Instrument.from_xlsform`."""
    survey, choices = _sheet(path, "survey"), _sheet(path, "choices")
    require_columns(survey, ["type", "name"], where="sheet 'survey'")
    require_columns(choices, ["list_name", "name"], where="sheet 'choices'")
    settings = _settings(path)
    questions = list(_questions(survey))
    chosen = _scale_list(questions, scale_list)
    on_scale = [q for q in questions if q["type"].split()[-1] == chosen]
    scale, missing = _scale(choices[choices["list_name"] == chosen], chosen, satisfied)
    title = settings.get("form_title") or Path(path).stem
    table = {
        "id": settings.get("form_id") or Path(path).stem,
        "kind": kind,
        "year": _year(settings, year),
        "title": {"vi": title, "en": title},
        "population": {"vi": population or title, "en": population or title},
        "provenance": _provenance(Path(path)),
        "scale": scale,
        "missing": missing,
        "columns": {q["name"]: q["name"] for q in questions if q["name"] in COLUMN_ROLES},
        "items": [_item(question) for question in on_scale],
        "dimensions": _dimensions(on_scale),
        "groups": _groups(choices),
    }
    return from_table(table, where=Path(path).name)


def _sheet(path: str | Path, name: str) -> pd.DataFrame:
    """Read a sheet as trimmed text, blank where empty."""
    frame = read(path, sheet=name)
    return frame.map(_text)


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Give the rows as mappings from column name to text."""
    return [{str(key): cell for key, cell in row.items()} for row in frame.to_dict("records")]


def _text(value: object) -> str:
    """Write a cell as text: 5.0 is the name 5."""
    if isinstance(value, float):
        return "" if value != value else f"{value:g}"
    return "" if value is None else str(value).strip()


def _settings(path: str | Path) -> Mapping[str, str]:
    """Give the first row of ``settings``, or nothing."""
    if "settings" not in sheet_names(path):
        return {}
    frame = _sheet(path, "settings")
    return {} if frame.empty else {str(k): str(v) for k, v in frame.iloc[0].items()}


def _year(settings: Mapping[str, str], year: int | None) -> int:
    """Take the year that was given, else the version's first four digits."""
    if year is not None:
        return year
    version = settings.get("version", "")[:4]
    if len(version) == 4 and version.isascii() and version.isdigit():
        return int(version)
    raise SurveyError("XLSForm: no year in 'version' of sheet 'settings'.", mend="Give year=.")


def _provenance(path: Path) -> dict[str, Any]:
    """Say that the user supplied the form, and which file it was."""
    return {"status": "supplied", "note": {"vi": path.name, "en": f"XLSForm {path.name}"}}


def _questions(survey: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Give the single-choice questions, each with the group it stands in."""
    open_groups: list[dict[str, Any]] = []
    for row in _records(survey):
        words = str(row["type"]).replace("_group", " group").split()
        if words[:2] == ["begin", "group"]:
            open_groups.append(row)
        elif words[:2] == ["end", "group"] and open_groups:
            open_groups.pop()
        elif words[:1] == ["select_one"]:
            yield {**row, "group": open_groups[-1] if open_groups else None}


def _scale_list(questions: list[dict[str, Any]], wanted: str | None) -> str:
    """Name the choice list that is the scale."""
    used = Counter(question["type"].split()[-1] for question in questions)
    if wanted is not None and wanted not in used:
        raise SurveyError(
            f"XLSForm: no question uses the list {wanted!r}.", mend=did_you_mean(wanted, used)
        )
    ranked = used.most_common()
    tied = len(ranked) > 1 and ranked[0][1] == ranked[1][1]
    if wanted is None and (not ranked or tied):
        raise SurveyError(
            f"XLSForm: which choice list is the scale? Lists used: {first_five(used)}.",
            mend="Give scale_list=.",
        )
    return wanted or ranked[0][0]


def _labels(row: Mapping[str, Any]) -> dict[str, str]:
    """Give the label in both languages; the plain column serves where a language is absent."""
    named = {}
    for lang in ("vi", "en"):
        own = [str(k) for k in row if str(k).startswith("label::") and f"({lang})" in str(k)]
        named[lang] = str(row[own[0]] if own else row.get("label", "")) or str(row["name"])
    return named


def _scale(
    choices: pd.DataFrame, name: str, satisfied: tuple[int, ...] | None
) -> tuple[dict[str, Any], dict[str, str]]:
    """Part the choices of the scale's list into levels and codes of no answer."""
    rows = _records(choices)
    missing = {str(r["name"]): str(r["missing"]) for r in rows if r.get("missing")}
    levels = [row for row in rows if not row.get("missing")]
    strange = [row["name"] for row in levels if not str(row["name"]).isdigit()]
    if strange or not levels:
        raise SurveyError(
            f"XLSForm: list {name!r} has choices that are no level: {first_five(strange)}.",
            mend=f"Name levels 1, 2, …; mark others in a column 'missing' as {NO_ANSWERS}.",
        )
    levels.sort(key=lambda row: int(row["name"]))
    marked = [int(r["name"]) for r in levels if str(r.get("satisfied", "")).lower() in _YES]
    if satisfied is None and not marked:
        raise SurveyError(
            f"XLSForm: which levels of {name!r} count as satisfied is not said.",
            mend="Give satisfied=, or a column 'satisfied' with yes in sheet 'choices'.",
        )
    labels = [_labels(row) for row in levels]
    scale = {
        "levels": [int(row["name"]) for row in levels],
        "labels": {lang: [label[lang] for label in labels] for lang in ("vi", "en")},
        "satisfied": list(satisfied or marked),
        "scores": [_number(row["score"], "choices: score") for row in levels if row.get("score")],
    }
    return scale, missing


def _number(text: str, where: str) -> float:
    """Read a number written in a cell."""
    try:
        return float(text)
    except ValueError as bad:
        raise SurveyError(f"XLSForm, {where}: {text!r} is not a number.") from bad


def _dimension(question: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
    """Give the code and labels of a question's dimension."""
    group, own = question["group"], question.get("dimension")
    if own:
        same = group is not None and group["name"] == own
        return own, _labels(group) if same else {"vi": own, "en": own}
    return (group["name"], _labels(group)) if group is not None else ("", {"vi": "", "en": ""})


def _dimensions(questions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give each dimension once, in the order of the form."""
    found = dict(_dimension(q) for q in questions if (q.get("role") or "index") == "index")
    return [{"code": c, "label": t, "short": t} for c, t in found.items() if c]


def _item(question: Mapping[str, Any]) -> dict[str, Any]:
    """Turn a question into the table of an item."""
    labels, role = _labels(question), question.get("role") or "index"
    item: dict[str, Any] = {
        "code": question["name"],
        "text": labels,
        "short": labels,
        "dimension": _dimension(question)[0] if role == "index" else "",
        "role": role,
        "groups": str(question.get("groups") or "").split(),
        "reverse": str(question.get("reverse") or "").lower() in _YES,
    }
    if question.get("max_points"):
        item["max_points"] = _number(question["max_points"], f"{question['name']}: max_points")
    return item


def _groups(choices: pd.DataFrame) -> list[dict[str, Any]]:
    """Give the choices of the list named ``group``."""
    rows = _records(choices[choices["list_name"] == "group"])
    return [{"code": str(row["name"]), "label": _labels(row)} for row in rows]

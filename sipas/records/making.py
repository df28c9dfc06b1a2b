"""From a result to its record: the answers it used, the rules, the design, and its numbers."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from math import isfinite
from pathlib import Path
from typing import Any, cast

import numpy as np
import pandas as pd

import survey
from sipas.changes import AFTER, BEFORE, Change, Year
from sipas.indices import SatisfactionIndex
from sipas.leaders import LeaderScores
from sipas.records.canonical import label_text
from sipas.records.describing import by_item, described
from sipas.records.designs import stratum_of_each
from sipas.records.results import SCHEMA, Record
from survey.errors import SurveyError

Source = str | Path | Sequence[str | Path] | None


def record(index: Year | Change, *, source: Source = None) -> Record:
    """Record what made a result, so that anyone can make it again.

    Parameters
    ----------
    index : SatisfactionIndex, LeaderScores or Change
        The result.
    source : path or pair of paths, optional
        The sheet that was cleaned (for a change: the earlier and the later), whose hash is then
        recorded too. Its name and place are not.

    Returns
    -------
    Record
        ``write(folder)`` puts ``record.json``, the answers used and ``reproduce.R`` there.

    Raises
    ------
    SurveyError
        Another kind of result, a design that cannot be made again from the clean answers, or a
        source that cannot be read.

    Notes
    -----
    The hash of the answers is the SHA-256 of the CSV file that ``write`` makes: the columns that
    the computation read (items of the index, columns of the design and of ``by``), under their
    role names, cleaned, rows sorted. So neither the order of the rows nor columns that play no
    part change it, and no id or name of a person is in it.

    Examples
    --------
    >>> import sipas
    >>> answers = sipas.clean(sipas.datasets.load_hue_households(2022), "sipas-2022")
    >>> made = record(sipas.satisfaction(answers))
    >>> made.content["estimates"]["index"]["services"]["estimate"]
    79.56...
    >>> made.compare(record(sipas.satisfaction(answers))).same
    True
    """
    if isinstance(index, Change):
        return _change(index, source)
    if not isinstance(index, SatisfactionIndex | LeaderScores):
        raise SurveyError(
            f"record: got a {type(index).__name__}.",
            mend="Pass a result of sipas.satisfaction, sipas.leader_scores or sipas.compare.",
        )
    paths = [source] if source is None or isinstance(source, str | Path) else list(source)
    content, file = described(index, index.instrument, "data.csv", *_matched(paths, 1))
    kind = "leader_scores" if isinstance(index, LeaderScores) else "satisfaction"
    return _record(kind, {"survey": content}, _rules(index), _estimates(index), [file])


def _change(change: Change, source: Source) -> Record:
    """Record both years and what was declared of them."""
    paths = [source] if source is None or isinstance(source, str | Path) else list(source)
    years = {BEFORE: change.before, AFTER: change.after}
    _refuse_unlike(change)
    made = [
        described(year, instrument, f"data_{name}.csv", path)
        for (name, year), instrument, path in zip(
            years.items(), change.instruments, _matched(paths, 2), strict=True
        )
    ]
    contents = dict(zip(years, (content for content, _ in made), strict=True))
    rules = {
        **_rules(change.after),
        "link": change.link,
        "equivalence": change.equivalence,
        "paired": change.paired,
        "psus_in_both": change.shared_psus,
        "same_psus": _same_units(change),
    }
    estimates = {
        BEFORE: _numbers(change.before.estimates),
        AFTER: _numbers(change.after.estimates),
        "change": _numbers(change.estimates),
    }
    if change.weighted is not None:
        estimates["weighted_change"] = _numbers(change.weighted)
    return _record("change", contents, rules, estimates, [file for _, file in made])


def _record(
    kind: str, surveys: object, rules: object, estimates: object, files: list[tuple[str, str]]
) -> Record:
    """Put the parts together, always in the same order."""
    content = {
        "schema": SCHEMA,
        "result": kind,
        "surveys": surveys,
        "rules": rules,
        "estimates": estimates,
        "versions": _versions(),
    }
    return Record(content, dict(files))


def _matched(paths: list[Any], count: int) -> list[Any]:
    """Give one source, or none, for each survey."""
    if paths == [None]:
        return [None] * count
    if len(paths) != count:
        raise SurveyError(
            f"record(source=): {len(paths)} files for {count} surveys.",
            mend="Give one path; for a change a pair, the earlier year first.",
        )
    return paths


def _rules(year: Year) -> dict[str, Any]:
    """Arguments of `sipas.satisfaction` or `sipas.leader_scores`, but for the design."""
    if isinstance(year, LeaderScores):
        return {"group_weights": _group_weights(year)}
    own = year.rules
    shares = {column: dict(given) for column, given in (own.group_weights or {}).items()}
    return {
        "by": list(year.by),
        "score": own.score,
        "aggregate": own.aggregate,
        "missing": own.missing,
        "policy_weight": own.policy_weight,
        "group_weights": shares or None,
    }


def _group_weights(year: LeaderScores) -> dict[str, Any]:
    """One weight a group where these make the whole table, else the table, item by item."""
    table = year.weights
    asked = {item.code: item.groups or tuple(table.index) for item in year.instrument.index_items}
    for item, groups in asked.items():
        shares = table[item]
        if len(groups) < len(table) or not (shares > 0).all():
            continue
        implied = pd.DataFrame(
            {code: shares.where(table.index.isin(who), 0.0) for code, who in asked.items()}
        )
        if np.allclose(implied / implied.sum(), table[list(asked)], rtol=0.0, atol=1e-12):
            return {str(group): float(share) for group, share in shares.items()}
    return by_item(year)


def _refuse_unlike(change: Change) -> None:
    """Refuse leaders' years weighted item by item on different items: no call makes both."""
    if not isinstance(change.before, LeaderScores) or not isinstance(change.after, LeaderScores):
        return
    if _group_weights(change.before).keys() != _group_weights(change.after).keys():
        raise SurveyError(
            "record: the two years weigh the groups of leaders item by item, on different items.",
            mend="Record each year, or compare them with link='items'.",
        )


def _same_units(change: Change) -> bool:
    """Tell whether both years hold the same units in the same strata."""
    units = [stratum_of_each(year.design) for year in (change.before, change.after)]
    return change.paired and units[0] is not None and units[0] == units[1]


def _estimates(index: Year) -> dict[str, Any]:
    """Write the estimates of one survey."""
    if isinstance(index, LeaderScores):
        return {"index": _numbers(index.estimates), "groups": _numbers(index.groups)}
    made = {"index": _numbers(index.estimates)}
    if index.weighted is not None:
        made["weighted"] = _numbers(index.weighted)
    return made


def _numbers(estimates: survey.Estimates) -> dict[str, dict[str, float | None]]:
    """Write estimates at full precision; null where there is no number."""
    columns = {name: getattr(estimates, name) for name in ("estimate", "se", "df", "n")}
    rows = zip(*(column.tolist() for column in columns.values()), strict=True)
    return {
        label_text(label): {
            name: cast(float, value) if isfinite(value) else None
            for name, value in zip(columns, row, strict=True)
        }
        for label, row in zip(estimates.labels, rows, strict=True)
    }


def _versions() -> Mapping[str, str]:
    """Versions of what computed the numbers."""

    def of(package: str) -> str:
        try:
            return version(package)
        except PackageNotFoundError:
            return "not installed"

    packages = {name: of(name) for name in ("sipas", "numpy", "pandas", "scipy")}
    return {**packages, "python": platform.python_version()}

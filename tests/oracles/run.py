"""Compare this library with reference results computed elsewhere.

``python tests/oracles/run.py FOLDER [--fn NAME] [--verbose]`` reads ``FOLDER/cases.json`` (the
form is described in ``tests/oracles/README.md``), answers every case with the public functions,
and prints for each ``fn`` how many passed, failed and are not supported, with the worst relative
error. It exits with 1 when a case failed.
"""

from __future__ import annotations

import argparse
import json
import sys
import tomllib
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from answers import answer
from oracle_designs import NotSupported

import survey

#: Keys of an expectation that describe it and hold no number to compare.
DESCRIPTIONS = {
    "names", "level", "warnings", "r_raw_se", "by", "by_levels", "columns", "error", "strata",
    "method", "comment",
}  # fmt: skip
#: A value that is zero in theory may print as 1e-13: where both sides are below this share of the
#: largest estimate (of the largest entry, in a matrix), they agree.
ZERO = 1e-10


@dataclass(frozen=True)
class Outcome:
    """What became of one case."""

    case: str
    fn: str
    state: str
    error: float = 0.0
    where: str = ""


def main(arguments: list[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--fn", help="only the cases of this function")
    parser.add_argument("--verbose", action="store_true", help="print each case that did not pass")
    options = parser.parse_args(arguments)
    outcomes = run(options.folder, fn=options.fn)
    print(report(outcomes, verbose=options.verbose))
    return int(any(outcome.state == "failed" for outcome in outcomes))


def run(folder: Path, *, fn: str | None = None) -> list[Outcome]:
    """Answer and compare every case of a folder."""
    cases = json.loads((folder / "cases.json").read_text(encoding="utf-8"))
    listed = _listed(folder)
    chosen = [case for case in cases if fn is None or case["stat"]["fn"] == fn]
    return [outcome(case, folder, listed) for case in chosen]


def _listed(folder: Path) -> set[str]:
    """Cases in which R's own number is known not to be the right one."""
    path = folder / "differs.toml"
    return (
        set(tomllib.loads(path.read_text(encoding="utf-8"))["cases"]) if path.exists() else set()
    )


def outcome(case: dict[str, Any], folder: Path, listed: set[str]) -> Outcome:
    """Compare one case."""
    name, fn, expect = case["id"], case["stat"]["fn"], case["expect"]
    wants_error = case["stat"].get("expect_error", False)
    try:
        got = answer(case, folder)
    except NotSupported as reason:
        return Outcome(name, fn, "not supported", where=str(reason))
    except survey.SurveyError as error:
        return Outcome(name, fn, "passed" if wants_error else "failed", np.inf, str(error))
    if wants_error:
        return Outcome(name, fn, *_without_error(case))
    errors = {
        key: worst(value, got.get(key), expect)
        for key, value in expect.items()
        if key not in DESCRIPTIONS
    }
    where, error = max(errors.items(), key=lambda pair: pair[1])
    state = "passed" if error <= case["rtol"] else "failed"
    if state == "failed" and name in listed:
        state = "differs, listed"
    return Outcome(name, fn, state, error, where)


def _without_error(case: dict[str, Any]) -> tuple[str, float, str]:
    """R stopped where this library answers: right only where R's limitation is noted as such."""
    limitation = "LIMITATION" in case.get("note", "")
    return ("passed", 0.0, "") if limitation else ("failed", np.inf, "no error was raised")


def worst(expected: Any, got: Any, expect: dict[str, Any]) -> float:
    """Largest relative error of one key; infinite when a value is absent."""
    if isinstance(expected, dict):
        return max(worst(value, (got or {}).get(key), expect) for key, value in expected.items())
    if got is None:
        return np.inf
    if _is_label(expected):
        return 0.0 if got == expected else np.inf
    if isinstance(expected, list) and all(_is_label(value) for value in expected):
        return 0.0 if list(got) == expected else np.inf
    want, have = _numbers(expected), _numbers(got)
    if want.shape != have.shape or (np.isnan(want) != np.isnan(have)).any():
        return np.inf
    known = ~np.isnan(want)
    floor = ZERO * _largest(_numbers(expect.get("estimate", expected)))
    if want.ndim == 2:
        floor = max(floor**2, ZERO * _largest(want))
    with np.errstate(divide="ignore", invalid="ignore"):
        agree = (have == want) | ((np.abs(have) <= floor) & (np.abs(want) <= floor))
        relative = np.where(agree, 0.0, np.abs(have - want) / np.abs(want))
    return float(np.max(relative[known], initial=0.0))


def _is_label(value: Any) -> bool:
    """Whether a value is a word to be met exactly, and not R's word for a number."""
    return isinstance(value, str) and value not in ("Inf", "-Inf")


def _largest(values: np.ndarray) -> float:
    """Largest absolute value, leaving out what is missing."""
    return float(np.nanmax(np.append(np.abs(values), 0.0)))


def _numbers(values: Any) -> np.ndarray:
    """Numbers of any nesting; null is missing and "Inf" infinite."""
    flat = np.asarray(values, dtype=object)
    words = {"Inf": np.inf, "-Inf": -np.inf, None: np.nan}
    read = [words.get(v, v) if isinstance(v, str) or v is None else v for v in flat.ravel()]
    return np.asarray(read, dtype=np.float64).reshape(flat.shape)


def report(outcomes: list[Outcome], *, verbose: bool = False) -> str:
    """Counts and the worst error of each function, as a table."""
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for item in outcomes:
        groups[item.fn].append(item)
    states = ("passed", "failed", "differs, listed", "not supported")
    lines = [
        f"{'fn':<20}{'passed':>8}{'failed':>8}{'listed':>8}{'not supported':>15}  worst error"
    ]
    for fn, members in [*sorted(groups.items()), ("all", outcomes)]:
        counts = [sum(item.state == state for item in members) for state in states]
        errors = [item.error for item in members if item.state == "passed" and item.error < np.inf]
        worst_passed = f"{max(errors, default=0.0):.1e}"
        lines.append(
            f"{fn:<20}{counts[0]:>8}{counts[1]:>8}{counts[2]:>8}{counts[3]:>15}  {worst_passed}"
        )
    if verbose:
        lines += [
            f"{item.state}: {item.case} ({item.where}, {item.error:.3g})"
            for item in outcomes
            if item.state != "passed"
        ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())

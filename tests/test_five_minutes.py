"""docs/five_minutes.md: our code gives the printed output, and R's numbers are the cases'."""

from __future__ import annotations

import contextlib
import io
import json
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from survey.display import half_up

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "five_minutes.md").read_text(encoding="utf-8")
#: Columns of the page, and what the reference cases call them.
NAMES = {"low": ("ci_t_low", "ci_low"), "high": ("ci_t_high", "ci_high"), "p": ("p_value",)}


@dataclass
class Section:
    """One step of the page."""

    title: str
    code: dict[str, list[str]] = field(
        default_factory=lambda: {"r": [], "stata": [], "python": []}
    )
    ours: list[str] = field(default_factory=list)
    theirs: list[str] = field(default_factory=list)


@cache
def sections() -> list[Section]:
    """Cut the page into steps, and each step into its blocks."""
    found = []
    for text in PAGE.split("\n## ")[1:]:
        section = Section(text.split("\n", 1)[0])
        for kind, body in re.findall(r"```(\w+)\n(.*?)\n```", text, re.DOTALL):
            if kind in section.code:
                section.code[kind].append(body)
            else:
                (section.theirs if body.startswith("R: ") else section.ours).append(body)
        found.append(section)
    return found


STEPS = [section for section in sections() if section.code["python"]]
#: Every block of R's numbers, with the step that it stands in.
BLOCKS = [
    pytest.param(step, block, id=block.split()[1]) for step in STEPS for block in step.theirs
]


@cache
def cases() -> dict[str, dict[str, Any]]:
    listed = json.loads((ROOT / "tests" / "oracles" / "cases.json").read_text(encoding="utf-8"))
    return {case["id"]: case for case in listed}


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def rows(block: str) -> tuple[str, list[str], dict[str, list[str]]]:
    """The case of a block of R's numbers, its columns, and its rows by label."""
    head, *body = block.split("\n")
    _, case, *columns = head.split()
    cells = [line.rsplit(maxsplit=len(columns)) for line in body]
    return case, columns, {label: numbers for label, *numbers in cells}


def value(case: str, column: str, label: str) -> float:
    """R's number for a cell of the page."""
    expect = dict(cases()[case]["expect"])
    if "quantiles" in expect:
        (expect,) = expect["quantiles"].values()
        expect["names"] = [f"{share:.2f}" for share in expect["probs"]]
    expect |= expect.get("parameter", {})
    key = next(key for key in NAMES.get(column, (column,)) if key in expect)
    if isinstance(expect[key], float):
        return expect[key]
    return float(expect[key][expect["names"].index(label)])


def test_eleven_steps_in_three_languages() -> None:
    assert len(STEPS) == 11
    for step in STEPS:
        assert all(step.code.values()), step.title
        assert len(step.ours) == len(step.code["python"]), step.title
    assert all(step.theirs for step in STEPS[1:])


def test_our_code_prints_what_the_page_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    names: dict[str, object] = {}
    for step in STEPS:
        for code, output in zip(step.code["python"], step.ours, strict=True):
            printed = io.StringIO()
            with contextlib.redirect_stdout(printed):
                exec(code, names)  # the page's own code, read from this repository
            assert [line.rstrip() for line in printed.getvalue().splitlines()] == output.split(
                "\n"
            ), step.title


@pytest.mark.parametrize(("step", "block"), BLOCKS)
def test_rs_numbers_are_those_of_the_cases(step: Section, block: str) -> None:
    case, columns, table = rows(block)
    for label, numbers in table.items():
        for column, shown in zip(columns, numbers, strict=True):
            decimals = len(shown.partition(".")[2])
            assert decimals >= 2
            assert shown == f"{half_up(value(case, column, label), decimals):f}", (label, column)


@pytest.mark.parametrize(("step", "block"), BLOCKS)
def test_rs_calls_are_those_of_the_cases(step: Section, block: str) -> None:
    case = cases()[block.split()[1]]
    assert squeezed(case["call"]) in squeezed("\n".join(step.code["r"]))
    design = case["design"]
    assert squeezed(f"{design['name']} <- {design['call']}") in squeezed(
        "\n".join(code for each in STEPS for code in each.code["r"])
    )


@pytest.mark.parametrize(("step", "block"), BLOCKS)
def test_our_output_holds_every_number_of_rs(step: Section, block: str) -> None:
    printed = "\n".join(step.ours).split("\n")
    for label, numbers in rows(block)[2].items():
        names = {label, label.split(":")[0], label.removeprefix("stype")}
        own = [
            line for line in printed if any(re.match(rf"{re.escape(n)}[\s(]", line) for n in names)
        ]
        found = re.findall(r"-?\d+\.\d+", " ".join(own))
        assert [number for number in numbers if number not in found] == [], label


def test_a_wrong_number_is_noticed() -> None:
    step, block = BLOCKS[0].values
    assert isinstance(step, Section)
    wrong = str(block).replace("9.4089", "9.4088")
    assert wrong != block
    with pytest.raises(AssertionError):
        test_rs_numbers_are_those_of_the_cases(step, wrong)
    with pytest.raises(AssertionError):
        test_our_output_holds_every_number_of_rs(step, wrong)

"""The computations quoted in docs/differs_from_r.md, run again."""

from __future__ import annotations

import importlib
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "differs_from_r.md").read_text(encoding="utf-8")
QUOTED = dict(
    re.findall(r"```text\n\$ python docs/differences\.py (\w+)\n(.*?)\n```", PAGE, re.DOTALL)
)
#: Takes seconds; a short run of it is tested instead.
SLOW = "repeated_poststratification_simulated"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    sys.path.insert(0, str(ROOT / "docs"))
    try:
        return importlib.import_module("differences")
    finally:
        sys.path.remove(str(ROOT / "docs"))


def test_every_computation_is_quoted(script: ModuleType) -> None:
    assert set(QUOTED) == set(script.SECTIONS)


@pytest.mark.parametrize("name", [name for name in QUOTED if name != SLOW])
def test_the_quoted_numbers_are_those_computed(script: ModuleType, name: str) -> None:
    assert [row.rstrip() for row in script.SECTIONS[name]()] == QUOTED[name].split("\n")


def test_the_order_of_residuals_by_simulation(script: ModuleType) -> None:
    rows = script.SECTIONS[SLOW](samples=120, jackknifed=3)
    spread, forward, backward, jackknife = (float(row.split()[-1]) for row in rows[1:])
    assert backward == pytest.approx(spread, rel=0.25)  # Monte-Carlo error 6.5 %
    assert backward == pytest.approx(jackknife, rel=0.1)
    assert forward < spread / 3
    quoted = [float(row.split()[-1]) for row in QUOTED[SLOW].split("\n")[1:]]
    assert [forward, backward] == pytest.approx(quoted[1:3], rel=0.1)


def test_named_sections_are_printed(
    script: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    script.main(["one_mean"])
    printed = capsys.readouterr().out
    assert printed.startswith("$ python docs/differences.py one_mean\n")
    assert QUOTED["one_mean"] in printed

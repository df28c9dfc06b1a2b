"""The reader of R arithmetic: precedence, names, and what it refuses."""

from __future__ import annotations

import importlib.util
import math
from pathlib import Path
from types import ModuleType

import pytest

PATH = Path(__file__).parent / "oracles" / "r_expressions.py"


@pytest.fixture(scope="module")
def reader() -> ModuleType:
    spec = importlib.util.spec_from_file_location("r_expressions", PATH)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("100 * (b / a - 1)", 50.0),
        ("log(b / a)", math.log(1.5)),
        ("-a^2 + b", -1.0),
        ("2^-1 * b", 1.5),
        ("2^3^2", 512.0),
        ("b - a - 1", 0.0),
        ("`2000` / `1999`", 1.1),
        ("sqrt(exp(log(a * a)))", 2.0),
        ("1e-1 + .5", 0.6),
    ],
)
def test_arithmetic(reader: ModuleType, text: str, value: float) -> None:
    numbers = {"a": 2.0, "b": 3.0, "1999": 10.0, "2000": 11.0}
    assert reader.expression(text)(numbers) == pytest.approx(value, rel=1e-15)


@pytest.mark.parametrize("text", ["a; b", "a[1]", "a b", "(a", "a $ b", "'x'"])
def test_what_is_no_arithmetic(reader: ModuleType, text: str) -> None:
    with pytest.raises(ValueError, match=r"cannot read|not closed"):
        reader.expression(text)


def test_only_listed_functions_are_called(reader: ModuleType) -> None:
    with pytest.raises(KeyError):
        reader.expression("system(a)")

"""docs/printed_figures.md and docs/targets.md print what the library gives."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[1] / "docs"


@pytest.mark.parametrize(("page", "examples"), [("printed_figures.md", 20), ("targets.md", 15)])
def test_the_page_prints_what_the_code_prints(page: str, examples: int) -> None:
    found = doctest.testfile(
        str(DOCS / page), module_relative=False, optionflags=doctest.NORMALIZE_WHITESPACE
    )
    assert found.attempted >= examples
    assert found.failed == 0

"""What the columns of a printed table are called: the library's names, and Vietnamese headings."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from survey.errors import SurveyError, first_five


@cache
def quantities() -> dict[str, Any]:
    """Read ``quantities.toml`` once."""
    file = Path(__file__).with_name("quantities.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


def folded(heading: str) -> str:
    """Write a heading in small letters without marks, as ``quantities.toml`` lists it.

    Examples
    --------
    >>> folded("Tỷ lệ (%)"), folded("Điểm tối đa"), folded("rate_pct")
    ('ty_le', 'diem_toi_da', 'rate_pct')
    """
    letters = unicodedata.normalize("NFD", heading.lower().replace("đ", "d"))
    return "_".join(re.findall(r"[a-z0-9]+", re.sub(r"[\u0300-\u036f]", "", letters)))


def named_columns(headings: Iterable[object], where: str) -> dict[str, str]:
    """Give each column's heading as it is looked for.

    Raises
    ------
    SurveyError
        If two columns come to the same name.
    """
    given = [str(heading) for heading in headings]
    names = [folded(heading) or heading for heading in given]
    twice = [one for one, name in zip(given, names, strict=True) if names.count(name) > 1]
    if twice:
        raise SurveyError(
            f"{where}: columns of the same name: {first_five(twice)}.",
            mend="Rename or drop all but one of them.",
        )
    return dict(zip(given, names, strict=True))

"""The numbers behind figures: the same decimals in every format, and nothing lost on the way."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from sipas.documents import write_excel
from sipas.documents.drawn_numbers import decimals_of
from sipas.documents.html_figures import drawn_table
from sipas.documents.pictures import Contents, Picture
from sipas.phrases import Voice

#: A column of every kind, all of its numbers whole but those of the last.
DATA = pd.DataFrame(
    {
        "label": ["a", "b"],
        "estimate": [80.0, 75.0],
        "satisfied": [80.0, 75.0],
        "n": [1486.0, 461.0],
        "by": [2025.0, float("nan")],
        "p": [1.0, 0.0],
        "p_adjusted": [1.0, 0.0004],
        "low": [70.5, 60.0],
    }
)
PICTURE = Picture("my_own", "", {}, "", DATA)


@pytest.mark.parametrize(
    ("key", "values", "decimals"),
    [
        ("p", [1.0, 0.0], 3),
        ("p_adjusted", [0.5], 3),
        ("estimate", [80.0], 2),
        ("satisfied", [80.0], 2),
        ("n", [486.0, float("nan")], 0),
        ("df", [6.0, float("inf")], 0),
        ("df", [6.25], 2),
        (4, [54.88], 2),
    ],
)
def test_decimals_of_a_column(key: object, values: list[float], decimals: int) -> None:
    assert decimals_of(key, pd.Series(values)) == decimals


def test_a_page_writes_what_the_figure_prints() -> None:
    rows = [row.cells[1:] for row in drawn_table(PICTURE, Voice("vi"), "t").rows()]
    assert rows == [
        ("a", "80,00", "80,00", "1.486", "2025", "1,000", "1,000", "70,50"),
        ("b", "75,00", "75,00", "461", "–", "< 0,001", "< 0,001", "60,00"),
    ]


def test_a_workbook_shows_the_same_decimals(tmp_path: Path) -> None:
    made = write_excel(tmp_path / "x.xlsx", Contents({}, {"my_own": PICTURE}, 2022))
    row = openpyxl.load_workbook(made).worksheets[1][5]
    rate, count, chance = "#,##0.00", "#,##0", "#,##0.000"
    assert [cell.number_format for cell in row[2:9]] == [
        rate,
        rate,
        count,
        "0",
        chance,
        chance,
        rate,
    ]


def test_two_headings_alike_stay_two_columns_of_a_page() -> None:
    data = pd.DataFrame({"code": ["A"], "mã": ["B"]})
    table = drawn_table(Picture("my_own", "", {}, "", data), Voice("vi"), "t")
    assert [column.head for column in table.columns[1:]] == ["mã", "mã"]
    assert table.rows()[0].cells[1:] == ("A", "B")

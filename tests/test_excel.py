"""The workbook, opened again: live numbers, native charts, names, paper, and harmless text."""

from __future__ import annotations

import re
import tomllib
import zipfile
from functools import cache
from pathlib import Path
from typing import Any
from unicodedata import normalize
from xml.etree import ElementTree

import openpyxl
import pandas as pd
import pytest

import sipas
from sipas import report
from sipas.documents import drawn_numbers, excel, write_excel
from sipas.documents.excel_cells import Block, lines, pattern, sheet_names
from sipas.documents.excel_dots import ends, row_name
from sipas.documents.excel_figures import _KINDS
from sipas.documents.excel_live import live_formulas
from sipas.documents.pictures import Contents, Picture
from sipas.phrases import Voice
from sipas.report.figures import picture
from sipas.tables import Column, Table
from sipas.wording.report_parts import tables_of

HOSTILE = [
    '=HYPERLINK("http://x","y")',
    "<script>alert(1)</script>",
    "{{ 7*7 }} {level}",
    "n" * 300,
    "Chi\u0309 số ha\u0300i lo\u0300ng",
    "+1-1",
    "@SUM(A1) http://example.org",
    "bell \x07 and tab \t",
]
CHARTS = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
#: Figures of the demonstration, as they are numbered.
NAMES = ["leaders", "change", "contributions", "forest", "heat_map", "answers"]


@cache
def demonstration() -> Contents:
    parts = report.demo().parts
    drawn = {name: picture(parts, name, "vi", set()) for name in parts.figure_names}
    return Contents(tables_of(parts, "vi"), drawn, parts.year)


@cache
def aims() -> Contents:
    """A figure of targets; another survey in the table has a code in common with it."""
    given = pd.DataFrame(
        {
            "code": ["services", "S1", "S5"],
            "target": [">=80", "<=70", ">=72.5"],
            "year": [2025, None, None],
        }
    )
    households = report.demo().parts.households
    assert households is not None
    data = sipas.targets(households.after, targets=given).table(lang="vi")
    data.loc["S5", "label"] = HOSTILE[0]
    frame = pd.DataFrame(
        {
            "figure": [*data["figure"], "S1"],
            "name": ["Chỉ số chung", "Tiếp cận", "Phản ánh", "S1 của lãnh đạo"],
            "estimate": [*data["estimate"], 12.5],
        }
    )
    table = Table("targets", "", frame, (Column("name", "", kind="text"), Column("estimate", "")))
    drawn = Picture("targets_households", "Mục tiêu", {}, "mô tả", data)
    return Contents({"targets": table}, {"targets_households": drawn}, 2022)


@pytest.fixture(scope="module")
def aimed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_excel(tmp_path_factory.mktemp("aims") / "x.xlsx", aims())


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_excel(tmp_path_factory.mktemp("excel") / "a.xlsx", demonstration())


@pytest.fixture(scope="module")
def stored(path: Path) -> Any:
    """Values as they were stored."""
    return openpyxl.load_workbook(path, data_only=True)


@pytest.fixture(scope="module")
def written(path: Path) -> Any:
    """Formulas as they were written."""
    return openpyxl.load_workbook(path)


def number_of(sheet: Any, address: str) -> float:
    value = sheet[address.replace("$", "")].value
    return 0.0 if value is None else float(value)


def calculated(sheet: Any, formula: str) -> float:
    """Work out a formula by a small reader of its own, which refuses anything else."""
    body = formula.removeprefix("=")
    if found := re.fullmatch(r"SUM\(([A-Z]+)(\d+):\1(\d+)\)", body):
        column, first, last = found.groups()
        return sum(number_of(sheet, f"{column}{k}") for k in range(int(first), int(last) + 1))
    safe = re.sub(r"[A-Z]+\d+", lambda cell: f"({number_of(sheet, cell[0])!r})", body)
    safe = re.sub(r"\b(MIN|MAX|ABS)\(", lambda name: name[0].lower(), safe)
    assert re.fullmatch(r"[-+().,\deminaxbs]+", safe), formula
    return float(eval(safe, {"__builtins__": {}}, {"min": min, "max": max, "abs": abs}))


def formulas(book: Any) -> list[tuple[str, Any]]:
    cells = [(sheet.title, c) for sheet in book for row in sheet.iter_rows() for c in row]
    return [(name, cell) for name, cell in cells if cell.data_type == "f"]


def head_row(sheet: Any, place: int = 1) -> int:
    """Row of the heading of the numbers of a figure: the first filled cell below the words."""
    return next(row for row in range(4, 200) if sheet.cell(row, place).value is not None)


def test_every_formula_gives_its_stored_number(written: Any, stored: Any) -> None:
    found = formulas(written)
    assert len(found) > 200
    for name, cell in found:
        kept = stored[name][cell.coordinate].value
        assert calculated(stored[name], cell.value) == pytest.approx(kept, abs=1e-9)


def test_changes_and_sums_are_live_in_the_tables(written: Any) -> None:
    told = {(name, cell.coordinate): cell.value for name, cell in formulas(written)}
    assert told["Bảng 3", "G5"] == "=E5-C5"
    assert [told["Bảng 4", f"{column}10"] for column in "BF"] == ["=SUM(B5:B9)", "=SUM(F5:F9)"]
    ranks = [cell for name, cell in formulas(written) if name == "Bảng 8"]
    assert len(ranks) == 12
    assert not any(name in ("Bảng 9", "Bảng 10") for name, _ in told)


def test_a_number_that_no_formula_gives_stays_a_number() -> None:
    frame = pd.DataFrame(
        {"label": ["a", "b", "sum"], "before": [1.0, 2.0, 3.0], "after": [4.0, 6.0, 9.0]},
        index=["a", "b", "sum"],
    ).assign(estimate=[3.0, 4.0 + 2e-9, 6.0])
    columns = (
        Column("label", "", kind="text"),
        Column("before", ""),
        Column("after", ""),
        Column("estimate", "", kind="signed"),
    )
    block = Block("x", ("label", "before", "after", "estimate"), 4, 3)
    made = live_formulas(Table("t", "", frame, columns), block)
    assert made == {
        (2, "before"): "=SUM(B5:B6)",
        (0, "estimate"): "=C5-B5",
        (2, "estimate"): "=C7-B7",
    }


def test_a_rank_gained_is_last_years_less_this_years() -> None:
    frame = pd.DataFrame({"rank_before": [17.0], "rank_after": [41.0], "rank_change": [-24.0]})
    columns = tuple(
        Column(key, "", kind="signed" if "change" in key else "number") for key in frame
    )
    made = live_formulas(Table("t", "", frame, columns), Block("x", tuple(frame), 4, 1))
    assert made == {(0, "rank_change"): "=A5-B5"}


def test_the_first_sheet_lists_and_links_the_others(written: Any) -> None:
    front = written.worksheets[0]
    assert front.title == "Mục lục"
    assert front["A1"].value.startswith("Phần A. Kết quả khảo sát")
    assert front["A2"].value.startswith("Số liệu giả lập")
    links = {
        cell.value: cell.hyperlink.location
        for row in front.iter_rows()
        for cell in row
        if cell.hyperlink
    }
    assert list(links) == written.sheetnames[1:]
    assert all(place == f"'{name}'!A1" for name, place in links.items())
    names = [cell.value for cell in front["B"] if cell.value][1:]
    assert names[:2] == [title for _, title in excel.titles(demonstration())][:2]


def test_made_up_is_said_only_where_every_table_says_it() -> None:
    table = next(iter(demonstration().tables.values()))
    frank = Table("x", "", table.frame, table.columns, notes=("khác",))
    contents = Contents({"a": table, "b": frank}, {}, 2022)
    assert excel._under_all(contents) == []


def test_every_figure_has_a_native_chart_or_coloured_cells(written: Any) -> None:
    count = {}
    for k, name in enumerate(demonstration().pictures, start=1):
        count[name] = len(written[f"Số liệu Hình {k}"]._charts)
    assert count == dict(zip(NAMES, [1, 2, 1, 1, 0, 2], strict=True))
    rules = [
        rule.colorScale
        for name in ("Số liệu Hình 1", "Số liệu Hình 5")
        for ranged in written[name].conditional_formatting
        for rule in ranged.rules
    ]
    assert [len(scale.color) for scale in rules] == [2, 3]
    low, zero, high = (float(one.val) for one in rules[1].cfvo)
    assert (zero, low) == (0.0, -high)


def charts_of(path: Path) -> list[ElementTree.Element]:
    with zipfile.ZipFile(path) as packed:
        names = [name for name in packed.namelist() if name.startswith("xl/charts/chart")]
        ordered = sorted(names, key=lambda name: int(re.findall(r"\d+", name)[-1]))
        return [ElementTree.fromstring(packed.read(name)) for name in ordered]


def test_charts_are_fed_by_cells_and_keep_their_values(path: Path, stored: Any) -> None:
    seen = 0
    for chart in charts_of(path):
        for part in [*chart.iter(f"{CHARTS}numRef"), *chart.iter(f"{CHARTS}strRef")]:
            name, _, area = (part.findtext(f"{CHARTS}f") or "").rpartition("!")
            cells = stored[name.strip("'")][area.replace("$", "")]
            rows = cells if isinstance(cells, tuple) else ((cells,),)
            kept = {
                int(p.get("idx", "0")): p.findtext(f"{CHARTS}v") for p in part.iter(f"{CHARTS}pt")
            }
            for k, (cell,) in enumerate(rows):
                if cell.value is not None and not isinstance(cell.value, str):
                    assert float(kept[k] or "nan") == pytest.approx(cell.value, abs=1e-9)
                    seen += 1
                elif cell.value is not None:
                    assert kept[k] == cell.value
    assert seen > 300


def test_every_series_and_title_is_a_cell(path: Path) -> None:
    for chart in charts_of(path):
        for series in chart.iter(f"{CHARTS}ser"):
            assert series.find(f"{CHARTS}tx/{CHARTS}strRef") is not None
        for title in chart.findall(f"{CHARTS}chart/{CHARTS}title"):
            assert title.find(f"{CHARTS}tx/{CHARTS}strRef") is not None


def test_the_waterfall_leads_from_one_index_to_the_next(stored: Any) -> None:
    sheet, data = stored["Số liệu Hình 3"], demonstration().pictures["contributions"].data
    (at,) = [
        c.row for row in sheet.iter_rows() for c in row if c.value == "(chân thanh, không tô)"
    ]
    label = next(c.column for c in sheet[at] if c.value == "nội dung")
    rows = [
        [c.value for c in sheet[at + 1 + k][label - 1 : label + 7]] for k in range(len(data) + 2)
    ]
    feet = [row[1] for row in rows[1:-1]]
    lengths = [sum(one or 0.0 for one in row[3:]) for row in rows[1:-1]]
    assert feet == pytest.approx(data[["start", "end"]].min(axis=1).tolist())
    assert lengths == pytest.approx(data["estimate"].abs().tolist())
    assert rows[0][2] == pytest.approx(data["start"].iloc[0])
    assert rows[-1][2] == pytest.approx(data["end"].iloc[-1])
    assert rows[0][2] + data["estimate"].sum() == pytest.approx(rows[-1][2])


def test_whiskers_reach_the_limits(path: Path) -> None:
    data = demonstration().pictures["forest"].data
    bars = [chart for chart in charts_of(path) if chart.find(f".//{CHARTS}errBars") is not None]
    series = [one for chart in bars for one in chart.iter(f"{CHARTS}ser")]
    forest = [one for one in series if "Hình 4" in (one.findtext(f"{CHARTS}val//{CHARTS}f") or "")]
    assert len(forest) == 3
    places: set[int] = set()
    for one in forest:
        kept = {
            int(p.get("idx", "0")): float(p.findtext(f"{CHARTS}v") or "nan")
            for p in one.iterfind(f"{CHARTS}val//{CHARTS}pt")
        }
        minus = [float(p.text or "nan") for p in one.iterfind(f".//{CHARTS}minus//{CHARTS}v")]
        for k, value in kept.items():
            assert value == pytest.approx(data["estimate"].iloc[k])
            assert value - minus[k] == pytest.approx(data["low"].iloc[k])
        assert not places & set(kept)
        places |= set(kept)
    assert places == set(range(len(data)))


def kept_by(part: ElementTree.Element | None) -> dict[int, str]:
    """What a chart keeps of a range of cells, by place."""
    assert part is not None
    found = part.iter(f"{CHARTS}pt")
    return {int(one.get("idx", "0")): one.findtext(f"{CHARTS}v") or "" for one in found}


def test_every_figure_that_a_report_can_have_has_a_kind() -> None:
    words = tomllib.loads((Path(sipas.__file__).parent / "wording.toml").read_text("utf-8"))
    assert set(_KINDS) == set(words["figure"])


def test_targets_and_indices_are_drawn_from_their_cells(aimed: Path) -> None:
    (chart,), data = charts_of(aimed), aims().pictures["targets_households"].data
    references = [one.text or "" for one in chart.iter(f"{CHARTS}f")]
    assert all(one.startswith("'Số liệu Hình 1'!") for one in references)
    drawn = {}
    for series in chart.iter(f"{CHARTS}ser"):
        name = kept_by(series.find(f"{CHARTS}tx"))[0]
        drawn[name] = {k: float(one) for k, one in kept_by(series.find(f"{CHARTS}val")).items()}
        assert list(kept_by(series.find(f"{CHARTS}cat")).values()) == [
            "Chỉ số chung (đến năm 2025)",
            "Tiếp cận",
            HOSTILE[0],
        ]
    assert data["verdict"].tolist() == ["not enough evidence", "missed", "not enough evidence"]
    assert drawn == {
        "chỉ số, có bằng chứng đạt hoặc chưa đạt": {1: pytest.approx(data["estimate"].iloc[1])},
        "chỉ số, chưa đủ bằng chứng": {k: pytest.approx(data["estimate"].iloc[k]) for k in (0, 2)},
        "mục tiêu (≥)": {0: 80.0, 2: 72.5},
        "mục tiêu (≤)": {1: 70.0},
    }
    labels = [one.get("formatCode") for one in chart.iter(f"{CHARTS}numFmt")]
    assert [one for one in labels if one and one[0] == '"'] == ['"≥ "0.00', '"≤ "0.00']


def test_cells_behind_targets_are_formulas_that_reach_the_limits(aimed: Path) -> None:
    book, kept = openpyxl.load_workbook(aimed), openpyxl.load_workbook(aimed, data_only=True)
    found = formulas(book)
    assert len(found) == 4 * 3
    for name, cell in found:
        value = kept[name][cell.coordinate].value
        assert calculated(kept[name], cell.value) == pytest.approx(value, abs=1e-9)
    data = aims().pictures["targets_households"].data
    for bars in charts_of(aimed)[0].iter(f"{CHARTS}errBars"):
        for side, lengths in (
            ("minus", data["estimate"] - data["low"]),
            ("plus", data["high"] - data["estimate"]),
        ):
            stored = kept_by(bars.find(f"{CHARTS}{side}"))
            assert [float(one) for one in stored.values()] == pytest.approx(lengths.tolist())


def test_the_numbers_of_targets_speak_the_readers_language(aimed: Path) -> None:
    sheet = openpyxl.load_workbook(aimed, data_only=True)["Số liệu Hình 1"]
    head = head_row(sheet)
    cells = [
        [cell.value for cell in row] for row in sheet.iter_rows(min_row=head, max_row=head + 2)
    ]
    first, second = (dict(zip(cells[0], row, strict=True)) for row in cells[1:])
    assert (first["cần đạt"], first["đến năm"], first["kết luận"]) == (
        "≥",
        2025,
        "chưa đủ bằng chứng",
    )
    assert (second["cần đạt"], second["mục tiêu"], second["kết luận"]) == ("≤", 70, "chưa đạt")
    year = sheet.cell(head + 1, cells[0].index("đến năm") + 1)
    assert year.number_format == "0"


def test_targets_of_a_census_without_a_table_are_drawn(tmp_path: Path) -> None:
    given = aims().pictures["targets_households"]
    data = given.data.assign(low=float("nan"), high=float("nan"), label="")
    drawn = Picture("targets_leaders", "a", {}, "b", data)
    made = write_excel(tmp_path / "x.xlsx", Contents({}, {"targets_leaders": drawn}, 2022, "en"))
    (chart,) = charts_of(made)
    names = kept_by(next(chart.iter(f"{CHARTS}cat")))
    assert list(names.values()) == ["services (by 2025)", "S1", "S5"]


def test_grids_repeat_the_numbers_below_them(stored: Any) -> None:
    sheet, data = stored["Số liệu Hình 5"], demonstration().pictures["heat_map"].data
    heads = next(row for row in sheet.iter_rows() if "chung" in [cell.value for cell in row])
    first = next(cell.column for cell in heads if cell.value == "chung")
    domains = data.index.get_level_values("domain").unique()
    wide = data.reset_index().pivot_table("estimate", "code", "domain").reindex(columns=domains)
    wide = wide.loc[data.index.get_level_values("code").unique()]
    for k, values in enumerate(wide.to_numpy(), start=heads[0].row + 1):
        found = [sheet.cell(k, first + j).value for j in range(len(domains))]
        assert found == pytest.approx(values.tolist())


def test_a_withheld_cell_is_a_hatched_dash(tmp_path: Path) -> None:
    given = demonstration().pictures["heat_map"]
    data = given.data.copy()
    row = data.index[1]
    data.loc[row, ["estimate", "difference"]] = float("nan")
    data.loc[row, "withheld"] = True
    hidden = Picture("heat_map", given.caption, {}, given.alt, data)
    made = write_excel(tmp_path / "x.xlsx", Contents({}, {"heat_map": hidden}, 2022))
    sheet = openpyxl.load_workbook(made).worksheets[1]
    dashes = [cell for line in sheet.iter_rows() for cell in line if cell.value == "–"]
    assert len(dashes) == 2
    assert {cell.fill.patternType for cell in dashes} == {"lightUp"}


def test_an_unknown_figure_has_its_numbers_alone(tmp_path: Path) -> None:
    data = pd.DataFrame({"xã": ["A", "B"], "điểm": [1.5, 2.0]})
    unknown = Picture("my_own", "Hình của tôi", {}, "mô tả", data)
    made = write_excel(tmp_path / "x.xlsx", Contents({}, {"my_own": unknown}, 2022))
    sheet = openpyxl.load_workbook(made).worksheets[1]
    assert not sheet._charts
    assert [[c.value for c in row[1:]] for row in sheet.iter_rows(min_row=4, max_col=3)] == [
        ["xã", "điểm"],
        ["A", 1.5],
        ["B", 2],
    ]


def test_one_year_alone_makes_a_workbook(tmp_path: Path) -> None:
    kept = demonstration()
    some = {name: kept.pictures[name] for name in ("answers", "leaders")}
    made = write_excel(tmp_path / "x.xlsx", Contents({}, some, 2022, "en"))
    assert openpyxl.load_workbook(made).sheetnames == [
        "Contents",
        "Data of figure 1",
        "Data of figure 2",
    ]


def test_a_rise_without_evidence_and_a_census_are_drawn(tmp_path: Path) -> None:
    given = demonstration().pictures
    change = given["change"].data.copy()
    change[["before", "after"]] = change[["after", "before"]].to_numpy()
    change["estimate"] = -change["estimate"]
    change["verdict"] = "census"
    change[["low", "high", "se"]] = float("nan")
    account = given["contributions"].data.copy()
    account["low"], account["high"] = -9.0, 9.0
    account = account.rename(index={account.index[-1]: "others"})
    pictures = {
        "change": Picture("change", "a", {}, "b", change),
        "contributions": Picture("contributions", "a", {}, "b", account),
    }
    made = write_excel(tmp_path / "x.xlsx", Contents({}, pictures, 2022))
    book = openpyxl.load_workbook(made, data_only=True)
    text = [c.value for sheet in book for row in sheet.iter_rows() for c in row]
    assert not [one for one in text if one in ("nan", "#NUM!", "#VALUE!")]
    (waterfall,) = book.worksheets[2]._charts
    assert len(waterfall.series) == 4
    labels = [series.dLbls.numFmt for series in waterfall.series if series.dLbls is not None]
    assert labels[-1].startswith('"−"'), "what is left over has its sign as well"


def test_tables_are_set_for_reading_and_for_paper(written: Any) -> None:
    for sheet in written.worksheets:
        assert sheet.page_setup.paperSize == 9
        assert sheet.page_setup.fitToHeight == 0
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert "&P" in sheet.oddHeader.center.text
        assert sheet.print_title_rows
    assert all(written[f"Bảng {k}"].freeze_panes for k in range(1, 13))
    wide = [dim.width for dim in written["Bảng 3"].column_dimensions.values()]
    assert max(wide) <= 61


def test_properties_of_the_workbook(written: Any) -> None:
    told = written.properties
    assert told.title.startswith("Phần A. Kết quả khảo sát")
    assert told.description.startswith("Số liệu giả lập")
    assert told.created.year == 2022
    assert "SIPAS" in told.keywords


def test_the_numbers_of_a_figure_speak_the_readers_language(stored: Any) -> None:
    english = re.compile(
        r"\b(code|level|label|estimate|low|high|verdict|fell|rose|dimension|statement|domain|"
        r"difference|withheld|interval|detectable|True|False|nan|satisfied|refused|weighted)\b"
    )
    for k in range(1, 7):
        sheet = stored[f"Số liệu Hình {k}"]
        said = [
            c.value for row in sheet.iter_rows(min_row=4) for c in row if isinstance(c.value, str)
        ]
        assert not [one for one in said if english.search(one)]


def test_names_of_sheets() -> None:
    wanted = ["Bảng 1", "BẢNG 1", "a:b", "[x]*?/\\", "'q'", "", "History", "d" * 40, "d" * 40]
    made = sheet_names(wanted)
    assert len({name.lower() for name in made}) == len(wanted)
    assert all(0 < len(name) <= 31 for name in made)
    assert not re.search(r"[\[\]:*?/\\]|^'|'$", "".join(made))
    assert "history" not in [name.lower() for name in made]


@pytest.mark.parametrize(
    ("values", "low", "high", "step"),
    [([76.7, 90.0], 75, 95, 5), ([0.0, -24.9, 4.2], -30, 10, 5), ([99.0, 4.0], -10, 100, 10)],
)
def test_ends_of_an_axis(values: list[float], low: int, high: int, step: int) -> None:
    made = ends(values, most=100)
    assert (made["min"], made["max"], made["major_unit"]) == (low, high, step)


def test_a_row_is_named_by_code_and_label_and_not_too_long() -> None:
    assert row_name({"code": "S1", "label": "Tiếp cận"}) == "S1 Tiếp cận"
    assert row_name({"label": "Chung"}) == "Chung"
    assert row_name({"code": "S1", "label": "S1 Tiếp cận"}) == "S1 Tiếp cận"
    assert row_name({"code": "S1", "label": "n" * 300}) == f"S1 {'n' * 106}…"


def test_a_sign_and_lines() -> None:
    assert pattern(2, signed=True) == '+#,##0.00;"−"#,##0.00;#,##0.00'
    assert pattern(0) == "#,##0"
    assert lines("a\nb", 10) == 2
    assert lines("n" * 100, 50) == 2


def hostile_figures() -> dict[str, Picture]:
    """Every figure of the demonstration with hostile labels, groups and words."""
    made = {}
    for name, given in demonstration().pictures.items():
        data = given.data.copy()
        data["label"] = [HOSTILE[k % len(HOSTILE)] for k in range(len(data))]
        if name in ("leaders", "heat_map"):
            column = "group" if name == "leaders" else "domain"
            groups = data.index.get_level_values(column).unique()
            strange = dict(zip(groups[1:], HOSTILE, strict=False))
            data = data.rename(index=strange, level=column)
        made[name] = Picture(name, HOSTILE[len(made)], {}, " ".join(HOSTILE), data)
    made["unknown"] = Picture(
        "unknown", HOSTILE[6], {}, HOSTILE[0], pd.DataFrame({HOSTILE[0]: [1]})
    )
    return made


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    frame = pd.DataFrame({"label": HOSTILE, "after": [79.165] * len(HOSTILE)})
    head = Column("after", HOSTILE[5], HOSTILE[0])
    columns = (Column("label", "=1+1", kind="text"), head)
    table = Table("dimensions", HOSTILE[0], frame, columns, notes=(*HOSTILE,), strong=(0,))
    contents = Contents({"a": table, "b": table}, hostile_figures(), 2022)
    return write_excel(tmp_path_factory.mktemp("hostile") / "x.xlsx", contents)


def test_hostile_text_is_never_a_formula_nor_a_link(hostile: Path) -> None:
    book = openpyxl.load_workbook(hostile)
    for _, cell in formulas(book):
        assert re.fullmatch(r"=(MIN|MAX|ABS|SUM)?\(?[-A-Z0-9,:]+\)?", cell.value)
    links = [c for sheet in book for row in sheet.iter_rows() for c in row if c.hyperlink]
    assert all(cell.hyperlink.target is None for cell in links)
    assert {cell.parent.title for cell in links} == {"Mục lục"}


def test_hostile_text_is_whole(hostile: Path) -> None:
    book = openpyxl.load_workbook(hostile)
    expected = [normalize("NFC", one).replace("\x07", "\ufffd") for one in HOSTILE]
    assert [book["Bảng 1"].cell(row, 1).value for row in range(5, 13)] == expected
    for k in range(1, 7):
        sheet = book[f"Số liệu Hình {k}"]
        found = {c.value for row in sheet.iter_rows() for c in row if isinstance(c.value, str)}
        assert set(expected[:5]) <= found


def test_hostile_text_in_charts_is_a_cell_and_nothing_else(hostile: Path) -> None:
    sheets = set(openpyxl.load_workbook(hostile).sheetnames)
    charts = charts_of(hostile)
    assert len(charts) == 9
    for chart in charts:
        for part in chart.iter(f"{CHARTS}f"):
            found = re.fullmatch(r"'(.+)'!\$[A-Z]+\$\d+(:\$[A-Z]+\$\d+)?", part.text or "")
            assert found
            assert found[1] in sheets


def test_alternative_text_is_whole_and_every_chart_has_it(hostile: Path) -> None:
    told = []
    with zipfile.ZipFile(hostile) as packed:
        for name in packed.namelist():
            if name.startswith("xl/drawings/drawing"):
                root = ElementTree.fromstring(packed.read(name))
                told += [one.get("descr") for one in root.iter(f"{DRAWING}cNvPr")]
    assert len(told) == 9
    assert all(one for one in told)
    assert sum("<script>alert(1)</script>" in str(one) for one in told) == 7


def test_files_are_the_same_every_time(tmp_path: Path, path: Path) -> None:
    assert write_excel(tmp_path / "again.xlsx", demonstration()).read_bytes() == path.read_bytes()


def test_one_sheet_a_table_and_one_a_figure(written: Any) -> None:
    assert written.sheetnames == [
        "Mục lục",
        *(f"Bảng {k}" for k in range(1, 13)),
        *(f"Số liệu Hình {k}" for k in range(1, 7)),
    ]


def test_numbers_are_numbers_at_full_precision(stored: Any) -> None:
    sheet, table = stored["Bảng 3"], demonstration().tables["dimensions"]
    keys = [column.key for column in table.columns]
    for row, (_, values) in enumerate(table.frame.iterrows(), start=5):
        for key in ("before", "after", "estimate", "se", "low", "high"):
            cell = sheet.cell(row, keys.index(key) + 1)
            assert cell.data_type == "n"
            assert cell.value == pytest.approx(values[key], abs=1e-12)
    change = sheet.cell(5, keys.index("estimate") + 1)
    assert change.number_format == '+#,##0.00;"−"#,##0.00;#,##0.00'
    assert sheet.freeze_panes == "C5"


def test_the_table_of_dimensions_has_a_chart_of_its_own(written: Any) -> None:
    (chart,) = written["Bảng 3"]._charts
    references = [series.val.numRef.f for series in chart.series]
    assert references == ["'Bảng 3'!$C$5:$C$10", "'Bảng 3'!$E$5:$E$10"]


@pytest.mark.parametrize("name", NAMES)
def test_sheets_of_figures_hold_what_was_drawn(stored: Any, name: str) -> None:
    drawn = demonstration().pictures[name].data.reset_index()
    sheet = stored[f"Số liệu Hình {NAMES.index(name) + 1}"]
    head = head_row(sheet)
    for place, key in enumerate(drawn, start=1):
        found = [sheet.cell(head + 1 + k, place).value for k in range(len(drawn))]
        if drawn[key].dtype == float:
            known = [float("nan") if one is None else one for one in found]
            assert known == pytest.approx(drawn[key].tolist(), nan_ok=True)
        elif key == "label":
            assert found == drawn[key].tolist()


def test_verdicts_and_levels_are_said_in_vietnamese(stored: Any) -> None:
    sheet = stored["Số liệu Hình 2"]
    head = head_row(sheet)
    heads = [cell.value for cell in sheet[head]]
    for heading, said in (("kết luận", "giảm"), ("loại", "chỉ số thành phần")):
        place = heads.index(heading) + 1
        assert [sheet.cell(head + k, place).value for k in range(1, 6)] == [said] * 5


def test_headings_that_nobody_knows_stay_as_they_are() -> None:
    data = pd.DataFrame({"xã": ["A"], "verdict": ["not enough evidence"], "level": ["my own"]})
    made = drawn_numbers.in_words(Picture("change", "", {}, "", data), Voice("vi"))
    assert list(made)[1:] == ["xã", "kết luận", "loại"]
    assert made.iloc[0].tolist()[1:] == ["A", "chưa đủ bằng chứng", "my own"]


def test_headings_alike_lose_no_column() -> None:
    data = pd.DataFrame({"code": ["A"], "mã": ["B"]})
    made = drawn_numbers.in_words(Picture("x", "", {}, "", data), Voice("vi"))
    assert made.iloc[0].tolist() == [0, "A", "B"]


def test_an_empty_cell_is_explained_where_the_printed_table_has_a_dash(stored: Any) -> None:
    told = "Ô trống ở trang tính này là dấu – trong bảng in."
    explained = {
        sheet.title
        for sheet in stored.worksheets
        for row in sheet.iter_rows()
        for c in row
        if c.value == told
    }
    tables = demonstration().tables
    shown = [
        "–" in [cell for row in table.rows() for cell in row.cells] for table in tables.values()
    ]
    assert any(shown)
    assert not all(shown)
    assert explained == {f"Bảng {k}" for k, dash in enumerate(shown, start=1) if dash}


@pytest.mark.parametrize("number", [2, 4])
def test_cells_that_feed_a_chart_are_not_printed(stored: Any, number: int) -> None:
    sheet = stored[f"Số liệu Hình {number}"]
    printed = sheet[sheet.print_area.split("!")[-1].replace("$", "")]
    text = [cell.value for row in printed for cell in row]
    assert "cận trên" in text
    assert "n năm trước" not in text
    assert "Số của biểu đồ, tính từ bảng trên" not in text
    assert str(printed[-1][0].value).startswith("S")

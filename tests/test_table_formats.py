"""One table in HTML, LaTeX and a terminal: the same cells, and nothing in a label obeyed."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from unicodedata import combining, normalize
from xml.etree import ElementTree

import pandas as pd
import pytest

import sipas
from sipas import datasets
from sipas.changes import Change
from sipas.plain_text import inert
from sipas.tables import Column, Table, as_html, as_latex, leader_items, statements
from sipas.tables.latex_text import escaped
from sipas.tables.plain_table import as_plain

WEIGHTS = {"hdnd": 25, "so": 40, "phong": 30, "huyen": 5}
LONG = "Người dân được hướng dẫn đầy đủ, rõ ràng về thành phần hồ sơ, thời hạn và phí; " * 4
HOSTILE = [
    "<script>alert(1)</script>",
    '=HYPERLINK("http://example.org";"x")',
    "{{ config.items() }} {% raw %}",
    LONG[:300],
    normalize("NFD", "Mức độ hài lòng về việc giải quyết phản ánh, kiến nghị"),
    r"\input{x}\end{longtable}",
    "100%_&#$~^{}",
    "[2cm] * -- ,, << >> `` '' | !` ?`",
    "x" * 300,
    "a\"b'c</td></tr></table>",
    "một\r\ndòng\n\nkhác\x00\x1b[31m\ud800",
]


def table(labels: list[str], **changed: object) -> Table:
    """A table with two columns under a group, a change, and a total."""
    rows = len(labels)
    frame = pd.DataFrame(
        {
            "place": [str(k) for k in range(1, rows + 1)],
            "label": pd.Series(labels, dtype=object),
            "before": [1000.0 + k for k in range(rows)],
            "after": [80.005 + k for k in range(rows)],
            "estimate": [-9.04 + k for k in range(rows)],
        }
    )
    columns = (
        Column("place", "STT", kind="text"),
        Column("label", "Nội dung", kind="text"),
        Column("before", "Tỷ lệ (%)", "Năm 2021"),
        Column("after", "Tỷ lệ (%)", "Năm 2022"),
        Column("estimate", "Chênh lệch", "Năm 2022", "signed"),
    )
    made = Table("t", "Kết quả", frame, columns, notes=("Ghi chú.",), strong=(rows - 1,))
    return replace(made, **changed)  # type: ignore[arg-type]


@cache
def leaders() -> Change:
    answers = [
        sipas.clean(datasets.load_hue_leaders(year), f"leaders-{year}") for year in (2021, 2022)
    ]
    return sipas.compare(*answers, link="rates", group_weights=WEIGHTS)


def parsed(html: str) -> ElementTree.Element:
    """The fragment is well-formed, or this fails."""
    return ElementTree.fromstring(html)


def grid(part: ElementTree.Element) -> list[list[str]]:
    """Texts of a part of a table with spans laid out, as a browser does."""
    rows = part.findall("tr")
    made: list[dict[int, str]] = [{} for _ in rows]
    for top, row in enumerate(rows):
        place = 0
        for cell in row:
            while place in made[top]:
                place += 1
            deep, wide = (int(cell.get(name, "1")) for name in ("rowspan", "colspan"))
            for down in range(deep):
                for right in range(wide):
                    made[top + down][place + right] = "".join(cell.itertext())
            place += wide
    return [[row[k] for k in sorted(row)] for row in made]


def test_html_lays_out_headings_and_cells() -> None:
    made = parsed(as_html(table(["một", "hai"])))
    head, body = made.find(".//thead"), made.find(".//tbody")
    assert head is not None
    assert body is not None
    assert grid(head) == [
        ["STT", "Nội dung", "Năm 2021", "Năm 2022", "Năm 2022"],
        ["STT", "Nội dung", "Tỷ lệ (%)", "Tỷ lệ (%)", "Chênh lệch"],
    ]
    assert grid(body) == [
        ["1", "một", "1.000,00", "80,01", "−9,04"],
        ["2", "hai", "1.001,00", "81,01", "−8,04"],
    ]
    assert [int(one.get("span", "1")) for one in made.findall(".//colgroup")] == [1, 1, 1, 2]


def test_html_says_what_each_heading_heads() -> None:
    made = parsed(as_html(table(["một", "hai"])))
    scopes = [(th.get("scope"), th.text) for th in made.findall(".//thead//th")]
    assert scopes[:4] == [
        ("col", "STT"), ("col", "Nội dung"), ("colgroup", "Năm 2021"), ("colgroup", "Năm 2022"),
    ]  # fmt: skip
    assert [th.get("scope") for th in made.findall(".//tbody//th")] == ["row", "row"]
    numbers = made.findall(".//tbody/tr[1]/td[@class='sipas-number']")
    assert [td.text for td in numbers] == ["1.000,00", "80,01", "−9,04"]
    assert made.get("lang") == "vi"


def test_html_prints_totals_bold_and_notes_beneath() -> None:
    made = parsed(as_html(table(["một", "hai"])))
    plain, strong = made.findall(".//tbody/tr")
    assert plain.get("class") is None
    assert plain.find(".//b") is None
    assert strong.get("class") == "sipas-strong"
    assert all(cell.find("b") is not None for cell in strong)
    assert [p.text for p in made.findall("./div[@class='sipas-table-notes']/p")] == ["Ghi chú."]


def test_html_has_one_heading_row_without_groups() -> None:
    columns = (Column("label", "Tên", kind="text"), Column("after", "Tỷ lệ"))
    made = parsed(as_html(table(["một"], columns=columns, notes=())))
    assert len(made.findall(".//thead/tr")) == 1
    assert made.find(".//th[@rowspan]") is None
    assert made.find("./div[@class='sipas-table-notes']") is None


def test_html_takes_a_numbered_caption_and_no_style() -> None:
    one = table(["một"])
    made = parsed(as_html(one, caption="Bảng 3. Kết quả"))
    assert "".join(made.find(".//caption").itertext()) == "Bảng 3. Kết quả"  # type: ignore[union-attr]
    assert parsed(as_html(one, caption="")).find(".//caption") is None
    assert not re.search(r"<style|style=|<script|http", as_html(one))
    assert one._repr_html_().startswith("<style>")
    assert as_html(one) in one._repr_html_()


def test_the_notebooks_style_reaches_no_other_table_and_fetches_nothing() -> None:
    style = table(["một"])._repr_html_().split("</style>")[0]
    selectors = re.findall(r"(?:^|})\s*([^{}]+){", style.removeprefix("<style>"))
    assert all(one.strip().startswith(".sipas-table-box") for one in selectors)
    assert "url(" not in style
    # readable on a dark page: no colour but the page's own, and a transparent grey
    colours = re.findall(r"#[0-9a-f]{3,6}\b|\brgba?\([^)]*\)|(?<=color:)\w+", style)
    assert set(colours) <= {"inherit", "rgba(128,128,128,.35)"}


@pytest.mark.parametrize("label", HOSTILE)
def test_labels_are_inert_and_whole_in_html(label: str) -> None:
    one = table([label], title=label, notes=(label,))
    for html in (as_html(one), one._repr_html_().split("</style>\n")[1]):
        made = parsed(html)
        tags = {element.tag for element in made.iter()}
        assert tags == {
            "div", "table", "caption", "span", "colgroup", "thead", "tbody",
            "tr", "th", "td", "b", "p",
        }  # fmt: skip
        places = (".//caption", ".//tbody//th", ".//p")
        for element in (made.find(place) for place in places):
            assert element is not None
            assert "".join(element.itertext()) == inert(label)
    region = made.find("./div[@role='region']")
    assert region is not None
    # XML reads line ends of an attribute as spaces
    assert region.get("aria-label") == inert(label).replace("\n", " ")


def test_letters_are_composed() -> None:
    (label,) = (one for one in HOSTILE if any(combining(letter) for letter in one))
    for made in (as_html(table([label])), table([label]).latex(), repr(table([label]))):
        assert not any(combining(letter) for letter in made)


def unescaped(text: str) -> str:
    """What LaTeX prints for escaped text; fails at anything that LaTeX would obey."""
    printed = {
        r"\textbackslash{}": "\\", r"\textasciicircum{}": "^", r"\textasciitilde{}": "~",
        r"\textless{}": "<", r"\textgreater{}": ">", r"\textbar{}": "|", r"\textquotedbl{}": '"',
        r"\textquotesingle{}": "'", r"\textasciigrave{}": "`", r"\textminus{}": "−",
        r"\allowbreak{}": "", r"\{": "{", r"\}": "}", r"\$": "$", r"\&": "&", r"\#": "#",
        r"\%": "%", r"\_": "_", "{[}": "[", "{]}": "]", "{*}": "*", "{}": "",
    }  # fmt: skip

    def pieces() -> Iterator[str]:
        rest = text
        while rest:
            known = next((one for one in printed if rest.startswith(one)), None)
            assert known is not None or rest[0] not in "\\{}$&#%_^~[]*<>|\"'`", rest[:30]
            yield rest[0] if known is None else printed[known]
            rest = rest[len(known or rest[0]) :]

    return "".join(pieces())


@pytest.mark.parametrize("label", HOSTILE)
def test_labels_are_inert_and_whole_in_latex(label: str) -> None:
    shown = re.sub(r"\s+", " ", inert(label)).replace("\ufffd", "?")
    assert unescaped(escaped(label)) == shown
    one = table([label, "cuối"], title=label, notes=(label,))
    made = one.latex(label=label)
    assert made.count(escaped(label)) == 3
    assert made.count(r"\begin{longtable}") == made.count(r"\end{longtable}") == 1
    assert re.search(r"\\label{[\w:.-]+}", made)


def test_no_ligature_eats_a_sign() -> None:
    assert "--" not in escaped("a--b---c")
    assert ",," not in escaped("a,,b")


def test_latex_has_the_cells_of_the_table() -> None:
    one = table(["một", "hai"])
    rows = one.latex().split(r"\endlastfoot")[1].split(r"\end{longtable}")[0].strip()
    cells = [
        [unescaped(re.sub(r"^\\textbf{(.*)}$", r"\1", cell.strip())) for cell in row.split(" & ")]
        for row in re.split(r" \\\\\*?\n?", rows)[:-1]
    ]
    assert cells == one.shown().to_numpy().tolist()
    assert rows.splitlines()[1].startswith(r"\textbf{2}")


def test_latex_groups_headings_and_repeats_them() -> None:
    made = table(["một"]).latex()
    for _, head in zip("12", made.split(r"\toprule")[1:], strict=True):
        assert r"\cmidrule(lr){3-3}\cmidrule(lr){4-5}" in head
        assert re.search(r"\\multicolumn\{2\}\{Q[^&]*\\textbf\{Năm 2022\}", head)
    assert made.index(r"\endfirsthead") < made.index("tiếp theo") < made.index(r"\endhead")
    shares = re.findall(r"Q{\\\w+}{p}{([\d.]+)}", made)
    assert sum(map(float, shares)) == pytest.approx(1.0, abs=1e-3)


def test_latex_captions() -> None:
    one = table(["một"])
    assert r"\caption{Kết quả}\label{tab:t}\\" in one.latex()
    assert r"\caption{50\%}\label{x}\\" in one.latex("50%", "x")
    assert "caption{" not in one.latex("")
    assert "tiếp theo" not in one.latex("")


def test_a_short_table_and_a_heading_row_stay_with_what_follows() -> None:
    assert table(["một"] * 12).latex().count(r"\\*") == 11
    long = table(["một"] * 13, strong=(0, 4))
    ends = re.findall(r"\\\\\*?$", long.latex().split(r"\endlastfoot")[1], re.MULTILINE)
    assert [k for k, end in enumerate(ends) if end.endswith("*")] == [0, 4]


def test_a_table_without_rows_has_its_heading_everywhere() -> None:
    empty = table([])
    assert parsed(as_html(empty)).findall(".//tbody/tr") == []
    assert r"\midrule" in empty.latex()
    assert "Nội dung" in repr(empty)
    assert empty.shown().shape == (0, 5)


def test_columns_of_the_same_name_are_all_shown() -> None:
    columns = (Column("before", "Tỷ lệ"), Column("after", "Tỷ lệ"))
    assert table(["một"], columns=columns).shown().to_numpy().tolist() == [["1.000,00", "80,01"]]


@pytest.mark.skipif(shutil.which("xelatex") is None, reason="xelatex is not installed")
def test_the_document_compiles(tmp_path: Path) -> None:
    tables = {"items": leader_items(leaders()), "hostile": table([*HOSTILE, "cuối"])}
    (tmp_path / "all.tex").write_text(as_latex(tables, lang="vi"), encoding="utf-8")
    run = ["xelatex", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "all.tex"]
    done = subprocess.run(run, cwd=tmp_path, capture_output=True, check=False, timeout=60)
    log = done.stdout.decode("utf-8", "replace")
    assert done.returncode == 0, log[-2000:]
    assert "Missing character" not in log
    if shutil.which("pdftotext") is None:
        return
    subprocess.run(["pdftotext", "-layout", "all.pdf"], cwd=tmp_path, check=True, timeout=60)
    text = (tmp_path / "all.txt").read_text(encoding="utf-8")
    for said in (r"\input{x}\end{longtable}", "100%_&#$~^{}", "<script>alert(1)</script>"):
        assert said in re.sub(r"\s+", "", text)
    assert "Bảng 2. Kết quả" in text


def test_a_document_names_its_tables_in_its_language() -> None:
    made = as_latex({"a": table(["một"]), "b": table(["hai"], lang="en")}, lang="en")
    assert r"\renewcommand{\tablename}{Table}" in made
    assert r"\label{tab:a}" in made
    assert r"\label{tab:b}" in made
    assert made.index(r"\begin{document}") < made.index("một") < made.index(r"\end{document}")


def test_a_terminal_shows_every_cell_within_its_width() -> None:
    one = statements(
        sipas.satisfaction(sipas.clean(datasets.load_hue_households(2022), "sipas-2022"))
    )
    for width in (70, 100, 200):
        lines = as_plain(one, width=width).splitlines()
        assert max(map(len, lines)) <= width
        words = " ".join(lines).split()
        for row in one.rows():
            assert all(text in words for text in row.cells[2:] if text)
            assert all(word in words for word in row.cells[1].split())


def test_numbers_line_up_in_a_terminal() -> None:
    lines = as_plain(table(["ngắn", LONG[:90]]), width=60).splitlines()
    first, second = (line for line in lines if re.search(r"−\d,04", line))
    assert len(first) == len(second)
    assert first.index(",00") == second.index(",00")


@pytest.mark.parametrize("label", HOSTILE)
def test_a_terminal_obeys_no_label(label: str) -> None:
    made = as_plain(table([label]), width=80)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", made)
    assert max(map(len, made.splitlines())) <= 80
    body = made.split("─\n")[-2]
    words = re.sub(r"^ *1 |1\.000,00 +80,01 +−9,04$|\s|─", "", body, flags=re.MULTILINE)
    assert words == re.sub(r"\s", "", inert(label))

"""The HTML report, read back by a parser: whole, inert, and of the same words and numbers."""

from __future__ import annotations

import re
import unicodedata
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pytest

from sipas import report
from sipas.documents import Contents, Picture
from sipas.documents.html import write_html
from sipas.documents.html_text import linked, worded
from sipas.numerals import Lang
from sipas.plain_text import inert
from sipas.report.figures import picture
from sipas.tables import Column, Table
from sipas.wording.paragraphs import Paragraph
from sipas.wording.report_parts import tables_of

HOSTILE = [
    '=HYPERLINK("http://x","y")',
    "<script>alert(1)</script>",
    "</style><img src=x onerror=alert(1)>",
    "{{ 7*7 }} {level} ${x}",
    "n" * 300,
    "Chi\u0309 số ha\u0300i lo\u0300ng",
    "javascript:alert(1) http://example.org",
    "bell \x07 and nothing \x00",
    "'\" &amp; &#60;b&#62;",
]
SVG = b"""<?xml version="1.0"?>
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">
  <path d="M 0 0 \nL 9 9 \n"/>
</svg>
"""
VOID = {"meta", "img", "br", "hr", "link", "input", "col"}


@dataclass(eq=False)
class Node:
    """One element."""

    tag: str
    attrs: dict[str, str] = field(default_factory=dict)
    inside: list[Node | str] = field(default_factory=list)

    def all(self, *tags: str) -> Iterator[Node]:
        """Every element beneath, in order, of these tags or of any."""
        for one in self.inside:
            if isinstance(one, Node):
                if not tags or one.tag in tags:
                    yield one
                yield from one.all(*tags)

    @property
    def text(self) -> str:
        return "".join(one if isinstance(one, str) else one.text for one in self.inside)

    def by_id(self, name: str) -> Node:
        (found,) = [one for one in self.all() if one.attrs.get("id") == name]
        return found


class Reader(HTMLParser):
    """Build the tree, and refuse an element that is closed by another's end."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.top = Node("")
        self.open = [self.top]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(attrs) == len(dict(attrs)), "an attribute twice"
        made = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].inside.append(made)
        if tag not in VOID:
            self.open.append(made)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        self.open[-1].inside.append(data)


def read(path: Path) -> Node:
    reader = Reader()
    reader.feed(path.read_bytes().decode("utf-8"))
    reader.close()
    assert reader.open == [reader.top]
    return reader.top


def contents_of(lang: Lang) -> tuple[list[Paragraph], Contents]:
    made = report.demo(lang)
    parts = made.parts
    names = ("leaders", "change")  # two figures say what six would
    pictures = {name: picture(parts, name, lang, ["svg"]) for name in names}
    drawn = [one for one in made.paragraphs() if one.kind != "figure" or one.text in names]
    return drawn, Contents(tables_of(parts, lang), pictures, parts.year, lang)


@pytest.fixture(scope="module")
def demo() -> tuple[list[Paragraph], Contents]:
    return contents_of("vi")


@pytest.fixture(scope="module")
def path(demo: tuple[list[Paragraph], Contents], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_html(tmp_path_factory.mktemp("html") / "section_a.html", *demo)


@pytest.fixture(scope="module")
def page(path: Path) -> Node:
    return read(path)


def hostile(tmp_path: Path, **images: bytes) -> tuple[Path, Contents]:
    """Write a page of nothing but labels that would like to be more."""
    frame = pd.DataFrame({"label": HOSTILE, "after": [79.165] * len(HOSTILE)})
    columns = (Column("label", HOSTILE[1], kind="text"), Column("after", "%", HOSTILE[2]))
    table = Table("t", HOSTILE[1], frame, columns, notes=(HOSTILE[2],), strong=(0,))
    data = pd.DataFrame({"label": HOSTILE, HOSTILE[1]: HOSTILE, "estimate": 0.5, "n": 7})
    drawn = Picture("change", HOSTILE[2], images or {"svg": SVG}, " ".join(HOSTILE), data)
    pieces = [
        Paragraph("heading", HOSTILE[1], level=1),
        *(Paragraph("heading", text, level=2) for text in HOSTILE),
        *(Paragraph("body", text) for text in HOSTILE),
        *(Paragraph("body", f"- {text}") for text in HOSTILE),
        Paragraph("note", HOSTILE[2]),
        Paragraph("table", "t"),
        Paragraph("figure", "change"),
    ]
    contents = Contents({"t": table}, {"change": drawn}, 2022)
    return write_html(tmp_path / "x.html", pieces, contents), contents


def assert_sealed(page: Node) -> None:
    """Nothing runs, and nothing is asked for from outside the file."""
    tags = {one.tag for one in page.all()}
    assert not tags & {"script", "iframe", "object", "embed", "link", "base", "form", "svg"}
    for one in page.all():
        assert not [name for name in one.attrs if name.startswith("on") or name == "style"]
        assert not set(one.attrs) & {"srcset", "action", "background", "poster", "ping"}
        assert one.attrs.get("href", "#").startswith("#")
        assert one.attrs.get("src", "data:image/").startswith("data:image/")
    (style,) = page.all("style")
    assert not re.search(r"url\(|@import|https?:|//", style.text)
    (policy,) = [one for one in page.all("meta") if "http-equiv" in one.attrs]
    assert policy.attrs["http-equiv"] == "Content-Security-Policy"
    assert policy.attrs["content"] == (
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
    )


def test_nothing_runs_and_nothing_is_loaded(page: Node) -> None:
    assert_sealed(page)


def test_the_file_says_what_it_is(page: Node) -> None:
    (html,) = page.all("html")
    assert html.attrs["lang"] == "vi"
    first = next(page.all("meta"))
    assert first.attrs == {"charset": "utf-8"}
    (title,) = page.all("title")
    assert title.text.startswith("Phần A. Kết quả khảo sát")
    named = {one.attrs.get("name"): one.attrs.get("content") for one in page.all("meta")}
    assert named["viewport"] == "width=device-width, initial-scale=1"


def test_headings_step_down_one_at_a_time(page: Node) -> None:
    (main,) = page.all("main")
    levels = [int(one.tag[1]) for one in main.all("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    for section in main.all("section"):
        heading = page.by_id(section.attrs["aria-labelledby"])
        assert next(section.all()) is heading


def test_a_heading_that_skips_a_level_does_not(tmp_path: Path) -> None:
    pieces = [
        Paragraph("heading", "A", level=2),
        Paragraph("heading", "B", level=5),
        Paragraph("heading", "C", level=3),
        Paragraph("heading", "D", level=1),
    ]
    made = read(write_html(tmp_path / "x.html", pieces, Contents({}, {}, 2022)))
    found = [(one.tag, one.text) for one in made.all("h1", "h2", "h3", "h4")]
    title = "Phần A. Kết quả khảo sát lãnh đạo, quản lý và khảo sát người dân năm 2022"
    assert found == [("h1", title), ("h2", "A"), ("h3", "B"), ("h3", "C"), ("h2", "D")]


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_words_are_those_of_the_report_in_order(lang: Lang, tmp_path: Path) -> None:
    pieces, contents = contents_of(lang)
    made = read(write_html(tmp_path / "x.html", pieces, contents))
    (main,) = made.all("main")
    tags = ("h1", "h2", "p", "li")
    notes = {
        id(one)
        for box in main.all("div")
        if box.attrs.get("class") == "sipas-table-notes"
        for one in box.all("p")
    }
    said = [one.text for one in main.all(*tags) if id(one) not in notes]
    assert said == [one.text for one in pieces if one.kind not in ("table", "figure")]


def test_captions_are_numbered_as_in_the_other_files(
    page: Node, demo: tuple[list[Paragraph], Contents]
) -> None:
    pieces, contents = demo
    tables = [contents.tables[one.text] for one in pieces if one.kind == "table"]
    shown = [box for box in page.all("div") if "table" in box.attrs.get("class", "").split()]
    assert len(shown) == len(tables) == 12
    for number, (box, table) in enumerate(zip(shown, tables, strict=True), start=1):
        (caption,) = box.all("caption")
        assert caption.text == f"Bảng {number}. {table.title}"
        assert box.attrs["id"] == f"table-{number}"
        cells = [[one.text for one in row.all("th", "td")] for row in box.all("tr")]
        assert cells[-len(table.frame) :] == table.shown().to_numpy().tolist()
    captions = [one.text for one in page.all("figcaption")]
    assert captions == [
        f"Hình {number}. {one.caption}"
        for number, one in enumerate(contents.pictures.values(), start=1)
    ]


def test_mentions_and_contents_lead_where_they_say(page: Node) -> None:
    anchors = [one.attrs["id"] for one in page.all() if "id" in one.attrs]
    assert len(anchors) == len(set(anchors))
    for link in page.all("a"):
        assert link.attrs["href"][1:] in anchors
    (main,) = page.all("main")
    words = {"Bảng": "table", "Hình": "figure"}
    found = [(link.text.split(), link.attrs["href"]) for link in main.all("a")]
    assert len(found) >= 10
    for (word, number), address in found:
        assert address == f"#{words[word]}-{number}"
    (nav,) = page.all("nav")
    listed = [link.text for link in nav.all("a")]
    captions = [one.text for one in main.all("h2", "caption", "figcaption")]
    assert listed == captions


def test_every_mention_in_running_text_is_linked(
    page: Node, demo: tuple[list[Paragraph], Contents]
) -> None:
    (main,) = page.all("main")
    texts = [one.text for one in demo[0] if one.kind == "body"]
    said = [one for text in texts for one in re.findall(r"Bảng \d+|Hình [12]\b", text)]
    assert [link.text for link in main.all("a")] == said


def test_mentions_of_nothing_and_labels_are_not_linked() -> None:
    assert linked("half \ud800", {}, "vi") == "half \ufffd"
    anchors = {"Bảng 1": "table-1", "Hình 1": "figure-1"}
    same = "Bảng 2; “Bảng 1”; Bảng 1/2; Bảng 1,5; XBảng 1; Bảng 11; bảng 1; Hình 9"
    assert linked(same, anchors, "vi") == same
    assert linked("(Bảng 1, Hình 1).", anchors, "vi") == (
        '(<a href="#table-1">Bảng 1</a>, <a href="#figure-1">Hình 1</a>).'
    )
    assert linked("Bảng 1", {}, "vi") == "Bảng 1"


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("vi", "Theo Bảng 2 Quyết định số 12/QĐ-UBND"),
        ("vi", "Bảng 2 Quyết định số 12/QĐ-UBND quy định chỉ tiêu."),
        ("vi", "theo Bảng 2 của Thông tư 05, tỷ lệ tăng"),
        ("vi", "Bảng 2 của Thông tư 05 quy định chỉ tiêu."),
        ("vi", "Có chỉ tiêu. Bảng 2 ban hành kèm theo Quyết định số 12 quy định."),
        ("vi", "theo mục A.3, Bảng 2. Chỉ số"),
        ("vi", "nêu tại Bảng 2, Hình 1 Quyết định số 12"),
        ("vi", "Bảng 2 và Hình 1 của Thông tư 05"),
        ("vi", 'Có «Bảng 2», "Bảng 2" và “(Bảng 2)”.'),
        ("en", "as in Table 2 of Decision 12."),
        ("en", "Table 2 of Decision 12 sets targets."),
        ("en", "Table 2 of the Decision sets targets."),
        ("en", "It is set. Table 2 and Figure 1 in the Circular of 2022 say so."),
        ("en", "under Decision 12, Table 2"),
        ("en", "Table 2, Figure 1 of Decision 12"),
    ],
)
def test_tables_of_other_documents_are_not_linked(lang: Lang, text: str) -> None:
    words = {"vi": ("Bảng", "Hình"), "en": ("Table", "Figure")}[lang]
    anchors = {f"{words[0]} 2": "table-2", f"{words[1]} 1": "figure-1"}
    assert linked(text, anchors, lang) == worded(text, lang)


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("vi", "Theo [Bảng 4], [Hình 3], tỷ lệ tăng."),
        ("vi", "Tăng (mức tin cậy 95%; [Bảng 4], [Hình 3])."),
        ("vi", "[Bảng 4] và [Hình 3] trình bày kết quả."),
        ("vi", "[Bảng 4] & [Hình 3]"),
        ("vi", "[Bảng\u00a04] nói gì? [Hình 3]!"),
        ("vi", "Theo Bảng 4 Quyết định số 12; theo báo cáo này: [Bảng 4]."),
        ("en", "The rates ([Table 4], [Figure 3]) rose."),
        ("en", "[Table 4], [Figure 3] and [Table 5] show the answers to each statement."),
        ("en", "It rose. [Figure 3] shows satisfaction by statement; see [Table 5]."),
        ("en", "Table 4 of Decision 12 is not [Table 4]."),
    ],
)
def test_our_tables_are_linked_alone_and_in_lists(lang: Lang, text: str) -> None:
    words = {"vi": ("Bảng", "Hình"), "en": ("Table", "Figure")}[lang]
    anchors = {f"{words[0]} {number}": f"table-{number}" for number in (4, 5)}
    anchors[f"{words[1]} 3"] = "figure-3"

    def link(found: re.Match[str]) -> str:
        return f'<a href="#{anchors[" ".join(found[1].split())]}">{found[1]}</a>'

    told = re.sub(r"[\[\]]", "", text)
    wanted = re.sub(r"\[(.*?)\]", link, text.replace("&", "&amp;"))
    assert linked(told, anchors, lang) == wanted


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_report_links_its_own_tables_and_no_others(lang: Lang, tmp_path: Path) -> None:
    others, ours = {
        "vi": ("Theo Bảng 1 Quyết định số 12/QĐ-UBND, tỷ lệ tăng.", "Theo Bảng 1, Hình 1, tăng."),
        "en": ("Table 1 of Decision 12 sets targets.", "The rates (Table 1, Figure 1) rose."),
    }[lang]
    label = ours.split(",")[0] + ")"  # a statement that ends like a reference
    frame = pd.DataFrame({"label": [label], "after": [79.5]})
    columns = (Column("label", "A", kind="text"), Column("after", "%"))
    drawn = Picture("f", "F", {"svg": SVG}, "F", pd.DataFrame({"label": ["A"], "n": [1]}))
    contents = Contents({"t": Table("t", "T", frame, columns)}, {"f": drawn}, 2022, lang)
    pieces = [Paragraph("body", others), Paragraph("body", f"- {others}")]
    pieces += [Paragraph("note", others), Paragraph("body", f"{label}: 79,5")]
    pieces += [Paragraph("body", ours)]
    pieces += [Paragraph("table", "t"), Paragraph("figure", "f")]
    (main,) = read(write_html(tmp_path / "x.html", pieces, contents)).all("main")
    assert [one.attrs["href"] for one in main.all("a")] == ["#table-1", "#figure-1"]
    assert [one.text for one in main.all("p") if any(one.all("a"))] == [ours]


def test_vietnamese_words_in_english_say_so() -> None:
    assert worded("People's Committee of Thừa Thiên Huế; thành phố Huế <b>", "en") == (
        'People&#x27;s Committee of <span lang="vi">Thừa Thiên Huế</span>; '
        '<span lang="vi">thành phố Huế</span> &lt;b&gt;'
    )
    assert worded("café, naïve, Señor, Zürich", "en") == "café, naïve, Señor, Zürich"


def test_tables_head_their_rows_and_columns(page: Node) -> None:
    for table in page.all("table"):
        assert all(cell.attrs.get("scope") for cell in table.all("th"))
        (body,) = table.all("tbody")
        assert all(len([*row.all("th")]) == 1 for row in body.all("tr"))


def test_figures_are_whole_images_with_words_and_numbers(
    page: Node, demo: tuple[list[Paragraph], Contents]
) -> None:
    figures = [*page.all("figure")]
    assert len(figures) == 2
    for figure, drawn in zip(figures, demo[1].pictures.values(), strict=True):
        (image,) = figure.all("img")
        assert image.attrs["alt"] == drawn.alt
        kind, _, held = image.attrs["src"].partition(",")
        assert kind == "data:image/svg+xml;base64"
        made, given = (
            ElementTree.fromstring(one) for one in (b64decode(held), drawn.images["svg"])
        )
        assert [spaced(one) for one in made.iter()] == [spaced(one) for one in given.iter()]
        (details,) = figure.all("details")
        assert "open" not in details.attrs
        (body,) = details.all("tbody")
        assert len([*body.all("tr")]) == len(drawn.data)


def spaced(element: ElementTree.Element) -> tuple[str, dict[str, str], str]:
    """An element with every run of white space as one space."""
    attrs = {key: " ".join(value.split()) for key, value in element.attrib.items()}
    return element.tag, attrs, " ".join((element.text or "").split())


def test_drawn_numbers_are_those_of_the_result(page: Node) -> None:
    (details,) = page.by_id("figure-2").all("details")
    (summary,) = details.all("summary")
    assert summary.text == "Số liệu Hình 2"
    heads = [one.text for one in next(details.all("thead")).all("th")]
    rows = [
        [one.text for one in row.all("th", "td")] for row in next(details.all("tbody")).all("tr")
    ]
    first = dict(zip(heads, rows[0], strict=True))
    assert first["năm trước"] == "89,98"
    assert first["năm sau"] == "76,72"
    assert first["chênh lệch"] == "−13,26"
    assert first["n năm trước"] == "486"
    assert first["p"] == "0,002"


def test_paragraphs_with_dashes_are_one_list(tmp_path: Path) -> None:
    pieces = [Paragraph("body", text) for text in ("a", "- b", "- c", "d", "- e")]
    made = read(write_html(tmp_path / "x.html", pieces, Contents({}, {}, 2022)))
    (main,) = made.all("main")
    found = [
        (one.tag, [item.text for item in one.all("li")] or one.text) for one in main.all("p", "ul")
    ]
    assert found == [("p", "a"), ("ul", ["- b", "- c"]), ("p", "d"), ("ul", ["- e"])]


def test_hostile_text_is_inert_and_whole(tmp_path: Path) -> None:
    path, _ = hostile(tmp_path)
    made = read(path)
    assert_sealed(made)
    whole = [inert(text) for text in HOSTILE]
    assert whole[5] == unicodedata.normalize("NFC", HOSTILE[5]) != HOSTILE[5]
    assert whole[7] == "bell \ufffd and nothing \ufffd"
    (main,) = made.all("main")
    assert [one.text for one in main.all("h2")] == whole
    assert [one.text for one in main.all("p")][: len(whole)] == whole
    assert [one.text for one in main.all("li")] == [f"- {text}" for text in whole]
    labels = [next(box.all("tbody")) for box in (made.by_id("table-1"), made.by_id("figure-1"))]
    assert [next(row.all("th")).text for row in labels[0].all("tr")] == whole
    drawn = [[one.text for one in row.all("th", "td")] for row in labels[1].all("tr")]
    assert [row[1] for row in drawn] == [row[2] for row in drawn] == whole
    (image,) = made.all("img")
    assert image.attrs["alt"] == " ".join(whole)
    (caption,) = made.all("figcaption")
    assert caption.text == f"Hình 1. {HOSTILE[2]}"
    (title,) = made.all("title")
    assert title.text == HOSTILE[1]


def test_a_figure_without_lines_is_shown_in_dots(tmp_path: Path) -> None:
    path, _ = hostile(tmp_path, png=b"\x89PNG")
    (image,) = read(path).all("img")
    assert image.attrs["src"] == "data:image/png;base64,iVBORw=="


def test_the_file_is_the_same_every_time(tmp_path: Path) -> None:
    first, second = (hostile(tmp_path)[0].read_bytes() for _ in range(2))
    assert first == second
    assert b"\r" not in first


def test_the_demo_stays_small(path: Path, demo: tuple[list[Paragraph], Contents]) -> None:
    drawn = sum(len(one.images["svg"]) for one in demo[1].pictures.values())
    assert path.stat().st_size < 4 / 3 * drawn + 250_000


def luminance(colour: str) -> float:
    """Relative luminance by WCAG 2.2."""
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_letters_stand_out_from_the_paper_by_day_and_by_night(page: Node) -> None:
    (style,) = page.all("style")
    looks = re.findall(r":root \{(.*?)\}", style.text, flags=re.DOTALL)
    assert len(looks) == 2
    for look in looks:
        colours = dict(re.findall(r"--(\w+): (#\w{6});", look))
        for ink in ("ink", "quiet", "link"):
            for ground in ("paper", "band"):
                dark, light = sorted(luminance(colours[name]) for name in (ink, ground))
                assert (light + 0.05) / (dark + 0.05) >= 4.5, (ink, ground)

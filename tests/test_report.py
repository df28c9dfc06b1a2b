"""Section A in one call: files, errors, what was given and what was not."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import sipas
from sipas import datasets, report
from sipas.report import files as report_files
from survey.errors import SurveyError

PAGE = "docs/section_a_text.md"


def households(year: int) -> sipas.Answers:
    return sipas.clean(datasets.load_hue_households(year), f"sipas-{year}")


@pytest.fixture(scope="module")
def demo() -> report.SectionA:
    return report.demo()


@pytest.fixture(scope="module")
def folder(demo: report.SectionA, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everything saved once, in a folder that was not there."""
    from matplotlib import pyplot

    target = tmp_path_factory.mktemp("report") / "new" / "folder"
    before = pyplot.get_fignums()
    paths = demo.save(target)
    assert pyplot.get_fignums() == before, "saving closes what it drew"
    assert [path.relative_to(target).as_posix() for path in paths] == [
        "section_a.docx",
        "section_a.xlsx",
        "section_a.html",
        "figures/leaders.png",
        "figures/change.png",
        "figures/contributions.png",
        "figures/forest.png",
        "figures/heat_map.png",
        "figures/answers.png",
        "section_a.txt",
    ]
    return target


def test_files_hold_something(demo: report.SectionA, folder: Path) -> None:
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert len(files) == 10
    assert all(path.stat().st_size > 1000 for path in files)
    assert (folder / "section_a.txt").read_text(encoding="utf-8") == demo.text()


def test_pictures_have_200_dots_per_inch(demo: report.SectionA, folder: Path) -> None:
    from matplotlib import pyplot
    from matplotlib.image import imread

    figure = demo.figures["change"]().get_figure(root=True)
    assert figure is not None
    width = figure.get_size_inches()[0]
    pyplot.close(figure)
    assert imread(folder / "figures" / "change.png").shape[1] == pytest.approx(200 * width, abs=2)


def test_only_the_formats_asked_for(demo: report.SectionA, tmp_path: Path) -> None:
    assert [path.name for path in demo.save(tmp_path, formats=("txt",))] == ["section_a.txt"]
    assert [path.name for path in tmp_path.iterdir()] == ["section_a.txt"]


def test_figures_in_lines_and_as_pages_of_one_file(demo: report.SectionA, tmp_path: Path) -> None:
    once, again = (demo.save(tmp_path / name, formats=("svg", "pdf")) for name in "ab")
    assert [path.name for path in once] == [f"{n}.svg" for n in demo.figures] + ["figures.pdf"]
    pages = once[-1].read_bytes()
    assert pages.startswith(b"%PDF-")
    assert pages.count(b"/Type /Page\n") + pages.count(b"/Type /Page ") == len(demo.figures)
    for one, other in zip(once, again, strict=True):
        assert one.read_bytes() == other.read_bytes()


def test_an_unknown_format_names_the_known(demo: report.SectionA, tmp_path: Path) -> None:
    with pytest.raises(
        SurveyError, match=r"'odt' is not an option.*'docx', 'xlsx', 'html', 'png', 'txt'"
    ):
        demo.save(tmp_path / "x", formats=("odt",))
    assert not (tmp_path / "x").exists()


def test_leaders_need_weights() -> None:
    leaders = sipas.clean(datasets.load_hue_leaders(2022), "leaders-2022")
    with pytest.raises(SurveyError, match="group_weights"):
        report.section_a(leaders=leaders)


def test_nothing_given_is_an_error() -> None:
    with pytest.raises(SurveyError, match="neither households nor leaders"):
        report.section_a()


def test_years_in_the_wrong_order_are_refused() -> None:
    with pytest.raises(SurveyError, match="the years are 2022 and 2021"):
        report.section_a(households=(households(2022), households(2021)))


def test_one_year_of_households_alone() -> None:
    made = report.section_a(households=households(2022))
    assert list(made.tables) == ["dimensions", "summary", "response", "designs", "statements"]
    assert list(made.figures) == ["heat_map", "answers"]


def test_a_sheet_without_districts_has_no_account_by_district() -> None:
    years = [households(year) for year in (2021, 2022)]
    bare = [replace(one, data=one.data.drop(columns="district")) for one in years]
    made = report.section_a(households=(bare[0], bare[1]))
    assert "contributions_district" not in made.tables
    assert "contributions_dimension" in made.tables


def test_population_weights_change_nothing_official(demo: report.SectionA) -> None:
    plain = report.section_a(households=(households(2021), households(2022)))
    first, second = (one.tables["dimensions"].frame for one in (plain, demo))
    pd.testing.assert_series_equal(first["estimate"], second["estimate"])
    assert "weighted" in demo.tables
    assert "weighted" not in plain.tables


def test_summary_in_both_languages(demo: report.SectionA) -> None:
    assert demo.summary().title == "Tổng hợp kết quả khảo sát"
    assert demo.summary("en").title == "Summary of the survey results"
    assert demo.summary("en").shown().loc["leaders_dimensions", "Verdict"] == "not enough evidence"


def test_callers_frames_are_not_changed() -> None:
    published = datasets.load_published("hue_sipas_dimensions")
    kept = published.copy()
    now = households(2022)
    data = now.data.copy()
    made = report.section_a(households=now, published=published)
    assert len(made.tables) == 5
    pd.testing.assert_frame_equal(published, kept)
    pd.testing.assert_frame_equal(now.data, data)


def test_progress_only_where_someone_looks_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report_files.sys.stderr, "isatty", lambda: False, raising=False)
    assert report_files._watched(["a"]) == ["a"]


def test_importing_the_report_stays_light() -> None:
    heavy = "{'matplotlib', 'docx', 'xlsxwriter', 'pingouin', 'statsmodels'} & set(sys.modules)"
    code = f"import sys, sipas.report; print({heavy})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_the_documented_text_is_what_the_demo_gives(demo: report.SectionA) -> None:
    page = (Path(__file__).parents[1] / PAGE).read_text(encoding="utf-8")
    quoted = [line.removeprefix("> ") for line in page.splitlines() if line.startswith("> ")]
    written = [
        piece.text for piece in demo.paragraphs() if piece.kind in ("heading", "body", "note")
    ]
    assert quoted == written

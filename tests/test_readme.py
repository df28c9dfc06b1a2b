"""What the README shows is what its code gives; the notebooks run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """The names that the README's twelve lines define, run in an empty folder."""
    code = re.search(r"```python\n(.*?)```", README, flags=re.S)
    assert code is not None
    scope: dict[str, object] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("readme"))
        exec(compile(code[1], "README.md", "exec"), scope)  # the project's own text
        assert (Path("out") / "section_a.docx").stat().st_size > 10_000
    return scope


def shown_change(moved: object) -> str:
    """The table beneath the picture."""
    table = moved.table()  # type: ignore[attr-defined]
    columns = ["before", "after", "estimate", "se", "low", "high", "df", "p_adjusted", "verdict"]
    rows = table.loc[table["level"] != "statement", columns]
    return rows.to_string(float_format=lambda x: f"{x:.3f}")


def test_the_tables_are_what_the_code_gives(names: dict[str, object]) -> None:
    assert shown_change(names["moved"]) in README
    assert repr(names["index"]["S3"]) in README  # type: ignore[index]


def test_the_commands_are_those_that_ci_runs() -> None:
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    for command in re.findall(r'pip install (-e "[^"]+")', README):
        assert command.split('"')[1].rstrip("]") in ci.replace(",lint", "")
    assert "sipas section-a --demo --out" in ci


def test_every_link_leads_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / target).exists(), target


@pytest.mark.parametrize(
    "path", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda p: p.stem
)
def test_the_notebooks_run(path: Path, tmp_path: Path) -> None:
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(path, as_version=4)
    assert all(not cell.get("outputs") for cell in notebook.cells), "commit without outputs"
    NotebookClient(
        notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": tmp_path}}
    ).execute()
    outputs = [out for cell in notebook.cells for out in cell.get("outputs", [])]
    assert [out for out in outputs if out.get("name") == "stderr"] == []
    for cell in notebook.cells:
        if cell.cell_type == "code" and "charts." in cell.source:
            shown = [name for out in cell.outputs for name in out.get("data", {})]
            assert "image/png" in shown, f"no picture under: {cell.source}"

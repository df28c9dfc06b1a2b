"""Refresh the table of files in ``README.md``: rows, columns and sha256 of every data file.

``--check`` writes nothing and fails when the table is not what the files say.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
from pathlib import Path

HERE = Path(__file__).resolve().parent
FOLDERS = ("published", "synthetic", "worked")
START, END = "<!-- files -->\n", "<!-- end of files -->"


def line(path: Path) -> str:
    """Describe one CSV file as a row of the table."""
    content = path.read_bytes()
    rows = list(csv.reader(content.decode("utf-8").splitlines(keepends=True)))
    digest = hashlib.sha256(content).hexdigest()
    name = path.relative_to(HERE).as_posix()
    return f"| `{name}` | {len(rows) - 1} | {len(rows[0])} | `{digest}` |"


def table() -> str:
    """Describe all CSV files, by folder and name."""
    files = [path for folder in FOLDERS for path in sorted((HERE / folder).glob("*.csv"))]
    head = ["| file | rows | columns | sha256 |", "|---|---:|---:|---|"]
    return "\n".join([*head, *(line(path) for path in files)]) + "\n"


def refreshed(card: str) -> str:
    """Put the table of today between the two marks of a card file."""
    before, _, rest = card.partition(START)
    _, mark, after = rest.partition(END)
    if not mark:
        raise SystemExit(f"README.md has no {START.strip()} … {END} to fill")
    return f"{before}{START}{table()}{mark}{after}"


def main() -> None:
    """Rewrite the table, or with ``--check`` only compare it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare, do not write")
    card = HERE / "README.md"
    now = card.read_text(encoding="utf-8")
    wanted = refreshed(now)
    if parser.parse_args().check:
        if wanted != now:
            raise SystemExit("README.md is not up to date: run python datasets/make_cards.py")
        print("README.md is up to date")
        return
    card.write_text(wanted, encoding="utf-8", newline="\n")
    print(table())


if __name__ == "__main__":
    main()

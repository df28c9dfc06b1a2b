"""Write the records of docs/record/, and run their R code: python docs/make_record.py

The answers are made up (sipas.demonstration), and so are the weights of the leader groups. Needs
Rscript with the package survey (Debian: r-base-core r-cran-survey). What R printed is kept beside
the script as reproduce.Rout, its numbers as estimates_r.csv; the answers themselves are not kept.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import sipas
from sipas import demonstration
from sipas.records import Record, record

FOLDER = Path(__file__).parent / "record"


def households() -> Record:
    """The index of 2022, plain and weighted by district."""
    answers = demonstration.households(2022)
    shares = demonstration.population_weights()
    return record(sipas.satisfaction(answers, group_weights=shares))


def districts() -> Record:
    """The index of 2022 in each district."""
    return record(sipas.satisfaction(demonstration.households(2022), by="district"))


def leaders() -> Record:
    """The leader scores of 2022, in all and by group."""
    weights = dict(demonstration.LEADER_WEIGHTS)
    return record(sipas.leader_scores(demonstration.leaders(2022), group_weights=weights))


def change() -> Record:
    """The change of the household index, the same communes in both years."""
    return record(sipas.compare(*map(demonstration.households, (2021, 2022)), link="items"))


def leader_change() -> Record:
    """The change of the leader scores, independent years."""
    both = map(demonstration.leaders, (2021, 2022))
    weights = dict(demonstration.LEADER_WEIGHTS)
    return record(sipas.compare(*both, link="items", group_weights=weights))


CASES: dict[str, Callable[[], Record]] = {
    made.__name__: made for made in (households, districts, leaders, change, leader_change)
}


def run_r(folder: Path) -> str:
    """Run reproduce.R in its folder, and give what it printed."""
    done = subprocess.run(
        ["Rscript", "reproduce.R"],
        cwd=folder,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{folder.name}: R stopped.\n{done.stderr}")
    return done.stdout


def main() -> None:
    for name, make in CASES.items():
        make().write(FOLDER / name)
        printed = run_r(FOLDER / name)
        (FOLDER / name / "reproduce.Rout").write_text(printed, encoding="utf-8")
        print(f"{name}: {len(printed.splitlines()) - 2} estimates by R")


if __name__ == "__main__":
    main()

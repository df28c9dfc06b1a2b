"""What both generators do: read the invented parameters, leave answers out, write the sheet."""

from __future__ import annotations

import argparse
import csv
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from printed import HERE

ANSWERED, BLANK, DONT_KNOW = 0, 1, 2
CODE_OF_DONT_KNOW = "9"

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def parameters() -> dict[str, Any]:
    """Everything invented, from ``made_up.toml``."""
    return tomllib.loads((HERE / "made_up.toml").read_text(encoding="utf-8"))


def output_folder(description: str) -> Path:
    """Folder of ``--out``; the committed one unless told otherwise."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--out", type=Path, default=HERE / "synthetic", help="folder to write to")
    folder: Path = parser.parse_args().out
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def unit_effects(rng: np.random.Generator, parents: Sequence[int]) -> Floats:
    """Standard-normal effects, centred in their parent and scaled to unit variance.

    Nine communes drawn at random would show whatever variance chance gave them; centring and
    scaling makes the intended clustering the one that is in the file.
    """
    effects = rng.standard_normal(len(parents))
    labels = np.asarray(parents)
    for parent in np.unique(labels):
        effects[labels == parent] -= effects[labels == parent].mean()
    freedom = len(parents) - len(np.unique(labels))
    scaled: Floats = effects / np.sqrt((effects**2).sum() / freedom)
    return scaled


def left_out(rng: np.random.Generator, blank: float, dont_know: Floats) -> Ints:
    """Who answers one item, who leaves it blank, who does not know (per-person chance)."""
    draw = rng.random(len(dont_know))
    kind: Ints = np.where(draw < blank, BLANK, np.where(draw < blank + dont_know, DONT_KNOW, 0))
    return kind


def as_text(answers: Ints, kind: Ints) -> list[str]:
    """Cells of one item: the code, 9 for don't know, nothing for a blank."""
    words = {BLANK: "", DONT_KNOW: CODE_OF_DONT_KNOW}
    return [words.get(int(k), str(a)) for a, k in zip(answers, kind, strict=True)]


def write(path: Path, columns: Mapping[str, Sequence[str]]) -> None:
    """Write columns of text as UTF-8 CSV with newline ends, the same bytes on every system."""
    with path.open("w", encoding="utf-8", newline="") as handle:
        sheet = csv.writer(handle, lineterminator="\n")
        sheet.writerow(columns)
        sheet.writerows(zip(*columns.values(), strict=True))


def read(path: Path) -> list[dict[str, str]]:
    """Read a sheet back as text, to check the file itself rather than what was meant."""
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))

"""Build the designs that oracle cases describe."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
from r_conditions import mask

import survey

Case = dict[str, Any]


class NotSupported(Exception):
    """The library has no such estimator or design yet."""


@cache
def frame(path: Path) -> pd.DataFrame:
    """The data of a case; an empty field is missing, and nothing else is."""
    return pd.read_csv(path, keep_default_na=False, na_values=[""])


def design(case: Case, folder: Path) -> Any:
    """The design of a case, restricted to its domain."""
    made = BUILDERS[case["design"]["type"]](case, folder)
    if "domain" in case:
        made = made.domain(mask(case["domain"], made.data), label=case["domain"])
    return made


def taylor(case: Case, folder: Path) -> survey.Design:
    """A design of strata, units and weights."""
    spec = case["design"]
    if spec.get("calibration"):
        raise NotSupported("calibrated design")
    ids, fpc = spec["ids"], spec["fpc"]
    if spec.get("ultimate_cluster"):
        ids, fpc = ids[:1], fpc and fpc[:1]
        spec = {**spec, "weights": spec["weights"] or "pw"}
    lonely = spec["lonely_psu"]
    return survey.Design(
        frame(folder / case["data"]),
        weights=spec["weights"],
        strata=spec["strata"],
        psu=ids,
        fpc=fpc,
        nest=spec["nest"],
        lonely_psu=lonely,
        lonely_domain=lonely if spec["adjust_domain_lonely"] else "fail",
    )


def replicate(case: Case, folder: Path) -> survey.ReplicateDesign:
    """A design of supplied replicate weights."""
    spec = case["design"]
    weights = frame(folder / spec["repweights"])
    return survey.ReplicateDesign(
        frame(folder / case["data"]),
        weights=weights["pw"].to_numpy(),
        replicate_weights=weights.drop(columns="pw").to_numpy(),
        scale=spec["scale"],
        rscales=spec["rscales"],
        mse=spec["mse"],
        combined=spec["combined_weights"],
        degrees=spec["degf_given"],
    )


def plain(case: Case, folder: Path) -> pd.DataFrame:
    """Data without a design."""
    return frame(folder / case["data"])


BUILDERS = {"taylor": taylor, "replicate": replicate, "none": plain}

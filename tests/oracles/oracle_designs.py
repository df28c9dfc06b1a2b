"""Build the designs that oracle cases describe."""

from __future__ import annotations

import json
import re
import warnings
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import r_calls
from r_conditions import mask

import survey
from survey import replication, weighting
from survey.weighting.auxiliaries import model_columns

Case = dict[str, Any]
Spec = dict[str, Any]


class NotSupported(Exception):
    """The library has no such estimator or design yet."""


@cache
def frame(path: Path) -> pd.DataFrame:
    """The data of a case; an empty field is missing, and nothing else is."""
    return pd.read_csv(path, keep_default_na=False, na_values=[""])


@cache
def registered(folder: Path) -> dict[str, tuple[Spec, str]]:
    """Every design that the cases of a folder name, with its data."""
    cases = json.loads((folder / "cases.json").read_text(encoding="utf-8"))
    found: dict[str, tuple[Spec, str]] = {}
    for case in cases:
        spec = case["design"] or {}
        if "name" in spec:  # cases with other rules for lonely PSUs come after the plain ones
            found.setdefault(spec["name"], (spec, case["data"]))
    return found


@dataclass(frozen=True)
class Replicated:
    """Replicate weights as R made them, and the same made here."""

    supplied: survey.ReplicateDesign
    made: survey.ReplicateDesign


def design(case: Case, folder: Path) -> Any:
    """The design of a case, restricted to its domain."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", survey.SurveyWarning)  # R warns there, too
        made = BUILDERS[case["design"]["type"]](case, folder)
        if case["stat"]["fn"] == "as.svrepdesign":
            return Replicated(made, replicated(case, folder))
    if "domain" in case:
        made = made.domain(mask(case["domain"], made.data), label=case["domain"])
    return made


def taylor(case: Case, folder: Path) -> survey.Design:
    """A design of strata, units and weights, calibrated where the case says so."""
    spec = case["design"]
    ids, fpc = spec["ids"], spec["fpc"]
    if spec.get("ultimate_cluster"):
        ids, fpc = ids[:1], fpc and fpc[:1]
        spec = {**spec, "weights": spec["weights"] or "pw"}
    lonely = spec["lonely_psu"]
    made = survey.Design(
        frame(folder / case["data"]),
        weights=spec["weights"],
        strata=spec["strata"],
        psu=ids,
        fpc=fpc,
        nest=spec["nest"],
        lonely_psu=lonely,
        lonely_domain=lonely if spec["adjust_domain_lonely"] else "fail",
    )
    known = spec.get("calibration")
    return reweighted(made, known, folder) if known else made


def reweighted(made: Any, known: Spec, folder: Path) -> Any:
    """Do with a design what its ``calibration`` says."""
    method = known["method"]
    if "from" in known:
        if known["from"] not in registered(folder):
            raise NotSupported(f"design {known['from']}")
        made = reweighted(made, registered(folder)[known["from"]][0]["calibration"], folder)
    if method.endswith("trimWeights"):
        limits = {name: known[name] for name in ("lower", "upper") if name in known}
        return weighting.trim(made, **limits, strict=known.get("strict", False))
    if method == "postStratify":
        margin = known["margin"]
        return weighting.poststratify(made, margin, classes(made, margin, known["totals"]))
    if method == "rake":
        return weighting.rake(made, margins(made, known["margins"]))
    if method != "calibrate":
        raise NotSupported(method)
    return calibrated(made, known)


def calibrated(made: Any, known: Spec) -> Any:
    """``calibrate``, with a formula or with margins."""
    options: dict[str, Any] = {"distance": known.get("calfun", "linear")}
    if known.get("bounds"):
        options["bounds"] = tuple(float(bound) for bound in known["bounds"])
    if known.get("aggregate_stage"):
        options["aggregate"] = known["aggregate_stage"]
    if "margins" in known:
        tables = margins(made, known["margins"])
        return weighting.calibrate(made, list(tables), tables, **options)
    formula = known["formula"]
    if known.get("variance_coef"):
        columns = model_columns(made.data, made.inside, formula, "oracle").to_numpy()
        options["variance"] = columns @ known["variance_coef"]
    return weighting.calibrate(made, formula, known["totals"], **options)


def margins(made: Any, tables: dict[str, dict[str, float]]) -> dict[str, dict[Any, float]]:
    """Margins with the levels as the data have them."""
    return {name: classes(made, name, totals) for name, totals in tables.items()}


def classes(made: Any, name: str, totals: dict[str, float]) -> dict[Any, float]:
    """JSON knows only words as keys: give each count the level that reads so."""
    levels = {str(level): level for level in made.data[name].dropna().unique()}
    return {levels.get(word, word): count for word, count in totals.items()}


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


#: R's types of replicate weights, and what they are called here.
METHODS = {"subbootstrap": "bootstrap", "bootstrap": "canty-davison", "mrbbootstrap": "mrb"}


def replicated(case: Case, folder: Path) -> survey.ReplicateDesign:
    """Make the replicate weights of a case here, by the call that made them in R."""
    return _made(r_calls.read(case["stat"]["structure_of"]), case, folder)


def _made(call: r_calls.Call, case: Case, folder: Path) -> survey.ReplicateDesign:
    """Follow a call from the inside out."""
    spec = case["design"]
    if call.name == "as.svrepdesign":
        kind = call.named["type"]
        method = METHODS.get(kind, kind)
        drawn = method in replication.DRAWN
        return replication.as_replicates(
            _base(call.values[0], case, folder),
            method,
            n=len(spec["rscales"]) if drawn else None,
            seed=1 if drawn else None,
            rho=call.named.get("fay.rho"),
            mse=bool(call.named.get("mse", False)),
        )
    inner = _made(call.values[0], case, folder)
    return follow(inner, r_calls.Call(call.name, [None, *call.values[1:]], call.named), folder)


def follow(made: Any, call: r_calls.Call, folder: Path) -> Any:
    """Do with a design what a call of ``calibrate`` or ``postStratify`` says."""
    formula, totals = call.values[1], call.values[2]
    if call.name == "postStratify":
        margin = formula.removeprefix("~ ")
        return weighting.poststratify(made, margin, _counts(made, margin, totals, folder))
    known = {"calfun": call.named.get("calfun", "linear"), "formula": formula}
    known |= {"totals": totals.named}
    if "bounds" in call.named:
        known["bounds"] = call.named["bounds"].values
    return calibrated(made, known)


def _counts(made: Any, margin: str, totals: Any, folder: Path) -> dict[Any, float]:
    """Counts of a margin, written out or under the name that another design of the folder uses."""
    if isinstance(totals, r_calls.Call):
        words = totals.named[margin].values
        return classes(made, margin, dict(zip(words, totals.named["Freq"].values, strict=True)))
    for spec, _ in registered(folder).values():
        known = spec.get("calibration") or {}
        if known.get("margin") == margin and totals.text in spec["call"]:
            return classes(made, margin, known["totals"])
    raise NotSupported(f"totals {totals.text}")


def _base(value: Any, case: Case, folder: Path) -> survey.Design:
    """The design that was replicated: written out, named, or else a like one on the same data."""
    if isinstance(value, r_calls.Call):
        return _written(value, case, folder)
    stratified = case["design"]["rep_type"] in ("JKn", "BRR", "Fay")
    found = [
        spec
        for spec, data in registered(folder).values()
        if data == case["data"] and spec["type"] == "taylor"
    ]
    for spec in found:
        if spec["name"] == value.text:
            return taylor({**case, "design": spec}, folder)
    like = [spec for spec in found if bool(spec["strata"]) == stratified]
    for spec in sorted(like, key=lambda spec: _calibrated_from(spec) != value.text):
        return taylor({**case, "design": {**spec, "calibration": None}}, folder)
    raise NotSupported(f"design {value.text}")


def _calibrated_from(spec: Spec) -> str | None:
    """Name of the design that a calibrated one started from."""
    return (spec.get("calibration") or {}).get("base")


def _written(call: r_calls.Call, case: Case, folder: Path) -> survey.Design:
    """A design written out as ``svydesign``."""

    def columns(name: str) -> list[str] | None:
        names = re.findall(r"[^\W\d][\w.]*", call.named.get(name) or "")
        return names or None

    weights = columns("weights")
    return survey.Design(
        frame(folder / case["data"]),
        weights=weights[0] if weights else None,
        strata=columns("strata"),
        psu=columns("ids") or columns("id"),
        fpc=columns("fpc"),
        nest=bool(call.named.get("nest", False)),
    )


def plain(case: Case, folder: Path) -> pd.DataFrame:
    """Data without a design."""
    return frame(folder / case["data"])


BUILDERS = {"taylor": taylor, "replicate": replicate, "none": plain}

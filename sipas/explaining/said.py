"""What is said of one step, in words: the parts from which text and HTML are laid out."""

from __future__ import annotations

from collections.abc import Mapping

from sipas.explaining.formulas import Formula, short
from sipas.explaining.shown import Shown
from sipas.explaining.steps import Precision, Step
from sipas.explaining.words import worded

_ALWAYS = ("blank", "dont_know", "refused", "not_applicable")


def heading(step: Step, shown: Shown) -> str:
    """Name a step and give its number."""
    label = step.label[shown.lang].rstrip(".")
    named = step.code if label == step.code else f"{step.code}  {label}"
    value = worded("heading", "percent", value=shown.number(step.value))
    return f"{named}: {value[shown.lang]}"


def formulas(step: Step) -> list[Formula]:
    """Give the formula of a step, and that of its points."""
    return [step.formula] if step.points is None else [step.formula, step.points]


def right_sides(formula: Formula, shown: Shown) -> list[list[str]]:
    """Write a formula in symbols, in numbers, and its value, each in pieces; nothing twice."""
    numbers = formula.number_pieces(shown.lang, shown.decimals)
    value = [shown.number(formula.value)]
    return [formula.symbol_pieces(shown.lang), numbers, *([value] if value != numbers else [])]


def sentences(step: Step, shown: Shown) -> list[str]:
    """Say how sure a step is, and how many answers are behind it."""
    known = [] if step.precision is None else [_precision(step.precision, shown)]
    return [*known, _counts(step.counts, shown)]


def answer_table(step: Step, shown: Shown) -> list[list[str]]:
    """Tabulate the answers beneath a step: heads, then one row an answer; empty without any."""
    answers = [under for under in step.steps if under.level == "answer"]
    if not answers:
        return []
    weighted = not step.formula.counts
    heads = ["answer", "n", *(["weighted"] if weighted else []), "share", "counts_as"]
    rows = [[worded("answers", name)[shown.lang] for name in heads]]
    for one in answers:
        numbers = [shown.count(one.counts["n"])]
        if weighted:
            numbers.append(shown.number(one.counts["weighted"]))
        numbers += [shown.number(one.value), short(100.0 * one.weight, shown.lang)]
        rows.append([f"{one.code}  {one.label[shown.lang]}", *numbers])
    return rows


def steps_beneath(step: Step) -> list[Step]:
    """Give the steps that are written on their own, not in the table of answers."""
    return [under for under in step.steps if under.level != "answer"]


def unwritten(step: Step, shown: Shown) -> str:
    """Say how many steps were left out beneath."""
    count = sum(1 for _ in step.walk()) - 1
    return worded("line", "beneath", count=shown.count(count))[shown.lang]


def _precision(known: Precision, shown: Shown) -> str:
    """Say how sure the number is, and from what sample."""
    kind = "units" if known.strata else "replicates"
    sample = worded("line", kind, units=shown.count(known.units), strata=shown.count(known.strata))
    return worded(
        "line",
        "precision",
        se=shown.number(known.se),
        level=short(100.0 * shown.level, shown.lang),
        low=shown.number(known.low),
        high=shown.number(known.high),
        n=shown.count(known.n),
        sample=sample,
        df=short(known.df, shown.lang),
    )[shown.lang]


def _counts(counts: Mapping[str, float], shown: Shown) -> str:
    """Say how many were asked, and what became of them."""
    names = ["answered", "satisfied", *(["set_aside"] if counts["set_aside"] else []), *_ALWAYS]
    parts = [f"{worded('counts', name)[shown.lang]} {shown.count(counts[name])}" for name in names]
    asked = shown.count(counts["asked"])
    return worded("line", "asked", asked=asked, parts=", ".join(parts))[shown.lang]

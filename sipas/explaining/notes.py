"""What stands around an explanation: the survey, the rules, the weights, the population."""

from __future__ import annotations

from sipas.composites import OVERALL
from sipas.explaining.computed import Computed, Index
from sipas.explaining.formulas import short
from sipas.explaining.tabulation import Tabulation
from sipas.explaining.words import column_word, worded
from sipas.indices import SatisfactionIndex
from sipas.numerals import number
from sipas.responses.populations import named
from sipas.sentences import Text


def source_of(made: Computed) -> Text:
    """Name the survey, and the domain."""
    instrument = made.answers.instrument
    filled = {"title": instrument.title, "id": instrument.id}
    if made.domain is None:
        return worded("heading", "survey", **filled)
    return worded("heading", "domain", domain=made.domain, **filled)


def notes_of(index: Index, made: Computed, counted: Tabulation, code: str) -> tuple[Text, ...]:
    """Say by which rules, weights and letters the number came about, and of whom it speaks."""
    households = isinstance(index, SatisfactionIndex)
    level = made.scheme.levels[made.scheme.codes.index(code)]
    if isinstance(index, SatisfactionIndex):
        notes = _household_rules(index, level)
    else:
        names = ["leaders", *(["maxima"] if level != "statement" else []), "item"]
        notes = [worded("rule", name) for name in names]
    if made.names:
        notes.append(worded("rule", "groups"))
    notes += _reversed(made, code)
    notes.append(_weights(made, counted))
    notes.append(worded("note", "population", population=_population(made)))
    if made.design.domain_label is not None:
        notes.append(worded("note", "subset", domain=made.design.domain_label))
    notes.append(worded("note", "legend_n"))
    if made.names or code == OVERALL:
        notes.append(worded("note", "legend_weights"))
    if not households:
        notes.append(worded("note", "legend_points"))
    notes.append(worded("note", "rounded"))
    if isinstance(index, SatisfactionIndex) and not made.names:
        notes += _beside(index, code)
    return tuple(notes)


def _household_rules(index: SatisfactionIndex, level: str) -> list[Text]:
    """Say by which rules a household index was computed."""
    rules, scale = index.rules, index.instrument.scale
    levels = ", ".join(map(str, scale.satisfied))
    ends = {"low": min(scale.levels), "high": max(scale.levels)}
    said = [
        worded("rule", rules.score, levels=levels, **ends),
        *([worded("rule", rules.aggregate)] if level != "statement" else []),
        worded("rule", rules.missing),
    ]
    if level == "overall" and rules.policy_weight is not None:
        weight = Text(short(rules.policy_weight, "vi"), short(rules.policy_weight, "en"))
        said.append(worded("rule", "policy_weight", weight=weight))
    return said


def _reversed(made: Computed, code: str) -> list[Text]:
    """Name the statements behind a number that are worded in reverse."""
    row = made.scheme.row(code)
    behind = {item for item, weight in zip(made.scheme.items, row, strict=True) if weight}
    instrument = made.answers.instrument
    turned = [one.code for one in instrument.index_items if one.reverse and one.code in behind]
    return [worded("rule", "reverse", items=", ".join(turned))] if turned else []


def _weights(made: Computed, counted: Tabulation) -> Text:
    """Say how much the forms weigh."""
    weight = made.design.weight[made.group >= 0]
    if (weight == 1.0).all():
        return worded("weights", "one")
    if all(counted.even):
        return worded("weights", "even")
    amounts = {"low": weight.min(), "high": weight.max(), "sum": weight.sum()}
    written = {
        name: Text(number(float(value), lang="vi"), number(float(value), lang="en"))
        for name, value in amounts.items()
    }
    return worded("weights", "uneven", **written)


def _population(made: Computed) -> Text:
    """Say of whom the number speaks."""
    return Text(named(made.design, "vi"), named(made.design, "en"))


def _beside(index: SatisfactionIndex, code: str) -> list[Text]:
    """Give the number weighted by group, where there is one."""
    if index.weighted is None:
        return []
    ((column, _),) = (index.rules.group_weights or {}).items()
    value = float(index.weighted.point[index.scheme.codes.index(code)])
    written = Text(number(value, lang="vi"), number(value, lang="en"))
    return [worded("note", "beside", column=column_word(column), value=written)]

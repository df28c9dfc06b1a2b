"""Sentences whose numbers must fit each other: declared as patterns, tried on every row."""

from __future__ import annotations

import ast
import operator
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sipas.auditing.figures import Row
from sipas.auditing.findings import Checked, Finding, counted, finding_of
from sipas.auditing.printed_numbers import read_number
from sipas.auditing.printed_tables import PrintedTable
from sipas.auditing.quotes import Tables, texts
from survey.errors import SurveyError

_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_OPERATORS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_Wrong = dict[str, tuple[float, str]]


def check_sentences(tables: Tables) -> Checked:
    """Try every declared sentence on the texts of every row."""
    found: list[Finding] = []
    tried: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for table in tables.values():
        for rule, match, row in _said_in(table):
            wrong = _wrong(rule, match, row, table)
            tried[rule["name"], row["table"]].append(bool(wrong))
            found += [
                finding_of(
                    {**row, "measure": name, "printed": match[name]},
                    rule["name"],
                    "error",
                    value,
                    value,
                    slip=slip,
                    confidence="medium" if slip else "low",
                )
                for name, (value, slip) in wrong.items()
            ]
    return found, counted(tried)


def _said_in(table: PrintedTable) -> Iterator[tuple[Mapping[str, Any], re.Match[str], Row]]:
    """Find the declared sentences in one table."""
    for rule in texts()["sentence"]:
        for column in rule["columns"]:
            for row, cell in zip(table.rows, table.cells.get(column, ()), strict=False):
                match = re.search(rule["pattern"], cell)
                if match:
                    yield rule, match, row


def _wrong(rule: Mapping[str, Any], match: re.Match[str], row: Row, table: PrintedTable) -> _Wrong:
    """Give the numbers of a sentence that do not fit, and what would."""
    said = {name: _number(text) for name, text in match.groupdict().items()}
    wrong = _not_whole(rule.get("whole", ()), said)
    for equation in rule.get("equations", ()):
        left, right = (side.strip() for side in equation.split("="))
        value = evaluated(right, said)
        if abs(said[left] - value) > 1e-9:
            wrong[left] = (value, "")
    for name, counted_ in _counts(rule, row, table):
        if counted_ is not None and counted_ != said[name]:
            wrong[name] = (counted_, "")
    if "between" in rule:
        name, *ends = rule["between"]
        low, high = sorted(said[end] for end in ends)
        if not low <= said[name] <= high:
            wrong[name] = (min(max(said[name], low), high), "")
    return wrong


def _number(text: str) -> float:
    """Read a number of a sentence, digits or an English word."""
    if text in _WORDS:
        return float(_WORDS.index(text))
    number = read_number(text, counted=True)
    return float(number.value) if number else float("nan")


def _counts(
    rule: Mapping[str, Any], row: Row, table: PrintedTable
) -> Iterator[tuple[str, float | None]]:
    """Count the rows and read the cells that a sentence can be compared with."""
    near = [
        one
        for one in table.rows
        if (one["year"], one["province"]) == (row["year"], row["province"])
    ]
    for name, level in rule.get("rows", {}).items():
        yield name, float(sum(one["level"] == level for one in near))
    for name, column in rule.get("cells", {}).items():
        number = read_number(table.cell(column, row["row"]), counted=True)
        yield name, float(number.value) if number else None
    if "children" in rule:
        under = re.compile(re.escape(row["code"]) + r"\.[^.]+")
        yield rule["children"], float(sum(bool(under.fullmatch(one["code"])) for one in near))


def _not_whole(ratios: Sequence[str], said: Mapping[str, float]) -> _Wrong:
    """Find the number whose one wrong digit spoils ratios that should be whole."""
    if all(_whole(ratio, said) for ratio in ratios):
        return {}
    mended = [
        (name, value)
        for name, printed in said.items()
        for value in _one_digit_off(int(printed))
        if all(_whole(ratio, {**said, name: value}) for ratio in ratios)
    ]
    if len(mended) == 1:
        return {mended[0][0]: (mended[0][1], "one digit wrong")}
    first = next(ratio for ratio in ratios if not _whole(ratio, said))
    return {first.partition("/")[0].strip(): (float("nan"), "")}


def _whole(ratio: str, said: Mapping[str, float]) -> bool:
    """Say whether a ratio is a whole number."""
    value = evaluated(ratio, said)
    return value >= 1 and abs(value - round(value)) < 1e-9


def _one_digit_off(number: int) -> Iterator[float]:
    """Change one digit of a whole number; never its first to nought."""
    digits = str(number)
    for at, digit in enumerate(digits):
        for other in "123456789" if at == 0 else "0123456789":
            if other != digit:
                yield float(digits[:at] + other + digits[at + 1 :])


def evaluated(expression: str, names: Mapping[str, float]) -> float:
    """Evaluate sums, differences, products and quotients of named numbers.

    Raises
    ------
    SurveyError
        For anything but arithmetic on the names given.

    Examples
    --------
    >>> evaluated("(provinces - 2) * each", {"provinces": 10, "each": 1260})
    10080.0
    """
    return float(_value(ast.parse(expression, mode="eval").body, names))


def _value(node: ast.expr, names: Mapping[str, float]) -> float:
    """Evaluate one node."""
    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
        return float(node.value)
    if isinstance(node, ast.Name) and node.id in names:
        return names[node.id]
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        return _OPERATORS[type(node.op)](_value(node.left, names), _value(node.right, names))
    raise SurveyError(
        f"sentences: {ast.unparse(node)!r} is not understood.",
        mend="Use the names of the pattern, numbers, + − * / and brackets.",
    )

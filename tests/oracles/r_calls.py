"""Read R calls such as ``calibrate(d, ~a + b, c(x = 1), bounds = c(0.6, 1.9))`` as data.

Numbers, words, names, formulas (kept as text) and calls; nothing is ever evaluated.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

TOKEN = re.compile(
    r"\s*(\"[^\"]*\"|'[^']*'|`[^`]*`|::|-?\d+\.?\d*(?:[eE][-+]?\d+)?|[^\W\d][\w.$]*|[~+\-*:(),=])"
)


@dataclass(frozen=True)
class Call:
    """One call: its function, its arguments in order, and those with a name."""

    name: str
    values: list[Any] = field(default_factory=list)
    named: dict[str, Any] = field(default_factory=dict)

    def get(self, name: str, place: int | None = None) -> Any:
        """Argument of a name, or at a place among those without."""
        if name in self.named:
            return self.named[name]
        return self.values[place] if place is not None and place < len(self.values) else None


@dataclass(frozen=True)
class Name:
    """A name that stands for something else."""

    text: str


def read(text: str) -> Any:
    """Read one call."""
    tokens = TOKEN.findall(text)
    if re.sub(r"\s", "", "".join(tokens)) != re.sub(r"\s", "", text):
        raise ValueError(f"cannot read the call {text!r}")
    value, rest = _value(tokens)
    if rest:
        raise ValueError(f"cannot read the call {text!r} beyond {rest[0]!r}")
    return value


def _value(tokens: list[str]) -> tuple[Any, list[str]]:
    """Read one value, and give the tokens after it."""
    first, rest = tokens[0], tokens[1:]
    if first == "~":
        return _formula(rest)
    if first[0] in "\"'":
        return first[1:-1], rest
    if re.fullmatch(r"-?\d.*", first):
        return float(first), rest
    if rest[:1] == ["::"]:
        return _value([f"{first}::{rest[1]}", *rest[2:]])
    if rest[:1] == ["("]:
        return _arguments(first, rest[1:])
    words = {"TRUE": True, "FALSE": False, "NULL": None}
    return words.get(first, Name(first)), rest


def _formula(tokens: list[str]) -> tuple[str, list[str]]:
    """Read a one-sided formula as text."""
    depth, size = 0, 0
    for size, token in enumerate([*tokens, ")"]):  # noqa: B007
        depth += {"(": 1, ")": -1}.get(token, 0)
        if depth < 0 or (depth == 0 and token == ","):
            break
    return "~ " + " ".join(tokens[:size]), tokens[size:]


def _arguments(name: str, tokens: list[str]) -> tuple[Call, list[str]]:
    """Read the arguments of a call up to its closing bracket."""
    call = Call(name)
    while tokens[0] != ")":
        if tokens[1] == "=":
            key = tokens[0].strip("`\"'")
            call.named[key], tokens = _value(tokens[2:])
        else:
            value, tokens = _value(tokens)
            call.values.append(value)
        if tokens[0] == ",":
            tokens = tokens[1:]
    return call, tokens[1:]

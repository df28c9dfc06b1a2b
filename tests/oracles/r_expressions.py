"""Read R arithmetic such as ``100 * (api00 / api99 - 1)`` as a function of named numbers.

A small grammar, parsed by hand: no text from a file is ever evaluated.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

TOKEN = re.compile(r"\s*(`[^`]*`|\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+|[A-Za-z.][\w.]*|[-+*/^(),])")
FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "log": np.log,
    "exp": np.exp,
    "sqrt": np.sqrt,
    "sin": np.sin,
    "cos": np.cos,
    "asin": np.arcsin,
}
Reader = Callable[[Mapping[str, Any]], Any]


def expression(text: str) -> Reader:
    """The function of a mapping from names to numbers that the text stands for."""
    tokens = TOKEN.findall(text)
    if "".join(tokens) != re.sub(r"\s+", "", text):
        raise ValueError(f"cannot read the expression {text!r}")
    parser = Parser(tokens)
    read = parser.sum()
    if parser.tokens:
        raise ValueError(f"cannot read the expression {text!r} beyond {parser.tokens[0]!r}")
    return read


class Parser:
    """Recursive descent: sum > product > sign > power > atom."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = list(tokens)

    def accept(self, *expected: str) -> str | None:
        if self.tokens and self.tokens[0] in expected:
            return self.tokens.pop(0)
        return None

    def sum(self) -> Reader:
        left = self.product()
        while sign := self.accept("+", "-"):
            left = both(operator.add if sign == "+" else operator.sub, left, self.product())
        return left

    def product(self) -> Reader:
        left = self.sign()
        while sign := self.accept("*", "/"):
            left = both(operator.mul if sign == "*" else operator.truediv, left, self.sign())
        return left

    def sign(self) -> Reader:
        if self.accept("-"):
            return one(operator.neg, self.sign())
        return self.power()

    def power(self) -> Reader:
        base = self.atom()
        return both(operator.pow, base, self.sign()) if self.accept("^") else base

    def atom(self) -> Reader:
        if self.accept("("):
            return self.closed()
        token = self.tokens.pop(0)
        if token[0].isdigit() or (token[0] == "." and token[1:].isdigit()):
            return constant(float(token))
        if self.accept("("):
            return one(FUNCTIONS[token], self.closed())
        return named(token.strip("`"))

    def closed(self) -> Reader:
        inner = self.sum()
        if not self.accept(")"):
            raise ValueError("a bracket is not closed")
        return inner


def both(operation: Callable[[Any, Any], Any], left: Reader, right: Reader) -> Reader:
    return lambda numbers: operation(left(numbers), right(numbers))


def one(operation: Callable[[Any], Any], inner: Reader) -> Reader:
    return lambda numbers: operation(inner(numbers))


def constant(value: float) -> Reader:
    return lambda _: value


def named(name: str) -> Reader:
    return lambda numbers: numbers[name]

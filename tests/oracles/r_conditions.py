"""Read R conditions such as ``stype == 'E' & comp01 == 0`` as masks of rows.

A small grammar, parsed by hand: no text from a file is ever evaluated.
"""

from __future__ import annotations

import operator
import re

import numpy as np
import pandas as pd

TOKEN = re.compile(r"\s*(%in%|[<>=!]=|[()<>&|!,]|'[^']*'|\"[^\"]*\"|-?\d+\.?\d*|[A-Za-z_.][\w.]*)")
COMPARE = {
    "==": operator.eq,
    "!=": operator.ne,
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
}


def mask(condition: str, frame: pd.DataFrame) -> np.ndarray:
    """Rows of the frame for which the condition holds; a missing comparison is false."""
    tokens = TOKEN.findall(condition)
    if "".join(tokens) != re.sub(r"\s+", "", condition):
        raise ValueError(f"cannot read the condition {condition!r}")
    parser = Parser(tokens, frame)
    result = parser.either()
    if parser.tokens:
        raise ValueError(f"cannot read the condition {condition!r} beyond {parser.tokens[0]!r}")
    return result


class Parser:
    """Recursive descent: either > both > single."""

    def __init__(self, tokens: list[str], frame: pd.DataFrame) -> None:
        self.tokens, self.frame = list(tokens), frame

    def take(self, expected: str | None = None) -> str:
        token = self.tokens.pop(0)
        if expected is not None and token != expected:
            raise ValueError(f"expected {expected!r}, got {token!r}")
        return token

    def peek(self) -> str | None:
        return self.tokens[0] if self.tokens else None

    def either(self) -> np.ndarray:
        result = self.both()
        while self.peek() == "|":
            self.take()
            result = result | self.both()
        return result

    def both(self) -> np.ndarray:
        result = self.single()
        while self.peek() == "&":
            self.take()
            result = result & self.single()
        return result

    def single(self) -> np.ndarray:
        if self.peek() == "!":
            self.take()
            return ~self.single()
        if self.peek() == "(":
            self.take()
            result = self.either()
            self.take(")")
            return result
        name = self.take()
        if name == "is.na":
            self.take("(")
            column = self.frame[self.take()]
            self.take(")")
            return column.isna().to_numpy()
        return self.comparison(self.frame[name])

    def comparison(self, column: pd.Series) -> np.ndarray:
        sign = self.take()
        known = column.notna().to_numpy()
        if sign == "%in%":
            return column.isin(self.values()).to_numpy()
        held = COMPARE[sign](column, self.value()).fillna(False).to_numpy(dtype=bool)
        return held & known

    def values(self) -> list[object]:
        self.take("c")
        self.take("(")
        values = [self.value()]
        while self.peek() == ",":
            self.take()
            values.append(self.value())
        self.take(")")
        return values

    def value(self) -> object:
        token = self.take()
        return token[1:-1] if token[0] in "'\"" else float(token)

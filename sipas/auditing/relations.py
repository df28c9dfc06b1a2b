"""Identities, read from data, and the relations they make among printed figures.

An identity speaks of quantities ("a domain is the sum of its items"); a relation is one case of
it among figures that are printed (domain D4 of 2021 in one table).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from survey.errors import SurveyError, did_you_mean

_FORMS = (
    "ratio",
    "sum",
    "mean",
    "balance",
    "product",
    "same",
    "between",
    "change",
    "repeated",
    "attainable",
)
_NEEDED = {
    "ratio": ("left", "of", "per"),
    "sum": ("whole", "parts", "measures"),
    "mean": ("whole", "parts", "measures"),
    "between": ("whole", "parts", "measures"),
    "balance": ("terms",),
    "product": ("whole", "first", "second"),
    "same": ("first", "second"),
    "change": ("measures",),
    "repeated": (),
    "attainable": ("parts", "instrument"),
}


@dataclass(frozen=True, slots=True, eq=False)
class Relation:
    """One case of an identity: the figures it joins, the derived one at ``left``.

    Linear (``factor`` is NaN): the sum of coefficient × figure is zero. Otherwise the first
    figure × the third = ``factor`` × the second.
    """

    identity: str
    table: str
    members: tuple[int, ...]
    coefficients: tuple[float, ...] = ()
    factor: float = float("nan")
    left: int = 0
    excess: str = ""
    otherwise: str = ""
    symmetric: bool = False

    @property
    def arithmetic(self) -> bool:
        """Whether it is an equation; without, it only says what lies between what."""
        return bool(self.coefficients) or self.factor == self.factor


def shipped_identities() -> tuple[Mapping[str, Any], ...]:
    """Give the identities of the library."""
    return tuple(one for identity in _shipped() for one in _repeated(identity))


def read_identities(
    given: Path | str | Sequence[Mapping[str, Any]] | None,
) -> tuple[Mapping[str, Any], ...]:
    """Give a user's own identities.

    Raises
    ------
    SurveyError
        If one has no name, an unknown form, or lacks what its form needs.
    """
    own = _from_file(Path(given)) if isinstance(given, (str, Path)) else list(given or ())
    for identity in own:
        _check(identity)
    return tuple(one for identity in own for one in _repeated(identity))


@cache
def _shipped() -> tuple[Mapping[str, Any], ...]:
    """Read ``identities.toml`` once."""
    return tuple(_from_file(Path(__file__).with_name("identities.toml")))


def _from_file(path: Path) -> list[Mapping[str, Any]]:
    """Read the identities of a TOML file."""
    try:
        read = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SurveyError(
            f"identities: {path.name} cannot be read: {error}.",
            mend="Write [[identity]] tables with name, form and what the form needs.",
        ) from error
    return list(read.get("identity", ()))


def _check(identity: Mapping[str, Any]) -> None:
    """Refuse an identity that says too little."""
    if not isinstance(identity, Mapping):
        raise SurveyError(
            f"identities: got {identity!r}.", mend="Give mappings with name, form and its needs."
        )
    name = identity.get("name", "")
    form = identity.get("form", "")
    if not name:
        raise SurveyError("identities: one has no name.", mend="Give it name = '…'.")
    if form not in _FORMS:
        raise SurveyError(
            f"identities: {name!r} has form {form!r}.", mend=did_you_mean(form, _FORMS)
        )
    missing = [key for key in _NEEDED[form] if key not in identity]
    if missing:
        raise SurveyError(
            f"identities: {name!r} of form {form!r} lacks {missing[0]!r}.",
            mend=f"A {form} needs {', '.join(_NEEDED[form])}.",
        )
    _check_patterns(identity)


def _check_patterns(identity: Mapping[str, Any]) -> None:
    """Refuse a regular expression that cannot be read, or lacks a group that the whole uses."""
    parts = identity.get("parts", [])
    terms = [term["id"] for term in identity.get("terms", ())]
    try:
        for pattern in [parts] if isinstance(parts, str) else terms:
            read = re.compile(pattern)
            whole = identity.get("whole", "") if isinstance(parts, str) else ""
            unknown = set(re.findall(r"\\g<(\w+)>", whole)) - set(read.groupindex)
            if unknown:
                raise re.error(f"no group {min(unknown)!r} in it, which the whole uses")
    except re.error as error:
        raise SurveyError(
            f"identities: {identity['name']!r}: the pattern {pattern!r} cannot be used: {error}.",
            mend="Give a regular expression for ids; write \\. for a point.",
        ) from error


def _repeated(identity: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Write out an identity once for each value of its ``for``."""
    values = identity.get("for")
    if values is None:
        return [identity]
    kept = {key: value for key, value in identity.items() if key != "for"}
    return [{key: _filled(value, one) for key, value in kept.items()} for one in values]


def _filled(value: Any, one: str) -> Any:
    """Put one value for ``{0}`` wherever it stands."""
    if isinstance(value, str):
        return value.replace("{0}", one)
    if isinstance(value, list):
        return [_filled(part, one) for part in value]
    if isinstance(value, Mapping):
        return {key: _filled(part, one) for key, part in value.items()}
    return value

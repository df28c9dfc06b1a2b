"""What the options of the command line say of the user's files, taken apart and checked.

Nothing an option says is passed over: an option that no file can use is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar
from unicodedata import normalize

import click

from sipas.report.files import KNOWN
from sipas.report.sources import Sent
from survey.errors import SurveyError, require_option

_Value = TypeVar("_Value")
#: Options of ``sipas index`` that mean nothing without another one.
_NEEDS = {
    "by": "households",
    "psu": "households",
    "group_weights": "leaders",
    "leader_instrument": "leaders",
    "leader_sent": "leaders",
}


def refuse_beside_demo(given: Mapping[str, object]) -> None:
    """Refuse options about the user's own files together with the demonstration."""
    own = [option(name) for name, value in given.items() if value]
    if own:
        raise SurveyError(
            f"--demo uses the data that come with sipas, not {', '.join(own)}.",
            mend="Leave out --demo for your own files, or leave out the others.",
        )


def refuse_useless(given: Mapping[str, object]) -> None:
    """Refuse options that mean nothing without another one that was not given."""
    for name, other in _NEEDS.items():
        if given.get(name) and not given.get(other):
            raise SurveyError(
                f"{option(name)} without {option(other)}.",
                mend=f"Give {option(other)} too, or leave out {option(name)}.",
            )


def option(name: str) -> str:
    """Write a parameter's name as it is typed."""
    return "--column" if name == "columns" else f"--{name.replace('_', '-')}"


def parse_columns(
    context: click.Context, parameter: click.Parameter, given: Sequence[str]
) -> dict[str, str]:
    """Read ``role=name`` pairs."""
    pairs = [text.partition("=") for text in given]
    for (role, _, name), text in zip(pairs, given, strict=True):
        if not role.strip() or not name.strip():
            raise click.BadParameter(f"{text!r} is not ROLE=NAME, such as commune=Xã.")
    return _once((role.strip(), normalize("NFC", name).strip()) for role, _, name in pairs)


def parse_sent(
    context: click.Context, parameter: click.Parameter, given: str | None
) -> Sent | None:
    """Read a number of forms, or ``group=N,…``."""
    if given is None:
        return None
    try:
        if "=" not in given:
            return _forms(given)
        pairs = [part.rpartition("=") for part in given.split(",") if part.strip()]
        return _once((normalize("NFC", name).strip(), _forms(count)) for name, _, count in pairs)
    except ValueError as error:
        raise click.BadParameter(f"{given!r} is neither a number nor GROUP=N,GROUP=N,…") from error


def parse_formats(
    context: click.Context, parameter: click.Parameter, given: str | None
) -> tuple[str, ...] | None:
    """Read the names of formats, with commas between them."""
    if given is None:
        return None
    names = tuple(name.strip() for name in given.split(",") if name.strip())
    for name in names:
        require_option(name, KNOWN, where="--formats")
    return names


def _once(pairs: Iterable[tuple[str, _Value]]) -> dict[str, _Value]:
    """Make a mapping of pairs, each name once."""
    listed = list(pairs)
    made = dict(listed)
    if len(made) < len(listed):
        raise click.BadParameter(f"the same name twice: {', '.join(name for name, _ in listed)}")
    return made


def _forms(written: str) -> int:
    """Read a number of forms, 1 or more."""
    count = int(written)
    if count < 1:
        raise ValueError(written)
    return count

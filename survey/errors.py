"""The one error class of the library, and the sentences it is made of.

An error says what went wrong, where (by the user's own labels), what was got, and how to mend
it. A warning is for a result that stands but deserves a look.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from difflib import get_close_matches
from numbers import Integral


class SurveyError(ValueError):
    """A request that cannot be answered properly.

    Parameters
    ----------
    what : str
        What is wrong, with the place (argument, column, row, stratum, PSU).
    mend : str
        What the caller can do about it.

    Examples
    --------
    >>> raise SurveyError("weights: 2 rows are negative.", mend="Drop or correct those rows.")
    Traceback (most recent call last):
    ...
    survey.errors.SurveyError: weights: 2 rows are negative. Drop or correct those rows.
    """

    def __init__(self, what: str, *, mend: str = "") -> None:
        self.what = what
        self.mend = mend
        super().__init__(f"{what} {mend}".strip())


class SurveyWarning(UserWarning):
    """A result that stands but deserves a look."""


def first_five(cases: Iterable[object]) -> str:
    """List at most five cases in words, and count the rest.

    Examples
    --------
    >>> first_five(["a", "b"])
    "'a', 'b'"
    >>> first_five(range(7))
    '0, 1, 2, 3, 4 and 2 more'
    """
    listed = [repr(plain(case)) for case in cases]
    more = f" and {len(listed) - 5} more" if len(listed) > 5 else ""
    return ", ".join(listed[:5]) + more


def plain(value: object) -> object:
    """Turn a numpy scalar into the Python value that prints without its type."""
    item = getattr(value, "item", None)
    return item() if callable(item) and getattr(value, "ndim", None) == 0 else value


def did_you_mean(name: object, known: Iterable[object]) -> str:
    """Suggest the nearest known name, or list what there is.

    Examples
    --------
    >>> did_you_mean("wieght", ["weight", "district"])
    "Did you mean 'weight'?"
    >>> did_you_mean("zzz", ["weight", "district"])
    "Known: 'weight', 'district'."
    """
    names = [str(candidate) for candidate in known]
    close = get_close_matches(str(name), names, n=1)
    return f"Did you mean {close[0]!r}?" if close else f"Known: {first_five(names)}."


def require_columns(columns: Collection[object], wanted: Sequence[str], *, where: str) -> None:
    """Raise unless every wanted column is there.

    Raises
    ------
    SurveyError
        Naming the first missing column and the nearest that exists.
    """
    for name in wanted:
        if name not in columns:
            raise SurveyError(f"{where}: no column {name!r}.", mend=did_you_mean(name, columns))


def require_option(value: object, allowed: Sequence[str], *, where: str) -> None:
    """Raise unless ``value`` is one of the allowed words."""
    if value not in allowed:
        options = ", ".join(repr(option) for option in allowed)
        raise SurveyError(f"{where}: {value!r} is not an option.", mend=f"Use one of {options}.")


def require_seed(seed: object, *, where: str) -> None:
    """Raise unless ``seed`` is a whole number that `numpy.random.default_rng` takes.

    Examples
    --------
    >>> require_seed(1.5, where="lmg")
    Traceback (most recent call last):
    ...
    survey.errors.SurveyError: lmg(seed=): got 1.5. Give a whole number of 0 or more.
    """
    if not isinstance(seed, Integral) or isinstance(seed, bool) or seed < 0:
        raise SurveyError(
            f"{where}(seed=): got {seed!r}.", mend="Give a whole number of 0 or more."
        )

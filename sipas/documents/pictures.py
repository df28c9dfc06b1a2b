"""A drawn figure: its pixels, its words for those who cannot see it, and the numbers behind it."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from types import ModuleType

import pandas as pd

from survey.errors import SurveyError


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """One figure of a report.

    Parameters
    ----------
    name : str
        Name of the figure, such as ``"change"``.
    caption : str
        Caption, without a number.
    png : bytes
        The picture.
    alt : str
        What it shows, in words.
    data : DataFrame
        The numbers that were drawn.
    """

    name: str
    caption: str
    png: bytes
    alt: str
    data: pd.DataFrame


def needed(module: str, package: str, extra: str) -> ModuleType:
    """Import a package that a format needs.

    Raises
    ------
    SurveyError
        Naming the extra to install, when it is not there.
    """
    try:
        return import_module(module)
    except ImportError as error:
        raise SurveyError(
            f"{package} is not installed, and this format needs it.",
            mend=f'Install it with: pip install "sipas[{extra}]"',
        ) from error

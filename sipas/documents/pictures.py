"""What every format is written from: numbered tables, and drawn figures with their numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from types import ModuleType
from typing import Literal, get_args

import pandas as pd

from sipas.numerals import Lang
from sipas.phrases import Voice
from sipas.plain_text import inert
from sipas.tables import Table
from survey.errors import SurveyError

ImageFormat = Literal["png", "svg"]
IMAGES: tuple[ImageFormat, ...] = get_args(ImageFormat)


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """One figure of a report.

    Parameters
    ----------
    name : str
        Name of the figure, such as ``"change"``.
    caption : str
        Caption, without a number.
    images : mapping of {"png", "svg"} to bytes
        The picture, in the formats that were asked for.
    alt : str
        What it shows, in words.
    data : DataFrame
        The numbers that were drawn.
    """

    name: str
    caption: str
    images: Mapping[ImageFormat, bytes]
    alt: str
    data: pd.DataFrame

    @property
    def png(self) -> bytes:
        """The picture in dots."""
        return self.images["png"]


@dataclass(frozen=True, slots=True, eq=False)
class Contents:
    """Tables and pictures of a report, and what its files say of themselves.

    Parameters
    ----------
    tables : mapping of str to Table
        In the order in which they are numbered.
    pictures : mapping of str to Picture
        In the order in which they are numbered.
    year : int
        Year reported.
    lang : {"vi", "en"}
        Language of captions, sheet names and the document.
    """

    tables: Mapping[str, Table]
    pictures: Mapping[str, Picture]
    year: int
    lang: Lang = "vi"

    @property
    def voice(self) -> Voice:
        """How the files speak."""
        return Voice(self.lang)

    @property
    def dated(self) -> datetime:
        """Last day of the year: files that are written again stay the same."""
        return datetime(self.year, 12, 31)

    @property
    def data_words(self) -> set[str]:
        """The words of the data that tables and figures show, made inert."""
        frames = [one.frame for one in self.tables.values()]
        frames += [one.data for one in self.pictures.values()]
        cells = (value for one in frames for key in one for value in one[key])
        return {inert(value) for value in cells if isinstance(value, str)}


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

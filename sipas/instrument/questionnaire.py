"""An instrument is the questionnaire as data: what was asked, of whom, and what an answer means.

The year, the wording, the scale and the meaning of code 9 live in the instrument file; no other
module knows them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from html import escape
from pathlib import Path

import pandas as pd

from sipas.instrument.checks import check
from sipas.instrument.differing import differences
from sipas.instrument.files import read_toml
from sipas.instrument.parts import (
    Dimension,
    Fields,
    Item,
    Kind,
)
from sipas.instrument.xlsform import read_xlsform
from sipas.numerals import Lang
from sipas.sentences import sentence
from survey.errors import SurveyError, did_you_mean, first_five

_SHIPPED = Path(__file__).resolve().parents[1] / "instruments"


@dataclass(frozen=True, slots=True, repr=False)
class Instrument(Fields):
    """A questionnaire: its items, their dimensions, the scale, and what a code means.

    Parameters
    ----------
    id, kind, year, title, population, provenance, scale, items, dimensions, aspects, groups, \
missing, columns
        As the keys of the instrument file; usually read with `load`.

    Raises
    ------
    SurveyError
        Listing every fault, if the parts do not fit together.

    Examples
    --------
    >>> instrument = Instrument.load("sipas-2022")
    >>> instrument.item("S1.2").dimension, len(instrument.items_of("S3"))
    ('S1', 7)
    >>> instrument.label("S5", "en")
    'Satisfaction with receiving and handling feedback and petitions'
    """

    def __post_init__(self) -> None:
        check(self)

    @classmethod
    def load(cls, id_or_path: str | Path) -> Instrument:
        """Load a shipped instrument by its id, or one's own by its path.

        Parameters
        ----------
        id_or_path : str or Path
            An id of `list`, a ``.toml`` file, or an XLSForm (``.xlsx``) whose ``settings`` and
            ``choices`` sheets say all that `from_xlsform` needs.

        Raises
        ------
        SurveyError
            If there is no such instrument, or its file has faults.
        """
        shipped = shipped_ids()
        if str(id_or_path) in shipped:
            return cls.from_toml(_SHIPPED / f"{id_or_path}.toml")
        suffix = Path(id_or_path).suffix.casefold()
        if suffix == ".toml":
            return cls.from_toml(id_or_path)
        if suffix in (".xlsx", ".xlsm"):
            return cls.from_xlsform(id_or_path)
        raise SurveyError(
            f"No instrument {str(id_or_path)!r}.",
            mend=f"{did_you_mean(id_or_path, shipped)} Or give the path of a .toml file.",
        )

    @classmethod
    def from_toml(cls, path: str | Path) -> Instrument:
        """Read an instrument file; its keys are those of the shipped ones."""
        return cls._made_of(read_toml(path))

    @classmethod
    def from_xlsform(
        cls,
        path: str | Path,
        *,
        kind: Kind = "households",
        year: int | None = None,
        satisfied: Iterable[int] | None = None,
        scale_list: str | None = None,
        population: str | None = None,
    ) -> Instrument:
        """Read the questionnaire from an XLSForm (KoboToolbox, ODK).

        Parameters
        ----------
        path : str or Path
            A workbook with sheets ``survey`` and ``choices`` (``settings`` is used if there).
        kind : {"households", "leaders"}
            Which survey it is.
        year : int, optional
            Year of the survey; else the first four digits of ``version`` in ``settings``.
        satisfied : iterable of int, optional
            Levels that count as satisfied; else the choices marked in a column ``satisfied``.
        scale_list : str, optional
            The choice list that is the scale; else the list most questions use.
        population : str, optional
            Who was asked; else the form's title.

        Notes
        -----
        Every ``select_one`` question on the scale's list becomes an item; its code is ``name``.
        The dimension is read from a column ``dimension`` of ``survey``, or where that is absent
        or empty from the innermost ``begin_group`` (code ``name``, label ``label``). Columns
        ``role``, ``max_points``, ``groups`` (codes parted by spaces) and ``reverse`` of
        ``survey``, and ``missing`` (dont_know, refused, not_applicable), ``satisfied`` and
        ``score`` of ``choices`` are read if there. Texts come from ``label::… (vi)`` and
        ``label::… (en)``, or from ``label`` for both. The choices of a list named ``group``
        are the leaders' groups.

        Raises
        ------
        SurveyError
            If a sheet or column is absent, or the scale cannot be told.
        """
        return cls._made_of(
            read_xlsform(
                path,
                kind=kind,
                year=year,
                satisfied=None if satisfied is None else tuple(satisfied),
                scale_list=scale_list,
                population=population,
            )
        )

    @classmethod
    def _made_of(cls, parts: Fields) -> Instrument:
        """Take over the parts that were read, and check them."""
        return cls(**{part.name: getattr(parts, part.name) for part in fields(Fields)})

    @classmethod
    def list(cls, *, lang: Lang = "vi") -> pd.DataFrame:
        """List the shipped instruments.

        Returns
        -------
        DataFrame
            One row an instrument: id, kind, year, title, items, provenance.

        Examples
        --------
        >>> Instrument.list().id.tolist()
        ['leaders-2021', 'leaders-2022', 'sipas-2021', 'sipas-2022']
        """
        shipped = [cls.load(name) for name in shipped_ids()]
        rows = [(i.id, i.kind, i.year, i.title[lang], len(i.items)) for i in shipped]
        listed = pd.DataFrame(rows, columns=["id", "kind", "year", "title", "items"])
        return listed.assign(provenance=[one.provenance.status for one in shipped])

    @property
    def index_items(self) -> tuple[Item, ...]:
        """The items that enter the index."""
        return tuple(item for item in self.items if item.role == "index")

    def item(self, code: str) -> Item:
        """Give the item with this code."""
        for item in self.items:
            if item.code == code:
                return item
        raise self._unknown("item", code, [item.code for item in self.items])

    def dimension(self, code: str) -> Dimension:
        """Give the dimension with this code."""
        for dimension in self.dimensions:
            if dimension.code == code:
                return dimension
        raise self._unknown("dimension", code, [part.code for part in self.dimensions])

    def items_of(self, dimension: str) -> tuple[Item, ...]:
        """Give the index items of a dimension, in the order of the questionnaire."""
        code = self.dimension(dimension).code
        return tuple(item for item in self.index_items if item.dimension == code)

    def label(self, code: str, lang: Lang = "vi", *, short: bool = False) -> str:
        """Name an item (its full text), dimension, aspect or group.

        Parameters
        ----------
        code : str
            Any code of the instrument.
        lang : {"vi", "en"}
            Language.
        short : bool
            Give the short label where there is one, as charts do.
        """
        named = {aspect.code: aspect.label for aspect in self.aspects}
        named |= {group.code: group.label for group in self.groups}
        named |= {part.code: part.short if short else part.label for part in self.dimensions}
        named |= {item.code: item.short if short else item.text for item in self.items}
        if code not in named:
            raise self._unknown("code", code, named)
        return named[code][lang]

    def differences(self, other: Fields, *, lang: Lang = "vi") -> pd.DataFrame:
        """Say what changed from this instrument to another.

        Parameters
        ----------
        other : Instrument
            The later instrument.
        lang : {"vi", "en"}
            Language of the wording compared and shown.

        Returns
        -------
        DataFrame
            Columns what, code, before, after; no row when nothing differs.

        Examples
        --------
        >>> before, after = Instrument.load("sipas-2021"), Instrument.load("sipas-2022")
        >>> before.differences(after).what.unique().tolist()
        ['population', 'aspect added', 'dimension added', 'item added']
        """
        return differences(self, other, lang=lang)

    def provenance_text(self, lang: Lang = "vi") -> str:
        """Say where the wording comes from: status, note and sources, as one paragraph."""
        status = sentence("provenance", self.provenance.status)[lang]
        sources = "; ".join(f"{one.document}, {one.place}" for one in self.provenance.sources)
        cited = [sentence("provenance", "sources", sources=sources)[lang]] if sources else []
        return " ".join([status, self.provenance.note[lang], *cited])

    def _unknown(self, kind: str, code: str, known: Iterable[str]) -> SurveyError:
        """Make the error for a code that is not there."""
        return SurveyError(f"{self.id} has no {kind} {code!r}.", mend=did_you_mean(code, known))

    def __repr__(self) -> str:
        dimensions = first_five(part.code for part in self.dimensions)
        scale = f"{self.scale.levels[0]} to {self.scale.levels[-1]}"
        return (
            f"Instrument {self.id}: {self.title.vi}\n"
            f"  {self.kind}, {self.year}; {len(self.index_items)} index items of "
            f"{len(self.items)} in {len(self.dimensions)} dimensions ({dimensions})\n"
            f"  scale {scale}, satisfied {list(self.scale.satisfied)}, "
            f"no answer {dict(self.missing)}; wording {self.provenance.status}"
        )

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{escape(item.code)}</td><td>{escape(item.dimension or item.role)}</td>"
            f"<td>{escape(item.text.vi)}</td><td>{escape(item.text.en)}</td></tr>"
            for item in self.items
        )
        return (
            f"<p><b>{escape(self.title.vi)}</b> ({escape(self.id)}, "
            f"{escape(self.provenance.status)})<br>{escape(self.population.vi)}</p>"
            f"<table><thead><tr><th>code</th><th>dimension</th><th>vi</th><th>en</th></tr>"
            f"</thead><tbody>{rows}</tbody></table>"
        )


def shipped_ids() -> tuple[str, ...]:
    """Name the instruments that come with the library."""
    return tuple(sorted(path.stem for path in _SHIPPED.glob("*.toml")))

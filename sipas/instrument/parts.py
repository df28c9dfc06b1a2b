"""The parts of a questionnaire as plain records: what a codebook says, and nothing computed.

Each record holds the keys of the table of the same name in an instrument's TOML file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from sipas.sentences import Text

Kind = Literal["households", "leaders"]
Role = Literal["index", "overall", "expectation"]
Status = Literal["printed", "reconstructed", "supplied"]
NoAnswer = Literal["dont_know", "refused", "not_applicable"]

KINDS = ("households", "leaders")
ITEM_ROLES = ("index", "overall", "expectation")
STATUSES = ("printed", "reconstructed", "supplied")
NO_ANSWERS = ("dont_know", "refused", "not_applicable")
COLUMN_ROLES = (
    "id",
    "year",
    "province",
    "district",
    "commune",
    "village",
    "weight",
    "group",
)


@dataclass(frozen=True, slots=True)
class Source:
    """A document, and the place in it."""

    document: str
    place: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where the wording comes from: printed in a source, reconstructed, or supplied by a user."""

    status: Status
    note: Text
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Scale:
    """The answers a statement allows.

    ``labels`` has one label a level in each language; ``satisfied`` are the levels that count
    as satisfied; ``scores`` the share of an item's maximum each level earns (leaders only).
    """

    levels: tuple[int, ...]
    labels: Mapping[str, tuple[str, ...]]
    satisfied: tuple[int, ...]
    scores: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Aspect:
    """A part of the overall index: services, policies."""

    code: str
    label: Text


@dataclass(frozen=True, slots=True)
class Dimension:
    """A factor of the index: a set of statements."""

    code: str
    label: Text
    short: Text
    aspect: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A group of leaders asked on its own."""

    code: str
    label: Text


@dataclass(frozen=True, slots=True)
class Item:
    """One statement or question.

    ``groups`` are the groups asked (empty: all); ``max_points`` belongs to leader items;
    ``role`` says whether the answer enters the index.
    """

    code: str
    text: Text
    short: Text
    dimension: str | None = None
    max_points: float | None = None
    groups: tuple[str, ...] = ()
    role: Role = "index"
    reverse: bool = False
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Fields:
    """All fields of an instrument file; `sipas.instrument.Instrument` adds what one asks of it."""

    id: str
    kind: Kind
    year: int
    title: Text
    population: Text
    provenance: Provenance
    scale: Scale
    items: tuple[Item, ...]
    dimensions: tuple[Dimension, ...]
    aspects: tuple[Aspect, ...] = ()
    groups: tuple[Group, ...] = ()
    missing: Mapping[str, NoAnswer] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)

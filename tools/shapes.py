"""How each field of a record's body is written: the tables of ``biotrace.chain`` brought together, for generators."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import UnionType
from typing import Any, TypeAlias, get_args, get_origin, get_type_hints

from biotrace.chain.fields import ANY_COUNT, FIELDS, LENGTHS, RANGES, REFERENCES
from biotrace.chain.kinds import RecordKind


@dataclass(frozen=True, slots=True)
class Text:
    """Any text."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day, as a number."""


@dataclass(frozen=True, slots=True)
class Truth:
    """0 or 1."""


@dataclass(frozen=True, slots=True)
class Number:
    """An integer within bounds."""

    least: int
    greatest: int


@dataclass(frozen=True, slots=True)
class ByteString:
    """So many bytes."""

    length: int


@dataclass(frozen=True, slots=True)
class Reference:
    """The id of a record of that kind; None: of any."""

    kind: RecordKind | None


@dataclass(frozen=True, slots=True)
class Code:
    """A number that stands for a word."""

    words: type[StrEnum]


@dataclass(frozen=True, slots=True)
class Map:
    """A type with a table of its own."""

    cls: type


@dataclass(frozen=True, slots=True)
class Many:
    """A list."""

    item: Shape


Shape: TypeAlias = Text | Day | Truth | Number | ByteString | Reference | Code | Map | Many


@dataclass(frozen=True, slots=True)
class Field:
    """A field in its table. ``default`` is ``dataclasses.MISSING`` where it is always stated."""

    key: int
    name: str
    shape: Shape
    default: Any

    @property
    def required(self) -> bool:
        """Whether every body states it."""
        return self.default is dataclasses.MISSING


def fields_of(cls: type) -> Iterator[Field]:
    """The fields that a body of that type may hold, in the order of their table."""
    hints = get_type_hints(cls, vars(sys.modules[cls.__module__]), {})
    defaults = {field.name: field.default for field in dataclasses.fields(cls)}
    for name, key in FIELDS[cls].items():
        yield Field(key, name, _shape(hints[name], cls, name), defaults[name])


def _shape(hint: Any, cls: type, name: str) -> Shape:
    if get_origin(hint) is UnionType:
        (hint,) = (option for option in get_args(hint) if option is not type(None))
    if get_origin(hint) is tuple:
        return Many(_shape(get_args(hint)[0], cls, name))
    if (cls, name) in REFERENCES:
        return Reference(REFERENCES[cls, name])
    if hint is bytes:
        return ByteString(LENGTHS[cls, name])
    if hint is int:
        return Number(*RANGES.get((cls, name), ANY_COUNT))
    if issubclass(hint, StrEnum):
        return Code(hint)
    plain: dict[type, Shape] = {str: Text(), date: Day(), bool: Truth()}
    return plain.get(hint, Map(hint))

"""Values of the core as lines of JSON, and back: for what a program keeps for itself between two runs.

Only classes that are listed are written or read, so a file can hold nothing else. An object that can change and is
referred to twice is one object again when read.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Mapping
from datetime import date
from enum import Enum
from fractions import Fraction
from typing import Any


class Plain:
    """A writer and reader of lines over some classes. Begin a new one for each file: it remembers what it has met."""

    def __init__(self, classes: Iterable[type]) -> None:
        self._classes: Mapping[str, type] = {_name(cls): cls for cls in classes}
        self._written: dict[int, tuple[int, object]] = {}
        self._read: list[object] = []

    def dumps(self, value: object) -> str:
        """One line. Raises TypeError for a value of a class that is not listed."""
        return json.dumps(self._out(value), ensure_ascii=False, separators=(",", ":"))

    def loads(self, line: str) -> Any:
        """The value in a line. Raises ValueError for a line that ``dumps`` did not write."""
        try:
            return self._in(json.loads(line))
        except (TypeError, LookupError, AttributeError, ArithmeticError) as error:
            raise ValueError(f"no plain value: {error}") from None

    def _out(self, value: object) -> object:
        if isinstance(value, Enum):
            return {"e": [self._listed(type(value)), value.name]}
        if value is None or isinstance(value, bool | int | str):
            return value
        if isinstance(value, bytes):
            return {"b": value.hex()}
        if isinstance(value, Fraction):
            return {"f": [value.numerator, value.denominator]}
        if isinstance(value, date):
            return {"D": value.isoformat()}
        if isinstance(value, tuple) and type(value) is not tuple:
            return {"n": [self._listed(type(value)), *map(self._out, value)]}
        if isinstance(value, tuple):
            return {"t": [*map(self._out, value)]}
        if isinstance(value, list):
            return [*map(self._out, value)]
        if isinstance(value, frozenset | set):
            return {"s" if isinstance(value, frozenset) else "S": self._members(value)}
        if isinstance(value, dict):
            return {"d": [[self._out(k), self._out(v)] for k, v in value.items()]}
        return self._object(value)

    def _members(self, value: frozenset[object] | set[object]) -> list[object]:
        """In an order that does not depend on the run: keys of papers are texts or tuples, which do not compare."""
        return sorted(map(self._out, value), key=lambda out: json.dumps(out, ensure_ascii=False))

    def _object(self, value: object) -> object:
        name = self._listed(type(value))
        if not dataclasses.is_dataclass(value):
            raise TypeError(f"{name} is no plain value")
        frozen: bool = vars(type(value))["__dataclass_params__"].frozen
        if not frozen and id(value) in self._written:
            return {"r": self._written[id(value)][0]}
        number = len(self._written)
        if not frozen:
            self._written[id(value)] = (number, value)  # kept, so that no other object gets its id meanwhile
        fields = [self._out(getattr(value, field.name)) for field in dataclasses.fields(value)]
        return {"o" if frozen else "m": [name, *fields]}

    def _listed(self, cls: type) -> str:
        name = _name(cls)
        if self._classes.get(name) is not cls:
            raise TypeError(f"{name} is not listed")
        return name

    def _in(self, value: Any) -> Any:
        if isinstance(value, list):
            return [*map(self._in, value)]
        if not isinstance(value, dict):
            return value
        ((kind, held),) = value.items()
        match kind:
            case "b":
                return bytes.fromhex(held)
            case "f":
                numerator, denominator = held
                return Fraction(numerator, denominator)
            case "D":
                return date.fromisoformat(held)
            case "t":
                return tuple(map(self._in, held))
            case "s":
                return frozenset(map(self._in, held))
            case "S":
                return set(map(self._in, held))
            case "d":
                return {self._in(k): self._in(v) for k, v in held}
            case "r":
                return self._read[held]
            case "e":
                return self._class(held[0]).__members__[held[1]]
            case "n":
                return self._class(held[0])(*map(self._in, held[1:]))
            case "o" | "m":
                return self._made(kind, held)
        raise ValueError(f"unknown mark {kind!r}")

    def _made(self, kind: str, held: list[Any]) -> object:
        cls = self._class(held[0])
        place = len(self._read)
        if kind == "m":
            self._read.append(None)
        names = [field.name for field in dataclasses.fields(cls)]
        made: object = cls(**dict(zip(names, map(self._in, held[1:]), strict=True)))
        if kind == "m":
            self._read[place] = made
        return made

    def _class(self, name: str) -> Any:
        if name not in self._classes:
            raise ValueError(f"unknown class {name!r}")
        return self._classes[name]


def _name(cls: type) -> str:
    """With its module: two may have a class of the same name."""
    return f"{cls.__module__}.{cls.__qualname__}".removeprefix("biotrace.")

"""Making values of frozen dataclasses quickly: reading a record is for the most part that."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

_T = TypeVar("_T")


def maker(cls: type[_T]) -> Callable[[Iterable[Any]], _T]:
    """What makes a ``cls`` of its values, one for each field, in half the time of ``cls(*values)``.

    It writes to the slots, where a frozen class's ``__init__`` looks every field up by name. TypeError for a class that
    has no slots, or that does more when it is made.
    """
    names = [field.name for field in dataclasses.fields(cls)]  # type: ignore[arg-type]  # TypeError where it is none
    if not set(names) <= set(vars(cls).get("__slots__", ())) or hasattr(cls, "__post_init__"):
        raise TypeError(f"{cls.__name__} is no plain dataclass with slots")
    setters = [vars(cls)[name].__set__ for name in names]
    new = object.__new__

    def made(values: Iterable[Any]) -> _T:
        value = new(cls)
        for set_field, part in zip(setters, values, strict=True):
            set_field(value, part)
        return value

    return made

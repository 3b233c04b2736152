"""Making values of frozen dataclasses quickly: reading a record is for the most part that."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any, TypeVar

_T = TypeVar("_T")


def maker(cls: type[_T]) -> Callable[..., _T]:
    """What makes a ``cls`` of its values, one for each field and in their order, in a third of the time of ``cls``.

    It writes to the slots, where a frozen class's ``__init__`` looks every field up by name. TypeError for a class that
    has no slots, or that does more when it is made.
    """
    names = [field.name for field in dataclasses.fields(cls)]  # type: ignore[arg-type]  # TypeError where it is none
    if not set(names) <= set(vars(cls).get("__slots__", ())) or hasattr(cls, "__post_init__"):
        raise TypeError(f"{cls.__name__} is no plain dataclass with slots")
    # Written out, as dataclasses write their own ``__init__``: a loop over the fields takes twice as long.
    known: dict[str, Any] = {"new": object.__new__, "cls": cls}
    known |= {f"set_{name}": vars(cls)[name].__set__ for name in names}
    lines = [f"def made({', '.join(names)}):", "value = new(cls)", *(f"set_{n}(value, {n})" for n in names)]
    exec("\n ".join([*lines, "return value"]), known)
    made: Callable[..., _T] = known["made"]
    return made

"""Values that are worked out when they are first asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class lazy(Generic[T]):
    """``functools.cached_property`` without its lock, which costs more than most values do (gone in Python 3.12)."""

    def __init__(self, make: Callable[[Any], T]) -> None:
        self._make, self._name, self.__doc__ = make, make.__name__, make.__doc__

    def __get__(self, instance: Any, owner: type | None = None) -> T:
        # Once it stands in the instance's own attributes, Python no longer comes here.
        value = self._make(instance)
        instance.__dict__[self._name] = value
        return value

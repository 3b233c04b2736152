"""What was worked out once and may be asked for again, within limits."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Remembered(Generic[K, V]):
    """Values by key. Forgets all of them before they weigh more than ``most``: one may be a thousand times another."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._weight = 0
        self._known: dict[K, V] = {}

    def get(self, key: K, make: Callable[[], V], weight: Callable[[V], int]) -> V:
        """The value for the key, made where it is not remembered."""
        if key in self._known:
            return self._known[key]
        value = make()
        more = 1 + weight(value)
        if self._weight + more > self._most:
            self._known.clear()
            self._weight = 0
        if more <= self._most:
            self._known[key] = value
            self._weight += more
        return value

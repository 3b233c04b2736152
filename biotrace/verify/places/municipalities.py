"""Municipalities by name and day: a paper of 2013 says 岩舟町 where one of 2015 says 栃木市."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from .writing import name_key

_DISTRICT = re.compile("^.+?郡(?=.+[町村]$)")


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality, or a ward of a city, under one name. ``name`` as written in full, with 郡 or city.

    ``since``: its first day under that name, None where it is older than the table tells; ``ended``: the first day on
    which it was no more. ``today``: codes (全国地方公共団体コード without check digit) of what it has become part of;
    empty while it stands.
    """

    code: str
    prefecture: str
    name: str
    since: date | None = None
    ended: date | None = None
    today: tuple[str, ...] = ()

    def stood(self, on: date) -> bool:
        """Whether it existed under that name on a day."""
        return (self.since is None or self.since <= on) and (self.ended is None or on < self.ended)

    def took_in(self, other: Municipality, on: date | None) -> bool:
        """Whether ``other`` had become (part of) this one by a day; a day that is not known speaks for it."""
        same = other.code == self.code
        return same or (self.code in other.today and (on is None or other.ended is None or other.ended <= on))


class Municipalities:
    """A table of municipalities. Names are looked up as written in any form, with or without 郡.

    ``rows`` are taken when the first name is looked up: most papers name their municipality alike and never ask.
    """

    def __init__(self, rows: Iterable[Municipality] = ()) -> None:
        self._rows = rows

    def resolve(self, prefecture: str | None, name: str, on: date | None = None) -> tuple[Municipality, ...]:
        """Who may be meant by a name on a paper of that day.

        Those that stood then; where none did, those that last bore the name before, or else after: papers keep old
        names for years. Without a prefecture, those of all prefectures. Empty where the table knows no such name.
        """
        state = None if prefecture is None else name_key(prefecture)
        named = self._by_name.get(without_district(name_key(name)), ())
        known = tuple(m for m in named if state is None or name_key(m.prefecture) == state)
        if on is None or len(known) < 2:
            return known
        then = tuple(m for m in known if m.stood(on))
        before = tuple(m for m in known if m.ended is not None and m.ended <= on)
        last = max((m.ended for m in before if m.ended is not None), default=None)
        return then or tuple(m for m in before if m.ended == last) or known

    def split(self, prefecture: str | None, text: str) -> tuple[str, str] | None:
        """A key that begins with a municipality's name, as that name and the rest; None where it does not.

        Of several names the longest counts. ``text`` is a ``name_key`` without 郡.
        """
        for length in range(min(len(text), self._longest), 1, -1):
            if text[:length] in self._by_name and self.resolve(prefecture, text[:length]):
                return text[:length], text[length:]
        return None

    def period(self, on: date | None) -> int | None:
        """Which of the times between two changes a day is in: on two days of one of them all is answered alike."""
        return None if on is None else bisect_right(self._changes, on)

    @cached_property
    def _changes(self) -> list[date]:
        every = (day for rows in self._by_name.values() for row in rows for day in (row.since, row.ended))
        return sorted({day for day in every if day is not None})

    @cached_property
    def _by_name(self) -> dict[str, tuple[Municipality, ...]]:
        found: dict[str, list[Municipality]] = defaultdict(list)
        for row in self._rows:
            found[without_district(name_key(row.name))].append(row)
        return {name: tuple(rows) for name, rows in found.items()}

    @cached_property
    def _longest(self) -> int:
        return max(map(len, self._by_name), default=0)


NO_TABLE = Municipalities()
"""No table at hand: names are compared as text."""


def without_district(key: str) -> str:
    """A municipality's name without its 郡: 下都賀郡岩舟町 → 岩舟町; 郡上市 and 大和郡山市 stay."""
    return _DISTRICT.sub("", key)


def one_municipality(
    table: Municipalities, one: tuple[str | None, str, date | None], other: tuple[str | None, str, date | None]
) -> tuple[Municipality, Municipality] | None:
    """The two municipalities of which one had become (part of) the other by the day of the paper that names it.

    Each is a prefecture, a name and the paper's day. None where the table does not say so: two towns that merged into
    one city are two places.
    """
    for mine in table.resolve(*one):
        for theirs in table.resolve(*other):
            if mine.took_in(theirs, one[2]) or theirs.took_in(mine, other[2]):
                return mine, theirs
    return None

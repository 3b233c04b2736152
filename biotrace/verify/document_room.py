"""What rests on which document: uses of documents with limited volumes, placed one after another (H314).

A use may rest on any of the documents it cites, in parts too. What finds no room is what a maximum flow from the uses
to the volumes would leave over. The flow is kept from use to use: a new one takes what is free, then has others move
to documents with room, level by level (Dinic). Where even that fails, the documents it could reach are full for good,
since volumes never grow, and are not looked at again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from .document_identity import PaperKey

Cited = tuple[PaperKey, ...]
"""The documents that a use may rest on, ascending, each once."""


@dataclass(slots=True)
class Room:
    """One document's volume, in cm³, and what rests on it.

    ``limit``: None for no limit. ``movable``: of ``used`` what could rest on another document, by the documents cited.
    ``full``: nothing that rests here can make room any more, so what that is need not be known.
    """

    limit: int | None
    used: int = 0
    movable: dict[Cited, int] = field(default_factory=dict)
    full: bool = False


_UNLIMITED = 1 << 100
"""More room than any quantity needs."""


class Trial:
    """Uses placed on trial: the rooms stay as they are until they are kept."""

    def __init__(self, room: Callable[[PaperKey], Room]) -> None:
        """``room``: a document's. It is asked for once."""
        self._room = room
        self._tried: dict[PaperKey, _Tried] = {}

    def lower(self, document: PaperKey, limit: int) -> None:
        """Let the document allow no more than that. What it has no room for any more moves, or is left over."""
        room = self._at(document)
        if room.limit is not None and room.limit <= limit:
            return
        room.limit = limit
        over = room.used - limit
        if room.full or over <= 0:
            return
        room.used = limit
        displaced: list[tuple[Cited, int]] = []
        for use in [*room.movable()]:
            moving = min(room.amount(use), over)
            room.rest(use, -moving)
            displaced.append((use, moving))
            over -= moving
            if not over:
                break
        for use, moving in displaced:
            self.place(use, moving)

    def place(self, cited: Cited, amount: int) -> int:
        """Place a use, and give what found no room."""
        left = amount
        for room in sorted(map(self._at, cited), key=lambda room: -room.free):  # so that each lasts long
            here = min(left, room.free)
            if here:
                room.used += here
                room.rest(cited, here)
                left -= here
        while left and (levels := self._levels(cited)):
            left -= self._move(cited, left, levels)
        return left

    def keep(self) -> dict[PaperKey, Room]:
        """Make it so: the rooms that were looked at, as they are now."""
        return {document: tried.kept() for document, tried in self._tried.items()}

    def _at(self, document: PaperKey) -> _Tried:
        found = self._tried.get(document)
        if found is None:
            found = self._tried[document] = _Tried(self._room(document))
        return found

    def _levels(self, cited: Cited) -> dict[PaperKey, int]:
        """The documents that others' moves could lead to, by how many it takes, up to the nearest that have room.

        Empty where none has: then all of them are full.
        """
        step = [document for document in cited if not self._at(document).full]
        levels = dict.fromkeys(step, 0)
        seen: set[Cited] = set()
        while step:
            reached: dict[PaperKey, int] = {}
            onwards = levels[step[0]] + 1
            for use in (use for document in step for use in self._at(document).movable()):
                if use not in seen:
                    seen.add(use)
                    reached.update((d, onwards) for d in use if d not in levels and not self._at(d).full)
            levels.update(reached)
            if any(self._at(document).free for document in reached):
                return levels
            step = [*reached]
        for document in levels:
            self._at(document).full = True
        return {}

    def _move(self, cited: Cited, amount: int, levels: dict[PaperKey, int]) -> int:
        """Make room by moves from each level to the next, as far as that goes, and give how much was placed."""
        left = amount
        ways: dict[PaperKey, list[tuple[Cited, PaperKey]]] = {}
        for start in [document for document in cited if levels.get(document) == 0]:
            path, uses = [start], list[Cited]()
            while path and left:
                here = path[-1]
                if free := self._at(here).free:
                    by = min([left, free, *(self._at(d).amount(use) for d, use in zip(path, uses, strict=False))])
                    self._shift(path, [cited, *uses], by)
                    left -= by
                    path, uses = [start], []
                    continue
                if here not in ways:
                    ways[here] = [*self._ways(here, levels)]
                onwards = ways[here]
                while onwards and not (self._at(here).amount(onwards[-1][0]) and onwards[-1][1] in levels):
                    onwards.pop()
                if onwards:
                    use, there = onwards[-1]
                    uses.append(use)
                    path.append(there)
                else:
                    del levels[path.pop()]
                    del uses[-1:]
        return amount - left

    def _ways(self, document: PaperKey, levels: Mapping[PaperKey, int]) -> Iterator[tuple[Cited, PaperKey]]:
        """Which uses could move from the document to which of the next level."""
        onwards = levels[document] + 1
        return ((use, d) for use in self._at(document).movable() for d in use if levels.get(d) == onwards)

    def _shift(self, path: Sequence[PaperKey], uses: Sequence[Cited], amount: int) -> None:
        """Let each use come to its document on the path, and the one after it move on from there."""
        for place, document in enumerate(path):
            room = self._at(document)
            room.rest(uses[place], amount)
            if place + 1 < len(uses):
                room.rest(uses[place + 1], -amount)
        self._at(path[-1]).used += amount


class _Tried:
    """A room as it would be. ``_moved``: what would rest on it otherwise than it does."""

    __slots__ = ("_base", "_moved", "full", "limit", "used")

    def __init__(self, base: Room) -> None:
        self.limit, self.used, self.full = base.limit, base.used, base.full
        self._base, self._moved = base, dict[Cited, int]()

    @property
    def free(self) -> int:
        if self.full:
            return 0
        return _UNLIMITED if self.limit is None else self.limit - self.used

    def amount(self, use: Cited) -> int:
        moved = self._moved.get(use)
        return self._base.movable.get(use, 0) if moved is None else moved

    def movable(self) -> Iterator[Cited]:
        """The uses that rest on it and could rest on another."""
        if not self._moved:
            return iter(self._base.movable)
        new = (use for use in self._moved if use not in self._base.movable)
        return (use for use in (*self._base.movable, *new) if self.amount(use))

    def rest(self, use: Cited, amount: int) -> None:
        """More of a use rests on it, or less. One that cites no other document cannot move, and is not told apart."""
        if len(use) > 1:
            self._moved[use] = self.amount(use) + amount

    def kept(self) -> Room:
        base = self._base
        base.limit, base.used, base.full = self.limit, self.used, self.full
        if base.full:
            base.movable.clear()
        else:
            base.movable.update(self._moved)
            for use in [use for use, amount in self._moved.items() if not amount]:
                del base.movable[use]
        return base

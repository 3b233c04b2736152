"""A book's accounts over some days: what lay there, what came and went line by line, and what lies there at the end.

In bone-dry grams at default factors, for logs come in by the cubic metre and chips go out by the tonne.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from biotrace.model.fuel_class import FuelClass
from biotrace.model.quantity import Unit

from .movements import Move, Movement
from .span import Span

_INTO = (Move.IN, Move.THROUGH)
_OUT = (Move.OUT, Move.THROUGH, Move.WITHDRAWAL, Move.BURNED)


@dataclass(frozen=True, slots=True)
class Line:
    """A movement with what it did to the balance, in grams.

    ``adjusted``: what a count found more than the book, or less (below 0). All three 0 where no factor gives grams.
    """

    movement: Movement
    into: int
    out: int
    adjusted: int
    balance: int


@dataclass(frozen=True)
class RunningStock:
    """One class in one yard over a span: opening + into − out + adjusted = closing, always and to the gram."""

    site: str
    fuel_class: FuelClass
    opening: int
    lines: tuple[Line, ...]

    @cached_property
    def into(self) -> int:
        """Grams that came in."""
        return sum(line.into for line in self.lines)

    @cached_property
    def out(self) -> int:
        """Grams that went out."""
        return sum(line.out for line in self.lines)

    @cached_property
    def adjusted(self) -> int:
        """Grams that counts found more, or less (below 0)."""
        return sum(line.adjusted for line in self.lines)

    @property
    def closing(self) -> int:
        """Grams at the end of the span."""
        return self.lines[-1].balance if self.lines else self.opening

    @cached_property
    def lowest(self) -> int:
        """The lowest balance in the span. Below 0: something is not in the book, or a factor does not fit."""
        return min([self.opening, *(line.balance for line in self.lines)])

    @property
    def not_counted(self) -> tuple[Movement, ...]:
        """What no factor turns into grams: it stands in the book and not in the balance."""
        return tuple(line.movement for line in self.lines if line.movement.grams is None)

    @cached_property
    def written(self) -> Mapping[tuple[bool, Unit], int]:
        """What came in (True) and went out (False) as written: grams for t and kg (under ``Unit.T``), else cm³."""
        found: dict[tuple[bool, Unit], int] = defaultdict(int)
        for line in self.lines:
            quantity = line.movement.quantity
            unit = Unit.T if quantity.unit.is_mass else quantity.unit
            for side, moves in ((True, _INTO), (False, _OUT)):
                if line.movement.move in moves:
                    found[side, unit] += quantity.amount
        return dict(found)


def running_stock(movements: Iterable[Movement], span: Span) -> tuple[RunningStock, ...]:
    """The accounts that hold anything at the span's beginning, or move in it, by yard and class.

    ``movements`` by day, as ``movements`` gives them. What is dated after the span is not looked at. An opening stock
    of its first day with which an account begins is what it opens with; elsewhere it is a count.
    """
    balances: dict[tuple[str, FuelClass], int] = defaultdict(int)
    openings: dict[tuple[str, FuelClass], int] = {}
    lines: dict[tuple[str, FuelClass], list[Line]] = defaultdict(list)
    begun: set[tuple[str, FuelClass]] = set()
    for movement in movements:
        key = movement.site, movement.fuel_class
        if movement.day > span.until:
            break
        if movement.day >= span.start:
            line = _line(movement, balances[key])
            if movement.move is Move.OPENING and movement.day == span.start and key not in begun:
                line = replace(line, adjusted=0)
                openings[key] = line.balance
            else:
                begun.add(key)
                openings.setdefault(key, balances[key])
            lines[key].append(line)
            balances[key] = line.balance
        else:
            begun.add(key)
            balances[key] = _line(movement, balances[key]).balance
    known = [key for key, balance in balances.items() if balance or lines.get(key)]
    return tuple(
        RunningStock(*key, openings.get(key, balances[key]), tuple(lines.get(key, ())))
        for key in sorted(known, key=lambda k: (k[0], k[1].rank))
    )


def _line(movement: Movement, balance: int) -> Line:
    grams = movement.grams or 0
    if movement.move.is_count and movement.grams is not None:
        counted = grams if movement.first else balance + grams
        return Line(movement, 0, 0, counted - balance, counted)
    into = grams if movement.move in _INTO else 0
    out = grams if movement.move in _OUT else 0
    return Line(movement, into, out, 0, balance + into - out)

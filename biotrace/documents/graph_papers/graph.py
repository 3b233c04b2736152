"""A trace or a case as a graph: what there is to be seen of it, before anybody draws it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from biotrace.model.fuel_class import FuelClass
from biotrace.model.text import Text


class Standing(StrEnum):
    """What the verdict says of a record. ``UNKNOWN``: nobody judged it, such as a felling site or stock."""

    OK = "ok"
    NOTICE = "notice"
    FLAWED = "flawed"
    INCOMPLETE = "incomplete"
    UNKNOWN = "unknown"


class Column(StrEnum):
    """What a stop is: the forest stands at the left, plants and stock at the right, all papers between them.

    ``FELLING``: a certificate by which wood enters the chain; ``STOCK``: wood that rests, or of which no more is known.
    """

    FOREST = "forest"
    FELLING = "felling"
    TRADE = "trade"
    PLANT = "plant"
    STOCK = "stock"


@dataclass(frozen=True, slots=True)
class Stop:
    """A certificate or delivery, a felling site, or stock that lies somewhere.

    ``title``: what people call it, such as a certificate's number; ``party``: the name of who has it; ``place``: the
    felling place or yard. ``grams``: bone-dry, of the traced wood on it; None where no factor tells. ``facts``: what is
    shown when it is chosen: the record's fields, its findings with code and remedy, its documents. ``marked``: what the
    trace is about.
    """

    id: str
    title: Text
    party: str
    place: str
    day: date | None
    column: Column
    declared: FuelClass | None
    confirmed: FuelClass | None
    standing: Standing
    grams: int | None
    facts: tuple[tuple[Text, Text], ...] = ()
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Flow:
    """Wood that went from one stop to another, in bone-dry grams; None where that cannot be told.

    ``pooled``: it could have, for it lay in a yard with other wood, and no paper says which of it went on.
    """

    source: str
    target: str
    grams: int | None
    note: Text | None = None
    pooled: bool = False


@dataclass(frozen=True, slots=True)
class Graph:
    """All that one picture shows. ``name``: of its files. ``facts``: its head: lot, day, log, checkpoint, factors.

    ``notes``: what was not covered, by what factors, and whatever else its reader must know. Raises ValueError for ids
    that stand twice, flows from or to nowhere, and amounts below 0.
    """

    name: str
    title: Text
    facts: tuple[tuple[Text, Text], ...]
    stops: tuple[Stop, ...]
    flows: tuple[Flow, ...]
    notes: tuple[Text, ...] = ()

    def __post_init__(self) -> None:
        known = {stop.id for stop in self.stops}
        if len(known) < len(self.stops):
            raise ValueError("an id stands twice")
        if any(flow.source not in known or flow.target not in known for flow in self.flows):
            raise ValueError("a flow from or to a stop that is not in the graph")
        amounts = [*(stop.grams for stop in self.stops), *(flow.grams for flow in self.flows)]
        if any(grams is not None and grams < 0 for grams in amounts):
            raise ValueError("an amount below 0")

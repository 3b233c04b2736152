"""One truck twice in one minute: with the same quantity, or at two places at once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from biotrace.model.delivery import Delivery
from biotrace.model.quantity import Quantity
from biotrace.model.text import Text, join

from ..case import Entry
from . import chance
from .around import Around
from .sample import Sample
from .sighting import Kind, Sighting

TWO_PLACES = 14
SAME_QUANTITY = 9
SAME_MINUTE = 4
DOUBLE_ENTRY = 7
AGAIN = 2
SERIOUS = 10
"""Halvings from which on a minute adds to another: a load on two tickets every day is no more than a habit."""
_SHOWN = 3
_NOISE = re.compile(r"[\s\-‐‑–—―ー－・.]+")


class _Arrival(NamedTuple):
    """A delivery, as far as it is compared. ``amount``: base units, and whether they are grams."""

    id: str
    at: str
    sender: str | None
    amount: tuple[int, bool]
    certificate: str | None


@dataclass(slots=True)
class _Truck:
    """What was seen of a truck. ``worst``: halvings of the worst minute; ``serious``: minutes that add to it."""

    worst: int = 0
    serious: int = 0
    said: list[tuple[date, str, Text]] = field(default_factory=list)
    parties: set[str] = field(default_factory=set)
    sample: Sample = field(default_factory=Sample)


class SameMinute:
    """Compares the deliveries of each truck and minute."""

    kind = Kind(
        code="same-minute",
        name=Text(
            "同じ車両・時刻の納入が2回（同じ数量、または2か所）",
            "one truck and minute twice: one quantity, or two places",
        ),
        why=Text(
            "1台の車両が同じ時刻に2か所で計量されることはなく、同じ数量が重なることもまれ。1回の納入が2通の証明書で"
            "数えられている場合にもこう見える。",
            "No truck is weighed at two places in one minute, and its weight seldom repeats. One load counted "
            "under two certificates would look like this, too.",
        ),
        scored=Text(
            f"同じ車両が同じ時刻に2か所: {TWO_PLACES}段。同じ場所で2回: {SAME_MINUTE}段。数量も同じ（数百通りに1つ）: "
            f"さらに{SAME_QUANTITY}段。同じ証明書による納入（二重入力が多い）: -{DOUBLE_ENTRY}段。{SERIOUS}段以上の"
            f"時刻がほかにもあれば1つごとに{AGAIN}段",
            f"the same truck at two places in one minute: {TWO_PLACES} halvings; twice at one place: "
            f"{SAME_MINUTE}; the "
            f"same quantity too (one in some hundreds): {SAME_QUANTITY} more; under one certificate (mostly typed in "
            f"twice): {DOUBLE_ENTRY} less; {AGAIN} for each further minute of {SERIOUS} halvings or more",
        ),
        usual=Text("1台は1分に1か所で1回計量される", "a truck is weighed once in a minute, at one place"),
        innocent=(
            Text("同じ納入を2度入力した", "one delivery was typed in twice"),
            Text("1台の荷を2通の証明書・2枚の伝票に分けた", "one load was divided over two certificates or tickets"),
            Text(
                "計量機の時計がずれている、時刻をまとめて書いた",
                "a weighbridge's clock is off, or times were written down together",
            ),
            Text("車両番号の下4桁だけを書いた別の車両", "another truck, of which only the last digits were written"),
        ),
        ask=Text(
            "計量票（トラックスケールの印字）の原本、運転日報、車検証の写し、納入先それぞれの受入台帳",
            "the weighbridge tickets, the driver's log, the truck's registration, each receiver's book",
        ),
    )

    def __init__(self, around: Around) -> None:
        self._around = around
        self._first: dict[tuple[str, date, str], _Arrival | list[_Arrival]] = {}
        self._untold = 0

    def take(self, entry: Entry) -> None:
        """Note a delivery."""
        d = entry.value
        if not isinstance(d, Delivery):
            return
        if d.vehicle is None or d.time is None:
            self._untold += 1
            return
        key = plate_key(d.vehicle), d.date, d.time
        arrived = _Arrival(d.id, d.at, d.sender, _amount(d.quantity), d.certificate)
        before = self._first.get(key)
        if before is None:
            self._first[key] = arrived
        elif isinstance(before, list):
            before.append(arrived)
        else:
            self._first[key] = [before, arrived]

    def sightings(self) -> Iterator[Sighting]:
        """The trucks that came twice in a minute."""
        trucks: dict[str, _Truck] = {}
        for (plate, day, time), arrivals in self._first.items():
            if isinstance(arrivals, list):
                self._note(trucks.setdefault(plate, _Truck()), day, time, sorted(arrivals))
        for plate, truck in trucks.items():
            yield self._sighting(plate, truck)

    def _note(self, truck: _Truck, day: date, time: str, arrivals: list[_Arrival]) -> None:
        places = {a.at for a in arrivals}
        amounts = [a.amount for a in arrivals]
        papers = {a.certificate for a in arrivals}
        twice = len(set(amounts)) < len(amounts)
        on_one = len(papers) == 1 and None not in papers
        halvings = TWO_PLACES if len(places) > 1 else SAME_MINUTE
        halvings += SAME_QUANTITY if twice else 0
        halvings -= DOUBLE_ENTRY if on_one else 0
        truck.worst = max(truck.worst, halvings)
        truck.serious += halvings >= SERIOUS
        truck.parties.update(p for a in arrivals for p in (a.at, a.sender) if p is not None)
        for arrived in arrivals:
            truck.sample.add(day, arrived.id)
        where = "・".join(sorted(map(self._around.name, places)))
        what = Text("、数量も同じ", ", the same quantity") if twice else Text("、数量は異なる", ", other quantities")
        paper = Text("、同じ証明書", ", one certificate") if on_one else Text("", "")
        said = Text(f"{day} {time} に{len(arrivals)}回（{where}", f"{len(arrivals)} times on {day} at {time} ({where}")
        truck.said.append((day, time, said + what + paper + Text("）", ")")))

    def _sighting(self, plate: str, truck: _Truck) -> Sighting:
        said = [text for *_, text in sorted(truck.said, key=lambda s: s[:2])]
        more = len(said) - _SHOWN
        rest = Text(f"、ほか{more}回", f", and {more} more times") if more > 0 else Text("", "")
        return Sighting(
            kind=self.kind,
            about=(plate,),
            subject=Text(f"車両 {plate}", f"truck {plate}"),
            parties=tuple(sorted(truck.parties)),
            score=chance.score(truck.worst + AGAIN * max(0, truck.serious - 1)),
            seen=join(said[:_SHOWN]) + rest,
            usual=self.kind.usual,
            sample=truck.sample,
        )

    def unchecked(self) -> Iterator[Text]:
        """Deliveries that name no truck or time."""
        if self._untold:
            yield Text(
                f"車両か時刻の記載がない納入 {self._untold:,} 件",
                f"{self._untold:,} deliveries that name no truck or no time",
            )


@lru_cache(maxsize=4096)
def plate_key(vehicle: str) -> str:
    """A truck's number to compare: without width, spaces and dashes."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", vehicle)).casefold()


def _amount(quantity: Quantity) -> tuple[int, bool]:
    return quantity.amount, quantity.unit.is_mass

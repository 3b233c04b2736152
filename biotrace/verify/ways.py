"""The ways by which a lot came to its plant: from each record where its wood enters the chain, through one processor.

The audit of 2017 looked at such ways: one log producer, one chip processor, the plant (図表2-(3)-イ-①, note 3). A lot
whose processor drew on three felling certificates came by three; its grams are divided over them as its records say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from biotrace.model.certificate import Certificate, Process
from biotrace.model.delivery import Delivery
from biotrace.model.fuel_class import FuelClass

from .case import Case
from .fold import Judged
from .tonnage import split
from .whereabouts import Whereabouts


@dataclass(frozen=True, slots=True)
class Who:
    """A party: its id, or, where it is not among the parties, its name as a paper has it."""

    party: str | None
    name: str


@dataclass(frozen=True, slots=True)
class Way:
    """How (part of) a lot came. ``grams``: bone-dry, of the lot; None where they cannot be told.

    ``entrance``: the record where the wood enters the chain: a felling-stage certificate; where there is none, the
    first record that draws on nothing; None in a circle of draws. ``producer``: whoever issued the former, else the
    one applicant whom documents name; None: not told. ``processor``: who processed the wood last, else who sold it to
    the plant; None where that is the producer itself (``direct``), or nobody knows. ``between``: the other hands.
    ``records``: the lot and everything between it and the entrance, which is among them where it is at hand.
    """

    lot: str
    day: date
    plant: str
    fuel_class: FuelClass
    entrance: str | None
    producer: Who | None
    processor: str | None
    direct: bool
    between: tuple[str, ...]
    grams: int | None
    records: tuple[str, ...]


@dataclass(slots=True)
class _Load:
    """What comes down to a record, by who processed it later. ``told``: all of its grams are."""

    grams: int = 0
    told: bool = True
    records: set[str] = field(default_factory=set)

    def add(self, grams: int | None, records: set[str]) -> None:
        self.grams += grams or 0
        self.told = self.told and grams is not None
        self.records |= records


_Loads = dict[str | None, _Load]


def ways_of(lot: str, judged: Mapping[str, Judged], whereabouts: Whereabouts) -> tuple[Way, ...]:
    """All ways of a lot, in the order of its records. Their grams add up to the lot's, as far as they are told.

    ``judged``: by id, everything that the lot rests on. Raises KeyError where the lot is not among it.
    """
    own = judged[lot]
    plant = plant_of(own)
    seller = _seller(own, judged)
    found = []
    for entrance, processed_by, load in _branches(lot, judged):
        producer = _producer(entrance, judged, whereabouts)
        processor = processed_by
        if processor is None and seller is not None and (producer is None or producer.party != seller):
            processor = seller
        hands = dict.fromkeys(_sellers(load.records, judged))
        ends = (processor, plant, producer.party if producer is not None else None)
        found.append(
            Way(
                lot=lot,
                day=own.entry.value.date,
                plant=plant,
                fuel_class=own.fuel_class,
                entrance=entrance,
                producer=producer,
                processor=processor,
                direct=processor is None and producer is not None and producer.party == seller,
                between=tuple(hand for hand in hands if hand not in ends),
                grams=load.grams if load.told and own.grams is not None else None,
                records=_in_order(load.records, judged),
            )
        )
    return tuple(found)


def plant_of(own: Judged) -> str:
    """The plant that a lot is at, or is made out to; empty where a certificate names nobody."""
    value = own.entry.value
    return value.at if isinstance(value, Delivery) else value.buyer or ""


def _branches(lot: str, judged: Mapping[str, Judged]) -> list[tuple[str | None, str | None, _Load]]:
    """Entrance, last processor, and what came so, for every pair of these."""
    order = _order(lot, judged)
    if order is None:
        return [(None, None, _Load(0, False, _ancestry(lot, judged)))]
    total = judged[lot].grams
    held: dict[str, _Loads] = {lot: {None: _Load(total or 0, total is not None)}}
    ends: dict[tuple[str, str | None], _Load] = {}
    for record in order:
        own = judged[record]
        loads = _past(own, held.pop(record))
        for processor, load in loads.items():
            load.records.add(record)
            for source, part in _divided(load, own.shares):
                if source in judged:
                    held.setdefault(source, {}).setdefault(processor, _Load()).add(part, load.records)
                else:
                    ends.setdefault((source, processor), _Load()).add(part, load.records)
            if not own.shares:
                ends[record, processor] = load
    return [(entrance, processor, load) for (entrance, processor), load in ends.items()]


def _past(own: Judged, loads: _Loads) -> _Loads:
    """The loads once the record's own seller is known to have processed what nobody did later."""
    value = own.entry.value
    if isinstance(value, Delivery) or value.form.is_source or value.process is Process.TRADING or None not in loads:
        return loads
    merged: _Loads = {}
    for processor, load in loads.items():
        merged.setdefault(processor or value.seller, _Load()).add(load.grams if load.told else None, load.records)
    return merged


def _divided(load: _Load, shares: Sequence[tuple[str, int | None]]) -> list[tuple[str, int | None]]:
    known = [share for _, share in shares if share is not None]
    if not shares:
        return []
    if not load.told or len(known) < len(shares):
        return [(source, None) for source, _ in shares]
    return [(source, part) for (source, _), part in zip(shares, split(load.grams, known), strict=True)]


def _ancestry(lot: str, judged: Mapping[str, Judged]) -> set[str]:
    found, waiting = {lot}, [lot]
    while waiting:
        for source, _ in judged[waiting.pop()].shares:
            if source in judged and source not in found:
                found.add(source)
                waiting.append(source)
    return found


def _order(lot: str, judged: Mapping[str, Judged]) -> list[str] | None:
    """The lot's records, each before what it draws on; None where they go round in a circle."""
    ancestry = _ancestry(lot, judged)
    uses = Counter(source for record in ancestry for source, _ in judged[record].shares)
    ready, order = [lot] if not uses[lot] else [], []
    while ready:
        record = ready.pop()
        order.append(record)
        for source, _ in judged[record].shares:
            uses[source] -= 1
            if not uses[source] and source in ancestry:
                ready.append(source)
    return order if len(order) == len(ancestry) else None


def _in_order(records: set[str], judged: Mapping[str, Judged]) -> tuple[str, ...]:
    return tuple(sorted(records, key=lambda r: judged[r].entry.order))


def _sellers(records: set[str], judged: Mapping[str, Judged]) -> list[str]:
    values = (judged[r].entry.value for r in _in_order(records, judged))
    return [v.seller for v in values if isinstance(v, Certificate)]


def _seller(own: Judged, judged: Mapping[str, Judged]) -> str | None:
    """Who sold a lot to the plant. A felling-stage certificate that a delivery came with was made out to its seller."""
    value = own.entry.value
    if isinstance(value, Certificate):
        return value.seller
    cited = _value(value.certificate, judged)
    if value.sender is not None or not isinstance(cited, Certificate):
        return value.sender
    return cited.buyer if cited.form.is_source and cited.buyer not in (None, value.at) else cited.seller


def _value(record: str | None, judged: Mapping[str, Judged]) -> Certificate | Delivery | None:
    found = None if record is None else judged.get(record)
    return None if found is None else found.entry.value


def _producer(entrance: str | None, judged: Mapping[str, Judged], where: Whereabouts) -> Who | None:
    value = _value(entrance, judged)
    if not isinstance(value, Certificate):
        return None
    if value.form.is_source:
        return Who(value.seller, _name(value.seller, where.case))
    return _applicant(value, where)


def _applicant(certificate: Certificate, where: Whereabouts) -> Who | None:
    """The one whom documents name as having felled, where no certificate of theirs is there."""
    named = {d.applicant for d in where.documents(certificate) if d.applicant}
    if len(named) != 1:
        return None
    said = named.pop()
    party = where.called(said)
    return Who(party, said if party is None else _name(party, where.case))


def _name(party: str, case: Case) -> str:
    known = case.parties.get(party)
    return known.name if known is not None else party

"""What is certified on which documents, certificate after certificate: those cited together make one pool.

Of a pool all certificates are added up and so is what all its documents allow: what lies above that has no room on any
of them, however it is shared out. So nothing is told that H314 could explain by another document; what H314 alone sees,
by placing each certificate, is not repeated here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from biotrace.model.certificate import Certificate
from biotrace.model.document import Document, FellingFacts, FellingMethod
from biotrace.model.labels import label
from biotrace.model.quantity import PARTS, Unit
from biotrace.model.text import Text, join, same

from ..document_identity import PaperKey, paper_key
from ..origins import allows_volume
from ..species import group_of
from ..tonnage import least_solid_volume
from .around import Around
from .sample import Sample

Key: TypeAlias = PaperKey | tuple[str, str, str]
"""Of a document, or of what certificates say of one that is not at hand."""


@dataclass(slots=True)
class Sheet:
    """What a document allows, by the copies seen: the smallest volume (cm³), the largest area (m²), the highest rate.

    The rate in 1/10,000; what is neither stated nor a thinning may fell everything. ``records``: ids of the copies.
    """

    name: Text
    volume: int | None = None
    area: int | None = None
    rate: int = 0
    records: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Pool:
    """Documents cited together, and what is certified on them.

    ``cm3``: at least, by certificate; ``converted``: not all of it was in m³. ``buyers``: cm³ by buyer. ``areas``: the
    felled areas (m²) that certificates state.
    """

    sheets: dict[Key, Sheet] = field(default_factory=dict)
    cm3: int = 0
    converted: bool = False
    buyers: dict[str, int] = field(default_factory=dict)
    sellers: set[str] = field(default_factory=set)
    areas: set[int] = field(default_factory=set)
    sample: Sample = field(default_factory=Sample)

    @property
    def volume(self) -> int | None:
        """What all documents allow, in cm³; None where one states nothing."""
        stated = [sheet.volume for sheet in self.sheets.values() if sheet.volume is not None]
        return sum(stated) if len(stated) == len(self.sheets) else None

    @property
    def name(self) -> Text:
        """What the documents are called."""
        names = [self.sheets[key].name for key in sorted(self.sheets, key=str)]
        more = len(names) - _NAMED
        rest = Text(f" ほか{more}件", f" and {more} more") if more > 0 else same("")
        return join(names[:_NAMED]) + rest

    @property
    def about(self) -> tuple[str, ...]:
        """Ids of the documents' records."""
        return tuple(sorted(record for sheet in self.sheets.values() for record in sheet.records))

    @property
    def parties(self) -> tuple[str, ...]:
        """Who sold and who bought on them."""
        return tuple(sorted({*self.sellers, *self.buyers}))

    def take(self, other: Pool) -> None:
        """All of another pool."""
        self.sheets.update(other.sheets)
        self.cm3 += other.cm3
        self.converted |= other.converted
        for buyer, cm3 in other.buyers.items():
            self.buyers[buyer] = self.buyers.get(buyer, 0) + cm3
        self.sellers |= other.sellers
        self.areas |= other.areas
        self.sample.take(other.sample)


_NAMED = 3


class Pools:
    """All pools. Documents count that limit what may be felled (permits, notices, plans, contracts)."""

    def __init__(self, around: Around) -> None:
        self._around = around
        self._by_key: dict[Key, Pool] = {}
        self._keys: dict[str, PaperKey] = {}

    def __iter__(self) -> Iterator[Pool]:
        return iter({id(pool): pool for pool in self._by_key.values()}.values())

    def add(self, certificate: Certificate, instead: Key | None = None, name: Text | None = None) -> bool:
        """Count a felling-stage certificate on its documents.

        ``instead``: what to count it on where none of them limits anything, and what that is called. False: on nothing.
        """
        limiting = [d for d in self._around.documents(certificate) if allows_volume(d)]
        if not limiting and instead is None:
            return False
        keys: list[Key] = [self._known(document) for document in limiting]
        pool = self._joined(keys or [k for k in (instead,) if k is not None])
        for document, key in zip(limiting, keys, strict=True):
            _note(pool.sheets[key], document, self._around.profile.thinning_rate_limit)
        if not limiting and instead is not None and name is not None:
            pool.sheets[instead].name = name
        self._count(pool, certificate)
        return True

    def _count(self, pool: Pool, c: Certificate) -> None:
        cm3 = least_solid_volume(c.quantity, group_of(c.species), self._around.profile)
        pool.cm3 += cm3
        pool.converted |= c.quantity.unit is not Unit.M3
        pool.sellers.add(c.seller)
        if c.buyer is not None:
            pool.buyers[c.buyer] = pool.buyers.get(c.buyer, 0) + cm3
        if c.area is not None:
            pool.areas.add(c.area)
        pool.sample.add(c.date, c.id)

    def _known(self, document: Document) -> PaperKey:
        if document.id not in self._keys:
            self._keys[document.id] = paper_key(document, self._around.name)
        return self._keys[document.id]

    def _joined(self, keys: Iterable[Key]) -> Pool:
        """One pool of all of them, made so: the smaller into the greatest."""
        wanted = dict.fromkeys(keys)
        pools = {id(p): p for p in (self._by_key.get(key) for key in wanted) if p is not None}.values()
        joined = max(pools, key=lambda pool: len(pool.sheets), default=None) or Pool()
        for pool in pools:
            if pool is not joined:
                joined.take(pool)
                self._by_key.update(dict.fromkeys(pool.sheets, joined))
        for key in wanted:
            if key not in joined.sheets:
                joined.sheets[key] = Sheet(same(""))
                self._by_key[key] = joined
        return joined


def _note(sheet: Sheet, document: Document, thinning: int) -> None:
    """What one copy says of it. ``thinning``: the highest rate of one, where it states none."""
    if document.id in sheet.records:
        return
    facts = document.felling or FellingFacts()
    sheet.records.add(document.id)
    sheet.name = min((n for n in (sheet.name, name_of(document)) if n.ja), key=lambda name: name.ja)
    sheet.volume = min((v for v in (sheet.volume, facts.volume) if v is not None), default=None)
    sheet.area = max((a for a in (sheet.area, facts.area) if a is not None), default=None)
    limit = thinning if facts.method is FellingMethod.THINNING else PARTS
    sheet.rate = max(sheet.rate, limit if facts.rate is None else facts.rate)


def name_of(document: Document) -> Text:
    """What a document is called: kind, number and day."""
    day: date | None = document.accepted or document.filed
    return label(document.kind) + same(f" {document.number or document.id[:12]}" + (f" ({day})" if day else ""))

"""Looking things up for traces in a ledger of any size: by its indexes, and reading only what bears on them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial

from sqlalchemy import Connection

from biotrace.chain.integrity import IntegrityFinding
from biotrace.chain.kinds import RecordKind
from biotrace.model.certificate import Certificate
from biotrace.model.document import Document
from biotrace.model.party import Party
from biotrace.model.place import Concordance
from biotrace.store.closure import copies_of, corrections_of, drawing_on, edges
from biotrace.store.downstream import (
    certificates_bought_by,
    certificates_felled_at,
    certificates_issued_by,
    certificates_sold_by,
    citing_certificates,
    downstream,
    reached,
)
from biotrace.store.lots import find_named, ids_at, last_until, of_kinds, positions_of
from biotrace.verify.places import Municipalities
from biotrace.verify.pooled import LYING_DAYS
from biotrace.verify.supposed import Supposition, supposing
from biotrace.verify.trace_forward import Handing

from .lot_check import Find, LotCheck, Order, Seen, Signatures, Together
from .lot_world import World
from .shipped import municipalities
from .times import last_second
from .trace_desk import ByTables, Lots, same_paper
from .trace_start import called
from .trace_tables import handings_at

_LOTS = (RecordKind.CERTIFICATE, RecordKind.DELIVERY)
_BATCH = 5_000
_DATED_AHEAD = 100
"""Days by which a certificate may be dated later than it was logged, so that it is still found."""


class LedgerDesk:
    """A ledger without records of other logs. See ``trace_desk.Desk``."""

    def __init__(self, check: LotCheck, order: Order) -> None:
        self._check, self._order = check, order
        self._damage: dict[IntegrityFinding, None] = {}

    @property
    def damage(self) -> tuple[IntegrityFinding, ...]:
        return tuple(self._damage)

    @property
    def municipalities(self) -> Municipalities:
        return municipalities()

    def lots_called(self, text: str) -> Lots:
        seen = self._at(lambda connection, _: [n.position for n in find_named(connection, text, _LOTS)])
        return {e.value.id: e.value for e in seen.case.entries}

    def documents_called(self, text: str) -> Mapping[str, Document]:
        kinds = (RecordKind.DOCUMENT,)
        return self._at(lambda connection, _: [n.position for n in find_named(connection, text, kinds)]).case.documents

    def copies(self, document: str) -> frozenset[str]:
        def find(connection: Connection, _: World) -> Collection[int]:
            positions = positions_of(connection, [document])
            return {*positions, *copies_of(connection, positions)}

        return same_paper(document, self._at(find).case.documents)

    def on_documents(self, documents: Collection[str]) -> tuple[str, ...]:
        return tuple(
            c.id
            for c in self._certificates(lambda connection, _: _citing(connection, documents))
            if not set(c.documents).isdisjoint(documents)
        )

    def parties_called(self, text: str) -> Sequence[Party]:
        parties = self._at(_nothing).case.parties
        known = parties.get(text)
        return [known] if known is not None else [p for p in parties.values() if p.name == text]

    def holders(self, number: str) -> Sequence[Party]:
        parties = self._at(_nothing).case.parties
        numbered = self._check.ask(lambda _, world: world.numbered(number))
        return [party for i in sorted(numbered) if (party := parties.get(i)) is not None]

    def made_by(self, party: str) -> tuple[str, ...]:
        def find(connection: Connection, world: World) -> tuple[str, ...]:
            every = {*certificates_sold_by(connection, party), *certificates_issued_by(connection, party)}
            last = self._last(connection, world)
            return tuple(ids_at(connection, (p for p in every if p <= last)))

        return self._check.ask(find)

    def issued_by(self, party: str) -> Sequence[Certificate]:
        found = self._certificates(lambda connection, _: certificates_issued_by(connection, party))
        return [certificate for certificate in found if certificate.issuer == party]

    def felled_at(self, numbers: Collection[str] | None) -> Iterable[Certificate]:
        found = self._check.ask(lambda connection, _: certificates_felled_at(connection, numbers))
        for i in range(0, len(found), _BATCH):
            yield from (c for c in self._certificates(_these(found[i : i + _BATCH])) if c.locations)

    def concordances(self) -> Sequence[Concordance]:
        return self._check.ask(lambda _, world: list(world.every_concordance()))

    def by_tables(self, certificates: Collection[str]) -> ByTables | None:
        if self._order.watched.findings:
            return None  # nothing in the log counts
        found = self._check.ask(lambda connection, world: self._tell(connection, world, certificates))
        if found is None:
            self._judge_all(lambda connection, _: downstream(connection, positions_of(connection, certificates)))
            return None
        handings, damage, read = found
        self._damage |= dict.fromkeys(damage)
        return ByTables(handings, self._at(lambda _, __: read))

    def _tell(
        self, connection: Connection, world: World, certificates: Collection[str]
    ) -> tuple[list[Handing], list[IntegrityFinding], set[int]] | None:
        """With the positions of what has to be read. None where the tables do not tell of all, or not what is so."""
        last = self._last(connection, world)
        found = reached(connection, positions_of(connection, certificates))
        every = {position for position in found.entries if position <= last}
        told = handings_at(connection, every, found.citations, partial(world.key_cut_off, last=last))
        if told is None:
            return None
        handings, damage = told
        corrections = every.difference(handing.order for handing in handings)
        if of_kinds(connection, corrections, _LOTS):
            return None
        named = every.intersection(named for _, named in edges(connection, corrections))
        return handings, damage, corrections | named | {finding.position for finding in damage}

    def _last(self, connection: Connection, world: World) -> int:
        """The position of the last entry that was logged by the day in question."""
        as_of = self._order.as_of
        return world.size - 1 if as_of is None else last_until(connection, last_second(as_of))

    def named(self, records: Collection[str]) -> Mapping[str, str]:
        seen = self._at(lambda connection, _: positions_of(connection, records))
        return {e.value.id: called(e.value, seen.subjects) for e in seen.case.entries}

    def downstream(self, certificates: Collection[str]) -> Seen:
        return self._at(lambda connection, _: downstream(connection, positions_of(connection, certificates)))

    def bought(self, party: str, made: Sequence[Certificate]) -> Seen:
        earliest = min(c.date for c in made) - timedelta(days=LYING_DAYS + _DATED_AHEAD)
        drawn = {draw.certificate for c in made for draw in c.draws}

        def find(connection: Connection, _: World) -> Collection[int]:
            before = last_until(connection, last_second(earliest))
            lying = {p for p in certificates_bought_by(connection, party) if p > before}
            lying |= {*positions_of(connection, drawn)}
            both = lying | drawing_on(connection, lying) | {*positions_of(connection, [c.id for c in made])}
            corrections = {c for of_one in corrections_of(connection, both).values() for c in of_one}
            return both | corrections | {named for _, named in edges(connection, corrections)}

        return self._at(find)

    def judge(self, lots: Collection[str], what: Supposition | None = None) -> Together:
        suppose = None if what is None else lambda case: supposing(case, what)
        told = self._check.together(lambda connection, _: positions_of(connection, lots), self._order, suppose)
        self._damage |= dict.fromkeys(told.seen.damage)
        return told

    def _at(self, find: Find) -> Seen:
        seen = self._check.case_of(find, self._order)
        self._damage |= dict.fromkeys(seen.damage)
        return seen

    def _judge_all(self, find: Find) -> None:
        """Note what is wrong with entries, also with what tables repeat of them, on which nothing here rests then."""
        seen = self._check.case_of(find, replace(self._order, signatures=Signatures.ALL))
        self._damage |= dict.fromkeys(seen.damage)

    def _certificates(self, find: Find) -> list[Certificate]:
        return [e.value for e in self._at(find).case.entries if isinstance(e.value, Certificate)]


def _nothing(_: Connection, __: World) -> Collection[int]:
    return ()


def _these(positions: Collection[int]) -> Find:
    return lambda _, __: positions


def _citing(connection: Connection, documents: Collection[str]) -> Collection[int]:
    return citing_certificates(connection, positions_of(connection, documents))

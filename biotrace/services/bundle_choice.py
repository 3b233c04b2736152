"""Which records a receiver needs to check lots: what they rest on, and whatever says who may say so."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from biotrace.chain.binding import binding_of
from biotrace.chain.kinds import KeyEnd, RecordKind
from biotrace.chain.record import Record, cites
from biotrace.model.accreditation import Grant, Inspection, RenewalRequest, Revocation
from biotrace.model.certificate import Certificate
from biotrace.model.correction import Correction
from biotrace.model.delivery import Delivery
from biotrace.model.document import Document
from biotrace.model.party import Party
from biotrace.model.stock import Site

from .logged import Logged


def needed(entries: Sequence[Logged], lots: Collection[bytes], *, everything: bool = False) -> dict[str, list[Logged]]:
    """By log, in the order of its index, the records to be shown for ``lots``.

    Their ancestors, corrections of these with what stands in their place, tables of compartments and parcels, the
    parties named, their accreditations, and the keys. ``everything``: also all that touches them, such as other draws
    and deliveries, which shows the receiver other customers; without it nobody can state that nothing was left out.
    """
    return _Choice(entries).choose(lots, everything)


class _Choice:
    def __init__(self, entries: Sequence[Logged]) -> None:
        self._by_id = {e.record.record_id: e for e in entries}
        self._citing: dict[bytes, list[bytes]] = {}
        for entry in entries:
            for cited in cites(entry.record):
                self._citing.setdefault(cited, []).append(entry.record.record_id)
        self._entries = entries

    def choose(self, lots: Collection[bytes], everything: bool) -> dict[str, list[Logged]]:
        wanted = self._with_corrections(set(lots))
        if everything:
            wanted |= {c for i in wanted for c in self._citing.get(i, ())}
            wanted |= self._with_corrections(wanted)
        wanted |= {e.record.record_id for e in self._entries if e.record.kind is RecordKind.CONCORDANCE}
        wanted |= self._about_parties(wanted)
        wanted |= self._keys(wanted)
        chosen: dict[str, list[Logged]] = {}
        for entry in self._entries:
            if entry.record.record_id in wanted:
                chosen.setdefault(entry.log, []).append(entry)
        return {log: sorted(of, key=lambda e: e.position) for log, of in chosen.items()}

    def _with_corrections(self, start: set[bytes]) -> set[bytes]:
        """What the records rest on, cited by cited, with corrections of any of it, and what those rest on."""
        found: set[bytes] = set()
        waiting = list(start)
        while waiting:
            record_id = waiting.pop()
            if record_id in found or record_id not in self._by_id:
                continue
            found.add(record_id)
            waiting += cites(self._by_id[record_id].record)
            waiting += (c for c in self._citing.get(record_id, ()) if isinstance(self._body(c), Correction))
        return found

    def _about_parties(self, wanted: set[bytes]) -> set[bytes]:
        """Statements about the parties that the records name, and about the bodies that accredited them."""
        names = {name for i in wanted for name in _named(self._by_id[i].record)}
        grants = [e for e in self._entries if isinstance(e.record.body, Grant)]
        names |= {b for e in grants if (b := _accredited_by(e.record)) is not None and _holder(e.record) in names}
        found = {
            e.record.record_id for e in self._entries if isinstance(e.record.body, Party) and e.record.body.id in names
        }
        of_parties = {e.record.record_id for e in grants if _holder(e.record) in names}
        events = {
            e.record.record_id
            for e in self._entries
            if isinstance(e.record.body, RenewalRequest | Revocation | Inspection)
            and bytes.fromhex(e.record.body.grant) in of_parties
        }
        return found | of_parties | events

    def _keys(self, wanted: set[bytes]) -> set[bytes]:
        """What bound and ended the keys that signed, all the way to the first record of each log."""
        bindings: dict[tuple[str, bytes], Logged] = {}
        ends: dict[tuple[str, bytes], list[Logged]] = {}
        for entry in self._entries:
            if (binding := binding_of(entry.record, entry.position)) is not None:
                bindings[entry.log, binding[0]] = entry
            if isinstance(entry.record.body, KeyEnd):
                ends.setdefault((entry.log, entry.record.body.kid), []).append(entry)
        found: set[bytes] = set()
        waiting = [self._by_id[i] for i in wanted]
        logs = {entry.log for entry in waiting}
        waiting += (e for e in self._entries if e.position == 0 and e.log in logs)
        while waiting:
            entry = waiting.pop()
            if entry.record.record_id in found:
                continue
            found.add(entry.record.record_id)
            key = (entry.log, entry.record.kid)
            waiting += ends.get(key, ())
            if key in bindings:
                waiting.append(bindings[key])
        return found

    def _body(self, record_id: bytes) -> object:
        return self._by_id[record_id].record.body


def _named(record: Record) -> Iterator[str]:
    """Ids of the parties that a record is by and about."""
    body = record.body
    yield record.issuer
    named: tuple[str | None, ...] = ()
    if isinstance(body, Certificate):
        named = (body.seller, body.buyer, body.issuer_party, body.mixed.plant if body.mixed is not None else None)
    elif isinstance(body, Delivery):
        named = (body.at, body.sender)
    elif isinstance(body, Document):
        named = (body.issuer, body.forest_office)
    elif isinstance(body, Site):
        named = (body.party,)
    elif isinstance(body, Grant):
        named = (body.party, body.accreditation.body)
    yield from (name for name in named if name is not None)


def _accredited_by(record: Record) -> str | None:
    return record.body.accreditation.body if isinstance(record.body, Grant) else None


def _holder(record: Record) -> str | None:
    return record.body.party if isinstance(record.body, Grant) else None

"""What any lot may need and nothing cites: parties, accreditations, keys and their ends, concordances, trusted bodies.

Read once from their bytes, each signature verified and each entry proven in the log's tree, and then kept up with what
is appended. Indexed, so that a lot takes only what concerns it, as of any place in the log.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache

from sqlalchemy import Connection

from biotrace.chain.binding import counts_until
from biotrace.chain.disclosure import Disclosure
from biotrace.chain.integrity import IntegrityFinding, StoredEntry, cut_off
from biotrace.chain.kinds import KeyBinding, TrustedBodies
from biotrace.chain.note import VerifierKey
from biotrace.chain.part_integrity import PartCheck, PartReplay
from biotrace.chain.record import Record, without_bytes
from biotrace.model.accreditation import Grant, Inspection, RenewalRequest, Revocation
from biotrace.model.party import Party
from biotrace.model.place import Concordance, Place
from biotrace.store import entries
from biotrace.store.closure import EVERYWHERE, corrected_since
from biotrace.store.entry_rows import stored_at
from biotrace.store.proving import Signed
from biotrace.verify.document_identity import number_key
from biotrace.verify.places import Links, Municipalities, Spot, name_places

from .ledger_case import known_as
from .logged import Logged, parties_of
from .private_fields import open_party

_BATCH = 500
_BY_KEY = "S102"


class World:
    """Entries of the kinds in EVERYWHERE, up to the size of the log at which it was last brought up to date.

    ``signed``: what the log's latest checkpoint vouches for.
    """

    def __init__(self) -> None:
        self.size = 0
        self.signed = Signed()
        self._check = PartCheck()
        self._damage: list[IntegrityFinding] = []
        self._until: dict[tuple[bytes, int], int | None] = {}
        self._logged: dict[int, Logged] = {}
        self._of_party: defaultdict[str, list[int]] = defaultdict(list)
        self._grants_of: defaultdict[str, list[int]] = defaultdict(list)
        self._named: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        self._said_of: defaultdict[str, list[int]] = defaultdict(list)
        self._holding: defaultdict[str, set[str]] = defaultdict(set)
        self._trusted: list[int] = []
        self._roots: list[int] = []
        self._touched: dict[str, int] = {}
        self._party_of: dict[str, str] = {}
        self._corrected: set[int] = set()
        self._about: dict[str, list[int]] = {}
        self._stood: dict[tuple[str, int, int], Party | None] = {}
        self._concordances: dict[str, int] = {}
        self._links: Links | None = None

    @property
    def replay(self) -> PartReplay:
        """Keys, bodies and citable records, for judging other entries."""
        return self._check.replay

    @property
    def count(self) -> int:
        """How many entries it holds."""
        return len(self._logged)

    @property
    def damage(self) -> list[IntegrityFinding]:
        """What is wrong with any of the entries, and with the log as a whole; not what cut off keys signed."""
        return [*self._damage, *self.signed.findings]

    def follow(self, connection: Connection, log: VerifierKey) -> bool:
        """Bring it up to date. False where the ledger is not the one that it was read from, grown: begin anew then.

        Raises UpdateNeededError at a record, properly signed, of a version that this release does not know.
        """
        end = entries.end(connection)
        if end < self.size or not self.signed.follow(connection, log, end):
            return False
        if end > self.size:
            self._about.clear()
            self._stood.clear()
            self._read(connection, end)
            self._corrected |= corrected_since(connection, self.size)
            self.size = end
        return True

    def _read(self, connection: Connection, end: int) -> None:
        kinds = ", ".join(str(int(kind)) for kind in EVERYWHERE)
        query = f"SELECT position FROM entry WHERE kind IN ({kinds}) AND position >= {self.size} ORDER BY position"
        positions = [position for position in connection.exec_driver_sql(query).scalars() if position < end]
        for i in range(0, len(positions), _BATCH):
            batch = stored_at(connection, positions[i : i + _BATCH])
            faults = self.signed.prove(connection, batch)
            self._damage += (fault for fault in faults if not fault.record_id)
            for entry in batch:
                self._take(entry, [fault for fault in faults if fault.position == entry.position and fault.record_id])

    def _take(self, entry: StoredEntry, faults: Iterable[IntegrityFinding]) -> None:
        record, found = self._check.judge(entry)
        findings = (*found, *faults)
        self._damage += findings
        if record is None:
            return
        known = without_bytes(known_as(record, entry.record_id))
        logged = Logged(entry.position, entry.logged_at, known, findings)
        self._logged[entry.position] = logged
        self._index(logged)

    def _index(self, logged: Logged) -> None:
        position, body, name = logged.position, logged.record.body, (logged.record.issuer, logged.record.subject)
        if isinstance(body, Party):
            self._of_party[body.id].append(position)
            self._touched[body.id] = position
        elif isinstance(body, Grant):
            self._grants_of[body.party].append(position)
            self._named[name].append(position)
            self._party_of[logged.record.record_id.hex()] = body.party
            # A grant takes the place of an earlier one of the same name, whomever that was for.
            for other in self._named[name]:
                self._touched[_holder(self._logged[other])] = position
            if body.accreditation.number is not None:
                self._holding[number_key(body.accreditation.number)].add(body.party)
        elif isinstance(body, RenewalRequest | Revocation | Inspection):
            self._said_of[body.grant].append(position)
            self._touched[self._party_of.get(body.grant, "")] = position
        elif isinstance(body, TrustedBodies):
            self._trusted.append(position)
        elif isinstance(body, KeyBinding) and body.root:
            self._roots.append(position)
        elif isinstance(body, Concordance):
            self._concordances[body.id] = position
            self._links = None

    def cut_off(self, position: int, record: Record, last: int) -> IntegrityFinding | None:
        """That the entry counts no longer by what was logged up to the position ``last``, if so."""
        return self.key_cut_off(position, record.record_id, record.kid, last)

    def key_cut_off(self, position: int, record_id: bytes, kid: bytes, last: int) -> IntegrityFinding | None:
        """The same of a record that was not read, but which key signed it is known."""
        ends = self.ends_by(last)
        until = self._until_of(kid, last, ends) if ends else None
        return None if until is None or position < until else cut_off(position, record_id, kid, until)

    def ends_by(self, last: int) -> int:
        """How many entries up to the position ``last`` end keys."""
        return bisect_right(self.replay.end_positions, last)

    def _until_of(self, kid: bytes, last: int, ends: int) -> int | None:
        if (kid, ends) not in self._until:
            self.replay.stand_at(last + 1)
            bound = self.replay.bound_key(kid)
            self._until[kid, ends] = None if bound is None else counts_until(kid, self.replay)
        return self._until[kid, ends]

    def counted(self, logged: Logged, last: int) -> Logged:
        """The entry with what was known to be wrong with it when the log ended at the position ``last``."""
        found = self.cut_off(logged.position, logged.record, last)
        if found is None or any(finding.rule == _BY_KEY for finding in logged.findings):
            return logged
        return replace(logged, findings=(*logged.findings, found))

    def _until_last(self, positions: Iterable[int], last: int) -> Iterator[Logged]:
        """The entries at these positions that count up to ``last``, each once, in order."""
        for position in sorted({p for p in positions if p <= last}):
            entry = self.counted(self._logged[position], last)
            if entry.sound:
                yield entry

    def _about_party(self, party: str) -> list[int]:
        """The places of all entries that decide who the party is, in order."""
        if party not in self._about:
            grants = {p for g in self._grants_of.get(party, ()) for p in self._named[_name(self._logged[g])]}
            said = {p for g in grants for p in self._said_of.get(self._logged[g].record.record_id.hex(), ())}
            self._about[party] = sorted({*self._of_party.get(party, ()), *grants, *said})
        return self._about[party]

    def party(self, party: str, last: int) -> Party | None:
        """The party as of there, private fields sealed."""
        about = self._about_party(party)
        known = (party, bisect_right(about, last), self.ends_by(last))
        if known not in self._stood:
            self._stood[known] = parties_of(self._until_last(about, last)).get(party)
        return self._stood[known]

    def corrected(self, positions: Iterable[int]) -> set[int]:
        """Those of the entries of which a correction says something, or that it puts in another's place."""
        return self._corrected.intersection(positions)

    def touched_after(self, party: str, position: int) -> bool:
        """Whether anything that decides who the party is was logged later, or a key ended."""
        return self._touched.get(party, -1) > position or self.ends_by(position) < len(self.replay.end_positions)

    def numbered(self, number: str) -> frozenset[str]:
        """Who was ever accredited under a number (see ``number_key``)."""
        return frozenset(self._holding.get(number, ()))

    def statements(self, party: str, last: int) -> list[Logged]:
        """The sound records of the party itself."""
        return list(self._until_last(self._of_party.get(party, ()), last))

    def holders(self, number: str, last: int) -> list[tuple[int, str]]:
        """Who was accredited under a number (see ``number_key``): the place of their first record, and their id."""
        found = ((self.statements(party, last), party) for party in self._holding.get(number, ()))
        return sorted((stated[0].position, party) for stated, party in found if stated)

    def parties(self) -> list[str]:
        """The ids of all that were ever stated."""
        return list(self._of_party)

    def trusted(self, last: int) -> list[Logged]:
        """The sound statements of which bodies are trusted."""
        return list(self._until_last(self._trusted, last))

    def roots(self, last: int) -> list[Logged]:
        """The sound entries that bind root keys."""
        return list(self._until_last(self._roots, last))

    def every(self) -> list[Logged]:
        """All entries that are records, in order, without their bytes."""
        return list(self._logged.values())

    def concordances(self, places: Iterable[Place], table: Municipalities, last: int) -> list[Logged]:
        """The sound concordances that name any number that these places name. ``table``: by which they are read."""
        if not self._concordances:
            return []
        links = self._read_links(table)
        ids = {i for place in places for spot in _spots(place, table) for i in links.naming(spot)}
        return list(self._until_last((self._concordances[i] for i in ids), last))

    def linked_by(self, places: Iterable[Place], table: Municipalities) -> set[int]:
        """Where the concordances stand that link any of these places with the other notation, sound or not."""
        if not self._concordances:
            return set()
        links = self._read_links(table)
        spots = (spot for place in places for spot in _spots(place, table))
        return {self._concordances[i] for spot in spots if links.naming(spot) for i in links.translate(spot)[1]}

    def was_otherwise(self, at: int, before: int, last: int) -> bool:
        """Whether its entry at a position counted otherwise, or was not there, when the log ended at ``before``."""
        entry = self._logged[at]
        return at <= last and (at > before or self.counted(entry, before) != self.counted(entry, last))

    def _read_links(self, table: Municipalities) -> Links:
        if self._links is None or self._links.municipalities is not table:
            self._links = Links(self.every_concordance(), table)
        return self._links

    def every_concordance(self) -> Iterator[Concordance]:
        """All of them, sound or not."""
        for position in self._concordances.values():
            body = self._logged[position].record.body
            if isinstance(body, Concordance):
                yield body


@lru_cache(maxsize=2_000)
def _spots(place: Place, table: Municipalities) -> tuple[Spot, ...]:
    return name_places([place], table).spots


def _holder(logged: Logged) -> str:
    body = logged.record.body
    return body.party if isinstance(body, Grant) else ""


def _name(logged: Logged) -> tuple[str, str]:
    return logged.record.issuer, logged.record.subject


class Parties(Mapping[str, Party]):
    """The parties as of a place in the log, each put together when a rule asks for it. ``asked``: those, by id."""

    def __init__(self, world: World, last: int, disclosed: Callable[[bytes], tuple[Disclosure, ...]]) -> None:
        """``disclosed``: the values at hand of a record's private fields."""
        self.asked: dict[str, Party | None] = {}
        self._world, self._last, self._disclosed = world, last, disclosed

    def __getitem__(self, party: str) -> Party:
        if party not in self.asked:
            self.asked[party] = self._put_together(party)
        found = self.asked[party]
        if found is None:
            raise KeyError(party)
        return found

    def _put_together(self, party: str) -> Party | None:
        found = self._world.party(party, self._last)
        if found is None or not found.sealed:
            return found
        stated = self._world.statements(party, self._last)[-1]
        return open_party(found, self._disclosed(stated.record.record_id))

    def __contains__(self, party: object) -> bool:
        return isinstance(party, str) and self.get(party) is not None

    def __iter__(self) -> Iterator[str]:
        return (party for party in self._world.parties() if party in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class Holders(Mapping[str, tuple[str, ...]]):
    """As ``Case.holders``, looked up when a rule asks for a number. ``asked``: those, with what was found."""

    def __init__(self, world: World, last: int, parties: Parties) -> None:
        self.asked: dict[str, tuple[str, ...]] = {}
        self._world, self._last, self._parties = world, last, parties

    def __getitem__(self, number: str) -> tuple[str, ...]:
        if number not in self.asked:
            held = (self._parties.get(party) for _, party in self._world.holders(number, self._last))
            self.asked[number] = tuple(party.name for party in held if party is not None and _holds(party, number))
        if not self.asked[number]:
            raise KeyError(number)
        return self.asked[number]

    def __iter__(self) -> Iterator[str]:
        raise TypeError("a log's accreditation numbers are looked up, never listed")

    def __len__(self) -> int:
        raise TypeError("a log's accreditation numbers are looked up, never counted")


def _holds(party: Party, number: str) -> bool:
    return any(a.number is not None and number_key(a.number) == number for a in party.accreditations)

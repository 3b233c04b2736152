"""Walks along citations, in the database: one lot's entries without reading the others.

The walks are spelt out in SQL, with the positions, which are integers, in it: SQLAlchemy takes several times as long to
build a statement as SQLite to answer it. Each entry is asked about once, in lists, so what a walk costs goes with what
it finds, however deep it lies or however often it is drawn on.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Connection

from biotrace.chain.kinds import RecordKind
from biotrace.errors import UsageError
from biotrace.model.text import Text

from .pools import Citation, Pools

EVERYWHERE = (
    *(RecordKind.PARTY, RecordKind.CONCORDANCE, RecordKind.TRUSTED_BODIES, RecordKind.KEY, RecordKind.KEY_END),
    *(RecordKind.ACCREDITATION, RecordKind.RENEWAL_REQUEST, RecordKind.REVOCATION, RecordKind.INSPECTION),
)
"""Kinds that any lot may need and nothing of other kinds cites; there are few."""

_USES = frozenset({RecordKind.CERTIFICATE, RecordKind.DELIVERY, RecordKind.CORRECTION})
"""Kinds of which it matters what else they cite."""
_TAKING = frozenset({RecordKind.CERTIFICATE, RecordKind.DELIVERY})
"""Kinds that take from what they cite, each what those before it have left."""
_RETAINING = frozenset({RecordKind.RETENTION_HOLD, RecordKind.CHALLENGE, RecordKind.TOMBSTONE})
_ANSWERING = frozenset({RecordKind.RETENTION_HOLD, RecordKind.ANSWER})
_DOCUMENT, _CERTIFICATE, _CORRECTION = RecordKind.DOCUMENT, RecordKind.CERTIFICATE, RecordKind.CORRECTION

_ALWAYS = 2**63
"""After every position."""
_CHUNK = 5_000
"""Positions per query."""

Corrected = Callable[[Collection[int]], set[int]]
"""Gives those of some certificates that a correction may name: these are asked about."""


class Use(NamedTuple):
    """An entry that rests on a document, by position. ``cm3``: what it certifies; None where no table tells."""

    position: int
    cm3: int | None


@dataclass(frozen=True, slots=True)
class Closure:
    """What bears on a lot, by position, without the kinds of EVERYWHERE and without other uses of its documents.

    ``up``: the lot itself, all that it rests on, the corrections of it, and what these put in its place.
    ``beside``: other draws on the same certificates, as far as they came before one in ``up``, and what decides whether
    these count. ``uses``: of each document in ``up``, all that rests on it.
    """

    up: frozenset[int]
    beside: frozenset[int]
    uses: Mapping[int, Sequence[Use]]


def closure(connection: Connection, positions: Iterable[int]) -> list[int]:
    """What bears on the entries at ``positions``, ascending: see ``Ledger.closure``."""
    walk = _started(connection, positions)
    walk.answers(walk.citing(walk.kinds))
    walk.pools(dict.fromkeys(walk.of(walk.kinds, {_DOCUMENT}), _ALWAYS), {}, set)
    walk.besides(())
    everywhere = connection.exec_driver_sql(f"SELECT position FROM entry WHERE kind IN {listed(EVERYWHERE)}")
    return sorted({*walk.kinds, *everywhere.scalars()})


def closure_of_lot(connection: Connection, positions: Iterable[int]) -> Closure:
    """What bears on the lots at ``positions``: see ``Closure``. Raises UsageError for a position that is not held.

    What is drawn on later takes what is left, and is judged later.
    """
    walk = _started(connection, positions)
    up = frozenset(walk.kinds)
    walk.draws_in_time()
    uses = walk.uses_of_documents()
    walk.answers(walk.kinds.keys() - up)
    walk.besides(up)
    return Closure(up, frozenset(walk.kinds) - up, uses)


def shown_for(connection: Connection, positions: Iterable[int], *, touching: bool) -> set[int]:
    """The entries at ``positions``, all that they rest on, and the corrections of any of it, of which likewise.

    ``touching``: also all that cites any of these, of which likewise. Of the kinds in EVERYWHERE only what is cited.
    Raises UsageError for a position that is not held.
    """
    walk = _started(connection, positions)
    if touching:
        walk.upwards(walk.citing(set(walk.kinds)))
    return set(walk.kinds)


def pooled_with(
    connection: Connection,
    documents: Collection[int],
    last: Mapping[int, int],
    uses: Mapping[int, Sequence[Use]],
    corrected: Corrected = set,
) -> set[int]:
    """All that is counted together with some documents, as H314 pools them, and what decides whether it counts.

    ``last``: of these documents and others, up to which position uses count: there may be pools of both. ``uses``: of
    documents of which they are known. ``corrected``: gives those of some certificates that any correction names.
    """
    walk = _Walk(connection)
    walk.kinds = dict.fromkeys(documents, int(_DOCUMENT))
    walk.pools(last, uses, corrected)
    walk.besides(())
    return set(walk.kinds)


def corrections_of(connection: Connection, certificates: Collection[int]) -> dict[int, list[int]]:
    """What corrects each of these certificates, or is said in a correction to stand for another."""
    found: dict[int, list[int]] = {}
    for chunk in chunks(certificates):
        rows = connection.exec_driver_sql(
            "SELECT e.parent, e.child FROM edge e JOIN entry n ON n.position = e.child"
            f" WHERE e.parent IN {chunk} AND +n.kind = {int(_CORRECTION)}"
        )
        for certificate, correction in rows.all():
            found.setdefault(certificate, []).append(correction)
    return found


def corrected_since(connection: Connection, position: int) -> set[int]:
    """What is cited by corrections, as far as these stand there or after."""
    rows = connection.exec_driver_sql(
        "SELECT e.parent FROM entry n JOIN edge e ON e.child = n.position"
        f" WHERE n.kind = {int(_CORRECTION)} AND n.position >= {position}"
    )
    return set(rows.scalars())


def with_copies(connection: Connection, documents: Collection[int]) -> set[int]:
    """Those of which other entries may hold copies."""
    return {one for one, _ in _Walk(connection).copies(documents)}


def drawing_on(connection: Connection, certificates: Collection[int]) -> set[int]:
    """The certificates that cite any of these: those that draw on it."""
    walk = _Walk(connection)
    return walk.citing(certificates, {_CERTIFICATE})


def copies_of(connection: Connection, documents: Collection[int]) -> set[int]:
    """The other entries that may hold copies of any of these documents."""
    return {other for _, other in _Walk(connection).copies(documents)}


def _started(connection: Connection, positions: Iterable[int]) -> _Walk:
    asked = set(positions)
    walk = _Walk(connection)
    walk.upwards(asked)
    if missing := asked - walk.kinds.keys():
        raise UsageError(Text(f"台帳に {min(missing)} 番はありません", f"the ledger has no entry {min(missing)}"))
    return walk


def retention_of(connection: Connection, positions: Iterable[int]) -> set[int]:
    """What was said about keeping, deleting and producing the papers of these entries, and what answers or ends it."""
    walk = _Walk(connection)
    said = walk.citing(set(positions), _RETAINING)
    return said | walk.citing(said, _ANSWERING)


def edges(connection: Connection, positions: Iterable[int]) -> list[tuple[int, int]]:
    """(child, parent) for every citation by the entries at ``positions``, ascending."""
    found: list[tuple[int, int]] = []
    for chunk in chunks(positions):
        rows = connection.exec_driver_sql(f"SELECT child, parent FROM edge WHERE child IN {chunk}")
        found += ((child, parent) for child, parent in rows.all())
    return sorted(found)


class _Walk:
    """A walk over citations. ``kinds``: the entries found so far, by position."""

    def __init__(self, connection: Connection) -> None:
        self.kinds: dict[int, int] = {}
        self._connection = connection

    def upwards(self, positions: set[int]) -> None:
        """The entries, cited by cited all that they rest on, and the corrections of any of it, of which likewise.

        One step of the walk asks for both, since PostgreSQL lets a walk be continued in one place only. Nothing
        corrects a document, on which a great deal may rest.
        """
        for chunk in chunks(positions):
            rows = self._connection.exec_driver_sql(
                f"""
                WITH RECURSIVE up (p, kind) AS (
                    SELECT position, kind FROM entry WHERE position IN {chunk}
                    UNION
                    SELECT n.position, n.kind FROM up
                    JOIN edge e ON e.child = up.p OR (e.parent = up.p AND up.kind <> {int(_DOCUMENT)})
                    JOIN entry n ON n.position = CASE WHEN e.child = up.p THEN e.parent ELSE e.child END
                    WHERE e.child = up.p OR n.kind = {int(_CORRECTION)})
                SELECT p, kind FROM up"""
            )
            self.kinds.update((position, kind) for position, kind in rows)

    def uses_of_documents(self) -> dict[int, list[Use]]:
        """What rests on each document that was found; these uses are not taken for found. All else said of them is."""
        found: dict[int, list[Use]] = {document: [] for document in self.of(self.kinds, {_DOCUMENT})}
        other: list[tuple[int, int]] = []
        for chunk in chunks(found):
            # A table of amounts is small, and says of most that they are certificates: entries are far apart.
            rows = self._connection.exec_driver_sql(
                "SELECT e.parent, e.child, m.cm3 FROM edge e LEFT JOIN certified_m3 m ON m.position = e.child"
                f" WHERE e.parent IN {chunk}"
            )
            for document, child, cm3 in rows.all():
                if cm3 is None:
                    other.append((document, child))
                else:
                    found[document].append(Use(child, cm3))
        kinds = self._kinds_of({child for _, child in other})
        for document, child in other:
            if kinds.get(child) in _TAKING:
                found[document].append(Use(child, None))
        self.kinds.update((child, kind) for child, kind in kinds.items() if kind not in _TAKING)
        return found

    def draws_in_time(self) -> None:
        """What cites the others that were found: draws only that come before one that was found; and all else."""
        up = set(self.kinds)
        citing = self._citations("e.parent", up - self.of(up, {_DOCUMENT}))
        last: dict[int, int] = {}
        for child, kind, parent in citing:
            if child in up and kind in _TAKING:
                last[parent] = max(child, last.get(parent, child))
        self.kinds.update((c, kind) for c, kind, parent in citing if kind not in _TAKING or c <= last.get(parent, -1))

    def answers(self, said: Collection[int]) -> None:
        """What answers those of them that ask for papers, or ends their hold."""
        self.citing(self.of(said, _RETAINING), _ANSWERING)

    def besides(self, whole: Collection[int]) -> None:
        """What decides whether uses that were found count: what they draw on, whether that or they were withdrawn,
        whether they only supplement others, and the papers of their own supplements, of which copies may be altered.

        ``whole``: entries of which that was found before.
        """
        self._cited(self.of(self.kinds.keys() - whole, _USES))
        corrections = self.citing(self.of(self.kinds.keys() - whole, {_CERTIFICATE}), {_CORRECTION})
        known = set(self.kinds)
        named = self.of(self._cited(corrections) - known, {_CERTIFICATE})
        self.citing(named, {_CORRECTION})
        self._cited(named, {_DOCUMENT})

    def pools(self, last: Mapping[int, int], uses: Mapping[int, Sequence[Use]], corrected: Corrected) -> None:
        """All that is counted together with the documents that were found: see ``pooled_with``.

        Their other copies, the certificates on any of these, the other documents of those, and so on; a certificate's
        documents are also those of what supplements it, and it rests on them from its own place, however late that is.
        """
        pools = Pools(last)
        asked: set[int] = set()
        new = self.of(self.kinds, {_DOCUMENT})
        while new:
            asked |= new
            pools.join(self.copies(new))
            citing = [(use.position, document) for document in new & uses.keys() for use in uses[document]]
            found = self._citations("e.parent", new - uses.keys())
            citing += [(child, parent) for child, kind, parent in found if kind in _TAKING]
            pools.wait(citing)
            pools.wait(self._supplemented(citing, corrected))
            while certificates := pools.counted():
                self.kinds.update(dict.fromkeys(certificates, _CERTIFICATE))
                pools.join(self._papers(certificates))
            new = self.of(self.kinds, {_DOCUMENT}) - asked

    def _papers(self, certificates: set[int]) -> list[Citation]:
        """The citations by which certificates have their documents, and supplements with theirs."""
        found: list[Citation] = []
        seen: set[int] = set()
        step = certificates
        while step:
            seen |= step
            cited = self._citations("e.child", step)
            found += [(child, parent) for child, _, parent in cited if self.kinds[parent] == _DOCUMENT]
            corrections = self.citing(step, {_CORRECTION}) - seen
            seen |= corrections
            named = [(child, parent) for child, _, parent in self._citations("e.child", corrections)]
            found += named
            step = self.of({parent for _, parent in named}, {_CERTIFICATE}) - seen
        return found

    def _supplemented(self, citing: Sequence[Citation], corrected: Corrected) -> list[Citation]:
        """Each certificate that is named in a correction together with one that cites a document, with that document.

        The correction may say that one supplements the other. None of it is taken for found.
        """
        on: dict[int, list[int]] = {}
        for certificate, document in citing:
            on.setdefault(certificate, []).append(document)
        found: list[Citation] = []
        for chunk in chunks(corrected(on.keys())):
            rows = self._connection.exec_driver_sql(
                "SELECT a.parent, b.parent FROM edge a JOIN entry k ON k.position = a.child"
                " JOIN edge b ON b.child = a.child JOIN entry n ON n.position = b.parent"
                f" WHERE a.parent IN {chunk} AND +k.kind = {int(_CORRECTION)} AND +n.kind = {int(_CERTIFICATE)}"
            )
            found += ((other, document) for one, other in rows if other != one for document in on[one])
        return found

    def citing(self, positions: Collection[int], kinds: Collection[RecordKind] = ()) -> set[int]:
        """The entries, of these kinds where given, that cite one of those."""
        return self._ask("e.child", "e.parent", positions, kinds)

    def _cited(self, positions: Collection[int], kinds: Collection[RecordKind] = ()) -> set[int]:
        """What those entries cite, of these kinds where given."""
        return self._ask("e.parent", "e.child", positions, kinds)

    def copies(self, documents: Collection[int]) -> list[Citation]:
        """Each with the other entries that may hold the same document."""
        found: list[Citation] = []
        for chunk in chunks(documents):
            copies = (
                "SELECT a.position, b.position FROM document_copy a JOIN document_copy b ON b.identity = a.identity"
            )
            rows = self._connection.exec_driver_sql(
                f"{copies} WHERE a.position IN {chunk} AND b.position <> a.position"
            )
            found += ((one, other) for one, other in rows)
        self.kinds.update((other, _DOCUMENT) for _, other in found)
        return found

    def _citations(self, given: str, positions: Collection[int]) -> list[tuple[int, int, int]]:
        """Child, kind of the other one, and parent of the citations at these positions, which are ``given``.

        Of what is cited the kinds are remembered.
        """
        other = "e.child" if given == "e.parent" else "e.parent"
        found: list[tuple[int, int, int]] = []
        for chunk in chunks(positions):
            rows = self._connection.exec_driver_sql(
                f"SELECT e.child, n.kind, e.parent FROM edge e JOIN entry n ON n.position = {other}"
                f" WHERE {given} IN {chunk}"
            )
            found += ((child, kind, parent) for child, kind, parent in rows)
        if given == "e.child":
            self.kinds.update((parent, kind) for _, kind, parent in found)
        return found

    def _ask(self, wanted: str, given: str, positions: Collection[int], kinds: Collection[RecordKind] = ()) -> set[int]:
        # The plus tells SQLite to find entries by their positions, and not to go through all of that kind.
        of_kind = f" AND +n.kind IN {listed(kinds)}" if kinds else ""
        found: dict[int, int] = {}
        for chunk in chunks(positions):
            rows = self._connection.exec_driver_sql(
                f"SELECT {wanted}, n.kind FROM edge e JOIN entry n ON n.position = {wanted}{of_kind}"
                f" WHERE {given} IN {chunk}"
            )
            found.update((position, kind) for position, kind in rows)
        self.kinds.update(found)
        return set(found)

    def _kinds_of(self, positions: Collection[int]) -> dict[int, int]:
        found: dict[int, int] = {}
        for chunk in chunks(positions):
            rows = self._connection.exec_driver_sql(f"SELECT position, kind FROM entry WHERE position IN {chunk}")
            found.update((position, kind) for position, kind in rows)
        return found

    def of(self, positions: Iterable[int], kinds: Collection[int]) -> set[int]:
        """Those of these kinds, of entries that were found."""
        return {position for position in positions if self.kinds[position] in kinds}


def chunks(positions: Iterable[int]) -> Iterator[str]:
    """The positions, ascending, as SQL lists of at most _CHUNK."""
    ordered = sorted(positions)
    for i in range(0, len(ordered), _CHUNK):
        yield listed(ordered[i : i + _CHUNK])


def listed(numbers: Iterable[int]) -> str:
    return f"({', '.join(str(int(number)) for number in numbers)})"

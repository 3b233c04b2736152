"""Walks along citations, in the database: one lot's entries without reading the others.

The walks are spelt out in SQL, with the positions, which are integers, in it: SQLAlchemy takes several times as long to
build a statement as SQLite to answer it. Each entry is asked about once, in lists, so what a walk costs goes with what
it finds, however deep it lies or however often it is drawn on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Closure:
    """What bears on some entries, by position, without the kinds of EVERYWHERE.

    ``up``: the entries themselves, all that they rest on, the corrections of it, and what these put in its place.
    ``beside``: other uses of the same wood and documents, and what decides whether these count.
    """

    up: frozenset[int]
    beside: frozenset[int]


def closure(connection: Connection, positions: Iterable[int]) -> list[int]:
    """What bears on the entries at ``positions``, ascending: see ``Ledger.closure``."""
    found = closure_of(connection, positions)
    everywhere = connection.exec_driver_sql(f"SELECT position FROM entry WHERE kind IN {_listed(EVERYWHERE)}")
    return sorted({*found.up, *found.beside, *everywhere.scalars()})


def closure_of(connection: Connection, positions: Iterable[int], *, in_time: bool = False) -> Closure:
    """The same, without what is in every closure. Raises UsageError for a position that is not held.

    ``in_time``: of other uses, only those that came before some use in ``up`` of the same certificate, or of documents:
    what is drawn on later takes what is left, and is judged later.
    """
    asked = set(positions)
    walk = _Walk(connection)
    walk.upwards(asked)
    if missing := asked - walk.kinds.keys():
        raise UsageError(Text(f"台帳に {min(missing)} 番はありません", f"the ledger has no entry {min(missing)}"))
    up = frozenset(walk.kinds)
    walk.besides(walk.uses_in_time() if in_time else walk.citing(up))
    return Closure(up, frozenset(walk.kinds) - up)


def retention_of(connection: Connection, positions: Iterable[int]) -> set[int]:
    """What was said about keeping, deleting and producing the papers of these entries, and what answers or ends it."""
    walk = _Walk(connection)
    said = walk.citing(set(positions), _RETAINING)
    return said | walk.citing(said, _ANSWERING)


def edges(connection: Connection, positions: Iterable[int]) -> list[tuple[int, int]]:
    """(child, parent) for every citation by the entries at ``positions``, ascending."""
    found: list[tuple[int, int]] = []
    for chunk in _chunks(positions):
        rows = connection.exec_driver_sql(f"SELECT child, parent FROM edge WHERE child IN {chunk}")
        found += ((child, parent) for child, parent in rows)
    return sorted(found)


class _Walk:
    """A walk over citations. ``kinds``: the entries found so far, by position."""

    def __init__(self, connection: Connection) -> None:
        self.kinds: dict[int, int] = {}
        self._connection = connection
        self._last_use: dict[int, int] | None = None
        self._on_documents: list[Citation] = []

    def upwards(self, positions: set[int]) -> None:
        """The entries, cited by cited all that they rest on, and the corrections of any of it, of which likewise.

        One step of the walk asks for both, since PostgreSQL lets a walk be continued in one place only.
        """
        for chunk in _chunks(positions):
            rows = self._connection.exec_driver_sql(
                f"""
                WITH RECURSIVE up (p) AS (
                    SELECT position FROM entry WHERE position IN {chunk}
                    UNION
                    SELECT CASE WHEN e.child = up.p THEN e.parent ELSE e.child END FROM up
                    JOIN edge e ON e.child = up.p OR (e.parent = up.p AND EXISTS (
                        SELECT 1 FROM entry n WHERE n.position = e.child AND n.kind = {int(_CORRECTION)})))
                SELECT n.position, n.kind FROM up JOIN entry n ON n.position = up.p"""
            )
            self.kinds.update((position, kind) for position, kind in rows)

    def uses_in_time(self) -> set[int]:
        """What cites what was found: draws only that come before one that was found; and all that is said of it.

        Certificates on documents are left to ``besides``.
        """
        up = dict(self.kinds)
        citing = self._citations("e.parent", up)
        last: dict[int, int] = {}
        for child, kind, parent in citing:
            if child in up and kind in _TAKING:
                last[parent] = max(child, last.get(parent, child))
        self._last_use = {parent: at for parent, at in last.items() if up[parent] == _DOCUMENT}
        self._on_documents = [
            (child, parent) for child, kind, parent in citing if kind in _TAKING and up[parent] == _DOCUMENT
        ]
        found = {
            child: kind
            for child, kind, parent in citing
            if kind not in _TAKING or (up[parent] != _DOCUMENT and child <= last.get(parent, -1))
        }
        self.kinds.update(found)
        return set(found)

    def besides(self, uses: Collection[int]) -> None:
        """What decides whether other uses of what was found count, and what is counted together with its documents."""
        self.citing(self._of(uses, _RETAINING), _ANSWERING)
        self._pooled(self._of(self.kinds, {_DOCUMENT}))
        # A use counts by what it draws on, whether that or it was withdrawn, and whether it only supplements another.
        self._cited(self._of(self.kinds, _USES))
        corrections = self.citing(self._of(self.kinds, {_CERTIFICATE}), {_CORRECTION})
        known = set(self.kinds)
        named = self._cited(corrections) - known
        self.citing(self._of(named, {_CERTIFICATE}), {_CORRECTION})

    def _pooled(self, documents: set[int]) -> None:
        """All that is counted together with the documents, as H314 pools them.

        Their other copies, the certificates on any of these, the other documents of those, and so on; a certificate's
        documents are also those of what supplements it.
        """
        last = self._last_use
        pools = Pools(dict.fromkeys(documents, _ALWAYS) if last is None else {d: last.get(d, -1) for d in documents})
        pools.wait(self._on_documents)
        asked: set[int] = set()
        known = {document for _, document in self._on_documents}
        new = documents
        while new:
            asked |= new
            pools.join(self._copies(new))
            citing = self._citations("e.parent", new - known)
            pools.wait((child, parent) for child, kind, parent in citing if kind in _TAKING)
            while certificates := pools.counted():
                self.kinds.update(dict.fromkeys(certificates, _CERTIFICATE))
                pools.join(self._papers(certificates))
            new = self._of(self.kinds, {_DOCUMENT}) - asked

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
            step = self._of({parent for _, parent in named}, {_CERTIFICATE}) - seen
        return found

    def citing(self, positions: Collection[int], kinds: Collection[RecordKind] = ()) -> set[int]:
        """The entries, of these kinds where given, that cite one of those."""
        return self._ask("e.child", "e.parent", positions, kinds)

    def _cited(self, positions: Collection[int]) -> set[int]:
        """What those entries cite."""
        return self._ask("e.parent", "e.child", positions)

    def _copies(self, documents: Collection[int]) -> list[Citation]:
        """Each with the other entries that may hold the same document."""
        found: list[Citation] = []
        for chunk in _chunks(documents):
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
        for chunk in _chunks(positions):
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
        of_kind = f" AND +n.kind IN {_listed(kinds)}" if kinds else ""
        found: dict[int, int] = {}
        for chunk in _chunks(positions):
            rows = self._connection.exec_driver_sql(
                f"SELECT {wanted}, n.kind FROM edge e JOIN entry n ON n.position = {wanted}{of_kind}"
                f" WHERE {given} IN {chunk}"
            )
            found.update((position, kind) for position, kind in rows)
        self.kinds.update(found)
        return set(found)

    def _of(self, positions: Iterable[int], kinds: Collection[int]) -> set[int]:
        return {position for position in positions if self.kinds[position] in kinds}


def _chunks(positions: Iterable[int]) -> Iterator[str]:
    """The positions, ascending, as SQL lists of at most _CHUNK."""
    ordered = sorted(positions)
    for i in range(0, len(ordered), _CHUNK):
        yield _listed(ordered[i : i + _CHUNK])


def _listed(numbers: Iterable[int]) -> str:
    return f"({', '.join(str(int(number)) for number in numbers)})"

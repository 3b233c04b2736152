"""Walks along citations, in the database: one lot's entries without reading the others.

The walks are spelt out in SQL, with the positions, which are integers, in it: SQLAlchemy takes several times as long to
build a statement as SQLite to answer it. Each entry is asked about once, in lists, so what a walk costs goes with what
it finds, however deep it lies or however often it is drawn on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection

from biotrace.chain.kinds import RecordKind
from biotrace.errors import UsageError
from biotrace.model.text import Text

EVERYWHERE = (
    *(RecordKind.PARTY, RecordKind.CONCORDANCE, RecordKind.TRUSTED_BODIES, RecordKind.KEY, RecordKind.KEY_END),
    *(RecordKind.ACCREDITATION, RecordKind.RENEWAL_REQUEST, RecordKind.REVOCATION, RecordKind.INSPECTION),
)
"""Kinds that any lot may need and nothing of other kinds cites; there are few."""

_USES = (RecordKind.CERTIFICATE, RecordKind.DELIVERY, RecordKind.CORRECTION)
"""Kinds of which it matters what else they cite."""
_RETAINING = (RecordKind.RETENTION_HOLD, RecordKind.CHALLENGE)
"""Kinds that later entries answer or end."""

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

    @property
    def all(self) -> list[int]:
        """Both, ascending."""
        return sorted(self.up | self.beside)


def closure(connection: Connection, positions: Iterable[int]) -> list[int]:
    """What bears on the entries at ``positions``, ascending: see ``Ledger.closure``."""
    found = closure_of(connection, positions)
    everywhere = connection.exec_driver_sql(f"SELECT position FROM entry WHERE kind IN {_listed(EVERYWHERE)}")
    return sorted({*found.up, *found.beside, *everywhere.scalars()})


def closure_of(connection: Connection, positions: Iterable[int]) -> Closure:
    """The same, without what is in every closure. Raises UsageError for a position that is not held."""
    asked = set(positions)
    up = _upwards(connection, asked)
    if missing := asked - up:
        raise UsageError(Text(f"台帳に {min(missing)} 番はありません", f"the ledger has no entry {min(missing)}"))
    used = up | _citing(connection, up)
    used |= retention_of(connection, up)
    used |= _pooled(connection, up)
    # A use counts by what it draws on, whether that or the use was withdrawn, and whether it only supplements another.
    known = used | _cited(connection, used, _USES)
    corrections = _correcting(connection, known)
    named = _cited(connection, corrections, _USES) - known
    known |= corrections | named
    known |= _correcting(connection, named)
    return Closure(frozenset(up), frozenset(known - up))


def retention_of(connection: Connection, positions: Iterable[int]) -> set[int]:
    """What was said about keeping, deleting and producing the papers of these entries, and what answers or ends it."""
    said = _citing(connection, set(positions), (*_RETAINING, RecordKind.TOMBSTONE))
    return said | _citing(connection, said, (*_RETAINING, RecordKind.ANSWER))


def edges(connection: Connection, positions: Iterable[int]) -> list[tuple[int, int]]:
    """(child, parent) for every citation by the entries at ``positions``, ascending."""
    found: list[tuple[int, int]] = []
    for chunk in _chunks(positions):
        rows = connection.exec_driver_sql(f"SELECT child, parent FROM edge WHERE child IN {chunk}")
        found += ((child, parent) for child, parent in rows)
    return sorted(found)


def _upwards(connection: Connection, positions: set[int]) -> set[int]:
    """The entries, cited by cited all that they rest on, and the corrections of any of it, of which likewise.

    One step of the walk asks for both, since PostgreSQL lets a walk be continued in one place only.
    """
    found: set[int] = set()
    for chunk in _chunks(positions):
        found.update(
            connection.exec_driver_sql(
                f"""
                WITH RECURSIVE up (p) AS (
                    SELECT position FROM entry WHERE position IN {chunk}
                    UNION
                    SELECT CASE WHEN e.child = up.p THEN e.parent ELSE e.child END FROM up
                    JOIN edge e ON e.child = up.p OR (e.parent = up.p AND EXISTS (
                        SELECT 1 FROM entry n WHERE n.position = e.child AND n.kind = {int(RecordKind.CORRECTION)})))
                SELECT p FROM up"""
            ).scalars()
        )
    return found


def _pooled(connection: Connection, up: set[int]) -> set[int]:
    """The documents among ``up`` and all that is counted together with them, as H314 pools them.

    Their other copies, the certificates on any of these, the other documents of those, and so on; a certificate's
    documents are also those of what supplements it.
    """
    documents = _of_kind(connection, up, RecordKind.DOCUMENT)
    found: set[int] = set()
    new = documents
    while new:
        found |= new
        copies = _copies(connection, new)
        certificates = _citing(connection, new, (RecordKind.CERTIFICATE,)) - found
        supplements: set[int] = set()
        step = certificates
        while step:
            found |= step
            corrections = _correcting(connection, step) - supplements
            supplements |= corrections
            step = _cited(connection, corrections, (RecordKind.CORRECTION,), (RecordKind.CERTIFICATE,)) - found
            certificates |= step
        cited = _cited(connection, certificates, (RecordKind.CERTIFICATE,), (RecordKind.DOCUMENT,))
        new = (copies | cited) - found
    return found


def _of_kind(connection: Connection, positions: set[int], kind: RecordKind) -> set[int]:
    return _asked(connection, positions, f"SELECT position FROM entry WHERE kind = {int(kind)} AND position IN ")


def _copies(connection: Connection, documents: set[int]) -> set[int]:
    """Other entries that hold the same document."""
    return _asked(
        connection,
        documents,
        "SELECT b.position FROM document_copy a JOIN document_copy b ON b.identity = a.identity WHERE a.position IN ",
    )


def _citing(connection: Connection, positions: set[int], kinds: Iterable[RecordKind] = ()) -> set[int]:
    """The entries, of these kinds where given, that cite one of those."""
    of_kind = f"JOIN entry n ON n.position = e.child AND n.kind IN {_listed(kinds)}" if kinds else ""
    return _asked(connection, positions, f"SELECT e.child FROM edge e {of_kind} WHERE e.parent IN ")


def _correcting(connection: Connection, positions: set[int]) -> set[int]:
    return _citing(connection, positions, (RecordKind.CORRECTION,))


def _cited(
    connection: Connection, positions: set[int], by: Iterable[RecordKind], kinds: Iterable[RecordKind] = ()
) -> set[int]:
    """What those of the entries that are of the kinds ``by`` cite; only what is of ``kinds``, where given."""
    cited = f"JOIN entry m ON m.position = e.parent AND m.kind IN {_listed(kinds)}" if kinds else ""
    return _asked(
        connection,
        positions,
        f"SELECT e.parent FROM edge e JOIN entry n ON n.position = e.child AND n.kind IN {_listed(by)} {cited}"
        " WHERE e.child IN ",
    )


def _asked(connection: Connection, positions: Iterable[int], query: str) -> set[int]:
    """What ``query`` finds, which ends where the list of positions belongs."""
    return {found for chunk in _chunks(positions) for found in connection.exec_driver_sql(query + chunk).scalars()}


def _chunks(positions: Iterable[int]) -> Iterator[str]:
    """The positions, ascending, as SQL lists of at most _CHUNK."""
    ordered = sorted(positions)
    for i in range(0, len(ordered), _CHUNK):
        yield _listed(ordered[i : i + _CHUNK])


def _listed(numbers: Iterable[int]) -> str:
    return f"({', '.join(str(int(number)) for number in numbers)})"

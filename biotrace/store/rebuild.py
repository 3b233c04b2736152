"""Working out anew all that a ledger's tables repeat of the bytes, comparing it with what is stored, and mending that.

Only what follows from the bytes is ever written, and only where they are, entry by entry, what the log signed: see
``rebuilt_rows.read_bytes``. What the log signed, the bytes themselves, their places and times, disclosures, and the
records of other logs are never changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Connection, Table, bindparam, delete, select, update
from sqlmodel import SQLModel

from biotrace.chain.checkpoint import Checkpoint
from biotrace.chain.integrity import IntegrityFinding

from . import integrity
from .integrity import check_file
from .ledger import Ledger
from .rebuilt_rows import REBUILT, TRUTH, FromBytes, Scratch, read_bytes
from .tables import EntryRow
from .upgrade import back_up
from .writing import insert_rows

NAMED = 5
"""How many wrong rows of each table are named."""
_ROWS = 1_000
_Values = tuple[Any, ...]
_UNIQUE = ("record_id", "kid", "content")
"""Columns of an entry that, alone or with another, no other entry may share."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row that is not as it has to be. ``key``: its primary key, by column. ``columns``: those that differ.

    ``how``: ``missing``, ``surplus`` (nothing in the bytes says it), or ``different``.
    """

    how: str
    key: tuple[tuple[str, int | bytes], ...]
    columns: tuple[str, ...] = ()


@dataclass(slots=True)
class Compared:
    """One table against the bytes. ``rows``: as many as it has to have. ``first``: the first wrong ones, by key."""

    table: str
    rows: int = 0
    missing: int = 0
    surplus: int = 0
    different: int = 0
    first: list[Row] = field(default_factory=list)

    @property
    def wrong(self) -> int:
        """How many rows are not as they have to be."""
        return self.missing + self.surplus + self.different

    def add(self, row: Row) -> None:
        """Count a wrong row."""
        setattr(self, row.how, getattr(self, row.how) + 1)
        if len(self.first) < NAMED:
            self.first.append(row)


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What was found, and done. ``size``, ``root``: of the entries, from their bytes.

    ``damage``: why nothing can be rebuilt: what is wrong beside what the tables repeat. ``tables``: all of them, where
    there is none before anything is written. ``backed_up``: whether a copy was made; ``written``: whether the ledger
    was changed, and is now whole.
    """

    size: int
    root: bytes
    damage: tuple[IntegrityFinding, ...]
    tables: tuple[Compared, ...] = ()
    backed_up: bool = False
    written: bool = False

    @property
    def equal(self) -> bool:
        """Whether every table was as the bytes have it."""
        return not self.damage and not any(table.wrong for table in self.tables)


class _NotMendedError(Exception):
    """Thrown so that the transaction ends without effect."""

    def __init__(self, result: Rebuilt) -> None:
        super().__init__()
        self.result = result


Passed = Callable[[int], None]
"""Told of each entry's position when it is looked at; twice where something is written."""


def compare(ledger: Ledger, scratch: Path, seen: Checkpoint | None = None, passed: Passed = lambda _: None) -> Rebuilt:
    """Compare what is stored with what the bytes say; nothing is changed.

    ``scratch``: an empty folder for as much as the tables hold without the bytes; ``seen``: a checkpoint of this log
    that is known from elsewhere. Raises UnreadableError for a broken database, BiotraceError (``disk-full``) where
    there is no room, and UpdateNeededError for a record of a later version.
    """
    check_file(ledger)
    with ledger.database.reading() as connection, Scratch(scratch) as right:
        return _compared(connection, right, read_bytes(connection, ledger.log_name, seen, right, passed))


def rebuild(
    ledger: Ledger, scratch: Path, backup_to: Path, seen: Checkpoint | None = None, passed: Passed = lambda _: None
) -> Rebuilt:
    """``compare``, and mend what differs, after a backup to the new file ``backup_to``, in one transaction.

    Nobody can write meanwhile. The whole ledger is verified before the transaction ends: where anything is wrong with
    it still, or it is interrupted, all is as it was. Raises as ``compare`` does, as ``backup`` does, and BiotraceError
    (``ledger-busy``) while another writes.
    """
    check_file(ledger)
    try:
        with ledger.database.writing() as connection, Scratch(scratch) as right:
            found = _compared(connection, right, read_bytes(connection, ledger.log_name, seen, right, passed))
            if found.damage or found.equal:
                return found
            back_up(ledger.database, connection, backup_to)
            for table, compared in zip(REBUILT, found.tables, strict=True):
                if compared.wrong:
                    _mend(connection, right, table)
            wrong = integrity.findings(lambda: nullcontext(connection), ledger.log_name, passed)
            if damage := tuple(finding for finding in wrong if finding.is_damage):
                raise _NotMendedError(Rebuilt(found.size, found.root, damage, found.tables, backed_up=True))
    except _NotMendedError as error:
        return error.result
    return Rebuilt(found.size, found.root, (), found.tables, backed_up=True, written=True)


def _compared(connection: Connection, right: Scratch, read: FromBytes) -> Rebuilt:
    if read.damage:
        return Rebuilt(read.size, read.root, read.damage)
    tables = tuple(_compare_table(connection, right, _table(model)) for model in REBUILT)
    return Rebuilt(read.size, read.root, (), tables)


def _compare_table(connection: Connection, right: Scratch, table: Table) -> Compared:
    """Both sides once, in the order of the key."""
    compared, columns = Compared(table.name), _repeating(table)
    names, width = [column.name for column in columns], len(table.primary_key)
    stored, own = _rows(connection, table, columns), _own_rows(right, table, columns)

    def row(how: str, values: _Values, differing: tuple[str, ...] = ()) -> Row:
        return Row(how, tuple(zip(names[:width], values, strict=False)), differing)

    here, due = next(stored, None), next(own, None)
    while here is not None or due is not None:
        if here is not None and (due is None or here[:width] < due[:width]):
            compared.add(row("surplus", here))
            here = next(stored, None)
        elif due is not None and (here is None or due[:width] < here[:width]):
            compared.add(row("missing", due))
            compared.rows += 1
            due = next(own, None)
        elif here is not None and due is not None:
            if here != due:
                compared.add(row("different", due, tuple(_differing(names, here, due))))
            compared.rows += 1
            here, due = next(stored, None), next(own, None)
    return compared


def _differing(names: list[str], here: _Values, due: _Values) -> Iterator[str]:
    return (name for name, stored, right in zip(names, here, due, strict=True) if stored != right)


def _mend(connection: Connection, right: Scratch, model: type[SQLModel]) -> None:
    """Make a table what it has to be. One beside the entries is written anew, in the order in which it grew."""
    if model is EntryRow:
        _mend_entries(connection, right)
        return
    table = _table(model)
    connection.execute(delete(table))
    batch: list[_Values] = []
    for row in _own_rows(right, table, list(table.columns), by_position=True):
        batch.append(row)
        if len(batch) == _ROWS:
            insert_rows(connection, model, batch)
            batch = []
    insert_rows(connection, model, batch)


def _mend_entries(connection: Connection, right: Scratch) -> None:
    """Only the columns that repeat the bytes, of the entries in which one of them is wrong.

    A right value may stand in another wrong entry, so all of these give theirs up first.
    """
    table = _table(EntryRow)
    at = table.c.position == bindparam("at")
    given_up = update(table).where(at).values({name: bindparam(f"to_{name}") for name in _UNIQUE})
    for wrong in _wrong_entries(connection, right, table):
        connection.execute(given_up, [_values(row["position"], dict.fromkeys(_UNIQUE, _own(row))) for row in wrong])
    names = [column.name for column in _repeating(table) if not column.primary_key]
    put_right = update(table).where(at).values({name: bindparam(f"to_{name}") for name in names})
    for wrong in _wrong_entries(connection, right, table):
        connection.execute(put_right, [_values(row["position"], {name: row[name] for name in names}) for row in wrong])


def _values(position: int, columns: dict[str, Any]) -> dict[str, Any]:
    return {"at": position} | {f"to_{name}": value for name, value in columns.items()}


def _own(row: dict[str, Any]) -> bytes:
    """A value of this entry alone, which no record has: ids, digests and names of keys have other lengths."""
    return b"rebuilding" + int(row["position"]).to_bytes(8, "big")


def _wrong_entries(connection: Connection, right: Scratch, table: Table) -> Iterator[list[dict[str, Any]]]:
    """What the wrong entries have to say, in batches between which they may be changed."""
    columns, position = _repeating(table), table.c.position
    names, after = [column.name for column in columns], -1
    page = select(*columns).where(position > bindparam("after")).order_by(position).limit(_ROWS)
    while stored := connection.execute(page, {"after": after}).all():
        with right.told():
            own = right.connection.execute(page, {"after": after}).all()
        wrong = [dict(zip(names, due, strict=True)) for row, due in zip(stored, own, strict=True) if row != due]
        if wrong:
            yield wrong
        after = stored[-1].position


def _table(model: type[SQLModel]) -> Table:
    return SQLModel.metadata.tables[str(model.__tablename__)]


def _repeating(table: Table) -> list[Column[Any]]:
    """The key, and after it the columns that repeat the bytes."""
    rest = [c for c in table.columns if not c.primary_key and c.name not in TRUTH]
    return [*table.primary_key.columns, *rest]


def _rows(
    connection: Connection, table: Table, columns: list[Column[Any]], *, by_position: bool = False
) -> Iterator[_Values]:
    order = [table.c.position] if by_position and "position" in table.c else list(table.primary_key.columns)
    query = select(*columns).order_by(*order)
    for row in connection.execute(query, execution_options={"yield_per": _ROWS}):
        yield tuple(row)


def _own_rows(
    right: Scratch, table: Table, columns: list[Column[Any]], *, by_position: bool = False
) -> Iterator[_Values]:
    with right.told():
        yield from _rows(right.connection, table, columns, by_position=by_position)

"""The checkpoints that a log signed, as its database holds them, in the caller's transaction."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update
from sqlmodel import col

from biotrace.chain import checkpoint
from biotrace.chain.checkpoint import Checkpoint
from biotrace.chain.note import Note, NoteSignature, VerifierKey
from biotrace.errors import IntegrityError, UsageError
from biotrace.model.text import Text

from .damage import damaged
from .tables import CheckpointRow

_size, _note = col(CheckpointRow.size), col(CheckpointRow.note)
_LATEST = select(_size, _note).order_by(_size.desc()).limit(1)
_AT = select(_note).where(_size == bindparam("of_size"))
_INSERT = insert(CheckpointRow)


def store(connection: Connection, signed: Checkpoint, made_at: int | None) -> None:
    """Keep a new checkpoint."""
    connection.execute(_INSERT, {"size": signed.size, "note": signed.to_bytes(), "made_at": made_at})


def latest(connection: Connection) -> Checkpoint:
    """The checkpoint of the greatest size. Raises IntegrityError where there is none, or none that can be read."""
    return _parsed(*_latest_note(connection))


def verified_latest(connection: Connection, log: VerifierKey, known: bytes | None) -> Checkpoint:
    """``latest``, of which the log's signature is verified unless its bytes are ``known``, verified before."""
    size, note = _latest_note(connection)
    found = _parsed(size, note)
    if note != known:
        try:
            checkpoint.verify_log(found, log)
        except IntegrityError as error:
            raise _damaged(size, error.message) from None
    return found


def at(connection: Connection, size: int) -> Checkpoint | None:
    """The checkpoint of that size, where one was made. Raises IntegrityError where it cannot be read."""
    note = connection.scalar(_AT, {"of_size": size})
    return None if note is None else _parsed(size, note)


def sizes(connection: Connection) -> list[int]:
    """The sizes of which there is a checkpoint, ascending."""
    return list(connection.scalars(select(_size).order_by(_size)))


def sizes_before(connection: Connection, size: int, most: int) -> list[int]:
    """The greatest sizes below that one of which there is a checkpoint, at most so many, ascending."""
    return sorted(connection.scalars(select(_size).where(_size < size).order_by(_size.desc()).limit(most)))


def merge(connection: Connection, log: VerifierKey, given: Checkpoint) -> Checkpoint:
    """Add the signature lines of ``given`` to the stored checkpoint of its size: see ``Ledger.add_cosignatures``."""
    stored = at(connection, given.size)
    if stored is None:
        raise UsageError(
            Text(f"{given.size} 件のチェックポイントはありません", f"there is no checkpoint of {given.size} entries"),
            Text("このログが署名したものか確かめてください", "see whether this log signed it"),
            code="checkpoint-unknown",
        )
    if stored.note.text != given.note.text:
        raise IntegrityError(
            Text(
                f"{given.size} 件のチェックポイントの本文が、このログのものと違います",
                f"the text of the checkpoint of {given.size} entries is not that of this log",
            ),
            Text("二つを保存し、運営者に知らせてください", "keep both, and show them to the log's operator"),
            code="checkpoint-other",
        )
    lines = {_signer(line): line for line in stored.note.signatures}
    lines |= {_signer(line): line for line in given.note.signatures if not line.is_by(log)}
    merged = checkpoint.parse(Note(stored.note.text, tuple(lines.values())).to_bytes())
    row: dict[str, Any] = {"note": merged.to_bytes()}
    connection.execute(update(CheckpointRow).where(_size == given.size).values(**row))
    return merged


def _signer(line: NoteSignature) -> tuple[str, bytes]:
    return line.name, line.key_hash


def _latest_note(connection: Connection) -> tuple[int, bytes]:
    row = connection.execute(_LATEST).first()
    if row is None:
        raise _damaged(0, Text("一つもありません", "there is none at all"))
    return row.size, row.note


def _parsed(size: int, note: bytes) -> Checkpoint:
    try:
        found = checkpoint.parse(note)
    except IntegrityError as error:
        raise _damaged(size, error.message) from None
    if found.size != size:
        raise _damaged(size, Text(f"{found.size} 件のものです", f"it is of {found.size}"))
    return found


def _damaged(size: int, why: Text) -> IntegrityError:
    return damaged(Text(f"{size} 件のチェックポイント: ", f"checkpoint of {size}: ") + why)

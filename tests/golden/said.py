"""What a record, or any part of one, says, as plain data for a file that a person can read."""

from __future__ import annotations

import dataclasses
from datetime import date
from enum import StrEnum
from typing import Any

from biotrace.chain.record import Record, content_digest


def said(record: Record) -> dict[str, Any]:
    """Everything that a reader gets from a record's bytes, hashes in hex."""
    return {
        "record_id": record.record_id.hex(),
        "content_digest": content_digest(record).hex(),
        "version": record.version,
        "kind": record.kind.name.lower(),
        "issuer": record.issuer,
        "subject": record.subject,
        "issued_at": record.issued_at,
        "kid": record.kid.hex(),
        "seq": record.seq,
        "prev": None if record.prev is None else record.prev.hex(),
        "transcribed": record.transcribed,
        "names": [list(pair) for pair in record.names],
        "body": plain(record.body),
    }


def plain(value: Any) -> Any:
    """A value of the model. What stands at its default is left out: fields that come later change no earlier file."""
    if dataclasses.is_dataclass(value):
        fields = ((field, getattr(value, field.name)) for field in dataclasses.fields(value))
        return {field.name: plain(part) for field, part in fields if part != field.default}
    if isinstance(value, tuple):
        return [plain(part) for part in value]
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, StrEnum) else value

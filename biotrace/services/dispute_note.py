"""The signed note of a report on a dispute: who says it, on what log, and the files that belong to it.

    biotrace-dispute/1
    by <party id>
    as-of <day>
    log <origin> <size> <base64 of the root over these entries>
    file <SHA-256> <bytes> <name>

Signed by the party's device key, which the bundle among the files shows to be bound to it.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from biotrace.chain import note
from biotrace.chain.checkpoint import Checkpoint
from biotrace.chain.keys import DeviceKey
from biotrace.chain.note import Note
from biotrace.errors import IntegrityError, UnreadableError
from biotrace.model.text import Text, same

from .audit_summary import key_name
from .dispute_data import FORMAT
from .files import read_file

NAME = "report.note"
_ALL = Text("送り主から全部のファイルを受け取り直してください", "get all files again from whoever sent them")
_FILE = re.compile(r"file ([0-9a-f]{64}) (\d{1,12}) ([^/\\\x00-\x1f]{1,100})")
_LOG = re.compile(r"log (\S+) (\d{1,18}) ([A-Za-z0-9+/=]{44})")


@dataclass(frozen=True, slots=True)
class Listed:
    """A file as the note has it."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Sealed:
    """The note as parsed, signature not verified. ``files``: by name."""

    party: str
    as_of: date
    origin: str
    size: int
    root: bytes
    files: Mapping[str, Listed]
    note: Note


def seal(party: str, as_of: date, log: Checkpoint, files: Mapping[str, bytes], key: DeviceKey) -> bytes:
    """The note over these files, signed."""
    lines = [
        FORMAT,
        f"by {party}",
        f"as-of {as_of}",
        f"log {log.origin} {log.size} {base64.b64encode(log.root).decode()}",
        *(f"file {hashlib.sha256(data).hexdigest()} {len(data)} {name}" for name, data in sorted(files.items())),
    ]
    return note.sign("".join(f"{line}\n" for line in lines), key_name(key.public), key).to_bytes()


def read_seal(folder: Path) -> Sealed:
    """The note in a report's folder. Raises UnreadableError, naming it, where it is none."""
    path = folder / NAME
    if folder.is_dir() and not path.exists():
        raise UnreadableError(
            same(f"{path}: ") + Text("報告の署名がありません", "the seal of the report is not there"),
            _ALL,
            code="no-seal",
        )
    try:
        return _parse(note.parse(read_file(path)))
    except (IntegrityError, ValueError) as error:
        why = error.message if isinstance(error, IntegrityError) else same(str(error))
        raise UnreadableError(
            same(f"{path}: ")
            + Text("報告の署名として読めません（", "is no seal of a report (")
            + why
            + Text("）", ")"),
            _ALL,
            code="no-seal",
        ) from None


def _parse(parsed: Note) -> Sealed:
    head, by, day, log, *files = parsed.text.splitlines()
    where = _LOG.fullmatch(log)
    if head != FORMAT or not by.startswith("by ") or not day.startswith("as-of ") or where is None:
        raise ValueError(head)
    listed: dict[str, Listed] = {}
    for line in files:
        said = _FILE.fullmatch(line)
        if said is None or said.group(3) in listed or said.group(3) == NAME:
            raise ValueError(line)
        listed[said.group(3)] = Listed(said.group(1), int(said.group(2)))
    return Sealed(
        party=by.removeprefix("by "),
        as_of=date.fromisoformat(day.removeprefix("as-of ")),
        origin=where.group(1),
        size=int(where.group(2)),
        root=base64.b64decode(where.group(3), validate=True),
        files=listed,
        note=parsed,
    )

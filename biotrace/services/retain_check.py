"""Whether the copies of files are what the records say: each hashed again, and told by name where it is not."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from biotrace.model.retention import Deleted, StoredFile
from biotrace.model.text import Text, same

from .files import refused_by_system
from .ledger_case import read_ledger
from .logged import Logged
from .retain_erase import is_unfinished
from .retain_tombstones import tombstones_of
from .stored_files import FOLDER, Copy, copy_of, copy_path, files_of
from .workspace import Workspace

Shown = Callable[[int, int], None]
"""Told how many of how many files have been read."""
_GET_IT_BACK = Text(
    "控えの files/ から戻すか、その casebook を再び sign するか、持つ相手から受け取る（bundle make --with-documents）",
    "take it from files/ of a backup, sign its casebook again, or have it sent (bundle make --with-documents)",
)


NOTHING = same("")


class Fault(StrEnum):
    """What can be wrong with a copy."""

    MISSING = "missing"
    ALTERED = "altered"
    UNREADABLE = "unreadable"
    NOT_DESTROYED = "not_destroyed"
    UNNAMED = "unnamed"
    UNFINISHED = "unfinished"

    @property
    def label(self) -> Text:
        """For people."""
        return _FAULTS[self][0]

    @property
    def remedy(self) -> Text:
        """What to do."""
        return _FAULTS[self][1]


_FAULTS = {
    Fault.MISSING: (Text("写しがない", "copy missing"), _GET_IT_BACK),
    Fault.ALTERED: (Text("写しの内容が変わっている", "copy altered"), _GET_IT_BACK),
    Fault.UNREADABLE: (
        Text("写しを読めない", "copy cannot be read"),
        Text("ディスクと権限を確かめ、控えから戻す", "look at disk and permissions, and restore it from a backup"),
    ),
    Fault.NOT_DESTROYED: (
        Text("廃棄の記録があるのに写しが残っている", "destroyed by its tombstone, and still there"),
        Text(
            "期限を過ぎていれば biotrace retain purge をもう一度実行する。期限前の誤りなら写しは消さない",
            "if its term is over run biotrace retain purge again; if it was a mistake, keep the copy",
        ),
    ),
    Fault.UNNAMED: (
        Text("どの記録にもないファイル", "named by no record"),
        Text(
            "中断した取込みの残りなら、もう一度取り込む（sign、bundle import）。要らなければフォルダーから消す",
            "if an entry broke off, do it again (sign, bundle import); else remove it from the folder",
        ),
    ),
    Fault.UNFINISHED: (
        Text("廃棄が途中で終わっている", "a destruction broke off"),
        Text("biotrace retain purge をもう一度実行する", "run biotrace retain purge again"),
    ),
}


@dataclass(frozen=True, slots=True)
class Found:
    """What is wrong with a copy. ``name``: of the file in the folder; ``records``: that name it, as they are called."""

    fault: Fault
    name: str
    records: tuple[str, ...] = ()
    detail: Text = NOTHING


@dataclass(frozen=True, slots=True)
class Checked:
    """What a look at the copies found. ``read``: how many were hashed, of ``named`` in all.

    ``elsewhere``: how many are named only by records that others signed, and were never handed over. ``seed``: by which
    a sample was chosen; None: all were read.
    """

    found: tuple[Found, ...]
    read: int
    named: int
    elsewhere: int
    seed: str | None


@dataclass(slots=True)
class _Named:
    """A file that records name. ``ours``: one of them was signed by the workspace's party, which then held it.

    ``gone``: every one of them has a tombstone over its files.
    """

    file: StoredFile
    records: list[str]
    ours: bool
    gone: bool


def check_copies(workspace: Workspace, sample: int | None, seed: str | None, shown: Shown) -> Checked:
    """Hash the copies again: all, or a ``sample`` that ``seed`` chooses (without one a new seed is made and told)."""
    named = _named(workspace)
    here = frozenset(_names(workspace.folder / FOLDER))
    ours = {sha256: one for sha256, one in named.items() if one.ours or sha256.hex() in here}
    elsewhere = sum(not one.gone for sha256, one in named.items() if sha256 not in ours)
    chosen = list(ours)
    if sample is not None:
        seed = secrets.token_hex(8) if seed is None else seed
        chosen = sorted(chosen, key=_order(seed))[:sample]
    found: list[Found] = []
    for number, sha256 in enumerate(chosen, start=1):
        found += _look(workspace.folder, ours[sha256])
        shown(number, len(chosen))
    known = {sha256.hex() for sha256 in named}
    found += (Found(Fault.UNNAMED, f"{FOLDER}/{name}") for name in sorted(here - known))
    if is_unfinished(workspace.folder):
        found.append(Found(Fault.UNFINISHED, str(workspace.folder)))
    return Checked(tuple(found), len(chosen), len(named), elsewhere, seed if sample is not None else None)


def _named(workspace: Workspace) -> Mapping[bytes, _Named]:
    reading = read_ledger(workspace.ledger)
    gone = tombstones_of(reading.everything, workspace.party)
    named: dict[bytes, _Named] = {}
    for entry in reading.everything:
        for file in files_of(entry.record.body):
            one = named.setdefault(file.sha256, _Named(file, [], False, True))
            one.records.append(_called(entry))
            destroyed = Deleted.FILES in gone.get(entry.record.record_id.hex(), {})
            one.gone = one.gone and destroyed
            one.ours = one.ours or (entry.record.issuer == workspace.party and not destroyed)
    return named


def _called(entry: Logged) -> str:
    number: str | None = getattr(entry.record.body, "number", None)
    return f"{entry.record.subject} ({number})" if number else entry.record.subject


def _names(folder: Path) -> Sequence[str]:
    return [path.name for path in folder.iterdir()] if folder.is_dir() else []


def _order(seed: str) -> Callable[[bytes], bytes]:
    """Files in an order that a seed decides, the same on every machine."""
    return lambda sha256: hashlib.sha256(seed.encode() + b"\0" + sha256).digest()


def _look(folder: Path, one: _Named) -> Iterator[Found]:
    name = f"{FOLDER}/{one.file.sha256.hex()}"
    records = tuple(dict.fromkeys(one.records))
    path = copy_path(folder, one.file.sha256)
    if one.gone:
        if path.exists():
            yield Found(Fault.NOT_DESTROYED, name, records)
        return
    try:
        copy = copy_of(folder, one.file.sha256)
        if copy is Copy.MISSING:
            yield Found(Fault.MISSING, name, records)
        elif copy is Copy.ALTERED:
            yield Found(Fault.ALTERED, name, records, _size(path, one.file.size))
    except OSError as error:
        yield Found(Fault.UNREADABLE, name, records, refused_by_system(error).message)


def _size(path: Path, size: int) -> Text:
    now = path.stat().st_size if path.is_file() else 0
    same_size = Text("大きさは同じ", "of the same size")
    return same_size if now == size else Text(f"{size:,} → {now:,} バイト", f"{size:,} → {now:,} bytes")

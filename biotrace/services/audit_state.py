"""The state of an audit at the end of a log, kept so that a later one can go on from there."""

from __future__ import annotations

import dataclasses
import gzip
import hashlib
import json
import sys
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from biotrace import __version__
from biotrace.chain.admit import Held
from biotrace.chain.binding import BoundKey, End
from biotrace.chain.kinds import RecordKind
from biotrace.chain.record import Head
from biotrace.chain.replay import Replay
from biotrace.errors import UnreadableError
from biotrace.model.text import Text, same
from biotrace.verify.subject import State

from .audit_tally import Lot
from .plain_values import Plain

_VERSION = "biotrace-audit-state/2"
_PACKAGES = ("biotrace.model.", "biotrace.verify.")


@dataclass(frozen=True, slots=True)
class Kept:
    """All that a pass needs to go on: what the entries so far establish, what the fold carries, what was counted.

    ``documents``: by id, whether it counts, of those that are in order. ``peaks``: of the tree over the entries so far.
    ``reaching``: by id, key and position of the records that reach back, see ``audit_world``.
    """

    size: int
    logged_at: int
    peaks: list[bytes]
    replay: Replay
    state: State
    documents: dict[str, bool]
    reaching: dict[bytes, tuple[bytes, int]]
    waiting: dict[str, Lot]


def _classes() -> Iterable[type]:
    """Values of the core: what a fold can carry."""
    for name, module in sorted(sys.modules.items()):
        if name.startswith(_PACKAGES):
            yield from (v for v in vars(module).values() if isinstance(v, type) and v.__module__ == name)
    yield from (Held, BoundKey, End, RecordKind, Head, Lot)


def _lines(kept: Kept) -> Iterator[str]:
    """The state, a line for each entry of its tables."""
    plain = Plain(_classes())
    yield plain.dumps(((_VERSION, __version__), kept.size, kept.logged_at, kept.peaks))
    parts: list[tuple[str, Any]] = [
        *((f"replay.{name}", table) for name, table in kept.replay.tables().items()),
        *((f"state.{f.name}", getattr(kept.state, f.name)) for f in dataclasses.fields(kept.state)),
        ("documents", kept.documents),
        ("reaching", kept.reaching),
        ("waiting", kept.waiting),
    ]
    for name, part in parts:
        if isinstance(part, dict):
            yield json.dumps([name, len(part)])
            for item in part.items():
                yield plain.dumps(item)
        else:
            yield json.dumps([name, None])
            yield plain.dumps(part)


def write_state(kept: Kept, path: Path) -> bytes:
    """Write the state to a file, whole or not at all, and give the SHA-256 of what it says."""
    digest = hashlib.sha256()
    beside = path.with_name(f".{path.name}.part")
    try:
        with gzip.open(beside, "wt", compresslevel=1, encoding="utf-8", newline="\n") as file:
            for line in _lines(kept):
                digest.update(line.encode() + b"\n")
                file.write(line + "\n")
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return digest.digest()


def read_state(path: Path, expected: bytes) -> Kept:
    """The state in a file. Raises UnreadableError unless it is the one of that SHA-256, and of this release."""
    try:
        with gzip.open(path, "rb") as file:
            if hashlib.file_digest(file, "sha256").digest() != expected:
                raise _not_the_state(path)
            file.seek(0)
            return _kept(path, (line.decode() for line in file))
    except (OSError, EOFError, zlib.error, ValueError, TypeError, KeyError):
        raise _not_the_state(path) from None


def _kept(path: Path, lines: Iterator[str]) -> Kept:
    plain = Plain(_classes())
    (version, release), size, logged_at, peaks = plain.loads(next(lines, ""))
    if (version, release) != (_VERSION, __version__):
        raise UnreadableError(
            same(f"{path}: ") + Text(f"biotrace {release} の状態です", f"is a state of biotrace {release}"),
            Text("--since なしで監査してください", "audit without --since"),
            code="other-release",
        )
    parts: dict[str, Any] = {}
    for head in lines:
        name, count = json.loads(head)
        read = (plain.loads(next(lines, "")) for _ in range(1 if count is None else count))
        parts[name] = next(read) if count is None else dict(read)
    return Kept(
        size=size,
        logged_at=logged_at,
        peaks=peaks,
        replay=Replay.of_tables(size, _under("replay.", parts)),
        state=State(**_under("state.", parts)),
        documents=parts["documents"],
        reaching=parts["reaching"],
        waiting=parts["waiting"],
    )


def _under(prefix: str, parts: dict[str, Any]) -> dict[str, Any]:
    return {name.removeprefix(prefix): part for name, part in parts.items() if name.startswith(prefix)}


def _not_the_state(path: Path) -> UnreadableError:
    return UnreadableError(
        same(f"{path}: ") + Text("要約が指す監査の状態ではありません", "is not the state that the summary names"),
        Text(
            "要約と一緒に作られたファイルを隣に置くか、--since なしで監査してください",
            "put the file that was made with the summary beside it, or audit without --since",
        ),
        code="no-state",
    )

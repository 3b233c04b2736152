"""What a power cut may leave of files, from the shim's log of everything that was done to them.

A killed process loses nothing that it wrote: the kernel keeps it. A power cut loses whatever was not synced, in any
order and in part. So a run is recorded once, and then cut again and again: what was synced is there, of every later
write some of its sectors, of every later removal the file or not.
"""

from __future__ import annotations

import os
import random
import struct
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.crash import ROOT, Acknowledged, Run

LEDGER, ACKNOWLEDGED = "ledger.db", "ledger.db.acknowledged"
SECTOR = 512
"""Bytes that a disk writes whole or not at all."""
_HEADER = struct.Struct("=c3xIQQ")


@dataclass(frozen=True)
class Operation:
    """One call. ``kind``: w write, t truncate (to ``offset`` bytes), s sync, u unlink. ``name``: of the file."""

    kind: str
    name: str
    offset: int
    data: bytes


@dataclass(frozen=True)
class Recording:
    """A ledger's file before a writer came, and all that the writer did, its acknowledgements in their places."""

    before: bytes
    operations: Sequence[Operation]

    def cut(self, folder: Path, seed: int, *, syncs: bool = True) -> tuple[Path, Acknowledged]:
        """A ledger in the empty ``folder`` as a power cut might leave it, and what had been acknowledged by then.

        ``seed`` chooses the moment, every other time one at which the log is being moved into the database.
        """
        numbers = random.Random(seed)
        moves = [i for i, operation in enumerate(self.operations) if operation.name == LEDGER]
        moment = numbers.choice(moves) if seed % 2 else numbers.randrange(len(self.operations))
        done = self.operations[:moment]
        said = b"".join(operation.data for operation in done if operation.name == ACKNOWLEDGED).decode()
        disk = Disk({LEDGER: bytearray(self.before)})
        disk.run((operation for operation in done if operation.name != ACKNOWLEDGED), syncs=syncs)
        for name, content in disk.cut(numbers).items():
            (folder / name).write_bytes(content)
        # It is shared memory, never synced: after a power cut it holds anything.
        (folder / f"{LEDGER}-shm").write_bytes(numbers.randbytes(32_768))
        return folder / LEDGER, Run.of(said, 0).acknowledged


def record(folder: Path, shim: Path, batches: int) -> Recording:
    """Run a writer on the ledger in ``folder``, and write down what it does."""
    ledger, log = folder / LEDGER, folder / "operations"
    before = ledger.read_bytes()
    environment = {"LD_PRELOAD": str(shim), "IOFAULT_PATH": f"*/{LEDGER}*", "IOFAULT_LOG": str(log)}
    command = [sys.executable, "-m", "tests.faults.writer", str(ledger), "--run", "p", "--batches", str(batches)]
    with (folder / ACKNOWLEDGED).open("wb") as said:
        subprocess.run(command, cwd=ROOT, env=os.environ | environment, stdout=said, check=True)
    return Recording(before, _read(log))


def _read(path: Path) -> list[Operation]:
    """All calls in a log of the shim (``struct entry`` in iofault.c), in order."""
    log, at = path.read_bytes(), 0
    operations = []
    while at < len(log):
        kind, path_bytes, offset, length = _HEADER.unpack_from(log, at)
        start = at + _HEADER.size + path_bytes
        name = Path(log[at + _HEADER.size : start].decode()).name
        at = start + length
        operations.append(Operation(kind.decode(), name, offset, log[start:at]))
    return operations


@dataclass
class Disk:
    """Files, and what was done to them but not yet synced."""

    files: dict[str, bytearray]
    pending: dict[str, list[Operation]] = field(default_factory=dict)

    def run(self, operations: Iterable[Operation], *, syncs: bool = True) -> None:
        """Carry out calls. Without ``syncs`` the disk only claims to have synced."""
        for operation in operations:
            if operation.kind != "s":
                self.pending.setdefault(operation.name, []).append(operation)
            elif syncs:
                for done in self.pending.pop(operation.name, []):
                    self._apply(done)

    def cut(self, numbers: random.Random) -> dict[str, bytes]:
        """The files after a power cut now: of what was not synced a random part is there."""
        share = numbers.choice((0.0, 0.5, 0.9))
        for operations in self.pending.values():
            for operation in operations:
                for part in _torn(operation) if numbers.random() < 0.5 else (operation,):
                    if numbers.random() < share:
                        self._apply(part)
        return {name: bytes(content) for name, content in self.files.items()}

    def _apply(self, operation: Operation) -> None:
        if operation.kind == "u":
            self.files.pop(operation.name, None)
            return
        content = self.files.setdefault(operation.name, bytearray())
        if operation.kind == "t":
            del content[operation.offset :]
        content.extend(bytes(max(0, operation.offset - len(content))))
        content[operation.offset : operation.offset + len(operation.data)] = operation.data


def _torn(operation: Operation) -> Iterator[Operation]:
    """A write, sector by sector; any other call as it is."""
    if operation.kind != "w":
        yield operation
        return
    at = 0
    while at < len(operation.data):
        end = at + SECTOR - (operation.offset + at) % SECTOR
        yield Operation("w", operation.name, operation.offset + at, operation.data[at:end])
        at = end

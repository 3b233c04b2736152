"""Appending to a ledger, in batches and singly, as ratios to the bare limits on the same machine in the same run.

    python -m bench.append [--rounds 12]

What is timed is what a mill's PC does: sign the records and append them, with tree and checkpoint, to a ledger in a
file. The limits: the same library signing the same messages, and SQLite taking the very rows, in the same transactions,
schema and settings, with nothing around it. Each record is a processing certificate that draws on another.
"""

from __future__ import annotations

import argparse
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bench.records import NAMES, SEED, certificate, to_be_signed
from biotrace.chain.keys import DeviceKey
from biotrace.chain.kinds import KeyBinding, RecordKind
from biotrace.chain.record import Signer
from biotrace.model.certificate import Certificate, Draw
from biotrace.store.ledger import Ledger, LogKey

BATCH = 256
RECORDS = {BATCH: 8 * BATCH, 1: BATCH}
"""How many records are appended in a round, by how many go in at once."""
STOCK = 16
"""Felling certificates on which they draw in turn."""
AT = 1_764_547_200

Statement: TypeAlias = tuple[str, list[tuple[object, ...]]]
"""An INSERT and its rows."""
_OF_APPEND = (
    "SELECT * FROM entry WHERE position >= :start AND position < :end",
    "SELECT * FROM edge WHERE child >= :start AND child < :end",
    "SELECT * FROM bound_key WHERE position >= :start AND position < :end",
    "SELECT * FROM paper_number WHERE position >= :start AND position < :end",
    "SELECT * FROM certified_m3 WHERE position >= :start AND position < :end",
    "SELECT * FROM handed_over WHERE position >= :start AND position < :end",
    "SELECT * FROM drawn WHERE child >= :start AND child < :end",
    "SELECT * FROM felled_at WHERE position >= :start AND position < :end",
    "SELECT * FROM arrived WHERE position >= :start AND position < :end",
    # A node is complete, and stored, with the last leaf that it covers.
    "SELECT * FROM tree_node WHERE ((idx + 1) << level) > :start AND ((idx + 1) << level) <= :end",
    "SELECT * FROM checkpoint WHERE size > :start AND size <= :end",
)


@dataclass(frozen=True)
class Seconds:
    """What one round took."""

    product: float
    sign: float
    insert: float


def main() -> None:
    """Print rates and ratios for batches and for single records."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=12)
    rounds = parser.parse_args().rounds
    with TemporaryDirectory() as folder:
        found: dict[int, list[Seconds]] = {size: [] for size in RECORDS}
        for i in range(rounds):
            for size, seconds in found.items():
                seconds.append(measure(Path(folder) / f"{i}-{size}", size))
    for size, seconds in found.items():
        show(size, seconds)


def measure(folder: Path, size: int) -> Seconds:
    """One round: a new ledger, to which batches of ``size`` are appended, then the limits."""
    folder.mkdir()
    path = folder / "ledger.db"
    with Ledger.create(path, LogKey("log.example/bench", DeviceKey.generate(bytes(32)))) as ledger:
        signer, bodies = prepare(ledger)
        began = len(ledger)
        product = seconds(lambda: fill(ledger, signer, bodies, size))
        messages = [to_be_signed(entry.record) for entry in ledger.entries(began)]
    key = Ed25519PrivateKey.from_private_bytes(SEED)
    sign = seconds(lambda: [key.sign(message) for message in messages])
    with closing(sqlite3.connect(path)) as made, closing(empty_copy(made, folder / "bare.db")) as bare:
        ends = range(began, began + RECORDS[size] + 1, size)
        insert(bare, [rows(made, -1, began)])
        batches = [rows(made, start, end) for start, end in pairwise(ends)]
        return Seconds(product, sign, seconds(lambda: insert(bare, batches)))


def seconds(work: Callable[[], object]) -> float:
    """How long it takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def prepare(ledger: Ledger) -> tuple[Signer, list[Certificate]]:
    """Bind a key and log felling certificates; the bodies of processing certificates, each drawing on one of them."""
    signer = Signer(DeviceKey.generate(SEED), "proc-3-a")
    binding = KeyBinding(signer.key.public.raw, signer.issuer, signer.issuer, root=True)
    records = [signer.sign(RecordKind.KEY, "key", binding, AT)]
    felled, processed = (replace(certificate(felling), seller=signer.issuer) for felling in (True, False))
    records += [signer.sign(RecordKind.CERTIFICATE, f"f-{i}", felled, AT, NAMES) for i in range(STOCK)]
    ledger.append(records, AT)
    drawn = ((Draw(record.record_id.hex(), processed.quantity),) for record in records[1:])
    return signer, [replace(processed, draws=draws) for draws in drawn]


def fill(ledger: Ledger, signer: Signer, bodies: Sequence[Certificate], size: int) -> None:
    """Sign and append all records of a round."""
    for start in range(0, RECORDS[size], size):
        numbers = range(start, start + size)
        batch = [signer.sign(RecordKind.CERTIFICATE, f"c-{i}", bodies[i % STOCK], AT, NAMES) for i in numbers]
        ledger.append(batch, AT)


def empty_copy(made: sqlite3.Connection, path: Path) -> sqlite3.Connection:
    """A new database with the ledger's tables and the settings under which it writes."""
    bare = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        bare.execute(f"PRAGMA {pragma}")
    for (statement,) in made.execute("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid"):
        bare.execute(statement)
    return bare


def rows(made: sqlite3.Connection, start: int, end: int) -> list[Statement]:
    """All that the append of the entries from ``start`` to before ``end`` wrote."""
    return list(_statements(made, {"start": start, "end": end}))


def _statements(made: sqlite3.Connection, bounds: dict[str, int]) -> Iterator[Statement]:
    for query in _OF_APPEND:
        if found := made.execute(query, bounds).fetchall():
            table = query.split()[3]
            yield f"INSERT INTO {table} VALUES ({', '.join('?' * len(found[0]))})", found


def insert(bare: sqlite3.Connection, batches: Sequence[Sequence[Statement]]) -> None:
    """Write each batch in a transaction of its own."""
    for batch in batches:
        bare.execute("BEGIN IMMEDIATE")
        for statement, found in batch:
            bare.executemany(statement, found)
        bare.execute("COMMIT")


def show(size: int, found: Sequence[Seconds]) -> None:
    """One line: the rate, and the ratios to each limit and to both, the best of all rounds each."""
    product, sign, insert = (min(part) for part in zip(*((s.product, s.sign, s.insert) for s in found), strict=True))
    count = RECORDS[size]
    what = f"append in batches of {size}:" if size > 1 else "append singly:"
    print(
        f"{what:<36}{count / product:>7,.0f}/s  {sign / product:.2f} of bare signing ({count / sign:,.0f}/s),"
        f" {insert / product:.2f} of bare insert ({count / insert:,.0f}/s), {(sign + insert) / product:.2f} of both"
    )


if __name__ == "__main__":
    main()

"""A program that does nothing but append to a ledger, and says what was taken. It is there to be killed.

    python -m tests.faults.writer LEDGER --run k7 --seed 7 --batches 20

Prints, flushed: ``starting`` before it opens the ledger; ``ack POSITION RECORD-ID`` for every record, after
``append`` has returned; ``refused CODE MESSAGE`` for a batch that was not taken, after which it goes on with the next.
Ends with exit code 2, like every command, where the ledger cannot be opened or made.

Every batch fills all tables: a document and a certificate that cites it, a site, and a new key. Subjects are
``RUN/BATCH/PLACE/SIZE``, so that a reader of the ledger can tell a whole batch from part of one.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from biotrace.chain.kinds import KeyBinding, RecordKind
from biotrace.chain.record import Record, Signer
from biotrace.errors import BiotraceError
from biotrace.model.fuel_class import FuelClass
from biotrace.model.stock import Site
from biotrace.store.ledger import Ledger
from tests.builders import LOG, NOW, ROOT, ChainBuilder, device_key


@dataclass(frozen=True)
class Batch:
    """What is appended in one go. ``name``: ``RUN/BATCH``."""

    name: str
    size: int

    def subject(self, place: int) -> str:
        return f"{self.name}/{place}/{self.size}"

    def records(self, ledger: Ledger) -> list[Record]:
        """Signed anew, after whatever the ledger holds by now."""
        builder = ChainBuilder()
        for party in (ROOT, "kousei", "otsu"):
            key = device_key(party)
            builder.signers[party] = Signer.after(key, party, ledger.head(key.kid))
        builder.records.clear()
        for place in range(self.size):
            _sign(builder, place, self)
        return builder.records


def _sign(builder: ChainBuilder, place: int, batch: Batch) -> None:
    subject = batch.subject(place)
    if place == 0:
        builder.document(subject)
    elif place == 1:
        binding = KeyBinding(device_key(subject).public.raw, "otsu", "otsu株式会社")
        builder.sign(ROOT, RecordKind.KEY, subject, binding)
    elif place % 2:
        builder.sign("otsu", RecordKind.SITE, subject, Site(subject, "otsu", FuelClass.THINNED))
    else:
        builder.felling(subject, (batch.subject(0),), number=subject)


def main() -> int:
    """Append until all batches are through."""
    arguments = _arguments()
    _say("starting")
    try:
        with _opened(arguments.ledger, create=arguments.create) as ledger:
            for batch in batches(arguments.run, arguments.seed, arguments.batches, arguments.size):
                _append(ledger, batch)
    except BiotraceError as error:
        _refused(error)
        return 2
    return 0


def batches(run: str, seed: int, count: int, size: int | None) -> Iterator[Batch]:
    """So many batches: of ``size`` records, or of 1 to 12."""
    numbers = random.Random(seed)
    for i in range(count):
        yield Batch(f"{run}/{i}", size or numbers.randint(1, 12))


def _opened(path: Path, *, create: bool) -> Ledger:
    if not create:
        return Ledger.open(path, LOG)
    ledger = Ledger.create(path, LOG)
    ledger.append(ChainBuilder().story().records, NOW)
    return ledger


def _append(ledger: Ledger, batch: Batch) -> None:
    try:
        entries = ledger.append(batch.records(ledger), NOW)
    except BiotraceError as error:
        _refused(error)
        return
    for entry in entries:
        _say(f"ack {entry.position} {entry.record.record_id.hex()}")


def _refused(error: BiotraceError) -> None:
    _say(f"refused {error.code} {error.message.en}")


def _say(line: str) -> None:
    print(line, flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("ledger", type=Path)
    parser.add_argument("--run", required=True)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--batches", type=int, default=10)
    parser.add_argument("--size", type=int)
    parser.add_argument("--create", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

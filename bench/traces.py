"""Tracing in a region's log, in process and warm: how long, by the size of the log, and whether every gram is told.

    python -m bench.traces [--sizes 10000 1000000] [--keep DIR]

Forward: from producers drawn at random among those who only sell, all that they sold in five years: by the ledger's
tables, as on a terminal, and by every record, as for a picture; both have to tell the same. Back: from lots drawn at
random. The bare limit of a trace forward is reading the bytes of the same entries, hashing and parsing them, in the
same run. Each trace has to account for every gram. Memory is the most that the process of its size used.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Collection, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection

from bench.audit import folder, region
from bench.region.settings import LAST_DAY
from biotrace.chain.kinds import RecordKind
from biotrace.chain.record import parse_record
from biotrace.services import trace
from biotrace.services.lot_check import LotCheck, Order
from biotrace.services.lot_world import World
from biotrace.services.settings import LEDGER
from biotrace.services.trace_ledger import LedgerDesk
from biotrace.services.trace_start import StartKind
from biotrace.store.integrity import entries_of
from biotrace.store.ledger import Ledger

SIZES = (10_000, 1_000_000)
PRODUCERS, LOTS = 60, 200
_MB = 1 << 10
_CHUNK = 5_000
_SELLERS = """
SELECT DISTINCT seller FROM handed_over h WHERE seller LIKE 'producer-%'
AND NOT EXISTS (SELECT 1 FROM handed_over b WHERE b.buyer = h.seller)
"""


class Timed(NamedTuple):
    """A trace forward. ``seconds``: by the tables; ``read``: with all records read.

    ``records``: that the wood passed through; ``bare``: seconds for reading and parsing these.
    """

    seconds: float
    read: float
    certificates: int
    records: int
    bare: float


def main() -> None:
    """Make the logs, trace, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--keep", type=Path, help="a folder in which the logs stay, and are found again")
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one is not None:
        print(json.dumps(once(given.one)))
        return
    with folder(given.keep) as where:
        found = {size: measured(region(where, size), size) for size in given.sizes}
    for smaller, larger in pairwise(sorted(found)):
        ratio = found[larger]["per_record"] / found[smaller]["per_record"]
        print(f"time for each record passed, {larger:,} over {smaller:,}: {ratio:.2f}")


def measured(place: Path, size: int) -> dict[str, Any]:
    """Trace in one log, in a process of its own, and print how that went."""
    command = [sys.executable, "-m", "bench.traces", "--one", str(place)]
    found: dict[str, Any] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    print(f"{size:,} records, warmed up in {found['warm']:.1f} s, memory {found['memory']} MB")
    for name in ("forward", "back"):
        print(f"  {found[name]}")
    return found


def once(place: Path) -> dict[str, Any]:
    """Trace in one log."""
    with Ledger.open(place / LEDGER) as ledger:
        check = LotCheck(ledger)
        began = time.perf_counter()
        check.warm_up()
        warm = time.perf_counter() - began
        desk = LedgerDesk(check, Order(LAST_DAY))
        forward = [traced(check, desk, producer) for producer in drawn(check.ask(_sellers), PRODUCERS)]
        lots = [e.record_id.hex() for e in entries_of(ledger, (RecordKind.DELIVERY,), ledger.end())]
        back = [traced_back(desk, lot) for lot in drawn(lots, LOTS)]
    return {
        "warm": warm,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // _MB,
        "per_record": sum(t.seconds for t in forward) / sum(t.records for t in forward),
        "forward": _forward_said(forward),
        "back": f"back from {len(back)} lots, with what else lay in the yards: {_spread(back)}; every gram told",
    }


def traced(check: LotCheck, desk: LedgerDesk, producer: str) -> Timed:
    """Where the wood of a producer went, timed."""
    began = time.perf_counter()
    by_tables = trace.forward(desk, producer, StartKind.PARTY, read=False)
    seconds = time.perf_counter() - began
    began = time.perf_counter()
    found = trace.forward(desk, producer, StartKind.PARTY).forward
    read = time.perf_counter() - began
    if by_tables.read or by_tables.forward != found:
        raise SystemExit(f"{producer}: the tables do not tell what the records tell")
    if sum(rest.grams for rest in found.rests) != found.grams:
        raise SystemExit(f"{producer}: some grams are lost")
    positions = [passed.handing.order for passed in found.passed]
    return Timed(seconds, read, len(found.starts), len(positions), bare(check, positions))


def bare(check: LotCheck, positions: Sequence[int]) -> float:
    """Seconds for reading, hashing and parsing these entries, and nothing else."""
    began = time.perf_counter()
    for envelope in check.ask(lambda connection, _: _envelopes(connection, positions)):
        hashlib.sha256(envelope).digest()
        parse_record(envelope)
    return time.perf_counter() - began


def traced_back(desk: LedgerDesk, lot: str) -> float:
    """Seconds for where a lot came from."""
    began = time.perf_counter()
    found = trace.back(desk, lot).back
    seconds = time.perf_counter() - began
    came = sum(origin.grams or 0 for origin in found.origins)
    if found.missing is not None and came + found.missing != found.lot.dry_grams:
        raise SystemExit(f"{lot}: some grams are lost")
    return seconds


def drawn(names: Collection[str], most: int) -> list[str]:
    """Some of them, the same at each run."""
    return random.Random(7).sample(sorted(names), min(most, len(names)))


def _sellers(connection: Connection, _: World) -> list[str]:
    return list(connection.exec_driver_sql(_SELLERS).scalars())


def _envelopes(connection: Connection, positions: Sequence[int]) -> list[bytes]:
    found: list[bytes] = []
    for i in range(0, len(positions), _CHUNK):
        listed = ", ".join(map(str, positions[i : i + _CHUNK]))
        rows = connection.exec_driver_sql(f"SELECT envelope FROM entry WHERE position IN ({listed})")
        found += (bytes(envelope) for envelope in rows.scalars())
    return found


def _forward_said(timed: Sequence[Timed]) -> str:
    seconds, read = _spread([t.seconds for t in timed]), _spread([t.read for t in timed])
    records = sorted(t.records for t in timed)
    sold = statistics.median(t.certificates for t in timed)
    bare = sum(t.bare for t in timed)
    ratio, ratio_read = bare / sum(t.seconds for t in timed), bare / sum(t.read for t in timed)
    return (
        f"forward from {len(timed)} producers, half of them with {sold:,.0f} certificates or less:"
        f" {records[0]:,} to {records[-1]:,} records passed, half {records[len(records) // 2]:,} or less;"
        f" by tables {seconds}, {ratio:.2f} of reading, hashing and parsing the same entries;"
        f" with all records read {read}, {ratio_read:.2f}; the same told, every gram accounted for"
    )


def _spread(seconds: Sequence[float]) -> str:
    ordered = sorted(seconds)
    p99 = ordered[max(0, len(ordered) * 99 // 100 - 1)]
    return f"median {statistics.median(ordered):.3f}, p99 {p99:.3f}, slowest {ordered[-1]:.3f} s"


if __name__ == "__main__":
    main()

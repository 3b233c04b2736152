"""Checking single lots of a region's log, in process and warm: how long, by the size of the log.

    python -m bench.lots [--sizes 10000 1000000] [--keep DIR]

The sample: lots drawn at random among all deliveries, and with them those that rest on most, as far as can be told from
citations alone: the region's wide lots, of some 500 certificates, are so few that no draw would find them. They are
counted with the others, and told by themselves too. Once with siblings' signatures as the log verified them, once with
every signature verified again. Time is by the clock, and by the processor where others use the machine as well.
"""

from __future__ import annotations

import argparse
import heapq
import random
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from bench.audit import folder, region
from bench.region.settings import LAST_DAY, SMALLEST, Settings
from biotrace.chain.kinds import RecordKind
from biotrace.services.lot_check import LotCheck, Order, Signatures
from biotrace.services.settings import LEDGER
from biotrace.store.integrity import entries_of
from biotrace.store.ledger import Ledger

SIZES = (10_000, 1_000_000)
LOTS = 1_000
WIDE = Settings(SMALLEST).wide_lots
MOST = 2**40
"""No lot is counted to rest on more: there are more ways back than can be counted."""
TODAY: date = LAST_DAY


class Timed(NamedTuple):
    """One check. ``ms``, ``cpu_ms``: milliseconds by the clock and of the processor; ``behind``: records that the lot
    rests on, its own certificate or delivery among them; ``read``: all that were read for it."""

    ms: float
    cpu_ms: float
    behind: int
    read: int


class Times(NamedTuple):
    """What many checks took."""

    median: float
    p99: float
    slowest: float

    @classmethod
    def of(cls, ms: Sequence[float]) -> Times:
        """``p99``: what one in a hundred takes longer than."""
        ordered = sorted(ms)
        return cls(statistics.median(ordered), ordered[max(0, len(ordered) * 99 // 100 - 1)], ordered[-1])

    def __str__(self) -> str:
        return f"median {self.median:.1f}, p99 {self.p99:.1f}, slowest {self.slowest:.1f} ms"


def main() -> None:
    """Make the logs, check lots, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--keep", type=Path, help="a folder in which the logs stay, and are found again")
    given = parser.parse_args()
    with folder(given.keep) as where:
        timed = {size: measured(region(where, size), size) for size in given.sizes}
    small, large = (timed[size] for size in (min(timed), max(timed)))
    for signatures in Signatures:
        pair = (large[signatures], small[signatures])
        told = [f"{name} {over(value, *pair)}" for name, value in RATIOS.items()]
        print(f"{signatures.value}: {max(timed):,} records over {min(timed):,}: {'; '.join(told)}")


def measured(place: Path, size: int) -> dict[Signatures, list[Timed]]:
    """Check lots of one log and print how that went."""
    with Ledger.open(place / LEDGER) as ledger:
        deliveries = {e.position: e.record_id.hex() for e in entries_of(ledger, (RecordKind.DELIVERY,), ledger.end())}
        wide = widest(ledger, deliveries)
        drawn = random.Random(7).sample(sorted(deliveries), min(LOTS, len(deliveries)))
        chosen = sorted({*drawn, *wide})
        random.Random(7).shuffle(chosen)
        print(f"{size:,} records: {len(drawn):,} lots at random, {len(chosen) - len(drawn)} more that rest on most")
        found = {}
        for signatures in Signatures:
            check = LotCheck(ledger)
            check.warm_up()
            timed = {lot: checked(check, deliveries[lot], signatures) for lot in chosen}
            found[signatures] = list(timed.values())
            tell(f"  signatures of {signatures.value}", found[signatures])
            tell("  those that rest on most", [timed[lot] for lot in wide])
        return found


def widest(ledger: Ledger, lots: Iterable[int]) -> list[int]:
    """The positions of the WIDE lots that rest on most by way of citations, each counted as often as it is met."""
    behind: dict[int, int] = {}
    with ledger.database.reading() as connection:
        for child, parent in connection.exec_driver_sql("SELECT child, parent FROM edge ORDER BY child, parent"):
            behind[child] = min(behind.get(child, 0) + 1 + behind.get(parent, 0), MOST)
    return heapq.nlargest(WIDE, lots, key=lambda lot: behind.get(lot, 0))


def checked(check: LotCheck, lot: str, signatures: Signatures) -> Timed:
    """Check a lot once."""
    began, used = time.perf_counter(), time.process_time()
    result = check.check([lot], Order(TODAY, signatures=signatures))
    ms, cpu_ms = (time.perf_counter() - began) * 1_000, (time.process_time() - used) * 1_000
    return Timed(ms, cpu_ms, len(result.lots[0].records), result.seen)


def tell(what: str, timed: Sequence[Timed]) -> None:
    """Print what these checks took."""
    behind = sorted(t.behind for t in timed)
    print(
        f"{what}: {len(timed):,} lots of {behind[0]} to {behind[-1]} records, half of them of {median(behind)} or less"
    )
    print(f"    by the clock {Times.of([t.ms for t in timed])}")
    print(f"    of the processor {Times.of([t.cpu_ms for t in timed])}")


def median(values: Sequence[int]) -> int:
    """The one in the middle."""
    return sorted(values)[len(values) // 2]


def over(value: Callable[[Sequence[Timed]], float], large: Sequence[Timed], small: Sequence[Timed]) -> str:
    """A ratio."""
    return f"{value(large) / value(small):.2f}"


RATIOS: dict[str, Callable[[Sequence[Timed]], float]] = {
    "median": lambda timed: Times.of([t.ms for t in timed]).median,
    "p99": lambda timed: Times.of([t.ms for t in timed]).p99,
    "time for each record behind the lots": lambda timed: sum(t.ms for t in timed) / sum(t.behind for t in timed),
}
"""What is compared between sizes. Lots of a greater region rest on more records: the last one does without that."""


if __name__ == "__main__":
    main()

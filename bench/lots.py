"""Checking single lots of a region's log, in process and warm: how long, by the size of the log.

    python -m bench.lots [--sizes 10000 1000000] [--keep DIR]

Lots are drawn at random among deliveries, and with them the region's widest lots, of some 500 certificates. Once with
siblings' signatures as the log verified them, once with every signature verified again.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from datetime import date
from pathlib import Path
from typing import NamedTuple

from bench.audit import folder, region
from bench.region.settings import LAST_DAY
from biotrace.chain.kinds import RecordKind
from biotrace.services.lot_check import LotCheck, Order, Signatures
from biotrace.services.settings import LEDGER
from biotrace.store.integrity import entries_of
from biotrace.store.ledger import Ledger

SIZES = (10_000, 1_000_000)
LOTS = 1_000
TODAY: date = LAST_DAY


class Timed(NamedTuple):
    """Milliseconds that each check took, and how many records each lot rests on."""

    ms: list[float]
    behind: list[int]

    @property
    def median(self) -> float:
        """Of the times."""
        return statistics.median(self.ms)

    @property
    def p99(self) -> float:
        """What one in a hundred takes longer than."""
        return sorted(self.ms)[max(0, len(self.ms) * 99 // 100 - 1)]


def main() -> None:
    """Make the logs, check lots, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--keep", type=Path, help="a folder in which the logs stay, and are found again")
    given = parser.parse_args()
    with folder(given.keep) as where:
        timed = {size: measured(region(where, size), size) for size in given.sizes}
    smallest, largest = min(timed), max(timed)
    for signatures in Signatures:
        small, large = timed[smallest][signatures], timed[largest][signatures]
        ratio = f"median {large.median / small.median:.2f}, p99 {large.p99 / small.p99:.2f}"
        print(f"{signatures.value}: {largest:,} records over {smallest:,}: {ratio}")


def measured(place: Path, size: int) -> dict[Signatures, Timed]:
    """Check lots of one log and print how that went."""
    with Ledger.open(place / LEDGER) as ledger:
        deliveries = [e.record_id.hex() for e in entries_of(ledger, (RecordKind.DELIVERY,), ledger.end())]
        chosen = random.Random(7).sample(deliveries, min(LOTS, len(deliveries)))
        found = {}
        for signatures in Signatures:
            check = LotCheck(ledger)
            check.warm_up()
            found[signatures] = timed = checked(check, chosen, signatures)
            wide = max(timed.behind)
            print(
                f"{size:,} records, {len(chosen)} lots of up to {wide} records, signatures of {signatures.value}: "
                f"median {timed.median:.1f} ms, p99 {timed.p99:.1f} ms, slowest {max(timed.ms):.1f} ms"
            )
        return found


def checked(check: LotCheck, lots: list[str], signatures: Signatures) -> Timed:
    """Check each lot once."""
    ms, behind = [], []
    for lot in lots:
        began = time.perf_counter()
        result = check.check([lot], Order(TODAY, signatures=signatures))
        ms.append((time.perf_counter() - began) * 1_000)
        behind.append(len(result.lots[0].records))
    return Timed(ms, behind)


if __name__ == "__main__":
    main()

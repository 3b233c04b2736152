"""Lots built to be slow to check, at full size: how long one check takes, and how much memory.

    python -m bench.unfriendly [--only "deep"]

The shapes are those of ``tests/integration/test_unfriendly.py``: a lot with a hundred thousand ancestors, a certificate
drawn on ten thousand times, and so on.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
from pathlib import Path

from biotrace.store.ledger import Ledger
from tests.builders import LOG, NOW, ChainBuilder
from tests.integration.test_unfriendly import BUILDS, timed

SIZES = {"deep": 100_000, "much used": 10_000}
OTHERS = 10_000
BATCH = 2_000


def main() -> None:
    """Build each shape, check its lot, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=list(BUILDS), help="one shape alone, so that the memory is that one's")
    given = parser.parse_args()
    for name in [given.only] if given.only else list(BUILDS):
        with tempfile.TemporaryDirectory() as folder:
            measure(Path(folder) / "ledger.db", name, SIZES.get(name, OTHERS))


def measure(path: Path, name: str, size: int) -> None:
    """Check the lot of one shape and print how that went."""
    chain = ChainBuilder().story()
    build, _ = BUILDS[name]
    build(chain, size)
    with Ledger.create(path, LOG) as ledger:
        for i in range(0, len(chain.records), BATCH):
            ledger.append(chain.records[i : i + BATCH], NOW)
        del chain
        seconds, found = timed(ledger)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{name}, {size:,}: {seconds:.1f} s, {found.seen:,} entries read, {peak:,} MB at most so far", flush=True)


if __name__ == "__main__":
    main()

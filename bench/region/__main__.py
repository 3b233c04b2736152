"""Make a region's workspace: python -m bench.region --records 100000 --seed 1 --out DIR."""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

from .defects import PLANTS
from .settings import Settings
from .writing import write_region


def main() -> None:
    """Write the workspace, and say how long it took and what is in it."""
    parser = argparse.ArgumentParser(prog="python -m bench.region", description=__doc__)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True, help="a new folder")
    parser.add_argument("--defects", type=float, default=0, help="of each kind, per million records; 0: none")
    given = parser.parse_args()
    settings = Settings(given.records, given.seed, dict.fromkeys(PLANTS, given.defects) if given.defects else {})
    began = time.perf_counter()

    def progress(done: int) -> None:
        if sys.stderr.isatty():
            print(f"\r{done:>9,} / {settings.records:,}", end="", file=sys.stderr, flush=True)

    region = write_region(given.out, settings, os.environ.get("BIOTRACE_PASSWORD", "bench region"), progress)
    took = time.perf_counter() - began
    print(f"{settings.records:,} records in {took:.1f} s, {settings.records / took:,.0f}/s")
    for kind, count in region.kinds.most_common():
        print(f"  {kind:<18}{count:>9,}")


if __name__ == "__main__":
    main()

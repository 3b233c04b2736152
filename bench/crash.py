"""How often a ledger was killed, and what it lost: nothing, or this ends with exit code 1.

    python -m bench.crash [--kills 500] [--calls 120] [--cuts 200]

The tests do the same with fewer (tests/integration/test_crash.py). Needs gcc.
"""

from __future__ import annotations

import argparse
import multiprocessing
import signal
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import astuple, dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from tests.faults import crash, powercut

ROUND = 25
"""Kills of one ledger after another, before a new one is begun."""
BATCHES = 100
"""That a recorded writer appends: the log is moved into the database several times meanwhile."""
_Case = TypeVar("_Case")


@dataclass(frozen=True)
class Figures:
    """Sums. ``acknowledged``, ``lost``, ``unannounced``: records; unannounced ones are there, never acknowledged.

    ``unsigned``: nodes and checkpoints that do not fit the entries.
    """

    ends: int = 0
    acknowledged: int = 0
    lost: int = 0
    partial: int = 0
    findings: int = 0
    unsigned: int = 0
    unannounced: int = 0

    def __add__(self, other: Figures) -> Figures:
        return Figures(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))

    @property
    def bad(self) -> bool:
        """Whether anything is wrong."""
        return bool(self.lost or self.partial or self.findings or self.unsigned)

    @classmethod
    def of(cls, path: Path, ends: int, acknowledged: crash.Acknowledged, before: int) -> Figures:
        """What is left at ``path`` after so many ends, where there were ``before`` entries to begin with."""
        found = crash.examine(path, acknowledged)
        return cls(
            ends=ends,
            acknowledged=len(acknowledged),
            lost=len(found.lost),
            partial=len(found.partial),
            findings=len(found.findings),
            unsigned=len(found.unsigned),
            unannounced=found.entries - before - (len(acknowledged) - len(found.lost)),
        )


def random_kills(seeds: range) -> Figures:
    """Kill writers of one ledger, one after the other, each at a random moment; look after each."""
    acknowledged: crash.Acknowledged = []
    figures = Figures()
    with TemporaryDirectory() as folder:
        path, before = _new_ledger(Path(folder))
        for kills, seed in enumerate(seeds, 1):
            run = crash.kill_writer(path, f"k{seed}", seed)
            if run.code != -signal.SIGKILL:
                raise RuntimeError(f"not killed, but ended: {run.said}")
            acknowledged += run.acknowledged
            figures = Figures.of(path, kills, acknowledged, before)
            if figures.bad:
                break
    return figures


def kill_at_call(shim: Path, call: tuple[str, int]) -> Figures:
    """Kill a writer before, or in the middle of, one call that writes, syncs or cuts to size."""
    action, after = call
    environment = {
        "LD_PRELOAD": str(shim),
        "IOFAULT_ACTION": action,
        "IOFAULT_CALLS": "write,sync,truncate" if action == "KILL" else "write",
        "IOFAULT_PATH": "*/ledger.db*",
        "IOFAULT_AFTER": str(after),
    }
    with TemporaryDirectory() as folder:
        path, before = _new_ledger(Path(folder))
        run = crash.run_writer(path, "k", environment=environment)
        return Figures.of(path, int(run.code < 0), run.acknowledged, before)


def power_cut(recording: powercut.Recording, before: int, seed: int) -> Figures:
    """Cut the power once in a recorded run, whose acknowledgements up to then count anew for each cut."""
    with TemporaryDirectory() as folder:
        path, acknowledged = recording.cut(Path(folder), seed)
        return Figures.of(path, 1, acknowledged, before)


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--calls", type=int, default=120)
    parser.add_argument("--cuts", type=int, default=200)
    asked = parser.parse_args()
    rounds = [range(i, min(i + ROUND, asked.kills)) for i in range(0, asked.kills, ROUND)]
    calls = [(action, after) for action in ("KILL", "KILL-TORN") for after in range(asked.calls)]
    with TemporaryDirectory() as folder:
        shim = crash.build_shim(Path(folder))
        path, before = _new_ledger(Path(folder))
        recording = powercut.record(path.parent, shim, BATCHES)
        figures = [
            show("kills at a random moment", random_kills, rounds),
            show("kills at a call, before or amid it", partial(kill_at_call, shim), calls),
            show("power cuts", partial(power_cut, recording, before), range(asked.cuts)),
        ]
    return int(any(part.bad for part in figures))


def show(what: str, work: Callable[[_Case], Figures], cases: Iterable[_Case]) -> Figures:
    """Do the work for all cases, on all cores, and print a line."""
    began = time.perf_counter()
    with multiprocessing.Pool() as pool:
        total = sum(pool.imap_unordered(work, cases), Figures())
    print(
        f"{total.ends:>5,} {what}: {total.acknowledged:,} records acknowledged, {total.lost} lost,"
        f" {total.partial} partial batches, {total.findings} findings,"
        f" {total.unsigned} faults of tree or checkpoint;"
        f" {total.unannounced} there but not acknowledged; {time.perf_counter() - began:.0f} s",
        flush=True,
    )
    return total


def _new_ledger(folder: Path) -> tuple[Path, int]:
    path = crash.new_ledger(folder / powercut.LEDGER)
    return path, crash.examine(path, []).entries


if __name__ == "__main__":
    sys.exit(main())

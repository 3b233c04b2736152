"""Patterns worth a look, on a region with planted frauds: precision and recall, time and memory.

    python -m bench.patterns [--records 100000] [--each 8] [--subtle] [--keep DIR]

The region holds ``--each`` frauds and as many honest look-alikes of every pattern (``bench.region.frauds``), among
100,000 records of honest trade. What was planted is known, so every sighting is true, of another fraud that happens to
show this pattern too, or false. The search runs in a process of its own.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from bench.audit import folder
from bench.region.fraud import CODES, Frauds, Staged
from bench.region.settings import Settings
from bench.region.writing import EXPECTED, write_region
from biotrace.services.patterns import Asked, look_at_ledger
from biotrace.services.workspace import open_workspace
from biotrace.verify.patterns import DEFAULT_SCORE, Sighting

_MB = 1 << 10


@dataclass(frozen=True, slots=True)
class Seen:
    """A sighting: its pattern and score, and what was staged there, if anything was."""

    code: str
    score: int
    staged: tuple[Staged, ...]

    @property
    def is_true(self) -> bool:
        """A fraud that this pattern looks for."""
        return any(s.fraud and s.code == self.code for s in self.staged)

    @property
    def is_beside(self) -> bool:
        """A fraud of another kind, that shows this pattern too."""
        return not self.is_true and any(s.fraud for s in self.staged)


@dataclass(frozen=True, slots=True)
class Measured:
    """How one pattern did: ``planted`` frauds, ``listed`` sightings, of these ``true`` ones and ``beside``."""

    code: str
    planted: int
    listed: int
    true: int
    beside: int

    @property
    def line(self) -> str:
        """For people."""
        false = self.listed - self.true - self.beside
        precision = self.true / (self.true + false) if self.true + false else 1.0
        recall = self.true / self.planted if self.planted else 1.0
        beside = f", {self.beside} of another fraud" if self.beside else ""
        return (
            f"  {self.code:<18} precision {precision:.2f}  recall {recall:.2f}"
            f"   planted {self.planted}, listed {self.listed}: {self.true} true, {false} false{beside}"
        )


def compared(sightings: Iterable[Sighting], staged: Sequence[Staged]) -> list[Seen]:
    """The sightings, as they were ranked, with what was staged there."""
    at: dict[str, list[Staged]] = {}
    for one in staged:
        at.setdefault(one.about, []).append(one)
    return [Seen(s.kind.code, s.score, tuple(t for a in s.about for t in at.get(a, ()))) for s in sightings]


def measured(seen: Sequence[Seen], staged: Sequence[Staged], score: int = DEFAULT_SCORE) -> list[Measured]:
    """Each pattern, from that score on."""
    found = []
    for code in CODES:
        listed = [s for s in seen if s.code == code and s.score >= score]
        planted = sum(s.fraud and s.code == code for s in staged)
        true, beside = sum(s.is_true for s in listed), sum(s.is_beside for s in listed)
        found.append(Measured(code, planted, len(listed), true, beside))
    return found


def main() -> None:
    """Make the region, look, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--each", type=int, default=8, help="frauds of each kind, and look-alikes")
    parser.add_argument("--subtle", action="store_true", help="frauds hardly beyond what is usual")
    parser.add_argument("--keep", type=Path, help="a folder in which the region stays, and is found again")
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one is not None:
        print(json.dumps(once(given.one)))
        return
    with folder(given.keep) as where:
        frauds = Frauds(dict.fromkeys(CODES, given.each), given.each, subtle=given.subtle)
        _report(_region(where, Settings(given.records, given.seed), frauds))


def _region(where: Path, settings: Settings, frauds: Frauds) -> Path:
    """The region's workspace, made unless it is there."""
    name = f"patterns-{settings.records}-{settings.seed}-{frauds.honest}"
    place = where / (f"{name}-subtle" if frauds.subtle else name)
    if not (place / EXPECTED).is_file():
        began = time.perf_counter()
        write_region(place, settings, "bench region", frauds=frauds)
        print(f"{settings.records:,} records made in {time.perf_counter() - began:.0f} s")
    told = json.loads((place / EXPECTED).read_text(encoding="utf-8"))
    if (told["settings"], told.get("frauds")) != (asdict(settings), frauds.told):
        raise SystemExit(f"{place} holds another region: remove it, or name another folder with --keep")
    return place


def once(place: Path) -> dict[str, Any]:
    """Look in this process."""
    told = json.loads((place / EXPECTED).read_text(encoding="utf-8"))
    staged = [Staged(**one) for one in told["staged"]]
    change = date.fromisoformat(told["frauds"]["price_change"])
    began = time.perf_counter()
    with open_workspace(place, lambda: int(time.time())) as workspace:
        looked = look_at_ledger(workspace, Asked(score=1, prices=[change]))
    return {
        "seconds": time.perf_counter() - began,
        "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _MB,
        "taken": looked.taken,
        "records": told["settings"]["records"],
        "staged": told["staged"],
        "seen": [{**asdict(s), "staged": [asdict(t) for t in s.staged]} for s in compared(looked.listed, staged)],
    }


def _report(place: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "bench.patterns", "--one", str(place)], check=True, capture_output=True, text=True
    )
    found: Mapping[str, Any] = json.loads(run.stdout)
    staged = [Staged(**one) for one in found["staged"]]
    seen = [Seen(s["code"], s["score"], tuple(Staged(**t) for t in s["staged"])) for s in found["seen"]]
    planted = sum(s.fraud for s in staged)
    rate = found["records"] / found["seconds"]
    print(
        f"{found['taken']:,} certificates and deliveries of {found['records']:,} records looked at in "
        f"{found['seconds']:.1f} s ({rate:,.0f} records/s, one process), {found['mb']:.0f} MB"
    )
    print(
        f"staged {planted} frauds and {len(staged) - planted} honest look-alikes; at the default score {DEFAULT_SCORE}:"
    )
    for one in measured(seen, staged):
        print(one.line)
    top = seen[:planted]
    print(f"  of the {planted} at the top of the list {sum(s.is_true for s in top)} are planted frauds")
    lowest = min((s.score for s in seen if s.is_true), default=0)
    honest = max((s.score for s in seen if not (s.is_true or s.is_beside)), default=0)
    print(f"  the lowest fraud scores {lowest}, the highest honest sighting {honest}")


if __name__ == "__main__":
    main()

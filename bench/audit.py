"""Auditing whole logs of a region, as ratios to the bare limit: verifying the same signatures on the same cores.

    python -m bench.audit [--sizes 100000 1000000] [--keep DIR]

Each log is made with planted defects (``bench.region``), and the audit has to find exactly those. It runs in a process
of its own, with all cores; its memory is the most that process used, and each of its helpers.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from nacl.bindings import crypto_sign_open

from bench.records import to_be_signed
from bench.region.defects import PLANTS
from bench.region.settings import Settings
from bench.region.writing import EXPECTED, write_region
from biotrace.chain.record import parse_record
from biotrace.services.audit import Listeners, audit
from biotrace.services.settings import LEDGER
from biotrace.services.workspace import open_workspace
from biotrace.store.integrity import entries_between
from biotrace.store.ledger import Ledger

SIZES = (100_000, 1_000_000)
DEFECTS = 200
"""Of each kind, per million records."""
SECONDS = 3.0
_SAMPLE = 1_000
_MB = 1 << 10

Signed = tuple[bytes, bytes, bytes]
"""Public key, signature and message."""


def main() -> None:
    """Make, audit, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--keep", type=Path, help="a folder in which the logs stay, and are found again")
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one is not None:
        print(json.dumps(once(given.one)))
        return
    with folder(given.keep) as where:
        took = {size: measured(region(where, size)) for size in given.sizes}
    for smaller, larger in pairwise(sorted(took)):
        print(f"time({larger:,}) / time({smaller:,}): {took[larger] / took[smaller]:.1f}")


@contextmanager
def folder(keep: Path | None) -> Iterator[Path]:
    """Where the logs are made."""
    if keep is not None:
        yield keep
        return
    with TemporaryDirectory() as made:
        yield Path(made)


def region(where: Path, size: int) -> Path:
    """A region's workspace of that size, made unless it is there."""
    place = where / f"region-{size}"
    settings = Settings(size, 1, dict.fromkeys(PLANTS, DEFECTS))
    if not (place / EXPECTED).is_file():
        began = time.perf_counter()
        write_region(place, settings, "bench region")
        took = time.perf_counter() - began
        print(f"{size:,} records made and appended in {took:.0f} s ({size / took:,.0f}/s)")
    elif json.loads((place / EXPECTED).read_text(encoding="utf-8"))["settings"] != asdict(settings):
        raise SystemExit(f"{place} holds another region: remove it, or name another folder with --keep")
    return place


def measured(place: Path) -> float:
    """Audit one log and print how that went; gives the seconds it took."""
    bare = bare_rate(place)
    run = subprocess.run(
        [sys.executable, "-m", "bench.audit", "--one", str(place)], check=True, capture_output=True, text=True
    )
    found = json.loads(run.stdout)
    rate = found["size"] / found["seconds"]
    print(f"audit of {found['size']:,} records, {os.cpu_count()} cores: {found['seconds']:.1f} s, {rate:,.0f}/s")
    print(f"  {rate / bare:.2f} of bare signature verification on the same cores ({bare:,.0f}/s)")
    helpers = f"{found['helpers']} of them helpers at {found['helper_mb']:,.0f} MB"
    print(f"  {found['cpu']:.0f} s of CPU in the process that judges, {found['helper_cpu']:.0f} s in its helpers")
    print(f"  memory {found['mb']:,.0f} MB in {found['helpers'] + 1} processes, {helpers}")
    print(f"  planted {found['planted']:,}, found {found['found']:,}: {found['verdict']}")
    return float(found["seconds"])


def once(place: Path) -> dict[str, object]:
    """Audit one log in this process."""
    expected = json.loads((place / EXPECTED).read_text(encoding="utf-8"))
    planted = sorted((p["code"], p["record"]) for p in expected["planted"])
    found: list[tuple[str, str]] = []
    heard = Listeners(lambda f, _: None if f.is_notice else found.append((f.code, f.record)))
    began = time.perf_counter()
    with open_workspace(place, lambda: int(time.time())) as workspace:
        result = audit(workspace, date.fromisoformat(expected["as_of"]), listeners=heard)
    seconds = time.perf_counter() - began
    cpu = os.times()
    own, others = (resource.getrusage(who).ru_maxrss / _MB for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    helpers = (os.cpu_count() or 1) - 1
    return {
        "size": result.size,
        "seconds": seconds,
        "cpu": cpu.user + cpu.system,
        "helper_cpu": cpu.children_user + cpu.children_system,
        "mb": own + helpers * others,
        "helpers": helpers,
        "helper_mb": others,
        "planted": len(planted),
        "found": len(found),
        "verdict": "exactly those" if sorted(found) == planted and not result.damage else difference(found, planted),
    }


def difference(found: list[tuple[str, str]], planted: list[tuple[str, str]]) -> str:
    """What was missed, and what was found beside."""
    missed, beside = sorted({*planted} - {*found}), sorted({*found} - {*planted})
    return f"NOT those: {len(missed)} missed {missed[:3]}, {len(beside)} beside {beside[:3]}"


def bare_rate(place: Path) -> float:
    """Signatures that all cores verify in a second, doing nothing else, with the faster library."""
    with Ledger.open(place / LEDGER) as ledger:
        keys: dict[bytes, bytes] = {}
        sample: list[Signed] = []
        for entry in entries_between(ledger, 0, _SAMPLE):
            bound = ledger.bound_key(entry.kid)
            assert bound is not None
            record = parse_record(entry.envelope)
            sample.append((keys.setdefault(entry.kid, bound.public), record.signed.signature, to_be_signed(record)))
    cores = os.cpu_count() or 1
    context = multiprocessing.get_context("spawn")
    with context.Pool(cores) as pool:
        rates = [sum(pool.map(verify_for_a_while, [(sample, library)] * cores, 1)) for library in ("nacl", "openssl")]
    return max(rates)


def verify_for_a_while(work: tuple[list[Signed], str]) -> float:
    """Signatures verified in a second by this process."""
    sample, library = work
    began = time.perf_counter()
    count = 0
    while time.perf_counter() - began < SECONDS:
        for public, signature, message in sample:
            if library == "nacl":
                crypto_sign_open(signature + message, public)
            else:
                Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
        count += len(sample)
    return count / (time.perf_counter() - began)


if __name__ == "__main__":
    main()

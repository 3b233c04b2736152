"""Ends writers of a ledger in every way, and looks at what is left."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from biotrace.chain.checkpoint import verify_log
from biotrace.chain.leaf import Leaf
from biotrace.store.integrity import check_integrity
from biotrace.store.ledger import Ledger
from tests.builders import LOG, NOW, ChainBuilder
from tests.faults.writer import Batch
from tests.trees import mth, tree_of

ROOT = Path(__file__).resolve().parents[2]
SHIM = Path(__file__).with_name("iofault.c")
KILL_WITHIN = 0.03
"""Seconds in which a writer is killed, after it has said what it was to say: it takes some five batches in them."""

Acknowledged = list[tuple[int, str]]
"""Positions and record ids (hex)."""


@dataclass(frozen=True)
class Run:
    """What a writer said, and how it ended.

    ``refused``: codes. ``code``: its exit code, below 0 for a signal. ``said``: all of it, the shim's report too.
    """

    acknowledged: Acknowledged
    refused: list[str]
    code: int
    said: str

    @classmethod
    def of(cls, said: str, code: int) -> Run:
        """From its output; a last line that was cut off counts for nothing."""
        lines = [line.split() for line in said.splitlines(keepends=True) if line.endswith("\n")]
        acknowledged = [(int(line[1]), line[2]) for line in lines if line[:1] == ["ack"]]
        return cls(acknowledged, [line[1] for line in lines if line[:1] == ["refused"]], code, said)


@dataclass(frozen=True)
class Found:
    """What is left in a ledger. ``lost``: acknowledged, and not there. ``partial``: batches that are not whole.

    ``unsigned``: what of the log does not fit the entries; see ``unsigned``.
    """

    lost: Acknowledged
    partial: list[str]
    findings: list[str]
    unsigned: list[str]
    entries: int

    @property
    def wrong(self) -> list[object]:
        """Everything that must not be; empty where all is well."""
        return [*self.lost, *self.partial, *self.findings, *self.unsigned]


def build_shim(folder: Path) -> Path:
    """The shim, compiled. Raises FileNotFoundError where there is no gcc."""
    library = folder / "iofault.so"
    command = ["gcc", "-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror", "-o", str(library), str(SHIM), "-ldl"]
    subprocess.run(command, check=True, capture_output=True)
    return library


def new_ledger(path: Path) -> Path:
    """A ledger with a short story in it."""
    with Ledger.create(path, LOG) as made:
        made.append(ChainBuilder().story().records, NOW)
    return path


def kill_writer(path: Path, run: str, seed: int) -> Run:
    """Start a writer that would go on for long, and kill it (-9) at a moment that ``seed`` chooses.

    One in three is killed while it opens the ledger, and so while it recovers what the one before left behind.
    """
    numbers = random.Random(seed)
    heard = 1 + numbers.choice((0, numbers.randint(1, 20), numbers.randint(1, 60)))
    with subprocess.Popen(
        _command(path, run, "--seed", str(seed), "--batches", "100000"),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as writer:
        assert writer.stdout is not None
        said = "".join(writer.stdout.readline() for _ in range(heard))
        time.sleep(numbers.uniform(0, KILL_WITHIN))
        writer.kill()
        said += writer.stdout.read()
    return Run.of(said, writer.returncode)


def run_writer(path: Path, run: str, *options: str, environment: Mapping[str, str]) -> Run:
    """Let a writer go on to its end, whatever that will be."""
    return _run(_command(path, run, *options), environment)


def run_python(program: str, *arguments: str, environment: Mapping[str, str]) -> Run:
    """The same for a few lines of Python."""
    return _run([sys.executable, "-c", program, *arguments], environment)


def _run(command: list[str], environment: Mapping[str, str]) -> Run:
    ended = subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=60,
    )
    return Run.of(ended.stdout, ended.returncode)


def examine(path: Path, acknowledged: Iterable[tuple[int, str]]) -> Found:
    """Open the ledger and look for all that was acknowledged, whole batches, and everything that is checked.

    Raises UnreadableError where the ledger does not open, or its file is damaged.
    """
    with Ledger.open(path) as ledger:
        findings = [f"{finding.rule} {finding.position}: {finding.message.en}" for finding in check_integrity(ledger)]
        held = {entry.position: entry.record for entry in ledger.entries()}
        log = unsigned(ledger)
    there = {(position, record.record_id.hex()) for position, record in held.items()}
    return Found(
        lost=[entry for entry in acknowledged if entry not in there],
        partial=partial_batches(record.subject for record in held.values()),
        findings=findings,
        unsigned=log,
        entries=len(held),
    )


def unsigned(ledger: Ledger) -> list[str]:
    """What does not hold of the log: recomputed here from the envelopes alone, not by the ledger's own check.

    The latest checkpoint covers all entries, and its root is the root by RFC 9162's own definition over their leaves;
    every checkpoint is signed by the log and has the root of its size; and every node of the tree is stored.
    """
    leaves = [Leaf(sha256(e.record.envelope).digest(), e.logged_at).to_bytes() for e in ledger.entries()]
    tree = tree_of(leaves)
    latest = ledger.checkpoint()
    wrong = []
    if (latest.size, latest.root) != (len(leaves), mth(leaves)):
        wrong.append(f"the checkpoint is of {latest.size}, the entries are {len(leaves)}")
    for size in ledger.checkpoints():
        signed = ledger.checkpoint_at(size)
        assert signed is not None
        verify_log(signed, LOG.verifier)
        if signed.root != tree.root(size):
            wrong.append(f"the checkpoint of {size} has another root")
    with ledger.tree() as node:
        wrong += [f"node {place} differs" for place, hashed in tree.nodes.items() if node(*place) != hashed]
    return wrong


def partial_batches(subjects: Iterable[str]) -> list[str]:
    """Names of the writer's batches of which some records are there and some are not."""
    batches: Counter[tuple[str, str]] = Counter()
    for subject in subjects:
        if subject.count("/") == 3:
            run, batch, _, size = subject.split("/")
            batches[f"{run}/{batch}", size] += 1
    return [name for (name, size), count in batches.items() if count != int(size)]


def append_one(path: Path, name: str) -> Acknowledged:
    """Go on as if nothing had happened: one more batch."""
    with Ledger.open(path, LOG) as ledger:
        entries = ledger.append(Batch(name, 3).records(ledger), NOW)
    return [(entry.position, entry.record.record_id.hex()) for entry in entries]


def _command(path: Path, run: str, *options: str) -> list[str]:
    return [sys.executable, "-m", "tests.faults.writer", str(path), "--run", run, *options]

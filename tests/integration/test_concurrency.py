"""Several processes append to one ledger: nothing is lost, nothing comes between, no chain forks."""

from __future__ import annotations

import multiprocessing
import random
import time
from collections.abc import Iterator
from itertools import chain, pairwise
from threading import Barrier

import pytest

from biotrace.chain.kinds import RecordKind
from biotrace.chain.record import Record, Signer
from biotrace.errors import BiotraceError
from biotrace.model.fuel_class import FuelClass
from biotrace.model.stock import Site
from biotrace.store import checkpoints
from biotrace.store.integrity import check_integrity
from biotrace.store.ledger import Ledger
from tests.builders import LOG, NOW, ChainBuilder, device_key
from tests.faults import crash

PROCESSES, BATCHES, ROUNDS = 8, 12, 10
PARTIES = [f"party-{i}" for i in range(PROCESSES)]
PATIENCE = 60.0
"""Seconds to wait for the other processes, on however slow a machine."""

Taken = list[tuple[int, str]]
"""Positions and subjects of a batch."""


@pytest.fixture
def ledger(where: str) -> Iterator[Ledger]:
    """A ledger in which every party's key is bound."""
    builder = ChainBuilder()
    for party in PARTIES:
        builder.party(party)
    with Ledger.create(where, LOG) as made:
        made.append(builder.records, NOW)
        yield made


_barrier: Barrier
"""In a process of a pool: where it waits for the others."""


def _meet_at(barrier: Barrier) -> None:
    """A pool's initializer."""
    global _barrier
    _barrier = barrier


def append_batches(where: str, party: str, seed: int) -> list[Taken]:
    """In a process of its own: what was acknowledged, batch by batch. Who comes second waits; nobody is refused."""
    numbers = random.Random(seed)
    taken: list[Taken] = []
    with Ledger.open(where, LOG, busy_seconds=PATIENCE) as opened:
        _barrier.wait(PATIENCE)
        while len(taken) < BATCHES:
            name, size = f"{party}/{len(taken)}", numbers.randint(1, 5)
            time.sleep(numbers.uniform(0, 0.005))
            entries = opened.append(records(opened, party, name, size), NOW)
            taken.append([(entry.position, entry.record.subject) for entry in entries])
    return taken


def records(opened: Ledger, party: str, name: str, size: int) -> list[Record]:
    """A document and certificates that cite it, for the party's next places."""
    builder = ChainBuilder()
    key = device_key(party)
    builder.signers[party] = Signer.after(key, party, opened.head(key.kid))
    builder.records.clear()
    builder.document(f"{name}/0", by=party)
    for i in range(1, size):
        builder.felling(f"{name}/{i}", (f"{name}/0",), seller=party, number=f"{name}/{i}")
    return builder.records


def test_processes_with_keys_of_their_own_all_get_everything_in(where: str, ledger: Ledger) -> None:
    before = len(ledger)
    work = [(where, party, seed) for seed, party in enumerate(PARTIES)]
    context = multiprocessing.get_context("spawn")
    with context.Pool(PROCESSES, _meet_at, (context.Barrier(PROCESSES),)) as pool:
        taken = pool.starmap(append_batches, work, chunksize=1)

    acknowledged = sorted(entry for batches in taken for batch in batches for entry in batch)
    held = [(entry.position, entry.record.subject) for entry in ledger.entries(before)]
    assert held == acknowledged, "no gap, nothing lost, nothing else"
    assert [position for position, _ in held] == list(range(before, before + len(held)))
    for batch in (batch for batches in taken for batch in batches):
        assert all(second[0] == first[0] + 1 for first, second in pairwise(batch)), "nothing came between"
    assert_chains_whole(ledger)
    assert ledger.checkpoints() == [0, before, *(batch[-1][0] + 1 for batch in sorted(chain.from_iterable(taken)))]
    owners = [subject.split("/")[0] for _, subject in held]
    assert sum(one != next_one for one, next_one in pairwise(owners)) >= PROCESSES, "they took turns"


def append_with_shared_key(where: str, name: str) -> list[str]:
    """In a process of its own: outcomes, round by round. Both read the chain's head before either appends."""
    key, outcomes = device_key(PARTIES[0]), []
    with Ledger.open(where, LOG, busy_seconds=PATIENCE) as opened:
        for i in range(ROUNDS):
            subject = f"{name}/{i}"
            signer = Signer.after(key, PARTIES[0], opened.head(key.kid))
            record = signer.sign(RecordKind.SITE, subject, Site(subject, PARTIES[0], FuelClass.THINNED), NOW)
            _barrier.wait(PATIENCE)
            try:
                opened.append([record], NOW)
                outcomes.append("taken")
            except BiotraceError as error:
                outcomes.append(error.code)
            _barrier.wait(PATIENCE)
    return outcomes


def test_of_two_processes_sharing_a_key_one_is_refused_and_no_chain_forks(where: str, ledger: Ledger) -> None:
    before = len(ledger)
    context = multiprocessing.get_context("spawn")
    with context.Pool(2, _meet_at, (context.Barrier(2),)) as pool:
        first, second = pool.starmap(append_with_shared_key, [(where, "a"), (where, "b")], chunksize=1)

    for outcomes in zip(first, second, strict=True):
        assert sorted(outcomes) == ["chain-taken", "taken"], outcomes
    assert len(ledger) == before + ROUNDS
    assert_chains_whole(ledger)


def assert_chains_whole(ledger: Ledger) -> None:
    """No place of a chain is missing or taken twice, and every record continues the one before."""
    assert check_integrity(ledger) == []
    assert crash.unsigned(ledger) == [], "one tree, signed as a whole"
    chains: dict[bytes, list[Record]] = {}
    for entry in ledger.entries():
        chains.setdefault(entry.record.kid, []).append(entry.record)
    for own in chains.values():
        assert [record.seq for record in own] == list(range(len(own)))
        assert [record.prev for record in own[1:]] == [record.record_id for record in own[:-1]]


def test_who_waits_too_long_is_told_so_and_can_try_again(where: str, ledger: Ledger) -> None:
    with Ledger.open(where, LOG, busy_seconds=0.05) as impatient:
        record = records(impatient, PARTIES[0], "late", 1)
        with ledger.database.writing(), pytest.raises(BiotraceError) as refused:
            impatient.append(record, NOW)
        assert refused.value.code == "ledger-busy"
        impatient.append(record, NOW)


def test_a_transaction_that_reads_sees_one_state(where: str, ledger: Ledger) -> None:
    with Ledger.open(where, LOG) as other, ledger.database.reading() as connection:
        before = checkpoints.latest(connection)
        other.append(records(other, PARTIES[0], "meanwhile", 2), NOW)
        assert checkpoints.latest(connection) == before
    assert ledger.checkpoint().size == before.size + 2

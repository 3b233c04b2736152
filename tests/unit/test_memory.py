"""A verifier's memory on disk: it moves forward only, and what contradicts it is kept."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from biotrace.chain import checkpoint, merkle, note
from biotrace.chain.checkpoint import Checkpoint
from biotrace.chain.note import ED25519, VerifierKey
from biotrace.chain.watch import Breach, Outcome, WatchError
from biotrace.errors import BiotraceError, IntegrityError, UnreadableError, UsageError
from biotrace.services.log_text import EVIDENCE
from biotrace.services.log_trees import from_nodes, no_proof
from biotrace.services.memory import Continuity, GetProof, LogBreachError, Memory
from tests.builders import NOW, device_key
from tests.trees import Tree, tree_of

ORIGIN = "log.example/bio"
KEY = device_key("log")
LOG = VerifierKey(ORIGIN, ED25519, KEY.public)
HONEST = tree_of([bytes([i]) for i in range(20)])
# The same log shown to others: its third entry is another one.
FORKED = tree_of([bytes([i if i != 2 else 99]) for i in range(20)])


def at(size: int, tree: Tree = HONEST) -> Checkpoint:
    return checkpoint.make(ORIGIN, size, tree.root(size), KEY)


def proofs(tree: Tree = HONEST) -> GetProof:
    return from_nodes(tree.node)


def see(memory: Memory, shown: Checkpoint, get_proof: GetProof | None = None, *, current: bool = True) -> Outcome:
    """As a verifier does it: what was seen first, then the log."""
    return memory.take(LOG, memory.last(ORIGIN), shown, get_proof or proofs(), current=current)


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    return Memory(tmp_path / "memory")


def held(memory: Memory) -> Checkpoint:
    found = memory.last(ORIGIN)
    assert found is not None
    return found


# remembering


def test_the_exact_note_is_remembered_with_its_cosignatures(memory: Memory) -> None:
    cosigned = checkpoint.cosign(at(7), "w", device_key("w"), NOW)
    assert memory.last(ORIGIN) is None
    assert see(memory, cosigned) is Outcome.NEWER
    name = hashlib.sha256(ORIGIN.encode()).hexdigest() + ".checkpoint"
    assert (memory.folder / name).read_bytes() == cosigned.to_bytes()
    assert see(memory, at(7)) is Outcome.SAME
    assert held(memory) == cosigned


@pytest.mark.parametrize("origin", ["../../../etc/passwd", "/", "..", "a" * 2_000, "ログ.例/木材", "CON", "a:b*c?"])
def test_no_origin_is_a_path(origin: str, memory: Memory, tmp_path: Path) -> None:
    log = VerifierKey(origin, ED25519, KEY.public)
    shown = checkpoint.make(origin, 3, HONEST.root(3), KEY)
    memory.take(log, None, shown, no_proof)
    memory.pin(log)
    assert memory.last(origin) == shown
    assert memory.pinned(origin) == log
    files = {path.relative_to(tmp_path).parts for path in tmp_path.rglob("*") if path.is_file()}
    assert {len(parts) for parts in files} == {2}
    assert all(parts[0] == "memory" for parts in files)


def test_growth_is_remembered_and_old_material_is_not(memory: Memory) -> None:
    see(memory, at(5))
    assert see(memory, at(12)) is Outcome.NEWER
    assert see(memory, at(9), current=False) is Outcome.OLDER
    assert held(memory).size == 12


def test_every_log_has_its_own_place(memory: Memory) -> None:
    see(memory, at(5))
    other = VerifierKey("log.example/other", ED25519, KEY.public)
    memory.take(other, None, checkpoint.make(other.name, 3, FORKED.root(3), KEY), no_proof)
    assert held(memory).size == 5


def test_without_a_proof_nothing_is_remembered(memory: Memory) -> None:
    see(memory, at(5))
    with pytest.raises(UsageError) as refused:
        see(memory, at(12), no_proof)
    assert refused.value.code == "proof-needed"
    assert "5 to 12" in refused.value.message.en
    with pytest.raises(WatchError) as unproven:
        see(memory, at(12), lambda *_: Continuity(at(5).root, (bytes(32),)))
    assert unproven.value.code == "checkpoint-unproven"
    assert held(memory).size == 5
    assert not memory.evidence.exists()


def test_what_the_log_did_not_sign_is_neither_remembered_nor_evidence(memory: Memory) -> None:
    stranger = checkpoint.make(ORIGIN, 9, FORKED.root(9), device_key("stranger"))
    other = checkpoint.make("log.example/other", 9, FORKED.root(9), KEY)
    see(memory, at(9))
    for shown in (stranger, other):
        with pytest.raises(IntegrityError) as refused:
            see(memory, shown)
        assert refused.value.code != "S105"
    assert held(memory) == at(9)
    assert not memory.evidence.exists()


def test_another_log_of_the_same_name_is_told_apart_from_a_fork(memory: Memory) -> None:
    """Anybody can sign under any name: that must not bring the real log into disrepute."""
    see(memory, at(9))
    stranger = device_key("stranger")
    log = VerifierKey(ORIGIN, ED25519, stranger.public)
    shown = checkpoint.make(ORIGIN, 9, FORKED.root(9), stranger)
    with pytest.raises(UsageError) as refused:
        memory.take(log, memory.last(ORIGIN), shown, proofs(FORKED))
    assert refused.value.code == "seen-other-key"
    assert held(memory) == at(9)
    assert not memory.evidence.exists()


# several at once


def test_a_slower_process_neither_takes_memory_back_nor_accuses(memory: Memory) -> None:
    see(memory, at(5))
    seen = memory.last(ORIGIN)
    see(memory, at(12))  # another process, while the first one was reading the log at 10
    assert memory.take(LOG, seen, at(10), proofs()) is Outcome.NEWER
    assert held(memory).size == 12
    assert not memory.evidence.exists()


def test_a_slower_process_that_was_shown_a_fork_sees_it(memory: Memory) -> None:
    seen = memory.last(ORIGIN)
    see(memory, at(12))
    with pytest.raises(LogBreachError):
        memory.take(LOG, seen, at(12, FORKED), proofs(FORKED))
    with pytest.raises(LogBreachError):
        memory.take(LOG, seen, at(15, FORKED), proofs(FORKED))
    with pytest.raises(BiotraceError) as unsure:  # at 10 there is no proof up to 12
        memory.take(LOG, seen, at(10, FORKED), proofs(FORKED))
    assert unsure.value.code == "log-moved"
    assert held(memory) == at(12)


def _remember(folder: Path, size: int) -> None:
    """In a process of its own: a reader that is shown the log at that size, whatever others see."""
    memory = Memory(folder)
    memory.take(LOG, memory.last(ORIGIN), at(size), proofs(), current=False)


def test_many_processes_leave_the_largest(memory: Memory) -> None:
    sizes = [3, 19, 7, 16, 1, 20, 8, 12, 2, 18, 5, 11]
    with ProcessPoolExecutor(4, mp_context=get_context("spawn")) as pool:
        for done in [pool.submit(_remember, memory.folder, size) for size in sizes]:
            done.result()
    assert held(memory) == at(20)
    assert not memory.evidence.exists()


def test_a_write_that_fails_leaves_what_was_there(memory: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    see(memory, at(5))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", full)
        with pytest.raises(UsageError):
            see(memory, at(12))
    assert held(memory) == at(5)
    assert sorted(path.suffix for path in memory.folder.iterdir()) == ["", ".checkpoint"]


# breaches


@pytest.mark.parametrize("first", range(1, 12))
def test_a_forked_log_is_convicted_at_every_size(first: int, memory: Memory) -> None:
    """At powers of two its proof builds on the root seen; its own root at that size gives it away."""
    honest_so_far = HONEST.root(first) == FORKED.root(first)
    see(memory, at(first))
    if honest_so_far:
        assert see(memory, at(12, FORKED), proofs(FORKED)) is Outcome.NEWER
        return
    with pytest.raises(LogBreachError) as caught:
        see(memory, at(12, FORKED), proofs(FORKED))
    assert (caught.value.code, caught.value.breach) == ("S105", Breach.FORK)
    assert held(memory) == at(first)


@pytest.mark.parametrize("size", [0, 1, 8, 11])
def test_a_log_that_shrank_is_refused_and_both_are_kept(size: int, memory: Memory) -> None:
    see(memory, at(12))
    with pytest.raises(LogBreachError) as caught:
        see(memory, at(size))
    assert caught.value.breach is Breach.ROLLBACK
    evidence = caught.value.evidence
    assert evidence is not None
    assert str(evidence) in caught.value.message.ja
    assert evidence.name.endswith(f"-12-{size}-1.txt")
    assert held(memory).size == 12


def test_the_evidence_convinces_who_has_nothing_else(memory: Memory) -> None:
    see(memory, at(8))
    with pytest.raises(LogBreachError) as caught:
        see(memory, at(13, FORKED), proofs(FORKED))
    assert caught.value.evidence is not None
    head, *blocks = caught.value.evidence.read_text(encoding="utf-8").split("\n\n")
    assert head.split("\n") == [EVIDENCE, "fork", str(LOG)]
    one, other = (checkpoint.parse(f"{blocks[i]}\n\n{blocks[i + 1]}\n".encode()) for i in (0, 2))
    log = VerifierKey.parse(head.split("\n")[2])
    checkpoint.verify_log(one, log)
    checkpoint.verify_log(other, log)
    own_root, *proof = (note.decode_base64(line) for line in blocks[4].splitlines())
    merkle.verify_consistency(one.size, other.size, own_root, other.root, proof)
    assert own_root != one.root


def test_the_same_breach_is_kept_once_and_another_beside_it(memory: Memory) -> None:
    third = tree_of([bytes([i if i != 3 else 99]) for i in range(20)])
    see(memory, at(12))

    def caught(tree: Tree) -> Path | None:
        with pytest.raises(LogBreachError) as error:
            see(memory, checkpoint.cosign(at(12, tree), "w", device_key("w"), NOW + len(kept)), proofs(tree))
        return error.value.evidence

    kept: list[Path | None] = []
    for tree in (FORKED, FORKED, third, FORKED, third):
        kept.append(caught(tree))
    names = [path.name.rsplit("-", 1)[1] for path in kept if path is not None]
    assert names == ["1.txt", "1.txt", "2.txt", "1.txt", "2.txt"]
    assert len(list(memory.evidence.glob("*.txt"))) == 2


def test_evidence_that_cannot_be_kept_does_not_hide_what_the_log_did(memory: Memory) -> None:
    see(memory, at(12))
    memory.evidence.write_bytes(b"a file where the folder should be")
    with pytest.raises(LogBreachError) as caught:
        see(memory, at(12, FORKED))
    assert caught.value.evidence is None
    assert "forked" in caught.value.message.en
    assert "not kept as evidence" in caught.value.message.en


# keys and damage


def test_a_pinned_key_stays(memory: Memory) -> None:
    assert memory.pinned(ORIGIN) is None
    assert memory.pin(LOG)
    assert not memory.pin(LOG)
    assert memory.pinned(ORIGIN) == LOG
    with pytest.raises(UsageError) as refused:
        memory.pin(VerifierKey(ORIGIN, ED25519, device_key("stranger").public))
    assert refused.value.code == "pinned-other"
    assert memory.pinned(ORIGIN) == LOG


@pytest.mark.parametrize("spoil", [lambda _: b"", lambda data: data[:-9], lambda data: b"x" + data])
def test_a_damaged_memory_is_told_and_not_forgotten(spoil: Callable[[bytes], bytes], memory: Memory) -> None:
    see(memory, at(5))
    memory.pin(LOG)
    for path in memory.folder.iterdir():
        path.write_bytes(spoil(path.read_bytes()))
    for read in (memory.last, memory.pinned):
        with pytest.raises(UnreadableError) as refused:
            read(ORIGIN)
        assert refused.value.code == "memory-damaged"


def test_a_memory_of_another_log_under_this_ones_name_is_damage(memory: Memory) -> None:
    see(memory, at(5))
    other = checkpoint.make("log.example/other", 3, HONEST.root(3), KEY)
    (path,) = memory.folder.glob("*.checkpoint")
    path.write_bytes(other.to_bytes())
    with pytest.raises(UnreadableError, match=r"it is of log\.example/other"):
        memory.last(ORIGIN)


def test_nothing_but_refusals_comes_from_reading_rubbish(memory: Memory) -> None:
    see(memory, at(5))
    (path,) = memory.folder.glob("*.checkpoint")
    good = path.read_bytes()
    for position in range(len(good)):
        path.write_bytes(good[:position] + bytes([good[position] ^ 1]) + good[position + 1 :])
        with pytest.raises(BiotraceError):
            see(memory, at(5))

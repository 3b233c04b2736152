"""What may follow the last checkpoint seen: growth, and nothing else."""

from __future__ import annotations

import pytest

from biotrace.chain import checkpoint, merkle, watch
from biotrace.chain.checkpoint import Checkpoint
from biotrace.chain.note import ED25519, VerifierKey
from biotrace.chain.watch import Breach, BreachError, Outcome, WatchError
from tests.builders import NOW, device_key
from tests.trees import Tree, tree_of

ORIGIN = "log.example/bio"
LOG = device_key("log")
HONEST = tree_of([bytes([i]) for i in range(12)])
# The same log shown to others: its third entry is another one.
FORKED = tree_of([bytes([i if i != 2 else 99]) for i in range(12)])


def at(size: int, tree: Tree = HONEST, origin: str = ORIGIN) -> Checkpoint:
    return checkpoint.make(origin, size, tree.root(size), LOG)


def between(first: int, second: int, tree: Tree = HONEST) -> list[bytes]:
    return merkle.consistency_proof(first, second, tree.node)


def test_the_same_checkpoint_with_or_without_witnesses_is_the_same() -> None:
    cosigned = checkpoint.cosign(at(7), "w", device_key("w"), NOW)
    assert watch.compare(at(7), cosigned) is Outcome.SAME
    assert watch.compare(at(0), at(0)) is Outcome.SAME


@pytest.mark.parametrize("first", range(1, 12))
def test_growth_that_is_proven_is_newer(first: int) -> None:
    assert watch.compare(at(first), at(12), between(first, 12)) is Outcome.NEWER


def test_everything_follows_the_empty_log() -> None:
    assert watch.compare(at(0), at(5)) is Outcome.NEWER
    assert watch.compare(at(5), at(0), current=False) is Outcome.OLDER


def test_older_material_may_be_smaller_where_it_is_consistent() -> None:
    assert watch.compare(at(12), at(5), between(5, 12), current=False) is Outcome.OLDER


@pytest.mark.parametrize("size", [0, 1, 5, 11])
def test_a_log_that_shrinks_has_rolled_back_even_to_what_it_once_was(size: int) -> None:
    proof = between(size, 12) if size else []
    with pytest.raises(BreachError) as caught:
        watch.compare(at(12), at(size), proof)
    error = caught.value
    assert (error.code, error.breach) == ("S105", Breach.ROLLBACK)
    assert (error.seen, error.shown) == (at(12), at(size))
    assert f"12 entries and now shows {size}" in error.message.en
    assert "縮みました" in error.message.ja


@pytest.mark.parametrize("current", [True, False])
def test_two_roots_for_one_size_are_a_fork(current: bool) -> None:
    with pytest.raises(BreachError) as caught:
        watch.compare(at(7), at(7, FORKED), current=current)
    error = caught.value
    assert (error.code, error.breach) == ("S105", Breach.FORK)
    assert "forked" in error.message.en
    assert "分岐しました" in error.message.ja


def test_the_evidence_convinces_others() -> None:
    with pytest.raises(BreachError) as caught:
        watch.compare(at(7), at(7, FORKED))
    log = VerifierKey(ORIGIN, ED25519, LOG.public)
    kept = [checkpoint.parse(shown.to_bytes()) for shown in (caught.value.seen, caught.value.shown)]
    for each in kept:
        checkpoint.verify_log(each, log)
    assert kept[0].root != kept[1].root


@pytest.mark.parametrize("first", [3, 5, 6, 7, 9, 10, 11])
def test_a_larger_tree_that_its_own_proof_leads_to_from_another_root_is_a_fork(first: int) -> None:
    """The forked log proves honestly that it continues itself; what it continues is not what was seen."""
    with pytest.raises(BreachError) as caught:
        watch.compare(at(first), at(12, FORKED), between(first, 12, FORKED))
    assert caught.value.breach is Breach.FORK
    with pytest.raises(BreachError):
        watch.compare(at(12, FORKED), at(first), between(first, 12, FORKED), current=False)


@pytest.mark.parametrize("first", [4, 8])
def test_where_the_proof_builds_on_the_root_seen_a_fork_is_refused_but_not_proven(first: int) -> None:
    """At powers of two the proof does not hold the other root; ``merkle.root_from_nodes`` over its tiles gives it."""
    with pytest.raises(WatchError) as caught:
        watch.compare(at(first), at(12, FORKED), between(first, 12, FORKED))
    assert caught.value.code == "checkpoint-unproven"
    with pytest.raises(BreachError):
        watch.compare(at(first), at(first, FORKED))


@pytest.mark.parametrize(
    "proof",
    [
        [],
        between(5, 12)[:-1],
        [*between(5, 12), bytes(32)],
        [bytes(32), *between(5, 12)[1:]],
        [*between(5, 12)[:-1], bytes(32)],
        [b"short", *between(5, 12)[1:]],
        between(5, 11),
        between(6, 12),
        between(5, 12)[::-1],
    ],
)
@pytest.mark.parametrize("forwards", [True, False])
def test_a_faulty_proof_says_nothing_against_the_log(proof: list[bytes], forwards: bool) -> None:
    seen, shown = (at(5), at(12)) if forwards else (at(12), at(5))
    with pytest.raises(WatchError) as caught:
        watch.compare(seen, shown, proof, current=False)
    assert not isinstance(caught.value, BreachError)
    assert caught.value.code == "checkpoint-unproven"
    assert (caught.value.seen, caught.value.shown) == (seen, shown)


def test_another_logs_checkpoint_is_no_evidence() -> None:
    for shown in (at(7, FORKED, "log.example/other"), at(3, HONEST, "log.example/other")):
        with pytest.raises(WatchError) as caught:
            watch.compare(at(7), shown)
        assert caught.value.code == "checkpoint-unproven"

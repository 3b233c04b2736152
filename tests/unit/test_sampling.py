"""Random choices that the other side makes again, and proofs of having a file."""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biotrace.chain import possession, sampling
from biotrace.errors import IntegrityError
from tests.builders import device_key

IDS = [hashlib.sha256(str(n).encode()).digest() for n in range(200)]
ROOT = b"r" * 32


def moment(n: int = 5, of: int = 200) -> sampling.Moment:
    return sampling.Moment(n, of, "log.example/test", 26, ROOT, sampling.digest(IDS[:of]), "otsu")


def test_the_same_key_chooses_the_same_whatever_the_order() -> None:
    one, two = (sampling.sample(moment(), device_key("plant-8")) for _ in range(2))
    assert one == two
    assert one.choose(IDS) == two.choose(reversed(IDS))
    assert len(set(one.choose(IDS))) == 5
    assert set(one.choose(IDS)) <= set(IDS)


@pytest.mark.parametrize(
    "other",
    [
        sampling.sample(moment(), device_key("otsu")),
        sampling.sample(moment(), "3-5-1"),
        sampling.sample(replace(moment(), root=b"s" * 32), device_key("plant-8")),
        sampling.sample(replace(moment(), size=27), device_key("plant-8")),
        sampling.sample(replace(moment(), to="kousei"), device_key("plant-8")),
    ],
)
def test_whatever_goes_in_changes_the_choice(other: sampling.Sampled) -> None:
    assert other.choose(IDS) != sampling.sample(moment(), device_key("plant-8")).choose(IDS)


def test_the_choice_is_stated_at_the_end_of_a_reason() -> None:
    for seed in ("3-5-1", device_key("plant-8")):
        sampled = sampling.sample(moment(), seed)
        assert sampling.parse(f"定期の点検 {sampled.line()}", "otsu") == sampled
        assert sampling.parse(sampled.line(), "kousei") != sampled
        assert sampling.parse(f"{sampled.line()} ", "otsu") is None
    assert sampling.parse(None, "otsu") is None
    assert sampling.parse("定期の点検", "otsu") is None


def test_a_seed_that_another_signed_is_told() -> None:
    sampled = sampling.sample(moment(), device_key("plant-8"))
    sampled.verify(device_key("plant-8").public.raw)
    with pytest.raises(IntegrityError):
        sampled.verify(device_key("otsu").public.raw)
    with pytest.raises(IntegrityError):
        replace(sampled, moment=replace(moment(), n=6)).verify(device_key("plant-8").public.raw)


def test_every_record_is_as_likely() -> None:
    """Of 20 records 5, two thousand times: each some 500 times."""
    counts = dict.fromkeys(IDS[:20], 0)
    for n in range(2_000):
        for record_id in sampling.sample(moment(5, 20), f"seed-{n}").choose(IDS[:20]):
            counts[record_id] += 1
    assert min(counts.values()) > 400
    assert max(counts.values()) < 600


@given(st.binary(max_size=300), st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
def test_a_proof_is_of_this_file_for_this_challenge(content: bytes, challenge: bytes, other: bytes) -> None:
    proof = possession.prove(challenge, io.BytesIO(content))
    assert proof == hashlib.sha256(b"biotrace-possession/1\0" + challenge + content).digest()
    assert (possession.prove(other, io.BytesIO(content)) == proof) is (other == challenge)
    assert possession.prove(challenge, io.BytesIO(content + b"\0")) != proof
    assert proof not in (hashlib.sha256(content).digest(), hashlib.sha256(content + challenge).digest())


def test_proofs_are_stated_at_the_end_of_a_remark() -> None:
    proofs = (b"a" * 32, b"b" * 32)
    assert possession.parse(f"紙は倉庫 {possession.line(proofs)}") == proofs
    assert possession.parse(possession.line(proofs)) == proofs
    assert possession.line(()) == ""
    for remark in (None, "", "紙は倉庫", possession.line(proofs) + "!"):
        assert possession.parse(remark) == ()

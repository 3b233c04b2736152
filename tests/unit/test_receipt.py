"""Receipts: RFC 9942 in one form, for this record, in this place, by this log."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import cbor2
import pytest

from biotrace.chain import merkle, receipt
from biotrace.chain.cbor import CborError
from biotrace.chain.ed25519 import SignatureError
from biotrace.chain.keys import PublicKey
from biotrace.chain.leaf import Leaf, LeafError
from biotrace.chain.merkle import MerkleError
from biotrace.chain.note import NoteError
from biotrace.chain.receipt import Logged, Receipt, ReceiptError
from biotrace.errors import IntegrityError
from tests.builders import NOW, device_key
from tests.trees import Tree, tree_of

ORIGIN = "log.example/bio"
LOG = device_key("log")
LEAVES = [Leaf(bytes([i]) * 32, NOW + i) for i in range(20)]
TREE = tree_of(leaf.to_bytes() for leaf in LEAVES)


def made(index: int = 17, size: int = 20, tree: Tree = TREE) -> Receipt:
    path = merkle.inclusion_proof(index, size, tree.node)
    return receipt.make(LOG, ORIGIN, LEAVES[index], index, size, path, tree.root(size))


MADE = made()
DATA = MADE.to_bytes()


def verified(data: bytes, index: int = 17) -> Logged:
    return receipt.verify(receipt.parse(data), LEAVES[index].record_id, ORIGIN, LOG.public)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 20])
def test_a_receipt_tells_where_and_when_the_record_was_logged(size: int) -> None:
    for index in range(size):
        data = made(index, size).to_bytes()
        assert verified(data, index) == Logged(LEAVES[index], index, size, TREE.root(size))


def test_another_reader_of_cbor_finds_what_rfc_9942_asks_for() -> None:
    read = cbor2.loads(DATA)
    assert read.tag == 18
    protected, unprotected, payload, signature = read.value
    header = cbor2.loads(protected)
    assert header[1] == -19
    assert header[395] == 1
    assert header[15][1] == ORIGIN
    assert list(unprotected) == [396]
    assert list(unprotected[396]) == [-1]
    assert payload is None
    (proof,) = unprotected[396][-1]
    size, index, path = cbor2.loads(proof)
    assert (size, index, path) == (20, 17, merkle.inclusion_proof(17, 20, TREE.node))
    signed = cbor2.dumps(["Signature1", protected, b"", TREE.root(20)])
    assert signature == LOG.sign(signed)


def built(protected: Any = None, unprotected: Any = None, payload: Any = None, tag: int = 18) -> bytes:
    """A receipt of any shape, properly signed, made by another encoder."""
    header = {1: -19, 4: LOG.kid, 15: {1: ORIGIN, 6: NOW + 17, 7: NUMBER}, 395: 1} | (protected or {})
    encoded = cbor2.dumps({label: value for label, value in header.items() if value is not None}, canonical=True)
    signature = LOG.sign(cbor2.dumps(["Signature1", encoded, b"", TREE.root(20)]))
    proofs = {396: {-1: [proof()]}} if unprotected is None else unprotected
    return cbor2.dumps(cbor2.CBORTag(tag, [encoded, proofs, payload, signature]))


def proof(**changes: Any) -> bytes:
    parts = {"size": 20, "index": 17, "path": list(MADE.path)} | changes
    return cbor2.dumps(list(parts.values()))


NUMBER = (20).to_bytes(8, "big") + (17).to_bytes(8, "big")


def claims(**changes: Any) -> dict[int, Any]:
    names = {"iss": 1, "iat": 6, "cti": 7, "sub": 2}
    changed = {names[name]: value for name, value in changes.items()}
    found = {1: ORIGIN, 6: NOW + 17, 7: NUMBER} | changed
    return {15: {label: value for label, value in found.items() if value is not None}}


def test_another_implementation_of_cose_makes_the_same_bytes() -> None:
    assert built() == DATA


@pytest.mark.parametrize(
    "data",
    [
        b"",
        DATA[1:],
        b"\xd8\x12" + DATA[1:],
        built(tag=98),
        built(payload=TREE.root(20)),
        built(payload=b""),
        built({1: -8}),
        built({1: -7}),
        built({395: 2}),
        built({395: None}),
        built({4: None}),
        built({4: b"short"}),
        built({2: [395]}),
        built({15: None}),
        built(claims(iss=None)),
        built(claims(iss="")),
        built(claims(iss="a b")),
        built(claims(iss=b"log")),
        built(claims(iat=None)),
        built(claims(iat=str(NOW))),
        built(claims(cti=None)),
        built(claims(cti=NUMBER[:8])),
        built(claims(cti=NUMBER[8:] + NUMBER[:8])),
        built(claims(sub="x")),
        built(None, {}),
        built(None, {396: {}}),
        built(None, {396: {-1: []}}),
        built(None, {396: {-1: [proof(), proof()]}}),
        built(None, {396: {-1: proof()}}),
        built(None, {396: {-2: [proof()]}}),
        built(None, {396: {-1: [proof()], -2: []}}),
        built(None, {396: {-1: [proof()]}, 395: 1}),
        built(None, {396: {-1: [cbor2.loads(proof())]}}),
        built(None, {396: {-1: [b""]}}),
        built(None, {396: {-1: [cbor2.dumps([20, 17])]}}),
        built(None, {396: {-1: [proof() + b"\0"]}}),
        built(None, {396: {-1: [proof(path=[])]}}),
        built(None, {396: {-1: [proof(size=17)]}}),
        built(None, {396: {-1: [proof(size=21)]}}),
        built(None, {396: {-1: [proof(index=16)]}}),
        built(None, {396: {-1: [proof(index=-1)]}}),
        built(None, {396: {-1: [proof(size=20.0)]}}),
        built(None, {396: {-1: [proof(path=[b"short", *MADE.path[1:]])]}}),
        built(None, {396: {-1: [proof(path=["x" * 32, *MADE.path[1:]])]}}),
    ],
)
def test_other_receipts_are_refused_however_well_signed(data: bytes) -> None:
    with pytest.raises((ReceiptError, CborError, NoteError, MerkleError)):
        verified(data)


@pytest.mark.parametrize("iss", ["", "a b", "a\x1b[31m", "a\n"])
def test_a_receipt_by_what_is_no_logs_name_is_not_even_read(iss: str) -> None:
    with pytest.raises(NoteError):
        receipt.parse(built(claims(iss=iss)))


def test_every_changed_byte_and_every_cut_is_refused() -> None:
    for at in range(len(DATA)):
        with pytest.raises(IntegrityError):
            verified(DATA[:at])
        for mask in (1, 0x20, 0x80, 0xFF):
            with pytest.raises(IntegrityError):
                verified(DATA[:at] + bytes([DATA[at] ^ mask]) + DATA[at + 1 :])
    with pytest.raises(ReceiptError):
        verified(DATA + b"\0")


def test_a_receipt_is_for_its_record_only() -> None:
    with pytest.raises(SignatureError):
        receipt.verify(MADE, LEAVES[16].record_id, ORIGIN, LOG.public)
    with pytest.raises(LeafError):
        receipt.verify(MADE, b"short", ORIGIN, LOG.public)


def test_a_receipt_is_by_its_log_only() -> None:
    with pytest.raises(ReceiptError, match=r"by log\.example/bio"):
        receipt.verify(MADE, LEAVES[17].record_id, "log.example/other", LOG.public)
    with pytest.raises(SignatureError, match="another key"):
        receipt.verify(MADE, LEAVES[17].record_id, ORIGIN, device_key("other").public)
    impostor = replace(MADE, kid=device_key("other").kid)
    with pytest.raises(SignatureError):
        receipt.verify(impostor, LEAVES[17].record_id, ORIGIN, PublicKey(device_key("other").public.raw))


def test_the_log_time_is_signed() -> None:
    with pytest.raises(SignatureError):
        receipt.verify(replace(MADE, logged_at=NOW), LEAVES[17].record_id, ORIGIN, LOG.public)


def test_a_later_leaf_does_not_pass_for_an_earlier_one_by_another_reading_of_its_path() -> None:
    """The last of three, said to be the second of two: the root is the same, but the log has not signed that."""
    third = made(2, 3)
    root = merkle.root_from_inclusion(LEAVES[2].hash, 1, 2, third.path)
    assert root == TREE.root(3)
    with pytest.raises(SignatureError):
        receipt.verify(replace(third, index=1, size=2), LEAVES[2].record_id, ORIGIN, LOG.public)


def test_a_log_does_not_sign_what_would_not_verify() -> None:
    path = merkle.inclusion_proof(17, 20, TREE.node)
    root = TREE.root(20)
    for leaf, index, size, given, at_root in [
        (LEAVES[16], 17, 20, path, root),
        (LEAVES[17], 16, 20, path, root),
        (LEAVES[17], 17, 20, path[1:], root),
        (LEAVES[17], 17, 20, path, TREE.root(19)),
        (LEAVES[17], 20, 20, path, root),
    ]:
        with pytest.raises(MerkleError):
            receipt.make(LOG, ORIGIN, leaf, index, size, given, at_root)
    with pytest.raises(NoteError):
        receipt.make(LOG, "no origin", LEAVES[17], 17, 20, path, root)


def test_a_receipt_in_a_huge_tree_is_small() -> None:
    nodes = [LEAVES[0].hash]
    for _ in range(40):
        nodes.append(merkle.node_hash(nodes[-1], nodes[-1]))
    size = 2**40 - 1
    path = merkle.inclusion_proof(12345, size, lambda level, _: nodes[level])
    root = merkle.root_from_nodes(size, lambda level, _: nodes[level])
    data = receipt.make(LOG, ORIGIN, LEAVES[0], 12345, size, path, root).to_bytes()
    assert len(data) < 1600
    assert receipt.verify(receipt.parse(data), LEAVES[0].record_id, ORIGIN, LOG.public).root == root

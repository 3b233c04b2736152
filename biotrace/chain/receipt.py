"""Receipts: the log's signed word that a record is in it (RFC 9942, RFC9162_SHA256 receipt of inclusion).

``18([protected, {396: {-1: [proof]}}, nil, signature])``, where ``proof`` is the CBOR of [size, index, path], the
payload, detached, is the root to which the path leads, and ``protected`` holds exactly

* 1 (alg): -19, Ed25519; 4 (kid): the log's key (``biotrace.chain.keys``); 395 (vds): 1, RFC9162_SHA256;
* 15 (CWT claims, RFC 9597): {1 (iss): the log's origin, 6 (iat): the log time in the record's leaf,
  7 (cti): the receipt's number, which is size and index, 8 bytes each, big-endian}.

RFC 9942 has the root signed, but a root alone does not say where in the tree a leaf stands: the path of the last of
three leaves also fits the second of two. A key is cut off by log index, so size and index must not be open to choice;
hence the number. Other verifiers of RFC 9942 may ignore it. One difference: in a tree of a single leaf the path is
empty, for which the RFC's grammar has no place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from biotrace.errors import IntegrityError
from biotrace.model.text import Text

from . import cbor, ed25519, merkle
from .cose import ALG_ED25519
from .keys import KID_BYTES, DeviceKey, PublicKey
from .leaf import Leaf
from .note import check_name

RFC9162_SHA256 = 1

_ALG, _KID, _CLAIMS, _VDS = 1, 4, 15, 395
_ISS, _IAT, _CTI = 1, 6, 7
# The profile of biotrace.chain.cbor has neither negative keys nor nil, and what surrounds the parts is always the same.
_SIGN1 = b"\xd2\x84"
_PROOFS = b"\xa1\x19\x01\x8c\xa1\x20\x81"  # {396: {-1: [
_NIL = b"\xf6"


class ReceiptError(IntegrityError):
    """Bytes that are no receipt of this profile, or a receipt for something else."""

    code = "receipt"


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt as parsed, nothing verified: what it says counts only after ``verify``.

    ``origin``: the log's name. ``kid``: its key. ``logged_at``: when it took the record, seconds since 1970-01-01 UTC.
    ``index``, ``size``, ``path``: where the leaf stands, in a tree of which size, and the hashes up to the root.
    """

    origin: str
    kid: bytes
    logged_at: int
    index: int
    size: int
    path: tuple[bytes, ...]
    signature: bytes

    @property
    def protected(self) -> bytes:
        """The protected header: what is signed beside the root."""
        number = self.size.to_bytes(8, "big") + self.index.to_bytes(8, "big")
        claims: cbor.Value = {_ISS: self.origin, _IAT: self.logged_at, _CTI: number}
        return cbor.encode({_ALG: ALG_ED25519, _KID: self.kid, _CLAIMS: claims, _VDS: RFC9162_SHA256})

    def to_bytes(self) -> bytes:
        """The receipt as it travels with a record."""
        proof = cbor.encode([self.size, self.index, self.path])
        head = _SIGN1 + cbor.encode(self.protected) + _PROOFS + cbor.encode(proof)
        return head + _NIL + cbor.encode(self.signature)


@dataclass(frozen=True, slots=True)
class Logged:
    """What a verified receipt establishes: the leaf, at that index of the tree with that size and root."""

    leaf: Leaf
    index: int
    size: int
    root: bytes


def make(key: DeviceKey, origin: str, leaf: Leaf, index: int, size: int, path: Sequence[bytes], root: bytes) -> Receipt:
    """The receipt by the log ``origin`` for the leaf at ``index`` of its tree with that size and root.

    Raises NoteError for an origin that is no log's name, and MerkleError where the path does not lead from the leaf
    to the root: a log never signs what would not verify.
    """
    check_name(origin)
    merkle.verify_inclusion(leaf.hash, index, size, path, root)
    unsigned = Receipt(origin, key.kid, leaf.logged_at, index, size, tuple(path), b"")
    return replace(unsigned, signature=key.sign(_to_be_signed(unsigned, root)))


def parse(data: bytes) -> Receipt:
    """The receipt that ``data``, all of it, is. Raises ReceiptError, NoteError or CborError for any other form."""
    protected, at = _byte_string(data, len(_SIGN1))
    proof, at = _byte_string(data, at + len(_PROOFS))
    signature, _ = _byte_string(data, at + len(_NIL))
    if len(signature) != ed25519.SIGNATURE_BYTES:
        raise _wrong(Text("署名は64バイトです", "a signature has 64 bytes"))
    size, index, path = _proof(proof)
    kid, origin, logged_at = _header(protected)
    receipt = Receipt(origin, kid, logged_at, index, size, path, signature)
    # What was skipped above, and every value that has only one right form, is settled here.
    if receipt.to_bytes() != data:
        raise _wrong(Text("決まった形で書かれていません", "it is not in its one canonical form"))
    return receipt


def verify(receipt: Receipt, record_id: bytes, origin: str, key: PublicKey) -> Logged:
    """What the receipt proves about the record: that the log ``origin``, whose key is ``key``, holds it, and where.

    Raises ReceiptError for another log's receipt, MerkleError for a path that fits no tree of its size, and
    SignatureError where the log did not sign the root to which the path leads: another record's receipt, or a changed
    one.
    """
    if receipt.origin != origin:
        raise _wrong(Text(f"{origin} のものではなく {receipt.origin} のもの", f"not by {origin}: by {receipt.origin}"))
    leaf = Leaf(record_id, receipt.logged_at)
    root = merkle.root_from_inclusion(leaf.hash, receipt.index, receipt.size, receipt.path)
    try:
        if receipt.kid != key.kid:
            raise ed25519.SignatureError(Text("別の鍵で署名されています", "it names another key"))
        ed25519.verify(key.raw, receipt.signature, _to_be_signed(receipt, root))
    except ed25519.SignatureError as error:
        raise ed25519.SignatureError(
            Text("受領証: ", "receipt: ") + error.message,
            Text(f"{origin} に受領証を求めてください", f"ask {origin} for the receipt again"),
        ) from None
    return Logged(leaf, receipt.index, receipt.size, root)


def _to_be_signed(receipt: Receipt, root: bytes) -> bytes:
    """The Sig_structure (RFC 9052 §4.4) with the root for its payload."""
    return cbor.encode(["Signature1", receipt.protected, b"", root])


def _proof(proof: bytes) -> tuple[int, int, tuple[bytes, ...]]:
    match cbor.decode(proof):
        case [int(size), int(index), list(path)] if 0 <= index < size and all(_is_hash(step) for step in path):
            return size, index, tuple(path)
    raise _wrong(Text("[件数, 番号, 経路] ではありません", "its proof is no [size, index, path]"))


def _is_hash(step: object) -> bool:
    return isinstance(step, bytes) and len(step) == merkle.HASH_BYTES


def _header(protected: bytes) -> tuple[bytes, str, int]:
    match cbor.decode(protected):
        case {4: bytes(kid), 15: {1: str(origin), 6: int(logged_at)}} if len(kid) == KID_BYTES:
            check_name(origin)
            return kid, origin, logged_at
    raise _wrong(Text("保護ヘッダーの内容が違います", "its protected header does not hold what it must"))


def _byte_string(data: bytes, at: int) -> tuple[bytes, int]:
    """The byte string (RFC 8949 §3.1) at ``at``, up to 65,535 bytes, and where the next item starts."""
    info = data[at] - 0x40 if at < len(data) else -1
    width = {24: 1, 25: 2}.get(info, 0)
    start = at + 1 + width
    end = start + (int.from_bytes(data[at + 1 : start], "big") if width else info)
    if not 0 <= info <= 25 or end > len(data):
        raise _wrong(Text("途中で切れているか、形が違います", "it ends early, or has another form"))
    return data[start:end], end


def _wrong(reason: Text) -> ReceiptError:
    return ReceiptError(Text("受領証: ", "receipt: ") + reason)

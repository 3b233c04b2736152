"""Checkpoints: the log's signed statement of its size and root (C2SP tlog-checkpoint), and witnesses' cosignatures.

A checkpoint is a signed note (``biotrace.chain.note``) with the text

    <origin: the log's name>
    <size: the number of leaves, decimal>
    <root: base64 of the Merkle root>
    <further lines, which this product never writes>

In this product a log signs under its origin as the key's name. A witness that saw the log grow consistently adds
its own line (C2SP tlog-cosignature, v1: Ed25519 over the time and the whole text).
"""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass

from biotrace.errors import IntegrityError
from biotrace.model.text import Text

from . import ed25519, note
from .keys import DeviceKey
from .merkle import EMPTY_ROOT, HASH_BYTES, MAX_SIZE
from .note import COSIGNATURE, ED25519, Note, VerifierKey

MAX_TIME = 2**63 - 1
"""The latest time that a cosignature may state."""

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
_TIME_BYTES = 8


class CheckpointError(IntegrityError):
    """A signed note that is no checkpoint, is another log's, or lacks witnesses."""

    code = "checkpoint"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A checkpoint as parsed, signatures not verified. ``note`` is the whole, to be kept as evidence."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...]
    note: Note

    def to_bytes(self) -> bytes:
        """The checkpoint as it is published, with all signature lines."""
        return self.note.to_bytes()


@dataclass(frozen=True, slots=True)
class Cosignature:
    """That ``witness`` held the checkpoint for the log's latest at ``time``, seconds since 1970-01-01 UTC."""

    witness: VerifierKey
    time: int


def make(origin: str, size: int, root: bytes, key: DeviceKey) -> Checkpoint:
    """The checkpoint of the log ``origin``, signed by its key. Raises NoteError or CheckpointError."""
    text = f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"
    return _read(note.sign(text, origin, key))


def parse(data: bytes) -> Checkpoint:
    """The checkpoint that ``data``, all of it, is. Raises NoteError or CheckpointError."""
    return _read(note.parse(data))


def verify_log(checkpoint: Checkpoint, log: VerifierKey) -> None:
    """Raise unless the checkpoint is of the log that ``log`` names, and signed by that key.

    CheckpointError for another origin, NoteError where the key did not sign, SignatureError for a bad signature.
    """
    if checkpoint.origin != log.name:
        raise CheckpointError(
            Text(
                f"チェックポイントは {checkpoint.origin} のもので、{log.name} のものではありません",
                f"the checkpoint is of {checkpoint.origin}, not of {log.name}",
            ),
            code="checkpoint-origin",
        )
    note.verify(checkpoint.note, [log])


def cosign(checkpoint: Checkpoint, name: str, key: DeviceKey, at: int) -> Checkpoint:
    """The checkpoint with the cosignature of the witness ``name``, made at ``at``, seconds since 1970-01-01 UTC.

    A witness first verifies the log's signature, and the consistency with what it cosigned before
    (``biotrace.chain.watch``): this only signs.
    """
    witness = VerifierKey(name, COSIGNATURE, key.public)
    if not 0 <= at <= MAX_TIME:
        raise _wrong(Text("連署の時刻が範囲外です", "the time of a cosignature is out of range"))
    signature = key.sign(_cosigned(at, checkpoint.note))
    return _read(note.add_signature(checkpoint.note, witness, at.to_bytes(_TIME_BYTES, "big") + signature))


def verify_cosignatures(
    checkpoint: Checkpoint, witnesses: Sequence[VerifierKey], quorum: int
) -> tuple[Cosignature, ...]:
    """The cosignatures by ``witnesses``, at least ``quorum`` of them; each witness's latest, in their order.

    Whether a time is too old or in the future is the caller's to judge. Raises SignatureError for a bad cosignature by
    one of them, and CheckpointError for too few (``checkpoint-quorum``) or for a policy that means nothing
    (``witness-policy``): no quorum, one that cannot be reached, or one party counted twice.
    """
    check_policy(witnesses, quorum)
    found: list[Cosignature] = []
    for witness in witnesses:
        lines = [line for line in checkpoint.note.signatures if line.is_by(witness)]
        times = [_verified_time(checkpoint.note, witness, line.blob) for line in lines]
        if times:
            found.append(Cosignature(witness, max(times)))
    if len(found) < quorum:
        raise _wrong(
            Text(
                f"{len(witnesses)} の証人のうち {quorum} の連署が要りますが、{len(found)} しかありません",
                f"{quorum} of {len(witnesses)} witnesses must have cosigned it, but {len(found)} did",
            ),
            "checkpoint-quorum",
        )
    return tuple(found)


def check_policy(witnesses: Sequence[VerifierKey], quorum: int) -> None:
    """Raise CheckpointError (``witness-policy``) for a quorum that means nothing.

    A party is one name and one key: whoever has two names, or two keys, must not be counted twice.
    """
    names = {witness.name for witness in witnesses}
    keys = {witness.public for witness in witnesses}
    if len(names) != len(witnesses) or len(keys) != len(witnesses):
        raise _policy(Text("同じ証人が二度挙がっています", "a witness is listed twice"))
    if any(witness.algorithm == ED25519 for witness in witnesses):
        raise _policy(Text("証人の鍵は連署用の鍵です", "a witness's key must be for cosignatures"))
    if not 1 <= quorum <= len(witnesses):
        raise _policy(
            Text(
                f"証人 {len(witnesses)} のうち {quorum} という条件は使えません",
                f"a quorum of {quorum} of {len(witnesses)} witnesses means nothing",
            )
        )


def _read(signed: Note) -> Checkpoint:
    origin, size, root, *extensions = _lines(signed)
    if not _SIZE.fullmatch(size) or int(size) > MAX_SIZE:
        raise _wrong(Text("件数が正しい十進数ではありません", "the size is no proper decimal number"))
    hashed = note.decode_base64(root)
    if len(hashed) != HASH_BYTES:
        raise _wrong(Text("根は32バイトです", "a root has 32 bytes"))
    if size == "0" and hashed != EMPTY_ROOT:
        raise _wrong(Text("空の木の根ではありません", "the size is 0, but this is not the root of an empty tree"))
    return Checkpoint(origin, int(size), hashed, tuple(extensions), signed)


def _lines(signed: Note) -> list[str]:
    lines = signed.text[:-1].split("\n")
    if len(lines) < 3 or not all(lines):
        raise _wrong(Text("三つ以上の空でない行ではありません", "it is not three or more lines, none of them empty"))
    return lines


def _cosigned(at: int, signed: Note) -> bytes:
    """What a witness signs (C2SP tlog-cosignature, "Ed25519 signed message")."""
    return f"cosignature/v1\ntime {at}\n{signed.text}".encode()


def _verified_time(signed: Note, witness: VerifierKey, blob: bytes) -> int:
    if len(blob) != _TIME_BYTES + ed25519.SIGNATURE_BYTES:
        raise ed25519.SignatureError(
            Text(f"{witness.name} の連署は72バイトです", f"the cosignature by {witness.name} has not 72 bytes")
        )
    at = int.from_bytes(blob[:_TIME_BYTES], "big")
    if at > MAX_TIME:
        raise _wrong(Text("連署の時刻が範囲外です", "the time of a cosignature is out of range"))
    note.verify_blob(witness, blob[_TIME_BYTES:], _cosigned(at, signed))
    return at


def _wrong(reason: Text, code: str = CheckpointError.code) -> CheckpointError:
    return CheckpointError(Text("チェックポイント: ", "checkpoint: ") + reason, code=code)


def _policy(reason: Text) -> CheckpointError:
    return CheckpointError(Text("証人の条件: ", "witness policy: ") + reason, code="witness-policy")

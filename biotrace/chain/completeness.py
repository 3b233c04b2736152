"""Completeness: a log's word that these are all its records touching certain lots, at one checkpoint.

What a bundle leaves out, nothing in it shows; only who holds the whole log can say that nothing was left out. The
statement is an envelope (``biotrace.chain.cose``) signed by the log's key: iss is the log's origin, sub "completeness",
iat when it was signed; its payload the deterministic CBOR map {0: version, 1: size, 2: root, 3: lots (record ids,
ascending, none twice), 4: digest, 5: count}. The digest is the SHA-256 over index (8 bytes, big-endian) and id of every
record, by index. Statement version 1.

It is the operator's promise, not a proof: a log that lies here is found out only by who sees a record that was left
out, and then by its own signature. It says nothing of other logs, nor of what was logged after the checkpoint.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import pairwise

from biotrace.errors import IntegrityError, UpdateNeededError
from biotrace.model.text import Text

from . import cbor, cose
from .checkpoint import Checkpoint
from .keys import DeviceKey
from .merkle import HASH_BYTES
from .note import VerifierKey
from .record import ID_BYTES

VERSION = 1
SUBJECT = "completeness"

_VERSION, _SIZE, _ROOT, _LOTS, _DIGEST, _COUNT = range(6)
_INDEX_BYTES = 8


class CompletenessError(IntegrityError):
    """Bytes that are no statement of completeness, or one about something else."""

    code = "completeness"


@dataclass(frozen=True, slots=True)
class Completeness:
    """A statement as parsed; what it says counts only after ``verify``.

    ``origin``: the log's name. ``issued_at``: when it was signed, as the operator says. ``size`` and ``root``: of the
    checkpoint. ``lots``: ids of the records that it is about. ``digest`` and ``count``: of the records that touch them.
    """

    origin: str
    issued_at: int
    size: int
    root: bytes
    lots: tuple[bytes, ...]
    digest: bytes
    count: int
    signed: cose.Signed

    def to_bytes(self) -> bytes:
        """The statement as it travels."""
        return self.signed.envelope


def make(
    key: DeviceKey, checkpoint: Checkpoint, lots: Iterable[bytes], records: Iterable[tuple[int, bytes]], at: int
) -> Completeness:
    """The statement by the log of ``checkpoint``; ``key`` is the log's, ``at`` the time: seconds since 1970-01-01 UTC.

    ``records``: index and id of all records that touch ``lots``. That they are all, only the caller can know. Raises
    CompletenessError for no lots, and for records that no log has.
    """
    about, digest, count = sorted(set(lots)), *_digest(records)
    payload: dict[int, cbor.Value] = {_VERSION: VERSION, _SIZE: checkpoint.size, _ROOT: checkpoint.root}
    payload |= {_LOTS: about, _DIGEST: digest, _COUNT: count}
    return _read(cose.sign(key, checkpoint.origin, SUBJECT, at, cbor.encode(payload)))


def parse(data: bytes) -> Completeness:
    """The statement that ``data``, all of it, is; its signature is not verified.

    Raises UpdateNeededError for a later version, and CompletenessError, EnvelopeError or CborError for anything else.
    """
    return _read(cose.parse(data))


def verify(
    statement: Completeness,
    checkpoint: Checkpoint,
    log: VerifierKey,
    lots: Collection[bytes],
    records: Iterable[tuple[int, bytes]],
) -> None:
    """Raise unless the log states that ``records`` (index and id) are all that touch ``lots``, at ``checkpoint``.

    ``checkpoint``: verified as the log's. Lots beyond those asked for do no harm: their records must then be among
    ``records`` too. Raises SignatureError where another key signed, CompletenessError for everything else.
    """
    if not statement.origin == checkpoint.origin == log.name:
        raise _wrong(Text(f"{log.name} のものではありません", f"not by {log.name}: by {statement.origin}"))
    cose.verify(statement.signed, log.public)
    if (statement.size, statement.root) != (checkpoint.size, checkpoint.root):
        raise _wrong(
            Text(
                f"別のチェックポイントのもの（{statement.size} 件のとき）です",
                f"made at another checkpoint, of size {statement.size}",
            )
        )
    if not lots or not set(lots) <= set(statement.lots):
        raise _wrong(Text("尋ねたロットをすべて挙げてはいません", "it does not name every lot that is asked about"))
    if (statement.digest, statement.count) != _digest(records):
        raise _wrong(
            Text(
                f"述べている {statement.count} 件の記録と、ここにある記録が違います",
                f"the records here are not the {statement.count} that it is about",
            )
        )


def _digest(records: Iterable[tuple[int, bytes]]) -> tuple[bytes, int]:
    """SHA-256 over the records, by index, and how many they are."""
    ordered = sorted(records)
    if any(index < 0 or len(record_id) != ID_BYTES for index, record_id in ordered) or any(
        one[0] == other[0] for one, other in pairwise(ordered)
    ):
        raise _wrong(Text("記録の番号とIDの表ではありません", "these are no records of one log"))
    content = b"".join(index.to_bytes(_INDEX_BYTES, "big") + record_id for index, record_id in ordered)
    return hashlib.sha256(content).digest(), len(ordered)


def _read(signed: cose.Signed) -> Completeness:
    payload = cbor.decode(signed.payload)
    if signed.subject != SUBJECT or not isinstance(payload, dict) or type(payload.get(_VERSION)) is not int:
        raise _wrong(Text("完全性の表明ではありません", "it is no statement of completeness"))
    _check_version(payload)
    match payload:
        case {0: _, 1: int(size), 2: bytes(root), 3: list(lots), 4: bytes(digest), 5: int(count)} if (
            len(payload) == _COUNT + 1
            and size > 0
            and count > 0
            and len(root) == len(digest) == HASH_BYTES
            and lots
            and all(isinstance(lot, bytes) and len(lot) == ID_BYTES for lot in lots)
            and all(one < other for one, other in pairwise(lots))
        ):
            return Completeness(signed.issuer, signed.issued_at, size, root, tuple(lots), digest, count, signed)
    raise _wrong(Text("項目に過不足があるか、形が違います", "a part is missing, unknown or of another form"))


def _check_version(payload: dict[int, cbor.Value]) -> None:
    version = payload[_VERSION]
    if isinstance(version, int) and version > VERSION:
        raise UpdateNeededError(
            Text(
                f"完全性の表明の版 {version} をこの biotrace は知りません",
                f"this biotrace does not know version {version} of statements of completeness",
            ),
            Text("biotrace を更新してください", "update biotrace"),
        )
    if version != VERSION:
        raise _wrong(Text("発行されたことのない版です", "of a version that no release wrote"))


def _wrong(reason: Text) -> CompletenessError:
    return CompletenessError(
        Text("完全性の表明: ", "statement of completeness: ") + reason,
        Text(
            "ログの運営者に、このチェックポイントでの表明を求めてください",
            "ask the log's operator for one at this checkpoint",
        ),
    )

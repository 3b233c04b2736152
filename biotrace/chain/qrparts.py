"""A record that is too large for one QR code, over several: ``BT1P/<k>/<n>/<first 8 of the record id>/<base45>``.

Part *k* of *n* carries a slice of the envelope, so parts can be joined in any order, and those of two records are never
mixed: each names its record, and what was joined must hash to that name.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from biotrace.errors import UnreadableError, UpdateNeededError
from biotrace.model.text import Text

from . import base45, cbor

PART_BYTES = 900
"""The most of the envelope in one part: 1,350 characters and the head."""
MAX_PARTS = (cbor.MAX_BYTES + 1) // PART_BYTES + 1
"""More hold no envelope: a record has at most MAX_BYTES and the tag."""
ID_DIGITS = 8

_PART = re.compile(r"BT1P/([1-9][0-9]*)/([1-9][0-9]*)/([0-9A-F]{8})/([0-9A-Z $%*+\-./:]+)")
_BEGINNING = re.compile(r"BT([1-9][0-9]*)P/")
_ALL_AGAIN = Text(
    "QRコード別紙の全ての枚数をスキャンし、まとめて渡してください",
    "scan every sheet of QR codes and hand all of them over together",
)


@dataclass(frozen=True, slots=True)
class Part:
    """Part ``number`` of ``count``, both from 1, of the record whose id begins with ``record`` (upper-case hex)."""

    number: int
    count: int
    record: str
    data: bytes


def split(envelope: bytes) -> tuple[str, ...]:
    """The texts of all parts, in order; for QR codes in alphanumeric mode.

    As few parts as PART_BYTES allows. All but the last, which is no longer, hold the same even number of bytes.
    """
    record = _digits(envelope)
    count = -(-len(envelope) // PART_BYTES)
    size = -(-len(envelope) // count)
    size += size % 2
    slices = [envelope[i : i + size] for i in range(0, len(envelope), size)]
    heads = (f"BT1P/{number}/{len(slices)}/{record}/" for number in range(1, len(slices) + 1))
    return tuple(head + base45.encode(data) for head, data in zip(heads, slices, strict=True))


def is_part(text: str) -> bool:
    """Whether a scanned text calls itself a part, of whatever version."""
    return _BEGINNING.match(text) is not None


def parse(text: str) -> Part:
    """The part in a scanned text.

    Raises UnreadableError (``qr-part``, ``base45``) where it is none, UpdateNeededError for one of a later version.
    """
    found = _PART.fullmatch(text)
    if found is None:
        if (later := _BEGINNING.match(text)) and int(later.group(1)) > 1:
            raise UpdateNeededError(
                Text(
                    f"QRコードの版 {later.group(1)} をこの biotrace は知りません",
                    f"this biotrace does not know version {later.group(1)} of the QR code",
                ),
                Text("biotrace を更新してください", "update biotrace"),
            )
        raise _no_part()
    number, count = int(found.group(1)), int(found.group(2))
    if not number <= count <= MAX_PARTS:
        raise _no_part()
    return Part(number, count, found.group(3), base45.decode(found.group(4)))


def join(parts: Iterable[Part]) -> tuple[bytes, ...]:
    """The envelopes that all the parts make up, records in the order of their first part; the same part twice is fine.

    Raises UnreadableError: ``qr-parts-missing`` names what is missing of which record, ``qr-parts-differ`` a part of
    which there are two, ``qr-parts-hash`` a record whose parts do not make up what they name.
    """
    records: dict[str, list[Part]] = {}
    for part in parts:
        records.setdefault(part.record, []).append(part)
    return tuple(_joined(record, found) for record, found in records.items())


def missing(parts: Iterable[Part]) -> dict[str, tuple[int, ...]]:
    """By record, the numbers of the parts that are not among these; records that are whole are left out."""
    counts: dict[str, int] = {}
    seen: dict[str, set[int]] = {}
    for part in parts:
        counts[part.record] = max(part.count, counts.get(part.record, 0))
        seen.setdefault(part.record, set()).add(part.number)
    lacking = {record: tuple(sorted({*range(1, counts[record] + 1)} - seen[record])) for record in counts}
    return {record: numbers for record, numbers in lacking.items() if numbers}


def _joined(record: str, parts: list[Part]) -> bytes:
    by_number: dict[int, Part] = {}
    for part in parts:
        if part.count != parts[0].count or by_number.setdefault(part.number, part) != part:
            raise _differ(record, part)
    if numbers := missing(parts).get(record):
        raise _missing(record, parts[0].count, numbers)
    envelope = b"".join(by_number[number].data for number in sorted(by_number))
    if _digits(envelope) != record:
        raise _other_hash(record)
    return envelope


def _digits(envelope: bytes) -> str:
    return hashlib.sha256(envelope).hexdigest()[:ID_DIGITS].upper()


def _no_part() -> UnreadableError:
    return UnreadableError(
        Text("分割QRコードの形式ではありません", "not the form of a part of a QR code"), _ALL_AGAIN, code="qr-part"
    )


def _missing(record: str, count: int, numbers: tuple[int, ...]) -> UnreadableError:
    said = ", ".join(map(str, numbers))
    return UnreadableError(
        Text(
            f"記録 {record} の分割QRコード {count} 個のうち、{said.replace(', ', '、')} 番がありません",
            f"of the {count} QR codes of record {record}, these are missing: {said}",
        ),
        _ALL_AGAIN,
        code="qr-parts-missing",
    )


def _differ(record: str, part: Part) -> UnreadableError:
    return UnreadableError(
        Text(
            f"記録 {record} の分割QRコード {part.number}／{part.count} が、ほかの分割QRコードと食い違います",
            f"QR code {part.number} of {part.count} of record {record} contradicts another one",
        ),
        Text("1件の証明書の紙だけをスキャンし直してください", "scan again the paper of one certificate only"),
        code="qr-parts-differ",
    )


def _other_hash(record: str) -> UnreadableError:
    return UnreadableError(
        Text(
            f"記録 {record} の分割QRコードをつないでも、その記録になりません",
            f"the QR codes of record {record}, joined, do not make up that record",
        ),
        Text(
            "もう一度読み取ってください。同じなら受け取らず、発行者に確かめてください",
            "scan again; if it stays so, do not take it in, and ask the issuer",
        ),
        code="qr-parts-hash",
    )

"""From files to the records in their QR codes; a record printed in parts is put together first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from biotrace.chain import qrparts
from biotrace.chain.qrtext import from_text
from biotrace.chain.record import Record, parse_record
from biotrace.documents.scan import read_qr
from biotrace.errors import IntegrityError, UnreadableError
from biotrace.model.text import Text, same

Files = Sequence[tuple[bytes, str]]
"""Contents, each with the name that stands for it in errors."""


def records_in(files: Files) -> list[Record]:
    """Every record that the files' QR codes hold, each once: whole ones in order, then those printed in parts.

    Of a record in parts all are needed, on whichever pages and in whichever files they are. Raises UnreadableError,
    naming the file: where it shows no code of ours, for a garbled one, and for what parts are missing
    (``biotrace.chain.qrparts.join``).
    """
    envelopes: dict[bytes, str] = {}
    parts: list[tuple[qrparts.Part, str]] = []
    for data, name in files:
        for text in _ours(data, name):
            with _told(name):
                if qrparts.is_part(text):
                    parts.append((qrparts.parse(text), name))
                else:
                    envelopes.setdefault(from_text(text), name)
    names = "、".join(dict.fromkeys(name for _, name in parts))
    for envelope in _joined([part for part, _ in parts], names):
        envelopes.setdefault(envelope, names)
    return [_record(envelope, name) for envelope, name in envelopes.items()]


def _ours(data: bytes, name: str) -> list[str]:
    """The texts that begin as ours do, each once."""
    ours = [text for text in dict.fromkeys(read_qr(data, name)) if text.startswith("BT")]
    if not ours:
        raise UnreadableError(
            Text(f"{name}: biotrace のQRコードではありません", f"{name}: the QR code is not biotrace's"),
            Text("証明書のQRコード全体を写してください", "show the whole QR code of the certificate"),
            code="not-ours",
        )
    return ours


def _joined(parts: Sequence[qrparts.Part], names: str) -> tuple[bytes, ...]:
    try:
        return qrparts.join(parts)
    except UnreadableError as error:
        raise UnreadableError(same(f"{names}: ") + error.message, error.remedy, code=error.code) from None


def _record(envelope: bytes, name: str) -> Record:
    with _told(name):
        return parse_record(envelope)


@contextmanager
def _told(name: str) -> Iterator[None]:
    """Say of which file it is, and that a code may be misread or altered."""
    try:
        yield
    except (UnreadableError, IntegrityError) as error:
        garbled = Text(
            "QRコードの文字が正しくありません。読み違いか、書き換えられています（",
            "the text of the QR code is garbled: misread, or altered (",
        )
        again = Text(
            "もう一度、全体を読み取ってください。同じなら受け取らず、発行者に確かめてください",
            "scan the whole code again; if it stays so, do not take it in, and ask the issuer",
        )
        raise UnreadableError(
            same(f"{name}: ") + garbled + error.message + Text("）", ")"), error.remedy or again, code=error.code
        ) from None

"""From files to the records in their QR codes; a record printed in parts is put together first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from biotrace.chain import qrparts
from biotrace.chain.qrtext import from_text
from biotrace.chain.record import Record, parse_record
from biotrace.documents.scan import read_qr, typed
from biotrace.documents.wedge import Cause, is_ours_spoiled, readings
from biotrace.errors import BiotraceError, IntegrityError, UnreadableError
from biotrace.model.text import Text, same

Files = Sequence[tuple[bytes, str]]
"""Contents, each with the name that stands for it in errors."""
Proven = Callable[[Record], bool]
"""Whether a record's signature verifies under a known key."""


@dataclass(frozen=True, slots=True)
class Read:
    """A record and the files that showed it. ``several``: each of them shows all of it; else they show its parts.

    ``spoiled``: what a hand scanner's keyboard did to it, undone here.
    """

    record: Record
    files: tuple[str, ...]
    several: bool = False
    spoiled: tuple[Cause, ...] = ()


@dataclass(frozen=True, slots=True)
class Unread:
    """A file, or the files of a record's parts, of which nothing could be made."""

    files: tuple[str, ...]
    error: BiotraceError


@dataclass
class _Codes:
    """What was read so far. ``envelopes``: by bytes, the files, each as often as it showed it."""

    envelopes: dict[bytes, list[str]] = field(default_factory=dict)
    spoiled: dict[bytes, tuple[Cause, ...]] = field(default_factory=dict)
    parts: list[tuple[qrparts.Part, str]] = field(default_factory=list)
    in_parts: set[bytes] = field(default_factory=set)

    def take(self, texts: Iterable[str], name: str) -> None:
        """Take a file's texts. Raises UnreadableError, naming it, for a garbled one."""
        whole: list[bytes] = []
        parts: list[qrparts.Part] = []
        with _told(name):
            for text in texts:
                if qrparts.is_part(text):
                    parts.append(qrparts.parse(text))
                else:
                    whole.append(from_text(text))
        for envelope in whole:
            self.envelopes.setdefault(envelope, []).append(name)
        self.parts += ((part, name) for part in parts)

    def join(self, parts: Sequence[tuple[qrparts.Part, str]]) -> None:
        """Put the parts of records together. Raises UnreadableError, naming the files."""
        names = list(dict.fromkeys(name for _, name in parts))
        try:
            envelopes = qrparts.join([part for part, _ in parts])
        except UnreadableError as error:
            raise UnreadableError(
                same("、".join(names) + ": ") + error.message, error.remedy, code=error.code
            ) from None
        for envelope in envelopes:
            if self.envelopes.setdefault(envelope, names) is names:
                self.in_parts.add(envelope)


def records_in(files: Files) -> list[Record]:
    """Every record that the files' QR codes hold, each once: whole ones in order, then those printed in parts.

    Of a record in parts all are needed, on whichever pages and in whichever files they are. Raises UnreadableError,
    naming the file: where it shows no code of ours, for a garbled one, and for what parts are missing
    (``biotrace.chain.qrparts.join``).
    """
    return [read.record for read in read_all(files)]


def read_all(files: Iterable[tuple[bytes, str]], proven: Proven | None = None) -> list[Read]:
    """``records_in`` with the files of each. With ``proven``, what a keyboard spoiled is mended where that is right:
    where each signature then verifies."""
    codes = _Codes()
    for data, name in files:
        _take(codes, data, name, proven)
    if codes.parts:
        codes.join(codes.parts)
    return [_read(codes, envelope) for envelope in codes.envelopes]


def read_each(
    files: Iterable[tuple[str, Callable[[], bytes]]], proven: Proven | None = None
) -> tuple[list[Read], list[Unread]]:
    """The same of many files, each opened when its turn comes; what cannot be read does not keep back the others."""
    codes, unread = _Codes(), list[Unread]()
    for name, opened in files:
        try:
            _take(codes, opened(), name, proven)
        except BiotraceError as error:
            unread.append(Unread((name,), error))
    records: dict[str, list[tuple[qrparts.Part, str]]] = {}
    for part in codes.parts:
        records.setdefault(part[0].record, []).append(part)
    for parts in records.values():
        try:
            codes.join(parts)
        except BiotraceError as error:
            unread.append(Unread(tuple(dict.fromkeys(name for _, name in parts)), error))
    found: list[Read] = []
    for envelope, names in codes.envelopes.items():
        try:
            found.append(_read(codes, envelope))
        except BiotraceError as error:
            unread.append(Unread(tuple(names), error))
    return found, unread


def _take(codes: _Codes, data: bytes, name: str, proven: Proven | None) -> None:
    if proven is not None and (mended := _mended(data, name, proven)) is not None:
        for envelope, causes in mended.items():
            codes.envelopes.setdefault(envelope, []).append(name)
            codes.spoiled[envelope] = causes
    else:
        codes.take(_ours(data, name), name)


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


def _mended(data: bytes, name: str, proven: Proven) -> dict[bytes, tuple[Cause, ...]] | None:
    """The envelopes in a text that a keyboard spoiled, and how; None where it is fine, or no reading is right."""
    lines = typed(data)
    if not lines or not any(map(is_ours_spoiled, lines)):
        return None
    for reading in readings(lines):
        with suppress(BiotraceError):
            codes = _Codes()
            codes.take(dict.fromkeys(reading.texts), name)
            codes.join(codes.parts)
            if all(proven(parse_record(envelope)) for envelope in codes.envelopes):
                return dict.fromkeys(codes.envelopes, reading.causes)
    return None


def _read(codes: _Codes, envelope: bytes) -> Read:
    names = codes.envelopes[envelope]
    with _told("、".join(dict.fromkeys(names))):
        several = len(names) > 1 and envelope not in codes.in_parts
        return Read(parse_record(envelope), tuple(names), several, codes.spoiled.get(envelope, ()))


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

"""What an authority writes before it signs: a trust list as YAML or JSON (format trust-source/1).

Read as strictly as a casebook: nothing is taken that is not understood, and every problem names its line.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from biotrace.chain.keys import PublicKey
from biotrace.chain.note import COSIGNATURE, ED25519, VerifierKey, decode_base64
from biotrace.chain.trust_content import BodyKey, TrustedBody
from biotrace.documents.casebook_amounts import Number
from biotrace.documents.casebook_kinds import Day, Id, Words
from biotrace.documents.casebook_reading import BAD, Key, ListOf, Reading, Record, Tree, found
from biotrace.documents.located import Mapping, Node, Refused, Scalar, load
from biotrace.documents.problems import CasebookErrors, shown
from biotrace.errors import BiotraceError, UnreadableError, UpdateNeededError
from biotrace.model.text import Text, same

from .times import from_local, last_second, local_time

VERSION = "trust-source/1"


@dataclass(frozen=True, slots=True)
class Source:
    """A list to be. One of ``expires`` (its last second) and ``valid_days`` (from its signature) is stated.

    ``authority_keys``: the keys that may sign the next list; empty: the key that signs this one.
    """

    authority: str
    number: int
    expires: int | None = None
    valid_days: int | None = None
    bodies: tuple[TrustedBody, ...] = ()
    logs: tuple[VerifierKey, ...] = ()
    witnesses: tuple[VerifierKey, ...] = ()
    quorum: int | None = None
    authority_keys: tuple[PublicKey, ...] = ()


def read_source(data: bytes, name: str) -> Source:
    """The source in ``data``; ``name`` stands for the file in errors.

    Raises CasebookErrors (an UnreadableError) with every problem of the file, and UpdateNeededError for a version of
    the format that this release does not know.
    """
    if not data.strip():
        raise UnreadableError(same(f"{name}: ") + Text("何も書かれていません", "is empty"), _FIRST_LINE)
    reading = Reading(name)
    root = load(data, name, reading.problems)
    if not isinstance(root, Mapping):
        if not isinstance(root, Refused):
            reading.refuse(root, "", found(root), SOURCE.expected, _FIRST_LINE)
        raise CasebookErrors(reading.problems)
    _check_version(root, reading)
    entries = Mapping(tuple(e for e in root.entries if e[0].text != "biotrace"), root.line, root.column)
    source = SOURCE.read(entries, "", reading)
    if isinstance(source, Source) and (source.expires is None) == (source.valid_days is None):
        message = Text("expires と valid_days はどちらか一方を書きます", "one of expires and valid_days is written")
        reading.refuse(root, "expires", message, _MOMENT)
    if reading.problems or not isinstance(source, Source):
        raise CasebookErrors(reading.problems)
    return source


def public_key(text: str) -> PublicKey:
    """The key in 64 hex digits, or in the base64 of its 32 bytes. Raises BiotraceError for any other text."""
    return PublicKey(bytes.fromhex(text) if re.fullmatch("[0-9A-Fa-f]{64}", text) else decode_base64(text))


def _check_version(root: Mapping, reading: Reading) -> None:
    version = root.get("biotrace")
    if version is None:
        message = Text("「biotrace:」（書式の版）がありません", '"biotrace:" (the version of the format) is missing')
        reading.refuse(root, "biotrace", message, same(VERSION), _FIRST_LINE)
    elif not isinstance(version, Scalar) or not re.fullmatch("trust-source/[0-9]+", version.text):
        reading.refuse(version, "biotrace", found(version), same(VERSION), _FIRST_LINE)
    elif version.text != VERSION:
        raise UpdateNeededError(
            same(f"{reading.file}: ") + Text(f"版 {version.text} を読めません", f"cannot read version {version.text}"),
            Text("biotrace を更新してください", "update biotrace"),
        )


_FIRST_LINE = Text(f"先頭に「biotrace: {VERSION}」と書いてください", f'write "biotrace: {VERSION}" at the top')
_KEY = Text("公開鍵（base64 か、16進数64桁）", "a public key (base64, or 64 hex digits)")
_LOG = Text("ログの検証鍵（名前+ハッシュ+base64）", "the verifier key of a log (name+hash+base64)")
_WITNESS = Text("証人の検証鍵（名前+ハッシュ+base64）", "the verifier key of a witness (name+hash+base64)")
_MOMENT = Text(
    "日付（2027-03-31。その日の終わりまで）か、日本時間の日時（2027-03-31 15:00:00）",
    "a date (2027-03-31, to the end of that day) or a time in Japan (2027-03-31 15:00:00)",
)


@dataclass(frozen=True, slots=True)
class _Written:
    """A key as text. ``into`` raises BiotraceError for what is none."""

    into: Callable[[str], object]
    back: Callable[[Any], str]
    expected: Text

    def read(self, node: Node, path: str, reading: Reading) -> object:
        if not isinstance(node, Scalar):
            return reading.refuse(node, path, found(node), self.expected)
        try:
            return self.into(node.text)
        except BiotraceError as error:
            remedy = Text(
                "写し間違いがないか、元の鍵と見比べてください", "compare it with the key that it was copied from"
            )
            message = shown(node.text) + Text("は鍵として読めません: ", " is no such key: ") + error.message
            return reading.refuse(node, path, message, self.expected, remedy)

    def write(self, value: Any) -> Tree:
        return self.back(value)


@dataclass(frozen=True, slots=True)
class _Moment:
    """A time, kept in seconds. A day stands for its last second."""

    expected: Text = _MOMENT

    def read(self, node: Node, path: str, reading: Reading) -> object:
        if isinstance(node, Scalar):
            try:
                return from_local(node.text)
            except ValueError:
                pass  # then it is a day, or Day says why it is none
        day = Day(expected=self.expected).read(node, path, reading)
        return last_second(day) if isinstance(day, date) else BAD

    def write(self, value: int) -> Tree:
        return local_time(value)


def _vkey(algorithm: int) -> Callable[[str], VerifierKey]:
    def read(text: str) -> VerifierKey:
        key = VerifierKey.parse(text)
        if key.algorithm != algorithm:
            raise UnreadableError(
                Text("ログと証人の鍵は種類が違います", "logs and witnesses have keys of another type")
            )
        return key

    return read


def _whole(low: int, high: int) -> Number:
    return Number(Text(f"{low}以上{high:,}以下の整数", f"a whole number from {low} to {high:,}"), low, high)


_PUBLIC = _Written(public_key, lambda key: base64.b64encode(key.raw).decode(), _KEY)
BODY = Record(
    TrustedBody,
    (
        Key("id", Id("bodies"), "party"),
        Key("name", Words()),
        Key("code_from", Day()),
        Key("keys", ListOf(Record(BodyKey, (Key("key", _PUBLIC, "public"), Key("until", _Moment()))))),
    ),
)
SOURCE = Record(
    Source,
    (
        Key("authority", Words()),
        Key("number", _whole(1, 999_999_999)),
        Key("expires", _Moment()),
        Key("valid_days", _whole(1, 3_650)),
        Key("bodies", ListOf(BODY)),
        Key("logs", ListOf(_Written(_vkey(ED25519), str, _LOG))),
        Key("witnesses", ListOf(_Written(_vkey(COSIGNATURE), str, _WITNESS))),
        Key("quorum", _whole(1, 100)),
        Key("authority_keys", ListOf(_PUBLIC, some=True)),
    ),
)

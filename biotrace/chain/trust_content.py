"""What a trust list says, and its one byte form: the payload of ``biotrace.chain.trust_list``.

{0: version, 1: number, 2: expires, 3: [body, …], 4: [log, …], 5: [witness, …], 6: quorum, 7: [authority key, …]},
a body being {1: party id, 2: name, 3: [{1: public key, 2: until}, …], 4: code_from}.

A list says one thing in one way: everything is in ascending order, and what is empty or not stated is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from biotrace.errors import IntegrityError, UpdateNeededError
from biotrace.model.text import Text

from . import cbor, ed25519
from .checkpoint import check_policy
from .keys import PublicKey
from .note import ED25519, VerifierKey

VERSION = 1
MAX_BODIES, MAX_KEYS, MAX_NOTES, MAX_AUTHORITY = 1_000, 16, 100, 16
"""How many bodies, keys of one body, logs or witnesses, and authority keys a list may name."""
MAX_NAME_BYTES = 256
MAX_TIME = 253_370_764_799
"""9998-12-31T23:59:59Z: later seconds have no calendar date in every time zone."""

_VERSION, _NUMBER, _EXPIRES, _BODIES, _LOGS, _WITNESSES, _QUORUM, _AUTHORITY = range(8)
_EPOCH = date(1970, 1, 1).toordinal()
# Control characters, and those that turn the direction of writing: a name must show as what it is.
_NOT_IN_NAMES = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


class TrustListError(IntegrityError):
    """Bytes that are no trust list of this format, or content that no list can have."""

    code = "trust-list"


@dataclass(frozen=True, slots=True)
class BodyKey:
    """A key of an accrediting body. What was logged after ``until`` (seconds since 1970-01-01 UTC) does not count."""

    public: PublicKey
    until: int | None = None


@dataclass(frozen=True, slots=True)
class TrustedBody:
    """An accrediting body. ``code_from``: the day its code of conduct began. Without keys it signs nothing itself."""

    party: str
    name: str
    keys: tuple[BodyKey, ...] = ()
    code_from: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What a list says. ``number``: from 1, one higher in each new list or more. ``expires``: the last second of it.

    ``logs``: keys that sign checkpoints and receipts, under the log's origin. ``witnesses``: keys for cosignatures, of
    which ``quorum`` must have signed a checkpoint; None where there are none. ``authority``: keys that may sign the
    next list.
    """

    number: int
    expires: int
    authority: tuple[PublicKey, ...]
    bodies: tuple[TrustedBody, ...] = ()
    logs: tuple[VerifierKey, ...] = ()
    witnesses: tuple[VerifierKey, ...] = ()
    quorum: int | None = None


def encode(contents: Contents) -> bytes:
    """The payload that says ``contents``, in whatever order they come; ``decode`` judges whether a list may say it."""
    parts: dict[int, cbor.Value] = {
        _VERSION: VERSION,
        _NUMBER: contents.number,
        _EXPIRES: contents.expires,
        _AUTHORITY: sorted(key.raw for key in contents.authority),
    }
    lists: dict[int, list[cbor.Value]] = {
        _BODIES: [_body_map(body) for body in sorted(contents.bodies, key=lambda body: body.party)],
        _LOGS: _vkeys(contents.logs),
        _WITNESSES: _vkeys(contents.witnesses),
    }
    parts |= {key: items for key, items in lists.items() if items}
    if contents.quorum is not None:
        parts[_QUORUM] = contents.quorum
    return cbor.encode(dict(sorted(parts.items())))


def decode(payload: bytes) -> Contents:
    """What the payload says.

    Raises IntegrityError, most often a TrustListError, for any other form, and UpdateNeededError for another version.
    """
    parts = _checked_map(payload)
    found = Contents(
        number=_integer(parts, _NUMBER),
        expires=_integer(parts, _EXPIRES),
        authority=tuple(_public(raw) for raw in _items(parts, _AUTHORITY, MAX_AUTHORITY)),
        bodies=tuple(_body(item) for item in _items(parts, _BODIES, MAX_BODIES)),
        logs=tuple(_verifier(vkey) for vkey in _items(parts, _LOGS, MAX_NOTES)),
        witnesses=tuple(_verifier(vkey) for vkey in _items(parts, _WITNESSES, MAX_NOTES)),
        quorum=_integer(parts, _QUORUM) if _QUORUM in parts else None,
    )
    _check(found)
    # Whatever is left out when it says nothing is settled here, and everything else that has only one right form.
    if encode(found) != payload:
        raise wrong(Text("決まった形で書かれていません", "it is not in its one canonical form"))
    return found


def check_name(text: str) -> None:
    """Raise TrustListError for what cannot be shown as the id or name of a party."""
    if not text or _NOT_IN_NAMES.search(text) or len(text.encode()) > MAX_NAME_BYTES:
        raise wrong(
            Text(
                f"ID・名称は {MAX_NAME_BYTES} バイトまでの1行の文字です",
                f"an id or name is one line of at most {MAX_NAME_BYTES} bytes",
            )
        )


def wrong(reason: Text) -> TrustListError:
    """The refusal of a list for ``reason``."""
    return TrustListError(
        Text("信頼リスト: ", "trust list: ") + reason,
        Text("正しいリストを発行元に求めてください", "ask its authority for a proper list"),
    )


def _body_map(body: TrustedBody) -> cbor.Value:
    out: dict[int, cbor.Value] = {1: body.party, 2: body.name}
    if body.keys:
        out[3] = [
            {1: key.public.raw} | ({} if key.until is None else {2: key.until})
            for key in sorted(body.keys, key=lambda key: key.public.raw)
        ]
    if body.code_from is not None:
        out[4] = body.code_from.toordinal() - _EPOCH
    return out


def _vkeys(keys: Iterable[VerifierKey]) -> list[cbor.Value]:
    return [str(key) for key in sorted(keys, key=lambda key: key.name)]


def _checked_map(payload: bytes) -> dict[int, cbor.Value]:
    """The payload's map, of this version, with every part it must have and none that is unknown."""
    parts = cbor.decode(payload)
    if not isinstance(parts, dict) or type(parts.get(_VERSION)) is not int:
        raise wrong(Text("版がありません", "it states no version"))
    if parts[_VERSION] != VERSION:
        raise UpdateNeededError(
            Text(
                f"信頼リストの版 {parts[_VERSION]} をこの biotrace は知りません",
                f"this biotrace does not know trust list version {parts[_VERSION]}",
            ),
            Text("biotrace を更新してください", "update biotrace"),
        )
    if not {_NUMBER, _EXPIRES, _AUTHORITY} <= parts.keys() <= set(range(_AUTHORITY + 1)):
        raise wrong(Text("項目に過不足があります", "a part is missing or unknown"))
    return parts


def _items(parts: Mapping[Any, Any], key: int, most: int) -> list[cbor.Value]:
    items = parts.get(key, [])
    if not isinstance(items, list) or len(items) > most:
        raise wrong(Text(f"項目 {key} は {most} 件以下の列です", f"part {key} is a list of at most {most}"))
    return items


def _integer(parts: Mapping[Any, Any], key: int) -> int:
    value = parts[key]
    if not isinstance(value, int):
        raise wrong(Text(f"項目 {key} は整数です", f"part {key} is an integer"))
    return value


def _body(value: cbor.Value) -> TrustedBody:
    match value:
        case {1: str(party), 2: str(name), **rest} if rest.keys() <= {3, 4}:
            keys = tuple(_body_key(key) for key in _items(rest, 3, MAX_KEYS))
            code_from = _day(_integer(rest, 4)) if 4 in rest else None
            check_name(party)
            check_name(name)
            return TrustedBody(party, name, keys, code_from)
    raise wrong(Text("認定団体の項目に過不足があります", "an accrediting body has a part missing or unknown"))


def _body_key(value: cbor.Value) -> BodyKey:
    match value:
        case {1: bytes(raw), **rest} if rest.keys() <= {2}:
            return BodyKey(_public(raw), _integer(rest, 2) if rest else None)
    raise wrong(Text("鍵の項目に過不足があります", "a body's key has a part missing or unknown"))


def _public(raw: cbor.Value) -> PublicKey:
    if not isinstance(raw, bytes):
        raise wrong(Text("鍵がバイト列ではありません", "a key is no byte string"))
    try:
        return PublicKey(raw)
    except ed25519.SignatureError as error:
        raise wrong(error.message) from None


def _verifier(vkey: cbor.Value) -> VerifierKey:
    if not isinstance(vkey, str):
        raise wrong(Text("ログ・証人の鍵は文字列です", "the key of a log or witness is text"))
    try:
        return VerifierKey.parse(vkey)
    except IntegrityError as error:
        raise wrong(error.message) from None


def _day(number: int) -> date:
    try:
        return date.fromordinal(_EPOCH + number)
    except (ValueError, OverflowError):
        raise wrong(Text(f"{number} 日目という日付はありません", f"no date has the number {number}")) from None


def _check(found: Contents) -> None:
    """What holds between the parts of a list."""
    if found.number < 1:
        raise wrong(Text("番号は1からです", "numbers begin with 1"))
    if not 0 <= found.expires <= MAX_TIME:
        raise wrong(Text("有効期限が時刻ではありません", "it expires at what is no time"))
    if not found.authority:
        raise wrong(Text("次のリストに署名できる鍵がありません", "it names no key that may sign the next list"))
    _check_bodies(found.bodies)
    _ascending([key.raw for key in found.authority], Text("発行元の鍵", "authority keys"))
    _ascending([log.name for log in found.logs], Text("ログ", "logs"))
    _ascending([witness.name for witness in found.witnesses], Text("証人", "witnesses"))
    if any(log.algorithm != ED25519 for log in found.logs):
        raise wrong(Text("ログの鍵は本文に署名する鍵です", "a log's key must be one that signs text"))
    _once([log.public.raw for log in found.logs])
    _check_witnesses(found)


def _check_bodies(bodies: Sequence[TrustedBody]) -> None:
    _ascending([body.party for body in bodies], Text("認定団体", "bodies"))
    for body in bodies:
        _ascending([key.public.raw for key in body.keys], Text("認定団体の鍵", "keys of a body"))
    keys = [key for body in bodies for key in body.keys]
    _once([key.public.raw for key in keys])
    if not all(0 <= key.until <= MAX_TIME for key in keys if key.until is not None):
        raise wrong(Text("鍵の期限が時刻ではありません", "a key ends at what is no time"))


def _check_witnesses(found: Contents) -> None:
    if not found.witnesses:
        if found.quorum is not None:
            raise wrong(Text("証人がいないのに必要数があります", "a quorum of no witnesses"))
        return
    try:
        check_policy(found.witnesses, found.quorum or 0)
    except IntegrityError as error:
        raise wrong(error.message) from None
    names, keys = {log.name for log in found.logs}, {log.public for log in found.logs}
    if any(witness.name in names or witness.public in keys for witness in found.witnesses):
        raise wrong(Text("ログ自身が証人になっています", "a log is its own witness"))


def _ascending(values: Sequence[str] | Sequence[bytes], what: Text) -> None:
    if any(first >= second for first, second in pairwise(values)):  # type: ignore[operator]  # both of one type
        raise wrong(what + Text("が昇順でないか、二度挙がっています", " are out of order, or one is listed twice"))


def _once(keys: Sequence[bytes]) -> None:
    if len(set(keys)) != len(keys):
        raise wrong(Text("同じ鍵が二度挙がっています", "a key is listed twice"))

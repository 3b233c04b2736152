"""Bundles: all that a receiver needs to check lots without the network, in one file. Bundle version 1.

``MAGIC``, then a map in the profile of ``biotrace.chain.cbor``, then the SHA-256 of all that comes before it; at most
MAX_BYTES. The map, with 4 to 7 absent where there is nothing to say:

{0: version, 1: made at, 2: ids of the records that it is about, 3: logs, 4: trust list, 5: files,
6: [[record id, field's code, salt, value], …], 7: party id of the receiver, required with 6}.

A log: {0: verifier key, 1: checkpoint, 2: [[size, root, consistency proof], …] by size, 3: [[index, envelope,
receipt], …] by index, from index 0, 4: statement of completeness, or absent}. All lists are sets and ascend: ids as
they are, logs by the text of their keys, files by their SHA-256, disclosures by their first three parts.

The hash holds no secret and proves nothing: it tells a damaged file from a forged one. Nothing else of the frame is
signed either, neither ``made_at`` nor ``to``; what the parts prove is said by ``biotrace.chain.bundle_check``. Magic,
hash and the place of the version stay as they are in all versions.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from itertools import pairwise
from typing import Any, TypeVar

from biotrace.errors import UnreadableError, UpdateNeededError
from biotrace.model.private import PrivateField
from biotrace.model.text import Text

from . import cbor, checkpoint
from .bundled import Bundle, BundledRecord, BundleError, History, LogPart, wrong
from .codes import code_of, member_of
from .cose import MAX_NAME_BYTES, MAX_TIME
from .disclosure import Disclosure
from .merkle import HASH_BYTES
from .note import ED25519, VerifierKey
from .record import ID_BYTES

MAGIC = b"biotrace bundle\n"
VERSION = 1
MAX_BYTES = 64 << 20
MAX_ITEMS = 1 << 20
"""How many CBOR items the map may hold, all in all: some 200,000 records."""

_VERSION, _MADE_AT, _ABOUT, _LOGS, _TRUST, _FILES, _DISCLOSURES, _TO = range(8)
_KEY, _CHECKPOINT, _HISTORY, _RECORDS, _COMPLETE = range(5)
_HASH_LENGTH = 32

T = TypeVar("T")


def make(bundle: Bundle) -> bytes:
    """The file's bytes; what is a set is put in order. Raises IntegrityError for what ``parse`` would refuse."""
    value = _to_cbor(bundle)
    _bundle(value)
    try:
        content = MAGIC + cbor.encode(value, max_bytes=MAX_BYTES - len(MAGIC) - _HASH_LENGTH)
    except cbor.CborError as error:
        raise _too_large() if error.code == "cbor-size" else error from None
    cbor.check_items(content[len(MAGIC) :], MAX_ITEMS)
    return content + hashlib.sha256(content).digest()


def parse(data: bytes) -> Bundle:
    """The bundle that ``data``, all of it, is. Nothing is verified but the hash: see ``biotrace.chain.bundle_check``.

    Raises UnreadableError for a damaged file (``bundle-damaged``) or another (``bundle-foreign``), UpdateNeededError
    for a later version, and IntegrityError where the content has any other form.
    """
    if not data.startswith(MAGIC):
        raise UnreadableError(
            Text("biotrace の受け渡しファイルではありません", "this is no bundle of biotrace"),
            Text("biotrace が作った受け渡しファイルを指定してください", "name a bundle that biotrace made"),
            code="bundle-foreign",
        )
    if len(data) > MAX_BYTES:
        raise _too_large()
    content, digest = data[:-_HASH_LENGTH], data[-_HASH_LENGTH:]
    if hashlib.sha256(content).digest() != digest:
        raise UnreadableError(
            Text("受け渡しファイルが壊れているか、途中で切れています", "the bundle is damaged, or ends early"),
            Text("送った人に、もう一度送ってもらってください", "ask the sender to send it again"),
            code="bundle-damaged",
        )
    try:
        value = cbor.decode(content[len(MAGIC) :], max_bytes=MAX_BYTES, max_items=MAX_ITEMS)
    except cbor.CborError as error:
        raise wrong(error.message, code=error.code) from None
    return _bundle(value)


def _too_large() -> BundleError:
    limit = MAX_BYTES >> 20
    return wrong(
        Text(f"{limit} MiB を超えています", f"it is larger than {limit} MiB"),
        Text("書類を減らすか、ロットごとに分けてください", "leave documents out, or make one bundle for each lot"),
        code="bundle-size",
    )


def _to_cbor(bundle: Bundle) -> dict[int, cbor.Value]:
    logs = [_log_to_cbor(part) for part in sorted(bundle.logs, key=lambda part: str(part.key))]
    value: dict[int, cbor.Value] = {_VERSION: VERSION, _MADE_AT: bundle.made_at}
    value |= {_ABOUT: sorted(bundle.about), _LOGS: logs}
    if bundle.trust_list is not None:
        value[_TRUST] = bundle.trust_list
    if bundle.files:
        files: list[bytes] = sorted(bundle.files, key=_sha256)
        value[_FILES] = files
    if bundle.disclosures:
        shown = sorted(bundle.disclosures, key=_place)
        value[_DISCLOSURES] = [(d.record_id, code_of(d.field), d.salt, d.value) for d in shown]
    if bundle.to is not None:
        value[_TO] = bundle.to
    return value


def _log_to_cbor(part: LogPart) -> cbor.Value:
    history = sorted(part.history, key=lambda tree: tree.size)
    records = sorted(part.records, key=lambda record: record.index)
    value: dict[int, cbor.Value] = {_KEY: str(part.key), _CHECKPOINT: part.checkpoint.to_bytes()}
    value[_HISTORY] = [(tree.size, tree.root, tree.proof) for tree in history]
    value[_RECORDS] = [(record.index, record.envelope, record.receipt) for record in records]
    if part.completeness is not None:
        value[_COMPLETE] = part.completeness
    return value


def _bundle(value: cbor.Value) -> Bundle:
    parts = _checked_map(value)
    bundle = Bundle(
        made_at=_time(parts[_MADE_AT]),
        about=_set(parts[_ABOUT], _id, lambda record_id: record_id),
        logs=_set(parts[_LOGS], _log, lambda part: str(part.key)),
        trust_list=_optional(parts, _TRUST, _content),
        files=_optional(parts, _FILES, lambda files: _set(files, _content, _sha256)) or (),
        disclosures=_optional(parts, _DISCLOSURES, lambda shown: _set(shown, _disclosure, _place)) or (),
        to=_optional(parts, _TO, _party),
    )
    if not bundle.logs or len({part.key.name for part in bundle.logs}) != len(bundle.logs):
        raise wrong(Text("ログがないか、同じ名前のログが二つあります", "it has no log, or two of one name"))
    if bundle.disclosures and bundle.to is None:
        raise wrong(Text("非公開項目を誰に開示するのか書かれていません", "it discloses private fields to nobody named"))
    return bundle


def _checked_map(value: cbor.Value) -> dict[int, Any]:
    parts = _keyed(value, {_VERSION}, None)
    version = parts[_VERSION]
    if type(version) is not int or version < VERSION:
        raise wrong(Text("発行されたことのない版です", "of a version that no release wrote"))
    if version > VERSION:
        raise UpdateNeededError(
            Text(
                f"受け渡しファイルの版 {version} をこの biotrace は知りません",
                f"this biotrace does not know bundle version {version}",
            ),
            Text("biotrace を更新してください", "update biotrace"),
        )
    return _keyed(value, {_VERSION, _MADE_AT, _ABOUT, _LOGS}, {_TRUST, _FILES, _DISCLOSURES, _TO})


def _log(value: cbor.Value) -> LogPart:
    parts = _keyed(value, {_KEY, _CHECKPOINT, _HISTORY, _RECORDS}, {_COMPLETE})
    match parts[_KEY], parts[_CHECKPOINT]:
        case str(text), bytes(shown):
            key = VerifierKey.parse(text)
        case _:
            raise _misshapen()
    part = LogPart(
        key=key,
        checkpoint=checkpoint.parse(shown),
        history=_set(parts[_HISTORY], _history, lambda tree: tree.size),
        records=_set(parts[_RECORDS], _record, lambda record: record.index),
        completeness=_optional(parts, _COMPLETE, _content),
    )
    if key.algorithm != ED25519:
        raise wrong(Text(f"{key.name} の鍵はログの鍵ではありません", f"the key of {key.name} is no log's key"))
    if not part.records or part.records[0].index != 0:
        # Without the record that binds the first root key nobody's authority could be judged.
        raise wrong(
            Text(f"{key.name} の最初の記録がありません", f"the first record of {key.name} is missing"),
            code="bundle-root",
        )
    return part


def _history(value: cbor.Value) -> History:
    match value:
        case [int(size), bytes(root), [*proof]] if size > 0 and len(root) == HASH_BYTES:
            return History(size, root, tuple(_id(step) for step in proof))
    raise _misshapen()


def _record(value: cbor.Value) -> BundledRecord:
    match value:
        case [int(index), bytes(envelope), bytes(receipt)] if index >= 0:
            return BundledRecord(index, envelope, receipt)
    raise _misshapen()


def _disclosure(value: cbor.Value) -> Disclosure:
    match value:
        case [bytes(record_id), int(code), bytes(salt), int(said) | str(said)]:
            field = member_of(PrivateField, code)
            if field is not None:
                return Disclosure(record_id, field, salt, said)
    raise _misshapen()


def _place(disclosure: Disclosure) -> tuple[bytes, int, bytes]:
    return disclosure.record_id, code_of(disclosure.field), disclosure.salt


def _keyed(value: cbor.Value, required: set[int], optional: set[int] | None) -> dict[int, Any]:
    """A map with these keys; None: and any others."""
    if not isinstance(value, dict) or not required <= value.keys():
        raise _misshapen()
    if optional is not None and not value.keys() <= required | optional:
        raise _misshapen()
    return value


def _optional(parts: dict[int, Any], key: int, read: Callable[[Any], T]) -> T | None:
    """A part that is left out where it says nothing, so that a bundle has one form."""
    if key not in parts:
        return None
    if not parts[key]:
        raise _misshapen()
    return read(parts[key])


def _set(value: object, read: Callable[[Any], T], key: Callable[[T], Any]) -> tuple[T, ...]:
    """The items of a list that ascend by ``key``, none twice."""
    if not isinstance(value, list | tuple):
        raise _misshapen()
    items = tuple(read(item) for item in value)
    if any(not one < other for one, other in pairwise(key(item) for item in items)):
        raise wrong(Text("並び順が違うか、同じものが二度あります", "a list out of order, or with something twice"))
    return items


def _id(value: object) -> bytes:
    if isinstance(value, bytes) and len(value) == ID_BYTES:
        return value
    raise _misshapen()


def _content(value: object) -> bytes:
    if isinstance(value, bytes):
        return value
    raise _misshapen()


def _time(value: object) -> int:
    if isinstance(value, int) and 0 <= value <= MAX_TIME:
        return value
    raise _misshapen()


def _party(value: object) -> str:
    """As in an envelope: it is shown to people, so no control characters."""
    if not isinstance(value, str) or any(c < " " or c == "\x7f" for c in value):
        raise _misshapen()
    if len(value.encode("utf-8", "surrogatepass")) > MAX_NAME_BYTES:
        raise _misshapen()
    return value


def _sha256(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


def _misshapen() -> BundleError:
    return wrong(Text("項目に過不足があるか、形が違います", "a part is missing, unknown or of another form"))

"""The keys of a workspace's ledger: which there are, a new one for this machine, the end of a lost or leaked one."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from biotrace.chain.binding import binding_of
from biotrace.chain.keys import DeviceKey, PublicKey
from biotrace.chain.kinds import KeyBinding, KeyEnd, KeyEndReason, RecordKind
from biotrace.chain.record import Record
from biotrace.errors import UsageError
from biotrace.model.text import Text

from .files import staged, write_over
from .find import find_party
from .key_files import FOLDER, KeyName, check_new_password, sealed
from .ledger_case import Reading, read_ledger
from .logged import Logged, parties_of
from .times import day_of
from .trust import FILE as TRUST
from .trust import key_text, trust_bytes, trust_of
from .workspace import Workspace

LEAST_DIGITS = 6
"""How much of a key's name has to be given."""


@dataclass(frozen=True, slots=True)
class KeyStatus:
    """A key that the ledger knows. ``party``: id; ``name``: its party's. ``bound``: index and day of its binding.

    ``until``: the index from which on it does not count, None while it does; ``reason``: why. ``signed``: how many
    records it signed; ``void``: how many of them count no longer. ``here``: which key file holds it.
    """

    kid: str
    party: str
    name: str
    root: bool
    bound: int
    day: date
    until: int | None
    reason: KeyEndReason | None
    signed: int
    void: int
    here: KeyName | None


@dataclass(frozen=True, slots=True)
class Ended:
    """The end of a key, logged or rehearsed. ``void``: records, by position, that count no longer."""

    key: KeyStatus
    first: int
    void: tuple[Logged, ...]
    new: str | None = None


def list_keys(workspace: Workspace) -> tuple[KeyStatus, ...]:
    """All keys of the ledger, in the order in which they were bound."""
    return _statuses(workspace, read_ledger(workspace.ledger))


def find_key(keys: Sequence[KeyStatus], text: str) -> KeyStatus:
    """The key whose name begins with ``text``. Raises UsageError where there is none, or more than one."""
    found = [k for k in keys if len(text) >= LEAST_DIGITS and k.kid.startswith(text.lower())]
    if len(found) != 1:
        raise UsageError(
            Text(f"鍵「{text}」は台帳に{len(found)}件あります", f"the ledger has {len(found)} keys {text}"),
            Text(
                f"biotrace key list で鍵の番号を確かめ、{LEAST_DIGITS}文字以上で指定してください",
                f"see biotrace key list, and give {LEAST_DIGITS} or more digits",
            ),
            code="no-such-key",
        )
    return found[0]


def replace_device_key(workspace: Workspace, reason: KeyEndReason, since: date | None = None) -> Ended | str:
    """Bind a new key for this machine and end the one that it had: an Ended; or, where it had none, the new key's name.

    ``since``: nothing counts that the old key signed and the log took on that day or later; None: from now on. The
    old key's file is replaced. Raises as ``KeyFiles.get`` does for the root key.
    """
    reading = read_ledger(workspace.ledger)
    keys = _statuses(workspace, reading)
    old = next((k for k in keys if k.here is KeyName.DEVICE and k.until is None), None)
    root, now, key = workspace.root(), workspace.clock(), DeviceKey.generate()
    owner = find_party(parties_of(reading.logged).values(), workspace.party)
    binding = KeyBinding(key.public.raw, workspace.party, owner.name)
    records = [root.sign(RecordKind.KEY, f"key:{workspace.party}", binding, now)]
    first = _first(reading, since, len(workspace.ledger) + 1)
    if old is not None:
        first = max(first, old.bound + 1)
        records.append(root.sign(RecordKind.KEY_END, f"end:{old.kid}", _end(old, first, reason), now))
    public = workspace.folder / FOLDER / KeyName.DEVICE.public_file
    with (
        staged(workspace.keys.path(KeyName.DEVICE), sealed(key, workspace.keys.password()), private=True),
        staged(public, key_text(key.public)),
    ):
        workspace.log(records, now)
    workspace.keys.use(KeyName.DEVICE, key)
    refresh_trust(workspace)
    return key.kid.hex() if old is None else Ended(old, first, _void(reading, old, first), key.kid.hex())


def end_key(
    workspace: Workspace, text: str, reason: KeyEndReason, since: date | None = None, *, rehearse: bool = False
) -> Ended:
    """End any key but the root's own: see ``replace_device_key``.

    ``rehearse``: sign nothing, and tell what would count no longer.
    """
    reading = read_ledger(workspace.ledger)
    key = find_key(_statuses(workspace, reading), text)
    first = max(_first(reading, since, len(workspace.ledger)), key.bound + 1)
    ended = Ended(key, first, _void(reading, key, first))
    if rehearse:
        return ended
    root, now = workspace.root(), workspace.clock()
    workspace.log([root.sign(RecordKind.KEY_END, f"end:{key.kid}", _end(key, first, reason), now)], now)
    refresh_trust(workspace)
    return ended


def bind_key(workspace: Workspace, public: PublicKey, party: str) -> KeyStatus:
    """Bind another party's, or another machine's, key. Raises UsageError for a party that the ledger does not know."""
    reading = read_ledger(workspace.ledger)
    owner = find_party(parties_of(reading.logged).values(), party)
    if (bound := workspace.ledger.bound_key(public.kid)) is not None:
        raise UsageError(
            Text(
                f"鍵 {public.kid.hex()} はすでに {bound.party} に登録されています",
                f"key {public.kid.hex()} is already bound, to {bound.party}",
            ),
            Text("別の端末なら、その端末の鍵を指定してください", "name the key of another machine"),
            code="key-bound",
        )
    root, now = workspace.root(), workspace.clock()
    binding = KeyBinding(public.raw, owner.id, owner.name)
    workspace.log([root.sign(RecordKind.KEY, f"key:{owner.id}", binding, now)], now)
    refresh_trust(workspace)
    return find_key(list_keys(workspace), public.kid.hex())


def change_password(workspace: Workspace, new: str) -> tuple[KeyName, ...]:
    """Seal every key that is here under a new password. Raises as ``KeyFiles.get`` does, before anything is changed."""
    check_new_password(new)
    here = [name for name in KeyName if workspace.keys.path(name).is_file()]
    data = {name: sealed(workspace.keys.get(name), new) for name in here}
    with contextlib.ExitStack() as stack:
        for name, content in data.items():
            stack.enter_context(staged(workspace.keys.path(name), content, private=True))
    return tuple(here)


def _statuses(workspace: Workspace, reading: Reading) -> tuple[KeyStatus, ...]:
    files = {name: workspace.keys.public(name) for name in KeyName}
    here = {public.kid: name for name, public in files.items() if public is not None}
    parties = parties_of(reading.logged)
    signed: dict[bytes, list[int]] = {}
    for entry in reading.logged:
        signed.setdefault(entry.record.kid, []).append(entry.position)
    reasons = {e.record.body.kid: e.record.body.reason for e in reading.logged if isinstance(e.record.body, KeyEnd)}
    keys = []
    for entry in reading.logged:
        binding = binding_of(entry.record, entry.position)
        if binding is None or not entry.sound:
            continue
        kid, key = binding
        until = workspace.ledger.counts_until(kid)
        known = parties.get(key.party)
        keys.append(
            KeyStatus(
                kid=kid.hex(),
                party=key.party,
                name=known.name if known is not None else _name_in(entry.record),
                root=key.root,
                bound=entry.position,
                day=day_of(entry.logged_at),
                until=until,
                reason=reasons.get(kid),
                signed=len(signed.get(kid, ())),
                void=sum(until is not None and position >= until for position in signed.get(kid, ())),
                here=here.get(kid),
            )
        )
    return tuple(keys)


def _name_in(record: Record) -> str:
    return record.body.name if isinstance(record.body, KeyBinding) else "—"


def _first(reading: Reading, since: date | None, now: int) -> int:
    """The index from which on a key does not count: of the first entry logged on ``since`` or later, or now's."""
    if since is None:
        return now
    return next((e.position for e in reading.logged if day_of(e.logged_at) >= since), now)


def _end(key: KeyStatus, first: int, reason: KeyEndReason) -> KeyEnd:
    return KeyEnd(bytes.fromhex(key.kid), first, reason)


def _void(reading: Reading, key: KeyStatus, first: int) -> tuple[Logged, ...]:
    return tuple(e for e in reading.logged if e.record.kid.hex() == key.kid and e.position >= first)


def refresh_trust(workspace: Workspace) -> None:
    """Write the workspace's trust file anew, after who counts in its log has changed."""
    write_over(workspace.folder / TRUST, trust_bytes(trust_of(read_ledger(workspace.ledger).logged), workspace.clock()))

"""A workspace: a folder with one party's device key, its ledger and its log's key, and the keys it shows to others."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self

from biotrace.chain.disclosure import Disclosure
from biotrace.chain.keys import DeviceKey
from biotrace.chain.kinds import KeyBinding, RecordKind
from biotrace.chain.record import Record, Signer
from biotrace.errors import BiotraceError, IntegrityError, UsageError
from biotrace.model.party import Party
from biotrace.model.text import Text, same
from biotrace.store.ledger import Entry, Ledger, LogKey

from .files import write_new
from .key_files import FOLDER as KEYS
from .key_files import KeyFiles, KeyName, Password, check_new_password, no_password
from .log_own import remember_own, require_own
from .logged import Logged
from .private_fields import seal_party
from .settings import LEDGER, Settings, read_settings, write_settings
from .sign_accreditations import plan
from .trust import FILE as TRUST
from .trust import key_text, trust_bytes, trust_of

Clock = Callable[[], int]
"""Seconds since 1970-01-01 UTC. Passed in, so that tests and the demo choose the time."""

_OVERTAKEN = frozenset({"chain-taken", "chain-gap", "chain-prev", "duplicate", "conflict"})
"""Refusals of a ledger that another command of the same workspace has written to since ``signer`` was asked."""


@dataclass(frozen=True)
class Workspace:
    """An open workspace; use it in a ``with``. ``party`` is the id of the party whose device this is.

    Its ledger can be read by whoever has the folder; ``log`` alone takes the log's key, and only when it is called.
    """

    folder: Path
    party: str
    ledger: Ledger
    clock: Clock
    keys: KeyFiles

    def signer(self) -> Signer:
        """The device key at its place in its chain.

        Take it before reading what the new record rests on: the ledger then refuses the record if another command
        wrote in between. Raises as ``KeyFiles.get`` does, and UsageError where it is not the party's key in this
        ledger, or no longer.
        """
        return self._signer(KeyName.DEVICE)

    def root(self) -> Signer:
        """The same for the root key, which says who is who in this ledger."""
        return self._signer(KeyName.ROOT)

    def _signer(self, name: KeyName) -> Signer:
        key = self.keys.get(name)
        bound = self.ledger.bound_key(key.kid)
        if bound is None or bound.party != self.party or bound.root is not (name is KeyName.ROOT):
            raise UsageError(
                same(f"{self.keys.path(name)}: ")
                + Text(f"この台帳で {self.party} の鍵ではありません", f"is not the key of {self.party} in this ledger"),
                Text("控えから正しい鍵を戻してください", "restore the right key from a backup"),
                code="wrong-key",
            )
        if (ended := self.ledger.counts_until(key.kid)) is not None:
            raise UsageError(
                same(f"{self.keys.path(name)}: ")
                + Text(f"この鍵は台帳の {ended} 番から失効しています", f"this key was ended from index {ended} on"),
                Text("biotrace key new で新しい鍵を作ってください", "make a new one with biotrace key new"),
                code="key-ended",
            )
        return Signer.after(key, self.party, self.ledger.head(key.kid))

    def log(self, records: Sequence[Record], now: int, disclosed: Sequence[Disclosure] = ()) -> list[Entry]:
        """Log records signed by ``signer``, all or none, and keep the values of their private fields beside them.

        Raises BiotraceError where another command came between, UnreadableError without the log's key, and
        IntegrityError (S105) where the ledger is not the one that this workspace last saw.
        """
        require_own(self.folder, self.ledger)
        self.ledger.unlock(LogKey(self.ledger.log_name.name, self.keys.get(KeyName.LOG)))
        try:
            entries = self.ledger.append(records, now, disclosed=disclosed)
        except IntegrityError as error:
            if error.code not in _OVERTAKEN:
                raise
            raise overtaken() from None
        remember_own(self.folder, self.ledger)
        return entries

    def close(self) -> None:
        """Let go of the database."""
        self.ledger.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def overtaken() -> BiotraceError:
    """Another command of the workspace came between deciding and logging."""
    return BiotraceError(
        Text(
            "同じワークスペースで、ほかの操作が先に記録しました。何も書いていません",
            "another command in this workspace logged first; nothing was written",
        ),
        Text("もう一度実行してください", "run it again"),
        code="conflict",
    )


def init_workspace(
    folder: Path,
    parties: tuple[Party, ...],
    clock: Clock,
    password: Password,
    *,
    ledger: str = LEDGER,
    origin: str | None = None,
) -> Workspace:
    """A new workspace for the first of ``parties``; the others, such as its accrediting body, are logged with it.

    ``password`` seals its keys. ``ledger``: a file's name, or a database's address. ``origin``: the log's name; without
    it one is made of its key. Raises UsageError where the folder holds anything already, or cannot be written, and for
    a password that is too short. A start that fails leaves nothing.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(
            Text(f"{folder} は空ではありません", f"{folder} is not empty"),
            Text("新しいフォルダーの名前を指定してください", "name a new folder"),
            code="not-empty",
        )
    keys = KeyFiles(folder, lambda: check_new_password(password()))
    keys.password()
    existed = folder.exists()
    try:
        return _build(folder, parties, clock, keys, Settings(parties[0].id, ledger), origin)
    except BaseException:
        # The folder was ours alone: a broken start must not stand in the way of the next one.
        with contextlib.suppress(OSError):
            for made in folder.iterdir():
                shutil.rmtree(made) if made.is_dir() else made.unlink()
            if not existed:
                folder.rmdir()
        raise


def _build(
    folder: Path, parties: tuple[Party, ...], clock: Clock, keys: KeyFiles, settings: Settings, origin: str | None
) -> Workspace:
    now = clock()
    made = {name: DeviceKey.generate() for name in KeyName}
    # The log's key is not the device's, and neither is the root: each of them can be replaced without the others.
    log = LogKey(origin or f"biotrace/{made[KeyName.LOG].kid.hex()[:16]}", made[KeyName.LOG])
    records, disclosed = _first_records(parties, made[KeyName.ROOT], made[KeyName.DEVICE], now)
    keys.add(made)
    write_new(folder / KEYS / KeyName.DEVICE.public_file, key_text(made[KeyName.DEVICE].public))
    logged = tuple(Logged(i, now, record) for i, record in enumerate(records))
    write_new(folder / TRUST, trust_bytes(trust_of(logged), now))
    ledger = Ledger.create(settings.place(folder), log)
    try:
        ledger.append(records, now, disclosed=disclosed)
        # The settings come last: a folder without them is no workspace, so a broken start is never taken for one.
        write_settings(folder, settings)
    except BaseException:
        ledger.close()
        raise
    return Workspace(folder, settings.party, ledger, clock, keys)


def _first_records(
    parties: tuple[Party, ...], root: DeviceKey, device: DeviceKey, now: int
) -> tuple[list[Record], list[Disclosure]]:
    own, signer = parties[0], Signer(root, parties[0].id)
    records = [
        signer.sign(RecordKind.KEY, f"root:{own.id}", KeyBinding(root.public.raw, own.id, own.name, root=True), now),
        signer.sign(RecordKind.KEY, f"key:{own.id}", KeyBinding(device.public.raw, own.id, own.name), now),
    ]
    disclosed = []
    for party in parties:
        body, private = seal_party(replace(party, accreditations=()))
        records.append(signer.sign(RecordKind.PARTY, party.id, body, now))
        disclosed += [field.of(records[-1].record_id) for field in private]
    for step in (step for party in parties for step in plan(party, ()).steps):
        records.append(signer.sign(step.kind, step.subject, step.body, now, transcribed=True))
    return records, disclosed


def open_workspace(
    folder: Path, clock: Clock, password: Password = no_password, root_key: Path | None = None
) -> Workspace:
    """The workspace in ``folder``; ``password`` is asked for when something is to be signed.

    ``root_key``: its root key's file, if kept elsewhere. Raises UnreadableError where there is no workspace,
    UpdateNeededError for one of another version.
    """
    settings = read_settings(folder)
    keys = KeyFiles(folder, password, root_key)
    return Workspace(folder, settings.party, Ledger.open(settings.place(folder)), clock, keys)

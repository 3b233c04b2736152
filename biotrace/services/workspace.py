"""A workspace: a folder with one party's device key, its ledger and its log's key, and the keys it shows to others."""

from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any

from biotrace.chain.keys import DeviceKey
from biotrace.chain.kinds import KeyBinding, RecordKind
from biotrace.chain.record import Record, Signer
from biotrace.errors import BiotraceError, IntegrityError, UnreadableError, UpdateNeededError, UsageError
from biotrace.model.party import Party
from biotrace.model.text import Text, same
from biotrace.store.ledger import Entry, Ledger, LogKey

from .files import read_file, write_new
from .logged import Logged
from .sign_accreditations import plan
from .trust import FILE as TRUST
from .trust import key_text, trust_bytes, trust_of

Clock = Callable[[], int]
"""Seconds since 1970-01-01 UTC. Passed in, so that tests and the demo choose the time."""

FORMAT = "workspace/0"
CONFIG, LEDGER, KEYS = "biotrace.json", "ledger.sqlite", "keys"
DEVICE_KEY, ROOT_KEY, PUBLIC_KEY, LOG_KEY = "device.pem", "root.pem", "device.pub", "log.pem"
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

    def signer(self) -> Signer:
        """The device key at its place in its chain.

        Take it before reading what the new record rests on: the ledger then refuses the record if another command
        wrote in between. Raises UnreadableError without a key that can be read, and UsageError where it is not the
        party's key in this ledger.
        """
        return self._signer(DEVICE_KEY)

    def root(self) -> Signer:
        """The same for the root key, which says who is who in this ledger."""
        return self._signer(ROOT_KEY)

    def _signer(self, name: str) -> Signer:
        path = self.folder / KEYS / name
        key = _key(path)
        bound = self.ledger.bound_key(key.kid)
        if bound is None or bound.party != self.party:
            raise UsageError(
                same(f"{path}: ")
                + Text(f"この台帳で {self.party} の鍵ではありません", f"is not the key of {self.party} in this ledger"),
                Text("控えから正しい鍵を戻してください", "restore the right key from a backup"),
                code="wrong-key",
            )
        return Signer.after(key, self.party, self.ledger.head(key.kid))

    def log(self, records: Sequence[Record], now: int) -> list[Entry]:
        """Log records signed by ``signer``, all or none.

        Raises BiotraceError where another command came between, and UnreadableError without the log's key.
        """
        self.ledger.unlock(LogKey(self.ledger.log_name.name, _key(self.folder / KEYS / LOG_KEY)))
        try:
            return self.ledger.append(records, now)
        except IntegrityError as error:
            if error.code not in _OVERTAKEN:
                raise
            raise BiotraceError(
                Text(
                    "同じワークスペースで、ほかの操作が先に記録しました。何も書いていません",
                    "another command in this workspace logged first; nothing was written",
                ),
                Text("もう一度実行してください", "run it again"),
                code="conflict",
            ) from None

    def close(self) -> None:
        """Let go of the database."""
        self.ledger.close()

    def __enter__(self) -> Workspace:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def init_workspace(folder: Path, parties: tuple[Party, ...], clock: Clock) -> Workspace:
    """A new workspace for the first of ``parties``; the others, such as its accrediting body, are logged with it.

    Raises UsageError where the folder holds anything already, or cannot be written. A start that fails leaves nothing.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(
            Text(f"{folder} は空ではありません", f"{folder} is not empty"),
            Text("新しいフォルダーの名前を指定してください", "name a new folder"),
            code="not-empty",
        )
    existed = folder.exists()
    try:
        return _build(folder, parties, clock)
    except BaseException:
        # The folder was ours alone: a broken start must not stand in the way of the next one.
        with contextlib.suppress(OSError):
            for made in folder.iterdir():
                shutil.rmtree(made) if made.is_dir() else made.unlink()
            if not existed:
                folder.rmdir()
        raise


def _build(folder: Path, parties: tuple[Party, ...], clock: Clock) -> Workspace:
    own, now = parties[0], clock()
    root, key = DeviceKey.generate(), DeviceKey.generate()
    signer = Signer(root, own.id)
    records = [
        signer.sign(RecordKind.KEY, f"root:{own.id}", KeyBinding(root.public.raw, own.id, own.name, root=True), now),
        signer.sign(RecordKind.KEY, f"key:{own.id}", KeyBinding(key.public.raw, own.id, own.name), now),
    ]
    records += [signer.sign(RecordKind.PARTY, party.id, replace(party, accreditations=()), now) for party in parties]
    for step in (step for party in parties for step in plan(party, ()).steps):
        records.append(signer.sign(step.kind, step.subject, step.body, now, transcribed=True))
    write_new(folder / KEYS / ROOT_KEY, root.to_pem(), private=True)
    write_new(folder / KEYS / DEVICE_KEY, key.to_pem(), private=True)
    write_new(folder / KEYS / PUBLIC_KEY, key_text(key.public))
    log = _new_log(folder)
    logged = tuple(Logged(i, now, record) for i, record in enumerate(records))
    write_new(folder / TRUST, trust_bytes(trust_of(logged)))
    ledger = Ledger.create(folder / LEDGER, log)
    try:
        ledger.append(records, now)
        # The config comes last: a folder without it is no workspace, so a broken start is never taken for one.
        config = {"biotrace": FORMAT, "party": own.id, "origin": log.origin}
        write_new(folder / CONFIG, (json.dumps(config, ensure_ascii=False, indent=1) + "\n").encode())
    except BaseException:
        ledger.close()
        raise
    return Workspace(folder, own.id, ledger, clock)


def open_workspace(folder: Path, clock: Clock) -> Workspace:
    """The workspace in ``folder``. Raises UnreadableError where there is none, UpdateNeededError for a later one."""
    config = folder / CONFIG
    if not config.is_file():
        raise UnreadableError(
            Text(f"{folder} は biotrace のワークスペースではありません", f"{folder} is no biotrace workspace")
            + Text(f"（{CONFIG} がない）", f" (no {CONFIG})"),
            Text(
                "--workspace でフォルダーを指定するか、biotrace init で作ってください",
                "name one with --workspace, or make one with biotrace init",
            ),
            code="no-workspace",
        )
    return Workspace(folder, _party_of(config), Ledger.open(folder / LEDGER), clock)


def _party_of(config: Path) -> str:
    settings: Any = None
    with contextlib.suppress(ValueError):  # told below, with everything else that is no such file
        settings = json.loads(read_file(config))
    version = settings.get("biotrace") if isinstance(settings, dict) else None
    if isinstance(version, str) and version.startswith("workspace/") and version != FORMAT:
        raise UpdateNeededError(
            same(f"{config}: ") + Text(f"版 {version} を読めません", f"cannot read version {version}"),
            Text("biotrace を更新してください", "update biotrace"),
        )
    party = settings.get("party") if version == FORMAT else None
    if not isinstance(party, str):
        raise UnreadableError(
            same(f"{config}: ")
            + Text(f"ワークスペース（{FORMAT}）の設定として読めません", f"no workspace settings ({FORMAT})"),
            Text("控えから戻してください", "restore it from a backup"),
            code="no-workspace",
        )
    return party


def _new_log(folder: Path) -> LogKey:
    """The workspace's own log: a scheme of one. Its key is not the device's, so that either can be replaced."""
    key = DeviceKey.generate()
    write_new(folder / KEYS / LOG_KEY, key.to_pem(), private=True)
    return LogKey(f"biotrace/{key.kid.hex()[:16]}", key)


def _key(path: Path) -> DeviceKey:
    try:
        return DeviceKey.from_pem(read_file(path))
    except UnreadableError as error:
        raise _no_key(path, error) from None


def _no_key(path: Path, error: UnreadableError) -> UnreadableError:
    unreadable = same(f"{path}: ") + error.message if error.code == "key-file" else error.message
    return UnreadableError(
        Text("署名する鍵がありません。", "there is no key to sign with: ") + unreadable,
        Text(
            f"このパソコンのワークスペースで実行するか、{KEYS}/{path.name} を控えから戻してください",
            f"run this in the workspace of this machine, or restore {KEYS}/{path.name} from a backup",
        ),
        code="no-key",
    )

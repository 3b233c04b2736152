"""A workspace: a folder with one party's device key, its ledger, and the keys it can show to others."""

from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from biotrace.chain.keys import DeviceKey
from biotrace.chain.kinds import KeyBinding, RecordKind
from biotrace.chain.record import Record, Signer
from biotrace.errors import BiotraceError, IntegrityError, UnreadableError, UpdateNeededError, UsageError
from biotrace.model.party import Party
from biotrace.model.text import Text, same
from biotrace.store.ledger import Entry, Ledger

from .files import read_file, write_new
from .logged import Logged
from .trust import FILE as TRUST
from .trust import key_text, trust_bytes, trust_of

Clock = Callable[[], int]
"""Seconds since 1970-01-01 UTC. Passed in, so that tests and the demo choose the time."""

FORMAT = "workspace/0"
CONFIG, LEDGER, KEYS = "biotrace.json", "ledger.sqlite", "keys"
DEVICE_KEY, PUBLIC_KEY = "device.pem", "device.pub"
_OVERTAKEN = frozenset({"chain-taken", "chain-gap", "chain-prev", "duplicate", "conflict"})
"""Refusals of a ledger that another command of the same workspace has written to since ``signer`` was asked."""


@dataclass(frozen=True)
class Workspace:
    """An open workspace; use it in a ``with``. ``party`` is the id of the party whose device this is."""

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
        path = self.folder / KEYS / DEVICE_KEY
        try:
            key = DeviceKey.from_pem(read_file(path))
        except UnreadableError as error:
            raise _no_key(path, error) from None
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
        """Log records signed by ``signer``, all or none. Raises BiotraceError where another command came between."""
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
    key = DeviceKey.generate()
    signer = Signer(key, own.id)
    records = [signer.sign(RecordKind.KEY, f"key:{own.id}", KeyBinding(key.public.raw, own.id, own.name), now)]
    records += [signer.sign(RecordKind.PARTY, party.id, party, now) for party in parties]
    write_new(folder / KEYS / DEVICE_KEY, key.to_pem(), private=True)
    write_new(folder / KEYS / PUBLIC_KEY, key_text(key.public))
    logged = tuple(Logged(i, now, record) for i, record in enumerate(records))
    write_new(folder / TRUST, trust_bytes(trust_of(logged)))
    ledger = Ledger.create(folder / LEDGER)
    try:
        ledger.append(records, now)
        # The config comes last: a folder without it is no workspace, so a broken start is never taken for one.
        config = {"biotrace": FORMAT, "party": own.id}
        write_new(folder / CONFIG, (json.dumps(config, ensure_ascii=False, indent=1) + "\n").encode())
    except BaseException:
        ledger.close()
        raise
    return Workspace(folder, own.id, ledger, clock)


def open_workspace(folder: Path, clock: Clock) -> Workspace:
    """The workspace in ``folder``. Raises UnreadableError where there is none, UpdateNeededError for a later one."""
    return Workspace(folder, read_config(folder)["party"], Ledger.open(folder / LEDGER), clock)


def read_config(folder: Path) -> dict[str, Any]:
    """The settings of the workspace in ``folder``: ``party``, a text, and what else was set.

    Raises UnreadableError where there is none, UpdateNeededError for a later one.
    """
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
    settings: Any = None
    with contextlib.suppress(ValueError):  # told below, with everything else that is no such file
        settings = json.loads(read_file(config))
    version = settings.get("biotrace") if isinstance(settings, dict) else None
    if isinstance(version, str) and version.startswith("workspace/") and version != FORMAT:
        raise UpdateNeededError(
            same(f"{config}: ") + Text(f"版 {version} を読めません", f"cannot read version {version}"),
            Text("biotrace を更新してください", "update biotrace"),
        )
    if version != FORMAT or not isinstance(settings.get("party"), str):
        raise UnreadableError(
            same(f"{config}: ")
            + Text(f"ワークスペース（{FORMAT}）の設定として読めません", f"no workspace settings ({FORMAT})"),
            Text("控えから戻してください", "restore it from a backup"),
            code="no-workspace",
        )
    found: dict[str, Any] = settings
    return found


def _no_key(path: Path, error: UnreadableError) -> UnreadableError:
    unreadable = same(f"{path}: ") + error.message if error.code == "key-file" else error.message
    return UnreadableError(
        Text("署名する鍵がありません。", "there is no key to sign with: ") + unreadable,
        Text(
            f"このパソコンのワークスペースで実行するか、{KEYS}/{DEVICE_KEY} を控えから戻してください",
            f"run this in the workspace of this machine, or restore {KEYS}/{DEVICE_KEY} from a backup",
        ),
        code="no-key",
    )

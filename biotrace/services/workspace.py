"""A workspace: a folder with one party's device key, its ledger, and the keys it can show to others."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from biotrace.chain.keys import DeviceKey
from biotrace.chain.kinds import KeyBinding, RecordKind
from biotrace.chain.record import Signer
from biotrace.errors import UnreadableError, UsageError
from biotrace.model.party import Party
from biotrace.model.text import Text, same
from biotrace.store.ledger import Ledger

from .files import read_file, write_new
from .ledger_case import read_ledger
from .trust import FILE as TRUST
from .trust import key_text, trust_of, write_trust

Clock = Callable[[], int]
"""Seconds since 1970-01-01 UTC. Passed in, so that tests and the demo choose the time."""

FORMAT = "workspace/0"
CONFIG, LEDGER, KEYS = "biotrace.json", "ledger.sqlite", "keys"
DEVICE_KEY, PUBLIC_KEY = "device.pem", "device.pub"


@dataclass(frozen=True)
class Workspace:
    """An open workspace. ``party`` is the id of the party whose device this is."""

    folder: Path
    party: str
    ledger: Ledger
    key: DeviceKey
    clock: Clock

    def signer(self) -> Signer:
        """The device key at its place in its chain."""
        return Signer.after(self.key, self.party, self.ledger.head(self.key.kid))

    def close(self) -> None:
        """Let go of the database."""
        self.ledger.close()


def init_workspace(folder: Path, parties: tuple[Party, ...], clock: Clock) -> Workspace:
    """A new workspace for the first of ``parties``; the others, such as its accrediting body, are logged with it.

    Raises UsageError where the folder holds anything already: nothing is overwritten.
    """
    own = parties[0]
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(
            Text(f"{folder} は空ではありません", f"{folder} is not empty"),
            Text("新しいフォルダーの名前を指定してください", "name a new folder"),
        )
    (folder / KEYS).mkdir(parents=True, exist_ok=True)
    key = DeviceKey.generate()
    write_new(folder / KEYS / DEVICE_KEY, key.to_pem(), private=True)
    write_new(folder / KEYS / PUBLIC_KEY, key_text(key.public))
    ledger = Ledger.create(folder / LEDGER)
    now = clock()
    signer = Signer(key, own.id)
    records = [signer.sign(RecordKind.KEY, f"key:{own.id}", KeyBinding(key.public.raw, own.id, own.name), now)]
    records += [signer.sign(RecordKind.PARTY, party.id, party, now) for party in parties]
    ledger.append(records, now)
    config = {"biotrace": FORMAT, "party": own.id}
    publish_trust(folder, ledger)
    # The config comes last: a folder without it is no workspace, so a broken start is never taken for one.
    write_new(folder / CONFIG, (json.dumps(config, ensure_ascii=False, indent=1) + "\n").encode())
    return Workspace(folder, own.id, ledger, key, clock)


def open_workspace(folder: Path, clock: Clock) -> Workspace:
    """The workspace in ``folder``. Raises UnreadableError where there is none, or one of a later release."""
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
    party = _party_of(config)
    key = DeviceKey.from_pem(read_file(folder / KEYS / DEVICE_KEY))
    return Workspace(folder, party, Ledger.open(folder / LEDGER), key, clock)


def _party_of(config: Path) -> str:
    try:
        settings = json.loads(read_file(config))
    except ValueError:
        settings = None
    if (
        not isinstance(settings, dict)
        or settings.get("biotrace") != FORMAT
        or not isinstance(settings.get("party"), str)
    ):
        raise UnreadableError(
            same(f"{config}: ")
            + Text(f"ワークスペース（{FORMAT}）の設定として読めません", f"no workspace settings ({FORMAT})"),
            Text("控えから戻すか、新しく init してください", "restore it from a backup, or make a new workspace"),
            code="no-workspace",
        )
    party: str = settings["party"]
    return party


def publish_trust(folder: Path, ledger: Ledger) -> None:
    """Write the workspace's trust file anew: what others need to check its QR codes offline."""
    write_trust(trust_of(read_ledger(ledger).logged), folder / TRUST)

"""Restoring a backup: a workspace in a new folder, under a new device key, whose log goes on without forking.

Everything is built in a folder of its own beside the new one, and gets its name last.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from biotrace.chain.keys import DeviceKey
from biotrace.chain.kinds import KeyEndReason
from biotrace.chain.note import VerifierKey
from biotrace.errors import IntegrityError, UnreadableError, UsageError
from biotrace.model.text import Text, same
from biotrace.store.backup import sync_folder, told
from biotrace.store.integrity import check_integrity
from biotrace.store.ledger import Ledger, LogKey
from biotrace.store.new_log import start_new_log

from .backup_format import LEDGER, Manifest
from .backup_read import opened_backup
from .files import require_new, write_over
from .key_files import KeyFiles, KeyName, Password, sealed
from .keys import end_key, replace_device_key
from .log_trees import from_ledger
from .memory import KEPT, Memory
from .restore_latest import GoOn, next_name, require_latest, require_tree
from .settings import FILE as SETTINGS
from .settings import Settings, read_settings, write_settings
from .workspace import Clock, Workspace


@dataclass(frozen=True, slots=True)
class Order:
    """What to restore. ``latest``: things that the log handed out, as late as they are to be had.

    ``reason``: why the old machine's key is ended. ``root_key``: its file, where it is not in the backup. ``local``:
    the ledger's server is lost; its copy in the backup becomes a ledger in the folder.
    """

    backup: Path
    folder: Path
    go_on: GoOn | None = None
    latest: tuple[Path, ...] = ()
    reason: KeyEndReason = KeyEndReason.REPLACED
    root_key: Path | None = None
    local: bool = False


@dataclass(frozen=True, slots=True)
class Restored:
    """What was done. ``log``: the key of the workspace's log; it differs from the manifest's where the log is new.

    ``device``: the new device key's name; ``ended``: the old one's, where it was ended now. ``shared``: the ledger is
    the one on the server, as it is there.
    """

    folder: Path
    manifest: Manifest
    log: VerifierKey
    device: str
    ended: str | None
    shared: bool


def restore(order: Order, clock: Clock, password: Password) -> Restored:
    """Make a workspace of a backup. Asks for the password when all else is in order.

    Raises BiotraceError, with nothing left behind: UsageError (``restore-choice``) where it is not said how the log is
    to go on, and as ``require_latest`` does; UnreadableError (``not-backup``) for a damaged or foreign file;
    IntegrityError (``backup-damaged``, S105) for a ledger that is not as it was signed and logged.
    """
    require_new(order.folder)
    with opened_backup(order.backup) as backup, _building(order.folder) as made:
        manifest = backup.manifest
        backup.extract([SETTINGS], made)
        settings = read_settings(made)
        shared = _is_shared(settings) and not order.local
        _require_choice(order, shared)
        backup.extract([name for name in manifest.members if name != SETTINGS], made)
        _check_ledger(order, made, manifest)
        if shared:
            _check_server(order, settings, made)
            (made / LEDGER).unlink()
        else:
            settings = replace(settings, ledger=LEDGER)
            write_settings(made, settings)
        keys = KeyFiles(made, password, order.root_key)
        keys.get(KeyName.ROOT)
        if order.go_on is GoOn.NEW_LOG:
            _start_new_log(order, made, keys, clock())
        with Workspace(made, settings.party, Ledger.open(settings.place(made)), clock, keys) as workspace:
            device = replace_device_key(workspace, order.reason)
            assert isinstance(device, str)  # no backup holds a device key, so there was none to end
            ended = None if shared else _end_old(workspace, manifest.device, order.reason)
            log = workspace.ledger.log_name
    return Restored(order.folder, manifest, log, device, ended, shared)


@contextmanager
def _building(folder: Path) -> Iterator[Path]:
    """A folder in the making, which is ``folder`` when the block is through, or nothing."""
    with told(folder):
        outer = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".biotrace-"))
    try:
        made = outer / "workspace"
        with told(folder):
            made.mkdir()  # with the rights that folders have here, unlike that around it
        yield made
        require_new(folder)
        with told(folder):
            sync_folder(made)
            os.rename(made, folder)
        with contextlib.suppress(OSError):  # it is there; nothing is won by saying that it failed
            sync_folder(folder.parent)
    finally:
        shutil.rmtree(outer, ignore_errors=True)


def _is_shared(settings: Settings) -> bool:
    """Whether the ledger is on a server. One in a file of any other place is restored into the folder."""
    return "://" in settings.ledger and not settings.ledger.startswith("sqlite")


def _require_choice(order: Order, shared: bool) -> None:
    if shared and (order.go_on is not None or order.latest):
        raise UsageError(
            Text(
                "台帳はサーバーにあり、そのまま使います。--continue・--new-log・--latest は要りません",
                "the ledger is on a server and is used as it is there: no --continue, --new-log or --latest",
            ),
            Text(
                "省いて実行してください。サーバーが失われたのなら --local も付けてください",
                "leave them out; or, if the server is lost, add --local",
            ),
            code="restore-choice",
        )
    if not shared and order.go_on is None:
        raise UsageError(
            Text(
                "控えの後に証明書・受領証・受け渡しファイル・公開ログを一つも渡していないなら --continue、"
                "渡したか分からないなら --new-log を付けてください。"
                "渡した後で --continue を選ぶとログが分岐し、取引先はこのログを受け入れなくなります（S105）",
                "give --continue if no certificate, receipt, bundle or published log was handed out since the backup, "
                "and --new-log if any was or nobody can tell. With --continue after anything was, the log forks and "
                "every partner refuses it (S105)",
            ),
            code="restore-choice",
        )


def _check_ledger(order: Order, made: Path, manifest: Manifest) -> None:
    """That the copy is whole, is what the manifest says, and may go on as it was asked."""
    with _opened(order.backup, made) as ledger:
        findings = [finding for finding in check_integrity(ledger) if finding.is_damage]
        if findings:
            place = Text(f"{findings[0].position} 番: ", f"entry {findings[0].position}: ")
            raise _damaged(order.backup, place + findings[0].message)
        at = ledger.checkpoint()
        if (ledger.log_name, at.size, at.root) != (manifest.log, manifest.size, manifest.root):
            raise _damaged(order.backup, Text("目録と違います", "it is not what the manifest says"))
        seen = Memory.of_workspace(made).last(ledger.log_name.name)
        if seen is not None:
            require_tree(ledger, seen, str(order.backup))
        if order.go_on is GoOn.CONTINUE:
            require_latest(ledger, order.latest)


def _check_server(order: Order, settings: Settings, made: Path) -> None:
    """That the ledger on the server is the one that was backed up, or has grown from it."""
    with Ledger.open(settings.ledger) as server, _opened(order.backup, made) as copy:
        if server.log_name != copy.log_name:
            raise IntegrityError(
                Text(
                    f"サーバーの台帳はログ {server.log_name.name} で、控えは {copy.log_name.name} です",
                    f"the ledger on the server is log {server.log_name.name}, the backup is of {copy.log_name.name}",
                ),
                Text("控えとサーバーの組み合わせを確かめてください", "see whether backup and server belong together"),
                code="log-other",
            )
        seen = Memory.of_workspace(made).last(server.log_name.name)
        for shown in (copy.checkpoint(), *(() if seen is None else (seen,))):
            require_tree(server, shown, str(order.backup))


def _opened(backup: Path, made: Path) -> Ledger:
    try:
        return Ledger.open(made / LEDGER)
    except UnreadableError as error:
        if error.code != "upgrade-needed":
            raise
        raise UnreadableError(
            same(f"{backup}: ") + Text("前の版の biotrace の台帳です", "holds a ledger of an earlier biotrace"),
            Text(
                "その版の biotrace で戻してから、この版で biotrace upgrade を実行してください",
                "restore it with that release, then run biotrace upgrade with this one",
            ),
            code="upgrade-needed",
        ) from None


def _damaged(backup: Path, what: Text) -> IntegrityError:
    return IntegrityError(
        same(f"{backup}: ") + Text("控えの台帳が壊れています: ", "the ledger in the backup is damaged: ") + what,
        Text("何も戻していません。ほかの控えを使ってください", "nothing was restored; use another backup"),
        code="backup-damaged",
    )


def _start_new_log(order: Order, made: Path, keys: KeyFiles, now: int) -> None:
    """Go on under a new name and key. The old log's checkpoints are kept, and its key is believed from now on."""
    with Ledger.open(made / LEDGER) as ledger:
        old, memory = ledger.log_name, Memory.of_workspace(made)
        memory.pin(old)
        memory.take(old, memory.last(old.name), ledger.checkpoint(), from_ledger(ledger))
        log = LogKey(next_name(old.name, order.latest), DeviceKey.generate())
        earlier = start_new_log(ledger, log, now)
    name = f"{hashlib.sha256(old.name.encode()).hexdigest()[:16]}-checkpoints.txt"
    write_over(made / KEPT / name, b"\n".join(each.to_bytes() for each in earlier))
    write_over(keys.path(KeyName.LOG), sealed(log.key, keys.password()), private=True)
    keys.use(KeyName.LOG, log.key)


def _end_old(workspace: Workspace, kid: str | None, reason: KeyEndReason) -> str | None:
    """End the old machine's key, if it is the party's and still signs."""
    if kid is None:
        return None
    bound = workspace.ledger.bound_key(bytes.fromhex(kid))
    if bound is None or bound.root or bound.party != workspace.party:
        return None
    if workspace.ledger.counts_until(bytes.fromhex(kid)) is not None:
        return None
    end_key(workspace, kid, reason)
    return kid

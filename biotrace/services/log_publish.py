"""Publishing a log as static files: hashes and times, for any web server. Readers never see half of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from biotrace.chain import checkpoint, tiles
from biotrace.chain.checkpoint import Checkpoint
from biotrace.chain.merkle import GetNode
from biotrace.chain.tiles import ENTRIES, WIDTH, Tile
from biotrace.errors import IntegrityError, UsageError
from biotrace.model.text import Text, same
from biotrace.store.ledger import Ledger

from .files import write_over
from .log_lock import locked
from .log_own import REMEDY, require_own
from .log_trees import CHECKPOINT, VKEY, Published, from_ledger
from .memory import SEEN, LogBreachError, Memory
from .workspace import Workspace

_LOCK = "publish.lock"


@dataclass(frozen=True, slots=True)
class Publication:
    """What was published. ``before``: the size that the folder had; None: it had none. ``files``: tiles written."""

    checkpoint: Checkpoint
    before: int | None
    files: int


def publish(workspace: Workspace, folder: Path, *, everything: bool = False) -> Publication:
    """Bring the log's files in ``folder`` to the ledger's latest checkpoint; what they hold already is left alone.

    Tiles come first, are read back and verified, and the checkpoint is put in their midst last. ``everything``: write
    all tiles anew, to mend a folder. Needs no key. Raises UsageError (``published-other``) for a folder that holds
    another log, and IntegrityError: S105 where what it holds and the ledger cannot both be the log, and
    ``ledger-damaged`` where the ledger's own tree does not fit its checkpoint; the checkpoint then stays as it was.
    """
    ledger = workspace.ledger
    require_own(workspace.folder, ledger)
    # Two at once would not harm the tiles, but the slower one could put an older checkpoint over a newer.
    with locked(workspace.folder / SEEN / _LOCK):
        before = _published(workspace, folder)
        latest = ledger.checkpoint()
        _check_continues(workspace, before, latest)
        start = 0 if before is None or everything else before.size
        files = _write_tiles(ledger, folder, start, latest.size)
        _check_written(folder, latest, start)
        _write_changed(folder / VKEY, f"{ledger.log_name}\n".encode())
        _write_changed(folder / CHECKPOINT, latest.to_bytes())
    return Publication(latest, None if before is None else before.size, files)


def _published(workspace: Workspace, folder: Path) -> Checkpoint | None:
    """The checkpoint in the folder, of this log. A ledger read after it can only be larger."""
    path = folder / CHECKPOINT
    if not path.exists():
        return None
    found = Published(folder).checkpoint()
    try:
        checkpoint.verify_log(found, workspace.ledger.log_name)
    except IntegrityError as error:
        raise UsageError(
            same(f"{path}: ") + Text("このログのものではありません: ", "is not of this log: ") + error.message,
            Text("別のフォルダーを指定してください", "name another folder"),
            code="published-other",
        ) from None
    return found


def _check_continues(workspace: Workspace, before: Checkpoint | None, latest: Checkpoint) -> None:
    ledger, memory = workspace.ledger, Memory.of_workspace(workspace.folder)
    try:
        memory.compare(ledger.log_name, before, latest, from_ledger(ledger))
    except LogBreachError as error:
        raise IntegrityError(
            Text("公開済みの内容と台帳が合いません。", "the ledger is not what was published: ") + error.message,
            REMEDY,
            code=error.code,
        ) from None


def _write_tiles(ledger: Ledger, folder: Path, old: int, new: int) -> int:
    count = 0
    with ledger.tree() as node:
        for tile in tiles.changed_tiles(old, new):
            write_over(folder / tile.path, _tile_bytes(ledger, node, tile))
            count += 1
    return count


def _tile_bytes(ledger: Ledger, node: GetNode, tile: Tile) -> bytes:
    if tile.level != ENTRIES:
        return tiles.hash_tile(tile, node)
    first = tile.index * WIDTH
    return tiles.entry_bundle([leaf.to_bytes() for leaf in ledger.leaves(first, first + tile.width)])


def _check_written(folder: Path, latest: Checkpoint, start: int) -> None:
    """Read what was written as any reader would: all of it must lead to the checkpoint's root."""
    try:
        for _ in Published(folder).reader(latest).leaves(start):
            pass
    except IntegrityError as error:
        raise IntegrityError(
            Text(
                "公開用のファイルがチェックポイントに合わないので、公開しません: ",
                "not published, since the files do not fit the checkpoint: ",
            )
            + error.message,
            Text(
                "biotrace log publish --all で作り直し、それでも同じなら biotrace verify で台帳を確かめてください",
                "write them anew with biotrace log publish --all; if that fails too, look at the ledger with "
                "biotrace verify",
            ),
            code="ledger-damaged",
        ) from None


def _write_changed(path: Path, data: bytes) -> None:
    """Leave a file alone that is as it should be, so that its date tells when it changed."""
    if not path.is_file() or path.read_bytes() != data:
        write_over(path, data)

"""Comparing what a workspace's ledger keeps beside the records with the records, and rebuilding it from them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from biotrace.store import rebuild as store
from biotrace.store.backup import told
from biotrace.store.rebuild import Compared, Rebuilt, Row

from .memory import Memory
from .settings import read_settings
from .times import day_of
from .upgrade import free_name
from .workspace import Workspace

__all__ = ["Compared", "RebuiltLedger", "Row", "rebuild_workspace"]

OnProgress = Callable[[int, int], None]
"""How many entries have been read, and how many there are to read; each is read twice where something is written."""


@dataclass(frozen=True, slots=True)
class RebuiltLedger:
    """What was found, and done. ``copy``: the ledger as it was; None where none was made."""

    found: Rebuilt
    copy: Path | None


def rebuild_workspace(workspace: Workspace, write: bool, progress: OnProgress = lambda _, __: None) -> RebuiltLedger:
    """Compare all that the ledger of a workspace repeats of its records; with ``write`` mend it, after a copy.

    The records have to be what the log signed, and what the workspace last saw of it. Needs no password. Raises as
    ``biotrace.store.rebuild.rebuild`` does; the ledger is then as it was.
    """
    ledger, folder = workspace.ledger, workspace.folder
    seen = Memory.of_workspace(folder).last(ledger.log_name.name)  # before the ledger is looked at, which may be later
    total, read = ledger.end() * (2 if write else 1), 0

    def passed(_: int) -> None:
        nonlocal read
        read += 1
        progress(read, max(total, read))

    place = read_settings(folder).place(folder)
    copy = free_name(folder, place, "before-rebuild", day_of(workspace.clock()))
    with told(folder):
        # Beside the ledger, where there is room for it; what the system calls temporary may be kept in memory.
        scratch = tempfile.TemporaryDirectory(dir=folder, prefix=".biotrace-", ignore_cleanup_errors=True)
    with scratch as name:
        if not write:
            return RebuiltLedger(store.compare(ledger, Path(name), seen, passed), None)
        found = store.rebuild(ledger, Path(name), copy, seen, passed)
    return RebuiltLedger(found, copy if found.backed_up else None)

"""Bringing a workspace's ledger to this release's schema, after a backup beside it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from biotrace.store.log_key import LogKey
from biotrace.store.upgrade import needs_upgrade, upgrade

from .key_files import KeyFiles, KeyName, Password
from .settings import LEDGER, read_settings
from .times import day_of
from .workspace import Clock


@dataclass(frozen=True, slots=True)
class UpgradedWorkspace:
    """What was done. ``before`` and ``after``: schemas; equal where there was nothing to do, and then no ``backup``."""

    before: int
    after: int
    backup: Path | None


def upgrade_workspace(folder: Path, clock: Clock, password: Password, root_key: Path | None = None) -> UpgradedWorkspace:
    """Upgrade the ledger of the workspace in ``folder``. The password is asked for where there is something to do.

    Raises as ``biotrace.store.upgrade.upgrade`` does; the ledger is then as it was.
    """
    place = read_settings(folder).place(folder)
    if not needs_upgrade(place):
        done = upgrade(place, None, folder)
    key = KeyFiles(folder, password).get(KeyName.LOG)

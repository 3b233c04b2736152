"""Opening the workspace that a command works in."""

from __future__ import annotations

from pathlib import Path

from biotrace.services.workspace import Workspace, open_workspace

from .console import clock


def opened(folder: Path) -> Workspace:
    """The workspace in a folder, on the real clock; for a ``with``."""
    return open_workspace(folder, clock)

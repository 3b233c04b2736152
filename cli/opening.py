"""Opening the workspace that a command works in."""

from __future__ import annotations

from pathlib import Path

from biotrace.model.text import Text
from biotrace.services.workspace import Workspace, open_workspace

from .console import clock
from .password import password

PROMPT = Text("ワークスペースの鍵のパスワード", "password of the workspace's keys")


def opened(folder: Path, root_key: Path | None = None) -> Workspace:
    """The workspace in a folder, on the real clock; for a ``with``. Its password is asked for when it is needed."""
    return open_workspace(folder, clock, lambda: password(PROMPT), root_key)

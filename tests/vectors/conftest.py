"""Where the vectors that others wrote are: $BIOTRACE_VECTORS, or shared/vectors beside the repository."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def vectors() -> Path:
    """The folder of vectors. Tests that need it are skipped, saying why, where there is none."""
    given = os.environ.get("BIOTRACE_VECTORS")
    folder = Path(given) if given else Path(__file__).parents[2] / ".." / "shared" / "vectors"
    if not folder.is_dir():
        pytest.skip(f"no vectors at {folder}: set BIOTRACE_VECTORS")
    return folder

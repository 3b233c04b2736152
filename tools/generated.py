"""A committed file that a program writes: write it, or with ``--check`` say whether it is as it should be."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path


def run(target: Path, written: Callable[[str], str], module: str, doc: str | None) -> int:
    """The exit code. ``written``: what the file should hold, from what it holds ("" where there is none)."""
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 when the file is stale")
    check = parser.parse_args().check
    old = target.read_text(encoding="utf-8") if target.exists() else ""
    new = written(old)
    if check and old != new:
        print(f"{target} is stale: run python {module}", file=sys.stderr)
        return 1
    if not check:
        target.write_text(new, encoding="utf-8")
    return 0

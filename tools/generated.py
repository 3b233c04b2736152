"""A committed file that a program writes: write it, or with ``--check`` say whether it is as it should be."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path


def run(target: Path, written: Callable[[str], str], module: str, doc: str | None) -> int:
    """The exit code. ``written``: what the file should hold, from what it holds ("" where there is none)."""
    check = _only_check(doc)
    old = target.read_text(encoding="utf-8") if target.exists() else ""
    new = written(old)
    if check and old != new:
        print(f"{target} is stale: run python {module}", file=sys.stderr)
        return 1
    if not check:
        target.write_text(new, encoding="utf-8")
    return 0


def run_all(folder: Path, pages: Callable[[], Mapping[Path, str]], module: str, doc: str | None) -> int:
    """The exit code, for a folder of Markdown files. ``pages``: what each should hold; others are left over."""
    check = _only_check(doc)
    wanted = pages()
    left_over = [path for path in folder.glob("*.md") if path not in wanted]
    stale = [path for path, text in wanted.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    if check:
        for path in (*left_over, *stale):
            print(f"{path} is stale: run python {module}", file=sys.stderr)
        return 1 if left_over or stale else 0
    folder.mkdir(parents=True, exist_ok=True)
    for path in left_over:
        path.unlink()
    for path in stale:
        path.write_text(wanted[path], encoding="utf-8")
    return 0


def _only_check(doc: str | None) -> bool:
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 when something is stale")
    return bool(parser.parse_args().check)

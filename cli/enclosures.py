"""Files that records name, as lines and as data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from biotrace.documents.problems import visible
from biotrace.model.retention import StoredFile
from biotrace.services.bundle_files import LEFT_OUT, NOT_ASKED, Enclosure

from .console import Console

_NOTHING_WRITTEN: Mapping[bytes, Path] = {}


def file_line(c: Console, file: StoredFile) -> str:
    """A file in a line: the digits that find it, size and type."""
    return f"{file.sha256.hex()[:12]}  {file.size:,} {c.t('バイト', 'bytes')}  {visible(file.media_type)}"


def file_data(file: StoredFile) -> dict[str, Any]:
    """A file as plain data."""
    return {"sha256": file.sha256.hex(), "size": file.size, "media_type": file.media_type}


def show_enclosures(c: Console, named: Sequence[Enclosure], written: Mapping[bytes, Path] = _NOTHING_WRITTEN) -> None:
    """A line for each file that a bundle's records name. Where none is enclosed, by intent, they are only counted."""
    if named and all(enclosure.missing in (NOT_ASKED, LEFT_OUT) for enclosure in named):
        why = (named[0].missing or LEFT_OUT).get(c.lang)
        c.say(
            c.t(
                f"  記録にある書類のファイル {len(named)} 件は入っていない: {why}",
                f"  not enclosed: {len(named)} files that the records name: {why}",
            )
        )
        return
    for enclosure in named:
        what = f"{file_line(c, enclosure.file)}  ({', '.join(enclosure.records)})"
        if enclosure.missing is None:
            path = written.get(enclosure.file.sha256)
            c.say(c.t("  書類のファイル: ", "  file: ") + what + (f" → {path}" if path is not None else ""))
        else:
            c.say(c.t("  入っていない: ", "  not enclosed: ") + f"{what}  {enclosure.missing.get(c.lang)}")


def enclosure_data(
    c: Console, named: Sequence[Enclosure], written: Mapping[bytes, Path] = _NOTHING_WRITTEN
) -> list[dict[str, Any]]:
    """The same as plain data."""
    return [
        file_data(enclosure.file)
        | {
            "records": list(enclosure.records),
            "enclosed": enclosure.missing is None,
            "missing": enclosure.missing.get(c.lang) if enclosure.missing is not None else None,
            "path": str(written[enclosure.file.sha256]) if enclosure.file.sha256 in written else None,
        }
        for enclosure in named
    ]

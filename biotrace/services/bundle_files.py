"""Files in bundles: which of those that records name are enclosed, and why the others are not."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from biotrace.chain.bundle import MAX_BYTES
from biotrace.chain.bundle_check import VerifiedBundle
from biotrace.chain.record import Record
from biotrace.errors import UsageError
from biotrace.model.retention import StoredFile
from biotrace.model.text import Text, same

from .files import write_new
from .stored_files import Copies, Copy, copy_of, copy_path, extension, files_of

NOT_ASKED = Text("--with-documents の指定がありません", "not asked for (--with-documents)")
LEFT_OUT = Text("送った人が入れていません", "left out by the sender")


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that records of a bundle name. ``records``: what their signers call these.

    ``missing``: why it is not enclosed; None: it is.
    """

    file: StoredFile
    records: tuple[str, ...]
    missing: Text | None


def choose(workspace: Path, shown: Iterable[Record], asked: bool) -> tuple[tuple[bytes, ...], tuple[Enclosure, ...]]:
    """The contents to enclose, and all files that the records name: those that are held, where it is ``asked``.

    Raises UsageError (``bundle-size``) where they are more than a bundle takes.
    """
    named = _named(shown)
    if not asked:
        return (), tuple(Enclosure(file, records, NOT_ASKED) for file, records in named)
    copies = {file.sha256: copy_of(workspace, file.sha256) for file, _ in named}
    held = [copy_path(workspace, sha256) for sha256, copy in copies.items() if copy is Copy.HELD]
    size = sum(path.stat().st_size for path in held)
    if size > MAX_BYTES:
        raise too_large(size)
    found = tuple(
        Enclosure(file, records, None if (copy := copies[file.sha256]) is Copy.HELD else copy.message)
        for file, records in named
    )
    return tuple(path.read_bytes() for path in held), found


def too_large(size: int) -> UsageError:
    """For files of so many bytes in all that the bundle gets larger than one may be."""
    limit = MAX_BYTES >> 20
    return UsageError(
        Text(
            f"書類のファイルが合わせて {size:,} バイトあり、受け渡しファイルは {limit} MiB までです",
            f"the files have {size:,} bytes in all, and a bundle takes {limit} MiB at most, records included",
        ),
        Text(
            "ロットごとに分けるか、--with-documents を省いて書類を別に送ってください",
            "make a bundle for each lot, or leave out --with-documents and send the papers by themselves",
        ),
        code="bundle-size",
    )


def enclosed_in(checked: VerifiedBundle) -> tuple[Enclosure, ...]:
    """All files that records of a bundle name, with those that it lacks."""
    found = (record.record for part in checked.parts for record in part.records)
    named = _named(record for record in found if record is not None)
    return tuple(
        Enclosure(file, records, None if file.sha256 in checked.files else LEFT_OUT) for file, records in named
    )


def keep_enclosed(checked: VerifiedBundle, copies: Copies) -> None:
    """Hold the files that records name which are proven to be logged: no others will be held either."""
    proven = (r.record for part in checked.parts for r in part.records if r.logged is not None)
    for file, _ in _named(record for record in proven if record is not None):
        if file.sha256 in checked.files:
            copies.keep(checked.files[file.sha256])


def require_empty(folder: Path) -> None:
    """Raise UsageError where files would get between others."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(
            same(f"{folder}: ") + Text("空のフォルダーではありません", "is no empty folder"),
            Text("新しいフォルダーの名前を指定してください", "name a new folder"),
            code="not-empty",
        )


def write_out(checked: VerifiedBundle, folder: Path) -> Mapping[bytes, Path]:
    """Write the enclosed files into a folder, to be looked at; gives where each lies, by its SHA-256.

    They are named by their hash, and end by what they are, not by what anybody says of them. Raises UsageError where
    the folder is not empty, or the disk refuses.
    """
    require_empty(folder)
    written: dict[bytes, Path] = {}
    try:
        for sha256, content in checked.files.items():
            path = folder / (sha256.hex()[:16] + extension(content))
            write_new(path, content, private=True)
            written[sha256] = path
    except BaseException:
        # Half of them would stand in the way of the next attempt.
        with contextlib.suppress(OSError):
            for path in written.values():
                path.unlink()
        raise
    return written


def _named(records: Iterable[Record]) -> list[tuple[StoredFile, tuple[str, ...]]]:
    """Each file once, with what the records that name it are called."""
    files: dict[bytes, StoredFile] = {}
    named: dict[bytes, list[str]] = {}
    for record in records:
        for file in files_of(record.body):
            files.setdefault(file.sha256, file)
            named.setdefault(file.sha256, []).append(record.subject)
    return [(file, tuple(dict.fromkeys(named[sha256]))) for sha256, file in files.items()]

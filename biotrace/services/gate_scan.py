"""Scanning at the gate: from files to an answer on each record, by all that is at hand to check it by.

seen = at_the_gate([Path("photo.jpg")], Terms(folder=Path("plant")), clock)
seen.told[0].answer.mark                      # Mark.TAKE, ASK or REFUSE
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from biotrace.chain.keys import PublicKey
from biotrace.chain.record import Record
from biotrace.chain.trust_update import DEFAULT_SETTINGS, TrustSettings
from biotrace.documents.wedge import Cause
from biotrace.errors import UnreadableError, UsageError
from biotrace.model.certificate import Certificate
from biotrace.model.quantity import Quantity
from biotrace.model.text import Text

from .files import read_file
from .gate import Gate, open_gate
from .gate_answer import Answer, Asked, answer
from .gate_past import Past, pasts_of
from .gate_row import Mark
from .scan import Scanned, is_signed, judge_record
from .scan_codes import Read, Unread, read_all, read_each
from .times import day_of
from .trust import Trust, age_of, read_key, read_trust
from .workspace import Clock

STDIN = Path("-")
_PICTURES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".gif", ".webp", ".jp2", ".ppm", ".pgm")
_KINDS = frozenset((".pdf", ".txt", *_PICTURES, ".heic", ".heif", ".avif"))
"""Endings of what is taken for a scan in a folder; telephones' own formats too, so that they are told of."""


@dataclass(frozen=True, slots=True)
class Terms:
    """By what a gate judges. ``trust``, ``key``: files; ``folder``: a workspace; ``plant``: our id or name.

    ``weight``: what was weighed; ``settings``: how old a trust file may be.
    """

    trust: Path | None = None
    key: Path | None = None
    folder: Path | None = None
    plant: str | None = None
    weight: Quantity | None = None
    settings: TrustSettings = DEFAULT_SETTINGS


@dataclass(frozen=True, slots=True)
class Told:
    """The answer to one record in the files that showed it. ``spoiled``: what was mended of a hand scanner's text."""

    scanned: Scanned
    answer: Answer
    files: tuple[str, ...]
    past: Past | None
    spoiled: tuple[Cause, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """All answers. ``remark``: how old what was gone by is; ``skipped``: files of a folder that are no scans;
    ``deeper``: folders in it that were not looked into."""

    told: tuple[Told, ...]
    unread: tuple[Unread, ...]
    remark: Text
    skipped: int = 0
    deeper: int = 0

    @property
    def fine(self) -> bool:
        """Whether all of it can be taken."""
        return not self.unread and all(t.answer.mark is Mark.TAKE for t in self.told)


@dataclass(frozen=True, slots=True)
class _By:
    """What the terms name, read. ``gate`` where a workspace is asked."""

    today: date
    trust: Trust | None
    key: PublicKey | None
    gate: Gate | None
    remark: Text


def at_the_gate(paths: Sequence[Path], terms: Terms, clock: Clock, stdin: Callable[[], bytes]) -> Seen:
    """What the gate answers to the certificates on single files; ``stdin`` gives what ``-`` stands for.

    Raises as ``read_all`` does, and UsageError for a weight of several certificates.
    """
    by = _by(terms, clock)
    files = ((stdin(), "stdin") if path == STDIN else (read_file(path), path.name) for path in paths)
    return Seen(_tell(read_all(files, _proven(by)), by, terms, clock), (), by.remark)


def folder_at_the_gate(
    paths: Sequence[Path], terms: Terms, clock: Clock, stdin: Callable[[], bytes], *, recursive: bool
) -> Seen:
    """The same of folders and files, in the order of their names; what cannot be read keeps back no other.

    ``recursive``: of the folders in them too. Hidden files, and links that lead to folders, are left alone.
    """
    by = _by(terms, clock)
    found, skipped, deeper = _files(paths, recursive)
    if not found:
        raise UnreadableError(
            Text("フォルダーにスキャンがありません", "the folder holds no scans")
            + Text(
                f"（対象外のファイル {skipped}、下のフォルダー {deeper}）",
                f" ({skipped} other files, {deeper} folders)",
            ),
            Text(
                "PDF・写真・QRコードの文字（.txt）を入れてください。下のフォルダーも見るなら --recursive",
                "put PDFs, pictures or texts of codes (.txt) there; --recursive for the folders in it",
            ),
            code="no-scans",
        )
    read, unread = read_each(((name, partial(_open, path, stdin)) for path, name in found), _proven(by))
    return Seen(_tell(read, by, terms, clock), tuple(unread), by.remark, skipped, deeper)


def _open(path: Path, stdin: Callable[[], bytes]) -> bytes:
    return stdin() if path == STDIN else read_file(path)


def _files(paths: Sequence[Path], recursive: bool) -> tuple[list[tuple[Path, str]], int, int]:
    """The scans with their names, and how many files are none, and folders were not looked into."""
    found: list[tuple[Path, str]] = []
    skipped = deeper = 0
    for start in paths:
        if not start.is_dir():
            found.append((start, "stdin" if start == STDIN else start.name))
            continue
        folders = [start]
        while folders:
            folder = folders.pop()
            below: list[Path] = []
            for path in sorted(folder.iterdir()):
                if path.name.startswith("."):
                    continue
                if path.is_dir():
                    below += [path] if not path.is_symlink() else []
                elif path.suffix.lower() in _KINDS:
                    found.append((path, path.relative_to(start).as_posix()))
                else:
                    skipped += 1
            folders += reversed(below) if recursive else ()
            deeper += 0 if recursive else len(below)
    return found, skipped, deeper


def _by(terms: Terms, clock: Clock) -> _By:
    key = read_key(terms.key) if terms.key is not None else None
    gate = open_gate(terms.folder, clock) if terms.folder is not None else None
    trust, remark = (gate.trust, gate.remark) if gate is not None else (None, Text("", ""))
    if terms.trust is not None:
        trust = read_trust(terms.trust)
        age = age_of(trust, clock(), terms.settings)
        remark = age.remark if age is not None else Text("", "")
    return _By(day_of(clock()), trust, key, gate, remark)


def _proven(by: _By) -> Callable[[Record], bool]:
    return lambda record: is_signed(record, by.trust, by.key)


def _tell(read: Iterable[Read], by: _By, terms: Terms, clock: Clock) -> tuple[Told, ...]:
    read = tuple(read)
    loads = [r.record for r in read if isinstance(r.record.body, Certificate)]
    if terms.weight is not None and len(loads) != 1:
        raise UsageError(
            Text(f"証明書が {len(loads)} 件あります", f"there are {len(loads)} certificates"),
            Text("--weight は証明書1件のときだけ使えます", "--weight is for one certificate"),
            code="not-one",
        )
    ours = _ours(by, terms)
    asked = Asked(
        today=by.today,
        known=by.trust is not None or by.key is not None,
        parties={} if by.trust is None else by.trust.parties,
        ours=ours,
        own=by.gate.party if by.gate is not None and terms.plant is None else None,
        weight=terms.weight,
    )
    pasts = pasts_of(by.gate, loads, ours, clock) if by.gate is not None else {}
    return tuple(told for each in read for told in _answers(each, by, asked, pasts.get(each.record.record_id)))


def _answers(read: Read, by: _By, asked: Asked, past: Past | None) -> Iterable[Told]:
    """One answer for the record; where several files show it whole, one for each."""
    scanned = judge_record(read.record, by.today, by.trust, by.key)
    if not read.several:
        yield Told(scanned, answer(scanned, asked, past), read.files, past, read.spoiled)
        return
    for index, file in enumerate(read.files):
        other = read.files[index - 1 if index else 1]
        yield Told(scanned, answer(scanned, asked, past, other), (file,), past, read.spoiled)


def _ours(by: _By, terms: Terms) -> tuple[str, ...]:
    """Our plant's id and name: as told, or else whose workspace it is."""
    parties = {} if by.trust is None else by.trust.parties
    if terms.plant is not None:
        named = [p for p in parties.values() if terms.plant in (p.id, p.name)]
        return (*dict.fromkeys(word for p in named for word in (p.id, p.name)), terms.plant)
    if by.gate is None:
        return ()
    party = parties.get(by.gate.party)
    return (by.gate.party, party.name) if party is not None else (by.gate.party,)

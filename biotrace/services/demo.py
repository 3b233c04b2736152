"""The main job end to end on the audit of 2017: judge, sign, print, scan, verify, and catch one changed byte."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path

from biotrace.documents.raster import page_picture
from biotrace.errors import UsageError
from biotrace.model.casebook import Casebook
from biotrace.model.party import Party, Role
from biotrace.model.text import Text
from biotrace.verify.case import case_of_casebook
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.rule import Finding
from biotrace.verify.verdict import LotVerdict, Verdict, judge

from .audit_table import AuditTable, audit_table
from .files import write_over
from .find import find_record
from .ledger_case import read_ledger
from .paper import certificate_pdf
from .scan import Scanned, scan_file
from .settings import LEDGER
from .shipped import audit_routes, demo_casebook, municipalities
from .sign import Signed, sign_casebook
from .times import TOKYO, day_of
from .trust import FILE as TRUST
from .trust import read_trust
from .verify import Verified, verify_lots
from .workspace import Clock, Workspace, init_workspace, open_workspace

MARK = ".biotrace-demo"
EXAMPLES = ("h1", "t1", "a2", "c6", "n1")
"""A route for each kind of finding, to be shown in full."""
FELLING, PROCESSING, LOT = "f-c1", "p-c1-1", "d-c1-1"
"""The audit's own printed example: 2,575 m³ of thinnings, and a truck of 6.58 t (図表2-(3)-イ-②)."""
DPI = 150
PASSWORD = "demonstration"
"""Of the demonstration workspace's keys: like its parties' keys it protects nothing."""
WORKSPACE, TAMPERED = "workspace", "tampered"


@dataclass(frozen=True, slots=True)
class Tampering:
    """One byte changed in a copy of the ledger, and what verification says of it."""

    position: int
    offset: int
    caught: tuple[Finding, ...]
    lot: LotVerdict


@dataclass(frozen=True, slots=True)
class Demo:
    """Everything that the demonstration did."""

    verdict: Verdict
    table: AuditTable
    examples: tuple[LotVerdict, ...]
    signed: Signed
    papers: tuple[Path, ...]
    scanned: Scanned
    verified: Verified
    tampering: Tampering

    @property
    def as_expected(self) -> bool:
        """The audit's findings recomputed, the QR code sound, the lot clean, and the changed byte caught."""
        sound = self.table.agrees and self.scanned.sound and self.verified.clean
        caught = any(f.code in ("S101", "S106") for f in self.tampering.caught)
        return sound and caught and not self.tampering.lot.clean


def run_demo(out: Path) -> Demo:
    """Run the demonstration into the folder ``out``, which is made anew. Its clock stands at its papers' last day.

    Raises UsageError where the folder holds something that no demonstration made.
    """
    _make_room(out)
    book = demo_casebook()
    verdict = judge(case_of_casebook(book, municipalities=municipalities()), RINYA_2012)
    table = audit_table(book, verdict, audit_routes())
    clock = _last_day(book)
    folder = out / WORKSPACE
    operator = Party("demo-operator", "実演用ワークスペース", (Role.TRADER,))
    with init_workspace(folder, (operator,), clock, lambda: PASSWORD) as workspace:
        signed = sign_casebook(workspace, book, demo_keys=True)
        papers = _print(workspace, out)
        scanned = scan_file(papers[-1], day_of(clock()), read_trust(folder / TRUST))[0]
        verified = verify_lots(workspace, [LOT])
    wanted = {f"d-{route}" for route in EXAMPLES}
    examples = tuple(lot for lot in verdict.lots if lot.id in wanted)
    return Demo(verdict, table, examples, signed, papers, scanned, verified, _tamper(folder, out / TAMPERED, clock))


def _last_day(book: Casebook) -> Clock:
    """The morning of the last day that the papers bear.

    Signed under today's date they would be back-dated past every accreditation (A203).
    """
    day = max([*(c.date for c in book.certificates), *(d.date for d in book.deliveries)])
    seconds = int(datetime.combine(day, time(9), TOKYO).timestamp())
    return lambda: seconds


def _make_room(out: Path) -> None:
    """An empty folder, or an earlier demonstration's without what that made; other files in it are left alone."""
    if out.exists() and (not out.is_dir() or (any(out.iterdir()) and not (out / MARK).is_file())):
        raise UsageError(
            Text(f"{out} には実演のものではないファイルがあります", f"{out} holds files that no demonstration made"),
            Text("--out で別のフォルダーを指定してください", "name another folder with --out"),
            code="not-empty",
        )
    write_over(out / MARK, b"")
    for made in (out / WORKSPACE, out / TAMPERED):
        if made.exists():
            shutil.rmtree(made)


def _print(workspace: Workspace, out: Path) -> tuple[Path, ...]:
    """The felling and the processing certificate as PDF, and the latter's page as a picture."""
    reading = read_ledger(workspace.ledger)
    paths = []
    for name in (FELLING, PROCESSING):
        data = certificate_pdf(reading, find_record(reading, name))
        paths.append(out / f"{name}.pdf")
        write_over(paths[-1], data)
    paths.append(out / f"{PROCESSING}.png")
    write_over(paths[-1], page_picture(data, DPI))
    return tuple(paths)


def _tamper(folder: Path, copy: Path, clock: Clock) -> Tampering:
    """Copy the workspace, change one byte of the felling certificate's record in the copy, and verify the lot."""
    shutil.copytree(folder, copy)
    with open_workspace(copy, clock) as workspace:
        logged = find_record(read_ledger(workspace.ledger), FELLING)
        envelope = bytearray(logged.record.envelope)
        number = str(getattr(logged.record.body, "number", ""))
        offset = envelope.index(number.encode()) + len(number.encode()) - 1
        envelope[offset] ^= 0x01
        with closing(sqlite3.connect(copy / LEDGER)) as database, database:
            database.execute("UPDATE entry SET envelope = ? WHERE position = ?", (bytes(envelope), logged.position))
        verified = verify_lots(workspace, [LOT])
    return Tampering(logged.position, offset, verified.damage, verified.verdict.lots[0])

"""Taking a workbook into the ledger: good rows signed in one go, bad rows told with their cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from biotrace.documents.workbook import refusals
from biotrace.documents.workbook.cells import CellProblem
from biotrace.documents.workbook.marked import marked_copy
from biotrace.documents.workbook.reading import read_book
from biotrace.documents.workbook.sheet_book import BOOK
from biotrace.documents.workbook.sheet_issued import ISSUED
from biotrace.documents.workbook.sheet_parties import PARTIES
from biotrace.documents.workbook.sheet_received import RECEIVED
from biotrace.model.text import Text

from .files import read_file, require_new, write_new
from .ledger_case import read_ledger, require_sound
from .sign import Held, Signed, sign_casebook
from .workbook_book import take_book
from .workbook_issue import take_issued
from .workbook_ledger import Known
from .workbook_outcome import Entries, SheetOutcome
from .workbook_parties import take_parties
from .workbook_received import take_received
from .workspace import Workspace

_TAKE = {PARTIES.key: take_parties, RECEIVED.key: take_received, BOOK.key: take_book}

_UNTRIED = Text(
    "出荷は試していません。入荷などを取り込んだ後の在庫で決まります",
    "not tried: it depends on the stock once the other sheets are taken in",
)
_EACH_ALONE = Text(
    "どの行も、今の在庫で一つだけ発行するとして試しました", "each row was tried alone on the present stock"
)


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a workbook. ``signed`` None: nothing was new, or it was only tried. ``marked``: the copy."""

    sheets: tuple[SheetOutcome, ...]
    notes: tuple[Text, ...]
    signed: Signed | None
    dry_run: bool
    marked: Path | None = None

    @property
    def problems(self) -> list[CellProblem]:
        """All that is to be mended."""
        return [problem for sheet in self.sheets for problem in sheet.problems]


def import_workbook(
    workspace: Workspace,
    path: Path,
    *,
    sheets: Sequence[str] = (),
    dry_run: bool = False,
    marked: Path | None = None,
) -> Imported:
    """Take in the rows of 取引先, 入荷 and 管理簿, all good ones or none, then issue those of 出荷 one by one.

    Those wait while a row of 入荷 or 管理簿 is to be mended: they would draw on what is there without it, for good.
    ``sheets``: only these. ``marked``: where to write a copy in which the bad cells are red, if there are any. Rows
    that the ledger holds are recognised. Raises UnreadableError for a file that cannot be read, and what
    ``sign_casebook`` and ``issue`` raise.
    """
    if marked is not None:
        require_new(marked)
    data = read_open(path)
    book = read_book(data, path.name, sheets)
    reading = read_ledger(workspace.ledger)
    require_sound(reading)
    known, entries = Known(reading, workspace.party), Entries()
    outcomes = [SheetOutcome(rows) for rows in book.sheets]
    for outcome in outcomes:
        if (take := _TAKE.get(outcome.read.sheet.key)) is not None:
            take(outcome, known, entries)
            outcome.new.sort()
            outcome.known.sort()
    signed = None
    if entries.anything and not dry_run:
        names = {party.id: party.name for party in known.partners.by_id.values()}
        signed = sign_casebook(workspace, entries.book(), held=Held(entries.cited, names))
    to_mend = [o.read.name for o in outcomes if o.read.sheet in (RECEIVED, BOOK) and o.problems]
    for outcome in outcomes:
        if outcome.read.sheet is not ISSUED:
            continue
        if dry_run and entries.anything:
            outcome.notes.append(_UNTRIED)
            continue
        if dry_run and len(outcome.read.rows) > 1:
            outcome.notes.append(_EACH_ALONE)
        take_issued(outcome, known, workspace, rehearse=dry_run, to_mend=to_mend)
    result = Imported(tuple(outcomes), book.notes, signed, dry_run)
    if marked is None or not result.problems:
        return result
    write_new(marked, marked_copy(data, path.name, result.problems))
    return Imported(result.sheets, result.notes, signed, dry_run, marked)


def read_open(path: Path) -> bytes:
    """The file's bytes. Raises UnreadableError, with what to do, also for one that Excel has open."""
    for lock in (path.with_name(f"~${path.name}"), path.with_name(f".~lock.{path.name}#")):
        if lock.exists():
            raise refusals.in_use(path.name, lock.name)
    try:
        with path.open("rb"):
            pass
    except PermissionError:
        raise refusals.not_opened(path.name) from None
    except OSError:
        pass  # read_file says what it is
    return read_file(path)

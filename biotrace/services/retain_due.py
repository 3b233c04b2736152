"""What has to be kept until when, for whom and why, as a list by date."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from biotrace.documents.workbook.csv_cells import cell_text
from biotrace.model.labels import label
from biotrace.model.party import Party
from biotrace.model.text import Lang, Text
from biotrace.verify.profile import RINYA_2012

from .find import find_party
from .ledger_case import read_ledger
from .retain_papers import Duty, Kept, KeptPaper, kept_papers
from .retain_words import why
from .settings import retention_years
from .stored_files import copy_path
from .times import day_of
from .workspace import Workspace


class State(StrEnum):
    """How a paper stands on a day: to be kept, kept longer, free to be destroyed, or destroyed."""

    KEEP = "keep"
    HOLD = "hold"
    ASKED = "asked"
    FREE = "free"
    DESTROYED = "destroyed"

    @property
    def label(self) -> Text:
        """For people."""
        return _STATES[self]


_STATES = {
    State.KEEP: Text("要保存", "to be kept"),
    State.HOLD: Text("保全中", "on hold"),
    State.ASKED: Text("提示の求めあり", "asked for"),
    State.FREE: Text("期間満了", "may be destroyed"),
    State.DESTROYED: Text("廃棄済み", "destroyed"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A paper in the list. ``duty``: the one that ends last, of those asked for; ``parties``: names of all who keep it.

    ``held``: how many of its files are at hand.
    """

    paper: KeptPaper
    duty: Duty
    parties: tuple[str, ...]
    state: State
    held: int
    number: str | None
    reason: Text


@dataclass(frozen=True, slots=True)
class Due:
    """The list, by last day, as things stand ``on`` a day. ``years``: for how many years papers are kept here.

    ``by_year``: papers whose last day lies in that year. ``destroyed``: how many are left out for being destroyed.
    """

    rows: tuple[Row, ...]
    on: date
    years: int
    party: Party | None
    by_year: Mapping[int, int]
    destroyed: int


def list_due(workspace: Workspace, on: date | None = None, party: str | None = None) -> Due:
    """What has to be kept, in the order of the last day. ``on``: judge by this day; None: today.

    ``party``: only what this party (id or name) has to keep, until its own last day. Raises UsageError for one that is
    not known.
    """
    reading = read_ledger(workspace.ledger)
    parties = reading.parties()
    whose = find_party(parties.values(), party) if party is not None else None
    day = on or day_of(workspace.clock())
    years = retention_years(workspace.folder, RINYA_2012.retention_years)
    kept = kept_papers(reading, workspace.party, day, years)
    names = {i: p.name for i, p in parties.items()}
    rows = []
    destroyed = 0
    for paper in kept.papers:
        duties = [d for d in paper.duties if whose is None or d.party == whose.id]
        if not duties:
            continue
        row = _row(workspace, paper, kept, whose, day, names)
        destroyed += row.state is State.DESTROYED
        rows += [row] if row.state is not State.DESTROYED else []
    rows.sort(key=lambda r: (r.duty.until, r.paper.record.subject))
    return Due(
        tuple(rows), day, years, whose, dict(sorted(Counter(r.duty.until.year for r in rows).items())), destroyed
    )


def _row(
    workspace: Workspace, paper: KeptPaper, kept: Kept, whose: Party | None, day: date, names: Mapping[str, str]
) -> Row:
    duties = paper.kept_for(kept.signing if whose is None else frozenset({whose.id}))
    held = sum(copy_path(workspace.folder, f.sha256).exists() for f in paper.files)
    number = getattr(paper.record.body, "number", None)
    keepers = tuple(dict.fromkeys(names.get(d.party, d.party) for d in duties))
    return Row(paper, duties[0], keepers, _state(paper, duties[0], day, held), held, number, why(duties[0], kept.years))


def _state(paper: KeptPaper, duty: Duty, day: date, held: int) -> State:
    if paper.holds:
        return State.HOLD
    if paper.asked:
        return State.ASKED
    if duty.until >= day:
        return State.KEEP
    return State.DESTROYED if paper.tombstones and not held and not paper.values else State.FREE


_HEAD = (
    Text("保存期限", "kept until"),
    Text("状態", "state"),
    Text("種類", "kind"),
    Text("名前", "name"),
    Text("番号", "number"),
    Text("保存する者", "kept by"),
    Text("理由", "reason"),
    Text("写し（手元）", "copies held"),
    Text("写し（記録）", "copies named"),
    Text("非公開項目の値", "private values"),
    Text("保全", "holds"),
    Text("記録ID", "record id"),
)


def due_csv(due: Due, lang: Lang) -> str:
    """The list as CSV, with a line of headings."""
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow([head.get(lang) for head in _HEAD])
    for row in due.rows:
        cells = (
            row.duty.until.isoformat(),
            row.state.label.get(lang),
            kind_name(row).get(lang),
            row.paper.record.subject,
            row.number or "",
            "、".join(row.parties),
            row.reason.get(lang),
            str(row.held),
            str(len(row.paper.files)),
            str(row.paper.values),
            " ".join(hold.logged.record.subject for hold in row.paper.holds),
            row.paper.record.record_id.hex(),
        )
        lines.writerow([cell_text(cell) for cell in cells])
    return out.getvalue()


def kind_name(row: Row) -> Text:
    """What kind of paper it is: of a document, which."""
    body = row.paper.record.body
    kind = getattr(body, "kind", None)
    name = row.paper.record.kind.label
    return label(kind) if row.paper.record.kind.name == "DOCUMENT" and kind is not None else name


def totals(due: Due) -> Sequence[tuple[State, int]]:
    """How many papers are in each state."""
    counted = Counter(row.state for row in due.rows)
    return [(state, counted[state]) for state in State if counted[state]]

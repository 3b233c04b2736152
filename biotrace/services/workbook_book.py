"""Rows of 管理簿 as opening stocks, stocktakes and withdrawals, and the yards that they name."""

from __future__ import annotations

from biotrace.documents.workbook.cells import form, runs
from biotrace.documents.workbook.rows import Row
from biotrace.documents.workbook.sheet_book import BOOK, Entry
from biotrace.model.stock import Site, StockEntry, StockKind
from biotrace.model.text import Text

from .workbook_compare import differences, told
from .workbook_ledger import Known, StockKey, stock_key
from .workbook_outcome import Entries, SheetOutcome
from .workbook_values import stock_values


def take_book(outcome: SheetOutcome, known: Known, entries: Entries) -> None:
    """Work out what the rows add to the ledger."""
    passed: list[int] = []
    seen: dict[StockKey, int] = {}
    new_sites: list[str] = []
    for row in outcome.read.rows:
        kind: Entry = row.values["line"]["entry"]
        if kind.stock_kind is None:
            passed.append(row.number)
            continue
        site = _site(row.values["line"]["site"], known, new_sites, entries)
        if (entry := _entry(outcome, row, kind.stock_kind, site)) is not None:
            _take(outcome, row, entry, known, entries, seen)
    _tell(outcome, passed, new_sites, known)


def _site(name: str, known: Known, new: list[str], entries: Entries) -> str:
    """The yard that is meant; one that is new is entered."""
    found = {form(site): site for site in known.sites}.get(form(name))
    if found is not None:
        return found
    new.append(name)
    known.sites[name] = Site(name, known.own)
    entries.sites.append(known.sites[name])
    return name


def _entry(outcome: SheetOutcome, row: Row, kind: StockKind, site: str) -> StockEntry | None:
    line, to = row.values["line"], row.values.get("to")
    if to is not None and kind is not StockKind.WITHDRAWAL:
        outcome.read.refuse(
            row.number, "to", Text("払出先は払出しの行にだけ書けます", "only a withdrawal goes anywhere")
        )
        return None
    return StockEntry(site, row.values["date"], line["class"], line["quantity"], kind, to)


def _take(
    outcome: SheetOutcome, row: Row, entry: StockEntry, known: Known, entries: Entries, seen: dict[StockKey, int]
) -> None:
    key = stock_key(entry)
    if key in seen:
        outcome.read.refuse(
            row.number,
            "line",
            Text(
                f"{seen[key]} 行目と同じ日・置場・区分・種別です",
                f"the same day, yard, class and kind as row {seen[key]}",
            ),
            Text("1行にまとめてください", "put them together in one row"),
        )
        return
    seen[key] = row.number
    held = known.stock.get(key, [])
    if entry in held:
        outcome.known.append(row.number)
        return
    if held:
        found = differences(BOOK, {"line": stock_values(entry)["line"]}, stock_values(held[-1]))
        outcome.read.refuse(
            row.number,
            "line",
            Text("前に取り込んだ行と違います: ", "it was entered before and has changed: ") + told(found),
            Text(
                "台帳の記録は書き換えられません。新しい日付の棚卸しで改めてください",
                "records are never edited: enter a stocktake of a later day",
            ),
        )
        return
    entries.stock.append(entry)
    outcome.new.append(row.number)


def _tell(outcome: SheetOutcome, passed: list[int], new_sites: list[str], known: Known) -> None:
    if passed:
        numbers = runs(passed)
        outcome.read.notes.append(
            Text(
                f"入荷・出荷・繰越の行は証明書から数えるので読み飛ばしました: {numbers} 行",
                f"rows of what came in, went out or was carried over are counted from certificates: {numbers}",
            )
        )
    if new_sites:
        names = "、".join(new_sites)
        others = "、".join(site for site in known.sites if site not in new_sites) or "–"
        outcome.read.notes.append(
            Text(
                f"新しい置場として登録します: {names}（これまでの置場: {others}）",
                f"entered as new yards: {names} (known so far: {others})",
            )
        )

"""The four sheets that people keep, in the order in which they are taken in."""

from __future__ import annotations

from .cells import form
from .columns import Sheet
from .sheet_book import BOOK
from .sheet_issued import ISSUED
from .sheet_parties import PARTIES
from .sheet_received import RECEIVED

SHEETS: tuple[Sheet, ...] = (PARTIES, RECEIVED, BOOK, ISSUED)
LISTS = "選択肢"
"""The sheet of a template that holds the words to choose from."""
REPORTS = {
    "draws": "引き当て一覧",
    "deliveries": "納入一覧",
    "stock": "在庫一覧",
    "documents": "書類一覧",
    "corrections": "訂正一覧",
}
"""Sheets that the export adds, for reading only."""


def sheet_named(name: str) -> Sheet | None:
    """The kind of sheet that a name means: 入荷, or 入荷（26年6月）. None for any other."""
    wanted = form(name)
    exact = {form(word): sheet for sheet in SHEETS for word in (sheet.title, sheet.key, *sheet.also)}
    if wanted in exact:
        return exact[wanted]
    held = {exact[word].key: exact[word] for word in sorted(exact, key=len) if word in wanted}
    return next(iter(held.values())) if len(held) == 1 else None

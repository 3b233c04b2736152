"""Cells of csv files: text that no spreadsheet takes for a formula, and that shows what is in it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from biotrace.model.showing import showable_lines

LEADS = "=+-@＝＋－＠\t\r\n'"
"""What a spreadsheet takes for the beginning of a formula, and the sign that keeps it from doing so."""


def cell_text(value: object) -> str:
    """A value as csv holds it. Numbers and days stay what they are; hidden signs of a text stand as code points."""
    if value is None:
        return ""
    if isinstance(value, str):
        return escaped(showable_lines(str(value)))
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, datetime | date) else str(value)


def escaped(field: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{field}" if field[:1] and field[0] in LEADS else field


def unescaped(field: str) -> str:
    """A cell without the sign that was put before it lest a spreadsheet take it for a formula."""
    return field[1:] if len(field) > 1 and field[0] == "'" and field[1] in LEADS else field

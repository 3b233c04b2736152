"""Write the tables of columns in docs/workbook.md from the sheets of biotrace/documents/workbook.

python tools/make_workbook_doc.py            write them
python tools/make_workbook_doc.py --check    exit 1 when the page differs from what would be written
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

# Python searches a script's own folder, not the repository's.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from biotrace.documents.workbook.cells import Cell
from biotrace.documents.workbook.columns import Column, Sheet
from biotrace.documents.workbook.sheets import SHEETS
from tools import generated

TARGET = Path(__file__).resolve().parents[1] / "docs" / "workbook.md"
BEGIN, END = "<!-- columns: written by tools/make_workbook_doc.py -->", "<!-- end of columns -->"


def written(old: str) -> str:
    """The page with its tables anew; what people wrote around them stays."""
    tables = "\n".join(line for sheet in SHEETS for line in section(sheet))
    between = re.compile(f"{re.escape(BEGIN)}.*{re.escape(END)}", re.DOTALL)
    return between.sub(lambda _: f"{BEGIN}\n\n{tables}\n{END}", old)


def section(sheet: Sheet) -> Iterator[str]:
    """A sheet: what it is for, its other names, and its columns."""
    yield f"### {sheet.title} / `{sheet.key}`"
    yield ""
    yield f"{sheet.purpose.ja}。"
    yield ""
    yield f"{sheet.purpose.en[0].upper()}{sheet.purpose.en[1:]}."
    yield ""
    yield f"シートの別名 / other names: {'、'.join(sheet.also)}"
    yield ""
    yield "| 見出し | identifier | 要 | 意味 / meaning | 例 / example | 別の見出し / also |"
    yield "| --- | --- | --- | --- | --- | --- |"
    yield from map(row, sheet.columns)
    yield ""


def row(column: Column) -> str:
    """One column. ● is needed; words to choose from stand under their meaning."""
    words = column.kind.options
    offered = f"<br>{'・'.join(words)}" if 2 < len(words) <= 8 else ""
    cells = (
        column.header,
        f"`{column.key}`",
        "●" if column.required else "",
        f"{column.meaning.ja}<br>{column.meaning.en}{offered}",
        Cell(column.example).text,
        "、".join(column.also),
    )
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


if __name__ == "__main__":
    sys.exit(generated.run(TARGET, written, "tools/make_workbook_doc.py", __doc__))

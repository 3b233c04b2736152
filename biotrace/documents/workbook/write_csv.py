"""Tables as csv: UTF-8 with the sign that Excel looks for, or cp932, which lacks some characters."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from biotrace.errors import UsageError
from biotrace.model.text import Text

from .cells import letters
from .csv_cells import cell_text
from .writing import Table

ENCODINGS = ("utf-8-sig", "cp932")
_SAME_IN_CP932 = str.maketrans(
    {"㎥": "m3", "³": "3", "㎡": "m2", "²": "2", "–": "-", "—": "-", "−": "－", "〜": "～", "‹": "<", "›": ">"}
)
"""What is written otherwise without loss where cp932 has no such sign."""
_SHOWN = 10


def csv_files(tables: Sequence[Table], encoding: str, replacement: str | None = None) -> dict[str, bytes]:
    """The tables by file name. ``encoding``: one of ENCODINGS.

    In cp932, ㎥ becomes m3. Raises UsageError (``encoding``), which names the cells, for characters that it lacks,
    unless ``replacement`` is given for them.
    """
    lacking: list[Text] = []
    files = {f"{t.title}.csv": _csv(t, encoding, replacement, lacking) for t in tables}
    if lacking:
        shown = Text("、".join(p.ja for p in lacking[:_SHOWN]), ", ".join(p.en for p in lacking[:_SHOWN]))
        if (more := len(lacking) - _SHOWN) > 0:
            shown += Text(f" ほか {more} か所", f" and {more} more")
        raise UsageError(
            Text(
                "cp932（Shift_JIS）にない文字があり、何も書いていません: ",
                "cp932 (Shift_JIS) lacks characters; nothing was written: ",
            )
            + shown,
            Text(
                "--encoding utf-8-sig で書くか、--replace-with 〓 で置き換えてください",
                "write it with --encoding utf-8-sig, or give --replace-with 〓",
            ),
            code="encoding",
        )
    return files


def _csv(table: Table, encoding: str, replacement: str | None, lacking: list[Text]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    rows = ([h.text for h in table.headings], *table.rows)
    for number, row in enumerate(rows, 1):
        texts = [cell_text(value) for value in row]
        if encoding == "cp932":
            texts = [_fitting(t, replacement, lacking, table.title, number, c) for c, t in enumerate(texts, 1)]
        writer.writerow(texts)
    return out.getvalue().encode(encoding, errors="replace" if encoding == "utf-8-sig" else "strict")


def _fitting(text: str, replacement: str | None, lacking: list[Text], sheet: str, row: int, column: int) -> str:
    fitting = []
    for sign in text.translate(_SAME_IN_CP932):
        if _fits(sign):
            fitting.append(sign)
        elif replacement is not None:
            fitting.append(replacement)
        else:
            place = f"{letters(column)}{row}"
            named = f"「{sign}」(U+{ord(sign):04X})"
            lacking.append(Text(f"シート「{sheet}」{place} {named}", f"sheet {sheet} {place} {named}"))
            break
    return "".join(fitting)


def _fits(sign: str) -> bool:
    try:
        sign.encode("cp932")
    except UnicodeEncodeError:
        return False
    return True

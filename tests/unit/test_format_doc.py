"""docs/format.md says what the code does."""

from __future__ import annotations

from tools import make_format_doc as tool


def test_the_tables_of_the_format_are_up_to_date() -> None:
    text = tool.TARGET.read_text(encoding="utf-8")
    assert tool.written(text) == text


def test_every_kind_field_and_code_is_in_it() -> None:
    lines = list(tool.tables())
    assert "| 3 | Certificate | certificate (証明書) |" in lines
    assert "| 3 | moisture | integer from 0 to 10,000 | not stated |" in lines
    assert "| 15 | documents | list of id of a document record, 32 bytes | empty |" in lines
    assert "| 4 | as_business | 0 or 1 | 1 |" in lines
    assert "| 23 | medium | code of Medium | form |" in lines
    assert "| Unit | 1 m3, 2 m3_loose, 3 m3_stacked, 4 t, 5 kg |" in lines

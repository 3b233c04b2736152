"""What is hidden in a text is told, wherever people read it; what can be seen stays as it is."""

from __future__ import annotations

import csv
import io
import json
import sys
import unicodedata
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biotrace.documents.typeface import check_glyphs, is_odd, printable
from biotrace.documents.workbook.csv_cells import cell_text, unescaped
from biotrace.errors import UsageError
from biotrace.model.showing import showable, showable_json, showable_lines
from biotrace.model.text import same

HIDDEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
BLANK = "\u034f\u115f\u1160\u17b4\u17b5\u2065\u3164\uffa0\ufffe\uffff"
"""Not of these categories, and not to be seen either."""
texts = st.text(st.characters(), max_size=30) | st.text(
    st.sampled_from("甲a‹›\u202e\u2066\u200b\x1b\x9b\n\r\t\u2028\ud800\U000e0041葛\U000e0100"), max_size=20
)


def test_every_hidden_sign_of_unicode_is_shown_and_no_other() -> None:
    for number in range(sys.maxunicode + 1):
        sign = chr(number)
        hidden = unicodedata.category(sign) in HIDDEN or sign in BLANK
        if hidden:
            assert showable(sign) == {"\n": "\\n", "\t": "\\t"}.get(sign, f"‹U+{number:04X}›")
        elif unicodedata.category(sign) != "Cn":  # what later versions of Unicode may give a meaning
            assert showable(sign) == sign, hex(number)


@pytest.mark.parametrize("name", ["葛\U000e0100飾", "㈱山田🌲", "ｶﾞ", "が", "𠮷田", "\u3000甲\xa0乙", "مرحبا", "\ue000"])
def test_names_as_people_write_them_stay(name: str) -> None:
    assert showable(name) == showable_lines(name) == showable_json(name) == name


def test_a_line_stays_a_line_and_a_cell_keeps_its_breaks() -> None:
    assert showable("甲\r\n[ok]\t乙") == "甲‹U+000D›\\n[ok]\\t乙"
    assert showable_lines("甲\r\n乙\r丙\n\t丁\u2028戊") == "甲\n乙\n丙\n\t丁‹U+2028›戊"
    assert showable("\u202e5,220 kg\u202c") == "‹U+202E›5,220 kg‹U+202C›"


@given(texts)
def test_what_is_shown_hides_nothing_and_stays_the_same_when_shown_again(text: str) -> None:
    for show, kept in ((showable, ""), (showable_lines, "\n\t")):
        shown = show(text)
        assert not any(unicodedata.category(c) in HIDDEN for c in shown if c not in kept)
        assert show(shown) == shown


@given(texts)
def test_json_says_the_same_without_hidden_signs(text: str) -> None:
    for indent in (None, 1):
        whole = json.dumps({"name": [text]}, ensure_ascii=False, indent=indent)
        shown = showable_json(whole)
        assert json.loads(shown) == {"name": [text]}
        assert not any(unicodedata.category(c) in HIDDEN for c in shown if c != "\n")


@given(texts)
def test_a_csv_cell_begins_no_formula_and_reads_back_as_it_was_shown(text: str) -> None:
    cell = cell_text(text)
    assert cell[:1] not in {*"=+-@＝＋－＠\t\r\n"} - {""}
    assert unescaped(cell) == showable_lines(text)


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""), (-5, "-5"), (Decimal("-0.5"), "-0.5"), (date(2014, 6, 27), "2014-06-27"), ("-5", "'-5"),
        ("\n=1+1", "'\n=1+1"), ("\u200e=1+1", "‹U+200E›=1+1"), ("=cmd|'/C calc'!A0", "'=cmd|'/C calc'!A0"),
    ],
)  # fmt: skip
def test_numbers_and_days_stay_and_text_stays_text(value: object, cell: str) -> None:
    assert cell_text(value) == cell
    out = io.StringIO(newline="")
    csv.writer(out).writerow([cell])
    assert next(csv.reader(io.StringIO(out.getvalue(), newline=""))) == ([cell] if cell else [""])


def test_a_report_prints_code_points_and_a_paper_of_ones_own_is_refused() -> None:
    assert printable("山\u202e田🌲\xad") == "山‹U+202E›田〓‹U+00AD›"
    assert not is_odd("山\u202e田")
    assert is_odd("🌲")
    with pytest.raises(UsageError) as refused:
        check_glyphs("山\xad田\u202e", same("氏名"))
    assert "U+00AD" in str(refused.value)
    assert "U+202E" in str(refused.value)

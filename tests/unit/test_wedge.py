"""What a keyboard between a hand scanner and the PC makes of a code, and back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biotrace.documents import scan
from biotrace.documents.qr import ALPHABET
from biotrace.documents.wedge import Cause, is_ours_spoiled, readings
from biotrace.errors import UnreadableError

CODES = st.text(sorted(ALPHABET), min_size=1, max_size=60).map(lambda text: "BT1:" + text)


def english(text: str) -> str:
    return text.translate(str.maketrans(":+*", "+~("))


def japanese(text: str) -> str:
    return text.translate(str.maketrans(":+*", "':\""))


def wide(text: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if sign != " " else "\u3000" for sign in text)


SPOILT: dict[str, tuple[Callable[[str], str], set[Cause]]] = {
    "english": (english, {Cause.ENGLISH_SCANNER}),
    "japanese": (japanese, {Cause.JAPANESE_SCANNER}),
    "caps": (str.swapcase, {Cause.CAPS_LOCK}),
    "caps, english": (lambda text: english(text).swapcase(), {Cause.CAPS_LOCK, Cause.ENGLISH_SCANNER}),
    "wide": (wide, {Cause.INPUT_METHOD}),
    "wide, japanese": (lambda text: wide(japanese(text)), {Cause.INPUT_METHOD, Cause.JAPANESE_SCANNER}),
    "marked": (lambda text: "]Q1" + text, {Cause.PREFIX}),
}


@pytest.mark.parametrize("how", SPOILT)
@given(code=CODES)
def test_what_was_scanned_is_among_the_readings(how: str, code: str) -> None:
    spoil, causes = SPOILT[how]
    line = spoil(code)
    assert is_ours_spoiled(line)
    found = [reading for reading in readings([line]) if reading.texts == (code,)]
    assert [set(reading.causes) for reading in found] == [causes]


@given(code=CODES)
def test_a_code_as_it_is_is_not_spoiled(code: str) -> None:
    assert not is_ours_spoiled(code)
    assert not is_ours_spoiled(code.replace("BT1:", "BT1P/1/2/ABCD1234/"))


@pytest.mark.parametrize(
    ("line", "ja", "en"),
    [
        ("BT1+AB~", "キーボード配列を「日本語（106/109）」にする", "keyboard layout to Japanese"),
        ("BT1+AB", "キーボード配列を「日本語（106/109）」にする", "keyboard layout to Japanese"),
        ("BT1'AB", "キーボード配列を「英語（USA）」にする", "keyboard layout to English"),
        ("bt1:ab", "Caps Lock を切る", "turn Caps Lock off"),
        ("ＢＴ１：ＡＢ", "日本語入力を切る", "turn Japanese input off"),
        ("ＢＴ１：か", "日本語入力を切る", "turn Japanese input off"),
    ],
)
def test_the_error_says_what_to_set(line: str, ja: str, en: str) -> None:
    for encoding in ("utf-8", "cp932"):
        with pytest.raises(UnreadableError) as caught:
            scan.read_qr(line.encode(encoding), "stdin")
        error = caught.value
        assert error.code == "keyboard-layout"
        assert error.remedy is not None
        assert ja in error.remedy.ja
        assert en in error.remedy.en

"""The typeface prints Japanese names as they are written, can be searched, and says what it cannot print."""

import io
import shutil
import subprocess
from importlib import resources
from pathlib import Path

import pypdf
import pypdfium2
import pytest
from pypdf.generic import DictionaryObject, PdfObject
from reportlab.pdfgen.canvas import Canvas

from biotrace.documents import typeface
from biotrace.errors import UsageError
from biotrace.model.text import Text

NAMES = ["髙﨑", "𠮷田", "㎥", "㈱", "邉", "邊", "𠮟", "①", "神"]
NAME = Text("発行者", "issuer")


def page_with(*lines: str) -> bytes:
    typeface.register()
    target = io.BytesIO()
    canvas = Canvas(target, invariant=1, initialFontName=typeface.REGULAR)  # type: ignore[arg-type]
    for index, line in enumerate(lines):
        canvas.setFont(typeface.BOLD if index % 2 else typeface.REGULAR, 12)
        canvas.drawString(72, 700 - 30 * index, typeface.for_drawing(line))
    canvas.save()
    return target.getvalue()


def test_names_extract_as_they_were_written_with_pypdf_and_pdfium() -> None:
    pdf = page_with(*NAMES)
    by_pypdf = pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text()
    by_pdfium = pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range()
    for name in NAMES:
        assert name in by_pypdf
        assert name in by_pdfium


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext (poppler-utils) is not installed")
def test_names_extract_as_they_were_written_with_poppler(tmp_path: Path) -> None:
    file = tmp_path / "names.pdf"
    file.write_bytes(page_with(*NAMES))
    text = subprocess.run(["pdftotext", file, "-"], capture_output=True, check=True).stdout.decode()
    for name in NAMES:
        assert name in text


def test_both_weights_may_carry_a_character_beyond_the_bmp() -> None:
    text = pypdf.PdfReader(io.BytesIO(page_with("𠮷", "𠮷", "𠮟"))).pages[0].extract_text()
    assert text.split() == ["𠮷", "𠮷", "𠮟"]


def test_fonts_are_embedded_and_no_other_font_is_named() -> None:
    page = pypdf.PdfReader(io.BytesIO(page_with("髙﨑", "𠮷田"))).pages[0]
    named = dictionary(dictionary(page["/Resources"])["/Font"])
    fonts = [dictionary(font) for font in named.values()]
    assert len(fonts) >= 2
    for font in fonts:
        assert "NotoSansJP" in str(font["/BaseFont"])
        assert "/FontFile2" in dictionary(font["/FontDescriptor"])


def dictionary(value: PdfObject) -> DictionaryObject:
    found = value.get_object()
    assert isinstance(found, DictionaryObject)
    return found


def test_a_variation_selector_is_dropped_when_drawing_only() -> None:
    written = "葛\U000e0100城市"
    assert typeface.for_drawing(written) == "葛城市"
    typeface.check_glyphs(written, NAME)


def test_decomposed_kana_are_composed_but_no_name_is_normalised() -> None:
    assert typeface.for_drawing("カ\u3099ス") == "ガス"
    assert typeface.for_drawing("\ufa19田 ㈱ ㎥ ２") == "\ufa19田 ㈱ ㎥ ２"


@pytest.mark.parametrize(
    ("text", "code_point"),
    [("甲😀成", "U+1F600"), ("甲\x07成", "U+0007"), ("甲\u200b成", "U+200B"), ("甲\ue000成", "U+E000")],
)
def test_a_missing_glyph_is_refused_by_character_code_point_and_field(text: str, code_point: str) -> None:
    with pytest.raises(UsageError) as caught:
        typeface.check_glyphs(text, NAME)
    assert caught.value.code == "missing-glyph"
    assert code_point in caught.value.message.ja
    assert code_point in caught.value.message.en
    assert caught.value.message.ja.startswith("発行者に")
    assert caught.value.message.en.startswith("issuer:")


def test_all_missing_glyphs_are_named_at_once() -> None:
    with pytest.raises(UsageError, match=r"U\+1F600.*U\+1F601"):
        typeface.check_glyphs("😀😁", NAME)


def test_a_line_break_is_no_missing_glyph() -> None:
    typeface.check_glyphs("長野県\n飯山市", NAME)


def test_full_width_characters_are_an_em_wide() -> None:
    assert typeface.width("髙﨑𠮷", typeface.REGULAR, 10) == pytest.approx(30)


def test_the_licence_goes_with_the_fonts() -> None:
    folder = resources.files("biotrace.documents.fonts")
    assert "SIL OPEN FONT LICENSE Version 1.1" in (folder / "OFL.txt").read_text(encoding="utf-8")
    assert {f.name for f in folder.iterdir() if f.name.endswith(".ttf")} == {
        "NotoSansJP-Regular.ttf",
        "NotoSansJP-Bold.ttf",
    }

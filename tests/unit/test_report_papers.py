"""A report on paper: what cannot be read wrongly, and what one odd name must not prevent."""

from __future__ import annotations

import io

import pypdf

from biotrace.documents.report_papers.as_pdf import pdf
from biotrace.documents.report_papers.report import Column, Kind, Report, Table
from biotrace.model.text import Text, same

_NOTHING = Table(Text("根拠", "records"), (Column(same("記録"), Kind.TEXT, 160),), ())


def said(report: Report) -> str:
    """The text of all pages."""
    pages = pypdf.PdfReader(io.BytesIO(pdf(report, "ja"))).pages
    return "\n".join(page.extract_text() for page in pages)


def of(*rows: tuple[str, int]) -> Report:
    """A report of names and tonnes in a narrow column."""
    columns = (Column(same("事業者"), Kind.TEXT, 147), Column(same("全乾t"), Kind.TONNE, 13))
    return Report("報告", same("報告"), (), (Table(same("表"), columns, rows, frozenset((0,))),), _NOTHING)


def test_a_number_stands_on_one_line_however_narrow_its_column() -> None:
    text = said(of(("計", 1_085_052_000_000), ("一", 1_085_052_000)))
    assert "1,085,052.000" in text
    assert "1,085.052" in text


def test_a_name_that_cannot_be_printed_is_shown_as_a_sign_and_said() -> None:
    text = said(of(("🌲林業", 1), ("\u202eevil", 2)))
    assert "〓林業" in text
    assert "‹U+202E›evil" in text
    assert "印刷できない文字は 〓 で示した" in text
    assert "印刷できない文字" not in said(of(("𠮷田林業", 1)))


def test_a_page_is_headed_by_the_title_once() -> None:
    report = of(*((f"第{number}林業", number) for number in range(200)))
    pages = pypdf.PdfReader(io.BytesIO(pdf(report, "ja"))).pages
    assert len(pages) > 2
    for page in pages[1:]:
        assert page.extract_text().count("報告") == 1
        assert "報告　続き" in page.extract_text()

"""The papers of 別記3: nothing overlaps or is lost, what is not known is a line to write on, and codes can be read."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date
from itertools import combinations
from typing import Any

import pypdf
import pypdfium2
import pytest
import zxingcpp

from biotrace.documents import paint
from biotrace.documents.accreditation_papers import (
    accreditation_certificate,
    application,
    handling_report,
    policy,
    renewal_application,
    revocation_notice,
)
from biotrace.documents.accreditation_papers.application import Application
from biotrace.documents.accreditation_papers.enterprise import Enterprise, Goods
from biotrace.documents.accreditation_papers.handling_report import HandlingReport
from biotrace.documents.accreditation_papers.policy import Policy
from biotrace.documents.accreditation_papers.values import Business, Handled, fiscal_year_text, volume_text
from biotrace.documents.forms.sheet import BOTTOM, LEFT, RIGHT, TOP, Code, Frame, Rule, Sheet, Words
from biotrace.documents.qr import QUIET_MODULES
from biotrace.documents.scan import read_qr
from biotrace.errors import UsageError
from tests.golden.paper_values import BODY, GRANTED, KNOWN, MILL, NAME_ALONE, REVOKED, VALUES

PAPERS = (
    accreditation_certificate,
    application,
    handling_report,
    policy,
    renewal_application,
    revocation_notice,
)
LONG = Business(
    "一般社団法人長野県北信地域木質バイオマス燃料安定供給推進協議会附属株式会社髙﨑木材チップ製造第二工場",
    "〒389-2253 長野県飯山市大字飯山字南町千二百三十四番地五 北信木質バイオマスセンタービルディング十二階",
    "代表取締役社長兼最高執行責任者 髙﨑 一郎左衛門",
    "北木-034",
)
CROWDED = Enterprise(
    "昭和52年",
    "12名",
    tuple(Goods(f"品目{n}番", f"{n},000 t") for n in range(1, 61)),
    "別添\n" * 5 + "配置図のとおり",
    "ISO 14001、" * 30,
)
Box = tuple[float, float, float, float]


@pytest.fixture
def sheets(monkeypatch: pytest.MonkeyPatch) -> list[Sheet]:
    """The sheets of whatever is rendered."""
    seen: list[Sheet] = []

    def watch(given: list[Sheet], metadata: Any) -> bytes:
        seen.extend(given)
        return paint.paint(given, metadata)

    for module in PAPERS:
        monkeypatch.setattr(module, "paint", watch)
    return seen


def text_of(data: bytes) -> str:
    """All words run together, so that a line break does not matter."""
    pages = (page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(data))
    return re.sub(r"\s", "", "".join(pages))


def boxes(sheet: Sheet) -> list[Box]:
    """What may not touch: words, and the code with its quiet zone."""
    found = [mark.box for mark in sheet.marks if isinstance(mark, Words)]
    for mark in sheet.marks:
        if isinstance(mark, Code):
            quiet = QUIET_MODULES * mark.symbol.module_mm(mark.side)
            found.append((mark.x - quiet, mark.y - quiet, mark.x + mark.side + quiet, mark.y + mark.side + quiet))
    return found


def touch(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def crowded_application() -> bytes:
    return application.render(Application(date(2022, 12, 5), LONG.name, LONG, CROWDED))


def long_certificate() -> bytes:
    return accreditation_certificate.render(
        accreditation_certificate.AccreditationCertificate(
            date(2023, 4, 1), date(2026, 3, 31), LONG.name or "", LONG, GRANTED, None, "チップの製造・販売 " * 12
        )
    )


def long_notice() -> bytes:
    return revocation_notice.render(
        revocation_notice.RevocationNotice(
            date(2023, 4, 1), date(2025, 12, 1), LONG.name or "", LONG, "虚偽の記載 " * 60, REVOKED
        )
    )


def long_policy() -> bytes:
    day = date(2022, 12, 5)
    return policy.render(Policy(LONG.name, day, LONG.name, day, LONG.representative, "当社第一・第二チップ工場" * 20))


ALL = [*VALUES.values(), crowded_application, long_certificate, long_notice, long_policy]


@pytest.mark.parametrize("made", ALL)
def test_nothing_overlaps_and_nothing_leaves_the_margins(made: Any, sheets: list[Sheet]) -> None:
    made()
    for sheet in sheets:
        for a, b in combinations(boxes(sheet), 2):
            assert not touch(a, b), (a, b)
        for mark in sheet.marks:
            if isinstance(mark, Words):
                left, top, right, bottom = mark.box
                assert left >= LEFT - 0.01, mark
                assert right <= RIGHT + 0.01, mark
                assert top >= TOP, mark
                assert bottom <= BOTTOM + 12, mark


@pytest.mark.parametrize("made", ALL)
def test_no_line_to_write_on_runs_through_words(made: Any, sheets: list[Sheet]) -> None:
    made()
    for sheet in sheets:
        words = [mark for mark in sheet.marks if isinstance(mark, Words)]
        for line in (m for m in sheet.marks if isinstance(m, Rule) and m.y1 == m.y2):
            crossed = [w for w in words if touch(w.box, (line.x1, line.y1, line.x2, line.y1 + 0.01))]
            assert crossed == []


def test_a_usual_paper_is_one_page() -> None:
    assert {len(pypdf.PdfReader(io.BytesIO(made())).pages) for made in VALUES.values()} == {1}


def test_long_answers_run_on_to_another_page_and_lose_nothing() -> None:
    data = crowded_application()
    assert len(pypdf.PdfReader(io.BytesIO(data)).pages) > 1
    text = text_of(data)
    assert all(f"品目{n}番{n},000t" in text for n in range(1, 61))
    assert text.count("ISO14001、") == 30
    assert "記録ID" not in text


def test_further_pages_of_a_certificate_name_its_record(sheets: list[Sheet]) -> None:
    holder = replace(MILL, address="長野県中野市 " * 300)
    accreditation_certificate.render(
        accreditation_certificate.AccreditationCertificate(date(2023, 4, 1), date(2026, 3, 31), BODY, holder, GRANTED)
    )
    first, *others = sheets
    assert others
    assert any(isinstance(mark, Code) for mark in first.marks)
    for sheet in others:
        assert f"記録ID {GRANTED.record_id}" in [m.text for m in sheet.marks if isinstance(m, Words)]


# codes and seals


@pytest.mark.parametrize(
    ("name", "text"),
    [("2-certificate", GRANTED.qr_text), ("2-certificate-copied", GRANTED.qr_text), ("5-revocation", REVOKED.qr_text)],
)
def test_the_code_reads_back_exactly_at_150_dpi(name: str, text: str) -> None:
    data = VALUES[name]()
    image = pypdfium2.PdfDocument(data)[0].render(scale=150 / 72).to_pil()
    formats = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
    assert [found.text for found in zxingcpp.read_barcodes(image, formats=formats)] == [text]
    assert read_qr(data, "paper.pdf") == [text]


@pytest.mark.parametrize("name", ["2-certificate", "5-revocation"])
def test_the_seals_place_is_beside_the_code_and_free(name: str, sheets: list[Sheet]) -> None:
    VALUES[name]()
    marks = sheets[0].marks
    (code,) = [mark for mark in marks if isinstance(mark, Code)]
    (seal,) = [mark for mark in marks if isinstance(mark, Frame) and mark.dashed]
    assert seal.x > code.x + code.side + 5
    box = (seal.x, seal.y, seal.x + seal.wide, seal.y + seal.high)
    assert [mark.text for mark in marks if isinstance(mark, Words) and touch(mark.box, box)] == ["印"]


def test_a_copied_certificate_says_so_and_has_no_place_for_a_seal(sheets: list[Sheet]) -> None:
    VALUES["2-certificate-copied"]()
    words = [mark.text for mark in sheets[0].marks if isinstance(mark, Words)]
    assert "転記 写し" in words
    assert "印" not in words
    assert "転記者の署名付き電子記録　記録ID" in words


# what is not known


def test_what_is_not_known_is_a_line_to_write_on(sheets: list[Sheet]) -> None:
    VALUES["1-application-open"]()
    lines = [m for m in sheets[0].marks if isinstance(m, Rule) and m.y1 == m.y2]
    assert len(lines) == 8  # the body, address, representative, two of item 1, items 2, 3 and 5
    assert "（別添：適宜作成）" in "".join(m.text for m in sheets[0].marks if isinstance(m, Words))
    sheets.clear()
    application.render(Application(date(2022, 12, 5), BODY, MILL, KNOWN))
    assert [m for m in sheets[0].marks if isinstance(m, Rule)] == []
    assert "適宜作成" not in "".join(m.text for m in sheets[0].marks if isinstance(m, Words))


def test_years_are_western_only_where_asked_for() -> None:
    assert "平成" not in text_of(VALUES["5-revocation-open"]())
    assert "2023年4月1日付けで" in text_of(VALUES["5-revocation-open"]())
    assert [fiscal_year_text(year, False) for year in (2018, 2019, 2020)] == ["平成30年度", "平成31年度", "令和2年度"]
    assert fiscal_year_text(2019, True) == "2019年度"
    assert fiscal_year_text(None, False).strip() == "年度"


@pytest.mark.parametrize(
    ("amount", "shown"), [(None, "㎥"), (0, "0 ㎥"), (1, "0.000001 ㎥"), (1_234_500_000, "1,234.5 ㎥")]
)
def test_volumes_are_exact(amount: int | None, shown: str) -> None:
    assert volume_text(amount) == shown


# what is refused


@pytest.mark.parametrize(
    ("made", "named"),
    [
        (lambda: application.render(Application(None, "団体\U0001f332", MILL, KNOWN)), "name of the body"),
        (lambda: application.render(Application(None, BODY, replace(MILL, address="\U0001f332"), KNOWN)), "address"),
        (lambda: application.render(Application(None, BODY, MILL, Enterprise(founded="\U0001f332"))), "foundation"),
        (lambda: policy.render(Policy(None, None, None, None, "\U0001f332")), "person in charge"),
        (lambda: policy.render(Policy(None, None, None, None, None, "\U0001f332")), "where it applies"),
    ],
)
def test_a_character_without_a_glyph_is_named_with_its_entry(made: Any, named: str) -> None:
    with pytest.raises(UsageError) as caught:
        made()
    assert caught.value.code == "missing-glyph"
    assert named in caught.value.message.en
    assert "U+1F332" in caught.value.message.ja


@pytest.mark.parametrize(
    ("total", "thinned", "general"),
    [
        (Handled(10, 10), Handled(6, 0), Handled(5, 0)),
        (Handled(10, 10), Handled(0, 11), Handled(0, None)),
        (Handled(10, 10), Handled(-1, 0), Handled(0, 0)),
        (Handled(None, None), Handled(-1, 0), Handled(0, 0)),
    ],
)
def test_parts_above_their_total_are_no_report(total: Handled, thinned: Handled, general: Handled) -> None:
    with pytest.raises(ValueError, match="cannot be parts"):
        HandlingReport(None, BODY, NAME_ALONE, date(2024, 4, 1), date(2025, 3, 31), total, thinned, general)


def test_a_report_does_not_end_before_it_begins() -> None:
    nothing = Handled()
    with pytest.raises(ValueError, match="before it begins"):
        HandlingReport(None, BODY, MILL, date(2025, 4, 1), date(2025, 3, 31), nothing, nothing, nothing)

"""The slip of a delivery: what a plant weighed, and what the lot's certificate says, nothing else."""

from dataclasses import replace
from datetime import date

import pytest

from biotrace.documents.forms.page import Proof
from biotrace.documents.forms.sheet import Code, Words
from biotrace.documents.forms.slip import SENTENCE, TITLE, WEIGHED_ONLY, SlipPage, lay_out
from biotrace.documents.slip_pdf import render_slip
from biotrace.errors import UsageError
from biotrace.model.certificate import Certificate, Form, Goods, Mixed, Share, Statement
from biotrace.model.delivery import Delivery
from biotrace.model.fuel_class import FuelClass
from biotrace.model.party import Party
from biotrace.model.quantity import Quantity, Unit

# One of the two lorries of 図表2-(3)-イ-②-ii.
CHIPS = Certificate(
    id="c-2",
    form=Form.F2_1,
    fuel_class=FuelClass.THINNED,
    date=date(2014, 11, 19),
    seller="otsu",
    buyer="plant-8",
    quantity=Quantity(6_580_000, Unit.T, 4_200),
    number="26-1119-1",
    accreditation_number="長木-034",
    goods=Goods.CUTTING_CHIPS,
    species=("スギ", "ヒノキ"),
    statements=(Statement.ALL_OF_CLASS, Statement.SEGREGATED),
)
ARRIVED = Delivery(
    id="d-1",
    at="plant-8",
    date=date(2014, 11, 19),
    quantity=Quantity(6_580_000, Unit.T),
    time="08:40",
    sender="otsu",
    certificate="c-2",
    vehicle="28-58",
)
PAGE = SlipPage(
    plant=Party("plant-8", "第八バイオマス発電所", ()),
    supplier=Party("otsu", "乙チップ工業株式会社", ()),
    code=Proof("ab12" * 16, "BT1:" + "X" * 400),
    certified=Proof("cd34" * 16, "BT1:" + "Y" * 600),
)


def lines(delivery: Delivery = ARRIVED, certificate: Certificate | None = CHIPS, page: SlipPage = PAGE) -> list[str]:
    sheets = lay_out(delivery, certificate, page)
    return [mark.text for sheet in sheets for mark in sheet.marks if isinstance(mark, Words)]


def test_the_audits_slip_as_it_was() -> None:
    found = lines()
    for expected in (
        TITLE,
        SENTENCE,
        "管理番号　26-1119-1",
        "第八バイオマス発電所",
        "乙チップ工業株式会社（認定番号 長木-034）",
        "① 間伐材等由来　　2． 一般木質バイオマス",
        "① 切削チップ　　2． ピンチップ",
        "平成26年11月19日　8時40分",
        "6.58 t",
        "① スギ　　② ヒノキ　その他（　　　）",
        "28-58",
        "生産者",
        "現場名",
        "運送会社",
    ):
        assert expected in found


def test_both_records_have_their_codes() -> None:
    (sheet,) = lay_out(ARRIVED, CHIPS, PAGE)
    codes = [mark.symbol.text for mark in sheet.marks if isinstance(mark, Code)]
    assert codes == ["BT1:" + "Y" * 600, "BT1:" + "X" * 400]
    assert "証明書の発行者の署名付き電子記録　記録ID" in lines()
    assert "受入者の署名付き電子記録　記録ID" in lines()


@pytest.mark.parametrize(
    ("certificate", "remark"),
    [
        (None, "証明書の記録なし"),
        (replace(CHIPS, statements=(Statement.ALL_OF_CLASS,)), "証明書に区分・分別管理"),
        (replace(CHIPS, fuel_class=FuelClass.CONSTRUCTION_WASTE), "証明書に区分・分別管理"),
    ],
)
def test_it_certifies_only_what_a_certificate_says(certificate: Certificate | None, remark: str) -> None:
    found = lines(certificate=certificate, page=PAGE if certificate else replace(PAGE, certified=None))
    assert WEIGHED_ONLY in found
    assert TITLE not in found
    assert SENTENCE not in found
    assert any(line.startswith(remark[:8]) for line in found)


def test_a_mixed_lot_shows_its_shares_and_no_sentence() -> None:
    mixed = Mixed("plant-8", (Share(FuelClass.THINNED, 7_000), Share(FuelClass.GENERAL, 3_000)))
    found = lines(certificate=replace(CHIPS, mixed=mixed))
    assert SENTENCE not in found
    assert "区分の混じったロット（割合は備考）" in found
    assert "割合:間伐材等由来の木質バイオマス70%、一般木質バイオマス30%" in "".join(found).replace(" ", "")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"goods": Goods.PIN_CHIPS}, "1． 切削チップ　　② ピンチップ"),
        ({"goods": Goods.BARK}, "1． 切削チップ　　2． ピンチップ　その他（樹皮）"),
        ({"time": None}, "平成26年11月19日　時刻（記載なし）"),
        ({"quantity": Quantity(6_600_000, Unit.T, 4_150)}, "6.6 t（含水率 41.5 %）"),
        ({"quantity": Quantity(6_600_000, Unit.T)}, "証明書の数量 6.58 t"),
        ({"fuel_class": FuelClass.GENERAL}, "受入時の区分: 一般木質バイオマス"),
    ],
)
def test_what_the_gate_noted_is_shown(changes: dict[str, object], said: str) -> None:
    assert said in "".join(lines(replace(ARRIVED, **changes)))  # type: ignore[arg-type]  # fields of Delivery


def test_other_species_stand_behind_the_two_printed_ones() -> None:
    assert "1． スギ　　② ヒノキ　その他（カラマツ）" in lines(
        certificate=replace(CHIPS, species=("ヒノキ", "カラマツ"))
    )


def test_either_transcription_makes_it_a_copy() -> None:
    assert PAGE.certified is not None
    copied = replace(PAGE, certified=replace(PAGE.certified, transcribed_by="乙林業"))
    assert "転記 写し" in lines(page=copied)
    assert "転記者: 乙林業" in lines(page=copied)
    assert "転記者の署名付き電子記録　記録ID" in lines(page=copied)


def test_western_dates_and_byte_identity() -> None:
    western = replace(PAGE, western_dates=True)
    assert "2014年11月19日　8時40分" in lines(page=western)
    assert (
        render_slip(ARRIVED, CHIPS, PAGE) == render_slip(ARRIVED, CHIPS, PAGE) != render_slip(ARRIVED, CHIPS, western)
    )


def test_a_character_that_cannot_be_printed_is_refused() -> None:
    with pytest.raises(UsageError, match=r"U\+1F332"):
        lines(replace(ARRIVED, vehicle="28🌲58"))

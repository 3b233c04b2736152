"""The official forms: prescribed words, values from the record, nothing claimed that was not."""

from dataclasses import replace
from datetime import date

import pytest

from biotrace.documents.forms import f1_private, f2_1, f2_4
from biotrace.documents.forms.layout import lay_out
from biotrace.documents.forms.page import DocumentLabel, PageData
from biotrace.documents.forms.sheet import Sheet, Words
from biotrace.documents.pdf import SUPPORTED, render
from biotrace.documents.qr import symbol
from biotrace.errors import UsageError
from biotrace.model.certificate import (
    Certificate,
    Draw,
    Form,
    Goods,
    Medium,
    Mixed,
    Origin,
    Permit,
    Process,
    Share,
    Statement,
)
from biotrace.model.document import DocumentKind, Period
from biotrace.model.fuel_class import FuelClass
from biotrace.model.party import Party, Role
from biotrace.model.place import Place
from biotrace.model.quantity import Quantity, Unit

SENTENCE = (Statement.ALL_OF_CLASS, Statement.SEGREGATED)
KOUSEI = Party("kousei", "甲成林産有限会社", (Role.PRODUCER,), address="長野県飯山市大字常盤1234番地5")
OTSU = Party("otsu", "株式会社髙﨑木材チップ", (Role.PROCESSOR,), address="長野県中野市大字𠮷田678-9")
PLANT = Party("plant-8", "北信バイオマス発電株式会社", (Role.PLANT,))

FELLING = Certificate(
    id="c-1",
    form=Form.F1_PRIVATE,
    fuel_class=FuelClass.THINNED,
    date=date(2014, 6, 27),
    seller="kousei",
    buyer="otsu",
    quantity=Quantity(2_575_000_000, Unit.M3),
    origins=(Origin.PROTECTION_FOREST,),
    number="第26-017号",
    accreditation_number="長木-012",
    permit=Permit(date(2014, 5, 8), "北信林業事務所", "26-14"),
    locations=(Place("長野県", "飯山市", "大字甲", None, ("236-2", "237-2", "237-1")),),
    area=236_110,
    species=("スギ", "ヒノキ"),
    statements=SENTENCE,
)
CHIPS = Certificate(
    id="c-2",
    form=Form.F2_1,
    fuel_class=FuelClass.THINNED,
    date=date(2014, 11, 19),
    seller="otsu",
    buyer="plant-8",
    quantity=Quantity(6_580_000, Unit.T, 4_200),
    accreditation_number="長木-034",
    species=("スギ",),
    statements=SENTENCE,
)
GENERAL = replace(CHIPS, form=Form.F2_4, fuel_class=FuelClass.GENERAL)

FELLING_PAGE = PageData(seller=KOUSEI, buyer=OTSU, issuer=KOUSEI, record_id="ab12" * 16, qr_text="BT1:" + "X" * 500)
CHIPS_PAGE = replace(FELLING_PAGE, seller=OTSU, buyer=PLANT, issuer=OTSU)
EXAMPLES = [(FELLING, FELLING_PAGE), (CHIPS, CHIPS_PAGE), (GENERAL, CHIPS_PAGE)]


def sheets(certificate: Certificate, page: PageData) -> list[Sheet]:
    content = SUPPORTED[certificate.form](certificate, page)
    return lay_out(certificate, content, page, symbol(page.qr_text))


def words(sheet: Sheet) -> list[str]:
    return [mark.text for mark in sheet.marks if isinstance(mark, Words)]


def printed(certificate: Certificate, page: PageData) -> str:
    """All words of all pages, line after line."""
    return "\n".join(text for sheet in sheets(certificate, page) for text in words(sheet))


def flat(certificate: Certificate, page: PageData) -> str:
    """All words run together, so that a line break does not matter."""
    return printed(certificate, page).replace("\n", "")


# The prescribed words, as 別記1 例1, 別記2-1 and 別記2-4 give them.


def test_example_1_carries_the_words_of_the_guideline() -> None:
    content = f1_private.content(FELLING, FELLING_PAGE)
    assert content.title == "発電用チップに係る間伐材等由来の木質バイオマス証明"
    assert content.sentence == (
        "下記の物件は、間伐材等由来の木質バイオマスであり、適切に分別管理されていることを証明します。"
    )
    assert [entry.name.ja for entry in content.entries] == [
        "間伐材等由来の木質バイオマスの種類",
        "伐採許可（届出）年月日、許可書発行者及び伐採許可番号等",
        "物件（森林）所在地",
        "伐採面積",
        "樹種",
        "数量",
    ]
    assert [aside.sign for aside in content.asides] == ["※", "注"]


def test_2_1_carries_the_words_of_the_guideline() -> None:
    content = f2_1.content(CHIPS, CHIPS_PAGE)
    assert content.title == "発電用チップに係る間伐材等由来の木質バイオマス証明"
    assert content.sentence == (
        "下記の物件は、全て間伐材等由来の木質バイオマスであり、適切に分別管理されていることを証明します。"
    )
    assert [entry.name.ja for entry in content.entries] == ["樹種", "数量"]


def test_2_4_carries_the_words_of_the_guideline() -> None:
    content = f2_4.content(GENERAL, CHIPS_PAGE)
    assert content.title == "発電用チップに係る一般木質バイオマス証明"
    assert content.sentence == "下記の物件は、全て一般木質バイオマスであり、適切に分別管理されていることを証明します。"
    assert [entry.name.ja for entry in content.entries] == ["樹種", "数量"]


@pytest.mark.parametrize(("certificate", "page"), EXAMPLES, ids=["1-private", "2-1", "2-4"])
def test_prescribed_words_stand_on_the_page(certificate: Certificate, page: PageData) -> None:
    content = SUPPORTED[certificate.form](certificate, page)
    text = flat(certificate, page)
    for expected in (content.title, content.sentence, "記", "印", *(entry.name.ja for entry in content.entries)):
        assert expected in text
    for aside in content.asides:
        assert aside.sign + "".join(aside.paragraphs) in text


def test_the_audits_certificate_as_it_was() -> None:
    """図表2-(3)-イ-②-i: 23.6110 ha of sugi and hinoki from a protection forest."""
    lines = printed(FELLING, FELLING_PAGE).split("\n")
    for expected in (
        "番号　第26-017号",
        "平成26年6月27日",
        "株式会社髙﨑木材チップ　殿",
        "甲成林産有限会社",
        "長野県飯山市大字常盤1234番地5",
        "認定番号　長木-012",
        "保安林から出材された木材",
        "年月日　平成26年5月8日",
        "発行者　北信林業事務所",
        "番号　　26-14",
        "長野県飯山市大字甲 236-2、237-2、237-1",
        "23.6110 ha",
        "スギ、ヒノキ",
        "2,575 ㎥",
    ):
        assert expected in lines


# What is not certified is not printed.


@pytest.mark.parametrize(("certificate", "page"), EXAMPLES, ids=["1-private", "2-1", "2-4"])
@pytest.mark.parametrize(
    ("missing", "said"),
    [
        (Statement.SEGREGATED, "適切に分別管理されていること"),
        (Statement.ALL_OF_CLASS, "全てがこの区分の木質バイオマスであること"),
    ],
)
def test_a_statement_not_made_is_not_printed(
    certificate: Certificate, page: PageData, missing: Statement, said: str
) -> None:
    silent = replace(certificate, statements=tuple(s for s in SENTENCE if s is not missing))
    with pytest.raises(UsageError) as caught:
        render(silent, page)
    assert caught.value.code == "statement-missing"
    assert said in caught.value.message.ja
    assert certificate.id in caught.value.message.en
    assert caught.value.remedy is not None


@pytest.mark.parametrize(("certificate", "page"), EXAMPLES, ids=["1-private", "2-1", "2-4"])
@pytest.mark.parametrize("other", list(FuelClass))
def test_a_form_certifies_its_own_class_only(certificate: Certificate, page: PageData, other: FuelClass) -> None:
    if other is certificate.fuel_class:
        return
    with pytest.raises(UsageError) as caught:
        render(replace(certificate, fuel_class=other), page)
    assert caught.value.code == "form-class"


def test_a_mixed_lot_is_not_all_of_one_class() -> None:
    mixed = Mixed("plant-8", (Share(FuelClass.THINNED, 7_000), Share(FuelClass.GENERAL, 3_000)))
    with pytest.raises(UsageError) as caught:
        render(replace(GENERAL, mixed=mixed), CHIPS_PAGE)
    assert caught.value.code == "form-mixed"


@pytest.mark.parametrize("form", [form for form in Form if form not in SUPPORTED])
def test_other_forms_are_not_yet(form: Form) -> None:
    with pytest.raises(UsageError) as caught:
        render(replace(CHIPS, form=form), CHIPS_PAGE)
    assert caught.value.message.en == f"not yet: form {form}; supported: 1-private, 2-1, 2-4"


def test_a_page_with_other_names_than_the_certificate_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="kousei"):
        render(FELLING, CHIPS_PAGE)


def test_a_character_that_cannot_be_printed_is_refused_with_its_item() -> None:
    with pytest.raises(UsageError, match=r"species: .*U\+1F332"):
        render(replace(CHIPS, species=("スギ🌲",)), CHIPS_PAGE)
    with pytest.raises(UsageError, match=r"issuer's address: .*U\+1F332"):
        render(CHIPS, replace(CHIPS_PAGE, issuer=replace(OTSU, address="🌲")))


# Values.


def test_what_a_certificate_leaves_out_is_said_to_be_left_out() -> None:
    bare = replace(
        FELLING, number=None, accreditation_number=None, permit=None, locations=(), area=None, species=(), buyer=None
    )
    text = printed(bare, replace(FELLING_PAGE, buyer=None))
    assert text.count("（記載なし）") == 7
    assert "販売先（記載なし）　殿" in text


def test_documents_to_be_attached_are_listed() -> None:
    documents = (
        DocumentLabel(DocumentKind.PROTECTION_THINNING_NOTICE, "26-14", date(2014, 5, 8)),
        DocumentLabel(DocumentKind.FELLING_NOTICE),
    )
    text = printed(FELLING, replace(FELLING_PAGE, documents=documents))
    assert "添付書類\n(1) 保安林内間伐届の受理通知\n26-14（平成26年5月8日）" in text
    assert "(2) 伐採及び伐採後の造林届出書・適合通知書\n（記載なし）" in text


def test_what_else_the_record_says_stands_under_reference() -> None:
    certificate = replace(
        CHIPS,
        goods=Goods.CUTTING_CHIPS,
        process=Process.CHIPPING,
        vehicle="28-58",
        from_site="otsu-yard-1",
        to_site="plant-8",
        draws=(Draw("c-1", Quantity(10_800_000, Unit.M3)), Draw("c-7", Quantity(200_000, Unit.M3))),
        issuer_party="kousei",
        medium=Medium.DELIVERY_NOTE,
        statements=(*SENTENCE, Statement.NO_CONSTRUCTION_WASTE, Statement.HELD_ON_2012_06_18),
        origins=(Origin.THINNING,),
        area=6_000,
        locations=FELLING.locations,
        permit=FELLING.permit,
        felled=Period(date(2014, 5, 27), None),
        forest_office="北信森林管理署",
        country="JP",
    )
    page = replace(CHIPS_PAGE, issuer=KOUSEI, from_site="中野ヤード", to_site="第一発電所")
    text = printed(certificate, page)
    reference = text[text.index("参考") :]
    for expected in (
        "品目\n切削チップ",
        "加工・流通の別\nチップ加工",
        "含水率\n42 %（湿量基準）",
        "車両番号\n28-58",
        "出荷場所\n中野ヤード",
        "納入場所\n第一発電所",
        "原料の証明書\n2件（電子記録に引用）",
        "伐採期間\n平成26年5月27日～",
        "森林管理署等\n北信森林管理署",
        "産出国\nJP",
        "販売元\n株式会社髙﨑木材チップ",
        "証明書の媒体\n納品書",
        "その他の証明事項\n建設資材廃棄物が混入していないこと\nガイドラインの施行時点",
        "由来\n間伐材",
        "伐採許可（届出）等\n年月日　平成26年5月8日",
        "物件（森林）所在地\n長野県飯山市大字甲",
        "伐採面積\n0.60 ha",
    ):
        assert expected in reference
    assert "適切に分別管理" not in reference


def test_a_site_without_a_name_is_printed_by_its_id() -> None:
    text = printed(replace(CHIPS, from_site="otsu-yard-1", to_site="plant-8"), CHIPS_PAGE)
    assert "出荷場所\notsu-yard-1" in text
    assert "納入場所\nplant-8" in text


def test_no_reference_without_anything_to_say() -> None:
    assert "参考" not in printed(FELLING, FELLING_PAGE)
    assert "伐採面積" not in printed(CHIPS, CHIPS_PAGE)

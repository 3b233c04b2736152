"""The official forms: prescribed words, values from the record, nothing claimed that was not."""

from dataclasses import fields, replace
from datetime import date

import pytest

from biotrace.documents.forms import f1_1, f1_2, f1_national, f1_private, f2_1, f2_2, f2_3, f2_4
from biotrace.documents.forms.layout import lay_out
from biotrace.documents.forms.page import DocumentLabel, PageData
from biotrace.documents.forms.reference import reference_entries
from biotrace.documents.forms.sheet import Sheet, Words
from biotrace.documents.pdf import FORMS, content_of, render
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
from biotrace.model.labels import label
from biotrace.model.party import Party, Role
from biotrace.model.place import Place
from biotrace.model.private import PrivateField, Sealed
from biotrace.model.quantity import Quantity, Unit
from biotrace.model.retention import StoredFile

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
NATIONAL = replace(
    FELLING,
    form=Form.F1_NATIONAL,
    origins=(Origin.NATIONAL_FOREST,),
    forest_office="北信森林管理署",
    locations=(Place("長野県", "飯山市", compartments=("1023い-3",)),),
    statements=(Statement.ALL_OF_CLASS,),
)
FINAL = replace(FELLING, form=Form.F1_1, fuel_class=FuelClass.GENERAL, statements=(Statement.ALL_OF_CLASS,))
PRUNINGS = replace(
    FINAL, form=Form.F1_2, origins=(Origin.ORCHARD_PRUNING,), permit=None, area=None, accreditation_number=None
)
NOTE = replace(CHIPS, form=Form.F2_2, from_site="中野ヤード", to_site="第一発電所", goods=Goods.CUTTING_CHIPS)
RESIDUES = replace(
    GENERAL,
    form=Form.F2_3,
    origins=(Origin.OFFCUTS,),
    statements=(Statement.LOGS_ALL_THINNED_OR_GENERAL, Statement.SEGREGATED),
)

FELLING_PAGE = PageData(seller=KOUSEI, buyer=OTSU, issuer=KOUSEI, record_id="ab12" * 16, qr_text="BT1:" + "X" * 500)
CHIPS_PAGE = replace(FELLING_PAGE, seller=OTSU, buyer=PLANT, issuer=OTSU)
EXAMPLES = [
    pytest.param(FELLING, FELLING_PAGE, id="1-private"),
    pytest.param(NATIONAL, FELLING_PAGE, id="1-national"),
    pytest.param(FINAL, FELLING_PAGE, id="1-1"),
    pytest.param(PRUNINGS, FELLING_PAGE, id="1-2"),
    pytest.param(CHIPS, CHIPS_PAGE, id="2-1"),
    pytest.param(NOTE, CHIPS_PAGE, id="2-2"),
    pytest.param(RESIDUES, CHIPS_PAGE, id="2-3"),
    pytest.param(GENERAL, CHIPS_PAGE, id="2-4"),
]


def sheets(certificate: Certificate, page: PageData) -> list[Sheet]:
    return lay_out(certificate, content_of(certificate, page), page)


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


def test_1_national_carries_the_words_of_the_guideline() -> None:
    content = f1_national.content(NATIONAL, FELLING_PAGE)
    assert content.title == "発電用チップに係る間伐材等由来の木質バイオマス証明"
    assert content.sentence == "下記の物件は、間伐材等由来の木質バイオマスであることを証明します。"
    assert [entry.name.ja for entry in content.entries] == [
        "出材元の森林管理署名",
        "物件（森林）所在地（林班名など）",
        "伐採面積",
        "樹種",
        "数量",
    ]
    assert [aside.paragraphs for aside in content.asides] == [
        ("森林管理署等と甲成林産有限会社の売買契約書の写しを添付。",),
        ("本様式の証明書の作成に代え、売買契約書の写しに必要情報を追加記載することによって証明書とすることも可能。",),
    ]


def test_1_1_carries_the_words_of_the_guideline() -> None:
    content = f1_1.content(FINAL, FELLING_PAGE)
    assert content.title == "発電用チップに係る一般木質バイオマス証明"
    assert content.sentence == "下記の物件は、一般木質バイオマスであることを証明します。"
    assert [entry.name.ja for entry in content.entries] == [
        "伐採許可（届出）年月日、許可書発行者及び伐採許可番号等",
        "物件（森林）所在地",
        "伐採面積",
        "樹種",
        "数量",
    ]
    assert [aside.sign for aside in content.asides] == ["※", "注"]
    assert content.asides[0].paragraphs == ("伐採及び伐採後の造林届出書等の関連書類の写しを添付。",)


def test_1_2_carries_the_words_of_the_guideline() -> None:
    content = f1_2.content(PRUNINGS, FELLING_PAGE)
    assert content.title == "発電用チップに係る一般木質バイオマス証明"
    assert content.sentence == "下記の物件は、全て果樹等の剪定枝であることを証明します。"
    assert [entry.name.ja for entry in content.entries] == [
        "物件名",
        "当該バイオマスの発生場所（伐採箇所など）",
        "樹種",
        "数量",
    ]
    assert content.asides == ()


def test_2_3_carries_the_words_of_the_guideline() -> None:
    content = f2_3.content(RESIDUES, CHIPS_PAGE)
    assert content.title == "発電用チップに係る一般木質バイオマス証明"
    assert content.sentence == (
        "下記の製材等残材は、全て間伐材等由来の木質バイオマス又は一般木質バイオマスに由来するものであり、"
        "適切に分別管理されていることを証明します。"
    )
    assert [entry.name.ja for entry in content.entries] == ["製材等残材の物件名", "樹種", "数量"]


def test_2_2_carries_the_words_of_the_guideline_and_is_read_so_for_general_wood() -> None:
    content = f2_2.content(NOTE, CHIPS_PAGE)
    assert content.title == "納品書（出荷伝票）"
    assert content.sentence == (
        "上記の製品は、全て間伐材等由来の木質バイオマスに由来するものであり、適切に分別管理されていることを証明します。"
    )
    assert [entry.name.ja for entry in content.entries] == ["発地（出荷場所）", "着地（納入場所）"]
    names = ["樹種", "品等", "寸法", "数量", "材積", "単価", "金額", "備考"]
    assert [column.name.ja for column in content.columns] == names
    general = f2_2.content(replace(NOTE, fuel_class=FuelClass.GENERAL), CHIPS_PAGE)
    assert general.sentence == (
        "上記の製品は、全て一般木質バイオマスに由来するものであり、適切に分別管理されていることを証明します。"
    )


@pytest.mark.parametrize(("certificate", "page"), EXAMPLES)
def test_prescribed_words_stand_on_the_page(certificate: Certificate, page: PageData) -> None:
    content = content_of(certificate, page)
    assert content.form is certificate.form
    text = flat(certificate, page)
    names = [entry.name.ja for entry in content.entries] + [column.name.ja for column in content.columns]
    for expected in (content.title, content.sentence, "印", *names):
        assert expected in text
    assert ("\n記\n" in printed(certificate, page)) is (certificate.form is not Form.F2_2)
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


SAYS = {
    Form.F1_PRIVATE: {Statement.ALL_OF_CLASS, Statement.SEGREGATED},
    Form.F1_NATIONAL: {Statement.ALL_OF_CLASS},
    Form.F1_1: {Statement.ALL_OF_CLASS},
    Form.F1_2: {Statement.ALL_OF_CLASS},
    Form.F2_1: {Statement.ALL_OF_CLASS, Statement.SEGREGATED},
    Form.F2_2: {Statement.ALL_OF_CLASS, Statement.SEGREGATED},
    Form.F2_3: {Statement.LOGS_ALL_THINNED_OR_GENERAL, Statement.SEGREGATED},
    Form.F2_4: {Statement.ALL_OF_CLASS, Statement.SEGREGATED},
}
"""What each form's sentence claims."""


@pytest.mark.parametrize(("certificate", "page"), EXAMPLES)
@pytest.mark.parametrize("missing", list(Statement))
def test_a_statement_not_made_is_not_printed(certificate: Certificate, page: PageData, missing: Statement) -> None:
    silent = replace(certificate, statements=tuple(s for s in Statement if s is not missing))
    if missing not in SAYS[certificate.form]:
        assert label(missing).ja not in flat(silent, page)
        return
    with pytest.raises(UsageError) as caught:
        render(silent, page)
    assert caught.value.code == "statement-missing"
    assert label(missing).ja in caught.value.message.ja
    assert certificate.id in caught.value.message.en
    assert caught.value.remedy is not None


@pytest.mark.parametrize(("certificate", "page"), EXAMPLES)
def test_statements_beyond_the_forms_sentence_stand_under_reference(certificate: Certificate, page: PageData) -> None:
    text = flat(replace(certificate, statements=tuple(Statement)), page)
    others = [s for s in Statement if s not in SAYS[certificate.form]]
    assert "その他の証明事項" + "".join(label(s).ja for s in others) in text


@pytest.mark.parametrize(("certificate", "page"), EXAMPLES)
@pytest.mark.parametrize("other", list(FuelClass))
def test_a_form_certifies_its_own_class_only(certificate: Certificate, page: PageData, other: FuelClass) -> None:
    if other is certificate.fuel_class or (certificate.form is Form.F2_2 and other is FuelClass.GENERAL):
        return
    with pytest.raises(UsageError) as caught:
        render(replace(certificate, fuel_class=other), page)
    assert caught.value.code == "form-class"


@pytest.mark.parametrize(("certificate", "page"), EXAMPLES)
def test_a_mixed_lot_goes_on_no_form(certificate: Certificate, page: PageData) -> None:
    mixed = Mixed("plant-8", (Share(FuelClass.THINNED, 7_000), Share(FuelClass.GENERAL, 3_000)))
    with pytest.raises(UsageError) as caught:
        render(replace(certificate, mixed=mixed), page)
    assert caught.value.code == "form-mixed"
    assert "公式の様式はありません" in caught.value.message.ja
    assert caught.value.remedy is not None
    assert "区分ごとに分けて" in caught.value.remedy.ja


def test_every_form_can_be_printed() -> None:
    assert set(FORMS) == set(Form) == set(SAYS)


@pytest.mark.parametrize("certificate", [CHIPS, GENERAL, replace(RESIDUES, statements=tuple(Statement))])
def test_what_was_written_on_a_delivery_note_prints_on_2_2(certificate: Certificate) -> None:
    content = content_of(replace(certificate, medium=Medium.DELIVERY_NOTE), CHIPS_PAGE)
    assert content.form is Form.F2_2
    assert certificate.fuel_class.label.ja in content.sentence
    text = flat(replace(certificate, medium=Medium.DELIVERY_NOTE), CHIPS_PAGE)
    assert f"証明書の様式{label(certificate.form).ja}" in text
    assert "証明書の媒体納品書" in text


def cells(certificate: Certificate, page: PageData) -> dict[str, tuple[str, ...]]:
    return {column.name.ja: column.paragraphs for column in f2_2.content(certificate, page).columns}


def test_a_delivery_note_leaves_blank_what_no_record_holds() -> None:
    found = cells(replace(NOTE, vehicle="28-58"), CHIPS_PAGE)
    blank = {name for name, lines in found.items() if not lines}
    assert blank == {"品等", "寸法", "材積", "単価", "金額"}
    assert found["数量"] == ("6.58 t",)
    assert found["備考"] == ("切削チップ", "車番 28-58")


def test_solid_volumes_stand_as_volume() -> None:
    logs = cells(replace(NOTE, quantity=Quantity(40_000_000, Unit.M3)), CHIPS_PAGE)
    assert (logs["数量"], logs["材積"]) == ((), ("40 ㎥",))
    loose = cells(replace(NOTE, quantity=Quantity(40_000_000, Unit.M3_LOOSE)), CHIPS_PAGE)
    assert (loose["数量"], loose["材積"]) == (("40 ㎥(チップ層積)",), ())


@pytest.mark.parametrize(("yen", "each"), [(98_700, ("15,000円", "／t")), (98_701, ()), (0, ("0円", "／t"))])
def test_a_price_that_is_at_hand_is_printed_and_a_unit_price_where_it_comes_out_whole(
    yen: int, each: tuple[str, ...]
) -> None:
    found = cells(NOTE, replace(CHIPS_PAGE, private={PrivateField.PRICE_YEN: yen}))
    assert found["金額"] == (f"{yen:,}円", "（税抜）")
    assert found["単価"] == each


def test_1_1_may_rest_on_a_legality_certificate() -> None:
    legal = replace(FINAL, permit=None, medium=Medium.LEGALITY_CERTIFICATE)
    assert "（必要情報を追加記載した合法性証明書による）" in flat(legal, FELLING_PAGE)
    assert "（記載なし）" in flat(replace(legal, medium=Medium.FORM), FELLING_PAGE)


@pytest.mark.parametrize(
    ("origins", "kinds"),
    [
        ((Origin.BAMBOO,), "全て竹であること"),
        ((Origin.HOMESTEAD, Origin.BAMBOO), "全て屋敷林又は竹であること"),
        ((Origin.HOMESTEAD, Origin.BAMBOO, Origin.DAM_DRIFTWOOD), "全て屋敷林、竹又はダム流木であること"),
    ],
)
def test_1_2_says_of_what_kind_all_of_it_is(origins: tuple[Origin, ...], kinds: str) -> None:
    assert kinds in f1_2.content(replace(PRUNINGS, origins=origins), FELLING_PAGE).sentence


def test_1_2_without_a_kind_is_refused() -> None:
    with pytest.raises(UsageError) as caught:
        render(replace(PRUNINGS, origins=()), FELLING_PAGE)
    assert caught.value.code == "form-kind"
    assert caught.value.remedy is not None


def test_1_2_names_the_owner_and_whoever_felled_for_them() -> None:
    owner = Party("kousei", "山田太郎", (Role.OWNER,), as_business=False, address="長野県中野市45")
    page = replace(FELLING_PAGE, seller=owner, issuer=owner)
    text = printed(PRUNINGS, page)
    assert "所有者名\n山田太郎\n所有者住所\n長野県中野市45" in text
    assert "認定番号" not in text
    private = {PrivateField.OWNER_NAME: "佐藤花子", PrivateField.OWNER_ADDRESS: "長野県飯山市7"}
    felled = printed(replace(PRUNINGS, accreditation_number="長木-012"), replace(FELLING_PAGE, private=private))
    assert "所有者名\n佐藤花子\n所有者住所\n長野県飯山市7\n伐採者名\n甲成林産有限会社" in felled
    assert "認定番号　長木-012" in felled
    assert "所有者名" not in printed(PRUNINGS, FELLING_PAGE)


@pytest.mark.parametrize(
    ("origins", "goods", "said"),
    [
        ((Origin.OFFCUTS,), None, "端材"),
        ((Origin.OFFCUTS, Origin.BARK), None, "端材、樹皮"),
        ((Origin.OFFCUTS,), Goods.OFFCUTS, "端材"),
        ((Origin.OFFCUTS,), Goods.CUTTING_CHIPS, "端材（切削チップ）"),
        ((), Goods.SAWDUST, "おがくず"),
        ((), None, "（記載なし）"),
    ],
)
def test_2_3_names_the_residue(origins: tuple[Origin, ...], goods: Goods | None, said: str) -> None:
    content = f2_3.content(replace(RESIDUES, origins=origins, goods=goods), CHIPS_PAGE)
    assert content.entries[0].paragraphs == (said,)


def test_1_national_names_the_forest_office_by_its_name() -> None:
    by_id = replace(NATIONAL, forest_office="office-7")
    page = replace(FELLING_PAGE, forest_office="北信森林管理署")
    assert f1_national.content(by_id, page).entries[0].paragraphs == ("北信森林管理署",)
    unsaid = replace(NATIONAL, forest_office=None)
    assert f1_national.content(unsaid, FELLING_PAGE).entries[0].paragraphs == ("（記載なし）",)


@pytest.mark.parametrize(("certificate", "page"), EXAMPLES)
def test_nothing_is_shown_twice_or_passed_over(certificate: Certificate, page: PageData) -> None:
    """Each field that a form shows is one of the certificate's, and is not under 参考 again."""
    content = content_of(certificate, page)
    assert set(content.shows) <= {field.name for field in fields(Certificate)}
    under_reference = {entry.name.ja for entry in reference_entries(certificate, content, page)}
    if "locations" in content.shows:
        assert "物件（森林）所在地" not in under_reference
    assert ("由来" in under_reference) is (bool(certificate.origins) and "origins" not in content.shows)


def test_private_fields_and_scans_are_told_of() -> None:
    sealed = Sealed(PrivateField.PRICE_YEN, bytes(32))
    text = flat(replace(CHIPS, sealed=(sealed,), files=(StoredFile(bytes(32), 6, "application/pdf"),)), CHIPS_PAGE)
    assert "非公開の項目取引価格（税抜・円）（記録にはハッシュ値だけが入る）" in text
    assert "原本の写し1件" in text


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
        medium=Medium.COC_CERTIFICATE,
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
        "証明書の媒体\n森林認証・CoC認証の証明書",
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

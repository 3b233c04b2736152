"""Where things stand on the forms: nothing overlaps, leaves the margins or is dropped, however much there is."""

from dataclasses import replace
from datetime import date
from itertools import combinations

import pytest

from biotrace.documents.forms.layout import lay_out
from biotrace.documents.forms.page import DocumentLabel, PageData
from biotrace.documents.forms.sheet import BOTTOM, LEFT, RIGHT, TOP, Code, Frame, Rule, Sheet, Watermark, Words
from biotrace.documents.pdf import content_of
from biotrace.documents.qr import QUIET_MODULES, SIDE_MM
from biotrace.errors import UsageError
from biotrace.model.certificate import Certificate, Form, Goods, Origin, Statement
from biotrace.model.document import DocumentKind
from biotrace.model.fuel_class import FuelClass
from biotrace.model.party import Party, Role
from biotrace.model.place import Place
from biotrace.model.private import PrivateField
from biotrace.model.quantity import Quantity, Unit

SENTENCE = (Statement.ALL_OF_CLASS, Statement.SEGREGATED)
KOUSEI = Party("kousei", "甲成林産有限会社", (Role.PRODUCER,), address="長野県飯山市大字常盤1234番地5")
OTSU = Party("otsu", "株式会社髙﨑木材チップ", (Role.PROCESSOR,))
LONG = Party(
    "otsu",
    "一般社団法人長野県北信地域木質バイオマス燃料安定供給推進協議会附属株式会社髙﨑木材チップ製造第二工場 "
    "North Shinshu Wood Fuel Supply Co., Ltd.",
    (Role.PROCESSOR,),
    address="〒389-2253 長野県飯山市大字飯山字南町千二百三十四番地五\n北信木質バイオマスセンタービルディング十二階",
)
FELLING = Certificate(
    id="c-1",
    form=Form.F1_PRIVATE,
    fuel_class=FuelClass.THINNED,
    date=date(2014, 6, 27),
    seller="kousei",
    buyer="otsu",
    quantity=Quantity(2_575_000_000, Unit.M3),
    number="第26-017号",
    locations=(Place("長野県", "飯山市", "大字甲", None, ("236-2", "237-2", "237-1")),),
    area=236_110,
    species=("スギ", "ヒノキ"),
    statements=SENTENCE,
)
PAGE = PageData(seller=KOUSEI, buyer=OTSU, issuer=KOUSEI, record_id="ab12" * 16, qr_text="BT1:" + "X" * 500)
CHIPS = replace(FELLING, form=Form.F2_1, locations=(), area=None)
GENERAL = replace(CHIPS, form=Form.F2_4, fuel_class=FuelClass.GENERAL)
NATIONAL = replace(FELLING, form=Form.F1_NATIONAL)
FINAL = replace(FELLING, form=Form.F1_1, fuel_class=FuelClass.GENERAL)
PRUNINGS = replace(FINAL, form=Form.F1_2, origins=(Origin.ORCHARD_PRUNING, Origin.BAMBOO))
NOTE = replace(
    CHIPS, form=Form.F2_2, goods=Goods.CUTTING_CHIPS, vehicle="長野100は28-58", quantity=Quantity(1, Unit.KG)
)
RESIDUES = replace(GENERAL, form=Form.F2_3, statements=tuple(Statement))
PARTS = tuple(f"BT1P/{i}/8/ABCD1234/" + "X" * 1_350 for i in range(1, 9))


def sheets(certificate: Certificate, page: PageData) -> list[Sheet]:
    return lay_out(certificate, content_of(certificate, page), page)


def words(sheet: Sheet) -> list[str]:
    return [mark.text for mark in sheet.marks if isinstance(mark, Words)]


def flat(certificate: Certificate, page: PageData) -> str:
    """All words run together, so that a line break does not matter."""
    return "".join(text for sheet in sheets(certificate, page) for text in words(sheet))


def crowded() -> list[tuple[Certificate, PageData]]:
    places = tuple(Place("長野県", "飯山市", f"大字甲{i}", "字乙", (f"{i}-1", f"{i}-2")) for i in range(40))
    many = replace(FELLING, locations=places, species=tuple(f"樹種{i}" for i in range(60)), vehicle="28-58")
    long_named = replace(many, seller="otsu", buyer="otsu", statements=(*SENTENCE, Statement.LAWFUL))
    documents = tuple(DocumentLabel(kind, f"第{kind}号", date(2014, 5, 8)) for kind in DocumentKind)
    long_page = replace(PAGE, seller=LONG, buyer=LONG, issuer=LONG, documents=documents)
    return [
        (FELLING, PAGE),
        (CHIPS, PAGE),
        (GENERAL, PAGE),
        (many, PAGE),
        (long_named, long_page),
        (long_named, replace(long_page, transcribed_by=LONG.name)),
        (FELLING, replace(PAGE, qr_parts=PARTS)),
        (long_named, replace(long_page, transcribed_by=LONG.name, qr_parts=PARTS)),
        *((form, PAGE) for form in (NATIONAL, FINAL, PRUNINGS, NOTE, RESIDUES)),
        *((as_long(form, many), long_page) for form in (NATIONAL, FINAL, PRUNINGS, NOTE, RESIDUES)),
        (
            as_long(NOTE, many),
            replace(
                long_page,
                from_site=LONG.name,
                to_site=LONG.name,
                private={PrivateField.PRICE_YEN: 10**12},
                transcribed_by=LONG.name,
            ),
        ),
        (
            as_long(PRUNINGS, many),
            replace(long_page, private={PrivateField.OWNER_NAME: LONG.name, PrivateField.OWNER_ADDRESS: LONG.name}),
        ),
    ]


def as_long(form: Certificate, many: Certificate) -> Certificate:
    """The certificate between the long-named, with as many places and species."""
    return replace(form, seller="otsu", buyer="otsu", locations=many.locations, species=many.species)


Box = tuple[float, float, float, float]


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


@pytest.mark.parametrize(("certificate", "page"), crowded())
def test_nothing_overlaps_and_nothing_leaves_the_margins(certificate: Certificate, page: PageData) -> None:
    for sheet in sheets(certificate, page):
        for a, b in combinations(boxes(sheet), 2):
            assert not touch(a, b), (a, b)
        for mark in sheet.marks:
            if isinstance(mark, Words):
                left, top, right, bottom = mark.box
                assert left >= LEFT - 0.01, mark
                assert right <= RIGHT + 0.01, mark
                assert top >= TOP, mark
                assert bottom <= BOTTOM + 12, mark


@pytest.mark.parametrize(("certificate", "page"), crowded())
def test_the_seals_place_is_beside_the_code_and_free(certificate: Certificate, page: PageData) -> None:
    marks = sheets(certificate, page)[0].marks
    codes = [mark for mark in marks if isinstance(mark, Code)]
    code = codes[0] if codes else next(m for m in marks if isinstance(m, Frame) and m.wide == SIDE_MM and not m.dashed)
    seals = [mark for mark in marks if isinstance(mark, Frame) and mark.dashed]
    assert len(seals) == (0 if page.transcribed else 1)
    for seal in seals:
        assert seal.x > code.x + SIDE_MM + 5
        assert code.y <= seal.y < code.y + SIDE_MM
        box = (seal.x, seal.y, seal.x + seal.wide, seal.y + seal.high)
        inside = [mark.text for mark in marks if isinstance(mark, Words) and touch(mark.box, box)]
        assert inside == ["印"]


@pytest.mark.parametrize("form", [FELLING, NATIONAL, FINAL, PRUNINGS], ids=lambda c: c.form)
def test_places_that_do_not_fit_go_to_a_numbered_annex(form: Certificate) -> None:
    parcels = tuple(f"{i}-{i % 7}" for i in range(1, 201))
    certificate = replace(form, locations=(Place("長野県", "飯山市", "大字甲", "字乙", parcels, ("12い-3",)),))
    first, *others = sheets(certificate, PAGE)
    assert "別紙のとおり（全201箇所）" in words(first)
    assert "別紙" in words(others[0])
    annex = [text for sheet in others for text in words(sheet)]
    for number, parcel in enumerate((*parcels, "12い-3"), start=1):
        at = annex.index(parcel)
        assert annex[at - 2 : at + 1] == [str(number), "長野県飯山市大字甲字乙", parcel]
    count = len(others) + 1
    assert f"1／{count}" in words(first)
    for number, sheet in enumerate(others, start=2):
        assert f"{number}／{count}" in words(sheet)
        assert f"記録ID {PAGE.record_id}" in words(sheet)
        assert "証明書番号 第26-017号（平成26年6月27日）" in words(sheet)


def test_a_record_in_parts_has_them_all_on_sheets_of_their_own() -> None:
    first, *others = sheets(FELLING, replace(PAGE, qr_parts=PARTS))
    assert not any(isinstance(mark, Code) for mark in first.marks)
    assert "QRコード8個に分けて" in words(first)
    assert " ".join(["ab12"] * 8) in words(first)
    assert "QRコード別紙" in words(others[0])
    codes = [mark for sheet in others for mark in sheet.marks if isinstance(mark, Code)]
    assert tuple(code.symbol.text for code in codes) == PARTS
    assert all(code.symbol.module_mm(code.side) > 0.45 for code in codes)
    captions = [text for sheet in others for text in words(sheet) if "記録 AB12AB12" in text]
    assert captions == [f"{i}／8　記録 AB12AB12" for i in range(1, 9)]


def test_a_delivery_notes_table_has_all_its_rules() -> None:
    marks = sheets(NOTE, PAGE)[0].marks
    upright = {round(mark.x1, 3) for mark in marks if isinstance(mark, Rule) and mark.x1 == mark.x2}
    assert len(upright) == 9
    assert (min(upright), max(upright)) == (LEFT, RIGHT)


def test_a_single_page_carries_no_page_number() -> None:
    assert len(sheets(FELLING, PAGE)) == 1
    assert "1／1" not in flat(FELLING, PAGE)


def test_a_landing_and_an_annex_of_the_paper_are_shown_as_recorded() -> None:
    certificate = replace(FELLING, locations=(Place(landing="鍋倉土場"), Place(annex=True)))
    text = flat(certificate, PAGE)
    assert "土場: 鍋倉土場" in text
    assert "別紙に記載（別紙の内容は記録されていない）" in text


def test_long_lists_run_on_to_another_page_and_lose_nothing() -> None:
    species = tuple(f"樹種{i}番" for i in range(400))
    pages = sheets(replace(CHIPS, species=species), PAGE)
    assert len(pages) > 1
    lines = [text for sheet in pages for text in words(sheet) if set(text) <= set("樹種番、0123456789")]
    assert "、".join(species) in "".join(lines)


def test_a_name_that_fills_more_than_a_page_is_refused() -> None:
    with pytest.raises(UsageError) as caught:
        sheets(FELLING, replace(PAGE, issuer=replace(KOUSEI, name="甲" * 3000)))
    assert caught.value.code == "form-overflow"


def test_the_record_id_stands_below_the_code_in_groups_of_four() -> None:
    marks = sheets(FELLING, PAGE)[0].marks
    (code,) = [mark for mark in marks if isinstance(mark, Code)]
    lines = [mark for mark in marks if isinstance(mark, Words) and mark.text == " ".join(["ab12"] * 8)]
    assert len(lines) == 2
    assert all(code.y + code.side < line.y < code.y + code.side + 16 and line.x == code.x for line in lines)


def test_an_owner_who_needs_no_accreditation_is_not_shown_as_lacking_it() -> None:
    owner = replace(KOUSEI, as_business=False)
    page = replace(PAGE, issuer=owner, seller=owner)
    assert "認定番号　なし（伐採、加工・流通を業としない者）" in flat(replace(FELLING, accreditation_number=None), page)


# A transcription is never the issuer's own paper.


@pytest.mark.parametrize("certificate", [FELLING, replace(FELLING, locations=(Place(oaza="甲"),) * 60)])
def test_every_page_of_a_transcription_says_so(certificate: Certificate) -> None:
    page = replace(PAGE, transcribed_by="乙林業 受入担当 﨑山")
    assert page.transcribed
    for sheet in sheets(certificate, page):
        text = "".join(words(sheet))
        assert "転記 写し" in text
        assert "転記者: 乙林業 受入担当 﨑山" in text
        assert "発行者が作成した原本ではなく" in text
        assert any(isinstance(mark, Watermark) for mark in sheet.marks)


def test_a_transcription_has_no_place_for_a_seal_and_names_the_signer() -> None:
    text = words(sheets(FELLING, replace(PAGE, transcribed_by="乙林業"))[0])
    assert "印" not in text
    assert "転記者の署名付き電子記録　記録ID" in text
    own = words(sheets(FELLING, PAGE)[0])
    assert "印" in own
    assert not any("転記" in line for line in own)

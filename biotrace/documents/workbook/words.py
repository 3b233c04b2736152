"""The words that people write in cells for the values of the model: the usual one first, then others taken too."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from biotrace.model.certificate import Form, Goods, Medium, Origin, Process, Statement
from biotrace.model.document import DocumentContent, DocumentCopy, DocumentKind, FellingMethod
from biotrace.model.fuel_class import FuelClass
from biotrace.model.labels import label
from biotrace.model.party import Role
from biotrace.model.quantity import Unit
from biotrace.model.stock import WithdrawnTo

Words = Mapping[StrEnum, tuple[str, ...]]

CLASSES: Words = {
    FuelClass.THINNED: (
        *("間伐材等由来", "間伐材等", "間伐材等由来の木質バイオマス", "間伐材等由来木質バイオマス", "間伐材由来"),
        *("間伐材", "間伐", "未利用", "未利用材", "未利用木材", "未利用木質バイオマス"),
    ),
    FuelClass.GENERAL: (
        *("一般木質", "一般木質バイオマス", "一般木質由来", "一般材", "一般", "一般木材", "製材等残材"),
    ),
    FuelClass.GENERAL_WASTE: ("一般廃棄物", "一廃"),
    FuelClass.CONSTRUCTION_WASTE: ("建設資材廃棄物", "建設廃材", "建築廃材", "建廃", "リサイクル材"),
}
FORMS: Words = {
    Form.F1_PRIVATE: ("別記1例1", "1例1", "1-例1", "例1", "民有林", "別記1", "様式1"),
    Form.F1_NATIONAL: ("別記1例2", "1例2", "1-例2", "例2", "国有林"),
    Form.F1_1: ("別記1-1",),
    Form.F1_2: ("別記1-2",),
    Form.F2_1: ("別記2-1",),
    Form.F2_2: ("別記2-2", "納品書"),
    Form.F2_3: ("別記2-3",),
    Form.F2_4: ("別記2-4",),
}
GOODS: Words = {
    Goods.LOGS: ("原木", "丸太", "素材", "ログ", "原木(丸太)"),
    Goods.CUTTING_CHIPS: ("切削チップ", "チップ", "木質チップ", "切削"),
    Goods.PIN_CHIPS: ("ピンチップ", "破砕チップ", "ピン"),
    Goods.OFFCUTS: ("端材", "背板", "製材端材"),
    Goods.SAWDUST: ("おがくず", "おが粉", "オガ粉", "のこ屑", "おが屑"),
    Goods.BARK: ("樹皮", "バーク"),
    Goods.PELLETS: ("ペレット", "木質ペレット"),
}
UNITS: Words = {
    Unit.M3: ("㎥", "m3", "m³", "立方メートル", "立米", "立方", "リューベ", "m^3"),
    Unit.M3_LOOSE: ("㎥（チップ層積）", "m3_loose", "チップ㎥", "層積㎥(チップ)"),
    Unit.M3_STACKED: ("㎥（層積）", "m3_stacked", "層積㎥", "層積"),
    Unit.T: ("t", "トン", "ton", "屯", "㌧", "瓲"),
    Unit.KG: ("kg", "キロ", "キログラム", "瓩"),
}
METHODS: Words = {
    FellingMethod.THINNING: ("間伐",),
    FellingMethod.CLEAR: ("皆伐", "主伐(皆伐)", "主伐"),
    FellingMethod.SELECTION: ("択伐", "主伐(択伐)"),
}
CONTENTS: Words = {
    DocumentContent.FULL: ("全体", "全部", "全頁", "全ページ"),
    DocumentContent.COVER_ONLY: ("鑑のみ", "鑑", "表紙のみ"),
}
COPIES: Words = {
    DocumentCopy.KEPT: ("写しを保管", "保管", "有", "あり", "写しあり"),
    DocumentCopy.SHOWN_NOT_KEPT: ("提示のみ", "提示のみ（写しなし）", "提示"),
    DocumentCopy.MISSING: ("写しなし", "無", "なし", "未入手"),
}


def _labelled(kind: type[StrEnum], more: Mapping[StrEnum, tuple[str, ...]] | None = None) -> Words:
    """The model's own labels, with other words that are taken too."""
    return {value: (label(value).ja, *(more or {}).get(value, ())) for value in kind}


ORIGINS = _labelled(
    Origin,
    {
        Origin.THINNING: ("間伐", "間伐材等"),
        Origin.WEEDING: ("除伐", "除伐材"),
        Origin.PROTECTION_FOREST: ("保安林", "保安林からの木材"),
        Origin.MANAGEMENT_PLAN: ("森林経営計画", "森林経営計画対象森林", "森林経営計画対象森林からの木材", "経営計画"),
        Origin.NATIONAL_FOREST: ("国有林",),
        Origin.FINAL_FELLING: ("主伐", "皆伐", "皆伐材"),
        Origin.IMPORTED: ("輸入", "輸入木材"),
        Origin.ORCHARD_PRUNING: ("果樹剪定枝", "剪定枝(果樹)"),
        Origin.OFFCUTS: ("背板",),
        Origin.SAWDUST: ("おが粉",),
        Origin.BARK: ("バーク",),
    },
)
MEDIA = _labelled(
    Medium,
    {
        Medium.FORM: ("様式", "証明書"),
        Medium.DELIVERY_NOTE: ("納品書兼証明書", "伝票"),
        Medium.LEGALITY_CERTIFICATE: ("合法性証明書",),
    },
)
PROCESSES = _labelled(
    Process, {Process.CHIPPING: ("チップ化", "チップ製造", "切削"), Process.TRADING: ("販売", "商社")}
)
STATEMENTS = _labelled(
    Statement,
    {
        Statement.ALL_OF_CLASS: ("全てこの区分",),
        Statement.SEGREGATED: ("分別管理",),
        Statement.NO_CONSTRUCTION_WASTE: ("建廃混入なし",),
    },
)
DOCUMENT_KINDS = _labelled(
    DocumentKind,
    {
        DocumentKind.FELLING_NOTICE: (
            *("伐採届", "伐採届出書", "伐採及び伐採後の造林届出書", "伐採及び伐採後の造林の届出書", "適合通知書"),
            "伐採及び伐採後の造林の計画の適合通知書",
        ),
        DocumentKind.MANAGEMENT_PLAN: ("森林経営計画", "森林経営計画認定書", "経営計画", "森林施業計画"),
        DocumentKind.PROTECTION_PERMIT: ("保安林伐採許可", "保安林内立木伐採許可", "保安林立木伐採許可書"),
        DocumentKind.PROTECTION_THINNING_NOTICE: ("保安林内間伐届", "間伐届"),
        DocumentKind.PROTECTION_SELECTION_NOTICE: ("保安林内択伐届", "択伐届"),
        DocumentKind.NATIONAL_CONTRACT: ("売買契約書（国有林）", "国有林売買契約書", "森林管理署との売買契約書"),
        DocumentKind.CONVERSION_PERMIT: ("林地開発許可", "林地開発許可書", "開発許可書"),
        DocumentKind.LEGALITY_CERTIFICATE: ("合法性証明書", "合法木材証明書"),
        DocumentKind.PRIVATE_CONTRACT: ("売買契約書",),
        DocumentKind.OTHER: ("その他",),
    },
)
ROLES = _labelled(
    Role,
    {
        Role.OWNER: ("森林所有者", "所有者", "山主"),
        Role.PRODUCER: ("素材生産", "素材生産業者", "森林組合"),
        Role.SAWMILL: ("製材工場", "製材", "製材所"),
        Role.PROCESSOR: ("チップ製造", "チップ加工", "チップ工場", "チップ加工事業者", "チップ加工業者"),
        Role.TRADER: ("流通", "商社", "流通業者"),
        Role.PLANT: ("発電所", "発電"),
        Role.BODY: ("団体", "認定機関"),
        Role.FOREST_OFFICE: ("森林管理署",),
    },
)
WITHDRAWN_TO = _labelled(
    WithdrawnTo,
    {WithdrawnTo.SOLD_ELSEWHERE: ("他用途", "製紙用"), WithdrawnTo.LOST: ("焼失", "流失", "減耗")},
)
YES = frozenset({"はい", "有", "あり", "○", "〇", "◯", "●", "する", "true", "yes", "1", "含む", "レ", "✓", "✔"})
NO = frozenset({"いいえ", "無", "なし", "×", "✕", "x", "しない", "false", "no", "0", "含まない", "-"})

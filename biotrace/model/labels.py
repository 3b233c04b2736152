"""What people call the values of the model: one table per enum, one function to look a label up."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from .certificate import Form, Goods, Medium, Origin, Process, Statement
from .correction import Action
from .document import DocumentContent, DocumentCopy, DocumentKind, FellingMethod
from .fuel_class import FuelClass
from .party import Role
from .private import PrivateField
from .quantity import Unit
from .retention import Deleted
from .stock import StockKind, WithdrawnTo
from .text import Text

FORMS: Mapping[Form, Text] = {
    Form.F1_PRIVATE: Text("別記1 例1（民有林からの出材の場合）", "form 1 example 1 (felling, private forest)"),
    Form.F1_NATIONAL: Text("別記1 例2（国有林からの出材の場合）", "form 1 example 2 (felling, national forest)"),
    Form.F1_1: Text("別記1-1（伐採段階・一般木質バイオマス）", "form 1-1 (felling, general wood)"),
    Form.F1_2: Text("別記1-2（伐採届等を必要としない木材等）", "form 1-2 (wood that needs no felling procedure)"),
    Form.F2_1: Text("別記2-1（加工・流通段階・間伐材等由来）", "form 2-1 (processing and trade, thinned wood)"),
    Form.F2_2: Text("別記2-2（納品書を活用した証明書）", "form 2-2 (delivery note as certificate)"),
    Form.F2_3: Text("別記2-3（製材等残材）", "form 2-3 (sawmill residues)"),
    Form.F2_4: Text("別記2-4（加工・流通段階・一般木質バイオマス）", "form 2-4 (processing and trade, general wood)"),
}

MEDIA: Mapping[Medium, Text] = {
    Medium.FORM: Text("証明書の様式", "the certificate form"),
    Medium.ANNOTATED_PERMIT: Text(
        "必要情報を追加記載した届出書・許可通知等の写し", "annotated copy of the permit or notice"
    ),
    Medium.ANNOTATED_CONTRACT: Text("必要情報を追加記載した売買契約書の写し", "annotated copy of the sales contract"),
    Medium.DELIVERY_NOTE: Text("納品書", "delivery note"),
    Medium.LEGALITY_CERTIFICATE: Text("必要情報を追加記載した合法性証明書", "annotated legality certificate"),
    Medium.COC_CERTIFICATE: Text("森林認証・CoC認証の証明書", "forest or CoC certification paper"),
}

ORIGINS: Mapping[Origin, Text] = {
    Origin.THINNING: Text("間伐材", "thinnings (間伐材)"),
    Origin.WEEDING: Text("間伐材（除伐によるもの）", "thinnings from weeding (除伐)"),
    Origin.PROTECTION_FOREST: Text("保安林から出材された木材", "wood from a protection forest (保安林)"),
    Origin.MANAGEMENT_PLAN: Text(
        "森林経営計画対象森林から出材された木材", "wood from a forest under a management plan (森林経営計画)"
    ),
    Origin.NATIONAL_FOREST: Text("国有林から出材された木材", "wood from a national forest (国有林)"),
    Origin.FINAL_FELLING: Text("主伐材", "wood from a final felling (主伐)"),
    Origin.IMPORTED: Text("輸入材", "imported wood"),
    Origin.HOMESTEAD: Text("屋敷林", "homestead trees (屋敷林)"),
    Origin.ORCHARD_PRUNING: Text("果樹等の剪定枝", "orchard prunings"),
    Origin.STREET_PRUNING: Text("街路樹の剪定枝", "street-tree prunings"),
    Origin.GARDEN_PRUNING: Text("庭木の剪定枝", "garden prunings"),
    Origin.LANDSCAPING_PRUNING: Text("造園の剪定枝", "landscaping prunings"),
    Origin.DAM_DRIFTWOOD: Text("ダム流木", "dam driftwood"),
    Origin.DRIFTWOOD: Text("流木", "driftwood"),
    Origin.BAMBOO: Text("竹", "bamboo"),
    Origin.SITE_CLEARING: Text("支障木", "trees cleared for works (支障木)"),
    Origin.OFFCUTS: Text("端材", "offcuts"),
    Origin.SAWDUST: Text("おがくず", "sawdust"),
    Origin.BARK: Text("樹皮", "bark"),
}

GOODS: Mapping[Goods, Text] = {
    Goods.LOGS: Text("原木", "logs"),
    Goods.CUTTING_CHIPS: Text("切削チップ", "cutting chips"),
    Goods.PIN_CHIPS: Text("ピンチップ", "pin chips"),
    Goods.OFFCUTS: Text("端材", "offcuts"),
    Goods.SAWDUST: Text("おがくず", "sawdust"),
    Goods.BARK: Text("樹皮", "bark"),
    Goods.PELLETS: Text("木質ペレット", "pellets"),
}

PROCESSES: Mapping[Process, Text] = {
    Process.CHIPPING: Text("チップ加工", "chipping"),
    Process.SAWING: Text("製材", "sawing"),
    Process.DRYING: Text("乾燥", "drying"),
    Process.TRADING: Text("流通", "trading"),
}

STATEMENTS: Mapping[Statement, Text] = {
    Statement.ALL_OF_CLASS: Text("全てがこの区分の木質バイオマスであること", "all of it is of this class"),
    Statement.SEGREGATED: Text("適切に分別管理されていること", "it was kept apart from other wood (分別管理)"),
    Statement.NO_CONSTRUCTION_WASTE: Text("建設資材廃棄物が混入していないこと", "no construction waste is mixed in"),
    Statement.LAWFUL: Text(
        "法規制がなく適切に伐採したものであること", "no rule applied to the felling and it was done properly"
    ),
    Statement.LOGS_ALL_THINNED_OR_GENERAL: Text(
        "原木が全て間伐材等由来の木質バイオマス又は一般木質バイオマスであること",
        "all logs were thinned or general wood",
    ),
    Statement.HELD_ON_2012_06_18: Text(
        "ガイドラインの施行時点（平成24年6月18日）で所有していたこと",
        "it was held when the guideline took effect (2012-06-18)",
    ),
    Statement.HELD_WHEN_CODE_CAME: Text(
        "自主行動規範の策定時点で所有していたこと", "it was held when the body's code of conduct came"
    ),
}

UNITS: Mapping[Unit, Text] = {
    Unit.M3: Text("㎥", "m³ (solid)"),
    Unit.M3_LOOSE: Text("㎥（チップ層積）", "m³ (loose chips)"),
    Unit.M3_STACKED: Text("㎥（層積）", "m³ (stacked)"),
    Unit.T: Text("トン", "t"),
    Unit.KG: Text("kg", "kg"),
}

DOCUMENT_KINDS: Mapping[DocumentKind, Text] = {
    DocumentKind.FELLING_NOTICE: Text(
        "伐採及び伐採後の造林届出書・適合通知書", "felling notice with conformity notice (伐採届)"
    ),
    DocumentKind.MANAGEMENT_PLAN: Text("森林経営計画の認定書", "management plan certification (森林経営計画)"),
    DocumentKind.PROTECTION_PERMIT: Text(
        "保安林内立木伐採許可決定通知書", "protection-forest felling permit (保安林内立木伐採許可)"
    ),
    DocumentKind.PROTECTION_THINNING_NOTICE: Text(
        "保安林内間伐届の受理通知", "protection-forest thinning notice (保安林内間伐届)"
    ),
    DocumentKind.PROTECTION_SELECTION_NOTICE: Text(
        "保安林内択伐届の受理通知", "protection-forest selection felling notice (保安林内択伐届)"
    ),
    DocumentKind.NATIONAL_CONTRACT: Text(
        "森林管理署等との売買契約書", "sales contract with a national forest office (森林管理署等)"
    ),
    DocumentKind.LOCAL_WEEDING_CERTIFICATE: Text(
        "地方公共団体の証明制度等に基づく除伐の証明書", "local government's weeding certificate (除伐)"
    ),
    DocumentKind.MUNICIPAL_OPINION: Text(
        "廃棄物に当たらない旨の市町村の書面", "municipality's opinion that it is no waste"
    ),
    DocumentKind.LEGALITY_CERTIFICATE: Text("合法性・持続可能性の証明書", "legality certificate (合法性証明書)"),
    DocumentKind.COC_CERTIFICATE: Text("森林認証・CoC認証の証明書", "forest or CoC certificate"),
    DocumentKind.CONVERSION_PERMIT: Text(
        "林地開発許可書・確認通知書", "land conversion permit or confirmation (開発許可・確認通知書)"
    ),
    DocumentKind.BAMBOO_PERMIT: Text("竹の伐採に係る許可書等", "bamboo felling permit"),
    DocumentKind.PRIVATE_CONTRACT: Text("私人間の売買契約書", "private sales contract"),
    DocumentKind.INFORMATION_CARD: Text("情報カード", "information card (情報カード)"),
    DocumentKind.WASTE_MANIFEST: Text("産業廃棄物管理票（マニフェスト）", "industrial waste manifest (マニフェスト)"),
    DocumentKind.OTHER: Text("その他の書類", "other paper"),
}

DOCUMENT_CONTENTS: Mapping[DocumentContent, Text] = {
    DocumentContent.FULL: Text("全体", "whole paper"),
    DocumentContent.COVER_ONLY: Text("鑑のみ", "cover page only (鑑)"),
}

DOCUMENT_COPIES: Mapping[DocumentCopy, Text] = {
    DocumentCopy.KEPT: Text("写しを保管", "copy kept"),
    DocumentCopy.SHOWN_NOT_KEPT: Text("提示のみ（写しなし）", "shown, no copy kept"),
    DocumentCopy.MISSING: Text("写しなし", "copy missing"),
}

FELLING_METHODS: Mapping[FellingMethod, Text] = {
    FellingMethod.THINNING: Text("間伐", "thinning (間伐)"),
    FellingMethod.CLEAR: Text("皆伐", "clear felling (皆伐)"),
    FellingMethod.SELECTION: Text("択伐", "selection felling (択伐)"),
}

ROLES: Mapping[Role, Text] = {
    Role.OWNER: Text("森林所有者等", "owner"),
    Role.PRODUCER: Text("素材生産事業者", "log producer"),
    Role.SAWMILL: Text("製材工場等", "sawmill"),
    Role.PROCESSOR: Text("チップ製造事業者", "chip processor"),
    Role.TRADER: Text("流通事業者", "trader"),
    Role.PLANT: Text("発電事業者", "power plant"),
    Role.BODY: Text("認定団体", "accrediting body"),
    Role.FOREST_OFFICE: Text("森林管理署等", "national forest office"),
    Role.MUNICIPALITY: Text("市町村", "municipality"),
}

ACTIONS: Mapping[Action, Text] = {
    Action.CANCEL: Text("取消し", "cancelled"),
    Action.REPLACE: Text("差替え", "replaced"),
    Action.HOLD: Text("保留", "on hold"),
    Action.RELEASE: Text("保留の解除", "hold released"),
    Action.SUPPLEMENT: Text("補足", "supplemented"),
}

STOCK_KINDS: Mapping[StockKind, Text] = {
    StockKind.OPENING: Text("期首在庫", "opening stock"),
    StockKind.STOCKTAKE: Text("棚卸し", "stocktake"),
    StockKind.WITHDRAWAL: Text("出庫（証明の対象外）", "withdrawal"),
}

WITHDRAWN_TO: Mapping[WithdrawnTo, Text] = {
    WithdrawnTo.SOLD_ELSEWHERE: Text("他用途へ販売", "sold elsewhere"),
    WithdrawnTo.SAWN: Text("製材", "sawn"),
    WithdrawnTo.LOST: Text("滅失", "lost"),
}

PRIVATE_FIELDS: Mapping[PrivateField, Text] = {
    PrivateField.ADDRESS: Text("住所", "address"),
    PrivateField.OWNER_NAME: Text("森林所有者の氏名", "forest owner's name"),
    PrivateField.OWNER_ADDRESS: Text("森林所有者の住所", "forest owner's address"),
    PrivateField.FELLER_NAME: Text("伐採者の氏名", "feller's name"),
    PrivateField.FELLER_ADDRESS: Text("伐採者の住所", "feller's address"),
    PrivateField.PRICE_YEN: Text("取引価格（税抜・円）", "price without tax (yen)"),
}

DELETED: Mapping[Deleted, Text] = {
    Deleted.FILES: Text("書類の写し", "copies of papers"),
    Deleted.PRIVATE_FIELDS: Text("非公開項目の値", "values of private fields"),
}

# StrEnum members of two enums compare equal when their texts do (Origin.BARK == Goods.BARK), so one table
# for all of them would mix them up: the type is looked up first.
_TABLES: Mapping[type[StrEnum], Mapping[Any, Text]] = {
    Form: FORMS,
    Medium: MEDIA,
    Origin: ORIGINS,
    Goods: GOODS,
    Process: PROCESSES,
    Statement: STATEMENTS,
    Unit: UNITS,
    DocumentKind: DOCUMENT_KINDS,
    DocumentContent: DOCUMENT_CONTENTS,
    DocumentCopy: DOCUMENT_COPIES,
    FellingMethod: FELLING_METHODS,
    FuelClass: {c: c.label for c in FuelClass},
    Role: ROLES,
    Action: ACTIONS,
    StockKind: STOCK_KINDS,
    WithdrawnTo: WITHDRAWN_TO,
    PrivateField: PRIVATE_FIELDS,
    Deleted: DELETED,
}


def label(value: StrEnum) -> Text:
    """The name of a value of any of the model's enums. Raises KeyError for another enum."""
    return _TABLES[type(value)][value]


def form_name(form: Form) -> Text:
    """A form in a few words: 別記1 例1, 別記2-1."""
    name = label(form)
    return Text(name.ja.partition("（")[0], name.en.partition(" (")[0])

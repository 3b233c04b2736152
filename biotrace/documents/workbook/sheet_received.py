"""The sheet 入荷: certificates of suppliers who are on paper, the documents behind them, and what arrived on them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from biotrace.model.text import Text

from .amounts import MOISTURE, UNIT_WORDS, Amount
from .columns import PLACES, Column, Sheet, quantity
from .columns_of_source import DOCUMENT, SOURCE
from .days import Clock, Day
from .kinds import Choice, Choices, Code, Flag, Line, Names
from .words import (
    CLASSES,
    FORMS,
    GOODS,
    MEDIA,
    ORIGINS,
    PROCESSES,
    STATEMENTS,
)

_THE_PAPER = (
    Column(
        "date",
        "証明日",
        Day(),
        Text("証明書の日付。列がないか空なら入荷日", "date of the certificate; without it, the day of arrival"),
        date(2014, 6, 27),
        ("発行日", "証明年月日", "証明書日付", "証明書の日付", "年月日", "日付", "交付日", "月日"),
        required=True,
        spans=True,
        also_as="received",
        width=12,
    ),
    Column(
        "seller",
        "仕入先",
        Line(),
        Text(
            "証明書を出した人。取引先シートか台帳にある名称・ID・認定番号・法人番号",
            "who issued it: name, ID, accreditation or corporate number from the sheet 取引先 or the ledger",
        ),
        "甲成林産有限会社",
        (
            *(
                "仕入先名",
                "仕入先名称",
                "納入業者",
                "納入者",
                "供給者",
                "販売者",
                "取引先",
                "取引先名",
                "業者名",
                "会社名",
            ),
            *("荷主", "素材生産事業者", "取扱者", "出荷者", "生産者", "仕入れ先"),
        ),
        required=True,
        spans=True,
        width=24,
    ),
    Column(
        "form",
        "様式",
        Choice(FORMS),
        Text("証明書の様式（ガイドラインの別記）", "the certificate's form in the guideline"),
        "別記1例1",
        ("証明書の様式", "証明書様式", "様式番号", "別記", "証明書の種類"),
        required=True,
        spans=True,
        width=10,
    ),
    Column(
        "class",
        "区分",
        Choice(CLASSES),
        Text("証明書に書かれた燃料の区分", "the class that the certificate states"),
        "間伐材等由来",
        ("木質バイオマスの区分", "バイオマス区分", "燃料区分", "燃料の区分", "証明区分", "バイオマス種別"),
        required=True,
        spans=True,
        width=14,
    ),
    Column(
        "number",
        "証明書番号",
        Code(),
        Text(
            "証明書・伝票の番号。同じ仕入先・様式・番号の行は同じ証明書",
            "number of the certificate or slip; rows of one supplier, form and number are one certificate",
        ),
        "第26-017号",
        (
            "番号",
            "管理番号",
            "伝票番号",
            "証明番号",
            "証明書no",
            "証明書no.",
            "no",
            "no.",
            "納品書番号",
            "伝票no",
            "伝票no.",
        ),
        width=16,
    ),
    Column(
        "own",
        "整理番号",
        Code(),
        Text(
            "自社で付けた番号。証明書に番号がなく、同じ日に何枚もあるときに書く",
            "your own number: where papers of one day have no number to tell them apart",
        ),
        None,
        ("自社番号", "整理no", "整理no."),
    ),
    Column(
        "accreditation_number",
        "認定番号",
        Code(),
        Text("証明書に書かれた団体認定番号", "the accreditation number on the certificate"),
        "長木-012",
        ("団体認定番号", "仕入先認定番号", "事業者認定番号", "仕入先の認定番号"),
        spans=True,
    ),
    Column(
        "origins",
        "由来",
        Choices(ORIGINS),
        Text(
            "木材の由来（別記1の1、別記1-2・2-3の物件名）",
            "where the wood is from (item 1 of form 1; goods of 1-2, 2-3)",
        ),
        "間伐材",
        ("木質バイオマスの種類", "間伐材等由来の木質バイオマスの種類", "由来の種類", "種類", "物件名"),
        spans=True,
        width=18,
    ),
    Column(
        "includes_weeding",
        "除伐を含む",
        Flag(),
        Text("除伐によるものを含むか", "whether weeding is included"),
        None,
        ("除伐",),
        spans=True,
        width=10,
    ),
    Column(
        "species",
        "樹種",
        Names(),
        Text("樹種。複数は「、」で区切る", "species; several parted by 、"),
        "スギ、ヒノキ",
        ("樹種名",),
        spans=True,
    ),
    Column(
        "goods",
        "品目",
        Choice(GOODS),
        Text("納められた物", "what was handed over"),
        "原木",
        ("品名", "荷姿", "納入荷姿", "製品", "形状", "品種"),
        spans=True,
        width=12,
    ),
    Column(
        "quantity",
        "数量",
        Amount(),
        Text(
            "証明書の数量。単位を付けても、単位の列に分けてもよい。列がないか空なら検収数量",
            "the certificate's quantity, with its unit or beside it; without it, the quantity weighed",
        ),
        Decimal(100),
        ("重量", "材積", "納入量", "入荷量", "証明数量", "正味重量", "受入量", "入荷数量", "数量(重量)", "納入数量"),
        required=True,
        also_as="measured",
        width=11,
    ),
    Column(
        "unit",
        "単位",
        UNIT_WORDS,
        Text("数量の単位", "unit of the quantity"),
        "㎥",
        ("数量単位", "数量の単位"),
        spans=True,
        width=8,
    ),
    Column(
        "moisture",
        "含水率",
        MOISTURE,
        Text("水分（湿量基準）。t・kg のときだけ", "moisture on wet basis; with t and kg only"),
        None,
        ("水分", "水分率", "含水率(湿量基準)", "木材の水分率", "水分(湿量基準)"),
        unit="%",
        width=11,
    ),
    Column(
        "vehicle",
        "車番",
        Code(),
        Text("証明書に書かれた車番または船舶名", "the vehicle or ship that the certificate names"),
        None,
        ("車両番号", "車両", "ナンバー", "車番または船舶名", "車番又は船舶名", "車号"),
        width=14,
    ),
)
_ARRIVAL = (
    Column(
        "received",
        "入荷日",
        Day(),
        Text("着いた日", "the day on which it arrived"),
        date(2014, 6, 27),
        ("納入日", "受入日", "到着日", "搬入日", "荷受日", "到着日時", "入荷年月日", "納入年月日", "納品日"),
        spans=True,
        width=12,
    ),
    Column(
        "time",
        "到着時刻",
        Clock(),
        Text("着いた時刻", "the time of arrival"),
        "08:40",
        ("時刻", "到着時間", "入荷時刻", "搬入時刻"),
        width=10,
    ),
    Column(
        "measured",
        "検収数量",
        Amount(),
        Text("自社で量った数量", "what was measured on arrival"),
        None,
        ("検収量", "実測重量", "計量値", "検量", "検量値", "実重量", "計量重量", "実測値"),
        width=11,
    ),
    Column("measured_unit", "検収単位", UNIT_WORDS, Text("検収数量の単位", "its unit"), None, spans=True, width=9),
    Column(
        "measured_moisture", "検収含水率", MOISTURE, Text("量ったときの水分", "moisture then"), None, unit="%", width=13
    ),
    Column(
        "arrived_on",
        "入荷車番",
        Code(),
        Text("着いた車。空なら車番", "the vehicle that arrived; empty: that of the certificate"),
        None,
        ("搬入車番", "納入車番"),
    ),
)
_REST = (
    Column(
        "statements",
        "証明文",
        Choices(STATEMENTS),
        Text(
            "証明書が述べること。空なら、その様式に印刷された文のとおり。どれもないときは「なし」",
            "what the certificate says; empty: as its form prints it; 「なし」: nothing of it",
        ),
        None,
        spans=True,
        width=22,
    ),
    Column(
        "medium",
        "証明の媒体",
        Choice(MEDIA),
        Text("何に書かれているか。空なら様式", "on what it is written; empty: the form"),
        None,
        ("媒体",),
        spans=True,
        width=16,
    ),
    Column(
        "process",
        "加工",
        Choice(PROCESSES),
        Text("仕入先がした加工", "what the supplier did"),
        None,
        spans=True,
        width=12,
    ),
    Column(
        "from_site", "出荷場所", Line(), Text("出荷場所（発地）", "where it left from"), None, ("発地",), spans=True
    ),
    Column(
        "to_site",
        "置場",
        Line(),
        Text("置いた場所（着地）", "where it was put"),
        None,
        ("着地", "納入場所", "保管場所"),
        spans=True,
    ),
    Column(
        "buyer",
        "宛名",
        Line(),
        Text(
            "証明書の宛名。空なら自社。書かれていないときは「記載なし」",
            "whom the certificate is made out to; empty: yourselves; 「記載なし」: nobody",
        ),
        None,
        ("販売先", "証明書の宛名", "買主"),
        spans=True,
        width=20,
    ),
    Column(
        "issuer",
        "証明者",
        Line(),
        Text("仕入先とは別の人が証明したとき", "who issued it, if not the supplier"),
        None,
        ("証明書の発行者",),
        spans=True,
    ),
    Column(
        "remark",
        "備考",
        Line(),
        Text("覚え書き。台帳には入らない", "a note for yourselves; not entered"),
        None,
        ("メモ", "摘要", "注記"),
        kept=False,
        width=20,
    ),
    Column(
        "record",
        "記録ID",
        Code(),
        Text("書き出しのときに入る。新しい行では空", "filled by the export; empty in new rows"),
        None,
        kept=False,
        width=20,
    ),
)

RECEIVED = Sheet(
    key="received",
    title="入荷",
    also=("入荷台帳", "入荷簿", "受入", "受入簿", "受入台帳", "仕入", "仕入台帳", "搬入"),
    purpose=Text(
        "紙の仕入先から受け取った証明書と、着いた物。1枚に何台も着いたときは、証明書の項目を同じにして1台1行",
        "certificates of suppliers on paper, and what arrived; several trucks on one certificate: a row for each",
    ),
    columns=(*_THE_PAPER, *_ARRIVAL, *SOURCE, *DOCUMENT, *_REST),
    wholes=(
        quantity("quantity", "unit", "moisture"),
        quantity("measured", "measured_unit", "measured_moisture"),
        PLACES,
    ),
)
SAME = ("同じ", "同左", "〃", "証明書と同じ", "同上", "々")
"""In the places of a document: the certificate's own, as whoever copied the papers found by comparing them."""
NOT_NAMED = ("記載なし", "(記載なし)", "なし")
"""As the addressee: the certificate names none."""

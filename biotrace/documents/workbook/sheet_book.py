"""The sheet 管理簿: what lies in each yard, per class (別記3 第五③).

Lines of 入荷 and 出荷 stand in it as people keep them; the ledger counts those from the certificates.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum

from biotrace.model.stock import StockKind
from biotrace.model.text import Text

from .amounts import MOISTURE, UNIT_WORDS, Amount
from .cells import CellError
from .columns import Column, Misfit, Sheet, Values, Whole, quantity
from .days import Day
from .kinds import Choice, Code, Line
from .words import CLASSES, WITHDRAWN_TO, Words


class Entry(StrEnum):
    """What a line of the book is about. The first three are records of their own."""

    OPENING = StockKind.OPENING.value
    STOCKTAKE = StockKind.STOCKTAKE.value
    WITHDRAWAL = StockKind.WITHDRAWAL.value
    IN = "in"
    OUT = "out"
    CARRIED = "carried"

    @property
    def stock_kind(self) -> StockKind | None:
        """The kind of record; None for what the ledger counts itself."""
        return StockKind(self.value) if self.value in StockKind._value2member_map_ else None


ENTRIES: Words = {
    Entry.OPENING: ("期首在庫", "期首", "前期繰越", "期首繰越", "期首棚卸"),
    Entry.STOCKTAKE: ("棚卸し", "棚卸", "実地棚卸", "棚卸高", "月末棚卸"),
    Entry.WITHDRAWAL: ("払出し", "払出", "出庫", "出庫（証明の対象外）", "他用途", "証明対象外"),
    Entry.IN: ("入荷", "受入", "仕入", "入庫", "搬入"),
    Entry.OUT: ("出荷", "納入", "販売", "搬出"),
    Entry.CARRIED: ("繰越", "前月繰越", "次月繰越", "翌月繰越", "前頁繰越", "次期繰越"),
}
_AMOUNT = {Entry.OPENING: "stock", Entry.STOCKTAKE: "stock", Entry.WITHDRAWAL: "out"}
_NUMBERS = ("in", "out", "stock")
_QUANTITY = quantity("amount", "unit", "moisture")


def _make(said: Values) -> Values | None:
    """The line: its kind, and for a record its quantity, from the column that the kind stands in."""
    kind = said.get("entry") or next(
        (kind for key, kind in (("in", Entry.IN), ("out", Entry.OUT)) if key in said), None
    )
    if kind is None:
        message = Text("何の行か分かりません", "it does not say what the line is about")
        raise Misfit("entry", CellError(message, Choice(ENTRIES).expected))
    if kind not in _AMOUNT:
        return {"entry": kind}
    for key, what in (
        ("site", Text("置場がありません", "there is no yard")),
        ("class", Text("区分がありません", "no class")),
    ):
        if key not in said:
            raise Misfit(key, CellError(what))
    filled = [key for key in _NUMBERS if key in said]
    number = said.get(_AMOUNT[kind]) or (said[filled[0]] if len(filled) == 1 else None)
    if number is None:
        place = "在庫" if _AMOUNT[kind] == "stock" else "出荷"
        message = Text(f"数量がありません（「{place}」の列に書く）", f"there is no quantity (it stands under {place})")
        raise Misfit(_AMOUNT[kind], CellError(message))
    of_it: Values = {key: said[key] for key in ("unit", "moisture") if key in said}
    try:
        amount = _QUANTITY.make({"amount": number, **of_it})
    except Misfit as misfit:
        raise Misfit(_AMOUNT[kind] if misfit.column == "amount" else misfit.column, misfit.error) from None
    return {"entry": kind, "site": said["site"], "class": said["class"], "quantity": amount}


def _split(line: Values) -> Values:
    kind = line["entry"]
    said: Values = {key: line[key] for key in ("entry", "site", "class") if key in line}
    if line.get("quantity") is None:
        return said
    amount = _QUANTITY.split(line["quantity"])
    column = _AMOUNT.get(kind) or ("in" if kind is Entry.IN else "out")
    return said | {column: amount["amount"], "unit": amount["unit"], "moisture": amount["moisture"]}


BOOK = Sheet(
    key="book",
    title="管理簿",
    also=("受払簿", "在庫管理簿", "入出荷管理簿", "在庫", "在庫簿", "棚卸", "入出荷"),
    purpose=Text(
        "置場と区分ごとの在庫。期首在庫・棚卸し・払出しを取り込む。入荷・出荷の行は証明書から数えるので読み飛ばす",
        "stock per yard and class: opening stock, stocktakes and withdrawals; what came in and went out is counted from"
        " certificates, so those lines are passed over",
    ),
    columns=(
        Column(
            "date",
            "日付",
            Day(),
            Text(
                "期首在庫はその日の初め、棚卸しはその日の終わりの量",
                "an opening stock is of the day's beginning, a count of its end",
            ),
            date(2014, 4, 1),
            ("年月日", "月日", "入出荷日"),
            required=True,
            spans=True,
            width=12,
        ),
        Column(
            "site",
            "置場",
            Line(),
            Text("置場・土場・倉庫の名前", "name of the yard or store"),
            "第一土場",
            ("保管場所", "土場", "倉庫", "ヤード"),
            spans=True,
        ),
        Column(
            "class",
            "区分",
            Choice(CLASSES),
            Text("燃料の区分", "class"),
            "間伐材等由来",
            ("木質バイオマスの区分", "バイオマス区分", "燃料区分"),
            spans=True,
        ),
        Column(
            "entry",
            "種別",
            Choice(ENTRIES),
            Text("期首在庫・棚卸し・払出し（証明書によらない出庫）。空なら入荷・出荷", "what the line is about"),
            "期首在庫",
            ("摘要", "内容", "取引区分"),
            width=12,
        ),
        Column(
            "in",
            "入荷",
            Amount(),
            Text("入荷した量（読み飛ばす）", "came in (passed over)"),
            None,
            ("入荷量", "受入", "入庫"),
            width=11,
        ),
        Column(
            "out",
            "出荷",
            Amount(),
            Text("出荷した量（読み飛ばす）。払出しではその量", "went out (passed over); of a withdrawal its amount"),
            None,
            ("出荷量", "払出", "出庫", "払出量"),
            width=11,
        ),
        Column(
            "stock",
            "在庫",
            Amount(),
            Text("期首在庫・棚卸しの量", "amount of an opening stock or count"),
            Decimal(120),
            ("在庫量", "残高", "残", "現在高", "数量"),
            width=11,
        ),
        Column("unit", "単位", UNIT_WORDS, Text("量の単位", "unit"), "㎥", ("数量単位",), spans=True, width=8),
        Column(
            "moisture",
            "含水率",
            MOISTURE,
            Text("水分（湿量基準）。t・kg のときだけ", "moisture on wet basis"),
            None,
            ("水分", "水分率"),
            unit="%",
            width=11,
        ),
        Column(
            "to",
            "払出先",
            Choice(WITHDRAWN_TO),
            Text("払出しの行き先", "where a withdrawal went"),
            None,
            ("出庫先", "用途"),
            width=16,
        ),
        Column(
            "remark",
            "備考",
            Line(),
            Text("覚え書き。台帳には入らない", "a note for yourselves; not entered"),
            None,
            ("メモ", "注記"),
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
    ),
    wholes=(Whole("line", ("entry", "site", "class", *_NUMBERS, "unit", "moisture"), _make, _split),),
)

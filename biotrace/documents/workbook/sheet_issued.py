"""The sheet 出荷: certificates that we issue, one row for each truck."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from biotrace.model.certificate import Form
from biotrace.model.fuel_class import FuelClass
from biotrace.model.text import Text

from .amounts import MOISTURE, UNIT_WORDS, YEN, Amount
from .columns import Column, Sheet, quantity
from .days import Day
from .kinds import Choice, Code, Line, Names
from .words import CLASSES, FORMS, GOODS, PROCESSES

ISSUED = Sheet(
    key="issued",
    title="出荷",
    also=("出荷台帳", "出荷簿", "証明書発行", "出荷・証明書発行", "発行", "納品(出荷)", "売上"),
    purpose=Text(
        "自社が発行する証明書。上の行から順に、古い入荷から引き当てて発行する",
        "certificates to issue, from the top, each drawing on the oldest stock",
    ),
    columns=(
        Column(
            "date",
            "証明日",
            Day(),
            Text("証明書の日付。納入の日", "date of the certificate: the day of delivery"),
            date(2014, 11, 19),
            ("出荷日", "納入日", "発行日", "日付", "年月日", "証明年月日", "納品日", "出荷年月日"),
            required=True,
            spans=True,
            width=12,
        ),
        Column(
            "number",
            "証明書番号",
            Code(),
            Text(
                "自社の番号。二度取り込んでも二度発行しないために要る",
                "your number: by it a row that was issued is known, and is not issued twice",
            ),
            "26-001",
            ("番号", "管理番号", "伝票番号", "証明番号", "証明書no", "no", "no.", "納品書番号"),
            required=True,
        ),
        Column(
            "buyer",
            "販売先",
            Line(),
            Text("取引先シートか台帳にある名称かID", "name or ID from the sheet 取引先 or the ledger"),
            "第八バイオマス発電所",
            ("出荷先", "納入先", "売上先", "取引先", "取引先名", "宛名", "納品先", "得意先", "発電所"),
            required=True,
            spans=True,
            width=24,
        ),
        Column(
            "class",
            "区分",
            Choice(CLASSES, offered=(FuelClass.THINNED, FuelClass.GENERAL)),
            Text("間伐材等由来か一般木質（別記2-3 は一般木質）", "thinned or general (form 2-3: general)"),
            "間伐材等由来",
            ("木質バイオマスの区分", "バイオマス区分", "燃料区分", "証明区分"),
            required=True,
            spans=True,
        ),
        Column(
            "form",
            "様式",
            Choice(FORMS, offered=(Form.F2_1, Form.F2_2, Form.F2_3, Form.F2_4)),
            Text(
                "空なら区分による（別記2-1・2-4）。納品書は別記2-2、製材等残材は別記2-3",
                "form; empty: by the class (2-1, 2-4); 2-2: a delivery note, 2-3: sawmill residues",
            ),
            None,
            ("証明書の様式", "証明書様式", "様式番号", "別記"),
            spans=True,
            width=10,
        ),
        Column(
            "quantity",
            "数量",
            Amount(),
            Text("数量。単位を付けても、単位の列に分けてもよい", "quantity, with its unit or beside it"),
            Decimal("6.58"),
            ("重量", "出荷量", "納入量", "材積", "正味重量", "検収数量", "出荷数量", "納入数量"),
            required=True,
            width=11,
        ),
        Column(
            "unit",
            "単位",
            UNIT_WORDS,
            Text("数量の単位", "unit of the quantity"),
            "t",
            ("数量単位",),
            spans=True,
            width=8,
        ),
        Column(
            "moisture",
            "含水率",
            MOISTURE,
            Text("水分（湿量基準）。t・kg のときだけ", "moisture on wet basis; with t and kg only"),
            Decimal(42),
            ("水分", "水分率", "含水率(湿量基準)"),
            unit="%",
            width=11,
        ),
        Column(
            "vehicle",
            "車番",
            Code(),
            Text("車番または船舶名", "vehicle or ship"),
            "28-58",
            ("車両番号", "車両", "ナンバー", "車番または船舶名", "車号"),
        ),
        Column(
            "species",
            "樹種",
            Names(),
            Text("空なら引き当てた元の樹種", "species; empty: of what is drawn on"),
            None,
            ("樹種名",),
            spans=True,
        ),
        Column(
            "goods",
            "品目",
            Choice(GOODS),
            Text("空なら切削チップ（別記2-3 では端材）", "goods; empty: cutting chips (on form 2-3 offcuts)"),
            "切削チップ",
            ("品名", "荷姿", "納入荷姿", "製品"),
            spans=True,
        ),
        Column(
            "process",
            "加工",
            Choice(PROCESSES),
            Text("空なら品目による", "what was done; empty: by the goods"),
            None,
            spans=True,
        ),
        Column(
            "from_site",
            "出荷場所",
            Line(),
            Text(
                "どの置場から出すか（発地）。空なら、引き当てた木材の置場",
                "the yard of your own that it leaves; empty: where the wood drawn on lies",
            ),
            None,
            ("発地", "出荷元", "出荷置場"),
            spans=True,
        ),
        Column(
            "to_site", "納入場所", Line(), Text("納入場所（着地）", "place of delivery"), None, ("着地",), spans=True
        ),
        Column(
            "price",
            "金額",
            YEN,
            Text(
                "ロットの価格（税抜き）。記録には封じた値だけが入る",
                "price of the lot without tax, sealed in the record",
            ),
            None,
            ("価格", "税抜金額", "売上金額"),
            unit="円",
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
    ),
    wholes=(quantity("quantity", "unit", "moisture"),),
)

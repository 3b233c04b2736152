"""The sheet 取引先: who hands wood on, and their accreditations, one row for each (別記3 の別記2)."""

from __future__ import annotations

from datetime import date

from biotrace.documents.problems import shown
from biotrace.model.text import Text

from .cells import Cell, CellError
from .columns import Column, Sheet
from .days import Day
from .kinds import Choices, Code, Flag, Head, Line
from .words import ROLES

_THIRTEEN = 13


class CorporateNumber(Code):
    """法人番号: 13 digits, the first of which checks the others."""

    def read(self, cell: Cell, head: Head) -> str:
        number = (
            cell.text.replace("-", "").replace(" ", "").translate(str.maketrans("０１２３４５６７８９", "0123456789"))
        )
        if not is_corporate_number(number):
            raise CellError(
                shown(Code.read(self, cell, head)) + Text("は法人番号ではありません", " is no corporate number"),
                Text("13桁の法人番号（検査数字を含む）", "13 digits with a right check digit"),
                Text("国税庁の法人番号公表サイトで確かめてください", "look it up at the National Tax Agency"),
            )
        return number


def is_corporate_number(text: str) -> bool:
    """Whether it is 13 digits with the check digit that 法人番号の指定等に関する省令 asks for."""
    if len(text) != _THIRTEEN or not (text.isascii() and text.isdigit()):
        return False
    weighted = sum(int(digit) * (1 + i % 2) for i, digit in enumerate(reversed(text[1:])))
    return int(text[0]) == 9 - weighted % 9


PARTIES = Sheet(
    key="parties",
    title="取引先",
    also=("取引先一覧", "取引先名簿", "仕入先一覧", "得意先", "業者一覧", "当事者"),
    purpose=Text(
        "仕入先・販売先・認定団体。認定が二つ以上ある相手は、認定ごとに1行",
        "suppliers, buyers and accrediting bodies; a party with several accreditations has a row for each",
    ),
    columns=(
        Column(
            "name",
            "名称",
            Line(),
            Text("事業者・団体・所有者の名称", "name of the company, body or owner"),
            "甲成林産有限会社",
            (
                "取引先名",
                "取引先名称",
                "会社名",
                "業者名",
                "氏名",
                "氏名又は名称",
                "事業者の名称",
                "事業者名",
                "取引先",
            ),
            required=True,
            spans=True,
            width=26,
        ),
        Column(
            "id",
            "ID",
            Code(),
            Text(
                "台帳での名前。空なら法人番号、認定番号、名称の順で決まる",
                "its name in the ledger; where empty: corporate number, accreditation number, or name",
            ),
            "kousei",
            ("取引先ID", "取引先番号", "取引先コード", "業者コード", "コード"),
            spans=True,
        ),
        Column(
            "corporate_number",
            "法人番号",
            CorporateNumber(Text("13桁の法人番号", "13 digits")),
            Text("13桁。IDが空のとき、これがIDになる", "13 digits; the ID where that is empty"),
            None,
            ("法人番号(13桁)",),
            spans=True,
            width=16,
        ),
        Column(
            "address",
            "住所",
            Line(),
            Text(
                "事業者の所在地。事業者でない所有者のものは、台帳では封じられる",
                "address; of an owner who is no business it is sealed in the ledger",
            ),
            "長野県上田市大字甲12",
            ("所在地", "事業者の所在地", "住所地", "本社所在地"),
            spans=True,
            width=30,
        ),
        Column(
            "roles",
            "役割",
            Choices(ROLES),
            Text("何をする人か。複数は「、」で区切る", "what it does; several parted by 、"),
            "素材生産事業者",
            ("業種", "種別", "区分", "事業区分"),
            required=True,
            spans=True,
            width=22,
        ),
        Column(
            "as_business",
            "事業者",
            Flag(),
            Text(
                "伐採・加工・流通を業とするか。空なら「はい」",
                "whether it fells, processes or trades as a business; empty: yes",
            ),
            "はい",
            ("業として", "事業者か"),
            spans=True,
            width=9,
        ),
        Column(
            "body",
            "認定団体",
            Line(),
            Text(
                "認定した団体。この表か台帳にある名称かID",
                "who accredited it: a name or ID of this sheet or the ledger",
            ),
            "長野県木材協同組合連合会",
            ("認定機関", "団体名", "認定団体名"),
            width=26,
        ),
        Column(
            "accreditation_number",
            "認定番号",
            Code(),
            Text("認定書の団体認定番号", "the number on the accreditation certificate"),
            "長木-012",
            ("団体認定番号", "事業者認定番号"),
        ),
        Column(
            "start",
            "認定日",
            Day(),
            Text("認定の有効期間の初日", "first day of the accreditation"),
            date(2014, 4, 1),
            ("認定年月日", "有効期間開始", "有効期間(自)", "有効期間（始）", "認定開始日"),
        ),
        Column(
            "until",
            "有効期限",
            Day(through=True),
            Text("認定の有効期間の末日（認定の日から3年）", "last day of the accreditation (three years)"),
            date(2017, 3, 31),
            ("有効期間終了", "有効期間(至)", "有効期間（終）", "認定期限", "有効期間"),
        ),
        Column(
            "remark",
            "備考",
            Line(),
            Text("覚え書き。台帳には入らない", "a note for yourselves; not entered into the ledger"),
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
)

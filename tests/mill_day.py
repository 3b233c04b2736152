"""What a two-person sawmill typed and sent in a fiscal year, as rows of its workbook; and the same added up by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

# What the forms leave to factors: m³ of softwood and hardwood to a bone-dry tonne, m³ of chips to one of wood, and the
# moisture of what states none. As in data/conversions.csv, written down once more.
SOFT, HARD, LOOSE, MOIST = Fraction(22, 10), Fraction(17, 10), 3, 40
PLANT, MILL, BODY = "第八バイオマス発電所", "みどり沢製材有限会社", "岩手県木材産業協同組合"
KOUSEI, TEIZAN, YAMADA = "甲成林産有限会社", "丁山林業株式会社", "山田太郎"
FIRST, SECOND = "第一土場", "第二土場"
THINNED, GENERAL = "間伐材等由来", "一般木質"
CLASSES = {THINNED: "thinned", GENERAL: "general"}

Cells = dict[str, Any]


@dataclass(frozen=True)
class Amount:
    """A number as typed, its unit and moisture in %; ``hard``: of hardwood."""

    number: str
    unit: str
    moisture: str | None = None
    hard: bool = False

    @property
    def factor(self) -> Fraction:
        return HARD if self.hard else SOFT

    @property
    def dry(self) -> Fraction:
        """Bone-dry grams."""
        number = Fraction(self.number)
        if self.unit in ("t", "kg"):
            grams = number * (1_000_000 if self.unit == "t" else 1_000)
            return grams * (100 - Fraction(self.moisture or MOIST)) / 100
        return number * 1_000_000 / (LOOSE if self.unit == "㎥（チップ層積）" else 1) / self.factor

    @property
    def m3(self) -> Fraction:
        """Solid cm³, as 別記4 counts: weights by way of bone-dry tonnes."""
        return self.dry * self.factor

    @property
    def cells(self) -> Cells:
        return {"数量": self.number, "単位": self.unit, "含水率（%）": self.moisture}


@dataclass(frozen=True)
class Came:
    """A certificate that came in, with its row in 入荷; ``more``: rows of further trucks."""

    fuel: str
    yard: str
    amount: Amount
    cells: Cells
    more: Sequence[Cells] = ()


_NOTICE = {"様式": "別記1例1", "由来": "間伐材", "伐採方法": "間伐", "伐採率（%）": "30"}
_FINAL = {"様式": "別記1-1", "由来": "主伐材", "伐採方法": "皆伐"}
_PLACE = {"都道府県": "岩手県", "市町村": "〇〇市", "大字": "大字甲"}


def felled(seller: str, number: str, day: str, wood: str, permit: str, volume: int, *more: Cells) -> Cells:
    """A felling certificate with the notice behind it; ``day``: 7.5.27 is Reiwa."""
    held = {KOUSEI: "岩木-012", TEIZAN: "岩木-013"}[seller]
    cells: Cells = {
        "仕入先": seller,
        "証明書番号": number,
        "認定番号": held,
        "樹種": wood,
        "書類の樹種": wood,
        "字": "字乙",
    }
    cells |= {"証明日": f"令和{day.replace('.', '年', 1).replace('.', '月', 1)}日", "入荷日": f"R{day}"}
    cells |= {
        "許可・届出年月日": "R7.4.8",
        "許可書発行者": "〇〇市長",
        "許可番号": permit,
        "書類の届出日": "令和7年3月20日",
    }
    cells |= {
        "伐採箇所": permit.replace("7-", ""),
        "伐採面積（ha）": "2.5",
        "書類の面積（ha）": 2.5,
        "根拠書類": "伐採届",
    }
    cells |= {
        "書類の伐採箇所": "同じ",
        "書類の材積（㎥）": volume,
        "伐採期間（始）": "R7.4.20",
        "伐採期間（終）": "R8.3.31",
    }
    for one in (_PLACE, *more):
        cells |= one
    return cells


TRUCK = {"入荷日": "R7.5.27", "到着時刻": "8:40", "検収数量": "61.5", "検収単位": "㎥", "入荷車番": "12-34"}
SECOND_TRUCK = TRUCK | {"到着時刻": "13:05", "検収数量": "58.5"}
CAME = (
    Came(
        THINNED,
        FIRST,
        Amount("120", "㎥"),
        felled(KOUSEI, "第7-017号", "7.5.27", "スギ", "7-14", 2575, _NOTICE, TRUCK),
        (SECOND_TRUCK,),
    ),
    Came(THINNED, FIRST, Amount("110.5", "㎥"), felled(TEIZAN, "T-31", "7.9.10", "スギ、ヒノキ", "7-22", 300, _NOTICE)),
    Came(THINNED, FIRST, Amount("30", "t", "45"), felled(KOUSEI, "第7-031号", "7.12.1", "スギ", "7-30", 150, _NOTICE)),
    Came(GENERAL, SECOND, Amount("60", "㎥"), felled(TEIZAN, "T-40", "7.11.5", "カラマツ", "7-41", 200, _FINAL)),
    Came(GENERAL, SECOND, Amount("30", "㎥", hard=True), felled(TEIZAN, "T-44", "8.1.20", "ナラ", "7-42", 60, _FINAL)),
    Came(
        GENERAL,
        SECOND,
        Amount("2000", "kg", hard=True),
        {
            **_PLACE,
            "様式": "別記1-2",
            "由来": "屋敷林",
            "証明日": "2026/2/3",
            "入荷日": "2026/2/3",
            "仕入先": YAMADA,
            "整理番号": "山-1",
            "伐採箇所": "12",
            "樹種": "サクラ",
            "証明文": "全てこの区分、建廃混入なし、法規制がなく適切に伐採したものであること",
        },
    ),
)
OPENED = {FIRST: Amount("12.5", "㎥"), SECOND: Amount("4", "t", "30")}
SAWN = Amount("20", "㎥")


@dataclass(frozen=True)
class Went:
    """A load to the plant: the paper, and what the plant weighed."""

    number: str
    day: str
    fuel: str
    amount: Amount
    form: str | None
    measured: Amount

    @property
    def residue(self) -> bool:
        return self.form == "2-3"


def loads() -> list[Went]:
    """40 loads of March, some of each form and unit; the plant's scales differ by some kilograms."""
    found = []
    for n in range(40):
        fuel, form, moist = (GENERAL if n % 4 == 3 else THINNED), None, str(41 + n % 3)
        amount = Amount(f"{6.58 - n * 0.03:.2f}", "t", moist)
        if n in (5, 21):
            fuel, form = GENERAL, "2-3"
        elif n in (9, 30):
            form, amount = "2-2", Amount(str(5_910 + n), "kg", f"{moist}.5")
        elif n == 12:
            amount = Amount("21", "㎥（チップ層積）")
        weight = 5_400 if n == 12 else int(Fraction(amount.number) * (1 if amount.unit == "kg" else 1_000))
        measured = Amount(str(weight + n - 19), "kg", str(42 + n % 2))
        found.append(Went(f"8-{n + 1:03}", f"8.3.{2 + n * 28 // 40}", fuel, amount, form, measured))
    return found


LOADS = loads()
TYPED, IN_EXCEL = LOADS[26:], LOADS[:26]


def partners(*, of_the_mill: bool) -> list[Cells]:
    """Suppliers with their accreditations, and who else there is."""
    held = {"認定団体": BODY, "認定日": "令和7年4月1日"}
    known: list[Cells] = [
        {"名称": "甲成林産㈲", "役割": "素材生産", "認定番号": "岩木-012", **held},
        {"名称": TEIZAN, "役割": "素材生産事業者", "認定番号": "岩木-013", **held},
    ]
    if of_the_mill:
        owner = {"名称": YAMADA, "役割": "所有者", "事業者": "いいえ", "住所": "岩手県〇〇市大字甲12"}
        return [*known, owner, {"名称": PLANT, "ID": "plant-8", "役割": "発電所"}]
    mill = {"名称": "みどり沢製材㈲", "法人番号": "1010001000006", "役割": "製材、チップ加工", "認定番号": "岩木-101"}
    return [{"名称": BODY, "ID": "iwate", "役割": "認定団体"}, *known, mill | held]


def mill_sheets() -> dict[str, list[Cells]]:
    """What the mill types on its four sheets."""
    received = [
        row
        for came in CAME
        for row in (c | came.amount.cells | {"区分": came.fuel, "置場": came.yard} for c in rows_of(came))
    ]
    opened = [
        {"日付": "R7.4.1", "置場": yard, "区分": fuel, "種別": "期首在庫", "在庫": amount.number, **units(amount)}
        for (yard, amount), fuel in zip(OPENED.items(), CLASSES, strict=True)
    ]
    sawn = {
        "日付": "令和8年2月10日",
        "置場": FIRST,
        "区分": THINNED,
        "種別": "払出し",
        "出荷": SAWN.number,
        "払出先": "製材",
    }
    issued = [
        {"証明日": f"R{w.day}", "証明書番号": w.number, "販売先": PLANT, "区分": w.fuel, "車番": "28-58"}
        | w.amount.cells
        | ({"様式": f"別記{w.form}"} if w.form else {})
        for w in IN_EXCEL
    ]
    book = [*opened, sawn | units(SAWN)]
    return {"取引先": partners(of_the_mill=True), "入荷": received, "管理簿": book, "出荷": issued}


def rows_of(came: Came) -> list[Cells]:
    return [came.cells, *({**came.cells, **more} for more in came.more)]


def units(amount: Amount) -> Cells:
    return {"単位": amount.unit, "含水率（%）": amount.moisture}


@dataclass
class Pile:
    """What is left of a certificate that came in: bone-dry grams."""

    fuel: str
    yard: str
    hard: bool
    left: Fraction


@dataclass(frozen=True)
class Sold:
    """A load, and from which yard how much of it came; ``hard``: of hardwood alone."""

    load: Went
    by_yard: Mapping[str, Fraction]
    hard: bool


def first_in_first_out(sent: Iterable[Went]) -> tuple[list[Sold], list[Pile]]:
    """Who draws on what, oldest paper first, worked out by hand: what was sold, and what is left."""
    # By the papers' dates, as typed above.
    order = (0, 1, 3, 2, 4, 5)
    piles = [Pile(CAME[i].fuel, CAME[i].yard, CAME[i].amount.hard, CAME[i].amount.dry) for i in order]
    sold = []
    for load in sent:
        missing, yards, woods = load.amount.dry, dict.fromkeys((FIRST, SECOND), Fraction(0)), set()
        for pile in piles:
            taken = min(missing, pile.left) if load.residue or pile.fuel == load.fuel else Fraction(0)
            if taken:
                pile.left, missing = pile.left - taken, missing - taken
                yards[pile.yard] += taken
                woods.add(pile.hard)
        assert not missing, load.number
        sold.append(Sold(load, yards, woods == {True}))
    return sold, piles

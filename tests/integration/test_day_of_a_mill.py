"""A day of a two-person sawmill: its Excel sheet in, stock, 40 deliveries, the plant's gate, the month's and the year's
papers; every figure to the kilogram against sums made here from what was typed, in whole numbers and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import Result
from openpyxl import load_workbook

from biotrace.services.times import TOKYO
from biotrace.services.workspace import open_workspace
from tests.integration.conftest import Run
from tests.workspaces import contents, data

# What the forms leave to factors: m³ of softwood and hardwood to a bone-dry tonne, m³ of chips to one of wood, and the
# moisture of what states none. As in data/conversions.csv, written down once more.
SOFT, HARD, LOOSE, MOIST = Fraction(22, 10), Fraction(17, 10), 3, 40
PLANT, MILL, BODY = "第八バイオマス発電所", "みどり沢製材有限会社", "岩手県木材産業協同組合"
KOUSEI, TEIZAN, YAMADA = "甲成林産有限会社", "丁山林業株式会社", "山田太郎"
FIRST, SECOND = "第一土場", "第二土場"
THINNED, GENERAL = "間伐材等由来", "一般木質"
CLASSES = {THINNED: "thinned", GENERAL: "general"}

Cells = Mapping[str, Any]


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
    cells = {"仕入先": seller, "証明書番号": number, "認定番号": held, "樹種": wood, "書類の樹種": wood, "字": "字乙"}
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


def at(monkeypatch: pytest.MonkeyPatch, day: str, hour: int = 9) -> None:
    """It is that hour in Japan."""
    now = int(datetime.fromisoformat(f"{day}T{hour:02}:00").replace(tzinfo=TOKYO).timestamp())
    monkeypatch.setattr("cli.console.time", SimpleNamespace(time=lambda: now))


def fill(path: Path, sheets: Mapping[str, Iterable[Cells]], to: Path) -> Path:
    """Write under the example rows of a template, by its headers."""
    book = load_workbook(path)
    for title, rows in sheets.items():
        headers = {cell.value: cell.column for cell in book[title][1]}
        for number, row in enumerate(rows, 3):
            for header, value in row.items():
                book[title].cell(number, headers[header]).value = value
    book.save(to)
    return to


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


def near(grams: float, expected: Fraction, roundings: int = 1) -> bool:
    """The same kilograms: each paper may be rounded to whole grams (in 別記4 cm³) once, or twice."""
    return abs(Fraction(grams) - expected) <= 2 * roundings < 500


def accounts(book: Any) -> dict[tuple[str, str], dict[str, int]]:
    return {(a["site"], a["class"]): a for a in book["accounts"]}


def ok(result: Result) -> Result:
    assert result.exit_code == 0, result.output
    return result


def test_a_day_of_a_mill(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mill, plant = tmp_path / "mill", tmp_path / "plant"
    at(monkeypatch, "2026-03-31")
    sheet = the_mill_begins(run, mill, tmp_path)
    the_stock_is_what_was_typed(run, mill, IN_EXCEL)
    issue_the_rest(run, mill)
    the_stock_is_what_was_typed(run, mill, LOADS)
    the_plant_takes_the_loads(run, mill, plant, tmp_path)
    at(monkeypatch, "2026-04-01")
    the_books_of_the_mill_agree(run, mill)
    the_yearly_report_agrees(run, mill, tmp_path)
    the_books_of_the_plant_agree(run, plant, tmp_path)
    before, root = contents(mill), root_of(mill)
    again = data(ok(run("workbook", "import", sheet, "-w", mill, "--format", "json")))
    assert again["signed"] is None
    assert [(s["new"], len(s["known"]), s["problems"]) for s in again["sheets"]] == [
        *(([], n, []) for n in (4, 7, 3, 26)),
    ]
    assert (contents(mill), root_of(mill)) == (before, root)


def root_of(folder: Path) -> tuple[int, bytes]:
    """The log's size and the root of its tree."""
    with open_workspace(folder, lambda: 0) as workspace:
        tree = workspace.ledger.checkpoint()
        return tree.size, tree.root


def the_mill_begins(run: Run, mill: Path, tmp_path: Path) -> Path:
    """Keys and a ledger; a template, filled in and taken in: partners, what came in, the book, and 26 loads issued."""
    who = (
        "--party",
        "1010001000006",
        "--name",
        MILL,
        "--role",
        "sawmill",
        "--role",
        "processor",
        "--from",
        "2025-04-01",
    )
    held = ("--accreditation", "岩木-101", "--body", "iwate", "--body-name", BODY, "--address", "岩手県〇〇市1")
    ok(run("init", mill, *who, *held))
    ok(run("workbook", "template", tmp_path / "ひな形.xlsx", "-w", mill))
    sheet = fill(tmp_path / "ひな形.xlsx", mill_sheets(), tmp_path / "台帳.xlsx")
    taken = data(ok(run("workbook", "import", sheet, "-w", mill, "--format", "json")))
    assert [len(s["new"]) for s in taken["sheets"]] == [4, 7, 3, 26]
    assert not [s["problems"] for s in taken["sheets"] if s["problems"]]
    return sheet


def the_stock_is_what_was_typed(run: Run, mill: Path, sent: Sequence[Went]) -> None:
    """What can be drawn on is what came in less what went out; the book also knows opening stock and withdrawals."""
    _, piles = first_in_first_out(sent)
    lots = data(ok(run("stock", "-w", mill, "--format", "json")))["stock"]
    found = {(lot["yard"], lot["class"]): lot for lot in lots}
    for yard, fuel in ((FIRST, THINNED), (SECOND, GENERAL)):
        lot, left = found.pop((yard, CLASSES[fuel])), sum((p.left for p in piles if p.yard == yard), Fraction(0))
        assert near(lot["bone_dry_grams"], left, len(sent))
        beside = OPENED[yard].dry - (SAWN.dry if yard == FIRST else 0)
        assert near(lot["book_grams"], left + beside, len(sent))
    assert not found


def issue_the_rest(run: Run, mill: Path) -> None:
    """14 loads by command; the number follows of itself."""
    for load in TYPED:
        month, day = load.day.split(".")[1:]
        options: list[str] = ["--date", f"2026-{int(month):02}-{int(day):02}"]
        options += ["--quantity", load.amount.number + load.amount.unit]
        options += ["--moisture", f"{load.amount.moisture}%"]
        options += ["--form", load.form] if load.form else []
        options += ["--class", CLASSES[load.fuel]] if load.fuel == GENERAL else []
        answer = data(ok(run("issue", "-w", mill, "--to", "第八", *options, "--format", "json")))
        assert answer["certificate"]["number"] == load.number


def the_plant_takes_the_loads(run: Run, mill: Path, plant: Path, tmp_path: Path) -> None:
    """Partners from a sheet of its own; ○ at the gate for all 40; the bundle that came by mail; each truck weighed."""
    ok(run("init", plant, "--party", "plant-8", "--name", PLANT, "--role", "plant"))
    ok(run("workbook", "template", tmp_path / "取引先.xlsx", "--sheet", "取引先", "-w", plant))
    sheet = fill(tmp_path / "取引先.xlsx", {"取引先": partners(of_the_mill=False)}, tmp_path / "名簿.xlsx")
    ok(run("workbook", "import", sheet, "-w", plant))
    papers = {path.name.split("_")[1].rsplit("-", 1)[0]: path for path in (mill / "pdf").iterdir()}
    assert sorted(papers) == [load.number for load in LOADS]
    scanned = data(ok(run("scan", mill / "pdf", "--trust", mill / "trust.json", "--plant", PLANT, "--format", "json")))
    assert [seen["answer"]["mark"] for seen in scanned] == ["○"] * 40
    bundle = tmp_path / "march.bundle"
    ok(run("bundle", "make", *papers, "-w", mill, "--out", bundle, "--to", "plant-8"))
    ok(run("bundle", "import", bundle, "--pin", "-w", plant))
    ok(run("scan", *papers.values(), "-w", plant))
    for load in LOADS:
        weight = ("--measured", f"{load.measured.number}kg", "--measured-moisture", f"{load.measured.moisture}%")
        day = f"2026-03-{int(load.day.rsplit('.', 1)[1]):02}"
        taken = ("receive", papers[load.number], "-w", plant, *weight, "--received", day, "--format", "json")
        answer = data(ok(run(*taken)))
        assert (answer["clean"], answer["confirmed"]) == (True, CLASSES[load.fuel])
        assert near(answer["bone_dry_grams"], load.measured.dry)


def the_books_of_the_mill_agree(run: Run, mill: Path) -> None:
    """管理簿, of the year and of its last month: opening + in − out = closing, each by itself."""
    sold, piles = first_in_first_out(LOADS)
    year = accounts(data(ok(run("report", "stock-book", "--year", "令和7", "-w", mill, "--format", "json"))))
    month = accounts(data(ok(run("report", "stock-book", "--month", "2026-03", "-w", mill, "--format", "json"))))
    for yard, fuel in ((FIRST, THINNED), (SECOND, GENERAL)):
        into = sum((c.amount.dry for c in CAME if c.yard == yard), Fraction(0))
        out, sawn = sum((s.by_yard[yard] for s in sold), Fraction(0)), SAWN.dry if yard == FIRST else Fraction(0)
        closing = OPENED[yard].dry + into - out - sawn
        assert closing == OPENED[yard].dry - sawn + sum(p.left for p in piles if p.yard == yard)
        expected = {"opening": OPENED[yard].dry, "in": into, "out": out + sawn, "closing": closing}
        of_year, of_month = year.pop((yard, CLASSES[fuel])), month.pop((yard, CLASSES[fuel]))
        assert {k: near(of_year[k], v, len(LOADS)) for k, v in expected.items()} == dict.fromkeys(expected, True)
        expected |= {"opening": closing + out, "in": Fraction(0), "out": out}
        assert {k: near(of_month[k], v, len(LOADS)) for k, v in expected.items()} == dict.fromkeys(expected, True)
        assert of_year["adjusted"] == of_month["adjusted"] == 0
        assert of_year["closing"] == of_month["closing"]
    assert (year, month) == ({}, {})


def the_yearly_report_agrees(run: Run, mill: Path, tmp_path: Path) -> None:
    """別記4 in m³, by what the papers certify: a residue of thinned logs goes out as general."""
    sold, _ = first_in_first_out(LOADS)
    pdf = tmp_path / "別記4.pdf"
    ok(run("report", "yearly", "-w", mill, "--representative", "沢 緑", "--date", "2026-04-01", "--out", pdf))
    assert pdf.read_bytes().startswith(b"%PDF")
    report = data(ok(run("report", "yearly", "-w", mill, "--format", "json")))
    assert (report["year"], report["from"], report["to"]) == (2025, "2025-04-01", "2026-03-31")
    for fuel, name in CLASSES.items():
        into = sum((c.amount.m3 for c in CAME if c.fuel == fuel), Fraction(0))
        out = sum((s.load.amount.dry * (HARD if s.hard else SOFT) for s in sold if s.load.fuel == fuel), Fraction(0))
        assert near(report["logs_in"][name]["cm3"], into, len(CAME))
        assert near(report["chips_out"][name]["cm3"], out, len(LOADS))
        assert report["chips_out"][name]["months"]["2026-03"] == report["chips_out"][name]["cm3"]
    assert report["logs_in"]["other"]["cm3"] == report["chips_out"]["other"]["cm3"] == 0


BURNED = {THINNED: Amount("70", "t", "42"), GENERAL: Amount("31.5", "t", "43")}


def the_books_of_the_plant_agree(run: Run, plant: Path, tmp_path: Path) -> None:
    """What was weighed is what came in; its ratio of March, and the fuel of the year."""
    lines = [
        f"  - {{plant: plant-8, month: 2026-03, class: {CLASSES[fuel]}, ratio: {ratio},"
        f" quantity: {{value: {a.number}, unit: {a.unit}, moisture: {int(a.moisture or 0) / 100}}}}}"
        for (fuel, a), ratio in zip(BURNED.items(), (0.69, 0.31), strict=True)
    ]
    burned = tmp_path / "burned.yaml"
    party = f"  - {{id: plant-8, name: {PLANT}, roles: [plant]}}"
    burned.write_text("\n".join(("biotrace: casebook/1", "parties:", party, "consumption:", *lines)), encoding="utf-8")
    ok(run("sign", burned, "-w", plant))
    ratio = data(ok(run("report", "ratio", "--month", "2026-03", "-w", plant, "--format", "json")))
    fuel_year = data(ok(run("report", "fuel", "-w", plant, "--format", "json")))
    weighed = {f: [w.measured for w in LOADS if w.fuel == f] for f in CLASSES}
    wet = {f: sum(int(m.number) * 1_000 for m in ms) for f, ms in weighed.items()}
    dry = {f: sum((m.dry for m in ms), Fraction(0)) for f, ms in weighed.items()}
    whole = sum(a.dry for a in BURNED.values())
    by_class = {line["class"]: line for line in ratio["months"]}
    of_year = {line["class"]: line for line in fuel_year["fuels"]}
    for fuel, name in CLASSES.items():
        line, year = by_class[name], of_year[name]
        assert (line["in"]["as_received"], year["as_received"]) == (wet[fuel], wet[fuel])
        assert year["deliveries"] == len(weighed[fuel])
        assert near(line["in"]["bone_dry"], dry[fuel], len(LOADS))
        assert line["in"]["confirmed"][name] == year["confirmed"][name] == year["bone_dry"] == line["in"]["bone_dry"]
        assert line["in"]["incomplete"] == 0
        assert near(line["burned"]["bone_dry"], BURNED[fuel].dry)
        assert near(line["stock"], dry[fuel] - BURNED[fuel].dry, len(LOADS))
        assert abs(line["ratio"]["worked_out"] - BURNED[fuel].dry / whole * 10_000) < 1
    assert json.dumps(ratio["attention"]) == "[]"

"""A day of a two-person sawmill: its Excel sheet in, stock, 40 deliveries, the plant's gate, the month's and the year's
papers; every figure to the kilogram against sums that ``tests.mill_day`` makes of what was typed, exactly."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
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
from tests.mill_day import (
    BODY,
    CAME,
    CLASSES,
    FIRST,
    GENERAL,
    HARD,
    IN_EXCEL,
    LOADS,
    MILL,
    OPENED,
    PLANT,
    SAWN,
    SECOND,
    SOFT,
    THINNED,
    TYPED,
    Amount,
    Cells,
    Went,
    first_in_first_out,
    mill_sheets,
    partners,
)
from tests.workspaces import contents, data


def at(monkeypatch: pytest.MonkeyPatch, day: str, hour: int = 9) -> None:
    """It is that hour in Japan."""
    now = int(datetime.fromisoformat(f"{day}T{hour:02}:00").replace(tzinfo=TOKYO).timestamp())
    monkeypatch.setattr("cli.console.time", SimpleNamespace(time=lambda: now))


def fill(path: Path, sheets: Mapping[str, Iterable[Cells]], to: Path) -> Path:
    """Write under the example rows of a template, by its headers."""
    book = load_workbook(path)
    for title, rows in sheets.items():
        headers = {cell.value: cell.column or 0 for cell in book[title][1]}
        for number, row in enumerate(rows, 3):
            for header, value in row.items():
                book[title].cell(number, headers[header]).value = value
    book.save(to)
    return to


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

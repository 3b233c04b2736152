"""``biotrace report`` as mills, plants and their clerks run it: text, JSON, PDF, xlsx and csv, and what stops it."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from openpyxl import load_workbook

from biotrace.model.quantity import Unit
from biotrace.services.shipped import demo_casebook
from biotrace.services.sign import sign_casebook
from biotrace.services.workspace import init_workspace
from biotrace.store.ledger import Ledger
from tests.books import YARD, burned, opening, planned, stocktake, with_books, withdrawal
from tests.builders import LOG, NOW, ChainBuilder
from tests.casebooks import BODY, OTSU, PLANT, change, clean, m3, remove, tonnes
from tests.integration.conftest import Run, Write
from tests.workspaces import TODAY, contents, data, password

ROOT = Path(__file__).parents[2]
REPORTS = ("stock-book", "yearly", "ratio", "fuel", "plan")


def text_of(path: Path) -> str:
    """The words of a PDF, run together."""
    pages = (page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(path.read_bytes()))
    return re.sub(r"\s", "", "".join(pages))


def cells(path: Path, sheet: str) -> list[list[Any]]:
    """A sheet as a reader of the workbook sees it."""
    return [[cell.value for cell in row] for row in load_workbook(path)[sheet].iter_rows()]


@pytest.fixture
def plant(tmp_path: Path) -> Path:
    """The workspace of a plant that copied its suppliers' papers and keeps its book, on 19 November 2014."""
    folder = tmp_path / "plant"
    book = with_books(clean(), burned(tonnes(12)), planned(tonnes(30)))
    with init_workspace(folder, (PLANT,), lambda: TODAY - 86_400, password) as workspace:
        sign_casebook(workspace, book)
    return folder


# the mill


def test_a_mills_stock_book(run: Run, mill: Path, tmp_path: Path) -> None:
    files = [tmp_path / f"book{end}" for end in (".pdf", ".xlsx", ".csv", ".json")]
    result = run("report", "stock-book", "-w", mill, *(x for f in files for x in ("--out", f)))
    assert result.exit_code == 0, result.output
    assert "68,181.818" in result.stdout  # 150 m³ of logs at 2.2 m³ a bone-dry tonne
    pdf, xlsx, table, as_json = files
    text = text_of(pdf)
    for words in ("木質バイオマス管理簿", "乙チップ工業株式会社", "第26-017号", "2014/06/27", "45,454.545", "入150㎥"):
        assert words in text
    rows = cells(xlsx, "管理簿")
    assert rows[0][:4] == ["置場", "区分", "日付", "摘要"]
    assert [row[5] for row in rows[2:]] == ["第26-017号", "第26-018号"]
    assert rows[2][7] == pytest.approx(45_454.545)
    evidence = cells(xlsx, "根拠")
    saved = json.loads(as_json.read_bytes())
    assert [row[-1] for row in evidence[1:]] == saved["accounts"][0]["records"]
    lines = list(csv.reader(io.StringIO(table.read_bytes().decode("utf-8-sig"))))
    assert len(lines) == len(rows) == 4
    assert lines[2][5] == "第26-017号"


def test_what_is_issued_shows_in_the_next_book(run: Run, mill: Path) -> None:
    issued = ("--to", PLANT.id, "--quantity", "6.2t", "--moisture", "0.40", "--number", "26-001", "-w", mill)
    assert run("issue", *issued).exit_code == 0
    shown = data(run("report", "stock-book", "-w", mill, "--format", "json"))
    (account,) = shown["accounts"]
    assert [line["what"] for line in account["lines"]] == ["in", "in", "out"]
    assert account["lines"][-1]["number"] == "26-001"
    assert account["opening"] + account["in"] - account["out"] + account["adjusted"] == account["closing"]
    assert account["out"] == 3_720_000
    year = data(run("report", "yearly", "--year", "平成26", "-w", mill, "--format", "json"))
    assert year["chips_out"]["thinned"]["cm3"] == 8_184_000
    assert year["logs_in"]["thinned"]["cm3"] == 150_000_000


def test_a_book_with_yards_counts_and_withdrawals(run: Run, write: Write, tmp_path: Path) -> None:
    book = with_books(
        change(clean(), "f-1", to_site=YARD.id),
        YARD,
        opening(tonnes(10)),
        withdrawal(tonnes(1), date(2014, 7, 1)),
        stocktake(tonnes(60), date(2014, 8, 31)),
    )
    pdf = tmp_path / "b.pdf"
    shown = run("report", "stock-book", "--casebook", write(book), "--party", OTSU.id, "--year", "2014", "--out", pdf)
    assert shown.exit_code == 0, shown.output
    text = text_of(pdf)
    for words in ("otsu-1間伐材等由来", "期首在庫", "払出し", "棚卸し", "製材", "繰越", "棚卸差▲"):
        assert words in text


def test_the_yearly_report_is_the_form_and_what_it_rests_on(run: Run, mill: Path, tmp_path: Path) -> None:
    pdf, xlsx = tmp_path / "y.pdf", tmp_path / "y.xlsx"
    more = ("--representative", "乙 太郎", "--date", "2015-04-20")
    shown = run("report", "yearly", "--year", 2014, "-w", mill, "--out", pdf, "--out", xlsx, *more)
    assert shown.exit_code == 1, shown.output  # the year is not over
    assert "年度は 2015-03-31 まで続きます" in shown.stdout
    pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf.read_bytes())]
    form, detail = (re.sub(r"\s", "", page) for page in pages)
    for words in (
        "別記4",
        "平成26年4月1日～平成27年3月31日",
        "150㎥",
        "代表者の氏名：乙太郎",
        "平成27年4月20日",
        "長木-034",
    ):
        assert words in form
    for words in ("2014-06", "2015-03", "第26-017号", "根拠"):
        assert words in detail
    sheet = next(title for title in load_workbook(xlsx).sheetnames if title.startswith("月別"))
    rows = cells(xlsx, sheet)
    assert len(rows) == 14
    assert rows[-1][1] == 150


def test_a_year_without_anything(run: Run, mill: Path) -> None:
    shown = run("report", "yearly", "--year", "R2", "-w", mill, lang="en")
    assert shown.exit_code == 1
    assert "the ledger holds nothing in or out of this year" in shown.stdout


def test_last_years_report_is_made_without_asking_for_a_year(run: Run, mill: Path) -> None:
    assert data(run("report", "yearly", "-w", mill, "--format", "json"))["year"] == 2013


def test_the_demo_ledger(run: Run, tmp_path: Path) -> None:
    folder, pdf = tmp_path / "mill", tmp_path / "out.pdf"
    assert run("init", folder, "--party", "proc-3-a", "--name", "みどり沢チップ株式会社").exit_code == 0
    assert run("sign", ROOT / "data/demo/soumu2017.yaml", "-w", folder).exit_code == 0
    shown = data(run("report", "stock-book", "-w", folder, "--year", "2014", "--out", pdf, "--format", "json"))
    book = demo_casebook()
    own = [c for c in book.certificates if "proc-3-a" in (c.seller, c.buyer)]
    wanted = {c.number for c in own if date(2014, 4, 1) <= c.date <= date(2015, 3, 31)}
    assert {line["number"] for a in shown["accounts"] for line in a["lines"]} == wanted
    assert "第26-005号" in text_of(pdf)
    for year in (2014, 2015):
        made = data(run("report", "yearly", "-w", folder, "--year", year, "--format", "json"))
        logs = sum(c.quantity.amount for c in own if c.buyer == "proc-3-a" and _in_year(c.date, year))
        assert made["logs_in"]["total"]["cm3"] == logs  # all of them are in m³
    fuel = data(run("report", "fuel", "-w", folder, "--party", "plant-3", "--year", 2014, "--format", "json"))
    deliveries = [d for d in book.deliveries if d.at == "plant-3" and _in_year(d.date, 2014)]
    assert sum(f["deliveries"] for f in fuel["fuels"]) == len(deliveries)
    assert sum(f["as_received"] for f in fuel["fuels"]) == sum(d.quantity.amount for d in deliveries)
    verified = data(run("verify", "-w", folder, "--format", "json"))
    lots = {lot["id"]: lot for lot in verified["lots"]}
    records = [record for f in fuel["fuels"] for record in f["records"]["in"]]
    confirmed = sum(f["confirmed"]["thinned"] for f in fuel["fuels"])
    assert records
    by_verify = sum(lots[record]["kg_bone_dry"] for record in records if lots[record]["confirmed"] == "thinned")
    assert round(confirmed / 1_000) == pytest.approx(by_verify, abs=len(records))


def _in_year(day: date, year: int) -> bool:
    return date(year, 4, 1) <= day <= date(year + 1, 3, 31)


def test_a_ledger_of_several_signers(run: Run, tmp_path: Path) -> None:
    """A ledger that its parties signed themselves, with a workspace's settings beside it."""
    chain = ChainBuilder().story()
    folder = tmp_path / "plant"
    init_workspace(folder, (PLANT,), lambda: TODAY - 86_400, password).close()
    (folder / "ledger.sqlite").unlink()
    ledger = Ledger.create(folder / "ledger.sqlite", LOG)
    ledger.append(chain.records, NOW + 86_400)
    ledger.close()
    for name in ("memory", "log-memory.json", "log.json"):
        (folder / name).unlink(missing_ok=True)
    shown = data(run("report", "yearly", "--party", "otsu", "-w", folder, "--year", 2014, "--format", "json"))
    assert shown["logs_in"]["thinned"]["records"][0]["record"] == chain["c-1"].record_id.hex()
    assert shown["chips_out"]["thinned"]["records"][0]["record"] == chain["c-2"].record_id.hex()


# the plant


def test_a_plants_book_of_ratios(run: Run, plant: Path, tmp_path: Path) -> None:
    pdf, xlsx = tmp_path / "r.pdf", tmp_path / "r.xlsx"
    shown = run("report", "ratio", "-w", plant, "--month", "2014-11", "--out", pdf, "--out", xlsx)
    assert shown.exit_code == 0, shown.output
    rows = cells(xlsx, "バイオマス比率")
    assert rows[1][:3] == ["2014-11", "間伐材等由来", "12 t (42%)"]
    assert rows[1][3:] == [17.4, 6.96, 10.44, 100, 100, 0]
    assert cells(xlsx, "申告の区分と確認できた区分")[1][3:5] == [17.4, 17.4]
    assert {row[2] for row in cells(xlsx, "根拠")[1:]} == {"納入", "使用の記帳"}
    assert "バイオマス比率の帳簿" in text_of(pdf)


def test_a_plants_plan_and_fuel(run: Run, plant: Path, tmp_path: Path) -> None:
    plan = data(run("report", "plan", "-w", plant, "--format", "json", "--out", tmp_path / "plan.pdf"))
    (line,) = plan["lines"]
    assert (line["planned"], line["observed"], line["months"]) == (17_400_000, 6_960_000, 1)
    assert line["difference"] == 12 * 6_960_000 - 17_400_000
    assert re.fullmatch("[0-9a-f]{64}", line["records"]["plan"])
    fuel = data(run("report", "fuel", "-w", plant, "--year", "2014", "--format", "json"))
    (thinned,) = fuel["fuels"]
    assert (thinned["deliveries"], thinned["burned"], thinned["ratio"]) == (1, 6_960_000, 10_000)


def test_prices_that_are_disclosed_make_the_cost(run: Run, mill: Path) -> None:
    sold = ("--to", PLANT.id, "--quantity", "6.2t", "--moisture", "0.40", "--number", "26-001", "--price", "62000")
    assert run("issue", *sold, "-w", mill).exit_code == 0
    fuel = data(run("report", "fuel", "--party", PLANT.id, "--year", "2014", "-w", mill, "--format", "json"))
    cost = fuel["fuels"][0]["cost"]
    assert (cost["yen"], cost["yen_per_tonne"], cost["deliveries"]) == (62_000, 10_000, 1)


def test_kwh_is_asked_for_all_that_burned(run: Run, plant: Path) -> None:
    fine = run("report", "ratio", "-w", plant, "--month", "2014-11", "--kwh", "2014-11:thinned=12,000")
    assert fine.exit_code == 0, fine.output
    wrong = run("report", "ratio", "-w", plant, "--month", "2014-11", "--kwh-per-t", "general=1900")
    assert wrong.exit_code == 2
    assert "2014-11 に使用した区分は 間伐材等由来" in wrong.stderr


def test_what_cannot_be_counted_is_told_and_is_a_finding(run: Run, write: Write) -> None:
    stacked = write(change(clean(), "f-1", quantity=m3(20, Unit.M3_STACKED)))
    for report in ("stock-book", "yearly"):
        shown = run("report", report, "--casebook", stacked, "--party", OTSU.id, "--year", "2014")
        assert shown.exit_code == 1
        assert "第26-017号 20 ㎥(層積)" in shown.stdout


# the audit of 2017


def test_the_audits_table_needs_no_ledger(run: Run, tmp_path: Path) -> None:
    files = [tmp_path / f"a{end}" for end in (".pdf", ".xlsx", ".csv")]
    shown = run("report", "plan", "--audit-2017", *(x for f in files for x in ("--out", f)))
    assert shown.exit_code == 0, shown.output
    assert "間伐材等由来が計画を下回る設備 9" in shown.stdout
    sums = cells(files[1], "計（万t、全乾）")
    assert sums[1][1:] == [51.5, 51.2, 42, 44.8, 42, 44.8]
    assert "もう一度は換算しない" in text_of(files[0])
    rows = list(csv.reader(io.StringIO(files[2].read_bytes().decode("utf-8-sig"))))
    assert rows[1] == ["1", "2.5万kW級", "間伐材等由来", "5.5", "28.1-28.1", "1", "0.9", "11.3", "5.8"]


# what stops it


def test_nothing_is_written_over_and_names_are_looked_at_first(run: Run, mill: Path, tmp_path: Path) -> None:
    there = tmp_path / "there.pdf"
    there.write_text("mine")
    before = contents(mill)
    both = ("--out", tmp_path / "new.xlsx", "--out", there)
    for wrong, words in ((both, "すでにあります"), (("--out", tmp_path / "x.doc"), ".pdf、.xlsx、.csv、.json")):
        shown = run("report", "stock-book", "-w", mill, *wrong)
        assert shown.exit_code == 2
        assert words in shown.stderr
    assert there.read_text() == "mine"
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["there.pdf"]
    assert contents(mill) == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("stock-book", "--year", "2014", "--month", "2014-11"), "どれか一つ"),
        (("stock-book", "--from", "2014-11-02", "--to", "2014-11-01"), "より後です"),
        (("stock-book", "--party", "だれか"), "だれか"),
        (("yearly", "--year", "平成32"), "年度は 2025、令和7"),
        (("yearly", "--year", "26"), "年度は 2025、令和7"),
        (("ratio", "--month", "11"), "月は 2014-11"),
        (("ratio",), "発電事業者ではありません"),
        (("fuel",), "発電事業者ではありません"),
        (("ratio", "--kwh-per-t", "coal=3"), "thinned=1850"),
        (("ratio", "--kwh", "thinned=3"), "2014-11:thinned"),
        (("plan",), "使用計画も使用の記帳も"),
        (("plan", "--audit-2017", "--year", "2014"), "一緒に使えません"),
        (("yearly", "--casebook", "nothing.yaml"), "nothing.yaml"),
    ],
)
def test_misuse_says_what_to_do(run: Run, mill: Path, arguments: tuple[str, ...], words: str) -> None:
    shown = run("report", *arguments, "-w", mill)
    assert shown.exit_code == 2
    assert words in shown.stderr


def test_a_casebook_does_not_say_whose_report_it_is(run: Run, write: Write) -> None:
    shown = run("report", "yearly", "--casebook", write(clean()))
    assert shown.exit_code == 2
    assert "--party" in shown.stderr


def test_a_damaged_entry_counts_for_nothing_and_is_told(run: Run, mill: Path) -> None:
    with closing(sqlite3.connect(mill / "ledger.sqlite")) as database, database:
        (subject,) = database.execute("SELECT envelope FROM entry ORDER BY position DESC LIMIT 1").fetchone()
        spoilt = subject[:-1] + bytes([subject[-1] ^ 1])
        database.execute("UPDATE entry SET envelope = ? WHERE envelope = ?", (spoilt, subject))
    shown = run("report", "stock-book", "-w", mill)
    assert shown.exit_code == 1
    assert "台帳の壊れた記録 1 件は数えていません" in shown.stdout
    assert "68,181.818" not in shown.stdout


@pytest.mark.parametrize("report", REPORTS)
def test_english(run: Run, plant: Path, report: str, tmp_path: Path) -> None:
    pdf = tmp_path / f"{report}.pdf"
    shown = run("report", report, "-w", plant, "--year", "2014", "--out", pdf, lang="en")
    assert shown.exit_code in (0, 1), shown.output
    assert "records behind it" in shown.stdout
    assert "〜" not in shown.stdout
    assert PLANT.name in shown.stdout


def test_records_named_in_json_can_be_shown(run: Run, plant: Path) -> None:
    for report in REPORTS:
        shown = run("report", report, "-w", plant, "--year", "2014", "--format", "json").stdout
        for record in set(re.findall(r"\b[0-9a-f]{64}\b", shown)):
            assert run("show", record, "-w", plant).exit_code == 0


def test_everything_that_a_report_shows_is_in_whole_numbers(run: Run, plant: Path) -> None:
    def walk(value: Any) -> None:
        assert not isinstance(value, float)
        for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            walk(inner)

    for report in REPORTS:
        walk(data(run("report", report, "-w", plant, "--year", "2014", "--format", "json")))


# 別記1ア


@pytest.fixture
def long_at_it(tmp_path: Path) -> Path:
    """The mill with what it took in and sold in the fiscal year 2013."""
    folder = tmp_path / "mill"
    logs = change(clean(), "f-1", date=date(2013, 6, 27), number="第25-001号", quantity=m3(80))
    book = change(remove(logs, "d-1"), "p-1", date=date(2014, 3, 31))
    with init_workspace(folder, (OTSU, BODY), lambda: TODAY - 86_400, password) as workspace:
        sign_casebook(workspace, book)
    return folder


def test_answers_to_fill_in_hold_what_the_ledger_knows(run: Run, long_at_it: Path, tmp_path: Path) -> None:
    answers = tmp_path / "answers.yaml"
    assert run("accredit", "apply", "--template", answers, "-w", long_at_it).exit_code == 0
    text = answers.read_text(encoding="utf-8")
    assert "- year: 2013\n  thinned:\n    logs_in: 80\n    chips_out: 38.28\n  general:\n    logs_in: 0" in text
    assert "- year: 2012\n  thinned:\n    logs_in:\n" in text
    assert run("accredit", "apply", "--answers", answers, "--out", tmp_path / "a.pdf", "-w", long_at_it).exit_code == 0


def test_the_request_for_renewal_states_what_the_ledger_knows(run: Run, long_at_it: Path, tmp_path: Path) -> None:
    asked = ("accredit", "request", "長木-034", "--date", "2014-11-01", "--handled", "2012:thinned=7/6")
    first, again = tmp_path / "first.pdf", tmp_path / "again.pdf"
    shown = data(run(*asked, "--out", first, "-w", long_at_it, "--format", "json"))
    assert any("取扱実績量（2013年度）は台帳から計算しました" in note for note in shown["notes"])
    assert "平成24年度7㎥6㎥㎥㎥平成25年度80㎥38.28㎥0㎥0㎥" in text_of(first)
    printed = ("pdf", shown["record_id"], "--out", again, "--handled", "2012:thinned=7/6", "-w", long_at_it)
    assert run(*printed).exit_code == 0
    assert again.read_bytes() == first.read_bytes()


def test_what_is_answered_goes_before_the_ledger(run: Run, long_at_it: Path, tmp_path: Path) -> None:
    out = tmp_path / "a.pdf"
    asked = ("accredit", "request", "長木-034", "--date", "2014-11-01", "--handled", "2013:thinned=81/39")
    shown = run(*asked, "--out", out, "-w", long_at_it)
    assert "台帳から計算しました" not in shown.stdout
    assert "平成25年度81㎥39㎥㎥㎥" in text_of(out)

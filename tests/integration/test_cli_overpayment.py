"""``biotrace report overpayment`` as reviewers and plants run it: the audit's plants in yen, ledgers, what stops it."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from openpyxl import load_workbook

from biotrace.services.check import check_casebook
from biotrace.services.shipped import demo_casebook
from biotrace.services.sign import sign_casebook
from biotrace.services.workspace import init_workspace
from biotrace.verify.case import case_of_casebook
from tests.casebooks import BODY, OTHER_PLANT, OTSU, PLANT, clean, copy, tonnes
from tests.integration.conftest import Run, Write
from tests.workspaces import TODAY, contents, password

DEMO = Path(__file__).parents[2] / "data" / "demo" / "soumu2017.yaml"
BY = ("--approved", "2016", "--kw", "5000", "--kwh-per-t", "1000")
PRICES = {"thinned": 32, "general": 24, "general_waste": 17, "construction_waste": 13}
Ask = Callable[..., Any]


@pytest.fixture
def ask(run: Run) -> Ask:
    """The report as data, and the exit code."""

    def answer(*arguments: object, code: int = 1) -> Any:
        result = run("report", "overpayment", *arguments, "--format", "json")
        assert result.exit_code == code, result.output
        return json.loads(result.stdout)

    return answer


@pytest.fixture
def plant(tmp_path: Path) -> Path:
    """The workspace of a plant: d-1 is in order, d-2 came under a certificate without its statements."""
    folder = tmp_path / "plant"
    with init_workspace(folder, (PLANT,), lambda: TODAY - 86_400, password) as workspace:
        sign_casebook(workspace, two_lots())
    return folder


def two_lots() -> Any:
    """The model, and a second lot of 10 t (5.8 bone-dry t) whose certificate lacks its statements."""
    book = copy(clean(), "p-1", "p-2", number="乙-2", quantity=tonnes(10), statements=())
    return copy(book, "d-1", "d-2", certificate="p-2", quantity=tonnes(10), time="10:15")


# the audit's plants


PLANTS = sorted(case_of_casebook(demo_casebook()).plants)


@pytest.fixture(scope="module")
def checked() -> dict[str, Any]:
    """What ``check`` says of the audit's lots, by id."""
    return {lot.id: lot for lot in check_casebook(DEMO).verdict.lots}


def test_the_audits_plants_in_yen(run: Run, checked: dict[str, Any]) -> None:
    """Every plant: what is said of each lot is what ``check`` says, times kWh, times the difference of prices."""
    seen: list[str] = []
    for plant in PLANTS:
        result = run("report", "overpayment", "--casebook", DEMO, "--plant", plant, *BY, "--format", "json")
        found = json.loads(result.stdout)
        expected = 0
        for lot in found["lots"]:
            verdict = checked[lot["id"]]
            assert (lot["declared"], lot["confirmed"]) == (verdict.declared, verdict.confirmed)
            assert lot["records"] == list(verdict.records)
            expected += verdict.dry_grams * (PRICES[verdict.declared] - PRICES[verdict.confirmed])
            seen.append(lot["id"])
        assert found["today"]["all_or_nothing"]["yen"] == {
            "low": (expected + 500) // 1_000,  # 1,000 kWh a tonne: a gram is a watt-hour
            "high": (expected + 500) // 1_000,
            "exact": [str(Fraction(expected, 1_000))] * 2,
        }
        assert result.exit_code == (1 if expected else 0)
        assert found["nothing_overpaid"] is (expected == 0)
    assert sorted(seen) == sorted(checked)


def test_in_words_with_formula_inputs_and_records(run: Run) -> None:
    result = run("report", "overpayment", "--casebook", DEMO, "--plant", "plant-8", *BY, lang="en")
    assert result.exit_code == 1
    for words in (
        "overpayment in yen = Σ bone-dry tonnes × kWh sold per bone-dry tonne",
        "C = Σ m × e × (p1 − p2)",
        "fiscal year 2016",
        "5,000 kW",
        "6.6856",  # t of d-h4, times 1,000 kWh, times 32 less 24
        "53,485",
        "95,241",
        "stated by the plant",
        "図表2-(3)-⑨",
        "overpaid (estimate): by tonnage 95,241 yen, all or nothing 95,241 yen",
    ):
        assert words in result.stdout, words


def test_as_files_that_agree(run: Run, tmp_path: Path) -> None:
    files = [tmp_path / f"yen{end}" for end in (".pdf", ".xlsx", ".csv", ".json")]
    outs = [x for f in files for x in ("--out", f)]
    result = run("report", "overpayment", "--casebook", DEMO, "--plant", "plant-4", *BY[:4], *outs)
    assert result.exit_code == 1
    pdf, xlsx, table, saved = files
    pages = (page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf.read_bytes()))
    text = re.sub(r"\s", "", "".join(pages))
    for words in ("過払いの試算", "計算式", "720–1,510", "NEDO", "森林利用学会誌", "d-d15", "L402", "消費税"):
        assert words in text, words
    found = json.loads(saved.read_bytes())
    low, high = found["today"]["by_tonnage"]["yen"]["low"], found["today"]["by_tonnage"]["yen"]["high"]
    assert 0 < low < high
    assert f"{low:,}〜{high:,}" in text
    rows = [[cell.value for cell in row] for row in load_workbook(xlsx)["合計"].iter_rows()]
    assert rows[1][1:3] == [low, high]
    assert load_workbook(xlsx)["単価（調達価格）"].max_row == 5
    lines = list(csv.reader(io.StringIO(table.read_bytes().decode("utf-8-sig"))))
    assert lines[0][0] == "ロット"
    assert [line[0] for line in lines[1:-1]] == [
        lot["name"] for lot in found["lots"] if lot["today"]["by_tonnage"]["parts"]
    ]


def test_a_period_of_the_audits_plants(ask: Ask) -> None:
    whole = ask("--casebook", DEMO, "--plant", "plant-8", *BY)
    half = ask("--casebook", DEMO, "--plant", "plant-8", *BY, "--month", "2015-12")
    assert [lot["id"] for lot in half["lots"]] == [
        lot["id"] for lot in whole["lots"] if lot["id"] in {x["id"] for x in half["lots"]}
    ]
    assert (half["from"], half["to"]) == ("2015-12-01", "2015-12-31")
    assert half["today"]["by_tonnage"]["yen"]["low"] == 53_485


def test_what_has_no_table_is_not_priced(run: Run, ask: Ask) -> None:
    found = ask("--casebook", DEMO, "--plant", "plant-1", "--approved", "平成24年度", "--kw", "5000")
    assert found["today"]["by_tonnage"]["yen"] is None
    assert found["today"]["by_tonnage"]["not_priced_bone_dry"] > 0
    said = run(
        "report",
        "overpayment",
        "--casebook",
        DEMO,
        "--plant",
        "plant-1",
        "--approved",
        "2012",
        "--kw",
        "5000",
        lang="en",
    )
    assert "not priced: no table for fiscal year 2012" in said.stdout
    assert "by tonnage not priced" in said.stdout


# ledgers


def test_a_plants_ledger_and_named_lots_agree(ask: Ask, plant: Path) -> None:
    whole = ask("-w", plant, *BY)
    assert {lot["name"]: lot["confirmed"] for lot in whole["lots"]} == {"d-1": "thinned", "d-2": "construction_waste"}
    assert whole["today"]["by_tonnage"]["yen"]["low"] == 5_800 * 19
    named = ask("d-2", "-w", plant, *BY)
    assert [lot for lot in whole["lots"] if lot["name"] == "d-2"] == named["lots"]
    assert named["today"] == whole["today"]
    assert (named["party"], named["name"]) == (PLANT.id, PLANT.name)
    assert ask("d-1", "-w", plant, *BY, code=0)["nothing_overpaid"]


def test_named_lots_in_the_order_and_number_that_they_have(ask: Ask, plant: Path) -> None:
    twice = ask("d-2", "d-1", "d-2", "-w", plant, *BY)
    assert sorted(lot["name"] for lot in twice["lots"]) == ["d-1", "d-2"]


def test_a_casebooks_named_lots(ask: Ask, write: Write) -> None:
    book = write(two_lots())
    assert [lot["id"] for lot in ask("d-2", "--casebook", book, *BY)["lots"]] == ["d-2"]
    assert len(ask("--casebook", book, *BY)["lots"]) == 2


def test_what_is_only_certified_counts_as_delivered_and_that_is_said(run: Run, ask: Ask, write: Write) -> None:
    book = two_lots()
    without = write(replace(book, deliveries=tuple(d for d in book.deliveries if d.id != "d-2")), "without.yaml")
    found = ask("--casebook", without, *BY)
    assert (found["priced_as_certified"], found["today"]["by_tonnage"]["yen"]["low"]) == (["p-2"], 5_800 * 19)
    said = "証明書 1 件は、納入の記録によらず、証明書の数量がすべて納入されたものとした: 乙-2"
    assert said in found["attention"]
    assert f"要確認: {said}" in run("report", "overpayment", "--casebook", without, *BY).stdout
    english = run("report", "overpayment", "--casebook", without, *BY, lang="en").stdout
    assert "(1), as if all that they certify had been delivered: 乙-2" in english
    path = write(book)
    assert ask("--casebook", path, *BY)["priced_as_certified"] == []
    assert "証明書の数量" not in run("report", "overpayment", "--casebook", path, *BY).stdout
    named = ask("乙-2", "--casebook", path, *BY)
    assert named["priced_as_certified"] == ["p-2"]
    assert "納入の記録がある証明書 1 件は、納入された量でなく、証明書の数量によった: 乙-2" in named["attention"]


def test_a_certificate_that_is_confirmed_needs_no_word(run: Run, write: Write) -> None:
    book = clean()
    path = write(replace(book, deliveries=()))
    result = run("report", "overpayment", "--casebook", path, *BY)
    assert (result.exit_code, "証明書の数量" in result.stdout) == (0, False)


def test_a_reviewer_asks_for_a_plant_by_name(ask: Ask, tmp_path: Path) -> None:
    folder = tmp_path / "review"
    with init_workspace(folder, (BODY,), lambda: TODAY - 86_400, password) as workspace:
        sign_casebook(workspace, two_lots())
    by_name = ask("-w", folder, "--plant", PLANT.name, *BY)
    assert by_name["lots"] == ask("-w", folder, *BY)["lots"]  # the only plant that anything came to


def test_rates_by_class_ranges_and_days(ask: Ask, plant: Path) -> None:
    stated = ask("-w", plant, *BY[:4], "--kwh-per-t", "1,100〜1,200", "--kwh-per-t", "general=900")
    kwh = stated["terms"]["kwh_per_bone_dry_tonne"]
    assert (kwh["thinned"]["kwh"], kwh["general"]["kwh"]) == (["1100", "1200"], ["900", "900"])
    assert stated["today"]["by_tonnage"]["yen"] == {
        "low": 121_220,
        "high": 132_240,
        "exact": ["121220", "132240"],
    }
    day = ask("-w", plant, "--approved", "平成27年4月1日", "--kw", "１，９９９kW", "--kwh-per-t", "1000")
    assert day["terms"]["approval"] == {"fiscal_year": 2015, "date": "2015-04-01"}
    assert day["today"]["by_tonnage"]["yen"]["low"] == 5_800 * (40 - 13)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--kw", "5000"), "--approved を指定してください"),
        (("--approved", "2016"), "--kw を指定してください"),
        (("--approved", "来年", "--kw", "5000"), "年度（2015、平成27年度）か、認定の日"),
        (("--approved", "2016", "--kw", "0"), "出力は kW で"),
        (("--approved", "2016", "--kw", "5MW"), "出力は kW で"),
        ((*BY[:4], "--kwh-per-t", "wood=1000"), "thinned=1150"),
        ((*BY[:4], "--kwh-per-t", "1200-1100"), "1100-1200 のように"),
        ((*BY[:4], "--kwh-per-t", "60000"), "6,000以下"),
        ((*BY, "--kwh-per-t", "1100"), "--kwh-per-t が二つあります: すべての区分"),
        ((*BY, "d-9"), "d-9"),
        ((*BY, "d-1", "--year", "2014"), "LOT と期間は、どちらか一つです"),
        ((*BY, "d-1", "乙-1"), "納入と、その証明書の両方が指定されています: d-1、乙-1"),
        ((*BY, "第26-017号"), "発電所への納入ではありません"),
        ((*BY, "d-1", "--plant", OTHER_PLANT.id), "への納入ではありません: d-1"),
        ((*BY, "--plant", OTSU.id), "発電事業者ではありません"),
        ((*BY, "--plant", "nobody"), "nobody"),
        ((*BY, "--from", "2016-01-01", "--to", "2016-02-01"), "への納入がありません"),
        ((*BY, "--out", "yen.docx"), "どの形式で書くか分かりません"),
    ],
)
def test_what_stops_it_and_what_to_do(run: Run, plant: Path, arguments: tuple[str, ...], said: str) -> None:
    before = contents(plant)
    result = run("report", "overpayment", "-w", plant, *arguments)
    assert result.exit_code == 2
    assert said in result.stderr
    assert "対処: " in result.stderr
    assert contents(plant) == before


def test_two_plants_have_to_be_told_apart(run: Run, write: Write) -> None:
    book = copy(two_lots(), "d-2", "d-3", at=OTHER_PLANT.id, time="11:00")
    path = write(book)
    for lots in ((), ("d-1", "d-3")):
        result = run("report", "overpayment", *lots, "--casebook", path, *BY)
        assert result.exit_code == 2
        assert "どの発電所か分かりません" in result.stderr
        assert OTHER_PLANT.name in result.stderr


def test_plants_to_choose_from_stand_in_the_order_of_their_numbers(run: Run) -> None:
    result = run("report", "overpayment", "--casebook", DEMO, *BY)
    assert result.exit_code == 2
    told = re.findall(r"\((plant-\d+)\)(、| ほか14件)", result.stderr)
    assert [plant for plant, _ in told] == [f"plant-{number}" for number in (1, 2, 3, 4, 6)]


def test_damage_is_told(run: Run, plant: Path) -> None:
    with closing(sqlite3.connect(plant / "ledger.sqlite")) as database:
        database.execute(
            "UPDATE entry SET logged_at = logged_at - 1 WHERE position = (SELECT MAX(position) FROM entry)"
        )
        database.commit()
    result = run("report", "overpayment", "-w", plant, *BY)
    assert result.exit_code == 1
    assert "壊れた記録" in result.stdout

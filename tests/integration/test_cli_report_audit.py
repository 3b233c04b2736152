"""``report routes``, ``plan`` and ``supply`` as reviewers run them, over everybody's records."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from openpyxl import load_workbook

from biotrace.services.sign import sign_casebook
from biotrace.services.workspace import init_workspace
from tests.books import burned, planned, with_books
from tests.casebooks import BODY, OTHER_PLANT, OTSU, PLANT, clean, tonnes
from tests.integration.conftest import Run, Write
from tests.workspaces import TODAY, data, password

DEMO = Path(__file__).parents[2] / "data/demo/soumu2017.yaml"
COMMANDS = ("routes", "plan", "supply")


@pytest.fixture(scope="module")
def reviewer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An accrediting body's workspace with everybody's papers and two plants' books."""
    folder = tmp_path_factory.mktemp("reviewer") / "body"
    other = [replace(line, plant=OTHER_PLANT.id) for line in (burned(tonnes(40)), planned(tonnes(30)))]
    book = with_books(clean(), burned(tonnes(12)), planned(tonnes(300)), *other)
    parties = tuple(replace(p, address="新潟県上越市1") if p.id == PLANT.id else p for p in book.parties)
    book = replace(book, parties=parties)
    with init_workspace(folder, (BODY,), lambda: TODAY - 86_400, password) as workspace:
        sign_casebook(workspace, book)
    return folder


def text_of(path: Path) -> str:
    """The words of a PDF, run together."""
    pages = (page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(path.read_bytes()))
    return re.sub(r"\s", "", "".join(pages))


def test_the_audits_routes_in_every_format(run: Run, tmp_path: Path) -> None:
    files = [tmp_path / f"routes{end}" for end in (".pdf", ".xlsx", ".csv", ".json")]
    groups = ("--by", "plant", "--by", "body", "--by", "prefecture")
    shown = run("report", "routes", "--casebook", DEMO, *groups, *(x for f in files for x in ("--out", f)))
    assert shown.exit_code == 1, shown.output
    for words in ("指摘ごとのルート（全98）", "監査の指摘に当たるルート 59 / 98", "分からない: 証明書がない"):
        assert words in shown.stdout
    assert re.search(r"②\s+証明書・根拠書類がない\s+29\s+11", shown.stdout)
    assert re.search(r"③\s+伐採箇所を照合できない\s+30\s+10", shown.stdout)
    pdf, xlsx, table, as_json = files
    for words in (
        "納入ルートごとの証明書類の状況",
        "加工・流通事業者の認定団体ごと",
        "素材生産者の認定団体ごと",
        "伐採箇所の都道府県ごと",
    ):
        assert words in text_of(pdf)
    sheet = load_workbook(xlsx)["納入ルート"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert len(rows) == 1 + 98 + 1
    lines = list(csv.reader(io.StringIO(table.read_bytes().decode("utf-8-sig"))))
    assert len(lines) == 100
    assert lines[1][4:11] == ["間伐材等由来", "", "○", "○", "記載なし", "○", "③ i"]
    assert lines[0][5] == "誤用（主伐）"  # the first of its columns on felling, as in the audit's table
    saved = json.loads(as_json.read_bytes())
    evidence = {row[-1].value for row in load_workbook(xlsx)["根拠"].iter_rows(min_row=2)}
    assert {r for route in saved["routes"] for r in route["records"]["all"]} == evidence


def test_a_period_and_a_party_narrow_the_routes(run: Run) -> None:
    whole = data(run("report", "routes", "--casebook", DEMO, "--format", "json"))
    plant = data(run("report", "routes", "--casebook", DEMO, "--party", "plant-3", "--format", "json"))
    assert len(plant["routes"]) == 11
    assert plant["routes"] == [
        {**route, "number": n} for n, route in enumerate((r for r in whole["routes"] if r["plant"] == "plant-3"), 1)
    ]
    year = data(run("report", "routes", "--casebook", DEMO, "--year", "2014", "--format", "json"))
    assert 0 < len(year["routes"]) < 98
    assert (year["from"], year["to"]) == ("2014-04-01", "2015-03-31")


def test_a_reviewers_ledger(run: Run, reviewer: Path) -> None:
    shown = data(run("report", "routes", "-w", reviewer, "--by", "body", "--format", "json"))
    (route,) = shown["routes"]
    assert (route["producer"]["party"], route["processor"]["party"], route["plant"]) == ("kousei", OTSU.id, PLANT.id)
    assert route["findings"] == []
    assert [g["id"] for g in shown["groups"]["body"]] == [BODY.id]
    for record in route["records"]["all"]:
        assert run("show", record, "-w", reviewer).exit_code == 0


def test_a_plan_of_everybody_where_the_workspace_is_no_plants(run: Run, reviewer: Path, tmp_path: Path) -> None:
    files = [tmp_path / f"plan{end}" for end in (".pdf", ".xlsx")]
    shown = run(*("report", "plan", "-w", reviewer, "--by", "prefecture"), *(x for f in files for x in ("--out", f)))
    assert shown.exit_code == 1, shown.output  # one plant's prefecture is not known
    assert "間伐材等由来が計画を下回る発電設備 1" in shown.stdout
    assert "新潟県" in shown.stdout
    assert f"分からない: {OTHER_PLANT.name}" in shown.stdout
    assert "計画を下回る" in text_of(files[0])
    (period,) = data(run("report", "plan", "-w", reviewer, "--format", "json"))["periods"]
    assert [plant["plant"] for plant in period["plants"]] == [PLANT.id, OTHER_PLANT.id]
    assert period["below_plan_in_thinned"] == [PLANT.id]
    one = data(run("report", "plan", "-w", reviewer, "--party", PLANT.id, "--format", "json"))
    assert one["lines"][0]["planned"] == period["plants"][0]["classes"][0]["planned"]


def test_output_is_told_where_somebody_gives_it(run: Run, reviewer: Path, tmp_path: Path) -> None:
    out = tmp_path / "plan.xlsx"
    asked = ("report", "plan", "-w", reviewer, "--kw", f"{PLANT.id}=5,000")
    shown = run(*asked, "--kw", f"{OTHER_PLANT.name}＝１９９９．９ｋＷ".replace("ｋＷ", "kW"), "--out", out)
    rows = [[cell.value for cell in row] for row in load_workbook(out)["発電設備ごとの計画と実績"].iter_rows()]
    assert rows[0][:4] == ["年度・期間", "発電設備", "出力（kW）", "区分"]
    assert {(row[1], row[2]) for row in rows[1:]} == {(PLANT.name, "5,000"), (OTHER_PLANT.name, "1,999.9")}
    assert "出力（kW）" in shown.stdout
    (period,) = data(run(*asked, "--format", "json"))["periods"]
    assert [plant["output_kw"] for plant in period["plants"]] == ["5000", None]


def test_output_that_nobody_tells_is_no_column_and_said(run: Run, reviewer: Path, tmp_path: Path) -> None:
    out = tmp_path / "plan.pdf"
    shown = run("report", "plan", "-w", reviewer, "--out", out)
    assert "出力（kW）" not in shown.stdout
    assert "発電出力は台帳のどの記録にもない" in text_of(out)
    some = tmp_path / "some.pdf"
    run("report", "plan", "-w", reviewer, "--kw", f"{PLANT.id}=5000", "--out", some)
    assert f"発電出力は台帳のどの記録にもない（--kw発電設備=出力で示せる）:{OTHER_PLANT.name}" in text_of(some)


def test_a_plan_over_any_days(run: Run, reviewer: Path) -> None:
    days = ("--from", "2014-11-01", "--to", "2014-12-31")
    shown = data(run("report", "plan", "-w", reviewer, *days, "--format", "json"))
    assert [p["period"] for p in shown["periods"]] == ["2014-11 – 2014-12"]
    alone = data(run("report", "plan", "-w", reviewer, "--party", PLANT.id, *days, "--format", "json"))
    assert [p["plant"] for p in alone["periods"][0]["plants"]] == [PLANT.id]


def test_a_casebook_needs_no_party_for_all_plants(run: Run, write: Write) -> None:
    book = write(with_books(clean(), burned(tonnes(12)), planned(tonnes(30))))
    shown = run("report", "plan", "--casebook", book, "--year", "2014")
    assert shown.exit_code == 0, shown.output
    assert PLANT.name in shown.stdout
    own = run("report", "plan", "--casebook", book, "--party", PLANT.id)
    assert own.exit_code == 0
    assert "バイオマス燃料の使用計画と実績" in own.stdout


@pytest.mark.parametrize(("planned_tonnes", "exit_code"), [(30, 0), (300, 1)])
def test_every_report_on_plans_tells_of_a_plant_below_plan(
    run: Run, write: Write, planned_tonnes: int, exit_code: int
) -> None:
    """12 t in a month are 144 t a year."""
    book = write(with_books(clean(), burned(tonnes(12)), planned(tonnes(planned_tonnes))))
    for command, said in (
        (("plan",), f"要確認: 間伐材等由来の使用が計画を下回る発電設備: 2014 {PLANT.name}"),
        (("plan", "--party", PLANT.id), "要確認: 間伐材等由来の使用が計画を下回る年度: 2014"),
        (("supply",), f"要確認: 間伐材等由来の使用が計画を下回る発電設備: {PLANT.name}"),
    ):
        shown = run("report", *command, "--casebook", book, "--year", "2014")
        assert (said in shown.stdout) is bool(exit_code), shown.stdout
        if exit_code or command[0] == "plan":  # supply has more to look at
            assert shown.exit_code == exit_code


def test_supply_and_demand_of_a_region(run: Run, reviewer: Path, tmp_path: Path) -> None:
    files = [tmp_path / f"supply{end}" for end in (".pdf", ".xlsx", ".csv", ".json")]
    shown = run("report", "supply", "-w", reviewer, *(x for f in files for x in ("--out", f)))
    assert shown.exit_code == 1, shown.output
    for words in ("需要（発電設備）", "供給（伐採段階の証明）", "都道府県間の流れ", "計画を下回る発電設備"):
        assert words in shown.stdout
    text = text_of(files[0])
    for words in ("台帳から分からないこと", "標準の換算係数", "長野県", "新潟県"):
        assert words in text
    lines = list(csv.reader(io.StringIO(files[2].read_bytes().decode("utf-8-sig"))))
    assert lines[1][:2] == ["長野県", "新潟県"]  # one period: it stands above, and has no column
    saved = json.loads(files[3].read_bytes())
    assert [(x["from"], x["to"], x["bone_dry"]) for x in saved["flows"]] == [("長野県", "新潟県", 17_400_000)]
    for every in ("year", "month"):
        shown = run("report", "supply", "-w", reviewer, "--every", every, "--format", "json")
        assert {x["period"] for x in data(shown)["flows"]} == {"2014" if every == "year" else "2014-11"}


@pytest.mark.parametrize("command", COMMANDS)
def test_english_and_whole_numbers(run: Run, reviewer: Path, command: str) -> None:
    shown = run("report", command, "-w", reviewer, lang="en")
    assert shown.exit_code in (0, 1), shown.output
    assert "bone-dry" in shown.stdout
    assert not re.search("[ぁ-んァ-ヶ]", re.sub(r"\S*(発電所|連合会|会社)\S*", "", shown.stdout))

    def walk(value: Any) -> None:
        assert not isinstance(value, float)
        for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            walk(inner)

    walk(data(run("report", command, "-w", reviewer, "--format", "json")))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("routes", "--year", "2020"), "着いたロットがありません"),
        (("routes", "--party", "だれか"), "だれか"),
        (("routes", "--by", "village"), "plant、body、prefecture"),
        (("routes", "--year", "2014", "--month", "2014-11"), "どれか一つ"),
        (("routes", "--out", "x.doc"), ".pdf、.xlsx、.csv、.json"),
        (("routes", "--casebook", "nothing.yaml"), "nothing.yaml"),
        (("plan", "--year", "2030"), "使用計画も使用の記帳も"),
        (("plan", "--all", "--party", PLANT.id), "一緒に使えません"),
        (("plan", "--audit-2017", "--all"), "一緒に使えません"),
        (("plan", "--audit-2017", "--by", "body"), "一緒に使えません"),
        (("plan", "--audit-2017", "--kw", "plant-8=1"), "一緒に使えません"),
        (("plan", "--kw", "5000"), "plant-8=5000 のように"),
        (("plan", "--kw", f"{PLANT.id}=0"), "0より大きく"),
        (("plan", "--kw", f"{PLANT.id}=5", "--kw", f"{PLANT.name}=6"), "--kw が二つあります"),
        (("plan", "--kw", f"{OTSU.id}=5"), "この表にない発電設備です"),
        (("supply", "--year", "2030"), "供給も需要も記録がありません"),
        (("supply", "--every", "week"), "year、month"),
    ],
)
def test_misuse_says_what_to_do(run: Run, reviewer: Path, arguments: tuple[str, ...], words: str) -> None:
    shown = run("report", *arguments, "-w", reviewer)
    assert shown.exit_code == 2
    assert words in shown.stderr

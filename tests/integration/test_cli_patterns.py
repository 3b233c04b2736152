"""``biotrace patterns`` as a reviewer runs it: on a casebook, on a ledger, written as files, and misused."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pypdfium2
import pytest
from openpyxl import load_workbook

from biotrace.chain.kinds import RecordKind
from biotrace.model.casebook import Casebook
from biotrace.services.settings import LEDGER
from biotrace.services.sign import sign_casebook
from biotrace.services.workspace import init_workspace
from tests.casebooks import OTSU
from tests.integration.conftest import Run, Write
from tests.sights import TOWN_ONLY, arrived, book, felled
from tests.workspaces import TODAY, data, password

ROOT = Path(__file__).parents[2]
_M3 = 1_000_000


def worth_a_look() -> Casebook:
    """A producer of town-only places beyond a permit's volume, and a truck twice."""
    fellings = [felled(n, 30 * _M3, ("otsu", "heiwa")[n % 2], locations=TOWN_ONLY) for n in range(6)]
    return book(fellings, [arrived(0, certificate=None), arrived(1, certificate=None)])


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A workspace that holds these papers."""
    folder = tmp_path / "desk"
    with init_workspace(folder, (OTSU,), lambda: TODAY - 86_400, password) as workspace:
        sign_casebook(workspace, worth_a_look())
    return folder


def test_what_is_worth_a_look_is_ranked_and_explained(run: Run, write: Write) -> None:
    result = run("patterns", "--casebook", write(worth_a_look()))
    assert result.exit_code == 1
    said = result.output
    assert "確認をお勧めするもの 3 件（500 点以上）" in said
    assert "違反の指摘や判定ではありません" in said
    assert said.index("[permit-volume]") < said.index("[municipality-only]") < said.index("[same-minute]")
    assert said.count("よくある事情: ") == said.count("確認をお勧めする書類: ") == 3
    assert "証明の合計 180.0 ㎥（材積を80%超える、買い手 2 社、証明書 6 通）" in said
    assert "見ていない: 規則（biotrace check が確かめる）。casebook に署名はない" in said


def test_in_english(run: Run, write: Write) -> None:
    said = run("patterns", "--casebook", write(worth_a_look()), lang="en").output
    assert "certified in all 180.0 m³, 80% beyond (buyers: 2, certificates: 6)" in said
    assert "often explained by: " in said
    assert "no findings and no verdicts" in said


def test_nothing_worth_a_look(run: Run, write: Write) -> None:
    result = run("patterns", "--casebook", write(book([felled(1, 50 * _M3)])))
    assert result.exit_code == 0
    assert "確認をお勧めするもの 0 件" in result.output


def test_the_routes_of_2017_show_nothing_above_the_line(run: Run) -> None:
    answer = run("patterns", "--casebook", ROOT / "data/demo/soumu2017.yaml", "--format", "json")
    assert answer.exit_code == 0
    told = json.loads(answer.output)
    assert (told["looked_at"], told["sightings"]) == (288, [])


def test_a_ledger_shows_the_same(run: Run, desk: Path, write: Write) -> None:
    of_ledger = data(run("patterns", "-w", desk, "--format", "json"))
    of_book = data(run("patterns", "--casebook", write(worth_a_look()), "--format", "json"))
    shown = [[(s["pattern"], s["score"], s["seen"]) for s in told["sightings"]] for told in (of_ledger, of_book)]
    assert shown[0] == shown[1]
    assert len(shown[0]) == 3
    assert {r["name"] for r in of_ledger["sightings"][0]["records"]} == {f"26-{n}" for n in range(6)}
    assert any("biotrace audit" in said for said in of_ledger["unchecked"])


@pytest.mark.parametrize(
    ("options", "patterns"),
    [
        (("--party", "plant-8"), {"same-minute"}),
        (("--party", "甲成林産有限会社"), {"permit-volume", "municipality-only"}),
        (("--from", "2014-11-01"), {"same-minute"}),
        (("--to", "2014-10-31"), {"permit-volume", "municipality-only"}),
        (("--min-score", "900"), {"permit-volume"}),
        (("--from", "2015-01-01"), set()),
    ],
)
def test_what_was_asked_for(run: Run, desk: Path, options: tuple[str, ...], patterns: set[str]) -> None:
    answer = run("patterns", "-w", desk, "--format", "json", *options)
    assert {s["pattern"] for s in data(answer)["sightings"]} == patterns
    assert answer.exit_code == (1 if patterns else 0)


def test_the_list_says_for_whom_and_of_which_days_it_is(run: Run, desk: Path, tmp_path: Path) -> None:
    """Counts of what was not looked at are of all parties, and say so; nothing is said to be left out that is not."""
    paper = tmp_path / "list.pdf"
    said = run("patterns", "-w", desk, "--party", "plant-8", "--from", "2014-11-01", "--out", paper).output
    assert "事業者: 第八バイオマス発電所  期間: 2014-11-01 〜 最後" in said
    assert "見ていない（全事業者の件数）: 署名・ハッシュ・規則" in said
    assert "お勧めするもの 1 件" in text_of(paper)
    plain = tmp_path / "plain.pdf"
    said = run("patterns", "-w", desk, "--min-score", "1", "--out", plain).output
    assert "事業者: " not in said
    assert "\n見ていない: " in said
    text = text_of(plain)
    assert "期間 すべて" in text
    assert "点未満は" not in text


def text_of(paper: Path) -> str:
    """What stands on it, without the breaks of its lines."""
    pages = pypdfium2.PdfDocument(paper.read_bytes())
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in pages).split())


def test_written_as_files(run: Run, desk: Path, tmp_path: Path) -> None:
    out = [tmp_path / f"list{suffix}" for suffix in (".csv", ".xlsx", ".json", ".pdf")]
    said = run("patterns", "-w", desk, *(word for path in out for word in ("--out", path))).output
    assert said.count("書きました: ") == 4
    rows = list(csv.reader(io.StringIO(out[0].read_text("utf-8-sig"))))
    assert rows[0][:3] == ["順位", "点数", "パターン"]
    assert [row[0] for row in rows[1:]] == ["1", "2", "3"]
    sheets = load_workbook(out[1])
    assert sheets.sheetnames == ["一覧", "もとの記録", "説明"]
    assert sheets["もとの記録"].max_row == 1 + 6 + 6 + 2
    assert len(json.loads(out[2].read_text("utf-8"))["sightings"]) == 3
    assert out[3].read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--party", "kosei"), "事業者「kosei」は台帳にありません"),
        (("--from", "2014-12-01", "--to", "2014-11-01"), "--to 2014-11-01 より後です"),
        (("--to", "2010-01-01"), "見るべき証明書も納入もありません"),
        (("--min-score", "0"), "--min-score"),
        (("--out", "list.txt"), "どの形式で書くか分かりません"),
        (("--price-change", "4月"), "日付は 2014-11-19"),
    ],
)
def test_misuse_is_told(run: Run, desk: Path, options: tuple[str, ...], said: str) -> None:
    answer = run("patterns", "-w", desk, *options)
    assert answer.exit_code == 2
    assert said in answer.output


def test_a_day_of_changed_prices_is_taken(run: Run, write: Write) -> None:
    told = data(
        run("patterns", "--casebook", write(worth_a_look()), "--price-change", "2014-04-01", "--format", "json")
    )
    assert any("2014-04-01" in said for said in told["unchecked"])


def test_a_damaged_entry_is_passed_over_and_told(run: Run, desk: Path) -> None:
    with closing(sqlite3.connect(desk / LEDGER)) as connection, connection:
        last = connection.execute(
            "SELECT max(position) FROM entry WHERE kind = ?", (int(RecordKind.DELIVERY),)
        ).fetchone()
        connection.execute("UPDATE entry SET envelope = x'00' WHERE position = ?", last)
    answer = run("patterns", "-w", desk)
    assert answer.exit_code == 1
    assert "[same-minute]" not in answer.output
    assert "読めない記録 1 件（biotrace audit で確かめてください）" in answer.output

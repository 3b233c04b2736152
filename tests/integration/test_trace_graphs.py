"""What the pictures and tables of a trace say of it, as somebody reads them who was not there."""

from __future__ import annotations

import csv
import io
import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from biotrace.chain.record import parse_record
from biotrace.services.shipped import demo_casebook
from biotrace.services.sign import sign_casebook
from biotrace.services.workspace import init_workspace
from tests import casebooks
from tests.workspaces import TODAY, envelopes, password

Run = Callable[..., Result]
Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The audit's papers in a ledger."""
    folder = tmp_path_factory.mktemp("desk") / "desk"
    with init_workspace(folder, (casebooks.BODY,), lambda: TODAY + 3 * 365 * 86_400, password) as workspace:
        sign_casebook(workspace, demo_casebook())
    return folder


@pytest.fixture
def drawn(run: Run, tmp_path: Path) -> Callable[..., tuple[Any, Rows]]:
    """The graph of a trace as data, and its table of records."""

    def draw(*arguments: object, folder: Path) -> tuple[Any, Rows]:
        files = tmp_path / "out.json", tmp_path / "out.csv"
        result = run("trace", *arguments, "-w", folder, "--out", files[0], "--out", files[1])
        assert result.exit_code in (0, 1), result.output
        rows = csv.DictReader(io.StringIO(files[1].read_text(encoding="utf-8-sig")))
        return json.loads(files[0].read_text(encoding="utf-8")), list(rows)

    return draw


def head(graph: Any) -> dict[str, str]:
    return {fact["name"]: fact["value"] for fact in graph["facts"]}


def facts(row: dict[str, str]) -> list[str]:
    return row["内容"].split("\n")


def test_records_stand_from_the_forest_on_and_by_their_stage(drawn: Any, desk: Path) -> None:
    """A felling certificate is of the felling stage, and the place is a forest; what lay in the yard comes last."""
    _, rows = drawn("back", "d-h1", folder=desk)
    told = [(row["名称"], row["段階"]) for row in rows]
    assert told[:4] == [
        ("伐採地", "森林"),
        ("第27-035号", "伐採段階"),
        ("28-035-1", "加工・流通段階"),
        ("d-h1", "発電所"),
    ]
    assert ("第27-039号", "伐採段階") in told[4:]
    lay = next(row for row in rows if row["名称"] == "第27-039号")
    assert (lay["日付"], lay["申告の区分"]) == ("2015-12-18", "間伐材等由来の木質バイオマス")
    assert "様式: 別記1 例2（国有林からの出材の場合）" in facts(lay)


def test_a_lot_says_why_it_is_not_in_order_though_the_reason_is_upstream(drawn: Any, desk: Path) -> None:
    _, rows = drawn("back", "d-h1", folder=desk)
    lot = facts(rows[3])
    assert [fact for fact in lot if fact.startswith("H304: 第27-035号: 主伐")]
    assert lot[-1].startswith("記録ID: ")
    assert sum(fact.startswith("H304") for fact in facts(rows[1])) == 1


def test_what_if_says_what_is_supposed_and_what_changes(drawn: Any, desk: Path) -> None:
    graph, rows = drawn("what-if", "f-c1", folder=desk)
    assert graph["title"] == "虚偽だったとしたら: 証明書 第26-005号（株式会社笹平フォレスト）"
    said = head(graph)
    assert said["判定の変わるロット"] == "2 件のうち 2 件"
    # 6.58 t at 41 % and 5.79 t at 40 %: 3,882.2 and 3,474 kg
    assert said["変わる重さ（納入時、全乾）"] == "間伐材等由来 −7,356 kg、建設資材廃棄物・由来不明 +7,356 kg"
    by_name = {row["名称"]: row for row in rows}
    assert "仮定: 虚偽だったとしたら" in facts(by_name["第26-005号"])
    lot = facts(by_name["d-c1-1"])
    assert lot[0] == "いまの判定 → 仮定のとおりなら: 間伐材等由来 → 建設資材廃棄物・由来不明"
    assert "IF: 第26-005号: 仮定: この証明書は事実と異なり、何も証明しない: 仮定による（台帳にはない）" in lot


def test_what_was_not_read_is_not_said_to_be_missing(drawn: Any, desk: Path) -> None:
    """The permit is in the ledger. A trace forward does not look for it; one back does, and names it."""
    _, rows = drawn("forward", "f-c1", folder=desk)
    (papers,) = [f for f in facts(next(r for r in rows if r["名称"] == "第26-005号")) if f.startswith("根拠書類")]
    assert papers.endswith("（この図では読んでいない）")


def test_a_trace_back_names_the_papers(drawn: Any, desk: Path) -> None:
    _, rows = drawn("back", "d-c1-1", folder=desk)
    (papers,) = [f for f in facts(rows[1]) if f.startswith("根拠書類")]
    assert papers == "根拠書類: 保安林内間伐届の受理通知 26-14"


def test_a_certificate_without_a_place_says_so(run: Run, drawn: Any, desk: Path) -> None:
    """Of all things the one that a reviewer looks for; where the chain breaks off there is none to be stated."""
    assert "               伐採箇所の記載なし\n" in run("trace", "back", "d-a2", "-w", desk).stdout
    assert "伐採箇所の記載なし" not in run("trace", "back", "d-l1", "-w", desk).stdout
    _, rows = drawn("back", "d-a2", folder=desk)
    assert facts(rows[0])[0] == "伐採場所: 記載なし"


def test_forms_are_called_by_their_names(run: Run, desk: Path) -> None:
    shown = run("trace", "back", "d-c1-1", "-w", desk).stdout
    assert "2014-06-27  別記1 例1  第26-005号" in shown
    assert "2014-11-19  別記2-1  26-005-1" in shown


def test_what_rests_names_its_certificate(drawn: Any, desk: Path) -> None:
    _, rows = drawn("forward", "f-c1", folder=desk)
    stock = rows[-1]
    assert (stock["名称"], stock["段階"], stock["全乾t"]) == ("証明書上の在庫", "在庫など", "1162.181818")
    assert facts(stock)[0] == "証明書: 第26-005号"


def test_a_picture_says_what_nobody_looked_at(drawn: Any, desk: Path) -> None:
    graph, _ = drawn("forward", "f-c1", folder=desk)
    notes = " ".join(graph["notes"])
    assert "判定はしていない" in notes
    assert "発行者・置場・発電所の規則は見ていない" in notes


def test_a_picture_of_a_damaged_ledger_says_so(drawn: Any, desk: Path, tmp_path: Path) -> None:
    position = next(p for p, e in enumerate(envelopes(desk)) if parse_record(e).subject == "f-h4")
    folder = Path(shutil.copytree(desk, tmp_path / "spoiled"))
    with closing(sqlite3.connect(folder / "ledger.sqlite")) as database:
        database.execute("UPDATE entry SET envelope = ? WHERE position = ?", (b"garbage", position))
        database.commit()
    graph, _ = drawn("back", "d-h1", folder=folder)
    assert "biotrace verify" in head(graph)["台帳の問題"]

"""``biotrace trace`` as a reviewer runs it, over a ledger and over the audit's papers."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from biotrace.services import trace
from biotrace.services.shipped import demo_casebook
from biotrace.services.sign import sign_casebook
from biotrace.services.trace_open import open_casebook
from biotrace.services.workspace import init_workspace
from tests import casebooks
from tests.workspaces import TODAY, contents, password

Run = Callable[..., Result]
DEMO = Path(__file__).parents[2] / "data/demo/soumu2017.yaml"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The audit's papers in a ledger."""
    folder = tmp_path_factory.mktemp("desk") / "desk"
    later = TODAY + 3 * 365 * 86_400
    with init_workspace(folder, (casebooks.BODY,), lambda: later, password) as workspace:
        sign_casebook(workspace, demo_casebook())
    return folder


def answer(run: Run, *arguments: object, code: int = 0) -> Any:
    result = run("trace", *arguments, "--format", "json")
    assert result.exit_code == code, result.output
    return json.loads(result.stdout)


# back


def test_a_lot_back_to_its_parcel(run: Run, desk: Path) -> None:
    result = run("trace", "back", "d-h1", "-w", desk)
    assert result.exit_code == 1
    assert "[指摘] d-h1  間伐材等由来 → 一般木質 5,220 kg" in result.stdout
    assert "5,220 kg  第27-035号  青葉谷山林開発株式会社" in result.stdout
    assert "宮崎県東椎原郡青葉谷町杉本 62" in result.stdout
    assert "根拠: 伐採及び伐採後の造林届出書・適合通知書 010104" in result.stdout
    assert "H304 f-h1: 主伐（伐採届のみ）を間伐材等由来としている" in result.stdout
    assert "28-035-1 のとき、引き当てのほかに残っていたもの 3 件" in result.stdout
    english = run("trace", "back", "d-h1", "-w", desk, lang="en").stdout
    assert "where it was felled, by what is drawn on" in english
    assert "beside what 28-035-1 draws on, 3 more lay there" in english


def test_every_route_of_the_audit_accounts_for_every_gram(run: Run) -> None:
    """Sum of the origins, and what no certificate at hand brought, is the lot: on all 110 lots, to the gram."""
    desk = open_casebook(DEMO).desk
    lots = {lot["id"]: lot for lot in json.loads(run("check", DEMO, "--format", "json").stdout)["lots"]}
    assert len(lots) == 110
    for lot, judged in lots.items():
        back = trace.back(desk, lot).back
        assert back.missing is not None
        assert sum(origin.grams or 0 for origin in back.origins) + back.missing == back.lot.dry_grams, lot
        assert back.lot.confirmed == judged["confirmed"]


def test_a_ledger_and_its_casebook_tell_the_same(run: Run, desk: Path) -> None:
    one = answer(run, "back", "d-h1", "-w", desk, code=1)
    other = answer(run, "back", "d-h1", "--casebook", DEMO, code=1)
    for found in (one, other):
        assert [o["called"] for o in found["origins"]] == ["第27-035号"]
        assert [h["grams"] for h in found["hands"]] == [5_219_500] * 3
        assert [len(y["could_have_contributed"]) for y in found["yards"]] == [4]
    assert one["entries"] is not None
    assert other["entries"] is None


# forward


@pytest.mark.parametrize(
    ("what", "kind"),
    [
        (("f-c1",), "certificate"),
        ((), "document"),
        (("株式会社笹平フォレスト",), "party"),
    ],
)
def test_where_it_went(run: Run, desk: Path, what: tuple[str, ...], kind: str) -> None:
    if kind == "document":
        document = answer(run, "back", "d-c1-1", "-w", desk)["hands"][0]["documents"][0]["id"]
        what = (document, "--kind", "document")
    found = answer(run, "forward", *what, "-w", desk)
    assert found["start"]["kind"] == kind
    assert sum(rest["grams"] for rest in found["rests"]) == found["grams"] > 0
    assert {rest["where"] for rest in found["rests"]} == {"plant", "stock"}
    assert {told["role"] for told in found["to_be_told"]} == {"producer", "processor", "plant"}


def test_by_accreditation_and_by_place(run: Run, desk: Path) -> None:
    hand = answer(run, "back", "d-c1-1", "-w", desk)["hands"][0]
    origin = answer(run, "back", "d-c1-1", "-w", desk)["origins"][0]
    shown = json.loads(run("show", hand["record"], "-w", desk, "--format", "json").stdout)
    number = shown["body"]["accreditation_number"]
    by_number = answer(run, "forward", number, "-w", desk)
    assert by_number["start"]["kind"] == "accreditation"
    assert hand["record"] in by_number["start"]["certificates"]
    by_place = answer(run, "forward", origin["places"][0], "--kind", "place", "-w", desk)
    assert hand["record"] in by_place["start"]["certificates"]


def test_verdicts_on_what_it_went_into(run: Run, desk: Path) -> None:
    sound = run("trace", "forward", "f-c1", "--verdicts", "-w", desk)
    assert sound.exit_code == 0
    assert "着いた先のロットの判定" in sound.stdout
    assert run("trace", "forward", "f-h1", "--verdicts", "-w", desk).exit_code == 1


# what if


def test_what_if_it_is_false(run: Run, desk: Path) -> None:
    before = contents(desk)
    result = run("trace", "what-if", "f-c1", "-w", desk)
    assert result.exit_code == 1
    assert "虚偽だったとしたら: 先のロット 2 件のうち 2 件の判定が変わります" in result.stdout
    assert "間伐材等由来  ▲ 7,356 kg" in result.stdout
    assert "建設資材廃棄物  + 7,356 kg" in result.stdout
    general = run("trace", "what-if", "f-c1", "--as", "general", "-w", desk)
    assert "一般木質  + 7,356 kg" in general.stdout
    assert contents(desk) == before, "nothing is written"


def test_what_if_nothing_would_change(run: Run, desk: Path) -> None:
    """The wood counts as general already."""
    result = run("trace", "what-if", "f-h1", "--as", "general", "-w", desk)
    assert result.exit_code == 0
    assert "1 件のうち 0 件の判定が変わります" in result.stdout


# files, and what stops it


@pytest.mark.parametrize("command", ["back", "forward", "what-if"])
def test_pictures_and_tables(run: Run, desk: Path, tmp_path: Path, command: str) -> None:
    names = [tmp_path / f"out.{end}" for end in ("html", "svg", "pdf", "graphml", "csv", "json")]
    wanted = [word for name in names for word in ("--out", name)]
    what = "d-c1-1" if command == "back" else "f-c1"
    assert run("trace", command, what, "-w", desk, *wanted).exit_code in (0, 1)
    assert all(name.stat().st_size > 300 for name in names)
    assert "みどり沢チップ株式会社" in names[0].read_text(encoding="utf-8")
    again = run("trace", command, what, "-w", desk, *wanted)
    assert again.exit_code == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("back", "nothing"), "「nothing」に当たるものがありません"),
        (("forward", "nothing"), "「nothing」に当たるものがありません"),
        (("forward", "d-c1-1"), "「d-c1-1」は納入です。そこから先はありません"),
        (("forward", "長野県", "--kind", "place"), "「長野県」は地番も林班も示していません"),
        (("forward", "f-c1", "--kind", "party"), "「f-c1」に当たるものがありません（事業者）"),
        (("forward", "f-c1", "--out", "x.doc"), "どの形式で書くか分かりません"),
    ],
)
def test_what_cannot_be_answered(run: Run, desk: Path, arguments: tuple[str, ...], said: str) -> None:
    result = run("trace", *arguments, "-w", desk)
    assert result.exit_code == 2
    assert said in result.output

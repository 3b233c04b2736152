"""``biotrace issue``: what the mill received goes out again, and what the rules would not confirm does not."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pypdf
import pytest
from click.testing import Result

from biotrace.chain.trust_list import TrustList
from biotrace.errors import BiotraceError
from biotrace.model.casebook import Casebook
from biotrace.model.certificate import Certificate, Draw, Form, Goods, Process
from biotrace.model.correction import Action
from biotrace.model.fuel_class import FuelClass
from biotrace.model.party import Party, Role
from biotrace.model.quantity import Unit
from biotrace.services import issue as issuing
from biotrace.services import issue_desk
from biotrace.services.issue import Issued
from biotrace.services.issue_refusals import Refused
from biotrace.services.ledger_case import Reading, read_ledger
from biotrace.services.request import Request
from biotrace.services.sign import sign_casebook
from biotrace.services.workspace import init_workspace, open_workspace
from biotrace.store.ledger import Ledger
from tests import casebooks
from tests.casebooks import m3
from tests.workspaces import TODAY, contents, data, envelopes, general_too, password, received

Run = Callable[..., Result]

TO_PLANT = ["issue", "--to", "plant-8"]


def mill_with(book: Casebook, folder: Path) -> Path:
    """A mill's workspace that has taken in this casebook."""
    with init_workspace(folder, (casebooks.OTSU, casebooks.BODY), lambda: TODAY - 86_400, password) as workspace:
        sign_casebook(workspace, book)
    return folder


def draws(result: Result) -> list[tuple[str, float]]:
    """What an issued certificate draws on, in m³."""
    assert result.exit_code == 0, result.output
    return [(draw["subject"], draw["quantity"]["value"]) for draw in data(result)["draws"]]


# what is issued


def test_a_usual_delivery_is_one_short_command(run: Run, mill: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIOTRACE_WORKSPACE", str(mill))
    logged = len(envelopes(mill))
    result = run("issue", "--to", "第八バイオマス発電所", "--quantity", "6.58t", "--moisture", "42%")
    assert result.exit_code == 0
    first, drawn, record, pdf = result.stdout.splitlines()
    assert first == "発行しました: 2-1/2014-0001  2014-11-19  間伐材等由来 6.58 t、水分 42% → 第八バイオマス発電所"
    assert drawn == "  引き当て f-1: 8.39608 ㎥  (残り 91.60392 ㎥)"
    assert Path(pdf.removeprefix("  PDF: ")).read_bytes().startswith(b"%PDF-")
    assert len(envelopes(mill)) == logged + 1
    shown = data(run("show", record.removeprefix("  記録ID: "), "--format", "json"))
    assert shown["transcribed"] is False
    assert shown["body"] | {"id": "", "draws": []} == {
        "id": "",
        "form": "2-1",
        "class": "thinned",
        "number": "2014-0001",
        "date": "2014-11-19",
        "seller": "otsu",
        "buyer": "plant-8",
        "accreditation_number": "長木-034",
        "goods": "cutting_chips",
        "species": ["スギ"],
        "quantity": {"value": 6.58, "unit": "t", "moisture": 0.42},
        "draws": [],
        "statements": ["all_of_class", "segregated"],
        "process": "chipping",
    }
    assert run("verify", "2014-0001").exit_code == 0


def test_the_answer_in_json_says_everything(run: Run, mill: Path) -> None:
    result = run(*TO_PLANT, "--quantity", "13.2m3", "--goods", "logs", "-w", mill, "--format", "json")
    answer = data(result)
    (draw,) = answer["draws"]
    assert (answer["issued"], answer["subject"], answer["notes"]) == (True, "2-1/2014-0001", [])
    assert answer["certificate"]["id"] == answer["record_id"]
    assert answer["certificate"]["process"] == "trading"
    assert (draw["quantity"], draw["left"]) == ({"value": 13.2, "unit": "m3"}, {"value": 86.8, "unit": "m3"})
    assert Path(answer["pdf"]).is_file()


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--quantity", "10t", "--moisture", "0.4"], [("f-1", 13.2)]),
        (["--quantity", "10000kg", "--moisture", "0.4"], [("f-1", 13.2)]),
        (["--quantity", "10t"], [("f-1", 13.2)]),  # at the profile's default moisture, 40 %
        (["--quantity", "10t", "--moisture", "0"], [("f-1", 22)]),
        (["--quantity", "80t", "--moisture", "0.4"], [("f-1", 100), ("f-2", 5.6)]),
        (["--quantity", "1kg", "--moisture", "0.4321"], [("f-1", 0.00125)]),  # 1,249.38 cm³, rounded up
        (["--quantity", "30m3_loose"], [("f-1", 10)]),
        (["--quantity", "150m3", "--goods", "logs"], [("f-1", 100), ("f-2", 50)]),  # to the last cm³
        (["--quantity", "6.58t", "--moisture", "0.42", "--from", "f-2=9m3"], [("f-2", 9)]),
        (["--quantity", "10t", "--from", "f-2=7m3", "--from", "第26-017号=7m3"], [("f-2", 7), ("f-1", 7)]),
    ],
)
def test_what_is_drawn(arguments: list[str], expected: list[tuple[str, float]], run: Run, mill: Path) -> None:
    assert draws(run(*TO_PLANT, *arguments, "-w", mill, "--format", "json")) == expected
    assert run("verify", "2014-0001", "-w", mill).exit_code == 0


def test_one_truck_after_the_other_uses_up_what_came_first(run: Run, mill: Path) -> None:
    """Nothing is drawn twice: 150 m³ give exactly three trucks of 50 m³, and not a cm³ more."""
    truck = [*TO_PLANT, "--quantity", "50m3", "--goods", "logs", "-w", mill, "--format", "json"]
    drawn = [draws(run(*truck)) for _ in range(3)]
    assert drawn == [[("f-1", 50)], [("f-1", 50)], [("f-2", 50)]]
    assert run(*truck).exit_code == 1
    over = run(*TO_PLANT, "--quantity", "0.000001m3", "--goods", "logs", "-w", mill)
    assert over.exit_code == 1
    assert "在庫がありません" in over.stdout
    assert run("verify", "-w", mill).exit_code == 0


def test_the_oldest_paper_comes_first_also_when_it_was_logged_last(run: Run, tmp_path: Path) -> None:
    mill = mill_with(casebooks.remove(received(), "f-1"), tmp_path / "mill")
    with open_workspace(mill, lambda: TODAY, password) as workspace:
        sign_casebook(workspace, received())
    truck = [*TO_PLANT, "--quantity", "120m3", "--goods", "logs", "-w", mill, "--format", "json"]
    assert draws(run(*truck)) == [("f-1", 100), ("f-2", 20)]


def test_a_cancelled_certificate_gives_back_what_it_drew(run: Run, tmp_path: Path) -> None:
    book = casebooks.add(received(), replace(casebooks.PROCESSING, draws=(Draw("f-1", m3(90)),)))
    used = mill_with(book, tmp_path / "used")
    back = mill_with(casebooks.correct(book, "p-1", Action.CANCEL, date(2014, 11, 19)), tmp_path / "back")
    truck = [*TO_PLANT, "--quantity", "20m3", "--goods", "logs", "--format", "json"]
    assert draws(run(*truck, "-w", used)) == [("f-1", 10), ("f-2", 10)]
    assert draws(run(*truck, "-w", back)) == [("f-1", 20)]


def test_wood_in_tonnes_is_passed_on_by_its_dry_weight(run: Run, tmp_path: Path) -> None:
    """A dryer takes in 10 t at 50 % and may hand on 6.25 t at 20 %; a trader hands on what it got."""
    logs = casebooks.remove(casebooks.change(received(), "f-1", buyer="heiwa"), "f-2")
    mill = mill_with(casebooks.add(logs, chips_from_heiwa()), tmp_path / "mill")
    drying = ["--process", "drying", "--moisture", "0.2", "-w", mill, "--dry-run", "--format", "json"]
    assert draws(run(*TO_PLANT, "--quantity", "6.25t", *drying)) == [("p-9", 10)]
    assert run(*TO_PLANT, "--quantity", "6.26t", *drying).exit_code == 1
    trading = ["--process", "trading", "-w", mill, "--format", "json"]
    assert draws(run(*TO_PLANT, "--quantity", "4t", *trading)) == [("p-9", 4)]
    assert draws(run(*TO_PLANT, "--quantity", "500kg", "--from", "p-9=500kg", *trading)) == [("p-9", 0.5)]


def chips_from_heiwa() -> Certificate:
    """p-9: 10 t of chips at 50 %, which the mill bought from a trader."""
    amounts: dict[str, Any] = {"quantity": casebooks.tonnes(10, 5_000), "draws": (Draw("f-1", m3(12)),)}
    return replace(
        casebooks.PROCESSING,
        id="p-9",
        seller="heiwa",
        buyer="otsu",
        accreditation_number="長木-056",
        date=date(2014, 7, 9),
        **amounts,
    )


def test_general_wood_goes_out_on_form_2_4(run: Run, tmp_path: Path) -> None:
    mill = mill_with(general_too(), tmp_path / "mill")
    result = run(*TO_PLANT, "--quantity", "5t", "--class", "general", "-w", mill, "--format", "json")
    assert draws(result) == [("f-3", 6.6)]
    assert data(result)["certificate"]["form"] == "2-4"
    assert run("verify", "2-4/2014-0001", "-w", mill).exit_code == 0


def test_thinned_wood_may_be_handed_on_as_general_when_told(run: Run, mill: Path) -> None:
    arguments = ["--quantity", "10t", "--moisture", "0.4", "--class", "general", "--from", "f-1=13.2m3"]
    assert draws(run(*TO_PLANT, *arguments, "-w", mill, "--format", "json")) == [("f-1", 13.2)]


def test_numbers_run_on_past_those_in_use(run: Run, tmp_path: Path) -> None:
    own = replace(casebooks.PROCESSING, number="2014-0002", quantity=casebooks.tonnes(1))
    mill = mill_with(casebooks.add(received(), own), tmp_path / "mill")
    subjects = [
        data(run(*TO_PLANT, "--quantity", "1t", *number, "-w", mill, "--format", "json"))["subject"]
        for number in ([], [], ["--number", "乙-77"], [])
    ]
    assert subjects == ["2-1/2014-0003", "2-1/2014-0004", "2-1/乙-77", "2-1/2014-0005"]


def test_what_was_left_open_is_told(run: Run, mill: Path) -> None:
    arguments = [*TO_PLANT, "--quantity", "1t", "--date", "2014-07-02", "--dry-run", "-w", mill]
    japanese, english = (run(*arguments, lang=lang).stdout for lang in ("ja", "en"))
    assert "水分の指定がないので 40% とみなしました" in japanese
    assert "140 日たっています" in japanese
    assert "40% was assumed" in english
    assert "140 days have passed" in english
    measured = run(*TO_PLANT, "--quantity", "1t", "--moisture", "0.4", "--dry-run", "-w", mill)
    assert "みなしました" not in measured.stdout


def test_a_dry_run_writes_nothing_and_tells_what_would_be(run: Run, mill: Path) -> None:
    before = contents(mill)
    arguments = [*TO_PLANT, "--quantity", "80t", "--moisture", "0.4", "-w", mill]
    tried = run(*arguments, "--dry-run")
    assert tried.exit_code == 0
    assert "発行できます（試行）: 2-1/2014-0001" in tried.stdout
    answer = data(run(*arguments, "--dry-run", "--format", "json"))
    assert (answer["issued"], answer["record_id"], answer["pdf"]) == (False, None, None)
    assert contents(mill) == before
    assert data(run(*arguments, "--format", "json"))["draws"] == answer["draws"]


# what is refused: exit code 1


def without_area(book: Casebook) -> Casebook:
    return casebooks.change(casebooks.change(book, "f-1", area=None), "f-2", area=None)


def own_accreditation(**changes: Any) -> Casebook:
    return casebooks.change_accreditation(received(), "otsu", **changes)


def unaccredited() -> Casebook:
    return casebooks.change(received(), "otsu", accreditations=())


def stacked() -> Casebook:
    return casebooks.remove(casebooks.change(received(), "f-1", quantity=m3(100, Unit.M3_STACKED)), "f-2")


def from_the_waste_yard() -> Casebook:
    waste = replace(
        casebooks.PROCESSING, id="w-1", form=Form.F2_4, fuel_class=FuelClass.CONSTRUCTION_WASTE, seller="heiwa"
    )
    return casebooks.add(received(), replace(waste, buyer="otsu", draws=(), date=date(2014, 7, 1)))


TEN = ["--quantity", "10t", "--moisture", "0.4"]
REFUSED: dict[str, tuple[Casebook, list[str], str, str]] = {
    "accreditation no longer listed": (unaccredited(), TEN, "A203", "2014-04-01"),
    "accreditation run out": (own_accreditation(until=date(2014, 10, 31)), TEN, "A203", "2014-04-01..2014-10-31"),
    "accreditation revoked": (own_accreditation(revoked=date(2014, 11, 1)), TEN, "A203", "A203"),
    "accreditation to come": (own_accreditation(start=date(2014, 11, 20)), TEN, "A203", "A203"),
    "body not trusted": (
        replace(received(), trusted_bodies=("gifu-body",)),
        TEN,
        "確認できない: 指摘 A204",
        "findings A204",
    ),
    "unproven input": (
        without_area(received()),
        TEN,
        "f-1  100 ㎥  確認できない: 指摘 H316",
        "not confirmed: findings H316",
    ),
    "unproven input, named": (without_area(received()), [*TEN, "--from", "f-1=20m3"], "H316 f-1", "H316 f-1"),
    "too little": (received(), ["--quantity", "200t", "--moisture", "0.4"], "113.636363 t まで", "200 t can be drawn"),
    "nothing of the class": (received(), [*TEN, "--class", "general"], "--class thinned", "--class thinned"),
    "a higher class": (general_too(), [*TEN, "--from", "f-3=20m3"], "P504", "P504"),
    "two classes": (general_too(), [*TEN, "--from", "f-1=10m3", "--from", "f-3=10m3"], "G701", "G701"),
    "waste": (from_the_waste_yard(), [*TEN, "--from", "w-1=10t"], "G704", "G704"),
    "before it came in": (
        received(),
        [*TEN, "--date", "2014-06-26"],
        "2014-06-27 付で、証明日 2014-06-26 より後",
        "dated 2014-06-27",
    ),
    "named before it came in": (received(), [*TEN, "--date", "2014-06-26", "--from", "f-1=20m3"], "P503", "P503"),
    "cancelled": (
        casebooks.correct(casebooks.remove(received(), "f-2"), "f-1", Action.CANCEL),
        TEN,
        "取消・差替え・保留されている",
        "cancelled, replaced or on hold",
    ),
    "cancelled, named": (
        casebooks.correct(received(), "f-1", Action.CANCEL),
        [*TEN, "--from", "f-1=20m3"],
        "P508",
        "P508",
    ),
    "somebody else's": (
        casebooks.change(received(), "f-1", buyer="heiwa"),
        [*TEN, "--from", "f-1=20m3"],
        "平和林業株式会社 あて",
        "is 平和林業株式会社's",
    ),
    "more than is left": (received(), [*TEN, "--from", "f-2=51m3"], "Q601", "51 ㎥ used, 50 ㎥ certified"),
    "more than is left, in two draws": (
        received(),
        [*TEN, "--from", "f-2=30m3", "--from", "f-2=30m3"],
        "Q601",
        "60 ㎥ used, 50 ㎥ certified",
    ),
    "more out than in": (received(), [*TEN, "--from", "f-1=1m3"], "Q602", "Q602"),
    "more out than in, moisture unstated": (received(), ["--quantity", "10t", "--from", "f-1=1m3"], "Q602", "Q602"),
    "residues as thinned": (received(), [*TEN, "--goods", "offcuts"], "P505", "P505"),
    "other species": (received(), [*TEN, "--species", "コナラ"], "樹種が違う: スギ", "of other species: スギ"),
    "no factor": (stacked(), TEN, "換算係数がない（㎥(層積) → t）", "no factor for ㎥(層積) → t"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_the_rules_would_not_confirm_is_refused_and_nothing_is_written(
    case: str, run: Run, tmp_path: Path
) -> None:
    book, arguments, ja, en = REFUSED[case]
    mill = mill_with(book, tmp_path / "mill")
    before = contents(mill)
    for lang, words, opening in (
        ("ja", ja, "発行しません。何も書いていません。"),
        ("en", en, "not issued; nothing was written."),
    ):
        result = run(*TO_PLANT, *arguments, "-w", mill, lang=lang)
        assert result.exit_code == 1
        assert result.stdout.startswith(opening)
        assert words in result.stdout
        answer = data(run(*TO_PLANT, *arguments, "-w", mill, "--format", "json", lang=lang))
        assert answer["issued"] is False
        assert answer["reasons"]
    assert contents(mill) == before


def test_a_damaged_ledger_issues_nothing(run: Run, mill: Path) -> None:
    with closing(sqlite3.connect(mill / "ledger.sqlite")) as database, database:
        database.execute("UPDATE entry SET subject = 'x' WHERE position = 5")
    before = contents(mill)
    result = run(*TO_PLANT, *TEN, "-w", mill)
    assert result.exit_code == 1
    assert "壊れた記録" in result.stdout
    assert "台帳の 5 番" in result.stdout
    assert contents(mill) == before


# what cannot be asked: exit code 2

TWINS = casebooks.add(received(), Party("plant-7", casebooks.PLANT.name, (Role.PLANT,)))
MISUSED: dict[str, tuple[Casebook | None, list[str], str, str]] = {
    "unknown buyer": (None, ["--to", "plant-88", *TEN], "近いもの: plant-8", "nearest: plant-8"),
    "unknown name": (None, ["--to", "第八バイオ発電所", *TEN], "第八バイオマス発電所", "第八バイオマス発電所"),
    "two of that name": (TWINS, ["--to", "第八バイオマス発電所", *TEN], "plant-8, plant-7", "more than one party"),
    "to itself": (None, ["--to", "otsu", *TEN], "自社あて", "to yourself"),
    "no buyer": (None, TEN, "--to を指定してください", "Missing option '--to'"),
    "no quantity": (None, ["--to", "plant-8"], "--quantity を指定", "Missing option '--quantity'"),
    "no unit": (None, ["--to", "plant-8", "--quantity", "10"], "単位を付けて", "with its unit"),
    "nothing": (None, ["--to", "plant-8", "--quantity", "0t"], "0より大きく", "above 0"),
    "negative": (None, ["--to", "plant-8", "--quantity=-1t"], "6.58t", "6.58t"),
    "absurd": (None, ["--to", "plant-8", "--quantity", "99999999t"], "10,000,000以下", "up to 10,000,000"),
    "too fine": (None, ["--to", "plant-8", "--quantity", "0.0000001t"], "より細かい", "finer than"),
    "moisture in percent": (None, [*TO_PLANT[1:], "--quantity", "1t", "--moisture", "42"], "42%", "42%"),
    "moisture of m3": (None, [*TO_PLANT[1:], "--quantity", "1m3", "--moisture", "0.4"], "t・kg", "t or kg only"),
    "no such day": (None, [*TO_PLANT[1:], *TEN, "--date", "2014-02-30"], "日付は", "a date such as"),
    "tomorrow": (None, [*TO_PLANT[1:], *TEN, "--date", "2014-11-20"], "今日（2014-11-19）より後", "after today"),
    "number too long": (None, [*TO_PLANT[1:], *TEN, "--number", "9" * 81], "1〜80文字の1行", "1 to 80"),
    "number with a line break": (None, [*TO_PLANT[1:], *TEN, "--number", "9\n9"], "9?9: 1〜80文字の1行", "1 to 80"),
    "empty species": (None, [*TO_PLANT[1:], *TEN, "--species", " "], "--species 1〜80文字", "1 to 80"),
    "a waste class": (None, [*TO_PLANT[1:], *TEN, "--class", "construction_waste"], "thinned、general", "'general'"),
    "draw without quantity": (None, [*TO_PLANT[1:], *TEN, "--from", "f-1"], "c-1=10.8m3", "c-1=10.8m3"),
    "draw on nothing": (None, [*TO_PLANT[1:], *TEN, "--from", "f-9=1m3"], "「f-9」", "f-9"),
    "draw in another unit": (None, [*TO_PLANT[1:], *TEN, "--from", "f-1=10t"], "㎥ で書いて", "write the draw in ㎥"),
    "draw on a delivery": (
        casebooks.clean(),
        [*TO_PLANT[1:], *TEN, "--from", "d-1=10t"],
        "証明書ではありません",
        "a delivery, not a certificate",
    ),
    "a sign that cannot be printed": (None, [*TO_PLANT[1:], *TEN, "--vehicle", "🚚"], "🚚", "🚚"),
}


@pytest.mark.parametrize("case", MISUSED)
def test_a_mistaken_request_is_told_and_nothing_is_written(case: str, run: Run, mill: Path, tmp_path: Path) -> None:
    book, arguments, ja, en = MISUSED[case]
    folder = mill if book is None else mill_with(book, tmp_path / "other")
    before = contents(folder)
    for lang, words in (("ja", ja), ("en", en)):
        result = run("issue", *arguments, "-w", folder, lang=lang)
        assert (result.exit_code, result.stdout) == (2, "")
        assert words in result.stderr
    assert contents(folder) == before


def test_a_number_is_used_once(run: Run, mill: Path) -> None:
    assert run(*TO_PLANT, *TEN, "--number", "乙-1", "-w", mill).exit_code == 0
    before = contents(mill)
    again = run(*TO_PLANT, *TEN, "--number", "乙-1", "-w", mill)
    assert again.exit_code == 2
    assert "番号「乙-1」の証明書はすでにあります" in again.stderr
    assert contents(mill) == before


def test_a_pdf_that_stands_already_is_left_alone(run: Run, mill: Path, tmp_path: Path) -> None:
    paper = tmp_path / "paper.pdf"
    paper.write_bytes(b"mine")
    before = contents(mill)
    result = run(*TO_PLANT, *TEN, "-w", mill, "--out", paper)
    assert result.exit_code == 2
    assert "すでにあります" in result.stderr
    assert (paper.read_bytes(), contents(mill)) == (b"mine", before)


# what may happen in between


def logs(volume: int) -> Request:
    """A truck of logs to the plant, in m³."""
    day = date(2014, 11, 19)
    return Request("plant-8", m3(volume), FuelClass.THINNED, day, goods=Goods.LOGS, process=Process.TRADING)


def disk_full(*_: object, **__: object) -> None:
    raise OSError(28, "No space left on device")


def test_a_full_disk_is_met_before_the_ledger_takes_the_record(
    run: Run, mill: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(mill)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", disk_full)
        result = run(*TO_PLANT, *TEN, "-w", mill)
    assert result.exit_code == 2
    assert "空き容量がありません" in result.stderr
    assert contents(mill) == before


def interrupt(*_: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("hindrance", [disk_full, interrupt])
def test_a_pdf_that_could_not_be_put_in_place_can_be_made_from_the_ledger(
    hindrance: Callable[..., None], run: Run, mill: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    logged = len(envelopes(mill))
    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", hindrance)
        result = run(*TO_PLANT, *TEN, "-w", mill, lang="en")
    assert result.exit_code == 2
    assert "2-1/2014-0001 is issued, but not its PDF" in result.stderr
    assert len(envelopes(mill)) == logged + 1
    command = result.stderr.split("make the PDF with biotrace ")[1].split()
    assert run(*command, "-w", mill, "--out", tmp_path / "paper.pdf").exit_code == 0


def test_a_page_that_cannot_be_drawn_is_not_issued(run: Run, mill: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_page(*_: object, **__: object) -> bytes:
        raise KeyboardInterrupt

    before = contents(mill)
    with monkeypatch.context() as patch:
        patch.setattr(issuing, "certificate_pdf", no_page)
        assert run(*TO_PLANT, *TEN, "-w", mill).exit_code == 2
    assert contents(mill) == before


def test_a_record_too_large_for_one_qr_code_gets_several(run: Run, tmp_path: Path) -> None:
    """Thirty small certificates do not fit one code."""
    book = received()
    one = casebooks.find(book, "f-1")
    many = tuple(replace(one, id=f"f-{i}", number=f"第{i}号", quantity=m3(2)) for i in range(30))
    mill = mill_with(replace(book, certificates=many), tmp_path / "mill")
    result = run(*TO_PLANT, "--quantity", "60m3", "--goods", "logs", "-w", mill, "--format", "json")
    assert result.exit_code == 0
    pages = pypdf.PdfReader(data(result)["pdf"]).pages
    assert "QRコード別紙" in pages[-1].extract_text()
    assert "「QRコード別紙」に" in pages[0].extract_text()


def test_another_command_that_wrote_meanwhile_is_not_overtaken(
    run: Run, mill: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second issue reads the stock while the first has not yet logged: it must fail, not draw the same wood."""

    def read_and_let_another_in(ledger: Ledger, trust: TrustList | None) -> Reading:
        reading = read_ledger(ledger, trust)
        monkeypatch.setattr(issue_desk, "read_ledger", read_ledger)
        with open_workspace(mill, lambda: TODAY, password) as other:
            assert isinstance(issuing.issue(other, logs(80)), Issued)
        return reading

    logged = len(envelopes(mill))
    monkeypatch.setattr(issue_desk, "read_ledger", read_and_let_another_in)
    result = run(*TO_PLANT, "--quantity", "75m3", "--goods", "logs", "-w", mill)
    assert result.exit_code == 2
    assert "ほかの操作が先に記録しました" in result.stderr
    assert len(envelopes(mill)) == logged + 1
    assert len(list((mill / "pdf").iterdir())) == 1
    again = run(*TO_PLANT, "--quantity", "70m3", "--goods", "logs", "-w", mill, "--format", "json")
    assert draws(again) == [("f-1", 20), ("f-2", 50)]
    assert run("verify", "-w", mill).exit_code == 0


def test_many_at_once_never_draw_more_than_came_in(run: Run, mill: Path) -> None:
    outcomes: list[str] = []
    start = threading.Barrier(4)

    def truck() -> None:
        with open_workspace(mill, lambda: TODAY, password) as workspace:
            start.wait()
            try:
                outcomes.append(type(issuing.issue(workspace, logs(60))).__name__)
            except BiotraceError as error:
                outcomes.append(error.code)

    threads = [threading.Thread(target=truck) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == 4
    assert set(outcomes) <= {Issued.__name__, Refused.__name__, "conflict"}
    assert 1 <= outcomes.count(Issued.__name__) <= 2
    assert run("verify", "-w", mill).exit_code == 0
    assert len(list((mill / "pdf").iterdir())) == outcomes.count(Issued.__name__)

"""``biotrace stock``: what lies where, and that nothing leaves that is not there."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from click.testing import Result

from biotrace.chain.kinds import RecordKind
from biotrace.chain.trust_list import TrustList
from biotrace.errors import BiotraceError
from biotrace.model.stock import StockKind, WithdrawnTo
from biotrace.services import stock_entry
from biotrace.services.ledger_case import Reading, read_ledger
from biotrace.services.sign import sign_casebook
from biotrace.services.stock_entry import Booking
from biotrace.services.workspace import init_workspace, open_workspace
from biotrace.store.ledger import Ledger
from tests import casebooks
from tests.workspaces import TODAY, contents, data, envelopes, general_too, password

Run = Callable[..., Result]


@pytest.fixture
def yards(run: Run, tmp_path: Path) -> Path:
    """A mill with a yard for thinned and one for general wood: f-1 and f-2 in the one, f-3 anywhere."""
    folder = tmp_path / "mill"
    book = casebooks.change(casebooks.change(general_too(), "f-1", to_site="第一"), "f-2", to_site="第一")
    with init_workspace(folder, (casebooks.OTSU, casebooks.BODY), lambda: TODAY - 86_400, password) as workspace:
        sign_casebook(workspace, book)
    for name, fuel_class in (("第一", "thinned"), ("第二", "general")):
        assert run("party", "yard", "add", name, "--class", fuel_class, "-w", folder).exit_code == 0
    return folder


def lots(result: Result) -> dict[tuple[str | None, str], list[tuple[str, float]]]:
    """By yard and class, the certificates with what is left."""
    assert result.exit_code == 0, result.output
    return {
        (lot["yard"], lot["class"]): [(c["subject"], c["left"]["value"]) for c in lot["certificates"]]
        for lot in data(result)["stock"]
    }


def test_stock_by_yard_and_class(run: Run, yards: Path) -> None:
    every = lots(run("stock", "-w", yards, "--format", "json"))
    assert every == {("第一", "thinned"): [("f-1", 100), ("f-2", 50)], (None, "general"): [("f-3", 30)]}
    assert lots(run("stock", "--class", "general", "-w", yards, "--format", "json")) == {
        (None, "general"): [("f-3", 30)]
    }
    assert list(lots(run("stock", "--yard", "一", "-w", yards, "--format", "json"))) == [("第一", "thinned")]
    text = run("stock", "-w", yards).stdout
    assert "引き当てられる計 150 ㎥（全乾 68,182 kg）、帳簿の在庫 全乾 68,182 kg" in text
    assert "（置場の記載なし）  一般木質" in text


def test_stock_as_of_a_day_goes_by_dates(run: Run, yards: Path) -> None:
    assert lots(run("stock", "--as-of", "2014-06-30", "-w", yards, "--format", "json")) == {
        ("第一", "thinned"): [("f-1", 100)],
        (None, "general"): [("f-3", 30)],
    }
    assert "在庫はありません" in run("stock", "--as-of", "2014-01-01", "-w", yards).stdout


def test_what_was_issued_is_no_longer_there_and_what_is_barred_is_told(run: Run, yards: Path) -> None:
    assert run("issue", "--to", "plant-8", "--quantity", "100m3", "--goods", "logs", "-w", yards).exit_code == 0
    assert run("hold", "f-2", "--reason", "確認中", "-w", yards).exit_code == 0
    text = run("stock", "--yard", "第一", "-w", yards).stdout
    assert "f-1" not in text
    assert "第26-018号  甲成林産有限会社  50 ㎥  全乾 22,727 kg  × 取消・差替え・保留されている" in text
    assert "引き当てられる計 0" in text
    assert run("cancel", "f-2", "--reason", "誤記", "-w", yards).exit_code == 0
    assert "第26-018号" not in run("stock", "-w", yards).stdout


def test_a_withdrawal_is_booked_and_leaves_less_to_issue(run: Run, yards: Path) -> None:
    arguments = ["stock", "withdraw", "--quantity", "140m3", "--to", "sawn", "--yard", "第一", "--date", "2014-11-10"]
    before = contents(yards)
    tried = run(*arguments, "--dry-run", "-w", yards)
    assert tried.exit_code == 0
    assert "記帳できます（試行）" in tried.stdout
    assert contents(yards) == before
    done = run(*arguments, "-w", yards)
    assert "帳簿の在庫（全乾）: 68,182 → 4,545 kg" in done.stdout
    with open_workspace(yards, lambda: TODAY, password) as workspace:
        last = read_ledger(workspace.ledger).logged[-1].record
    assert (last.kind, last.transcribed, last.issuer) == (RecordKind.STOCK, False, "otsu")
    assert run("issue", "--to", "plant-8", "--quantity", "10m3", "--goods", "logs", "-w", yards).exit_code == 0
    over = run("issue", "--to", "plant-8", "--quantity", "10m3", "--goods", "logs", "-w", yards)
    assert over.exit_code == 1
    assert "置場「第一」の帳簿の在庫が全乾 4.545 t 足りません" in over.stdout
    counted = ["--quantity", "90m3", "--yard", "第一", "--date", "2014-11-18"]
    assert run("stock", "count", *counted, "-w", yards).exit_code == 0
    again = run("issue", "--to", "plant-8", "--quantity", "10m3", "--goods", "logs", "-w", yards)
    assert again.exit_code == 0, again.output


@pytest.mark.parametrize("quantity", ["151m3", "80t", "10000000m3"])
def test_more_than_is_there_is_not_withdrawn(quantity: str, run: Run, yards: Path) -> None:
    before = contents(yards)
    arguments = ["stock", "withdraw", "--quantity", quantity, "--moisture", "0", "--to", "lost", "--yard", "第一"]
    if quantity.endswith("m3"):
        del arguments[4:6]
    for lang, opening in (("ja", "記帳しません。何も書いていません"), ("en", "not booked; nothing was written")):
        result = run(*arguments, "-w", yards, lang=lang)
        assert result.exit_code == 1, result.output
        assert result.stdout.startswith(opening)
        assert data(run(*arguments, "-w", yards, "--format", "json", lang=lang))["booked"] is False
    assert contents(yards) == before


def test_an_opening_stock_is_of_the_mornings_and_a_count_of_the_evenings(run: Run, yards: Path) -> None:
    opening = run(
        "stock",
        "opening",
        "--quantity",
        "10t",
        "--moisture",
        "0.5",
        "--yard",
        "二",
        "--date",
        "2014-04-01",
        "-w",
        yards,
    )
    assert "帳簿の在庫（全乾）: 0 → 5,000 kg" in opening.stdout
    count = run(
        "stock", "count", "--quantity", "8t", "--moisture", "0.5", "--yard", "二", "-w", yards, "--format", "json"
    )
    assert data(count)["line"]["kind"] == "stocktake"
    assert "第二  一般木質" in run("stock", "-w", yards).stdout


REFUSED = {
    "which yard": (["count", "--quantity", "1t"], "どの置場か", "which yard"),
    "no such yard": (["count", "--quantity", "1t", "--yard", "第三"], "置場「第三」はありません", "no yard 第三"),
    "two yards": (["count", "--quantity", "1t", "--yard", "第"], "複数あります: 第一、第二", "any of: 第一, 第二"),
    "to come": (["count", "--quantity", "1t", "--yard", "一", "--date", "2014-11-20"], "より後です", "after today"),
    "moisture of m3": (["count", "--quantity", "1m3", "--moisture", "0.4", "--yard", "一"], "t・kg", "t or kg"),
    "where to": (["withdraw", "--quantity", "1t", "--yard", "一"], "--to", "--to"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_booked_is_told_and_nothing_is_written(case: str, run: Run, yards: Path) -> None:
    arguments, ja, en = REFUSED[case]
    before = contents(yards)
    for lang, words in (("ja", ja), ("en", en)):
        result = run("stock", *arguments, "-w", yards, lang=lang)
        assert (result.exit_code, result.stdout) == (2, ""), result.output
        assert words in result.stderr
    assert contents(yards) == before


def test_the_same_line_twice_is_a_slip(run: Run, yards: Path) -> None:
    line = ["stock", "withdraw", "--quantity", "1t", "--to", "lost", "--yard", "第一", "-w", yards]
    assert run(*line).exit_code == 0
    before = envelopes(yards)
    again = run(*line)
    assert again.exit_code == 2
    assert "合わせた数量" in again.stderr
    assert envelopes(yards) == before


def test_a_full_disk_leaves_nothing(run: Run, yards: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    before = contents(yards)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        result = run("stock", "count", "--quantity", "1t", "--yard", "第一", "-w", yards)
    assert result.exit_code == 2
    assert contents(yards) == before


def test_two_withdrawals_at_once_never_take_the_same_wood(yards: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second reads the stock while the first has not yet booked: it is told, and must not book."""
    wanted = Booking(StockKind.WITHDRAWAL, casebooks.m3(100), date(2014, 11, 19), "第一", to=WithdrawnTo.SAWN)

    def read_and_let_another_in(ledger: Ledger, trust: TrustList | None) -> Reading:
        reading = read_ledger(ledger, trust)
        monkeypatch.setattr(stock_entry, "read_ledger", read_ledger)
        with open_workspace(yards, lambda: TODAY, password) as other:
            assert not stock_entry.book_stock(other, replace(wanted, quantity=casebooks.m3(90))).refused
        return reading

    monkeypatch.setattr(stock_entry, "read_ledger", read_and_let_another_in)
    before = len(envelopes(yards))
    with open_workspace(yards, lambda: TODAY, password) as workspace, pytest.raises(BiotraceError) as raised:
        stock_entry.book_stock(workspace, wanted)
    assert (raised.value.code, len(envelopes(yards))) == ("conflict", before + 1)

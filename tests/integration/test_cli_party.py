"""``biotrace party``: who the others are, and one's own yards."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from biotrace.chain.kinds import RecordKind
from biotrace.services.ledger_case import read_ledger
from biotrace.services.workspace import open_workspace
from tests.workspaces import TODAY, contents, data, envelopes, password

Run = Callable[..., Result]

ADD = ["party", "add", "森林産業株式会社", "--role", "producer"]
HELD = ["--accreditation", "長木-090", "--body", "長野県木材", "--from", "2014-04-01"]


def party(run: Run, mill: Path, who: str) -> dict[str, object]:
    """What ``party show`` says."""
    result = run("party", "show", who, "-w", mill, "--format", "json")
    assert result.exit_code == 0, result.output
    found: dict[str, object] = data(result)
    return found


def test_a_supplier_is_entered_with_its_accreditation(run: Run, mill: Path) -> None:
    result = run(*ADD, *HELD, "--address", "長野県〇〇市1", "-w", mill)
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines() == [
        "登録しました:",
        "森林産業株式会社  素材生産事業者",
        "  ID: 長木-090",
        "  住所: 長野県〇〇市1",
        "  認定 長木-090  長野県木材協同組合連合会  2014-04-01 – 2017-03-31",
    ]
    assert "森林産業株式会社" in run("party", "list", "--role", "producer", "-w", mill).stdout
    assert "森林産業株式会社" in (mill / "trust.json").read_text(encoding="utf-8")
    with open_workspace(mill, lambda: TODAY, password) as workspace:
        added = [e.record for e in read_ledger(workspace.ledger).logged][-2:]
        root = workspace.root().key.kid
    assert [(r.kind, r.transcribed) for r in added] == [(RecordKind.PARTY, False), (RecordKind.ACCREDITATION, True)]
    assert {r.kid for r in added} == {root}


@pytest.mark.parametrize(("number", "ok"), [("1010001000006", True), ("１０１０００１００００－０６", True)])
def test_a_corporate_number_becomes_the_id(number: str, ok: bool, run: Run, mill: Path) -> None:
    assert (run(*ADD, "--corporate-number", number, "-w", mill).exit_code == 0) is ok
    assert party(run, mill, "森林産業")["id"] == "1010001000006"


@pytest.mark.parametrize("number", ["2010001000006", "101000100000", "10100010000061", "abc"])
def test_a_corporate_number_with_a_wrong_check_digit_is_refused(number: str, run: Run, mill: Path) -> None:
    before = contents(mill)
    for lang, words in (("ja", "検査数字"), ("en", "check digit")):
        result = run(*ADD, "--corporate-number", number, "-w", mill, lang=lang)
        assert (result.exit_code, result.stdout) == (2, "")
        assert words in result.stderr
    assert contents(mill) == before


def test_a_change_is_a_new_version_and_a_renewal_is_added(run: Run, mill: Path) -> None:
    assert run(*ADD, *HELD, "-w", mill).exit_code == 0
    renewal = ["--accreditation", "長木-090", "--body", "長野県木材", "--from", "2014-10-01"]
    result = run("party", "change", "森林産業", "--name", "森林産業ホールディングス", *renewal, "-w", mill)
    assert result.exit_code == 0, result.output
    held = party(run, mill, "長木-090")
    assert held["name"] == "森林産業ホールディングス"
    accreditations = held["accreditation"]
    assert isinstance(accreditations, list)
    assert [a["from"] for a in accreditations] == ["2014-04-01", "2014-10-01"]
    before = envelopes(mill)
    again = run("party", "change", "森林産業", *renewal, "-w", mill)
    assert again.exit_code == 0
    assert again.stdout.startswith("すでにそう登録されています")
    assert envelopes(mill) == before
    assert run("verify", "-w", mill).exit_code == 0
    assert run("party", "change", "森林産業", "--revoked", "2014-11-01", "-w", mill).exit_code == 0
    assert "2014-11-01 取消し" in run("party", "show", "森林産業", "-w", mill).stdout


def test_an_owners_address_is_sealed(run: Run, mill: Path) -> None:
    arguments = ["party", "add", "鈴木一郎", "--role", "owner", "--private", "--address", "長野県某市大字丙9"]
    assert run(*arguments, "-w", mill).exit_code == 0
    assert not any("大字丙9".encode() in envelope for envelope in envelopes(mill))
    assert "大字丙9" not in (mill / "trust.json").read_text(encoding="utf-8")
    assert "長野県某市大字丙9" in run("party", "show", "鈴木", "-w", mill).stdout


def test_a_body_that_is_not_trusted_is_told_and_can_be(run: Run, mill: Path) -> None:
    """The casebook of this mill trusts one body; another's accreditations are A204 until it is trusted too."""
    added = run("party", "add", "富山県木材組合", "--role", "body", "-w", mill)
    assert "A204" in added.stdout
    trusted = run("party", "change", "富山県", "--trusted", "-w", mill)
    assert trusted.exit_code == 0
    assert "A204" not in trusted.stdout
    member = run(*ADD, "--accreditation", "富-1", "--body", "富山県", "--from", "2014-04-01", "-w", mill)
    assert "A204" not in member.stdout
    assert run("party", "change", "otsu", "--trusted", "-w", mill).exit_code == 2


REFUSED = {
    "known already": (["party", "add", "甲成林産有限会社", "--role", "producer"], "登録済み", "known already"),
    "id taken": ([*ADD, "--id", "otsu"], "登録済み", "known already"),
    "no role": (["party", "add", "新しい会社"], "--role を指定", "Missing option '--role'"),
    "half an accreditation": ([*ADD, "--accreditation", "長木-1"], "番号・団体・認定日", "number, body and day"),
    "unknown body": ([*ADD, *HELD[:3], "富山", *HELD[4:]], "party add 富山 --role body", "party add 富山 --role body"),
    "ends before it begins": ([*ADD, *HELD, "--until", "2014-03-31"], "より前です", "lies before"),
    "nobody": (["party", "change", "だれか", "--name", "x"], "台帳にありません", "knows no party"),
    "several": (["party", "show", "発電所"], "(plant-9)、第八バイオマス発電所", "(plant-9), 第八バイオマス発電所"),
    "revoked without one": (
        ["party", "change", "plant-8", "--revoked", "2014-11-01"],
        "写されていません",
        "was copied",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_entered_is_told_and_nothing_is_written(case: str, run: Run, mill: Path) -> None:
    arguments, ja, en = REFUSED[case]
    before = contents(mill)
    for lang, words in (("ja", ja), ("en", en)):
        result = run(*arguments, "-w", mill, lang=lang)
        assert (result.exit_code, result.stdout) == (2, ""), result.output
        assert words in result.stderr
    assert contents(mill) == before


def test_without_the_root_key_nobody_is_entered(run: Run, mill: Path, tmp_path: Path) -> None:
    shutil.move(mill / "keys" / "root.key", tmp_path / "root.key")
    before = contents(mill)
    assert run(*ADD, "-w", mill).exit_code == 2
    assert contents(mill) == before
    assert run(*ADD, "-w", mill, "--root-key", tmp_path / "root.key").exit_code == 0


def test_yards_are_ones_own_statements(run: Run, mill: Path) -> None:
    assert run("party", "yard", "add", "第一土場", "--class", "thinned", "-w", mill).exit_code == 0
    assert run("party", "yard", "add", "第二土場", "-w", mill).exit_code == 0
    again = run("party", "yard", "add", "第一土場", "-w", mill)
    assert again.exit_code == 2
    assert "登録済み" in again.stderr
    assert run("party", "yard", "list", "-w", mill).stdout.splitlines() == ["第一土場  間伐材等由来", "第二土場"]
    assert "置場: 第一土場  間伐材等由来" in run("party", "show", "-w", mill).stdout
    with open_workspace(mill, lambda: TODAY, password) as workspace:
        sites = [e.record for e in read_ledger(workspace.ledger).logged if e.record.kind is RecordKind.SITE]
    assert [(s.issuer, s.transcribed) for s in sites] == [("otsu", False)] * 2

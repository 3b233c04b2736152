"""``biotrace rules``: the catalogue, one code, and a profile's thresholds, at the terminal and as JSON."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from biotrace.documents.casebook import write_casebook
from biotrace.model.text import Text
from biotrace.verify.catalogue import CATALOGUE, FAMILIES
from tests import casebooks
from tests.workspaces import data

Run = Callable[..., Result]


def test_every_code_is_listed_by_family_with_what_it_is(run: Run) -> None:
    result = run("rules")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert [line.split()[0] for line in lines if line.startswith("  ") and line[2:6] in CATALOGUE] == list(CATALOGUE)
    assert [line[2:] for line in lines if line[:2] in {f"{letter} " for letter in FAMILIES}] == [
        family.ja for family in FAMILIES.values()
    ]
    assert "  H304 主伐（伐採届のみ）を間伐材等由来としている  [証明・記録・一般木質]" in lines
    assert "  F953 定期報告と台帳が違う  [妥当性・発電所・注意]  この版では検査しない: 記録に定期報告がない" in lines
    assert "使わなくなった規則: なし" in lines
    english = run("rules", lang="en").stdout
    assert "  Q602 more goes out than the draws bring in  [plausibility, record, unproven]" in english
    assert "retired: none" in english


def test_one_code_is_explained_with_its_casebooks(run: Run) -> None:
    result = run("rules", "H304")
    assert result.exit_code == 0
    assert "H304 主伐（伐採届のみ）を間伐材等由来としている" in result.stdout
    assert "  条項: G2(1) — 林野庁「発電利用に供する木質バイオマスの証明のためのガイドライン」" in result.stdout
    assert "  例: 0.60 ha・45年生のスギ林を伐採率100％で皆伐した伐採届で" in result.stdout
    assert "      H304 c-1: 伐採届 26-14: 主伐（皆伐） 100 %" in result.stdout
    for kind, code in (("bad", 1), ("good", 0)):
        (line,) = (line for line in result.stdout.splitlines() if line.endswith(f"H304.{kind}.yaml"))
        program, command, place = line.split(maxsplit=2)
        assert (program, command) == ("biotrace", "check")
        assert run(command, place).exit_code == code
    english = run("rules", "H304", lang="en").stdout
    assert "  kind: proof: if it cannot be run, the verdict is incomplete" in english
    assert "  to mend it: certify it as general, or attach what proves origin ②" in english


def test_a_code_that_bytes_are_judged_by_is_explained_too(run: Run) -> None:
    result = run("rules", "S101", lang="en")
    assert result.exit_code == 0
    assert "S101 the signature does not verify" in result.stdout
    assert "casebook" not in result.stdout


@pytest.mark.parametrize("written", ["h304", "Ｈ３０４", " H304 "])
def test_a_code_may_be_written_otherwise(written: str, run: Run) -> None:
    assert run("rules", written).stdout == run("rules", "H304").stdout


LAST_H = max(code for code in CATALOGUE if code[0] == "H")


@pytest.mark.parametrize(("wrong", "near"), [("H3O4", "H304"), ("H399", LAST_H), ("PS01", "P501"), ("S109", "S108")])
def test_an_unknown_code_names_the_nearest(wrong: str, near: str, run: Run) -> None:
    result = run("rules", wrong)
    assert result.exit_code == 2
    assert f"「{wrong}」という規則はありません" in result.stderr
    assert f"{near} の誤りではありませんか" in result.stderr
    english = run("rules", wrong, lang="en")
    assert f"there is no rule {wrong}" in english.stderr
    assert f"did you mean {near}?" in english.stderr


def test_one_like_no_other_is_refused_without_a_guess(run: Run) -> None:
    result = run("rules", "間伐", lang="en")
    assert result.exit_code == 2
    assert "did you mean" not in result.stderr
    assert "biotrace rules lists them all" in result.stderr


def test_a_retired_code_says_so(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("biotrace.services.rules.RETIRED", {"H399": Text("前の意味", "what it meant")})
    result = run("rules", "H399", lang="en")
    assert result.exit_code == 2
    assert "H399 is not used any more: what it meant" in result.stderr


def test_a_code_never_run_says_why(run: Run) -> None:
    result = run("rules", "F953", lang="en")
    assert result.exit_code == 0
    said = "F953 the yearly report and the ledger differ  not run by this version: no yearly report in the records"
    assert said in result.stdout.splitlines()


def test_a_profile_shows_its_thresholds_with_their_sources(run: Run) -> None:
    result = run("rules", "--profile", "rinya-2012")
    assert result.exit_code == 0
    assert "間伐の伐採率の上限（材積）: 35 %\n    thinning_rate_limit  出所: G2(1)①: 材積の35％以下" in result.stdout
    assert "書類の保存期間: 5 年" in result.stdout
    assert "(2.2–3.5、Q602 は 2.2)" in result.stdout
    rows = data(run("rules", "--profile", "rinya-2012", "--format", "json", lang="en"))
    (row,) = (row for row in rows["thresholds"] if row["key"] == "allowed_delay_days")
    assert row == {
        "key": "allowed_delay_days",
        "name": "from its own date until it is logged",
        "value": "30 days",
        "low": None,
        "high": None,
        "best": None,
        "source": "interpretation (S107, A203): the guideline sets no time",
    }
    assert run("rules", "--profile", "rinya-1999").exit_code == 2
    assert run("rules", "H304", "--profile", "rinya-2012").exit_code == 2


def test_the_same_as_json(run: Run) -> None:
    everything = data(run("rules", "--format", "json", lang="en"))
    assert [row["code"] for row in everything["rules"]] == list(CATALOGUE)
    assert everything["never_run"] == {"F953": "no yearly report in the records"}
    assert everything["retired"] == {}
    one = data(run("rules", "P505", "--format", "json", lang="en"))
    assert (one["code"], one["proof"], one["scope"], one["effect"]) == ("P505", True, "record", "general")
    assert one["remedy"] == "certify them as general on 別記2-3"
    assert [finding["code"] for finding in one["casebooks"]["bad"]["findings"]] == ["P505"]
    assert one["casebooks"]["good"]["findings"] == []
    assert data(run("rules", "S107", "--format", "json"))["casebooks"] == {"bad": None, "good": None}


def test_a_verdict_says_once_where_its_codes_are_explained(run: Run, tmp_path: Path) -> None:
    place = tmp_path / "book.yaml"
    place.write_text(write_casebook(casebooks.change(casebooks.clean(), "f-1", area=None)), encoding="utf-8")
    result = run("check", place)
    assert result.stdout.count("biotrace rules") == 1
    assert "規則の説明: biotrace rules H316（ほかの規則も同じように）" in result.stdout
    place.write_text(write_casebook(casebooks.clean()), encoding="utf-8")
    assert "what a rule means: biotrace rules S108, or any other code" in run("check", place, lang="en").stdout

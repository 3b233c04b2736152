"""``biotrace demo``: the main job, end to end, from a temporary folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result

from biotrace.services.demo import Demo, run_demo
from cli import demo as command
from tests.workspaces import data

Run = Callable[..., Result]


def test_the_demonstration_reports_what_the_audit_found(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "out"
    first = run("demo", "--out", out)
    assert first.exit_code == 0
    for words in (
        "1       2 / 1   (  2 / 1) 一致",
        "2      29 / 11  (29 / 11) 一致",
        "3      30 / 10  (30 / 10) 一致",
        "3i     12 / 7   ( 12 / 7) 一致",
        "3ii    12 / 4   ( 12 / 4) 一致",
        "3iii    6 / 2   (  6 / 2) 一致",
        "全 98 ルート",
        "150 dpi の画像から読み取り、署名を確認",
        "[適合] d-c1-1  間伐材等由来  全乾 3,882 kg  署名あり",
        "S101 f-c1: 署名が記録の内容と合わない",
        "d-c1-1: 間伐材等由来 → 建設資材廃棄物",
    ):
        assert words in first.stdout
    assert "不一致" not in first.stdout
    for made in ("f-c1.pdf", "p-c1-1.pdf", "p-c1-1.png", "workspace/biotrace.json", "tampered/ledger.sqlite"):
        assert (out / made).is_file()

    (out / "notes.txt").write_text("mine")
    again = run("demo", "--out", out, "--format", "json", lang="en")
    assert again.exit_code == 0
    answer = data(again)
    assert answer["as_expected"] is True
    assert {row["finding"]: (row["routes"], row["plants"]) for row in answer["audit"]} == {
        "1": (2, 1),
        "2": (29, 11),
        "3": (30, 10),
        "3i": (12, 7),
        "3ii": (12, 4),
        "3iii": (6, 2),
        "": (39, 14),
    }
    assert (answer["routes"], answer["differing"], answer["other_codes"]) == (98, [], [])
    assert answer["scan"]["sound"] is True
    assert answer["lot"] == {"id": "d-c1-1", "clean": True}
    assert (answer["tampering"]["findings"][0]["code"], answer["tampering"]["confirmed"]) == (
        "S101",
        "construction_waste",
    )
    assert (out / "notes.txt").read_text() == "mine"


def test_a_folder_of_somebody_elses_is_left_alone(run: Run, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    result = run("demo", "--out", tmp_path)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "実演のものではないファイルがあります" in result.stderr
    english = run("demo", "--out", tmp_path / "thesis.txt", lang="en")
    assert english.exit_code == 2
    assert "holds files that no demonstration made" in english.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def untold(shown: Demo) -> Demo:
    """A verification that does not see the changed byte."""
    return replace(shown, tampering=replace(shown.tampering, caught=()))


def believed(shown: Demo) -> Demo:
    """A verification that sees it, and confirms the lot all the same."""
    return replace(shown, tampering=replace(shown.tampering, lot=shown.verified.verdict.lots[0]))


def unsound(shown: Demo) -> Demo:
    """A QR code whose signature is not known."""
    return replace(shown, scanned=replace(shown.scanned, signer=None))


@pytest.mark.parametrize("spoil", [untold, believed, unsound])
def test_a_demonstration_that_fails_says_so(
    spoil: Callable[[Demo], Demo], run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = run_demo(tmp_path / "out")
    assert shown.as_expected
    monkeypatch.setattr(command, "run_demo", lambda *_: spoil(shown))
    assert run("demo", "--out", tmp_path / "out").exit_code == 1

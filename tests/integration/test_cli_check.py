"""``biotrace check``, and every file that no command takes."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from biotrace.documents.casebook import write_casebook, write_casebook_json
from biotrace.model.casebook import Casebook
from biotrace.model.correction import Action
from biotrace.services.trust import Trust, trust_bytes
from cli.main import cli
from tests import casebooks
from tests.workspaces import TODAY, contents, data

Run = Callable[..., Result]
Write = Callable[..., Path]

CLEAN = write_casebook(casebooks.clean())


def altered(old: str, new: str) -> bytes:
    """The clean casebook with one word of it altered."""
    assert old in CLEAN
    return CLEAN.replace(old, new, 1).encode()


BAD_FILES: dict[str, tuple[bytes, str, str]] = {
    "empty": (b"", "何も書かれていません", "empty"),
    "not YAML": (b"biotrace: [casebook/1\n", "1行目", "line 1"),
    "Shift_JIS": (CLEAN.encode("cp932", "replace"), "Shift_JIS", "Shift_JIS"),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00", "UTF-8", "UTF-8"),
    "a list": (b"- 1\n- 2\n", "casebook/1", "casebook/1"),
    "a later version": (altered("casebook/1", "casebook/2"), "更新", "update"),
    "a duplicate id": (altered("id: p-1", "id: f-1"), "「f-1」", '"f-1"'),
    "an unknown key": (altered("buyer:", "byer:"), "buyer の誤り", "buyer"),
    "a missing certificate cited": (altered("certificate: f-1", "certificate: f-9"), "「f-9」", '"f-9"'),
    "a negative quantity": (altered("value: 100", "value: -100"), "「-100」", "-100"),
    "an absurd quantity": (altered("value: 100", "value: 1e30"), "10,000,000", "10,000,000"),
    "a date past its era": (altered("2014-06-27", "平成32年6月27日"), "2020-06-27", "2020-06-27"),
}


@pytest.mark.parametrize("name", BAD_FILES)
@pytest.mark.parametrize("command", ["check", "sign"])
def test_a_bad_file_is_refused_and_nothing_is_written(
    name: str, command: str, run: Run, tmp_path: Path, mill: Path
) -> None:
    file = tmp_path / "bad.yaml"
    text, ja, en = BAD_FILES[name]
    file.write_bytes(text)
    before = contents(mill)
    place = ["-w", mill] if command == "sign" else []
    for lang, words in (("ja", ja), ("en", en)):
        result = run(command, file, *place, lang=lang)
        assert (result.exit_code, result.stdout) == (2, "")
        assert "bad.yaml" in result.stderr
        assert words in result.stderr
        told = json.loads(run(command, file, *place, "--format", "json", lang=lang).stderr)
        assert words in "\n".join(told["lines"])
    assert contents(mill) == before


@pytest.mark.parametrize("command", [["check"], ["sign"], ["scan", "--key", "x"], ["check", "x", "--trust"]])
def test_a_file_that_is_not_there_and_a_folder_are_refused(command: list[str], run: Run, tmp_path: Path) -> None:
    missing = run(*command, tmp_path / "none.yaml", lang="ja")
    assert missing.exit_code == 2
    folder = run(*command, tmp_path, lang="en")
    assert folder.exit_code == 2
    if command == ["check"]:
        assert "none.yaml: 開けません（ファイルがありません）" in missing.stderr
        assert "cannot be opened (it is a folder)" in folder.stderr


def test_a_file_that_may_not_be_read_is_refused(run: Run, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    path = write(casebooks.clean())
    monkeypatch.setattr(Path, "read_bytes", denied)
    assert "権限がありません" in run("check", path).stderr
    result = run("check", path, lang="en")
    assert result.exit_code == 2
    assert "permission denied" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "ja", "en"),
    [
        (["--as-of", "yesterday"], "2014-11-19", "2014-11-19"),
        (["--as-of", "平成32年1月1日"], "元号が終わった後", "after its era ended"),
        (["--as-of", "2013-01-01"], "検査する証明書も納入もありません", "no certificate or delivery"),
        (["--profile", "rinya-2099"], "rinya-2012", "rinya-2012"),
        (["--format", "xml"], "text、json、csv", "'csv'"),
        (["--as-off", "2014-01-01"], "--as-of", "--as-of"),
        (["second.yaml"], "余分な引数があります: second.yaml", "second.yaml"),
        (["--trust"], "--trust には値が要ります", "requires an argument"),
    ],
)
def test_a_wrong_option_is_told_in_the_users_language(arguments: list[str], ja: str, en: str, write: Write) -> None:
    path = write(casebooks.clean())
    for lang, words in (("ja", ja), ("en", en)):
        result = CliRunner().invoke(cli, ["check", str(path), "--lang", lang, *arguments])
        assert (result.exit_code, result.stdout) == (2, "")
        assert words in result.stderr


def test_a_casebook_with_nothing_to_check_or_to_sign_is_refused(run: Run, tmp_path: Path, mill: Path) -> None:
    path = tmp_path / "nothing.yaml"
    path.write_text("biotrace: casebook/1\ntitle: 空\n", encoding="utf-8")
    assert "検査する証明書も納入もありません" in run("check", path).stderr
    assert "no entries to sign" in run("sign", path, "-w", mill, lang="en").stderr
    assert (run("check", path).exit_code, run("sign", path, "-w", mill).exit_code) == (2, 2)


def test_a_clean_casebook_is_in_order(run: Run, write: Write) -> None:
    path = write(casebooks.clean())
    result = run("check", path)
    assert result.exit_code == 0
    assert "[適合] d-1  間伐材等由来  全乾 17,400 kg  署名なし" in result.stdout
    assert "納入ロット 1 件: 適合 1、指摘・未完 0" in result.stdout
    assert "検査していない規則" in result.stdout
    assert "[ok] d-1  thinned  17,400 kg bone-dry  unsigned" in run("check", path, lang="en").stdout


def test_a_finding_says_what_was_seen_expected_and_what_would_mend_it(run: Run, write: Write) -> None:
    path = write(casebooks.change(casebooks.clean(), "f-1", area=None))
    result = run("check", path, lang="en")
    assert result.exit_code == 1
    assert "[findings] d-1  thinned → construction waste" in result.stdout
    for part in ("H316 f-1: a required entry is missing", "found: missing: felled area", "expected:", "to mend it:"):
        assert part in result.stdout
    assert "対処: " in run("check", path).stdout


def test_json_is_the_documented_shape_in_both_notations_of_the_casebook(run: Run, write: Write, tmp_path: Path) -> None:
    book = casebooks.change(casebooks.clean(), "f-1", area=None)
    as_json = tmp_path / "casebook.json"
    as_json.write_text(write_casebook_json(book), encoding="utf-8")
    answers = [data(run("check", path, "--format", "json", lang="en")) for path in (write(book), as_json)]
    assert answers[0] == answers[1]
    (lot,) = answers[0]["lots"]
    assert (lot["id"], lot["declared"], lot["confirmed"], lot["status"]) == (
        "d-1",
        "thinned",
        "construction_waste",
        "complete",
    )
    assert lot["kg_bone_dry_by_class"]["construction_waste"] == lot["kg_bone_dry"] == 17_400
    assert [(f["code"], f["record"], f["effect"]) for f in lot["findings"] if f["effect"] != "notice"] == [
        ("H316", "f-1", "unproven")
    ]
    assert answers[0]["summary"]["by_code"]["H316"] == 1


def test_csv_has_a_row_per_finding_also_on_records_that_reach_no_lot(run: Run, write: Write) -> None:
    book = casebooks.change(casebooks.clean(), "f-1", area=None)
    book = casebooks.copy(book, "f-1", "f-2", buyer=casebooks.HEIWA.id, quantity=casebooks.m3(5))
    result = run("check", write(book), "--format", "csv", lang="en")
    assert result.exit_code == 1
    assert result.stdout.startswith("\ufefflot,declared,")
    rows = list(csv.DictReader(io.StringIO(result.stdout.removeprefix("\ufeff"))))
    assert [(row["lot"], row["code"], row["record"]) for row in rows] == [("d-1", "H316", "f-1"), ("", "H316", "f-2")]


def perhaps_expired() -> Casebook:
    """The model book, but when the feller's accreditation ended is not stated."""
    return casebooks.change_accreditation(casebooks.clean(), "kousei", start=date(2010, 4, 1), until=None)


def test_csv_tells_what_could_not_be_checked(run: Run, write: Write) -> None:
    rows = run("check", write(perhaps_expired()), "--format", "csv", lang="en").stdout
    assert "incomplete" in rows
    assert "A203,f-1" in rows


def test_csv_holds_no_formula(run: Run, write: Write) -> None:
    book = casebooks.change(casebooks.clean(), "d-1", id="=1+1")
    assert "\n'=1+1," in run("check", write(book), "--format", "csv").stdout


def test_certificates_that_reach_no_lot_are_counted(run: Run, write: Write) -> None:
    book = casebooks.remove(casebooks.remove(casebooks.clean(), "d-1"), "p-1")
    result = run("check", write(book))
    assert result.exit_code == 0
    assert "どの納入にも至らない証明書・記録 1 件: 適合 1、指摘・未完 0" in result.stdout
    spoiled = run("check", write(casebooks.change(book, "f-1", area=None)), lang="en")
    assert spoiled.exit_code == 1
    assert "1 records that reach no lot: 0 in order, 1 not" in spoiled.stdout


def test_a_certificate_that_reaches_no_lot_may_be_incomplete(run: Run, write: Write) -> None:
    """Whether the feller was accredited cannot be told, so it is not in order."""
    path = write(casebooks.remove(casebooks.remove(perhaps_expired(), "d-1"), "p-1"))
    result = run("check", path)
    assert result.exit_code == 1
    assert "[未完] f-1（どの納入にも至らない）\n    A203 f-1: 検査できない" in result.stdout
    assert "0 in order, 1 not" in run("check", path, lang="en").stdout
    assert ",A203,f-1," in run("check", path, "--format", "csv").stdout


def test_as_of_leaves_out_what_came_later(run: Run, write: Write) -> None:
    book = casebooks.correct(casebooks.clean(), "f-1", Action.CANCEL, date(2014, 12, 1))
    path = write(book)
    assert run("check", path).exit_code == 1
    before = run("check", path, "--as-of", "平成26年11月30日", "--format", "json")
    assert before.exit_code == 0
    assert data(before)["as_of"] == "2014-11-30"


def test_a_trust_file_takes_the_place_of_the_casebooks_trusted_bodies(run: Run, write: Write, tmp_path: Path) -> None:
    trust = tmp_path / "trust.json"
    others = Trust({}, {casebooks.OTHER_BODY.id: casebooks.OTHER_BODY}, frozenset({casebooks.OTHER_BODY.id}))
    trust.write_bytes(trust_bytes(others, TODAY))
    result = run("check", write(casebooks.clean()), "--trust", trust, lang="en")
    assert result.exit_code == 1
    assert "A204" in result.stdout
    trust.write_text(trust.read_text(encoding="utf-8").replace("trust/1", "trust/2"), encoding="utf-8")
    later = run("check", write(casebooks.clean()), "--trust", trust)
    assert (later.exit_code, later.stdout) == (2, "")
    assert "biotrace を更新してください" in later.stderr

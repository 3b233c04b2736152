"""``biotrace report dispute``: a report that a third party verifies on a machine with nothing but its folder."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biotrace.chain import bundle
from biotrace.errors import BiotraceError
from biotrace.services import dispute_note
from biotrace.services.dispute_verify import verify_dispute
from biotrace.services.key_files import KeyName
from biotrace.services.shipped import demo_casebook
from biotrace.services.sign import sign_casebook
from biotrace.services.workspace import init_workspace, open_workspace
from tests import casebooks
from tests.integration.conftest import Run
from tests.workspaces import TODAY, contents, password

LATER = TODAY + 3 * 365 * 86_400
YEN = ("--approved", "2015", "--kw", "5000", "--kwh-per-t", "1100")


@dataclass(frozen=True)
class Case:
    """The reviewer's workspace, the report that came of it, and the log's key."""

    workspace: Path
    report: Path
    vkey: Path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """Two lots of the audit, one of them sold as thinned from a clear-felling, in a report with yen."""
    from click.testing import CliRunner

    from cli.main import cli

    folder = tmp_path_factory.mktemp("dispute")
    with init_workspace(folder / "desk", (casebooks.BODY,), lambda: LATER, password) as workspace:
        sign_casebook(workspace, demo_casebook())
        vkey = folder / "log.vkey"
        vkey.write_text(str(workspace.ledger.log_name), encoding="utf-8")
    arguments = ["report", "dispute", "d-h1", "d-h2", "--about", "皆伐の件", *YEN, "--lang", "ja"]
    result = CliRunner().invoke(cli, [*arguments, "--out", str(folder / "report"), "-w", str(folder / "desk")])
    assert result.exit_code == 1, result.output
    return Case(folder / "desk", folder / "report", vkey)


@pytest.fixture
def elsewhere(made: Case, tmp_path: Path) -> Case:
    """A machine that has nothing but the report's folder and the log's key."""
    report = Path(shutil.copytree(made.report, tmp_path / "received"))
    return Case(tmp_path / "none", report, Path(shutil.copy(made.vkey, tmp_path / "log.vkey")))


def test_what_is_in_it(made: Case) -> None:
    names = {path.name for path in made.report.iterdir()}
    traces = {f"trace-{n}.{end}" for n in (1, 2) for end in ("html", "pdf")}
    assert names == {"report.pdf", "report.json", "report.note", "evidence.bundle", *traces}
    data = json.loads((made.report / "report.json").read_text(encoding="utf-8"))
    first, second = sorted(data["lots_provable"], key=lambda lot: lot["confirmed"])
    assert [lot["confirmed"] for lot in (first, second)] == ["general", "thinned"]
    assert [code for code, _ in first["findings"]] == ["H304"]
    assert sum(grams for _, grams in first["origins"]) == first["grams"] == 5_219_500
    assert data["yen"]["today"]["by_tonnage"]["yen"]["low"] == 45_932  # 5.2195 t × 1100 kWh/t × (32 - 24) yen
    assert {d["kind"] for d in data["documents"]} == {"felling_notice", "management_plan"}
    assert all(d["asked"] == [] for d in data["documents"])


def test_it_is_verified_by_its_folder_alone(run: Run, elsewhere: Case) -> None:
    result = run("report", "verify-dispute", elsewhere.report, "--vkey", elsewhere.vkey)
    assert result.exit_code == 0, result.output
    assert "ファイル 7 件は署名の時のままです" in result.stdout
    assert "判定・もとの重さは報告のとおりです" in result.stdout
    assert "金額は報告のとおりです\n  過払いの試算: 量で 45,932 円、全量で 45,932 円\n" in result.stdout
    told = "d-h1  一般木質 → 建設資材廃棄物、指摘 H304 → A202 H304"  # without the log's own word on accreditations
    assert told in result.stdout
    found = json.loads(
        run("report", "verify-dispute", elsewhere.report, "--vkey", elsewhere.vkey, "--format", "json").stdout
    )
    assert found["agrees"] is found["yen_checked"] is True
    assert {lot["confirmed"] for lot in found["lots"]} == {"general", "thinned"}
    assert {lot["confirmed"] for lot in found["to_others"]} == {"construction_waste"}
    assert {code for lot in found["to_others"] for code, _ in lot["findings"]} == {"A202", "H304"}
    assert (found["report"], found["casebook"]) == (str(elsewhere.report), None)
    assert found["yen"]["by_tonnage"]["yen"]["low"] == 45_932
    assert found["by"] == casebooks.BODY.id


def test_nobody_believes_a_log_for_its_own_word(run: Run, elsewhere: Case) -> None:
    result = run("report", "verify-dispute", elsewhere.report)
    assert result.exit_code == 2
    assert "信じてよいか分からないログです" in result.output


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_one_byte_changed_anywhere_is_refused(made: Case, tmp_path_factory: pytest.TempPathFactory, data: Any) -> None:
    folder = tmp_path_factory.mktemp("altered") / "received"
    shutil.copytree(made.report, folder)
    path = data.draw(st.sampled_from(sorted(folder.iterdir())))
    content = bytearray(path.read_bytes())
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= 1 << data.draw(st.integers(0, 7))
    path.write_bytes(bytes(content))
    with pytest.raises(BiotraceError):
        verify_dispute(folder, (made.vkey,), None, LATER)


@pytest.mark.parametrize("name", ["report.pdf", "report.json", "evidence.bundle", "trace-1.html", "report.note"])
def test_a_missing_file_is_told(run: Run, elsewhere: Case, name: str) -> None:
    (elsewhere.report / name).unlink()
    result = run("report", "verify-dispute", elsewhere.report, "--vkey", elsewhere.vkey)
    assert result.exit_code == 2
    if name == "report.note":
        assert "report.note: 報告の署名がありません" in result.output
    else:
        assert f"{name}: ありません。report.note に挙がっている、この報告の一部です" in result.output
    assert "送り主から" in result.output


def _byte_changed(path: Path, after: bytes) -> None:
    """Of the hex digit, number or letter that follows: what it becomes is of the same kind."""
    content = path.read_bytes()
    place = content.index(after) + len(after)
    other = b"1" if content[place : place + 1] != b"1" else b"2"
    path.write_bytes(content[:place] + other + content[place + 1 :])


@pytest.mark.parametrize("line", range(8))
def test_a_byte_changed_in_the_seal_blames_the_seal(run: Run, elsewhere: Case, line: int) -> None:
    """Whichever file's hash it is in: that file is as it was."""
    note = elsewhere.report / "report.note"
    hashes = [text for text in note.read_text(encoding="utf-8").splitlines() if text.startswith("file ")]
    assert len(hashes) == 7
    after = b"as-of 202" if line == 7 else hashes[line][:9].encode()
    _byte_changed(note, after)
    result = run("report", "verify-dispute", elsewhere.report, "--vkey", elsewhere.vkey)
    assert result.exit_code == 2
    assert f"{note}: 署名そのものが変わっています" in result.output
    assert not any(f"{elsewhere.report / name}:" in result.output for name in ("report.pdf", "trace-1.html"))


@pytest.mark.parametrize("name", ["report.pdf", "report.json", "trace-1.html"])
def test_a_file_changed_under_a_sound_seal_is_blamed(run: Run, elsewhere: Case, name: str) -> None:
    path = elsewhere.report / name
    path.write_bytes(path.read_bytes() + b" ")
    result = run("report", "verify-dispute", elsewhere.report, "--vkey", elsewhere.vkey)
    assert result.exit_code == 2
    assert f"{path}: 署名された時から変わっています" in result.output


def test_a_bundle_that_is_damaged_is_named_with_the_seal(run: Run, elsewhere: Case) -> None:
    """Nothing else shows whose the key of the seal is."""
    path = elsewhere.report / "evidence.bundle"
    path.write_bytes(path.read_bytes()[:-100])
    result = run("report", "verify-dispute", elsewhere.report, "--vkey", elsewhere.vkey)
    assert result.exit_code == 2
    assert f"{path}: report.note にあるものと違い、それ自身も壊れています" in result.output
    assert "report.note の署名も確かめられません" in result.output


def reseal(case: Case, report: Path, key: Any) -> None:
    """Seal what is in the folder now, by another hand or the same one."""
    sealed = dispute_note.read_seal(report)
    files = {name: (report / name).read_bytes() for name in sealed.files}
    with open_workspace(case.workspace, lambda: LATER, password) as workspace:
        log = workspace.ledger.checkpoint()
        by = workspace.keys.get(KeyName.DEVICE) if key is None else key
    (report / "report.note").write_bytes(dispute_note.seal(sealed.party, sealed.as_of, log, files, by))


def test_another_hand_cannot_seal_it(run: Run, made: Case, elsewhere: Case) -> None:
    from tests.builders import device_key

    reseal(made, elsewhere.report, device_key("stranger"))
    result = run("report", "verify-dispute", elsewhere.report, "--vkey", elsewhere.vkey)
    assert result.exit_code == 2
    assert "report.note" in result.output


@pytest.mark.parametrize(
    ("where", "told"),
    [(("lots_provable", 0, "confirmed"), "/0/confirmed"), (("lots_provable", 0, "origins"), "/0/origins")],
)
def test_a_report_that_says_otherwise_than_its_records_is_found_out(
    run: Run, made: Case, elsewhere: Case, where: tuple[Any, ...], told: str
) -> None:
    """Its maker seals it, but what it says of a lot is not what the enclosed records show."""
    path = elsewhere.report / "report.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    part, number, field = where
    data[part][number][field] = "general_waste" if field == "confirmed" else []
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    reseal(made, elsewhere.report, None)
    result = run("report", "verify-dispute", elsewhere.report, "--vkey", elsewhere.vkey)
    assert result.exit_code == 1
    assert "報告と、添えた記録からの判定が違います" in result.stdout
    assert told in result.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nothing",), "「nothing」に当たるものがありません"),
        (("d-h1", "--kw", "5000"), "--approved と --kw の両方が要ります"),
    ],
)
def test_what_stops_it_leaves_nothing(
    run: Run, made: Case, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    before = contents(made.workspace)
    result = run("report", "dispute", *arguments, "--out", tmp_path / "out", "-w", made.workspace)
    assert result.exit_code == 2
    assert said in result.output
    assert list(tmp_path.iterdir()) == []
    assert contents(made.workspace) == before


def test_what_it_says_on_paper(made: Case) -> None:
    """By what the yen are reckoned, and the documents of every lot by name, not of the first one alone."""
    pages = (page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(made.report / "report.pdf"))
    text = re.sub(r"\s", "", "".join(pages))
    for words in ("発電所No.8(plant-8)", "設備認定2015年度", "出力5,000kW", "試算であり、返還額の決定ではない"):
        assert words in text
    assert "手元にない）" not in text
    assert "別記1例1" in text
    assert not any(code in text for code in ("1-private", "1-national", "土場"))


def test_what_is_only_certified_is_told_on_paper(run: Run, made: Case, tmp_path: Path) -> None:
    def said(*lots: str) -> str:
        out = tmp_path / lots[0]
        assert run("report", "dispute", *lots, *YEN, "--out", out, "-w", made.workspace).exit_code == 1
        pages = (page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(out / "report.pdf"))
        return re.sub(r"\s", "", "".join(pages))

    assert "証明書1件は、納入の記録によらず、証明書の数量がすべて納入されたものとした:28-035-1" in said("28-035-1")
    assert "証明書の数量" not in said("d-h1")


def test_the_same_lot_named_twice_is_one(run: Run, made: Case, tmp_path: Path) -> None:
    first = json.loads((made.report / "report.json").read_text(encoding="utf-8"))
    (lot,) = [lot["id"] for lot in first["lots_provable"] if lot["confirmed"] == "general"]
    out = tmp_path / "out"
    run("report", "dispute", "d-h1", lot, *YEN, "--out", out, "-w", made.workspace)
    data = json.loads((out / "report.json").read_text(encoding="utf-8"))
    assert len(data["lots_provable"]) == len(data["yen"]["lots"]) == 1
    assert data["yen"]["today"]["by_tonnage"]["yen"]["low"] == 45_932


@pytest.mark.parametrize(
    ("lots", "said"),
    [
        (("d-h1", "d-c1-1"), "どの発電所か分かりません"),
        (("d-h1", "28-035-1"), "納入と、その証明書の両方が指定されています"),
        (("f-h1",), "発電所への納入ではありません"),
    ],
)
def test_yen_are_of_one_plant_and_each_wood_once(
    run: Run, made: Case, tmp_path: Path, lots: tuple[str, ...], said: str
) -> None:
    """By one plant's terms nothing can be said of another's lots; without yen they may stand in one report."""
    result = run("report", "dispute", *lots, *YEN, "--out", tmp_path / "out", "-w", made.workspace)
    assert result.exit_code == 2
    assert said in result.output
    assert list(tmp_path.iterdir()) == []
    assert run("report", "dispute", *lots, "--out", tmp_path / "out", "-w", made.workspace).exit_code == 1


def test_a_forest_office_that_only_a_document_names_is_shown(run: Run, tmp_path: Path) -> None:
    """Else nobody could tell from the bundle that it is one, and wood of a national forest would count as waste."""
    with init_workspace(tmp_path / "desk", (casebooks.BODY,), lambda: LATER, password) as workspace:
        sign_casebook(workspace, casebooks.national())
    made = run("report", "dispute", "d-1", "--out", tmp_path / "out", "-w", tmp_path / "desk", "--format", "json")
    data = json.loads(made.stdout)
    assert data["not_borne_out"] == []
    assert data["lots_provable"][0]["confirmed"] == "thinned"


def test_what_was_not_sealed_is_told(run: Run, elsewhere: Case) -> None:
    (elsewhere.report / "report-2.pdf").write_bytes(b"planted")
    result = run("report", "verify-dispute", elsewhere.report, "--vkey", elsewhere.vkey)
    assert result.exit_code == 1
    assert "署名されていないもの（報告の一部ではない）: report-2.pdf" in result.stdout


def test_a_bundle_that_may_leave_out_the_end_of_a_key_bears_no_seal(run: Run, made: Case, elsewhere: Case) -> None:
    """Without the log's word that these are all records, a key that was ended could still seal."""
    path = elsewhere.report / "evidence.bundle"
    parsed = bundle.parse(path.read_bytes())
    (part,) = parsed.logs
    path.write_bytes(bundle.make(replace(parsed, logs=(replace(part, completeness=None),))))
    reseal(made, elsewhere.report, None)
    result = run("report", "verify-dispute", elsewhere.report, "--vkey", elsewhere.vkey)
    assert result.exit_code == 2
    assert "完全性の表明がありません" in result.output


def _doubled(yen: Any) -> None:
    yen["lots"].append(yen["lots"][0])


def _left_out(yen: Any) -> None:
    del yen["lots"][0]


def _dearer(yen: Any) -> None:
    yen["today"]["by_tonnage"]["yen"]["low"] += 1


@pytest.mark.parametrize("change", [_doubled, _left_out, _dearer])
def test_yen_that_are_not_those_of_the_lots_are_found_out(
    run: Run, made: Case, elsewhere: Case, change: Callable[[Any], None]
) -> None:
    path = elsewhere.report / "report.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    change(data["yen"])
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    reseal(made, elsewhere.report, None)
    result = run("report", "verify-dispute", elsewhere.report, "--vkey", elsewhere.vkey)
    assert result.exit_code == 1
    assert "  yen/" in result.stdout


@pytest.mark.parametrize("yen", [{}, [], "x", {"terms": {}, "lots": []}, {"terms": 3, "lots": 3}])
def test_yen_that_are_none_are_told(run: Run, made: Case, elsewhere: Case, yen: Any) -> None:
    path = elsewhere.report / "report.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**data, "yen": yen}, ensure_ascii=False), encoding="utf-8")
    reseal(made, elsewhere.report, None)
    result = run("report", "verify-dispute", elsewhere.report, "--vkey", elsewhere.vkey)
    assert result.exit_code == 2
    assert "この版で読める係争報告ではありません" in result.output


def test_kwh_that_nobody_can_sell_are_told(run: Run, made: Case, elsewhere: Case) -> None:
    """Numbers of a million digits, or none, are no figures; they take no time either."""
    path = elsewhere.report / "report.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    for said in ("1e999999", "NaN", "-5", "0"):
        data["yen"]["terms"]["kwh_per_bone_dry_tonne"]["thinned"]["kwh"] = [said, said]
        path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        reseal(made, elsewhere.report, None)
        result = run("report", "verify-dispute", elsewhere.report, "--vkey", elsewhere.vkey)
        assert result.exit_code == 2
        assert "この版で読める係争報告ではありません" in result.output


def test_a_folder_that_stands_there_is_not_touched(run: Run, made: Case, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    result = run("report", "dispute", "d-h1", "--out", tmp_path / "out", "-w", made.workspace)
    assert result.exit_code == 2
    assert list((tmp_path / "out").iterdir()) == []

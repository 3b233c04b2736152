"""``biotrace retain``: papers kept, checked, held and destroyed, over five years and a day."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from biotrace.chain.kinds import RecordKind
from biotrace.model.retention import Deleted, Tombstone
from biotrace.services.settings import read_settings, write_settings
from biotrace.services.stored_files import copy_path, stored
from biotrace.services.workspace import open_workspace
from biotrace.store.disclosures import disclosures
from tests.desks import noon
from tests.integration.conftest import Run
from tests.integration.retaining import AFTER, BOUGHT, LAST, PERMIT, SCAN, SLIP, Desk, open_desk
from tests.workspaces import contents, data, password


@pytest.fixture
def desk(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """The mill that bought f-1 and f-5, and sold p-1 and p-5."""
    return open_desk(tmp_path / "desk", run, monkeypatch)


def salts(desk: Desk) -> list[bytes]:
    """Of all private fields whose values are at hand."""
    with open_workspace(desk.at(), lambda: noon(BOUGHT), password) as workspace:
        return [d.salt for d in disclosures(workspace.ledger.database)]


def files_holding(desk: Desk, needle: bytes) -> list[str]:
    """The workspace's files that hold these bytes anywhere."""
    return [p.name for p in desk.at().rglob("*") if p.is_file() and needle in p.read_bytes()]


def say_destroyed(desk: Desk, subject: str, on: date) -> None:
    """What a program that asks nobody would log: a tombstone, before its time."""
    record = bytes.fromhex(data(desk.command("show", subject, "--format", "json", on=on))["record_id"])
    with open_workspace(desk.at(), lambda: noon(on), password) as workspace:
        body = Tombstone(record.hex(), on, (Deleted.FILES,), "too early")
        workspace.log([workspace.signer().sign(RecordKind.TOMBSTONE, "early", body, noon(on))], noon(on))


def codes(desk: Desk, lot: str, on: date) -> set[str]:
    """What family D finds on a lot, and whatever is worse than a notice."""
    result = desk.command("verify", lot, "--format", "json", on=on)
    found = [finding for one in data(result)["lots"] for finding in one["findings"]]
    return {f["code"] for f in found if f["code"][0] == "D" or f["effect"] != "notice"}


# due


def test_the_list_says_until_when_for_whom_and_why(desk: Desk) -> None:
    found = desk.json("due", on=BOUGHT)
    papers = {p["subject"]: p for p in found["papers"]}
    assert [p["until"] for p in found["papers"]] == sorted(p["until"] for p in found["papers"])
    assert (papers["doc-1"]["until"], papers["doc-1"]["because"]) == ("2019-11-19", "p-1")
    assert (papers["f-5"]["until"], papers["f-5"]["because"]) == ("2019-08-01", "p-5")
    assert papers["yamanushi"]["private_values"] == 1
    assert papers["yamanushi"]["until"] == "2019-08-01"
    assert papers["doc-1"]["reason"] == "p-1（2014-11-19）の根拠、5年、G3, 別記3 第五④"
    assert {p["state"] for p in found["papers"]} == {"keep"}
    assert sum(found["by_year"].values()) == len(found["papers"])
    for lang, words in (("ja", "期限の年ごとの件数"), ("en", "by the year of the last day")):
        shown = desk.retain("due", on=BOUGHT, lang=lang).stdout
        assert words in shown
        assert "2019-11-19" in shown


def test_the_list_is_of_one_party_and_of_a_day(desk: Desk) -> None:
    of_feller = {p["subject"]: p["until"] for p in desk.json("due", "--party", "kousei", on=BOUGHT)["papers"]}
    assert of_feller == {"doc-1": "2019-06-27", "f-1": "2019-06-27"}
    then = desk.json("due", "--on", "2019-08-02", on=BOUGHT)["papers"]
    assert {p["subject"] for p in then if p["state"] == "free"} == {"f-5", "p-5", "yamanushi"}
    refused = desk.retain("due", "--party", "nobody", on=BOUGHT)
    assert refused.exit_code == 2


def test_the_list_opens_in_excel(desk: Desk) -> None:
    answer = desk.retain("due", "--format", "csv", on=BOUGHT).stdout_bytes
    assert answer.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(answer.decode("utf-8-sig"))))
    of_notice = next(row for row in rows if row["名前"] == "doc-1")
    assert (of_notice["保存期限"], of_notice["写し（手元）"], of_notice["写し（記録）"]) == ("2019-11-19", "2", "2")
    assert of_notice["種類"].startswith("伐採及び伐採後の造林届出書")


def test_longer_by_setting(desk: Desk) -> None:
    settings = read_settings(desk.at())
    write_settings(desk.at(), type(settings)(settings.party, settings.ledger, (("retention_years", 10),)))
    papers = {p["subject"]: p for p in desk.json("due", on=BOUGHT)["papers"]}
    assert papers["doc-1"]["until"] == "2024-11-19"
    assert papers["doc-1"]["reason"].endswith("10年、G3, 別記3 第五④、設定による")
    assert not desk.json("purge", on=AFTER)["destroyed"]
    write_settings(desk.at(), type(settings)(settings.party, settings.ledger, (("retention_years", 3),)))
    refused = desk.retain("due", on=BOUGHT)
    assert refused.exit_code == 2
    assert "retention_years" in refused.stderr


# check


def test_what_is_wrong_with_copies_is_told_by_name(desk: Desk) -> None:
    fine = desk.json("check", on=BOUGHT)
    assert (fine["read"], fine["named"], fine["found"]) == (3, 3, [])
    copy_path(desk.at(), stored(PERMIT).sha256).unlink()
    copy_path(desk.at(), stored(SCAN).sha256).write_bytes(SCAN[:-1] + b"3")
    (desk.at() / "files/notes.txt").write_bytes(b"?")
    found = desk.json("check", on=BOUGHT, code=1)["found"]
    assert [(one["fault"], one["records"]) for one in found] == [
        ("missing", ["doc-1 (26-14)", "f-5 (山-5)"]),
        ("altered", ["doc-1 (26-14)"]),
        ("unnamed", []),
    ]
    assert found[2]["file"] == "files/notes.txt"
    assert all(one["remedy"] for one in found)
    for lang, words in (("ja", "対処: "), ("en", "what to do: ")):
        shown = desk.retain("check", on=BOUGHT, lang=lang)
        assert shown.exit_code == 1
        assert shown.stdout.count(words) == 3


def test_a_sample_is_the_same_for_the_same_seed(desk: Desk) -> None:
    copy_path(desk.at(), stored(PERMIT).sha256).unlink()
    asked = [desk.retain("check", "--sample", "1", "--seed", str(n), on=BOUGHT).exit_code for n in range(12)]
    again = [desk.retain("check", "--sample", "1", "--seed", str(n), on=BOUGHT).exit_code for n in range(12)]
    assert asked == again
    assert {0, 1} == set(asked)
    told = desk.retain("check", "--sample", "2", "--format", "json", on=BOUGHT)
    assert data(told)["seed"]
    assert data(told)["read"] == 2
    for wrong in (("--all", "--sample", "1"), ("--seed", "x"), ("--sample", "0")):
        assert desk.retain("check", *wrong, on=BOUGHT).exit_code == 2


# hold


def test_a_hold_takes_the_documents_along_and_is_said_once(desk: Desk) -> None:
    said = desk.json("hold", "f-1", "--reason", "検査", on=BOUGHT)
    assert [r["subject"] for r in said["records"]] == ["f-1", "doc-1"]
    before = contents(desk.at())
    assert desk.json("hold", "f-1", "--reason", "検査", on=BOUGHT)["already"]
    assert contents(desk.at()) == before
    states = {p["subject"]: p["state"] for p in desk.json("due", on=AFTER)["papers"]}
    assert (states["f-1"], states["doc-1"], states["p-1"]) == ("hold", "hold", "free")
    over = desk.json("hold", "--end", said["subject"], on=AFTER)
    assert not over["already"]
    assert desk.json("hold", "--end", said["subject"], on=AFTER)["already"]
    states = {p["subject"]: p["state"] for p in desk.json("due", on=AFTER)["papers"]}
    assert states["doc-1"] == "free"


@pytest.mark.parametrize(
    "wrong",
    [
        ("f-1",),
        ("--reason", "x"),
        ("f-1", "--end", "x", "--reason", "x"),
        ("nothing", "--reason", "x"),
        ("--end", "f-1"),
        ("f-1", "--reason", "x", "--date", "2031-01-01"),
    ],
    ids=str,
)
def test_a_hold_that_makes_no_sense_is_refused(desk: Desk, wrong: tuple[str, ...]) -> None:
    before = contents(desk.at())
    for lang in ("ja", "en"):
        refused = desk.retain("hold", *wrong, on=BOUGHT, lang=lang)
        assert (refused.exit_code, refused.stdout) == (2, "")
        assert "対処: " in refused.stderr or "what to do: " in refused.stderr
    assert contents(desk.at()) == before


# purge


def test_too_early_is_refused_by_name_until_when_and_why(desk: Desk) -> None:
    before = contents(desk.at())
    for lang, words in (("ja", "2019-11-19 まで保存（otsu、p-1（2014-11-19）の根拠"), ("en", "kept until 2019-11-19")):
        refused = desk.retain("purge", "doc-1", "f-5", on=LAST, lang=lang)
        assert (refused.exit_code, refused.stdout) == (2, "")
        assert words in refused.stderr
        assert "doc-1" in refused.stderr
    refused = desk.retain("purge", "--before", "2020-01-01", on=LAST)
    assert refused.exit_code == 2
    assert "2019-11-19 まで保存" in refused.stderr
    assert desk.retain("purge", "nothing", on=AFTER).exit_code == 2
    assert contents(desk.at()) == before


def test_a_file_that_another_has_to_keep_stays_with_both(desk: Desk) -> None:
    """f-5 was over on 1 August, but names the very file of doc-1."""
    found = desk.json("purge", "--dry-run", on=date(2019, 8, 2))
    assert [one["subject"] for one in found["destroyed"]] == ["yamanushi"]
    why = {one["subject"]: one["reasons"] for one in found["kept"]}
    assert [reason["why"] for reason in why["f-5"]] == ["shared"]
    assert "doc-1" in why["f-5"][0]["message"]
    desk.json("purge", on=date(2019, 8, 2))
    assert desk.held() == {PERMIT, SCAN, SLIP}
    assert salts(desk) == []


def test_a_file_goes_from_all_that_name_it(desk: Desk) -> None:
    done = desk.json("purge", "doc-1", on=AFTER)
    assert {one["subject"] for one in done["destroyed"]} == {"doc-1", "f-5"}
    assert desk.held() == {SLIP}
    assert desk.json("check", on=AFTER)["found"] == []


def test_what_is_on_hold_or_asked_for_stays(desk: Desk) -> None:
    held = desk.json("hold", "doc-1", "--reason", "検査", on=LAST)
    asked = desk.json("challenge", "f-1", "--to", "kousei", on=LAST)
    assert [r["subject"] for r in asked["records"]] == ["f-1", "doc-1"]
    for name in ("doc-1", "f-1"):
        refused = desk.retain("purge", name, on=AFTER)
        assert refused.exit_code == 2
        assert ("保全中" if name == "doc-1" else "提示を求められている") in refused.stderr
    found = desk.json("purge", on=AFTER)
    assert [one["subject"] for one in found["destroyed"]] == ["yamanushi"]
    shown = desk.retain("purge", "--dry-run", on=AFTER, lang="en").stdout
    assert "on hold: keep:doc-1 by otsu (検査)" in shown
    desk.json("hold", "--end", held["subject"], on=AFTER)
    assert desk.held() == {PERMIT, SCAN, SLIP}


def test_a_whole_life(desk: Desk, tmp_path: Path) -> None:
    """Entered with scans, kept for five years and a day, destroyed; and the ledger is as good as before."""
    (salt,) = salts(desk)
    assert files_holding(desk, salt)
    address = "長野県〇〇市大字甲12"
    assert files_holding(desk, json.dumps(address).encode())
    assert codes(desk, "d-1", LAST) == codes(desk, "p-5", LAST) == set()
    before = data(desk.command("verify", "d-1", "--format", "json", on=LAST))
    clean = desk.command("audit", "--no-sign", "--format", "json", on=LAST)
    tried = desk.json("purge", "--dry-run", on=AFTER)
    assert tried["tombstones"] == []
    assert salts(desk) == [salt]
    done = desk.json("purge", on=AFTER)
    assert {one["subject"] for one in done["destroyed"]} == {"doc-1", "f-1", "f-5", "yamanushi"}
    assert (done["files"], done["private_values"], len(done["tombstones"])) == (3, 1, 4)
    assert done["left"] == []
    # destroyed: no copy, and the salt's and the value's bytes are in no file
    assert desk.held() == set()
    assert files_holding(desk, salt) == files_holding(desk, json.dumps(address).encode()) == []
    assert not (desk.at() / "purge.unfinished").exists()
    # again: nothing
    state = contents(desk.at())
    assert desk.json("purge", on=AFTER)["destroyed"] == []
    assert contents(desk.at()) == state
    # as good as before
    assert codes(desk, "d-1", AFTER) == set()
    after = data(desk.command("verify", "d-1", "--format", "json", on=AFTER))
    assert [lot["confirmed"] for lot in after["lots"]] == [lot["confirmed"] for lot in before["lots"]]
    unopened = data(desk.command("verify", "p-5", "--format", "json", on=AFTER))["lots"][0]
    assert "W801" in json.dumps(unopened["rules"]["not_checked"], ensure_ascii=False)
    audited = desk.command("audit", "--no-sign", "--format", "json", on=AFTER)
    assert audited.exit_code == clean.exit_code
    assert data(audited)["findings"] == data(clean)["findings"]
    assert desk.command("rebuild", on=AFTER).exit_code == 0
    assert desk.json("check", on=AFTER)["found"] == []
    due = desk.json("due", on=AFTER)
    assert due["destroyed"] == 4
    assert "doc-1" not in {p["subject"] for p in due["papers"]}
    shown = desk.command("pdf", "doc-1", "-o", tmp_path / "no.pdf", on=AFTER)
    assert (shown.exit_code, "2019-11-20 に廃棄の記録" in shown.stderr) == (2, True)
    published = desk.command("log", "publish", tmp_path / "public", on=AFTER)
    assert published.exit_code == 0, published.output
    assert desk.run("log", "verify", tmp_path / "public", "--pin", "--memory", tmp_path / "memory").exit_code == 0
    backed = desk.command("backup", tmp_path / "b.zip", on=AFTER)
    assert backed.exit_code == 0, backed.output
    assert salt not in (tmp_path / "b.zip").read_bytes()
    assert desk.run("restore", tmp_path / "b.zip", desk.at("new"), "--new-log").exit_code == 0
    assert desk.json("check", on=AFTER, at="new")["found"] == []


def test_an_early_purge_around_the_refusal_is_found(desk: Desk) -> None:
    early = date(2019, 6, 27)
    say_destroyed(desk, "doc-1", early)
    assert codes(desk, "d-1", early) == {"D903"}
    (told,) = desk.json("check", on=LAST, code=1)["found"]
    assert (told["fault"], told["records"]) == ("not_destroyed", ["doc-1 (26-14)"])
    assert desk.json("purge", on=LAST)["files"] == 0
    assert desk.held() == {PERMIT, SCAN, SLIP}


def test_a_copy_of_the_ledger_beside_it_is_told(desk: Desk) -> None:
    (salt,) = salts(desk)
    (desk.at() / "ledger.old").write_bytes(b"..." + salt)
    done = desk.retain("purge", on=AFTER)
    assert done.exit_code == 1
    assert "ledger.old（廃棄した値が残っている）" in done.stdout


def test_what_comes_back_is_told_and_destroyed_again(desk: Desk) -> None:
    """Somebody put a copy back, from an old backup say."""
    desk.json("purge", on=AFTER)
    copy_path(desk.at(), stored(PERMIT).sha256).write_bytes(PERMIT)
    (found,) = desk.json("check", on=AFTER, code=1)["found"]
    assert found["fault"] == "not_destroyed"
    done = desk.json("purge", on=AFTER + timedelta(1))
    assert (done["files"], done["tombstones"]) == (1, [])
    assert desk.json("check", on=AFTER)["found"] == []

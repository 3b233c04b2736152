"""Asking for papers between ledgers of their own: the plant asks, the mill answers, the plant looks."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from biotrace.chain import possession
from biotrace.chain.kinds import RecordKind
from biotrace.model.retention import Answer, Challenge
from biotrace.services.find import find_record
from biotrace.services.ledger_case import read_ledger
from biotrace.services.sign import sign_file
from biotrace.services.stored_files import copy_path, files_of, stored
from biotrace.services.workspace import init_workspace, open_workspace
from tests import casebooks
from tests.desks import noon
from tests.integration.conftest import Run
from tests.integration.retaining import BOUGHT, NAMED, PERMIT, SCAN, SLIP, Desk, book, lay_out, open_desk
from tests.workspaces import contents, data, password

ASKED = date(2014, 12, 1)
DUE = date(2014, 12, 15)
FILES = {PERMIT, SCAN, SLIP}


@pytest.fixture
def desk(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """The mill, which entered all papers, and the plant, which took them in from a bundle without any file."""
    made = open_desk(tmp_path / "desk", run, monkeypatch)
    init_workspace(made.at("plant"), (casebooks.PLANT, casebooks.BODY), lambda: noon(BOUGHT), password).close()
    hand_on(made, "mill", "plant", "d-1", on=BOUGHT)
    return made


def hand_on(desk: Desk, sender: str, to: str, record: str, *options: object, on: date) -> Any:
    """A bundle, made and taken in."""
    file = desk.folder / f"{sender}-{record.replace(':', '-')}-{on}.bundle"
    made = desk.command("bundle", "make", record, "--out", file, *options, on=on, at=sender, lang="en")
    assert made.exit_code in (0, 1), made.output
    taken = desk.command("bundle", "import", file, "--pin", "--format", "json", on=on, at=to)
    assert taken.exit_code == 0, taken.output
    return data(taken)


def points(found: Any) -> dict[str, Any]:
    return {point["what"]: point["fine"] for point in found["points"]}


def late(desk: Desk, on: date, at: str = "plant") -> list[str]:
    """D904 on the delivery."""
    verdict = data(desk.command("verify", "d-1", "--format", "json", on=on, at=at))
    return [f["found"] for lot in verdict["lots"] for f in lot["findings"] if f["code"] == "D904"]


def test_asked_answered_and_looked_at(desk: Desk) -> None:
    asked = desk.json("challenge", "f-1", "--to", "otsu", "--due", DUE, "--reason", "点検", on=ASKED, at="plant")
    assert asked["counts"]
    assert [r["subject"] for r in asked["records"]] == ["f-1", "doc-1"]
    hand_on(desk, "plant", "mill", asked["subject"], on=ASKED)
    given = desk.json("answer", asked["subject"], "--remark", "紙は倉庫", on=ASKED)
    assert {file["size"] for file in given["files"]} == {len(content) for content in FILES}
    before = contents(desk.at())
    assert desk.json("answer", asked["subject"], on=ASKED)["already"]
    assert contents(desk.at()) == before
    hand_on(desk, "mill", "plant", given["subject"], "--with-documents", on=ASKED)
    assert desk.held("plant") == FILES
    looked = desk.json("verify", given["subject"], on=DUE, at="plant")
    assert set(points(looked).values()) == {True}
    assert len(looked["points"]) == 2 + 2 + 3 + 3
    assert late(desk, DUE + timedelta(1)) == []
    for lang, words in (("ja", "[適合]"), ("en", "proof of possession right")):
        assert words in desk.retain("verify", given["subject"], on=DUE, at="plant", lang=lang).stdout


def test_a_question_that_nobody_answers_fires(desk: Desk) -> None:
    desk.json("challenge", "f-1", "--to", "otsu", "--due", DUE, on=ASKED, at="plant")
    assert late(desk, DUE) == []
    assert len(late(desk, DUE + timedelta(1))) == 2  # the certificate, and its document
    assert data(desk.command("audit", "--no-sign", "--format", "json", on=date(2015, 1, 1), at="plant"))["notices"][
        "D904"
    ]


def test_what_another_log_asks_for_is_not_destroyed_either(desk: Desk) -> None:
    over = date(2021, 1, 1)
    asked = desk.json("challenge", "f-1", "--to", "otsu", on=over, at="plant")
    hand_on(desk, "plant", "mill", asked["subject"], on=over)
    refused = desk.retain("purge", "doc-1", on=over)
    assert refused.exit_code == 2
    assert "提示を求められている: plant-8 から otsu へ" in refused.stderr
    desk.json("answer", asked["subject"], on=over)
    refused = desk.retain("purge", "doc-1", on=over)  # the answer names the same files, and is open until its day
    assert (refused.exit_code, "2021-01-15 まで" in refused.stderr) == (2, True)
    found = desk.json("purge", on=date(2021, 1, 16))
    assert {one["subject"] for one in found["destroyed"]} == {
        "doc-1",
        "f-1",
        "f-5",
        "yamanushi",
        "answer:" + asked["subject"],
    }


def test_without_the_files_possession_is_not_checked(desk: Desk) -> None:
    asked = desk.json("challenge", "f-1", "--to", "otsu", on=ASKED, at="plant")
    hand_on(desk, "plant", "mill", asked["subject"], on=ASKED)
    given = desk.json("answer", asked["subject"], on=ASKED)
    hand_on(desk, "mill", "plant", given["subject"], on=ASKED)
    looked = desk.json("verify", given["subject"], on=ASKED, at="plant", code=1)
    assert [p["fine"] for p in looked["points"] if p["what"].startswith("書類のファイル")] == [None] * 3


def test_a_proof_that_was_made_up_is_told(desk: Desk) -> None:
    """The mill lost the files, knows their hashes from the record, and says that it has them."""
    asked = desk.json("challenge", "f-1", "--to", "otsu", on=ASKED, at="plant")
    hand_on(desk, "plant", "mill", asked["subject"], on=ASKED)
    with open_workspace(desk.at(), lambda: noon(ASKED), password) as workspace:
        reading = read_ledger(workspace.ledger)
        files = files_of(find_record(reading, "f-1").record.body)
        remark = possession.line([files[0].sha256])
        body = Answer(asked["record_id"], ASKED, files, remark)
        workspace.log([workspace.signer().sign(RecordKind.ANSWER, "answer", body, noon(ASKED))], noon(ASKED))
    hand_on(desk, "mill", "plant", "answer", "--with-documents", on=ASKED)
    looked = desk.json("verify", "answer", on=ASKED, at="plant", code=1)
    found = points(looked)
    assert [found[what] for what in found if what.startswith("書類のファイル")] == [False]
    assert [found[what] for what in found if what.startswith("求めた書類 doc-1")] == [False, False]


def test_what_is_missing_is_told_and_can_be_answered_in_part(desk: Desk) -> None:
    asked = desk.json("challenge", "f-1", "--to", "otsu", on=ASKED, at="plant")
    hand_on(desk, "plant", "mill", asked["subject"], on=ASKED)
    copy_path(desk.at(), stored(SCAN).sha256).unlink()
    before = contents(desk.at())
    for lang, words in (("ja", "写しがありません"), ("en", "copy missing")):
        refused = desk.retain("answer", asked["subject"], on=ASKED, lang=lang)
        assert (refused.exit_code, refused.stdout) == (2, "")
        assert "doc-1" in refused.stderr
        assert words in refused.stderr
    assert contents(desk.at()) == before
    again = desk.folder / "again.jpg"
    again.write_bytes(b"\xff\xd8\xff scanned anew")
    given = desk.json("answer", asked["subject"], "--partial", "--file", again, on=ASKED, code=1)
    assert [one["record"] for one in given["lacking"]] == ["doc-1"]
    assert len(given["files"]) == 3
    hand_on(desk, "mill", "plant", given["subject"], "--with-documents", on=ASKED)
    looked = desk.json("verify", given["subject"], on=ASKED, at="plant", code=1)
    assert [p["fine"] for p in looked["points"]].count(False) == 1


def test_papers_without_scans_are_answered_with_new_ones(desk: Desk) -> None:
    asked = desk.json("challenge", "p-1", "--to", "otsu", on=ASKED, at="plant")
    hand_on(desk, "plant", "mill", asked["subject"], on=ASKED)
    refused = desk.retain("answer", asked["subject"], on=ASKED)
    assert (refused.exit_code, "--file" in refused.stderr) == (2, True)
    scan = desk.folder / "p-1.pdf"
    scan.write_bytes(b"%PDF-1.7 p-1")
    empty = desk.folder / "empty.pdf"
    empty.write_bytes(b"")
    before = contents(desk.at())
    assert desk.retain("answer", asked["subject"], "--file", scan, "--file", empty, on=ASKED).exit_code == 2
    assert contents(desk.at()) == before
    assert len(desk.json("answer", asked["subject"], "--file", scan, on=ASKED)["files"]) == 1


def test_only_who_was_asked_answers_and_only_what_they_hold_is_asked(desk: Desk) -> None:
    asked = desk.json("challenge", "f-1", "--to", "otsu", on=ASKED, at="plant")
    assert "otsu に求めたもの" in desk.retain("answer", asked["subject"], on=ASKED, at="plant").stderr
    for wrong, words in (
        (("p-1", "--to", "kousei"), "保存すべき書類ではありません"),
        (("f-1", "--to", "otsu", "--due", "2014-11-30"), "過ぎています"),
        (("f-1", "--to", "nobody"), "台帳にありません"),
        (("--to", "otsu"), "どちらか一方"),
        (("f-1", "--to", "otsu", "--seed", "1"), "--random と一緒に"),
        (("--random", "1", "--to", "otsu", "--seed", "1 2"), "空白"),
        (("--random", "1", "--to", "heiwa"), "台帳にありません"),
    ):
        refused = desk.retain("challenge", *wrong, on=ASKED, at="plant")
        assert (refused.exit_code, words in refused.stderr) == (2, True), refused.stderr


# by chance


def shared(desk: Desk) -> Path:
    """A plant that entered the mill's papers itself: then it has all that it chooses from."""
    folder = desk.folder / "reviewer"
    path = lay_out(desk.folder / "reviewed", book())
    with init_workspace(folder, (casebooks.PLANT, casebooks.BODY), lambda: noon(BOUGHT), password) as workspace:
        sign_file(workspace, path)
    return folder


def test_chance_decides_and_both_sides_come_to_the_same(desk: Desk) -> None:
    shared(desk)
    ids = desk.folder / "ids.txt"
    asked = desk.json("challenge", "--random", "2", "--to", "otsu", "--population", ids, on=ASKED, at="reviewer")
    assert len(asked["records"]) == 2
    assert len(asked["population"]) == len(NAMED) == len(ids.read_text().split())
    looked = desk.json("verify", asked["subject"], on=ASKED, at="reviewer")
    assert points(looked)["無作為抽出"] is True
    hand_on(desk, "reviewer", "mill", asked["subject"], on=ASKED)
    there = desk.json("verify", asked["subject"], on=ASKED)
    assert points(there)["無作為抽出"] is None  # the records chosen from are the asker's
    there = desk.json("verify", asked["subject"], "--population", ids, on=ASKED)
    assert points(there)["無作為抽出"] is True
    ids.write_text("\n".join(asked["population"][:2]))
    assert points(desk.json("verify", asked["subject"], "--population", ids, on=ASKED))["無作為抽出"] is None
    ids.write_text("no ids")
    assert desk.retain("verify", asked["subject"], "--population", ids, on=ASKED).exit_code == 2


def test_a_choice_that_chance_did_not_make_is_told(desk: Desk) -> None:
    """The asker states a fine choice, and asks for other records."""
    shared(desk)
    asked = desk.json("challenge", "--random", "1", "--to", "otsu", "--seed", "3-5-1", on=ASKED, at="reviewer")
    assert asked["reason"].endswith("seed=3-5-1]")
    assert points(desk.json("verify", asked["subject"], on=ASKED, at="reviewer"))["無作為抽出"] is True
    other = next(i for i in asked["population"] if i != asked["records"][0]["record_id"])
    with open_workspace(desk.at("reviewer"), lambda: noon(ASKED), password) as workspace:
        said = find_record(read_ledger(workspace.ledger), asked["subject"]).record.body
        assert isinstance(said, Challenge)
        assert said.reason is not None
        at = said.reason.index("root=") + 5
        other_root = said.reason[:at] + "A" * 43 + said.reason[at + 43 :]
        for name, body in (
            ("picked", replace(said, records=(other,))),
            ("root", replace(said, reason=other_root)),
        ):
            record = workspace.signer().sign(RecordKind.CHALLENGE, name, body, noon(ASKED))
            workspace.log([record], noon(ASKED))
    for name in ("picked", "root"):
        found = desk.json("verify", name, on=ASKED, at="reviewer", code=1)
        assert points(found)["無作為抽出"] is False, json.dumps(found, ensure_ascii=False)

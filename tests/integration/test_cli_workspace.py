"""``biotrace init``, ``sign`` and ``show``: a workspace, what enters it, and what stands in it."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import Result

from biotrace.chain.keys import DeviceKey
from biotrace.model.casebook import Casebook
from biotrace.model.certificate import Draw
from biotrace.model.correction import Action, Correction
from biotrace.model.delivery import Delivery
from biotrace.model.fuel_class import FuelClass
from biotrace.model.quantity import Quantity, Unit
from biotrace.model.stock import Consumption, Plan, Site, StockEntry, StockKind, WithdrawnTo
from biotrace.services.key_files import sealed
from tests import casebooks
from tests.casebooks import m3, tonnes
from tests.workspaces import PASSWORD, TODAY, contents, data, envelopes, papers, received

Run = Callable[..., Result]
Write = Callable[..., Path]

OWN = ["--party", "otsu", "--name", "乙チップ工業株式会社"]
ACCREDITED = ["--accreditation", "長木-034", "--body", "nagano-body", "--from", "平成26年4月1日"]


def disk_full(*_: object, **__: object) -> None:
    raise OSError(28, "No space left on device")


# init


def test_a_workspace_is_made_once_and_says_what_comes_next(run: Run, tmp_path: Path) -> None:
    result = run("init", tmp_path / "mill", *OWN, *ACCREDITED)
    assert result.exit_code == 0
    for words in ("ワークスペースを作りました", "秘密鍵", "次は", "biotrace party add", "biotrace receive"):
        assert words in result.stdout
    assert (tmp_path / "mill/keys/device.key").stat().st_mode & 0o077 == 0
    before = contents(tmp_path / "mill")
    again = run("init", tmp_path / "mill", *OWN, lang="en")
    assert again.exit_code == 2
    assert "is not empty" in again.stderr
    assert contents(tmp_path / "mill") == before


def test_init_answers_in_json_and_an_accreditation_lasts_three_years(run: Run, tmp_path: Path) -> None:
    answer = data(run("init", tmp_path / "mill", *OWN, *ACCREDITED, "--format", "json"))
    assert answer["party"] == "otsu"
    assert len(answer["kid"]) == 32
    held = data(run("show", "otsu", "-w", tmp_path / "mill", "--format", "json"))["body"]["accreditation"]
    assert (held["from"], held["until"]) == ("2014-04-01", "2017-03-31")


@pytest.mark.parametrize(
    ("arguments", "ja", "en"),
    [
        (["--party", "", "--name", "乙"], "--party 1〜80文字の1行で", "1 to 80"),
        (["--party", "a\tb", "--name", "乙"], "--party a?b: 1〜80文字の1行で", "1 to 80"),
        ([*OWN, "--accreditation", "1"], "番号・団体・認定日の3つ", "--accreditation, --body and --from"),
        ([*OWN, *ACCREDITED, "--until", "2014-03-31"], "より前です", "accredited until 2014-03-31"),
        ([*OWN, "--role", "king"], "--role は owner、", "'king'"),
        (["--party", "otsu"], "--name を指定してください", "Missing option '--name'"),
    ],
)
def test_a_wrong_start_leaves_nothing(arguments: list[str], ja: str, en: str, run: Run, tmp_path: Path) -> None:
    for lang, words in (("ja", ja), ("en", en)):
        result = run("init", tmp_path / "mill", *arguments, lang=lang)
        assert result.exit_code == 2
        assert words in result.stderr
    assert not (tmp_path / "mill").exists()


@pytest.mark.parametrize("call", ["os.fsync", "os.replace"])
@pytest.mark.parametrize("existed", [False, True])
def test_a_full_disk_leaves_no_half_made_workspace(
    call: str, existed: bool, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mill = tmp_path / "mill"
    if existed:
        mill.mkdir()
    with monkeypatch.context() as patch:
        patch.setattr(call, disk_full)
        result = run("init", mill, *OWN)
    assert result.exit_code == 2
    assert "空き容量がありません" in result.stderr
    assert mill.exists() == existed
    assert run("init", mill, *OWN).exit_code == 0


def test_a_place_that_is_a_file_is_refused(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("mine")
    assert run("init", file, *OWN).exit_code == 2
    below = run("init", file / "mill", *OWN, lang="en")
    assert below.exit_code == 2
    assert "part of the path is no folder" in below.stderr
    assert file.read_text() == "mine"


# what is no workspace


def spoil_nothing(_: Path) -> None:
    """The folder as it is."""


def remove_config(mill: Path) -> None:
    (mill / "biotrace.json").unlink()


def garble_config(mill: Path) -> None:
    (mill / "biotrace.json").write_bytes(b"\xff{")


def other_config(mill: Path) -> None:
    (mill / "biotrace.json").write_text("[]")


def later_config(mill: Path) -> None:
    (mill / "biotrace.json").write_text('{"biotrace": "workspace/2", "party": "otsu"}')


def remove_ledger(mill: Path) -> None:
    (mill / "ledger.sqlite").unlink()


def garble_ledger(mill: Path) -> None:
    (mill / "ledger.sqlite").write_bytes(b"not a database " * 100)


def foreign_ledger(mill: Path) -> None:
    (mill / "ledger.sqlite").unlink()
    with closing(sqlite3.connect(mill / "ledger.sqlite")) as database, database:
        database.execute("CREATE TABLE accounts (id INTEGER)")


def later_ledger(mill: Path) -> None:
    with closing(sqlite3.connect(mill / "ledger.sqlite")) as database, database:
        database.execute("UPDATE biotrace_meta SET schema_version = 99")


def headless_ledger(mill: Path) -> None:
    with closing(sqlite3.connect(mill / "ledger.sqlite")) as database, database:
        database.execute("DROP TABLE bound_key")


NO_WORKSPACE: list[tuple[Callable[[Path], None], str, str]] = [
    (remove_config, "ワークスペースではありません", "is no biotrace workspace"),
    (garble_config, "biotrace.json", "no workspace settings"),
    (other_config, "biotrace.json", "no workspace settings"),
    (later_config, "更新してください", "update biotrace"),
    (remove_ledger, "がありません", "there is no ledger"),
    (garble_ledger, "ledger.sqlite", "cannot be read"),
    (foreign_ledger, "biotrace の台帳ではありません", "is not a biotrace ledger"),
    (later_ledger, "更新してください", "update biotrace"),
    (headless_ledger, "ledger.sqlite", "cannot be read"),
]


@pytest.mark.parametrize(("spoil", "ja", "en"), NO_WORKSPACE, ids=[row[0].__name__ for row in NO_WORKSPACE])
def test_what_is_no_workspace_is_refused_by_every_command(
    spoil: Callable[[Path], None], ja: str, en: str, run: Run, write: Write, mill: Path
) -> None:
    spoil(mill)
    before = contents(mill) if (mill / "ledger.sqlite").exists() and spoil is later_ledger else None
    commands: list[list[object]] = [
        ["sign", write(casebooks.clean())],
        ["issue", "--to", "plant-8", "--quantity", "1t"],
        ["show", "f-1"],
        ["pdf", "f-1"],
        ["verify"],
    ]
    for command in commands:
        for lang, words in (("ja", ja), ("en", en)):
            result = run(*command, "-w", mill, lang=lang)
            assert (result.exit_code, result.stdout) == (2, ""), command
            assert words in result.stderr
    assert before is None or contents(mill) == before


@pytest.mark.parametrize(
    ("pem", "ja", "en"),
    [
        (None, "ファイルがありません", "no such file"),
        (b"garbled", "biotrace の鍵ファイルではありません", "is no key file of biotrace"),
        (sealed(DeviceKey.generate(), PASSWORD), "otsu の鍵ではありません", "is not the key of otsu"),
    ],
    ids=["missing", "garbled", "another's"],
)
def test_without_the_device_key_nothing_is_signed_but_all_can_be_read(
    pem: bytes | None, ja: str, en: str, run: Run, write: Write, mill: Path
) -> None:
    key = mill / "keys/device.key"
    key.unlink()
    if pem is not None:
        key.write_bytes(pem)
    before = contents(mill)
    for lang, words in (("ja", ja), ("en", en)):
        for command in (["sign", write(casebooks.clean())], ["issue", "--to", "plant-8", "--quantity", "1t"]):
            result = run(*command, "-w", mill, lang=lang)
            assert (result.exit_code, result.stdout) == (2, "")
            assert "device.key" in result.stderr
            assert words in result.stderr
    assert run("verify", "-w", mill).exit_code == 0
    assert run("show", "f-1", "-w", mill).exit_code == 0
    assert contents(mill) == before


@pytest.mark.parametrize(
    "pem", [None, b"garbled", sealed(DeviceKey.generate(), PASSWORD)], ids=["missing", "garbled", "another's"]
)
def test_without_the_logs_key_nothing_is_logged_but_all_can_be_read(
    pem: bytes | None, run: Run, write: Write, mill: Path
) -> None:
    key = mill / "keys/log.key"
    assert key.stat().st_mode & 0o077 == 0
    key.unlink()
    if pem is not None:
        key.write_bytes(pem)
    before = contents(mill)
    for command in (["sign", write(papers())], ["issue", "--to", "plant-8", "--quantity", "1t", "--moisture", "0.4"]):
        result = run(*command, "-w", mill, lang="en")
        assert (result.exit_code, result.stdout) == (2, ""), result.output
        assert "log.key" in result.stderr or "this is not the key of biotrace/" in result.stderr
    assert run("verify", "-w", mill).exit_code == 0
    assert contents(mill) == before


# sign


def test_signing_takes_papers_in_as_transcriptions_and_is_idempotent(run: Run, write: Write, tmp_path: Path) -> None:
    mill, book = tmp_path / "mill", write(papers())
    run("init", mill, *OWN, *ACCREDITED)
    first = run("sign", book, "-w", mill)
    assert first.exit_code == 0
    assert "18 件に署名し、台帳の 5–22 番に入れました" in first.stdout
    before = contents(mill)
    second = run("sign", book, "-w", mill, lang="en")
    assert second.exit_code == 0
    assert "were in the ledger already" in second.stdout
    assert contents(mill) == before
    answer = data(run("sign", book, "-w", mill, "--format", "json"))
    assert (answer["added"], answer["known"], answer["first"], answer["last"]) == (0, 20, None, None)
    assert data(run("show", "f-1", "-w", mill, "--format", "json"))["transcribed"] is True


def test_next_months_casebook_adds_what_is_new(run: Run, write: Write, mill: Path) -> None:
    """Corrections, stock and the like have no ids; next month's first one is not last month's."""
    yard = Site("yard", "otsu", FuelClass.THINNED)
    gone = StockEntry(
        "yard", date(2014, 10, 1), FuelClass.THINNED, tonnes(1, None), StockKind.WITHDRAWAL, WithdrawnTo.LOST
    )
    plant = {"plant": "plant-8", "fuel_class": FuelClass.THINNED, "quantity": tonnes(9)}
    october = replace(
        received(),
        sites=(yard,),
        stock=(gone, gone),
        corrections=(Correction("f-1", Action.HOLD, date(2014, 10, 1)),),
        consumption=(Consumption(month=date(2014, 10, 1), **plant),),  # type: ignore[arg-type]
        plans=(Plan(year=2014, **plant),),  # type: ignore[arg-type]
    )
    november = replace(
        october,
        stock=(replace(gone, date=date(2014, 11, 1)), gone, gone, gone),
        corrections=(Correction("f-1", Action.RELEASE, date(2014, 10, 9)), *october.corrections),
        consumption=(Consumption(month=date(2014, 11, 1), **plant), *october.consumption),  # type: ignore[arg-type]
    )
    added = [data(run("sign", write(book), "-w", mill, "--format", "json"))["added"] for book in (october, november)]
    assert added == [6, 4]
    for book in (october, november):
        assert data(run("sign", write(book), "-w", mill, "--format", "json"))["added"] == 0


def test_another_paper_under_the_same_id_is_refused(run: Run, write: Write, mill: Path) -> None:
    book = casebooks.change(received(), "f-2", quantity=m3(51))
    book = casebooks.add(book, replace(casebooks.find(book, "f-1"), id="f-9", number="9"))
    before = contents(mill)
    result = run("sign", write(book), "-w", mill)
    assert result.exit_code == 2
    assert "証明書「f-2」は別の内容で台帳にあります" in result.stderr
    assert "corrections" in run("sign", write(book), "-w", mill, lang="en").stderr
    assert contents(mill) == before


def test_a_party_that_changed_is_told_and_an_old_version_changes_nothing_back(
    run: Run, write: Write, mill: Path
) -> None:
    moved = casebooks.change(received(), "kousei", address="長野県中野市", name="甲成林産株式会社")
    assert "以後はこの casebook の内容を使います: kousei" in run("sign", write(moved), "-w", mill).stdout
    old = run("sign", write(received()), "-w", mill)
    assert old.exit_code == 0
    assert "台帳にはより新しい内容があり、そちらを使います: kousei" in old.stdout
    assert data(run("show", "kousei", "-w", mill, "--format", "json"))["body"]["address"] == "長野県中野市"


@pytest.mark.parametrize(
    ("book", "ja", "en"),
    [
        (
            casebooks.change(papers(), "p-1", date=date(2014, 6, 1)),
            "「p-1」は、それより後の「f-1」を引いています",
            "p-1 cites f-1, which comes later",
        ),
        (
            casebooks.change(papers(), "d-1", date=date(2014, 11, 18)),
            "「d-1」は、それより後の「p-1」を引いています",
            "d-1 cites p-1, which comes later",
        ),
        (
            casebooks.change(papers(), "f-1", draws=(Draw("p-1", tonnes(1)),)),
            "引き当てが一周しています: f-1, p-1",
            "go round in a circle: f-1, p-1",
        ),
        (
            casebooks.change(papers(), "f-1", draws=(Draw("f-1", m3(1)),)),
            "引き当てが一周しています: f-1",
            "go round in a circle: f-1",
        ),
    ],
    ids=["later certificate", "delivery before its certificate", "circle", "itself"],
)
@pytest.mark.parametrize("keys", [[], ["--demo-keys"]])
def test_what_no_log_can_hold_is_refused_as_a_whole(
    book: Casebook, ja: str, en: str, keys: list[str], run: Run, write: Write, mill: Path
) -> None:
    before = contents(mill)
    for lang, words in (("ja", ja), ("en", en)):
        result = run("sign", write(book), "-w", mill, *keys, lang=lang)
        assert (result.exit_code, result.stdout) == (2, "")
        assert words in result.stderr
    assert contents(mill) == before


def test_every_party_plays_with_its_own_key_in_a_demonstration(run: Run, write: Write, mill: Path) -> None:
    book = casebooks.copy(papers(), "f-1", "f-9", number="9", quantity=m3(5))
    result = run("sign", write(book), "-w", mill, "--demo-keys")
    assert result.exit_code == 0
    assert "実演用の鍵は誰でも作れます" in result.stdout
    shown = data(run("show", "f-9", "-w", mill, "--format", "json"))
    assert (shown["issuer"], shown["transcribed"]) == ("kousei", False)
    assert "実演用の鍵" in (mill / "trust.json").read_text(encoding="utf-8")
    before = contents(mill)
    assert data(run("sign", write(book), "-w", mill, "--demo-keys", "--format", "json"))["added"] == 0
    assert contents(mill) == before


def test_old_papers_signed_today_are_said_to_come_too_late(
    run: Run, write: Write, mill: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The accreditations ended on 2017-03-31. Copies are excepted; what is out of force by its date is no news."""
    monkeypatch.setattr("cli.console.time", SimpleNamespace(time=lambda: TODAY + 10 * 365 * 86_400))
    expired = casebooks.copy(papers(), "p-1", "p-9", number="乙-9", date=date(2017, 4, 1), draws=())
    for lang, words in (("ja", "証明書 2 件は A203（由来不明）になります"), ("en", "note: 2 certificates were signed")):
        shown = run("sign", write(expired), "-w", mill, "--demo-keys", lang=lang)
        assert (shown.exit_code, words in shown.stdout) == (0, True), shown.stdout
    assert data(run("sign", write(expired), "-w", mill, "--demo-keys", "--format", "json"))["logged_too_late"] == 2
    assert "A203" not in run("sign", write(expired), "-w", mill).stdout
    assert "A203" in run("sign", "--help").stdout


def test_papers_may_be_copied_first_and_signed_by_all_later(run: Run, write: Write, mill: Path) -> None:
    """p-1 and what came to the mill without a paper, in-1, are its own: signing them is not copying them."""
    arrived = Delivery("in-1", "otsu", date(2014, 11, 1), tonnes(1))
    path, place = write(casebooks.add(papers(), arrived)), ["-w", mill, "--format", "json"]
    transcribed = []
    for keys in ([], ["--demo-keys"], []):
        assert run("sign", path, *keys, *place).exit_code == 0
        transcribed.append([data(run("show", name, *place))["transcribed"] for name in ("p-1", "in-1")])
    assert transcribed == [[True, True], [False, False], [False, False]]
    assert data(run("sign", path, *place))["added"] == 0


def test_what_the_mill_issued_is_known_when_a_casebook_lists_it(run: Run, write: Write, mill: Path) -> None:
    """So that the delivery under it can be entered."""
    run("issue", "--to", "plant-8", "--quantity", "10t", "--moisture", "0.4", "-w", mill)
    book = papers()
    own: dict[str, Any] = {"quantity": tonnes(10, 4_000), "draws": (Draw("f-1", Quantity(13_200_000, Unit.M3)),)}
    book = casebooks.change(book, "p-1", id="2-1/2014-0001", number="2014-0001", **own)
    book = casebooks.change(book, "d-1", certificate="2-1/2014-0001", quantity=tonnes(10, None))
    answer = data(run("sign", write(book), "-w", mill, "--format", "json"))
    assert answer["added"] == 1
    assert data(run("show", "2014-0001", "-w", mill, "--format", "json"))["transcribed"] is False
    assert run("verify", "d-1", "-w", mill).exit_code == 0


def test_a_full_disk_is_met_before_the_ledger_takes_anything(
    run: Run, write: Write, mill: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(mill)
    path = write(papers())
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", disk_full)
        result = run("sign", path, "-w", mill, lang="en")
    assert result.exit_code == 2
    assert "trust.json: cannot be written (no space left)" in result.stderr
    assert contents(mill) == before


def test_a_trust_file_that_could_not_be_put_in_place_is_made_good(
    run: Run, write: Write, mill: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trust = (mill / "trust.json").read_bytes()
    path = write(casebooks.change(papers(), "town", address="市役所"))
    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", disk_full)
        result = run("sign", path, "-w", mill)
    assert result.exit_code == 2
    assert "台帳には入りましたが" in result.stderr
    assert "もう一度" in result.stderr
    assert (mill / "trust.json").read_bytes() == trust
    assert run("sign", path, "-w", mill).exit_code == 0
    assert "市役所" in (mill / "trust.json").read_text(encoding="utf-8")


def test_a_damaged_ledger_takes_nothing_more(run: Run, write: Write, mill: Path) -> None:
    with closing(sqlite3.connect(mill / "ledger.sqlite")) as database, database:
        database.execute("UPDATE entry SET logged_at = 1 WHERE position = 5")
    before = envelopes(mill)
    result = run("sign", write(papers()), "-w", mill)
    assert result.exit_code == 2
    assert "壊れた記録" in result.stderr
    assert "biotrace verify" in run("sign", write(papers()), "-w", mill, lang="en").stderr
    assert envelopes(mill) == before


def test_ctrl_c_in_the_middle_leaves_nothing(
    run: Run, write: Write, mill: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = contents(mill)
    with monkeypatch.context() as patch:
        patch.setattr("biotrace.store.appending.insert_rows", interrupt)
        result = run("sign", write(papers()), "-w", mill)
    assert result.exit_code == 2
    assert "中断しました" in result.stderr
    assert contents(mill) == before


# show


def test_a_certificate_is_shown_with_names_balance_and_neighbours(run: Run, mill: Path) -> None:
    run("issue", "--to", "plant-8", "--quantity", "10t", "--moisture", "0.4", "-w", mill)
    japanese, english = (run("show", "f-1", "-w", mill, lang=lang).stdout for lang in ("ja", "en"))
    assert "引き当て・納入済み 13.2 ㎥、残り 86.8 ㎥" in japanese
    assert "drawn and delivered 13.2 ㎥, left 86.8 ㎥" in english
    assert "documents: [doc-1 (" in english
    assert "引用元: 証明書 2-1/2014-0001 (" in japanese
    shown = data(run("show", "第26-017号", "-w", mill, "--format", "json"))
    assert (shown["used"], shown["left"]) == ({"value": 13.2, "unit": "m3"}, {"value": 86.8, "unit": "m3"})
    assert [cited["subject"] for cited in shown["cites"]] == ["doc-1"]
    assert shown["body"]["quantity"] == {"value": 100, "unit": "m3"}


def test_a_correction_stands_below_what_it_corrects(run: Run, write: Write, mill: Path) -> None:
    book = casebooks.correct(received(), "f-1", Action.CANCEL, date(2014, 8, 1))
    run("sign", write(book), "-w", mill)
    shown = run("show", "f-1", "-w", mill).stdout
    assert "状態: 取消し（2014-08-01付、理由: 誤記、台帳の" in shown
    assert "番  取消し  2014-08-01付  理由: 誤記  乙チップ工業株式会社（転記）" in shown
    answer = data(run("show", "f-1", "-w", mill, "--format", "json"))
    assert [c["body"]["action"] for c in answer["corrections"]] == ["cancel"]


@pytest.mark.parametrize("subject", ["otsu", "key:otsu", "trusted-bodies", "doc-1", "plant-8"])
def test_any_kind_of_record_can_be_shown(subject: str, run: Run, mill: Path) -> None:
    record_id = data(run("show", subject, "-w", mill, "--format", "json"))["record_id"]
    by_id = run("show", record_id[:12].upper(), "-w", mill)
    assert by_id.exit_code == 0
    assert record_id in by_id.stdout


@pytest.mark.parametrize(
    ("text", "ja", "en"),
    [
        ("f-11", "近いもの: f-1", "nearest: f-1"),
        ("第26-17号", "近いもの: 第26-017号", "nearest: 第26-017号"),
        ("000000000000", "台帳にありません", "holds no record"),
        ("f", "台帳にありません", "6 or more digits"),
    ],
)
def test_what_is_not_there_is_told_with_what_is_near(text: str, ja: str, en: str, run: Run, mill: Path) -> None:
    for lang, words in (("ja", ja), ("en", en)):
        result = run("show", text, "-w", mill, lang=lang)
        assert (result.exit_code, result.stdout) == (2, "")
        assert words in result.stderr


def test_a_name_that_two_records_bear_is_not_enough(run: Run, write: Write, mill: Path) -> None:
    """The mill's transcription of f-1, and the same by its issuer's own (demonstration) key."""
    run("sign", write(papers()), "-w", mill, "--demo-keys")
    for command in ("show", "pdf", "verify"):
        result = run(command, "f-1", "-w", mill)
        assert result.exit_code == 2
        assert "「f-1」に当たる記録が2件あります" in result.stderr
        assert "name it by its record id" in run(command, "f-1", "-w", mill, lang="en").stderr


def test_the_settings_are_shown_and_changed(run: Run, mill: Path) -> None:
    shown = run("settings", "-w", mill)
    assert shown.stdout == "紙の日付: 元号\n書類の保存: 5 年\n"
    changed = run("settings", "-w", mill, "--western", "--retention-years", "7", lang="en")
    assert changed.stdout == "dates on papers: western\npapers are kept for 7 years\n"
    assert run("settings", "-w", mill, "--era", "--format", "json").exit_code == 0
    assert data(run("settings", "-w", mill, "--format", "json")) == {"western_dates": False, "retention_years": 7}
    said = json.loads((mill / "biotrace.json").read_text(encoding="utf-8"))
    assert (said["party"], said["western_dates"], said["retention_years"]) == ("otsu", False, 7)


def test_settings_that_cannot_be(run: Run, mill: Path, tmp_path: Path) -> None:
    before = (mill / "biotrace.json").read_bytes()
    assert run("settings", "-w", mill, "--retention-years", "4").exit_code == 2
    assert (mill / "biotrace.json").read_bytes() == before
    assert run("settings", "-w", tmp_path / "none").exit_code == 2
    spoilt = json.loads(before) | {"western_dates": "yes"}
    (mill / "biotrace.json").write_text(json.dumps(spoilt), encoding="utf-8")
    refused = run("settings", "-w", mill)
    assert refused.exit_code == 2
    assert "western_dates は true か false です" in refused.stderr
    assert run("settings", "-w", mill, "--western").exit_code == 0

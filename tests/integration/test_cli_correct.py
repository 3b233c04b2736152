"""``biotrace cancel``, ``replace``, ``hold`` and ``release``, and the history that they leave."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import Result

from biotrace.chain.kinds import RecordKind
from biotrace.errors import BiotraceError
from biotrace.model.certificate import Draw
from biotrace.model.correction import Action, Correction
from biotrace.model.fuel_class import FuelClass
from biotrace.services.correct import AlreadySo, Ask, Planned, log_correction, plan_correction
from biotrace.services.ledger_case import read_ledger
from biotrace.services.logged import Logged
from biotrace.services.show import show
from biotrace.services.sign import sign_casebook
from biotrace.services.workspace import Workspace, init_workspace, open_workspace
from biotrace.store.ledger import DuplicateRecord
from tests import casebooks
from tests.builders import ROOT, ChainBuilder
from tests.desks import desk, noon
from tests.workspaces import TODAY, contents, data, envelopes, papers, password

Run = Callable[..., Result]
DAY = 86_400
WRONG = ("--reason", "誤記")


def workspace_with(folder: Path, *, demo_keys: bool) -> Path:
    """The mill's workspace: what it received, what it delivered, and f-9 and p-9 to replace others with."""
    book = casebooks.copy(papers(), "f-1", "f-9", number="第26-099号")
    book = casebooks.copy(book, "p-1", "p-9", number="乙-9", buyer=casebooks.OTHER_PLANT.id)
    with init_workspace(folder, (casebooks.OTSU, casebooks.BODY), lambda: TODAY - DAY, password) as workspace:
        sign_casebook(workspace, book, demo_keys=demo_keys)
    return folder


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """Everything in it was copied by the mill."""
    return workspace_with(tmp_path / "copied", demo_keys=False)


@pytest.fixture
def signed(tmp_path: Path) -> Path:
    """Everybody signed their own: p-1 and p-9 the mill, f-1 and f-9 kousei, d-1 the plant."""
    return workspace_with(tmp_path / "signed", demo_keys=True)


@pytest.fixture
def tomorrow(run: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command on 20 November 2014."""
    monkeypatch.setattr("cli.console.time", SimpleNamespace(time=lambda: TODAY + DAY))
    return run


def opened(folder: Path, at: int = TODAY) -> Workspace:
    """The workspace in a folder."""
    return open_workspace(folder, lambda: at, password)


def last_record(folder: Path) -> Logged:
    """The record that the ledger took last."""
    with opened(folder) as workspace:
        return read_ledger(workspace.ledger).logged[-1]


def corrected(folder: Path) -> Correction:
    """What the last record corrects."""
    body = last_record(folder).record.body
    assert isinstance(body, Correction)
    return body


def record_id(run: Run, folder: Path, name: str) -> str:
    """The id of a record."""
    found: str = data(run("show", name, "-w", folder, "--format", "json"))["record_id"]
    return found


# what is written, and what is said of it


def test_a_cancellation_is_a_new_record_that_cites_the_old(run: Run, copied: Path) -> None:
    before = envelopes(copied)
    result = run("cancel", "f-1", *WRONG, "--date", "平成26年11月18日", "-w", copied)
    assert result.exit_code == 0
    first, counts, chips, undelivered, arrived, later, place, own_id = result.stdout.splitlines()
    assert first.startswith("取消し: f-1 (")
    assert first.endswith(")  2014-11-18  理由: 誤記  転記として")
    assert counts == "  判定が変わるもの 3 件（うち発電所のロット 2 件）:"
    fell = "間伐材等由来[適合] → 建設資材廃棄物[指摘]  P511（受入時は適合、今後は不適合）"
    assert (chips.startswith("    証明書 p-1 ("), chips.endswith(fell)) == (True, True)
    assert (undelivered.startswith("    証明書 p-9 ("), undelivered.endswith(fell + "  発電所のロット")) == (True, True)
    assert (arrived.startswith("    納入 d-1 ("), arrived.endswith(fell + "  発電所のロット")) == (True, True)
    assert later == "  今後これを引き当てると P508（由来不明）になります"
    assert place == f"台帳の {len(before)} 番に記録しました"
    assert envelopes(copied)[:-1] == before
    record = last_record(copied).record
    assert own_id == f"  記録ID: {record.record_id.hex()}"
    assert (record.subject, record.issuer, record.transcribed) == ("cancel:f-1", "otsu", True)
    said = Correction(record_id(run, copied, "f-1"), Action.CANCEL, date(2014, 11, 18), "誤記")
    assert record.body == said


def test_the_same_in_english(run: Run, copied: Path) -> None:
    lines = run("cancel", "f-1", *WRONG, "-w", copied, lang="en").stdout.splitlines()
    assert lines[0].endswith(")  2014-11-19  reason: 誤記  as a transcription")
    assert lines[1] == "  verdicts that change: 3, of these on lots at plants: 2"
    assert lines[4].endswith("  P511 (clean when accepted, not now)  a lot at a plant")
    assert lines[5] == "  whatever draws on it from now on is P508 (unproven)"
    assert lines[6] == f"logged as entry {len(envelopes(copied)) - 1}"


def test_one_signs_for_oneself_and_copies_for_others(run: Run, signed: Path) -> None:
    assert run("cancel", "p-9", *WRONG, "-w", signed).exit_code == 0
    assert last_record(signed).record.transcribed is False


@pytest.mark.parametrize("command", ["cancel", "hold"])
def test_a_rehearsal_shows_the_consequences_and_writes_nothing(command: str, run: Run, copied: Path) -> None:
    before = contents(copied)
    tried = run(command, "f-1", *WRONG, "--dry-run", "-w", copied)
    answer = data(run(command, "f-1", *WRONG, "--dry-run", "-w", copied, "--format", "json"))
    assert contents(copied) == before
    assert tried.exit_code == 0
    assert tried.stdout.endswith("試行なので、何も書いていません\n")
    assert (answer["logged"], answer["already"], answer["correction"]) == (False, False, None)
    done = data(run(command, "f-1", *WRONG, "-w", copied, "--format", "json"))
    assert done["logged"] is True
    assert done["affected"] == answer["affected"]


def test_the_answer_in_json_says_everything(run: Run, copied: Path) -> None:
    answer = data(run("cancel", "f-1", *WRONG, "-w", copied, "--format", "json"))
    assert (answer["action"], answer["certificate"]["subject"], answer["warnings"]) == ("cancel", "f-1", [])
    assert [(a["kind"], a["subject"], a["lot"], a["changes"]) for a in answer["affected"]] == [
        ("certificate", "p-1", False, True),
        ("certificate", "p-9", True, True),
        ("delivery", "d-1", True, True),
    ]
    chips = answer["affected"][0]
    assert (chips["before"]["confirmed"], chips["before"]["clean"]) == ("thinned", True)
    assert (chips["after"]["confirmed"], chips["after"]["clean"]) == ("construction_waste", False)
    assert "P511" in chips["after"]["fired"]
    told = answer["correction"]
    assert (told["action"], told["date"], told["reason"], told["by"]) == ("cancel", "2014-11-19", "誤記", "otsu")
    assert (told["position"], told["transcribed"]) == (len(envelopes(copied)) - 1, True)


def test_what_is_foretold_is_what_verify_says_afterwards(run: Run, copied: Path) -> None:
    for command in (["cancel", "f-1", *WRONG], ["hold", "f-9", *WRONG], ["release", "f-9"]):
        affected = data(run(*command, "-w", copied, "--format", "json"))["affected"]
        for told in affected:
            (lot,) = data(run("verify", told["subject"], "-w", copied, "--format", "json"))["lots"]
            assert (lot["confirmed"], lot["status"]) == (told["after"]["confirmed"], told["after"]["status"])
            assert lot["rules"]["fired"] == told["after"]["fired"]


def test_what_nothing_rests_on_changes_nothing(run: Run, copied: Path) -> None:
    assert "これを引き当てた証明書・納入はありません" in run("cancel", "f-9", *WRONG, "-w", copied).stdout
    run("hold", "p-9", *WRONG, "-w", copied)
    run("cancel", "p-1", *WRONG, "-w", copied)
    again = run("cancel", "f-1", *WRONG, "-w", copied, lang="en").stdout
    assert "verdicts that change: 1, of these on lots at plants: 1" in again


def test_a_certificate_that_no_delivery_cites_is_its_own_lot(run: Run, copied: Path) -> None:
    (own,) = data(run("hold", "p-9", *WRONG, "-w", copied, "--format", "json"))["affected"]
    assert (own["subject"], own["lot"], own["after"]["status"]) == ("p-9", True, "incomplete")
    lots = data(run("verify", "-w", copied, "--format", "json"))["lots"]
    (held,) = [lot for lot in lots if lot["id"] == own["record_id"]]
    assert (held["status"], held["confirmed"], held["if_passed"]) == ("incomplete", "construction_waste", "thinned")
    shown = run("verify", "-w", copied).stdout
    assert "P508 p-9: 検査できない: 2014-11-19 保留（誤記）。解除されるまで決まらない" in shown
    (own,) = data(run("cancel", "p-9", *WRONG, "-w", copied, "--format", "json"))["affected"]
    assert (own["lot"], own["after"]["fired"]) == (True, ["S108", "Q604", "P508"])
    assert len(data(run("verify", "-w", copied, "--format", "json"))["lots"]) == len(lots) - 1
    assert "[指摘] p-9" in run("verify", "p-9", "-w", copied).stdout


def test_a_hold_is_lifted_and_what_drew_on_it_meanwhile_is_not(run: Run, copied: Path) -> None:
    run("hold", "f-1", *WRONG, "-w", copied)
    hold = last_record(copied).record
    with opened(copied) as workspace:
        later = casebooks.copy(papers(), "p-1", "p-2", number="乙-2", buyer=casebooks.OTHER_PLANT.id)
        sign_casebook(workspace, casebooks.remove(later, "d-1"))
    result = run("release", "f-1", "-w", copied)
    assert "納入 d-1" in result.stdout
    assert "p-2" not in result.stdout
    assert corrected(copied).follows == hold.record_id.hex()
    assert run("verify", "d-1", "-w", copied).exit_code == 0
    assert "P508 p-2" in run("verify", "p-2", "-w", copied).stdout


def test_a_replacement_that_differs_is_pointed_out(run: Run, copied: Path) -> None:
    with opened(copied) as workspace:
        changes: dict[str, Any] = {"quantity": casebooks.tonnes(29), "buyer": casebooks.OTHER_PLANT.id}
        book = casebooks.copy(papers(), "p-1", "p-8", number="乙-8", fuel_class=FuelClass.GENERAL, **changes)
        sign_casebook(workspace, book)
    japanese = run("replace", "p-1", "--by", "p-8", *WRONG, "--dry-run", "-w", copied).stdout
    english = run("replace", "p-1", "--by", "p-8", *WRONG, "--dry-run", "-w", copied, lang="en").stdout
    assert "  注意: 区分が違います: 間伐材等由来の木質バイオマス → 一般木質バイオマス\n" in japanese
    assert "  注意: 数量が違います: 30 t → 29 t\n" in japanese
    assert "  注意: 販売先が違います: plant-8 → plant-9\n" in japanese
    assert "  note: quantity differs: 30 t → 29 t\n" in english
    assert "  note: to another buyer: plant-8 → plant-9\n" in english
    same = run("replace", "f-1", "--by", "f-9", *WRONG, "-w", copied)
    assert "注意" not in same.stdout
    assert corrected(copied).by == record_id(run, copied, "f-9")


def test_corrections_follow_each_other(run: Run, copied: Path) -> None:
    run("hold", "f-1", *WRONG, "-w", copied)
    hold = last_record(copied).record
    run("cancel", "f-1", *WRONG, "-w", copied)
    assert corrected(copied).follows == hold.record_id.hex()


# what is said already is recognised


@pytest.mark.parametrize(
    ("command", "ja", "en"),
    [
        (["cancel", "f-1", *WRONG], "取消し（2014-11-19付、理由: 誤記", "cancelled (dated 2014-11-19, 誤記"),
        (["replace", "f-1", "--by", "f-9", *WRONG], "差替え → f-9 (", "replaced → f-9 ("),
        (["hold", "f-1", *WRONG], "保留中（2014-11-19付、理由: 誤記", "on hold (dated 2014-11-19, 誤記"),
    ],
    ids=["cancel", "replace", "hold"],
)
def test_what_is_so_already_is_recognised(command: list[str], ja: str, en: str, tomorrow: Run, copied: Path) -> None:
    """Also with another reason and on another day."""
    with opened(copied) as workspace:
        by = command[3] if command[0] == "replace" else None
        plan = plan_correction(workspace, Ask(Action(command[0]), "f-1", date(2014, 11, 19), "誤記", by))
        assert isinstance(plan, Planned)
        log_correction(workspace, plan)
    before, place = contents(copied), len(envelopes(copied)) - 1
    for lang, words in (("ja", ja), ("en", en)):
        again = tomorrow(*command[:-1], "別の理由", "-w", copied, lang=lang)
        assert again.exit_code == 0
        assert words in again.stdout
    assert f"台帳の {place} 番）。何も書いていません" in tomorrow(*command, "-w", copied).stdout
    answer = data(tomorrow(*command, "-w", copied, "--format", "json"))
    assert (answer["logged"], answer["already"], answer["standing"]["correction"]["position"]) == (False, True, place)
    assert contents(copied) == before


def test_two_who_say_the_same_at_once_say_it_once(copied: Path) -> None:
    """The second one planned before the first one wrote."""
    ask = Ask(Action.CANCEL, "f-1", date(2014, 11, 19), "誤記")
    with opened(copied) as one, opened(copied) as other:
        first, second = plan_correction(one, ask), plan_correction(other, ask)
        assert isinstance(first, Planned)
        assert isinstance(second, Planned)
        logged = log_correction(one, first)
        after = contents(copied)
        same = log_correction(other, second)
    assert isinstance(logged, Logged)
    assert isinstance(same, AlreadySo)
    assert same.standing.by is not None
    assert same.standing.by.position == logged.position
    assert contents(copied) == after


def test_who_says_something_else_at_once_is_told_so(copied: Path) -> None:
    with opened(copied) as one, opened(copied) as other:
        first = plan_correction(one, Ask(Action.HOLD, "f-9", date(2014, 11, 19), "確認中"))
        second = plan_correction(other, Ask(Action.CANCEL, "f-1", date(2014, 11, 19), "誤記"))
        assert isinstance(first, Planned)
        assert isinstance(second, Planned)
        log_correction(one, first)
        after = contents(copied)
        with pytest.raises(BiotraceError) as refused:
            log_correction(other, second)
    assert refused.value.code == "conflict"
    assert contents(copied) == after


def test_the_same_record_submitted_again_is_the_same_and_no_correction(tmp_path: Path) -> None:
    """The signed bytes again, and the same content signed anew: either way the ledger says where it has it."""
    day = date(2014, 12, 1)
    with desk(tmp_path, "kousei", [(date(2014, 11, 19), ChainBuilder().story().records)], day) as workspace:
        plan = plan_correction(workspace, Ask(Action.CANCEL, "c-1", day, "誤記"))
        assert isinstance(plan, Planned)
        log_correction(workspace, plan)
        before, history = read_ledger(workspace.ledger), show(workspace, "c-1").history
        own = [e for e in before.logged if e.record.issuer == "kousei" and e.record.kind is not RecordKind.KEY]
        assert [e.record.subject for e in own] == ["doc-1", "c-1", "cancel:c-1"]
        for held in own:
            said = held.record
            anew = workspace.signer().sign(said.kind, said.subject, said.body, noon(day), said.names, said.transcribed)
            assert anew.record_id != said.record_id
            for record in (said, anew):
                with pytest.raises(DuplicateRecord) as refused:
                    workspace.log([record], noon(day))
                assert refused.value.position == held.position
                assert f"同じ内容が台帳の {held.position} 番にあります" in refused.value.message.ja
        assert read_ledger(workspace.ledger) == before
        assert show(workspace, "c-1").history == history


# what is refused


@pytest.mark.parametrize(
    ("before", "command", "code", "ja", "en"),
    [
        ([], ["release", "f-1"], "not-on-hold", "「f-1」は保留中ではありません", "f-1 is not on hold"),
        (
            [["cancel", "f-1", *WRONG]],
            ["release", "f-1"],
            "cancelled",
            "「f-1」は2014-11-19 に取り消されている（台帳の",
            "f-1 has no hold to release: it was cancelled on 2014-11-19",
        ),
        (
            [["replace", "f-1", "--by", "f-9", *WRONG]],
            ["cancel", "f-1", *WRONG],
            "replaced",
            "「f-1」は2014-11-19 に f-9 (",
            "f-1 cannot be cancelled: it was replaced by f-9 (",
        ),
        (
            [["cancel", "f-1", *WRONG]],
            ["replace", "f-1", "--by", "f-9", *WRONG],
            "cancelled",
            "差し替えられません",
            "f-1 cannot be replaced: it was cancelled",
        ),
        (
            [["cancel", "f-1", *WRONG]],
            ["hold", "f-1", *WRONG],
            "cancelled",
            "保留にできません",
            "f-1 cannot be put on hold: it was cancelled",
        ),
        (
            [],
            ["replace", "f-1", "--by", "f-1", *WRONG],
            "replaces-itself",
            "「f-1」をそれ自身で差し替えることはできません",
            "f-1 cannot replace itself",
        ),
        (
            [],
            ["replace", "f-1", "--by", "p-9", *WRONG],
            "other-issuer",
            "「p-9」の発行者は otsu で、「f-1」の発行者 kousei と違います",
            "p-9 was issued by otsu, f-1 by kousei",
        ),
        (
            [["hold", "f-9", *WRONG]],
            ["replace", "f-1", "--by", "f-9", *WRONG],
            "not-standing",
            "差替え先の「f-9」は有効ではありません（保留中）",
            "f-9 does not stand itself: on hold",
        ),
        (
            [["replace", "f-1", "--by", "f-9", *WRONG]],
            ["replace", "f-9", "--by", "f-1", *WRONG],
            "not-standing",
            "（差替え）",
            "f-1 does not stand itself: replaced",
        ),
        (
            [],
            ["cancel", "f-1", *WRONG, "--date", "2014-11-20"],
            "correction-date",
            "（2014-06-27 〜 2014-11-19）の日ではありません",
            "2014-11-20, is not from the certificate's to today's (2014-06-27 to 2014-11-19)",
        ),
        (
            [],
            ["cancel", "f-1", *WRONG, "--date", "2014-06-26"],
            "correction-date",
            "訂正の日付 2014-06-26 は",
            "the correction's date, 2014-06-26,",
        ),
        ([], ["cancel", "d-1", *WRONG], "no-such-record", "証明書は台帳にありません", "no certificate d-1"),
        ([], ["replace", "f-1", "--by", "f-8", *WRONG], "no-such-record", "近いもの: f-9", "no certificate f-8"),
        ([], ["cancel", "f-1"], "command-line", "--reason", "--reason"),
        ([], ["cancel", "f-1", "--reason", " "], "command-line", "1〜80文字の1行", "one line of 1 to 80"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_written(
    before: list[list[str]], command: list[str], code: str, ja: str, en: str, run: Run, copied: Path
) -> None:
    for earlier in before:
        assert run(*earlier, "-w", copied).exit_code == 0
    was = contents(copied)
    for lang, words in (("ja", ja), ("en", en)):
        result = run(*command, "-w", copied, lang=lang)
        assert (result.exit_code, result.stdout) == (2, "")
        assert words in result.stderr
        assert ("対処: " if lang == "ja" else "what to do: ") in result.stderr
    assert f'"error": "{code}"' in run(*command, "-w", copied, "--format", "json").stderr
    assert contents(copied) == was


@pytest.mark.parametrize("command", [["cancel"], ["replace", "--by", "f-9"], ["hold"], ["release"]])
def test_what_another_has_signed_only_they_correct(command: list[str], run: Run, signed: Path) -> None:
    before = contents(signed)
    for lang, words in (
        ("ja", "「f-1」を訂正できるのは、発行した kousei だけです（このワークスペースは otsu）"),
        ("en", "f-1 is corrected only by kousei, who issued it, not by otsu, whose workspace this is"),
    ):
        result = run(command[0], "f-1", *command[1:], *WRONG, "-w", signed, lang=lang)
        assert (result.exit_code, result.stdout) == (2, "")
        assert words in result.stderr
    assert contents(signed) == before


def test_a_replacement_that_draws_on_the_old_one_would_fall_with_it(run: Run, signed: Path) -> None:
    """The mill resells to itself: p-2 draws on p-1."""
    with opened(signed) as workspace:
        book = casebooks.copy(papers(), "p-1", "p-2", number="乙-2", draws=())
        own = casebooks.find(book, "p-1")
        draws = (Draw(own.id, casebooks.tonnes(1)),)
        sign_casebook(workspace, casebooks.change(book, "p-2", draws=draws), demo_keys=True)
    result = run("replace", "p-1", "--by", "p-2", *WRONG, "-w", signed)
    assert result.exit_code == 2
    assert "「p-2」は「p-1」を引き当てているので" in result.stderr


def test_a_damaged_ledger_takes_no_correction(run: Run, copied: Path) -> None:
    with closing(sqlite3.connect(copied / "ledger.sqlite")) as database, database:
        database.execute("UPDATE entry SET envelope = substr(envelope, 1, length(envelope) - 1) WHERE subject = 'f-9'")
    before = envelopes(copied)
    result = run("cancel", "f-1", *WRONG, "-w", copied)
    assert (result.exit_code, envelopes(copied)) == (2, before)
    assert "台帳に壊れた記録があり、書き足せません" in result.stderr


def test_a_hold_by_the_operator_is_the_operators_to_lift(tmp_path: Path) -> None:
    chain = ChainBuilder().story()
    day = date(2014, 12, 1)
    held = Correction(chain["c-1"].record_id.hex(), Action.HOLD, day, "調査中")
    chain.sign(ROOT, RecordKind.CORRECTION, "operator", held)
    with desk(tmp_path, "kousei", [(date(2014, 11, 19), chain.records)], day) as workspace:
        assert isinstance(workspace, Workspace)
        with pytest.raises(BiotraceError) as refused:
            plan_correction(workspace, Ask(Action.RELEASE, "c-1", day))
        assert refused.value.message.ja == "「c-1」を保留にしたのは kumiai です。保留は、かけた者だけが解けます"
        own = plan_correction(workspace, Ask(Action.HOLD, "c-1", day, "自社でも確認中"))
        assert isinstance(own, Planned)
        log_correction(workspace, own)
        lifted = plan_correction(workspace, Ask(Action.RELEASE, "c-1", day))
        assert isinstance(lifted, Planned)
        assert not any(affected.changes for affected in lifted.affected)


# the history


def test_show_tells_the_history_and_the_standing(run: Run, copied: Path) -> None:
    run("replace", "f-1", "--by", "f-9", *WRONG, "--date", "2014-11-01", "-w", copied)
    place = len(envelopes(copied)) - 1
    lines = run("show", "f-1", "-w", copied).stdout.splitlines()
    (standing,) = [line for line in lines if line.startswith("  状態")]
    assert standing.startswith("  状態: 差替え → f-9 (")
    assert standing.endswith(f")（2014-11-01付、理由: 誤記、台帳の {place} 番）")
    history = [line.split("  ", 3)[3] for line in lines[lines.index("  経過（台帳に入った順）:") + 1 :]]
    assert history[0].endswith("発行  2014-06-27付  乙チップ工業株式会社（転記）")
    assert history[1].startswith("台帳の")
    assert "引き当て p-1 (" in history[1]
    assert " 40 ㎥  " in history[1]
    assert "引き当て p-9 (" in history[2]
    assert "差替え → f-9 (" in history[3]
    assert history[3].endswith("  2014-11-01付  理由: 誤記  乙チップ工業株式会社（転記）")
    assert len(history) == 4
    english = run("show", "f-9", "-w", copied, lang="en").stdout
    assert "  standing: valid\n" in english
    assert "named for f-1 (" in english


def test_show_as_of_a_day_is_what_stood_at_its_end(run: Run, tomorrow: Run, copied: Path) -> None:
    tomorrow("cancel", "p-1", *WRONG, "-w", copied)
    shown = data(run("show", "p-1", "-w", copied, "--format", "json"))
    assert (shown["standing"]["state"], shown["standing"]["correction"]["reason"]) == ("cancelled", "誤記")
    assert [e["what"] for e in shown["history"]] == ["issued", "delivered", "corrected"]
    assert (shown["history"][1]["quantity"]["value"], shown["used"]["value"]) == (30, 30)
    # The clock stands at 20 November, and the papers were copied on the 18th.
    then = data(run("show", "p-1", "--as-of", "2014-11-19", "-w", copied, "--format", "json"))
    assert (then["as_of"], then["standing"]) == ("2014-11-19", {"state": "valid", "correction": None})
    assert [e["what"] for e in then["history"]] == ["issued", "delivered"]
    assert "状態（2014-11-19 時点）: 有効" in run("show", "p-1", "--as-of", "2014-11-19", "-w", copied).stdout
    drawn = data(run("show", "f-1", "-w", copied, "--format", "json"))["history"]
    assert [(e["subject"], e["ended"]) for e in drawn if e["what"] == "drawn_on"] == [("p-1", True), ("p-9", False)]


def test_show_as_of_a_day_before_it_was_logged_says_so(run: Run, copied: Path) -> None:
    early = run("show", "f-1", "--as-of", "2014-11-17", "-w", copied, lang="en")
    assert early.exit_code == 2
    assert "f-1 was logged on 2014-11-18; on 2014-11-17 the ledger did not hold it yet" in early.stderr
    unknown = run("show", "f-7", "--as-of", "2014-11-17", "-w", copied, lang="en")
    assert "the ledger holds no record f-7" in unknown.stderr


def test_other_records_have_no_history(run: Run, copied: Path) -> None:
    shown = data(run("show", "doc-1", "-w", copied, "--format", "json"))
    assert (shown["standing"], shown["history"]) == (None, [])
    assert "経過" not in run("show", "doc-1", "-w", copied).stdout


# when accepted, and now


def test_verify_says_what_a_lot_was_when_accepted(run: Run, copied: Path) -> None:
    assert data(run("verify", "d-1", "-w", copied, "--format", "json"))["lots"][0]["when_accepted"] is None
    assert "受入時" not in run("verify", "d-1", "-w", copied).stdout
    run("cancel", "f-1", *WRONG, "-w", copied)
    arrived = data(run("show", "d-1", "-w", copied, "--format", "json"))["position"]
    (lot,) = data(run("verify", "d-1", "-w", copied, "--format", "json"))["lots"]
    assert (lot["confirmed"], lot["rules"]["fired"]) == ("construction_waste", ["S108", "P511", "Q604"])
    then = lot["when_accepted"]
    assert (then["as_of"], then["entry"], then["clean"]) == ("2014-11-18", arrived, True)
    assert (then["confirmed"], then["status"], then["if_passed"]) == ("thinned", "complete", None)
    assert then["kg_bone_dry_by_class"]["thinned"] == lot["kg_bone_dry"]
    assert then["fired"] == ["S108", "Q604"]
    was = f"    受入時（2014-11-18、台帳の {arrived} 番）: 間伐材等由来、適合\n"
    assert was in run("verify", "d-1", "-w", copied).stdout
    assert (
        f"    when accepted (2014-11-18, entry {arrived}): thinned, ok\n"
        in run("verify", "-w", copied, lang="en").stdout
    )


def test_what_was_amiss_when_accepted_and_mended_since_is_told_too(run: Run, tmp_path: Path) -> None:
    """f-1 names no place; a supplement names it later."""
    folder = tmp_path / "plant"
    placeless = casebooks.change(papers(), "f-1", locations=())
    with init_workspace(folder, (casebooks.PLANT,), lambda: TODAY - DAY, password) as workspace:
        sign_casebook(workspace, placeless)
        later = casebooks.copy(placeless, "f-1", "s-1", number="補-1", locations=(casebooks.PLACE,))
        sign_casebook(workspace, casebooks.correct(later, "f-1", Action.SUPPLEMENT, date(2014, 11, 1), by="s-1"))
    (lot,) = data(run("verify", "d-1", "-w", folder, "--format", "json"))["lots"]
    then = lot["when_accepted"]
    assert (lot["confirmed"], then["confirmed"], then["clean"]) == ("thinned", "construction_waste", False)
    said = "受入時（2014-11-18、台帳の 21 番）: 建設資材廃棄物、指摘 L401\n"
    assert said in run("verify", "d-1", "-w", folder).stdout


def test_a_certificate_by_itself_was_logged_not_accepted(run: Run, copied: Path) -> None:
    run("cancel", "f-1", *WRONG, "-w", copied)
    assert "    台帳に入った時（2014-11-18、台帳の" in run("verify", "p-9", "-w", copied).stdout
    assert "    when logged (2014-11-18, entry" in run("verify", "p-9", "-w", copied, lang="en").stdout

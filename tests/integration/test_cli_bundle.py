"""biotrace bundle: wood goes from a log producer to a mill to a plant, each with a workspace of its own."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from biotrace.chain import bundle
from biotrace.documents.casebook import write_casebook
from biotrace.model.casebook import Casebook
from biotrace.services.sign import sign_casebook
from biotrace.services.workspace import init_workspace, open_workspace
from tests import casebooks
from tests.integration.conftest import Run
from tests.workspaces import TODAY, contents, data, papers, password

TRUCK = ["issue", "--to", "plant-8", "--quantity", "10m3", "--goods", "logs"]


@dataclass(frozen=True)
class Partners:
    """Three workspaces in one folder, and how to run commands in them."""

    folder: Path
    run: Run

    def at(self, name: str) -> Path:
        """A partner's workspace."""
        return self.folder / name

    def json(self, *arguments: object) -> Any:
        """What a command answers as JSON; it must not fail."""
        result = self.run(*arguments, "--format", "json", lang="en")
        assert result.exit_code in (0, 1), result.output
        return data(result)

    def pass_on(self, sender: str, receiver: str, lot: str, *options: object, pin: bool = True) -> Any:
        """Make a bundle and take it in."""
        file = self.folder / f"{sender}-{lot.replace('/', '-')}.bundle"
        file.unlink(missing_ok=True)
        made = self.run("bundle", "make", lot, "--out", file, "-w", self.at(sender), *options, lang="en")
        assert made.exit_code == 0, made.output
        return self.json("bundle", "import", file, "-w", self.at(receiver), *(["--pin"] if pin else []))


def known_to(*parties: str) -> Casebook:
    """What each of them knows of the others: who they are, and copies of their accreditations."""
    book = casebooks.clean()
    wanted = {*parties, "nagano-body"}
    return replace(
        Casebook(), parties=tuple(p for p in book.parties if p.id in wanted), trusted_bodies=("nagano-body",)
    )


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """kousei fells and certifies; otsu knows kousei and plant-8; plant-8 knows all of them."""
    folder = tmp_path_factory.mktemp("partners")
    book = papers()
    felling = replace(
        casebooks.remove(casebooks.remove(book, "d-1"), "p-1"), parties=book.parties, trusted_bodies=("nagano-body",)
    )
    with init_workspace(folder / "kousei", (casebooks.KOUSEI,), lambda: TODAY - 86_400, password) as workspace:
        sign_casebook(workspace, felling)
    for name, party in (("otsu", casebooks.OTSU), ("plant-8", casebooks.PLANT)):
        with init_workspace(folder / name, (party,), lambda: TODAY - 80_000, password) as workspace:
            sign_casebook(workspace, known_to("kousei", "otsu", "plant-8"))
    return folder


@pytest.fixture
def partners(built: Path, tmp_path: Path, run: Run) -> Partners:
    return Partners(Path(shutil.copytree(built, tmp_path / "partners")), run)


def test_wood_goes_from_the_forest_to_the_plant_by_bundles_alone(partners: Partners) -> None:
    taken = partners.pass_on("kousei", "otsu", "f-1")
    assert taken["logs"][0]["pinned"]
    assert taken["problems"] == []
    issued = partners.json(*TRUCK, "-w", partners.at("otsu"))
    assert issued["issued"], issued
    lot = issued["record_id"]
    verdict = partners.json("verify", lot, "-w", partners.at("otsu"))["lots"][0]
    assert (verdict["confirmed"], verdict["status"]) == ("thinned", "as_shown")
    taken = partners.pass_on("otsu", "plant-8", lot)
    assert len(taken["logs"]) == 2  # the mill's own, and what it hands on of the producer's
    verdict = partners.json("verify", lot, "-w", partners.at("plant-8"))["lots"][0]
    assert (verdict["confirmed"], verdict["status"]) == ("thinned", "as_shown")
    unchecked = {u["code"] for u in verdict["rules"]["not_checked"]}
    assert {"Q601", "H314", "P508", "P511", "S103"} <= unchecked


def test_taking_in_the_same_bundle_again_changes_nothing(partners: Partners) -> None:
    first = partners.pass_on("kousei", "otsu", "f-1")
    before = contents(partners.at("otsu"))
    again = partners.json("bundle", "import", partners.folder / "kousei-f-1.bundle", "-w", partners.at("otsu"))
    assert first["logs"][0]["new"] > 0
    assert again["logs"][0]["new"] == 0
    assert contents(partners.at("otsu")) == before


def test_another_logs_records_are_never_given_an_index_in_ours(partners: Partners) -> None:
    size = partners.json("log", "checkpoint", "-w", partners.at("otsu"))["size"]
    partners.pass_on("kousei", "otsu", "f-1")
    assert partners.json("log", "checkpoint", "-w", partners.at("otsu"))["size"] == size
    shown = partners.json("show", "f-1", "-w", partners.at("otsu"))
    assert shown["issuer"] == "kousei"


def test_a_log_that_was_never_met_is_not_believed_without_pinning(partners: Partners) -> None:
    file = partners.folder / "f-1.bundle"
    partners.run("bundle", "make", "f-1", "--out", file, "-w", partners.at("kousei"))
    before = contents(partners.at("otsu"))
    for lang, words in (("ja", "初めて見るログです"), ("en", "never met before")):
        result = partners.run("bundle", "import", file, "-w", partners.at("otsu"), lang=lang)
        assert (result.exit_code, result.stdout) == (2, "")
        assert words in result.stderr
        assert "--pin" in result.stderr
    assert contents(partners.at("otsu")) == before


def test_a_statement_that_these_are_all_makes_the_verdict_complete(partners: Partners) -> None:
    partners.pass_on("kousei", "otsu", "f-1", "--complete")
    lot = partners.json(*TRUCK, "-w", partners.at("otsu"))["record_id"]
    verdict = partners.json("verify", lot, "-w", partners.at("otsu"))["lots"][0]
    assert (verdict["confirmed"], verdict["status"]) == ("thinned", "complete")
    partners.pass_on("otsu", "plant-8", lot, "--complete")
    verdict = partners.json("verify", lot, "-w", partners.at("plant-8"))["lots"][0]
    assert (verdict["confirmed"], verdict["status"]) == ("thinned", "complete")


def test_a_cancellation_reaches_the_mill_with_the_next_bundle(partners: Partners) -> None:
    partners.pass_on("kousei", "otsu", "f-1")
    lot = partners.json(*TRUCK, "-w", partners.at("otsu"))["record_id"]
    cancelled = partners.run("cancel", "f-1", "--reason", "誤記", "-w", partners.at("kousei"))
    assert cancelled.exit_code == 0, cancelled.output
    partners.pass_on("kousei", "otsu", "f-1", pin=False)
    verdict = partners.run("verify", lot, "-w", partners.at("otsu"), lang="en")
    assert verdict.exit_code == 1
    assert "P511" in verdict.stdout or "P508" in verdict.stdout
    refused = partners.run(*TRUCK, "-w", partners.at("otsu"))
    assert refused.exit_code == 1


def forked(partners: Partners) -> Path:
    """kousei shows one history to otsu and keeps another for others: a bundle of the other one."""
    twin = Path(shutil.copytree(partners.at("kousei"), partners.folder / "twin"))
    partners.pass_on("kousei", "otsu", "f-1")
    for folder, reason in ((partners.at("kousei"), "誤記"), (twin, "別の理由")):
        assert partners.run("cancel", "f-1", "--reason", reason, "-w", folder).exit_code == 0
    partners.pass_on("kousei", "otsu", "f-1", pin=False)
    file = partners.folder / "other.bundle"
    assert partners.run("bundle", "make", "f-1", "--out", file, "-w", twin).exit_code == 0
    return file


def test_a_fork_is_refused_and_kept_as_evidence(partners: Partners) -> None:
    file = forked(partners)
    held = partners.json("show", "f-1", "-w", partners.at("otsu"))
    result = partners.run("bundle", "import", file, "-w", partners.at("otsu"), lang="en")
    assert result.exit_code == 2
    assert "forked" in result.stderr
    assert partners.json("show", "f-1", "-w", partners.at("otsu")) == held


def test_a_partner_that_was_renamed_is_still_the_same(partners: Partners) -> None:
    """Its log has both names; ours has the old one. Nobody has to touch anything for its papers to go on coming."""
    at = partners.at("kousei")
    assert partners.run("party", "change", "kousei", "--name", "甲成フォレスト株式会社", "-w", at).exit_code == 0
    taken = partners.pass_on("kousei", "otsu", "f-1")
    assert taken["problems"] == []
    assert partners.pass_on("kousei", "otsu", "f-1", pin=False)["problems"] == []


def test_one_id_for_two_companies_is_refused(partners: Partners) -> None:
    """The mill's own kousei is another company than the one whose log calls itself so."""
    book = known_to("kousei")
    other = replace(book, parties=tuple(replace(p, name="別の会社") if p.id == "kousei" else p for p in book.parties))
    with open_workspace(partners.at("otsu"), lambda: TODAY, password) as workspace:
        sign_casebook(workspace, other)
    file = partners.folder / "f-1.bundle"
    partners.run("bundle", "make", "f-1", "--out", file, "-w", partners.at("kousei"))
    result = partners.run("bundle", "import", file, "-w", partners.at("otsu"), "--pin", lang="en")
    assert result.exit_code == 2
    assert "kousei is 別の会社 here" in result.stderr


def test_a_stranger_with_a_log_of_his_own_does_not_pass_for_another(partners: Partners) -> None:
    """mallory makes a log, calls himself kousei, accredits himself there, and certifies wood."""
    book = papers()
    felling = casebooks.remove(casebooks.remove(book, "d-1"), "p-1")
    with init_workspace(partners.folder / "mallory", (casebooks.KOUSEI,), lambda: TODAY, password) as workspace:
        sign_casebook(workspace, felling)
    with init_workspace(partners.folder / "mill", (casebooks.OTSU,), lambda: TODAY, password) as workspace:
        sign_casebook(workspace, replace(known_to("otsu", "plant-8")))
    partners.pass_on("mallory", "mill", "f-1")
    refused = partners.run(*TRUCK, "-w", partners.folder / "mill", lang="en")
    assert refused.exit_code == 1  # even pinned, another operator's copy of its own accreditation proves nothing
    assert "A202" in refused.stdout or "A201" in refused.stdout


def spoilt(change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    def spoil(path: Path) -> None:
        path.write_bytes(change(path.read_bytes()))

    return spoil


SPOILT = {
    "another file": (lambda _: b"hello", "受け渡しファイルではありません", "no bundle of biotrace"),
    "cut short": (lambda d: d[:-100], "壊れているか、途中で切れています", "damaged, or ends early"),
    "one bit": (lambda d: d[:900] + bytes([d[900] ^ 1]) + d[901:], "壊れているか", "damaged, or ends early"),
}


@pytest.mark.parametrize("case", SPOILT)
def test_files_that_are_no_sound_bundle_are_refused(case: str, partners: Partners) -> None:
    change, ja, en = SPOILT[case]
    file = partners.folder / "f-1.bundle"
    partners.run("bundle", "make", "f-1", "--out", file, "-w", partners.at("kousei"))
    spoilt(change)(file)
    before = contents(partners.at("otsu"))
    for lang, words in (("ja", ja), ("en", en)):
        result = partners.run("bundle", "import", file, "--pin", "-w", partners.at("otsu"), lang=lang)
        assert (result.exit_code, result.stdout) == (2, "")
        assert words in result.stderr
    assert contents(partners.at("otsu")) == before


def test_a_gate_judges_a_bundle_without_any_workspace(partners: Partners) -> None:
    file, vkey = partners.folder / "f-1.bundle", partners.folder / "vkey"
    partners.run("bundle", "make", "f-1", "--out", file, "-w", partners.at("kousei"))
    unknown = partners.run("bundle", "verify", file, lang="en")
    assert unknown.exit_code == 2
    assert "--vkey" in unknown.stderr
    key = bundle.parse(file.read_bytes()).logs[0].key
    vkey.write_text(f"{key}\n")
    result = partners.run("bundle", "verify", file, "--vkey", vkey, lang="en")
    assert result.exit_code in (0, 1)
    assert "completeness not checked" in result.stdout
    assert "f-1" in result.stdout


OWNER = replace(casebooks.KOUSEI, id="owner", name="山田太郎", as_business=False, address="長野県〇〇市1-2-3")


def with_owner(partners: Partners) -> Path:
    """A workspace that knows an owner, whose private address the record only seals."""
    folder = partners.folder / "union"
    with init_workspace(folder, (casebooks.KOUSEI,), lambda: TODAY, password) as workspace:
        book = papers()
        parties = (*(p for p in book.parties if p.id != "owner"), replace(OWNER, accreditations=()))
        sign_casebook(workspace, replace(casebooks.remove(casebooks.remove(book, "d-1"), "p-1"), parties=parties))
    return folder


def test_a_private_address_is_in_no_record_and_no_bundle_unless_disclosed(partners: Partners) -> None:
    folder = with_owner(partners)
    address = OWNER.address or ""
    shown = partners.json("show", "owner", "-w", folder)
    assert shown["body"]["address"] == address
    assert address.encode() not in (folder / "trust.json").read_bytes()
    file = partners.folder / "f-1.bundle"
    partners.run("bundle", "make", "f-1", "--out", file, "-w", folder)
    assert address.encode() not in file.read_bytes()
    no_receiver = partners.run(
        "bundle", "make", "owner", "--disclose", "address", "--out", partners.folder / "x.bundle", "-w", folder
    )
    assert no_receiver.exit_code == 2


def test_a_price_is_shown_to_the_buyer_it_was_disclosed_to_and_to_nobody_else(partners: Partners) -> None:
    partners.pass_on("kousei", "otsu", "f-1")
    lot = partners.json(*TRUCK, "--price", "123456", "-w", partners.at("otsu"))["record_id"]
    assert partners.json("show", lot, "-w", partners.at("otsu"))["private"] == {"price_yen": 123456}
    taken = partners.pass_on("otsu", "plant-8", lot)
    assert taken["disclosed"] == 0
    assert partners.json("show", lot, "-w", partners.at("plant-8"))["private"] == {"price_yen": None}
    assert b"123456" not in (partners.folder / f"otsu-{lot}.bundle").read_bytes()
    for_another = partners.pass_on("otsu", "plant-8", lot, "--disclose", "price_yen", "--to", "plant-9")
    assert for_another["disclosed"] == 0
    taken = partners.pass_on("otsu", "plant-8", lot, "--disclose", "price_yen", "--to", "plant-8")
    assert taken["disclosed"] == 1
    assert partners.json("show", lot, "-w", partners.at("plant-8"))["private"] == {"price_yen": 123456}


def test_a_casebook_with_a_private_address_stays_a_casebook() -> None:
    """What a workspace seals, a casebook states: nothing of this shows in the format of casebooks."""
    book = replace(papers(), parties=(*papers().parties, replace(OWNER, accreditations=())))
    text = write_casebook(book)
    assert "sealed" not in text
    assert (OWNER.address or "") in text

"""``biotrace accredit``: a body's own records, from its desk to the mill's and the plant's, without a copied 認定書."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from biotrace.model.casebook import Casebook
from biotrace.model.party import Party
from biotrace.services import trust as trust_files
from biotrace.services.sign import sign_casebook
from biotrace.services.workspace import init_workspace, open_workspace
from tests import casebooks
from tests.integration.conftest import Run
from tests.workspaces import TODAY, contents, data, password, received

DAY = 86_400
NUMBER, SUPPLIER = "長木-034", "長木-012"
TRUCK = ["issue", "--to", "plant-8", "--quantity", "10m3", "--goods", "logs"]
ACCREDITATION = {"A202", "A203", "A204"}


def bare(party: Party) -> Party:
    """The party, of whose accreditation nothing is said."""
    return replace(party, accreditations=())


@dataclass(frozen=True)
class Desks:
    """The workspaces body, mill and plant in one folder, the body's trust list beside them, and running commands."""

    folder: Path
    run: Run

    def at(self, name: str) -> Path:
        """A workspace, or a file."""
        return self.folder / name

    def json(self, *arguments: object, code: tuple[int, ...] = (0,)) -> Any:
        """What a command answers as JSON."""
        result = self.run(*arguments, "--format", "json", lang="en")
        assert result.exit_code in code, result.output
        return data(result)

    def body(self, *arguments: object) -> Any:
        """What an ``accredit`` command of the body answers."""
        return self.json("accredit", *arguments, "-w", self.at("body"))

    def grant_both(self, *more: object) -> None:
        """The body accredits the mill, vouching for its key, and the mill's supplier."""
        start = ("--from", "2014-04-01")
        self.body("grant", "otsu", "--number", NUMBER, *start, *more)
        self.body("grant", "kousei", "--number", SUPPLIER, *start, "--name", casebooks.KOUSEI.name)

    def hand_on(self, sender: str, records: tuple[str, ...], *receivers: str, more: tuple[object, ...] = ()) -> None:
        """A bundle about the records, taken in by the receivers. Its log is in the trust list, or pinned."""
        file = self.at("handed-on.bundle")
        file.unlink(missing_ok=True)
        self.json("bundle", "make", *records, "--out", file, "-w", self.at(sender), *more)
        for receiver in receivers:
            taken = self.json("bundle", "import", file, "-w", self.at(receiver), "--pin")
            assert taken["problems"] == []

    def issued(self, day: str = "2014-11-18") -> str:
        """Record id of a certificate that the mill issues."""
        found: str = self.json(*TRUCK, "--date", day, "-w", self.at("mill"))["record_id"]
        return found

    def lot(self, name: str, lot: str) -> Any:
        """The verdict of a workspace on a lot."""
        return self.json("verify", lot, "-w", self.at(name), code=(0, 1))["lots"][0]

    def trust(self, number: int, *bodies: str) -> None:
        """The authority's next list: these accrediting bodies by the keys of their workspaces."""
        listed = "".join(
            f"  - id: nagano-body\n    name: {casebooks.BODY.name}\n"
            f"    keys: [{{key: {(self.at(body) / 'keys/device.pub').read_text().strip()}}}]\n"
            for body in bodies
        )
        source = self.at("trust.yaml")
        source.write_text(
            f"biotrace: trust-source/1\nauthority: 〇〇県協議会\nnumber: {number}\nvalid_days: 180\n"
            + (f"bodies:\n{listed}" if listed else "bodies: []\n"),
            encoding="utf-8",
        )
        made = self.at(f"{number}.list")
        key = self.at("authority.key")
        self.json("trust", "make", source, "--key", key, "--out", made)
        for name in ("mill", "plant"):
            self.json("trust", "update", made, "-w", self.at(name), "--pin", f"{key}.pub")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The body knows the mill; the mill holds wood and nobody's accreditation; the plant knows nobody."""
    folder = tmp_path_factory.mktemp("accredit")
    before = TODAY - DAY
    book = replace(received(), parties=tuple(map(bare, received().parties)), trusted_bodies=None)
    with init_workspace(folder / "mill", (bare(casebooks.OTSU),), lambda: before, password) as workspace:
        sign_casebook(workspace, book)
    for name, parties in (("body", (casebooks.BODY, bare(casebooks.OTSU))), ("plant", (casebooks.PLANT,))):
        init_workspace(folder / name, parties, lambda: before, password).close()
    return folder


@pytest.fixture
def desks(built: Path, tmp_path: Path, run: Run) -> Desks:
    found = Desks(Path(shutil.copytree(built, tmp_path / "desks")), run)
    assert run("trust", "key", found.at("authority.key")).exit_code == 0
    return found


@pytest.fixture
def trusting(desks: Desks) -> Desks:
    """Mill and plant trust the body, which has accredited the mill and its supplier, and handed that on."""
    desks.trust(1, "body")
    desks.grant_both("--member-key", desks.at("mill") / "keys/device.pub")
    desks.hand_on("body", (NUMBER, SUPPLIER), "mill", "plant", more=("--complete",))
    return desks


# from the body by way of the mill to the plant


def test_what_the_body_granted_counts_at_the_mill_and_at_the_plant(trusting: Desks) -> None:
    lot = trusting.issued()
    trusting.hand_on("mill", (lot,), "plant")
    at_the_mill, at_the_plant = trusting.lot("mill", lot), trusting.lot("plant", lot)
    assert (at_the_mill["confirmed"], at_the_mill["status"]) == ("thinned", "complete")
    assert set(at_the_mill["rules"]["passed"]) >= ACCREDITATION
    assert (at_the_plant["confirmed"], at_the_plant["status"]) == ("thinned", "as_shown")
    assert not ACCREDITATION & set(at_the_plant["rules"]["fired"])
    assert set(at_the_plant["rules"]["passed"]) >= {"A202", "A204"}
    shown = trusting.json("show", lot, "-w", trusting.at("mill"))
    assert shown["body"]["accreditation_number"] == NUMBER


def test_without_the_word_that_this_is_all_a_revocation_may_have_been_left_out(desks: Desks) -> None:
    desks.trust(1, "body")
    desks.grant_both()
    desks.hand_on("body", (NUMBER, SUPPLIER), "mill")
    verdict = desks.lot("mill", desks.issued())
    assert (verdict["confirmed"], verdict["status"]) == ("thinned", "as_shown")
    assert "A203" in {u["code"] for u in verdict["rules"]["not_checked"]}
    assert "A203" not in verdict["rules"]["passed"]


def test_a_revocation_reaches_the_plant_and_leaves_what_was_issued_before(trusting: Desks) -> None:
    before, after = trusting.issued("2014-11-18"), trusting.issued("2014-11-19")
    trusting.hand_on("mill", (before, after), "plant")
    trusting.body("revoke", NUMBER, "--date", "2014-11-19", "--reason", "虚偽の記載")
    trusting.hand_on("body", (NUMBER,), "plant")
    assert "A203" not in trusting.lot("plant", before)["rules"]["fired"]
    assert trusting.lot("plant", before)["confirmed"] == "thinned"
    assert set(trusting.lot("plant", after)["rules"]["fired"]) - casebooks.ROUTINE == {"A203"}
    assert trusting.lot("plant", after)["confirmed"] == "construction_waste"
    assert "A203" not in trusting.lot("mill", after)["rules"]["fired"]  # which has not heard of it yet
    trusting.hand_on("body", (NUMBER,), "mill")
    assert "A203" in trusting.lot("mill", after)["rules"]["fired"]
    refused = trusting.run(*TRUCK, "-w", trusting.at("mill"), lang="en")
    assert (refused.exit_code, "A203" in refused.stdout) == (1, True)


def test_the_bodys_revocation_is_stronger_than_a_copied_certificate(trusting: Desks, write: Any) -> None:
    """The plant copied the 認定書 long ago, where no revocation stands."""
    lot = trusting.issued("2014-11-19")
    trusting.hand_on("mill", (lot,), "plant")
    book = replace(casebooks.clean(), documents=(), certificates=(), deliveries=(), trusted_bodies=None)
    assert trusting.run("sign", write(book), "-w", trusting.at("plant")).exit_code == 0
    assert trusting.lot("plant", lot)["confirmed"] == "thinned"
    trusting.body("revoke", NUMBER, "--date", "2014-11-19", "--reason", "虚偽の記載")
    trusting.hand_on("body", (NUMBER,), "plant")
    assert set(trusting.lot("plant", lot)["rules"]["fired"]) - casebooks.ROUTINE == {"A203"}


def test_without_the_body_in_the_trust_list_its_word_is_nobodys(trusting: Desks) -> None:
    lot = trusting.issued()
    trusting.trust(2)
    assert set(trusting.lot("mill", lot)["rules"]["fired"]) - casebooks.ROUTINE == {"A202"}


def test_another_who_calls_himself_the_body_accredits_nobody(desks: Desks) -> None:
    """mallory's log is pinned like any other, but the trust list names the real body's key."""
    with init_workspace(desks.at("mallory"), (casebooks.BODY, bare(casebooks.OTSU)), lambda: TODAY, password):
        pass
    desks.trust(1, "body")
    desks.json(
        *("accredit", "grant", "otsu", "--number", NUMBER, "--from", "2014-04-01", "-w", desks.at("mallory")),
    )
    desks.hand_on("mallory", (NUMBER,), "mill")
    refused = desks.run(*TRUCK, "-w", desks.at("mill"), lang="en")
    assert refused.exit_code == 1
    assert desks.json("accredit", "list", "-w", desks.at("mill")) == []


# at the body's desk


def test_a_grant_is_for_three_years_and_says_what_it_says(desks: Desks) -> None:
    key = desks.at("mill") / "keys/device.pub"
    made = desks.body(
        *("grant", "乙チップ工業株式会社", "--number", NUMBER, "--from", "2014-04-01"),
        *("--scope", "チップの製造・販売", "--member-key", key),
    )
    assert (made["from"], made["until"], made["number"]) == ("2014-04-01", "2017-03-31", NUMBER)
    assert (made["party"], made["body"], made["scope"]) == ("otsu", "nagano-body", "チップの製造・販売")
    assert bytes.fromhex(made["member_key"]) == trust_files.read_key(key).raw
    assert (made["transcribed"], made["introduced"], made["renews"]) == (False, False, None)
    known = desks.json("key", "list", "-w", desks.at("body"))
    assert [k["party"] for k in known] == ["nagano-body", "nagano-body", "otsu"]
    trusted = trust_files.read_trust(desks.at("body") / "trust.json")
    assert [a.number for a in trusted.parties["otsu"].accreditations] == [NUMBER]


def test_a_newcomer_is_logged_as_a_party_first(desks: Desks) -> None:
    asked = ("grant", "heiwa", "--number", "長木-056", "--from", "2014-04-01")
    made = desks.body(*asked, "--name", "平和林業株式会社", "--role", "trader", "--address", "長野県〇〇市1-2")
    assert made["introduced"]
    party = desks.json("show", "heiwa", "-w", desks.at("body"))["body"]
    assert (party["name"], party["roles"], party["address"]) == ("平和林業株式会社", ["trader"], "長野県〇〇市1-2")


def test_a_renewal_follows_the_last_grant_by_itself(desks: Desks) -> None:
    first = desks.body("grant", "otsu", "--number", NUMBER, "--from", "2011-04-01")
    renewed = desks.body("grant", "otsu", "--number", NUMBER, "--from", "2014-04-01")
    assert renewed["renews"]["record_id"] == first["record_id"]
    shown = desks.run("accredit", "grant", "otsu", "--number", NUMBER, "--from", "2017-04-01", "-w", desks.at("body"))
    assert f"更新前: {NUMBER}  2014-04-01..2017-03-31" in shown.stdout
    after_a_gap = desks.body("grant", "otsu", "--number", NUMBER, "--from", "2020-05-01")
    assert after_a_gap["renews"] is None
    states = [s["state"] for s in desks.body("list")]
    assert states == ["expired", "in_force", "not_yet", "not_yet"]
    inspected = desks.body("inspect", NUMBER, "--date", "2014-11-01")["grant"]
    assert inspected["record_id"] == renewed["record_id"]  # of those under the number, the one of that day


def test_a_renewal_before_the_end_is_named(desks: Desks) -> None:
    first = desks.body("grant", "otsu", "--number", NUMBER, "--from", "2014-04-01")
    early = ("grant", "otsu", "--number", NUMBER, "--from", "2016-10-01")
    renewed = desks.body(*early, "--renews", first["record_id"][:12])
    assert renewed["renews"]["record_id"] == first["record_id"]


def test_the_list_tells_how_each_stands_on_a_day(desks: Desks) -> None:
    desks.grant_both("--scope", "チップ")
    desks.body("inspect", NUMBER, "--date", "2014-10-01", "--result", "良")
    desks.body("inspect", NUMBER, "--date", "2014-11-01")
    desks.body("revoke", SUPPLIER, "--date", "2014-11-10", "--reason", "申出")
    lines = desks.run("accredit", "list", "-w", desks.at("body")).stdout.splitlines()
    mill = f"乙チップ工業株式会社  {NUMBER}  2014-04-01..2017-03-31  範囲: チップ  有効"
    assert lines == [
        f"甲成林産有限会社  {SUPPLIER}  2014-04-01..2017-03-31  取消し 2014-11-10  団体: {casebooks.BODY.name}"
        "  最終検査 なし",
        f"{mill}  団体: {casebooks.BODY.name}  最終検査 2014-11-01",
    ]
    assert desks.body("list", "--as-of", "2014-11-17") == []  # nothing was logged by then
    for day, state in (("2017-02-27", "in_force"), ("2017-02-28", "expiring"), ("2017-04-01", "expired")):
        assert [s["state"] for s in desks.body("list", "--as-of", day)] == ["revoked", state]


def test_owners_and_municipalities_stand_in_no_list(desks: Desks, write: Any) -> None:
    book = replace(casebooks.clean(), documents=(), certificates=(), deliveries=(), trusted_bodies=None)
    everybody = replace(book, parties=tuple(map(bare, book.parties)))
    assert desks.run("sign", write(everybody), "-w", desks.at("body")).exit_code == 0
    assert desks.body("list") == []


# the member


def at(monkeypatch: pytest.MonkeyPatch, now: int) -> None:
    """The clock says so from here on."""
    monkeypatch.setattr("cli.console.time", SimpleNamespace(time=lambda: now))


def test_a_member_applies_in_its_own_log_and_the_body_hears_of_it(
    trusting: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, TODAY + 836 * DAY)  # 2017-03-04
    assert {s["state"] for s in trusting.body("list")} == {"expiring"}
    trusting.trust(2, "body")  # the first list has expired by now
    asked = trusting.json("accredit", "request", NUMBER, "--date", "2017-03-04", "-w", trusting.at("mill"))
    assert asked["grant"]["renewal_requested"] == "2017-03-04"
    assert asked["grant"]["log"] is not None
    trusting.hand_on("mill", (asked["record_id"],), "body")
    state = {s["number"]: (s["state"], s["renewal_requested"]) for s in trusting.body("list")}
    assert state == {NUMBER: ("in_force", "2017-03-04"), SUPPLIER: ("expiring", None)}


def test_a_member_that_copied_its_certificate_applies_too(run: Run, mill: Path) -> None:
    done = run("accredit", "request", NUMBER, "--date", "2014-11-01", "-w", mill)
    assert (done.exit_code, "更新を申請しました: 乙チップ工業株式会社" in done.stdout) == (0, True)
    listed = data(run("accredit", "list", "-w", mill, "--format", "json"))
    assert [s["renewal_requested"] for s in listed if s["number"] == NUMBER] == ["2014-11-01"]


# a company's own code


def test_a_company_with_an_audited_code_of_its_own_certifies(desks: Desks) -> None:
    code = ("accredit", "own-code", "--from", "2014-04-01", "--audit-by", "信州監査法人", "-w", desks.at("plain"))
    with init_workspace(desks.at("plain"), (bare(casebooks.OTSU),), lambda: TODAY, password) as workspace:
        book = received()
        supplier = tuple(p if p.id == "kousei" else bare(p) for p in book.parties)
        sign_casebook(workspace, replace(book, parties=supplier, trusted_bodies=None))
    refused = desks.run(*TRUCK, "-w", desks.at("plain"), lang="en")
    assert (refused.exit_code, "A201" in refused.stdout) == (1, True)
    desks.json(*code, "--audit-from", "2013-04-01", "--audit-until", "2014-03-31")
    refused = desks.run(*TRUCK, "-w", desks.at("plain"), lang="en")
    assert (refused.exit_code, "A205" in refused.stdout) == (1, True)
    recorded = desks.json(*code, "--audit-from", "2014-04-01")
    assert recorded["audit"] == {"by": "信州監査法人", "from": "2014-04-01", "until": None}
    lot = desks.json(*TRUCK, "-w", desks.at("plain"))
    verdict = desks.lot("plain", lot["record_id"])
    assert "A205" in verdict["rules"]["passed"]
    assert not {"A201", "A202", "A203", "A204"} & set(verdict["rules"]["fired"])


def test_an_own_code_counts_elsewhere_only_under_a_key_known_to_be_the_companys(desks: Desks, write: Any) -> None:
    audited = ("--audit-by", "信州監査法人", "--audit-from", "2014-04-01")
    with init_workspace(desks.at("plain"), (bare(casebooks.OTSU),), lambda: TODAY, password) as workspace:
        sign_casebook(workspace, replace(received(), trusted_bodies=None, parties=(casebooks.KOUSEI, casebooks.PLANT)))
    desks.json("accredit", "own-code", "--from", "2014-04-01", *audited, "-w", desks.at("plain"))
    lot = desks.json(*TRUCK, "-w", desks.at("plain"))["record_id"]
    desks.hand_on("plain", (lot,), "plant")
    assert "A201" in desks.lot("plant", lot)["rules"]["fired"]
    known = Casebook(parties=(bare(casebooks.OTSU),))
    assert desks.run("sign", write(known), "-w", desks.at("plant")).exit_code == 0
    assert "A201" in desks.lot("plant", lot)["rules"]["fired"]  # to know the name is not to know the key
    key = desks.at("plain") / "keys/device.pub"
    assert desks.run("key", "bind", key, "--party", "otsu", "-w", desks.at("plant")).exit_code == 0
    rules = desks.lot("plant", lot)["rules"]
    assert "A201" not in rules["fired"]
    assert "A205" in rules["passed"]


@pytest.mark.parametrize(("until", "code"), [("2014-11-19", 0), ("2014-11-18", 1)])
def test_an_own_code_is_judged_from_a_qr_code_alone(until: str, code: int, desks: Desks) -> None:
    folder = desks.at("plain")
    with init_workspace(folder, (bare(casebooks.OTSU),), lambda: TODAY, password) as workspace:
        book = received()
        supplier = tuple(p if p.id == "kousei" else bare(p) for p in book.parties)
        sign_casebook(workspace, replace(book, parties=supplier, trusted_bodies=None))
    audited = ("--audit-by", "信州監査法人", "--audit-from", "2014-04-01")
    desks.json("accredit", "own-code", "--from", "2014-04-01", *audited, "-w", folder)
    made = desks.json(*TRUCK, "--out", desks.at("truck.pdf"), "-w", folder)
    assert made["issued"]
    trust, known = desks.at("trust.json"), json.loads((folder / "trust.json").read_bytes())
    (mill,) = (p for p in known["parties"]["parties"] if p["id"] == "otsu")
    held = mill["accreditation"]
    (held[0] if isinstance(held, list) else held)["third_party_audit"]["until"] = until
    trust.write_text(json.dumps(known), encoding="utf-8")
    result = desks.run("scan", desks.at("truck.pdf"), "--trust", trust, "--details", lang="en")
    assert result.exit_code == code, result.output
    assert ("A205" in result.stdout) == bool(code)


# what is refused, before anything is signed


GRANT = ("grant", "otsu", "--number", "長木-099", "--from", "2014-04-01")
REFUSED: dict[str, tuple[tuple[str, ...], str, str]] = {
    "an unknown party": (
        ("grant", "heiwa", "--number", "長木-099", "--from", "2014-04-01"),
        "事業者「heiwa」は台帳にありません",
        "the ledger knows no party heiwa",
    ),
    "a role without a name": ((*GRANT, "--role", "trader"), "--name と一緒に", "go with --name"),
    "another name": ((*GRANT, "--name", "丙チップ"), "otsu は「乙チップ工業株式会社」で", "not 丙チップ"),
    "a number that is somebody else's": (
        ("grant", "otsu", "--number", "第 長木-０１２ 号", "--from", "2016-04-01"),
        "番号「長木-012」は 甲成林産有限会社 のものです（2014-04-01..2017-03-31）",
        "number 長木-012 is 甲成林産有限会社's",
    ),
    "the same twice": (
        ("grant", "otsu", "--number", NUMBER, "--from", "2015-04-01"),
        f"番号「{NUMBER}」で認定済みです",
        f"holds number {NUMBER} already",
    ),
    "an end before the beginning": (
        (*GRANT, "--until", "2014-03-31"),
        "終わりの日 2014-03-31 が始まりの日 2014-04-01 より前です",
        "it ends on 2014-03-31, before it begins, 2014-04-01",
    ),
    "renewing somebody else's": (
        (*GRANT, "--renews", SUPPLIER),
        "この団体による 乙チップ工業株式会社 の認定ではありません",
        "is no accreditation of 乙チップ工業株式会社",
    ),
    "renewing backwards": ((*GRANT, "--renews", NUMBER), "より後ではありません", "not after what it renews"),
    "itself": (
        ("grant", "nagano-body", "--number", "長木-1", "--from", "2014-04-01"),
        "自らを認定することはできません",
        "cannot accredit itself",
    ),
    "a revocation before the beginning": (
        ("revoke", NUMBER, "--date", "2014-03-31", "--reason", "x"),
        "2014-03-31 は 2014-04-01 から 2017-03-31 までの日ではありません",
        "2014-03-31 is not from 2014-04-01 to 2017-03-31",
    ),
    "an inspection tomorrow": (
        ("inspect", NUMBER, "--date", "2014-11-20"),
        "2014-11-20 は 2014-04-01 から 2014-11-19 までの日ではありません",
        "2014-11-20 is not from 2014-04-01 to 2014-11-19",
    ),
    "no such grant": (("inspect", "長木-777", "--date", "2014-11-19"), "「長木-777」という認定は", "no accreditation"),
    "a request by who is not the holder": (
        ("request", NUMBER, "--date", "2014-11-19"),
        "nagano-body が団体から受けた認定ではありません",
        "no accreditation of nagano-body by a body",
    ),
}


def refused(desks: Desks, workspace: str, *arguments: object, ja: str, en: str) -> None:
    """The command writes nothing and says why in both languages."""
    before = contents(desks.at(workspace))
    for lang, words in (("ja", ja), ("en", en)):
        result = desks.run("accredit", *arguments, "-w", desks.at(workspace), lang=lang)
        assert (result.exit_code, result.stdout) == (2, ""), result.output
        assert words in result.stderr
        assert ("対処: " if lang == "ja" else "what to do: ") in result.stderr
    assert contents(desks.at(workspace)) == before


def test_what_makes_no_sense_is_refused_before_anything_is_signed(desks: Desks) -> None:
    desks.grant_both()
    for arguments, ja, en in REFUSED.values():
        refused(desks, "body", *arguments, ja=ja, en=en)


def test_what_was_revoked_is_not_revoked_or_renewed_again(trusting: Desks) -> None:
    again = ("revoke", NUMBER, "--date", "2014-11-18", "--reason", "虚偽の記載")
    trusting.body(*again)
    refused(trusting, "body", *again, ja="2014-11-18 に取り消されています", en="was revoked on 2014-11-18")
    trusting.hand_on("body", (NUMBER,), "mill")
    asked = ("request", NUMBER, "--date", "2014-11-19")
    refused(trusting, "mill", *asked, ja="2014-11-18 に取り消されています", en="was revoked on 2014-11-18")
    new = trusting.body("grant", "otsu", "--number", NUMBER, "--from", "2014-11-19")
    assert new["renews"] is None


def test_renewal_is_applied_for_once(run: Run, mill: Path) -> None:
    asked = ("accredit", "request", NUMBER, "--date", "2014-11-01", "-w", mill)
    assert run(*asked).exit_code == 0
    again = run(*asked)
    assert (again.exit_code, "2014-11-01 に申請済みです" in again.stderr) == (2, True)


def test_only_a_body_accredits_and_only_its_own(trusting: Desks) -> None:
    words = {"ja": "乙チップ工業株式会社 は認定団体ではありません", "en": "is no accrediting body"}
    refused(trusting, "mill", "grant", "kousei", "--number", "乙-1", "--from", "2014-04-01", **words)
    refused(trusting, "mill", "revoke", SUPPLIER, "--date", "2014-11-19", "--reason", "x", **words)
    with init_workspace(trusting.at("gifu"), (casebooks.OTHER_BODY,), lambda: TODAY, password):
        pass
    trusting.hand_on("body", (NUMBER,), "gifu")
    revoking = ("revoke", NUMBER, "--date", "2014-11-19", "--reason", "x")
    refused(trusting, "gifu", *revoking, ja="記録できるのは nagano-body だけです", en="only nagano-body may say this")


def test_a_key_that_is_bound_is_not_bound_again(trusting: Desks) -> None:
    key = trusting.at("mill") / "keys/device.pub"
    renewing = ("grant", "otsu", "--number", NUMBER, "--from", "2017-04-01")
    words = {"ja": "すでに otsu の鍵として登録されています", "en": "is already bound, to otsu"}
    refused(trusting, "body", *renewing, "--member-key", key, **words)
    assert trusting.body(*renewing)["member_key"] is None


def test_a_report_on_a_dispute_is_borne_out_by_its_bundle_and_so_are_its_yen(trusting: Desks) -> None:
    """Where bodies signed what they granted, a third party finds all that the mill does."""
    lot = trusting.issued()
    folder, keys = trusting.at("report"), []
    terms = ("--approved", "2015", "--kw", "5000", "--kwh-per-t", "1100")
    made = trusting.json("report", "dispute", lot, "--out", folder, *terms, "-w", trusting.at("mill"), code=(0, 1))
    assert (made["not_borne_out"], made["differs_to_others"]) == ([], [])
    for name in ("mill", "body"):
        with open_workspace(trusting.at(name), lambda: TODAY, password) as workspace:
            path = trusting.at(f"{name}.vkey")
            path.write_text(str(workspace.ledger.log_name), encoding="utf-8")
        keys += ["--vkey", path]
    found = trusting.json("report", "verify-dispute", folder, *keys, "--trust", trusting.at("1.list"))
    assert found["agrees"] is True
    assert found["yen_checked"] is True
    assert found["only_shown"] == [lot]  # of the body's log nobody says that these are all that bear on it
    said = trusting.run("report", "verify-dispute", folder, *keys, "--trust", trusting.at("1.list")).stdout
    assert "添えた記録からは「提示分」" in said
    assert (found["lots"][0]["confirmed"], found["lots"][0]["status"]) == ("thinned", "as_shown")

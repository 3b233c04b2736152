"""Attacks, each by its name, as a clerk or a gate meets them: what is seen, that nothing was taken in, and that what is
honest stays good.

``ATTACKS`` names the test of every attack, here or where it stands already; ``docs/security.md`` is checked against it.
"""

from __future__ import annotations

import ast
import hashlib
import json
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import Result

from biotrace.chain import base45, bundle, cbor
from biotrace.chain.bundled import LogPart
from biotrace.chain.disclosure import Disclosure, seal
from biotrace.chain.kinds import KeyBinding, KeyEnd, KeyEndReason, RecordKind
from biotrace.chain.qrtext import PREFIX, from_text, to_text
from biotrace.chain.record import Record, Signer, parse_record
from biotrace.chain.trust_content import BodyKey
from biotrace.errors import BiotraceError
from biotrace.model.accreditation import Revocation
from biotrace.model.correction import Action, Correction
from biotrace.model.party import Party, Role
from biotrace.model.private import PrivateField
from biotrace.services import trust
from biotrace.services.find import find_lot
from biotrace.services.ledger_case import read_ledger
from biotrace.services.workspace import init_workspace, open_workspace
from tests import casebooks
from tests.builders import NOW, ROOT, device_key, m3
from tests.integration.test_cli_bundle import TRUCK
from tests.schemes import BODY, Scheme, fired, logged_at
from tests.trust_lists import AUTHORITY, DAY
from tests.workspaces import TODAY, contents, data, password

Run = Callable[..., Result]

_HERE = "tests/integration/test_attacks.py::"
_LOG = "tests/integration/test_attacks_log.py::"
_TRUST = "tests/integration/test_cli_trust.py::"
ATTACKS: dict[str, str] = {
    "altered record": "tests/property/test_tampering.py::test_whatever_bytes_are_changed_the_command_says_which_entry",
    "altered certificate on paper": "tests/integration/test_cli_paper.py::"
    "test_a_certificate_altered_by_one_letter_is_caught",
    "swapped order": _LOG + "test_swapped_order_in_the_ledger",
    "swapped order in a published log": _LOG + "test_swapped_order",
    "dropped record": _LOG + "test_dropped_record_in_the_ledger",
    "dropped record in a published log": _LOG + "test_dropped_record",
    "fork by an issuer": _HERE + "test_fork_by_an_issuer",
    "rollback by the log": _LOG + "test_rollback_by_the_log",
    "older ledger put back": _LOG + "test_rollback_of_the_ledger_file",
    "split view": _LOG + "test_split_view",
    "back-dated record": _HERE + "test_back_dated_record",
    "back-dated log time": _LOG + "test_back_dated_log_time",
    "expired trust list": _TRUST + "test_attack_expired_trust_list",
    "rolled-back trust list": _TRUST + "test_attack_rolled_back_trust_list",
    "trust list by a stranger": _TRUST + "test_attack_lists_that_must_not_be_taken",
    "revoked accreditation": _HERE + "test_revoked_accreditation",
    "stolen key after cut-off": "tests/integration/test_cli_key.py::"
    "test_a_stolen_keys_records_count_until_the_day_of_the_theft_only",
    "cut-off used against the ledger itself": _HERE + "test_the_cut_off_of_a_stolen_key_stops_nobody_else",
    "use of a key that was replaced": "tests/integration/test_cli_key.py::"
    "test_a_new_key_takes_over_and_the_old_one_is_refused_from_then_on",
    "stolen key binds more keys": "tests/unit/test_admit_keys.py::"
    "TestFallingWithTheBinder::test_keys_bound_by_a_stolen_key_after_its_end_fall_and_those_before_stay",
    "stolen key of a body, in another log": _HERE + "test_stolen_key_of_a_body_in_another_log",
    "leaked key bound again in another log": _HERE + "test_a_leaked_key_does_not_come_back_by_another_log",
    "trust file that never grows old": _HERE + "test_a_trust_file_that_never_grows_old",
    "body binds a key to another body": "tests/unit/test_admit_keys.py::"
    "TestBinding::test_a_body_binds_no_key_to_another_body",
    "foreign accreditation number": _HERE + "test_foreign_accreditation_number",
    "replay of a record into another log": _HERE + "test_replay_of_a_record_into_another_log",
    "replay of a receipt into another log": _LOG + "test_replay_of_a_receipt_into_another_log",
    "stranger's draw": _HERE + "test_a_strangers_draw_takes_nothing",
    "stranger's draw in my name, in a log of his own": _HERE + "test_a_stranger_in_my_name_in_a_log_of_his_own",
    "stranger's hold on my certificate": _HERE + "test_a_hold_in_another_log_stops_nobody",
    "zip-bomb QR": _HERE + "test_zip_bomb_qr",
    "zip-bomb bundle": _HERE + "test_zip_bomb_bundle",
    "zip-bomb backup": "tests/integration/test_backup_file.py::test_what_is_compressed_is_refused",
    "backup that writes elsewhere": "tests/integration/test_backup_file.py::"
    "test_a_name_that_leads_elsewhere_is_refused",
    "log whose keys end one another without end": _HERE + "test_keys_that_end_one_another",
    "malleable signature": _HERE + "test_malleable_signature",
    "re-encoded signature": _HERE + "test_re_encoded_signature",
    "unprotected header": _HERE + "test_unprotected_header",
    "small-order public key": _HERE + "test_small_order_public_key",
    "member accredits itself": "tests/integration/test_who_accredits.py::test_a_member_cannot_accredit_itself",
    "body's name taken by a stranger's log": _HERE + "test_a_bodys_name_taken_by_a_strangers_log",
    "stranger's log says who needs no accreditation": _HERE + "test_a_strangers_log_says_who_needs_none",
    "bundle that leaves out the cancellation": _HERE + "test_a_bundle_that_leaves_out_the_cancellation",
    "disclosure for another field": _HERE + "test_disclosure_for_another_field",
    "bundle with one good and one forked log": _HERE + "test_what_is_refused_is_not_taken_by_halves",
    "cosignature replayed": _LOG + "test_cosignature_replayed",
    "witness led to sign two histories": _LOG + "test_a_witness_is_led_to_sign_two_histories",
}
"""Attack -> the test in which it fails."""


@pytest.mark.parametrize("attack", ATTACKS)
def test_every_attack_has_its_test(attack: str) -> None:
    path, *names = ATTACKS[attack].split("::")
    scope: list[ast.stmt] = ast.parse((Path(__file__).parents[2] / path).read_text(encoding="utf-8")).body
    for name in names:
        found = [node for node in scope if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == name]
        assert len(found) == 1, ATTACKS[attack]
        scope = found[0].body


def refused(run: Run, folder: Path, *command: object, code: str, en: str) -> None:
    """The command is refused with these words, in Japanese too, and the workspace is as before."""
    before = contents(folder)
    result = run(*command, "-w", folder, lang="en")
    assert (result.exit_code, result.stdout) == (2, ""), result.output
    assert en in result.stderr
    assert "what to do: " in result.stderr
    result = run(*command, "-w", folder, "--format", "json")
    assert f'"error": "{code}"' in result.stderr
    assert contents(folder) == before


@pytest.fixture
def qr(run: Run, tmp_path: Path) -> Callable[[Record | bytes], Result]:
    """Scan a certificate by the key of kousei."""
    key = tmp_path / "kousei.pub"
    key.write_bytes(trust.key_text(device_key("kousei").public))

    def scan(scanned: Record | bytes) -> Result:
        code = tmp_path / "code.txt"
        code.write_text(to_text(scanned.envelope if isinstance(scanned, Record) else scanned))
        return run("scan", code, "--key", key, "--details", lang="en")

    return scan


# by an issuer


def test_fork_by_an_issuer(run: Run, tmp_path: Path) -> None:
    """The mill signs two records for one place of its key's chain; the log's operator takes both."""
    scheme = Scheme()
    place = scheme.chain["c-2"]
    scheme.chain.signers["otsu"] = Signer(device_key("otsu"), "otsu", place.seq, place.prev)
    scheme.chain.processing("c-3", {"c-1": m3(2_500)})
    lots = scheme.at_gate(run, tmp_path, ["c-1", "c-2", "c-3"])
    assert (lots["c-3"]["confirmed"], "S103" in fired(lots["c-3"])) == ("construction_waste", True)
    assert (lots["c-1"]["confirmed"], lots["c-2"]["confirmed"]) == ("thinned", "thinned")
    assert fired(lots["c-2"]) == {}, "the first one logged stands, and the second took nothing from it"


def test_back_dated_record(run: Run, tmp_path: Path) -> None:
    """Dated the day before the accreditation was revoked, and logged long after: the log's time is nobody's choice."""
    scheme = Scheme()
    grant = scheme.grants("otsu", number="長木-034", start=date(2014, 4, 2))
    scheme.chain.sign(BODY, RecordKind.REVOCATION, "revoked", Revocation(grant, date(2014, 9, 2)))
    scheme.chain.processing("c-3", {"c-1": m3(11)}, date=date(2014, 9, 1), accreditation_number="長木-034")
    lots = scheme.at_gate(run, tmp_path, ["c-1", "c-3"])
    (late,) = (f for f in lots["c-3"]["findings"] if f["code"] == "A203")
    assert late["message"] == "logged too long after the accreditation had ended"
    assert "logged on 2014-11-20" in late["found"]
    assert {"S107"} <= {f["code"] for f in lots["c-3"]["findings"] if f["effect"] == "notice"}
    assert lots["c-3"]["confirmed"] == "construction_waste"
    assert (lots["c-1"]["confirmed"], fired(lots["c-1"])) == ("thinned", {})


def test_revoked_accreditation(run: Run, tmp_path: Path) -> None:
    scheme = Scheme(wood=False)
    grant = next(r for r in scheme.chain.records if r.subject == "grant-kousei").record_id.hex()
    scheme.chain.felling("before", ("doc-1",), date=date(2014, 10, 31))
    scheme.chain.felling("after", ("doc-1",), date=date(2014, 11, 2), number="第26-018号")
    scheme.chain.sign(BODY, RecordKind.REVOCATION, "revoked", Revocation(grant, date(2014, 11, 1)))
    lots = scheme.at_gate(run, tmp_path, ["before", "after"])
    assert (lots["before"]["confirmed"], fired(lots["before"])) == ("thinned", {})
    assert lots["after"]["confirmed"] == "construction_waste"
    assert "revoked 2014-11-01" in fired(lots["after"])["A203"]


def test_foreign_accreditation_number(run: Run, tmp_path: Path) -> None:
    """The mill writes its supplier's number on its own certificate."""
    scheme = Scheme()
    scheme.chain.processing("c-3", {"c-1": m3(11)}, accreditation_number="第長木－０１２号")
    lots = scheme.at_gate(run, tmp_path, ["c-1", "c-2", "c-3"])
    assert fired(lots["c-3"]) == {"A202": "第長木－０１２号: the number of 甲成林産有限会社"}
    assert lots["c-3"]["confirmed"] == "construction_waste"
    assert (lots["c-1"]["confirmed"], lots["c-2"]["confirmed"]) == ("thinned", "thinned")


# by a stranger, in the same log or in one of his own


def test_a_strangers_draw_takes_nothing(run: Run, tmp_path: Path) -> None:
    """mallory, a member of the scheme, draws all of a certificate that is made out to otsu, before otsu does."""
    scheme = Scheme()
    scheme.states(Party("mallory", "マロリー商店", (Role.PROCESSOR,)))
    scheme.grants("mallory", number="長木-099")
    scheme.chain.processing("c-x", {"c-1": m3(2_575)}, seller="mallory", accreditation_number="長木-099")
    scheme.chain.processing("c-3", {"c-1": m3(2_564)})
    lots = scheme.at_gate(run, tmp_path, ["c-1", "c-2", "c-3", "c-x"])
    assert "P502" in fired(lots["c-x"])
    assert lots["c-x"]["confirmed"] == "construction_waste"
    for honest in ("c-1", "c-2", "c-3"):
        assert (lots[honest]["confirmed"], fired(lots[honest])) == ("thinned", {}), honest


def test_a_stranger_in_my_name_in_a_log_of_his_own(run: Run, mill: Path, tmp_path: Path) -> None:
    """His log binds a key of his to otsu. Taken in, its draws would count as otsu's own."""
    scheme = Scheme("log.example/mallory")
    file = scheme.file(tmp_path, ["c-2"])
    words = "signs with key " + device_key("otsu").kid.hex() + ", which is not among its keys in this ledger"
    refused(run, mill, "bundle", "import", file, "--pin", code="party-keys", en=words)
    assert run(*TRUCK, "-w", mill).exit_code == 0
    # With otsu's own word, which is a record of its root key, it is another device of otsu's.
    other = tmp_path / "other.pub"
    other.write_bytes(trust.key_text(device_key("otsu").public))
    assert run("key", "bind", other, "--party", "otsu", "-w", mill).exit_code == 0
    assert run("bundle", "import", file, "--pin", "-w", mill).exit_code == 0


def test_a_hold_in_another_log_stops_nobody(run: Run, mill: Path, tmp_path: Path) -> None:
    """A root key may put any certificate on hold; but the root of another log only in that log."""
    scheme = Scheme("log.example/kousei", wood=False)
    scheme.chain.felling("c-1", ("doc-1",), date=date(2014, 11, 10), accreditation_number="長木-012", number="K-1")
    assert run("bundle", "import", scheme.file(tmp_path, ["c-1"]), "--pin", "-w", mill).exit_code == 0
    lot = data(run("issue", "--to", "plant-8", "--quantity", "10m3", "--goods", "logs", "--from", "K-1=10m3",
                   "-w", mill, "--format", "json"))["record_id"]  # fmt: skip
    mallory = tmp_path / "mallory"
    with init_workspace(mallory, (Party("mallory", "マロリー商店", (Role.TRADER,)),), lambda: TODAY, password):
        pass
    assert run("bundle", "import", scheme.file(tmp_path, ["c-1"]), "--pin", "-w", mallory).exit_code == 0
    with open_workspace(mallory, lambda: TODAY, password) as workspace:
        held = find_lot(read_ledger(workspace.ledger), "K-1").record.record_id.hex()
        hold = Correction(held, Action.HOLD, date(2014, 11, 19), "嫌がらせ")
        workspace.log([workspace.root().sign(RecordKind.CORRECTION, "hold", hold, TODAY)], TODAY)
    file = tmp_path / "hold.bundle"
    made = run("bundle", "make", "K-1", "--out", file, "-w", mallory)
    assert made.exit_code == 0, made.output
    before = data(run("verify", lot, "-w", mill, "--format", "json"))["lots"][0]
    taken = run("bundle", "import", file, "--pin", "-w", mill, "--format", "json")
    assert sum(log["new"] for log in data(taken)["logs"]) > 0, "the hold is there …"
    after = data(run("verify", lot, "-w", mill, "--format", "json"))["lots"][0]
    assert (after["confirmed"], after["findings"]) == (before["confirmed"], before["findings"])
    assert after["confirmed"] == "thinned", "… and counts for nothing"


def test_replay_of_a_record_into_another_log(run: Run, mill: Path, tmp_path: Path) -> None:
    """A record of log A, with A's receipt, is offered as log B's: it is not there, and is not taken in."""
    a, b = Scheme("log.example/a"), Scheme("log.example/b", wood=False)
    replayed = a.log().bundled(a.log().index("c-1"))

    def smuggled(part: LogPart) -> LogPart:
        return replace(part, records=(*part.records, replayed))

    file = b.file(tmp_path, [], complete=False, change=smuggled)
    taken = run("bundle", "import", file, "--pin", "-w", mill, "--format", "json", lang="en")
    assert taken.exit_code == 1
    problems = data(taken)["problems"]
    assert {problem["id"] for problem in problems} == {replayed.record_id.hex()}
    assert "not proven at index" in problems[0]["message"]
    assert run("show", replayed.record_id.hex(), "-w", mill).exit_code == 2
    # From its own log it is as good as ever.
    assert run("bundle", "import", a.file(tmp_path, ["c-1"], without=["c-2"]), "--pin", "-w", mill).exit_code == 0
    assert run("show", replayed.record_id.hex(), "-w", mill).exit_code == 0


def test_a_bodys_name_taken_by_a_strangers_log(run: Run, mill: Path, tmp_path: Path) -> None:
    """In mallory's log a key of his is the body's, and accredits him."""
    honest, false = Scheme("log.example/honest", wood=False), Scheme("log.example/mallory", wood=False)
    trusted = honest.trust(tmp_path, BodyKey(device_key("the body").public))
    assert run("trust", "update", trusted, "-w", mill, "--pin", AUTHORITY.kid.hex()).exit_code == 0
    for scheme in (honest, false):
        scheme.states(Party("mallory", "マロリー商店", (Role.PRODUCER,)))
    false.grants("mallory", number="長木-099")
    false.chain.felling("false", ("doc-1",), "mallory", date=date(2014, 11, 10), accreditation_number="長木-099")
    assert run("bundle", "import", false.file(tmp_path, ["false"]), "--pin", "-w", mill).exit_code == 0
    record_id = false.chain["false"].record_id.hex()
    (lot,) = data(run("verify", record_id, "-w", mill, "--format", "json", lang="en"))["lots"]
    assert fired(lot) == {"A202": "長木-099: unknown"}
    assert lot["confirmed"] == "construction_waste"
    (own,) = data(run("verify", "f-1", "-w", mill, "--format", "json"))["lots"]
    assert (own["confirmed"], fired(own)) == ("thinned", {}), "the mill's own papers are as before"


@pytest.mark.parametrize("role", [Role.FOREST_OFFICE, Role.MUNICIPALITY])
def test_a_strangers_log_says_who_needs_none(role: Role, run: Run, mill: Path, tmp_path: Path) -> None:
    """mallory's log says that mallory is an office, which needs no accreditation."""
    scheme = Scheme("log.example/mallory", wood=False)
    scheme.states(Party("mallory", "架空森林管理署", (role,)))
    scheme.chain.felling("c-1", ("doc-1",), "mallory", date=date(2014, 11, 10), accreditation_number=None)
    file = scheme.file(tmp_path, ["c-1"])
    assert run("bundle", "import", file, "--pin", "-w", mill).exit_code == 0
    record_id = scheme.chain["c-1"].record_id.hex()
    pinned = data(run("verify", record_id, "-w", mill, "--format", "json"))["lots"][0]
    assert (pinned["confirmed"], list(fired(pinned))) == ("construction_waste", ["A201"])
    # Where an authority's trust list names the log, its operator's word on offices counts.
    assert run("trust", "update", scheme.trust(tmp_path), "-w", mill, "--pin", AUTHORITY.kid.hex()).exit_code == 0
    listed = data(run("verify", record_id, "-w", mill, "--format", "json"))["lots"][0]
    assert (listed["confirmed"], fired(listed)) == ("thinned", {})


# by a thief


def test_stolen_key_of_a_body_in_another_log(run: Run, tmp_path: Path) -> None:
    """The trust list says until when the body's key counts; what another log took later is no accreditation."""
    scheme = Scheme()
    scheme.states(Party("mallory", "マロリー商店", (Role.PRODUCER,)))
    before = len(scheme.chain.records)
    scheme.grants("mallory", number="長木-099")
    scheme.chain.felling("false", ("doc-1",), "mallory", date=date(2014, 11, 10), accreditation_number="長木-099")
    times = [*logged_at(before, last=NOW), *range(NOW + DAY, NOW + DAY + len(scheme.chain.records) - before)]
    cut_off = scheme.trust(tmp_path, BodyKey(device_key(BODY).public, NOW + DAY // 2))
    lots = scheme.at_gate(run, tmp_path, ["c-1", "false"], cut_off, times=times)
    assert (lots["c-1"]["confirmed"], fired(lots["c-1"])) == ("thinned", {}), "what it signed before stays good"
    assert (lots["false"]["confirmed"], fired(lots["false"])) == ("construction_waste", {"A202": "長木-099: unknown"})
    sound = scheme.at_gate(run, tmp_path, ["false"], scheme.trust(tmp_path), times=times)
    assert sound["false"]["confirmed"] == "thinned", "it is the cut-off that tells"


def test_the_cut_off_of_a_stolen_key_stops_nobody_else(run: Run, mill: Path, tmp_path: Path) -> None:
    """What the thief signed is void; the ledger is not damaged by that, and takes more, and can be restored."""
    stolen = data(run(*TRUCK, "-w", mill, "--format", "json"))["record_id"]
    assert run("key", "new", "-w", mill, "--reason", "leaked", "--since", "2014-11-19").exit_code == 0
    found = run("verify", stolen, "-w", mill, lang="en")
    assert found.exit_code == 1
    assert "S102" in found.stdout
    assert "issue anew, with the new key" in found.stdout
    honest = run(*TRUCK, "-w", mill, "--format", "json")
    assert honest.exit_code == 0, honest.output
    (lot,) = data(run("verify", data(honest)["record_id"], "-w", mill, "--format", "json"))["lots"]
    assert (lot["confirmed"], fired(lot)) == ("thinned", {}), "what the thief drew is there to be drawn"
    for command in (
        ("cancel", data(honest)["record_id"], "--reason", "誤記"),
        ("bundle", "make", "f-1", "--out", tmp_path / "f-1.bundle"),
        ("backup", tmp_path / "mill.zip"),
    ):
        result = run(*command, "-w", mill)
        assert result.exit_code == 0, result.output
    restored = run("restore", tmp_path / "mill.zip", tmp_path / "new", "--continue")
    assert restored.exit_code == 0, restored.output


def test_a_leaked_key_does_not_come_back_by_another_log(run: Run, mill: Path, tmp_path: Path) -> None:
    """The thief's log binds it again, to the same party: at the gate our own log's word on its keys is the last."""
    paper = tmp_path / "a.pdf"
    assert run(*TRUCK, "-w", mill, "--out", paper).exit_code == 0
    gate = ("-w", mill, "--plant", "plant-8", "--details")
    assert run("scan", paper, *gate).exit_code == 0
    leaked = trust.read_key(mill / "keys/device.pub")
    # Bound on that day itself: nothing that it ever signed counts.
    assert run("key", "new", "-w", mill, "--reason", "leaked", "--since", "2014-11-18").exit_code == 0
    assert run("scan", paper, *gate).exit_code == 1
    scheme = Scheme("log.example/thief", wood=False)
    scheme.chain.sign(ROOT, RecordKind.KEY, "again", KeyBinding(leaked.raw, "otsu", casebooks.OTSU.name))
    assert run("bundle", "import", scheme.file(tmp_path, []), "--pin", "-w", mill).exit_code == 0
    result = run("scan", paper, *gate, lang="en")
    assert result.exit_code == 1
    assert "signed by an unknown key" in result.stdout


def test_a_trust_file_that_never_grows_old(run: Run, mill: Path, tmp_path: Path) -> None:
    """It says that it was made in the year 9999, so that keys which end meanwhile go on counting at the gate."""
    paper, kept = tmp_path / "a.pdf", mill / "trust.json"
    assert run(*TRUCK, "-w", mill, "--out", paper).exit_code == 0
    assert run("scan", paper, "--trust", kept).exit_code == 0
    said = json.loads(kept.read_text(encoding="utf-8"))
    kept.write_text(json.dumps(said | {"made_at": "9999-01-01 09:00:00"}), encoding="utf-8")
    result = run("scan", paper, "--trust", kept, lang="en")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "in the future" in result.stderr
    kept.write_text("[" * 200_000)
    assert run("scan", paper, "--trust", kept).exit_code == 2


# by the sender of a bundle


def test_a_bundle_that_leaves_out_the_cancellation(run: Run, tmp_path: Path) -> None:
    scheme = Scheme()
    scheme.chain.correction("cancelled", "c-1", Action.CANCEL)
    open_lots = scheme.at_gate(run, tmp_path, ["c-2"], without=["cancelled"], complete=False)
    assert open_lots["c-2"]["status"] == "as_shown"
    unchecked = {u["code"] for u in open_lots["c-2"]["rules"]["not_checked"]}
    assert {"P508", "P511", "Q601", "S103"} <= unchecked
    claimed = run("bundle", "verify", scheme.file(tmp_path, ["c-2"], without=["cancelled"]), "--trust",
                  scheme.trust(tmp_path), "--format", "json", lang="en")  # fmt: skip
    (log,) = data(claimed)["logs"]
    assert not log["complete"], "the operator's word was given for more records than are there"
    assert "the records here are not the" in log["incomplete"]
    assert data(claimed)["lots"][0]["status"] == "as_shown"
    shown = scheme.at_gate(run, tmp_path, ["c-2"])
    assert (shown["c-2"]["status"], shown["c-2"]["confirmed"]) == ("complete", "construction_waste")
    assert "P511" in fired(shown["c-2"])


def test_disclosure_for_another_field(run: Run, mill: Path, tmp_path: Path) -> None:
    """A feller's address is passed off as the owner's: the hash binds the field too."""
    salt, address = bytes(range(16)), "長野県〇〇市1-2-3"
    scheme = Scheme("log.example/kousei", wood=False)
    sealed = (
        seal(PrivateField.OWNER_ADDRESS, "長野県□□市9-9-9", salt[::-1]),
        seal(PrivateField.FELLER_ADDRESS, address, salt),
    )
    scheme.chain.felling("c-1", ("doc-1",), date=date(2014, 11, 10), sealed=sealed)
    of = scheme.chain["c-1"].record_id
    false = Disclosure(of, PrivateField.OWNER_ADDRESS, salt, address)
    file = scheme.file(tmp_path, ["c-1"], disclosures=(false,), to="otsu")
    words = "the owner_address is not what record"
    refused(run, mill, "bundle", "import", file, "--pin", code="disclosure", en=words)
    file = scheme.file(tmp_path, ["c-1"], disclosures=(replace(false, field=PrivateField.FELLER_ADDRESS),), to="otsu")
    taken = data(run("bundle", "import", file, "--pin", "-w", mill, "--format", "json"))
    assert (taken["disclosed"], taken["problems"]) == (1, [])


def test_what_is_refused_is_not_taken_by_halves(run: Run, mill: Path, tmp_path: Path) -> None:
    """One bundle, two logs: of the second another history is known. Of the first nothing is taken either."""
    good, forked = Scheme("log.example/a", wood=False), Scheme("log.example/b", wood=False)
    assert run("bundle", "import", forked.file(tmp_path, []), "--pin", "-w", mill).exit_code == 0
    forked.chain.records[-1] = replace_last(forked)
    parts = (good.log().part(), forked.log().part())
    both = tmp_path / "both.bundle"
    both.write_bytes(bundle.make(good.log().bundle([], logs=parts)))
    before = contents(mill)
    result = run("bundle", "import", both, "--pin", "-w", mill, lang="en")
    assert result.exit_code == 2
    assert "forked" in result.stderr
    kept = {name for name in contents(mill) if name not in before}
    assert all(name.startswith("evidence/") and name.endswith((".txt", "lock")) for name in kept), kept
    assert any(name.endswith(".txt") for name in kept), "both checkpoints are kept as evidence"
    unknown = run("bundle", "import", good.file(tmp_path, []), "-w", mill, lang="en")
    assert (unknown.exit_code, "never met before" in unknown.stderr) == (2, True), "the first log was not pinned"


def replace_last(scheme: Scheme) -> Record:
    """Another record in the place of the scheme's last one."""
    last = scheme.chain.records.pop()
    scheme.chain.signers["kousei"] = Signer(device_key("kousei"), "kousei", last.seq, last.prev)
    return scheme.chain.document("doc-x")


# with bytes


L = 2**252 + 27742317777372353535851937790883648493
"""The order of Ed25519's base point."""


def test_malleable_signature(qr: Callable[..., Result]) -> None:
    """S + L fits wherever S fits, for verifiers that do not look: a second record with the same content."""
    sound = Scheme().chain["c-1"]
    assert "signed by the key given" in qr(sound).stdout
    scalar = int.from_bytes(sound.envelope[-32:], "little") + L
    other = parse_record(sound.envelope[:-32] + scalar.to_bytes(32, "little"))
    assert (other.content, other.record_id == sound.record_id) == (sound.content, False)
    result = qr(other)
    assert result.exit_code == 1
    assert "S101" in result.stdout
    assert "scalar is out of range" in result.stdout


def test_re_encoded_signature(qr: Callable[..., Result]) -> None:
    """The same signature behind a longer head: other bytes and another id, were they taken for an envelope."""
    sound = Scheme().chain["c-1"].envelope
    assert sound[-66:-64] == b"\x58\x40"
    again = sound[:-66] + b"\x59\x00\x40" + sound[-64:]
    assert hashlib.sha256(again).digest() != hashlib.sha256(sound).digest()
    result = qr(again)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "not in its shortest form" in result.stderr


def test_unprotected_header(qr: Callable[..., Result]) -> None:
    """What stands outside the signature could be changed by anybody, and with it the record's id."""
    sound = Scheme().chain["c-1"].envelope
    protected = cbor.item(sound, 2)[1]
    assert sound[protected] == 0xA0
    result = qr(sound[:protected] + b"\xa1\x04\x41\x00" + sound[protected + 1 :])
    assert (result.exit_code, result.stdout) == (2, "")
    assert "a header stands outside the signature" in result.stderr


SMALL_ORDER = bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05")


def test_small_order_public_key(run: Run, mill: Path, tmp_path: Path) -> None:
    """Under such a key one signature fits many messages: it is no key, neither at the gate nor in a ledger."""
    key, code = tmp_path / "small.pub", tmp_path / "code.txt"
    key.write_text(SMALL_ORDER.hex())
    code.write_text(to_text(Scheme().chain["c-1"].envelope))
    refused(run, mill, "key", "bind", key, "--party", "kousei", code="no-key", en="is no public key")
    scanned = run("scan", code, "--key", key, lang="en")
    assert (scanned.exit_code, scanned.stdout) == (2, "")
    assert "is no public key" in scanned.stderr
    # Nor by a root that means it: the ledger refuses the record, and a gate finds fault with it.
    scheme = Scheme()
    scheme.chain.sign(ROOT, RecordKind.KEY, "small", KeyBinding(SMALL_ORDER, "kousei", "甲成林産有限会社"))
    file = scheme.file(tmp_path, ["c-2"])
    taken = run("bundle", "verify", file, "--trust", scheme.trust(tmp_path), lang="en")
    assert taken.exit_code == 0, taken.output
    with open_workspace(mill, lambda: TODAY, password) as workspace:
        small = KeyBinding(SMALL_ORDER, "kousei", "甲成林産有限会社")
        record = workspace.root().sign(RecordKind.KEY, "small", small, TODAY)
        with pytest.raises(BiotraceError) as caught:
            workspace.log([record], TODAY)
    assert caught.value.code == "key-invalid"


MIB = 1 << 20
_ENVELOPE = b"\xd2\x84"
BOMBS: dict[str, Callable[[], str]] = {
    "64 MB of text": lambda: PREFIX + "0" * (60 * MIB),
    "64 MB of the largest digits": lambda: PREFIX + ":" * (60 * MIB),
    "nested as deep as it goes": lambda: PREFIX + base45.encode(b"\xd2" + b"\x81" * (200 * 1024)),
    "nested maps": lambda: PREFIX + base45.encode(b"\xd2" + b"\xa1\x00" * (100 * 1024)),
    "2**63 bytes claimed": lambda: PREFIX + base45.encode(_ENVELOPE + b"\x5b\x7f" + b"\xff" * 7),
    "2**64 items claimed": lambda: PREFIX + base45.encode(b"\xd2\x9b" + b"\xff" * 8),
    "2**32 pairs claimed": lambda: PREFIX + base45.encode(_ENVELOPE + b"\xba" + b"\xff" * 4),
    "many tiny items": lambda: PREFIX + base45.encode(b"\xd2" + cbor.head(cbor.ARRAY, 200_000) + b"\x80" * 200_000),
    "an indefinite length": lambda: PREFIX + base45.encode(_ENVELOPE + b"\x5f" * 1_000),
    "a bignum": lambda: PREFIX + base45.encode(_ENVELOPE + b"\xc2\x5a\x00\x10\x00\x00" + bytes(1_000)),
    "a long digit in the version": lambda: "BT" + "9" * MIB + ":",
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_zip_bomb_qr(bomb: str, run: Run, tmp_path: Path) -> None:
    """Nothing here is compressed. Whatever a code's text claims, it costs little more than the text itself."""
    text = BOMBS[bomb]()
    tracemalloc.start()
    started = time.monotonic()
    try:
        with pytest.raises(BiotraceError):
            from_text(text)
        took, peak = time.monotonic() - started, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 64 * MIB, f"{peak / MIB:.0f} MiB"
    assert took < 60, f"{took:.1f} s, and tracemalloc makes it ten times slower"
    code, key = tmp_path / "code.txt", tmp_path / "key.pub"
    code.write_text(text)
    key.write_bytes(trust.key_text(device_key("kousei").public))
    result = run("scan", code, "--key", key)
    assert (result.exit_code, result.stdout) == (2, "")


def test_zip_bomb_bundle(run: Run, mill: Path, tmp_path: Path) -> None:
    """64 MiB of empty arrays, each one byte on disk and sixty in memory; and a file that only claims to be large."""
    count = 60 * MIB
    for name, content in {
        "many": cbor.head(cbor.ARRAY, count) + b"\x80" * count,
        "claimed": b"\xa1\x00\x5b\x7f" + b"\xff" * 7,
        "nested": b"\x81" * MIB,
    }.items():
        framed = bundle.MAGIC + content
        file = tmp_path / f"{name}.bundle"
        file.write_bytes(framed + hashlib.sha256(framed).digest())
        before = contents(mill)
        tracemalloc.start()
        started = time.monotonic()
        try:
            result = run("bundle", "import", file, "--pin", "-w", mill)
            took, peak = time.monotonic() - started, tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert result.exit_code == 2, name
        assert peak < 4 * 64 * MIB, f"{name}: {peak / MIB:.0f} MiB"
        assert took < 120, f"{name}: {took:.1f} s"
        assert contents(mill) == before


def test_keys_that_end_one_another(run: Run, tmp_path: Path) -> None:
    """Each of 40 layers of root keys ends the layer before, twice over: every way through them is looked at once."""
    scheme = Scheme("log.example/mallory")
    layers = [(f"a{i}", f"b{i}") for i in range(40)]
    for name in (name for layer in layers for name in layer):
        key = device_key(name)
        scheme.chain.sign(ROOT, RecordKind.KEY, name, KeyBinding(key.public.raw, ROOT, "組合", root=True))
        scheme.chain.signers[name] = Signer(key, ROOT)
    first = len(scheme.chain.records)
    for ended, by in pairwise(layers):
        for victim in ended:
            for earlier, signer in enumerate(by):
                end = KeyEnd(device_key(victim).kid, first - earlier, KeyEndReason.LEAKED)
                scheme.chain.sign(signer, RecordKind.KEY_END, f"{signer} ends {victim}", end)
    started = time.monotonic()
    lots = scheme.at_gate(run, tmp_path, ["c-2"])
    assert time.monotonic() - started < 120
    assert lots["c-2"]["confirmed"] == "thinned"

"""What earlier releases kept and sent: their ledger, a bundle about a lot in it, and a trust list.

In the folders of ``releases/``: ``ledger.sqlite``, ``lot.bundle``, ``trust.list``, and in ``store.json`` what they are
and what was said of the lot.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from biotrace.chain import bundle, checkpoint, trust_list
from biotrace.chain.bundle_check import VerifiedBundle, verify
from biotrace.chain.keys import PublicKey
from biotrace.chain.kinds import RecordKind
from biotrace.chain.note import VerifierKey
from biotrace.chain.record import VERSION, Signer
from biotrace.chain.trust_list import TrustList
from biotrace.model.fuel_class import FuelClass
from biotrace.model.quantity import Quantity, Unit
from biotrace.model.stock import Plan
from biotrace.store.integrity import check_integrity
from biotrace.store.ledger import Ledger, LogKey
from biotrace.store.upgrade import upgrade
from tests.golden.make_release import RELEASES, write_store
from tests.golden.release_records import PLANT, GoldenLedger, golden_key
from tests.golden.release_store import ORIGIN, Store, decided, rows_of, verdict_on
from tests.golden.said import plain
from tests.golden.test_releases import Release, releases


@contextmanager
def ledger_of(release: Release, folder: Path, log: LogKey | None = None) -> Iterator[Ledger]:
    """The release's ledger, opened from a copy that this release may have had to upgrade."""
    with Ledger.open(upgraded(release, folder), log) as ledger:
        yield ledger


def upgraded(release: Release, folder: Path) -> Path:
    """A copy of the release's ledger, as this release opens it. Its log has a key already: none is needed."""
    copy = folder / "copy.sqlite"
    shutil.copyfile(release.folder / "ledger.sqlite", copy)
    before = upgrade(copy, None, folder / "before" / "copy.sqlite").before
    assert before == release.json("store.json")["ledger"]["schema"]
    return copy


def vkey(release: Release, name: str) -> VerifierKey:
    """The key of the log or of the witness."""
    return VerifierKey.parse(release.json("store.json")["ledger"][name])


def trusted(release: Release) -> TrustList:
    return trust_list.parse(release.data("trust.list"))


@releases
def test_the_ledger_is_one_file_that_holds_the_records(release: Release, tmp_path: Path) -> None:
    with ledger_of(release, tmp_path) as ledger:
        assert ledger.ledger_id == release.json("store.json")["ledger"]["id"]
        assert tuple(entry.record for entry in ledger.entries()) == release.records()
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["copy.sqlite"]


@releases
def test_nothing_in_the_ledger_is_wrong(release: Release, tmp_path: Path) -> None:
    with ledger_of(release, tmp_path) as ledger:
        assert check_integrity(ledger) == []


@releases
def test_the_ledgers_checkpoint_verifies_with_its_witness(release: Release, tmp_path: Path) -> None:
    """It is the one beside it: the same log, of the same records."""
    with ledger_of(release, tmp_path) as ledger:
        found = ledger.checkpoint()
    checkpoint.verify_log(found, vkey(release, "log"))
    checkpoint.verify_cosignatures(found, [vkey(release, "witness")], 1)
    assert found.to_bytes() == release.data("checkpoint.txt")


@releases
def test_the_lot_is_judged_as_it_was(release: Release, tmp_path: Path) -> None:
    lot = release.json("store.json")["lot"]
    with ledger_of(release, tmp_path) as ledger:
        now = verdict_on(ledger, trusted(release), lot["record_id"], date.fromisoformat(lot["day"]))
    assert decided(now, lot["verdict"]) == decided(lot["verdict"], lot["verdict"])


@releases
def test_the_ledger_goes_on(release: Release, tmp_path: Path) -> None:
    key, body = golden_key(PLANT), Plan(PLANT, 2027, FuelClass.GENERAL, Quantity(1_000_000, Unit.T))
    with ledger_of(release, tmp_path, LogKey(ORIGIN, golden_key("log"))) as ledger:
        size, at = len(ledger), ledger.leaf(len(ledger) - 1).logged_at
        signer = Signer.after(key, PLANT, ledger.head(key.kid))
        ledger.append([signer.sign(RecordKind.PLAN, "plan-2027", body, at)], at)
        assert check_integrity(ledger) == []
        assert ledger.checkpoint().size == size + 1


def bundle_of(release: Release) -> VerifiedBundle:
    return verify(bundle.parse(release.data("lot.bundle")))


@releases
def test_the_bundle_shows_all_that_touches_the_lot(release: Release) -> None:
    about = release.json("store.json")
    found = bundle_of(release)
    (part,) = found.parts
    assert found.bundle.about == (bytes.fromhex(about["lot"]["record_id"]),)
    assert part.complete
    assert part.log == vkey(release, "log")
    assert [problem for record in part.records for problem in record.problems] == []
    assert [record.record for record in part.records] == list(release.records())
    assert [record.logged.index for record in part.records if record.logged] == list(range(len(release.records())))


@releases
def test_the_bundle_carries_the_rest(release: Release) -> None:
    """Its checkpoint with the witness, an earlier tree, the file that a record names, the trust list, its receiver."""
    about = release.json("store.json")["bundle"]
    found = bundle_of(release)
    (part,) = found.bundle.logs
    checkpoint.verify_cosignatures(part.checkpoint, [vkey(release, "witness")], 1)
    assert [history.size for history in part.history] == [about["seen"]]
    assert [hashlib.sha256(file).hexdigest() for file in found.bundle.files] == about["files"]
    assert found.bundle.trust_list == release.data("trust.list")
    assert (found.bundle.made_at, found.bundle.to) == (about["made_at"], about["to"])


@releases
def test_the_trust_list_verifies_and_says_what_it_said(release: Release) -> None:
    about = release.json("store.json")["trust_list"]
    found = trusted(release)
    trust_list.verify(found, [PublicKey(bytes.fromhex(about["public_key"]))])
    assert (found.issuer, found.issued_at) == (about["issuer"], about["issued_at"])
    assert plain(found.contents) == about["contents"]


def test_this_release_still_writes_them(tmp_path: Path) -> None:
    """The bundle and the trust list to the byte, the ledger row for row: SQLite lays out its file as it likes.

    A ledger of an earlier schema is upgraded for that; how its own tables are made has not changed.
    """
    store, golden = Store(tuple(GoldenLedger().records)), RELEASES / str(VERSION)
    assert store.bundle() == (golden / "lot.bundle").read_bytes()
    assert store.trust_list().data == (golden / "trust.list").read_bytes()
    (tmp_path / "anew.sqlite").write_bytes(store.ledger())
    anew, before = rows_of(tmp_path / "anew.sqlite"), rows_of(golden / "ledger.sqlite")
    assert set(anew.pop("")) >= set(before.pop(""))
    after = rows_of(upgraded(Release(golden), tmp_path))
    after.pop("")
    assert anew == after


def test_they_are_never_written_again(tmp_path: Path) -> None:
    write_store(tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(FileExistsError):
        write_store(tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before

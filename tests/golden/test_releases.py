"""What earlier releases wrote: this one opens it, verifies it, and reads the same from it.

A folder in ``releases/`` for each record version, written once by ``make_release`` and never changed. ``records/``: a
ledger in the order of its log, each envelope beside what it says; a leaf, a checkpoint with a witness, a receipt, a QR
text and a key file, with what they say in ``about.json``; and in ``numbers.json`` what each number meant. A folder may
hold more files, tested elsewhere.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from biotrace.chain import checkpoint, keyfile, leaf, merkle, qrtext, receipt
from biotrace.chain.admit import admit
from biotrace.chain.binding import binding_of
from biotrace.chain.checkpoint import Cosignature
from biotrace.chain.keys import PublicKey
from biotrace.chain.kinds import RecordKind
from biotrace.chain.note import COSIGNATURE, ED25519, VerifierKey
from biotrace.chain.receipt import Logged
from biotrace.chain.record import VERSION, Record, Signer, parse_record, verify_record
from biotrace.chain.replay import Replay
from tests.golden.make_release import RELEASES, numbers, write
from tests.golden.release_records import GoldenLedger
from tests.golden.said import said


@dataclass(frozen=True)
class Release:
    """A folder of golden files."""

    folder: Path

    def data(self, name: str) -> bytes:
        return (self.folder / name).read_bytes()

    def json(self, name: str) -> Any:
        return json.loads(self.data(name))

    @cache  # noqa: B019  # a handful of folders
    def records(self) -> tuple[Record, ...]:
        return tuple(parse_record(path.read_bytes()) for path in sorted(self.folder.glob("records/*.cbor")))

    @property
    def log_key(self) -> PublicKey:
        return PublicKey(bytes.fromhex(self.json("about.json")["log"]["public_key"]))


ALL = sorted((Release(path) for path in RELEASES.iterdir()), key=lambda release: int(release.folder.name))
ENVELOPES = [path for release in ALL for path in sorted(release.folder.glob("records/*.cbor"))]
releases = pytest.mark.parametrize("release", ALL, ids=lambda release: release.folder.name)


def test_this_release_is_among_them() -> None:
    assert [int(release.folder.name) for release in ALL] == list(range(1, VERSION + 1))


@pytest.mark.parametrize("path", ENVELOPES, ids=lambda path: f"{path.parents[1].name}-{path.stem}")
def test_a_record_says_what_it_said(path: Path) -> None:
    """Its id and content digest, who signed it and when, its place in its chain, and all of its body."""
    assert said(parse_record(path.read_bytes())) == json.loads(path.with_suffix(".json").read_bytes())


@releases
def test_the_records_are_still_a_ledger(release: Release) -> None:
    """Every signature verifies under the key that the ledger had bound by then, and every record is admitted."""
    view = Replay()
    for position, record in enumerate(release.records()):
        admit(record, view)
        view.take(record, position)
    assert view.size() == len(list(release.folder.glob("records/*.json")))


@releases
def test_every_signature_verifies(release: Release) -> None:
    """Apart from admission, which might come to ask for less."""
    bindings = [binding_of(record, position) for position, record in enumerate(release.records())]
    keys = {binding[0]: PublicKey(binding[1].public) for binding in bindings if binding is not None}
    for record in release.records():
        verify_record(record, keys[record.kid])


@releases
def test_every_number_means_what_it_meant(release: Release) -> None:
    then, now = release.json("numbers.json"), numbers()
    assert then["kinds"].items() <= now["kinds"].items()
    for part in ("fields", "codes"):
        for name, table in then[part].items():
            assert table.items() <= now[part][name].items(), name


@releases
def test_every_kind_and_every_field_of_the_release_is_there(release: Release) -> None:
    table = release.json("numbers.json")
    assert {record.kind.name.lower() for record in release.records()} == set(table["kinds"])
    stated: dict[str, set[str]] = {}
    for record in release.records():
        _collect(record.body, stated)
    for name, keys in table["fields"].items():
        assert set(keys) <= stated[name], name


def _collect(value: Any, stated: dict[str, set[str]]) -> None:
    if isinstance(value, tuple):
        for part in value:
            _collect(part, stated)
    elif hasattr(value, "__dataclass_fields__"):
        for field in fields(value):
            part = getattr(value, field.name)
            if part != field.default:
                stated.setdefault(type(value).__name__, set()).add(field.name)
                _collect(part, stated)


@releases
def test_a_leaf_is_read(release: Release) -> None:
    about = release.json("about.json")
    found = leaf.parse(release.data("leaf.cbor"))
    assert (found.record_id.hex(), found.logged_at) == (about["leaf"]["record_id"], about["leaf"]["logged_at"])
    assert found.record_id == release.records()[about["log"]["index"]].record_id


@releases
def test_a_checkpoint_verifies_with_its_witness(release: Release) -> None:
    about = release.json("about.json")
    found = checkpoint.parse(release.data("checkpoint.txt"))
    checkpoint.verify_log(found, VerifierKey(about["log"]["origin"], ED25519, release.log_key))
    assert (found.size, found.root.hex()) == (about["log"]["size"], about["log"]["root"])
    public = PublicKey(bytes.fromhex(about["witness"]["public_key"]))
    witness = VerifierKey(about["witness"]["name"], COSIGNATURE, public)
    assert checkpoint.verify_cosignatures(found, [witness], 1) == (Cosignature(witness, about["witness"]["time"]),)


@releases
def test_a_receipt_proves_the_record_in_the_tree_of_the_checkpoint(release: Release) -> None:
    log = release.json("about.json")["log"]
    found = receipt.parse(release.data("receipt.cbor"))
    record_id = release.records()[log["index"]].record_id
    proven = receipt.verify(found, record_id, log["origin"], release.log_key)
    expected = leaf.parse(release.data("leaf.cbor"))
    assert proven == Logged(expected, log["index"], log["size"], bytes.fromhex(log["root"]))
    merkle.verify_inclusion(expected.hash, found.index, found.size, found.path, bytes.fromhex(log["root"]))


@releases
def test_a_qr_code_is_read(release: Release) -> None:
    log = release.json("about.json")["log"]
    assert qrtext.from_text(release.data("qr.txt").decode()) == release.records()[log["index"]].envelope


@releases
def test_a_key_file_opens_and_its_key_signs_as_before(release: Release) -> None:
    about = release.json("about.json")["key_file"]
    key = keyfile.open_sealed(release.data("device.key"), about["password"])
    assert (key.public.raw.hex(), key.kid.hex()) == (about["public_key"], about["kid"])
    record = next(r for r in release.records() if r.kid == key.kid)
    again = Signer.after(key, record.issuer, None).sign(
        record.kind, record.subject, record.body, record.issued_at, record.names, record.transcribed
    )
    assert again.envelope == record.envelope


def test_this_release_still_writes_the_bytes_of_its_golden_files(tmp_path: Path) -> None:
    """Also of the receipt and the key file: the way there is part of what is kept."""
    write(tmp_path / "anew")
    golden = RELEASES / str(VERSION)
    written = sorted(path.relative_to(tmp_path / "anew") for path in (tmp_path / "anew").rglob("*") if path.is_file())
    assert len(written) == 2 * len(GoldenLedger().records) + 7
    for path in written:
        assert (tmp_path / "anew" / path).read_bytes() == (golden / path).read_bytes(), path


def test_a_golden_file_is_never_written_again(tmp_path: Path) -> None:
    write(tmp_path)
    with pytest.raises(FileExistsError):
        write(tmp_path)


def test_every_kind_stands_in_the_ledger_of_this_release() -> None:
    assert {record.kind for record in GoldenLedger().records} == set(RecordKind)

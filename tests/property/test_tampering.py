"""Any byte of any record changed in a ledger's file is caught by ``biotrace verify``, which names the entry."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from biotrace.model.fuel_class import FuelClass
from biotrace.services.issue import Issued, issue
from biotrace.services.request import Request
from biotrace.services.sign import sign_casebook
from biotrace.services.times import day_of
from biotrace.services.verify import Verified, verify_lots
from biotrace.services.workspace import Workspace, init_workspace, open_workspace
from cli.main import cli
from tests.casebooks import BODY, OTSU, m3
from tests.workspaces import TODAY, envelopes, papers, password, received

CAUGHT = {"S101", "S102", "S103", "S106"}
STEP = 23
"""Every so many bytes of every record: some 300 changes, at other offsets in each record."""


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with every party's own records, transcriptions, and an issued certificate."""
    folder = tmp_path_factory.mktemp("tampering") / "mill"
    with init_workspace(folder, (OTSU, BODY), lambda: TODAY, password) as workspace:
        sign_casebook(workspace, received())
        sign_casebook(workspace, papers(), demo_keys=True)
        request = Request("plant-8", m3(30), FuelClass.THINNED, day_of(TODAY), number="2014-0001")
        assert isinstance(issue(workspace, request), Issued)
        assert verify_lots(workspace, ()).clean
    return folder


@pytest.fixture(scope="module")
def copy(ledger: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy to be spoiled and mended."""
    return Path(shutil.copytree(ledger, tmp_path_factory.mktemp("copy") / "mill"))


@contextmanager
def changed(folder: Path, position: int, envelope: bytes) -> Iterator[None]:
    """The workspace with another envelope at one place, and as before afterwards."""
    sound = envelopes(folder)[position]
    _store(folder, position, envelope)
    try:
        yield
    finally:
        _store(folder, position, sound)


def _store(folder: Path, position: int, envelope: bytes) -> None:
    with closing(sqlite3.connect(folder / "ledger.sqlite", isolation_level=None)) as database:
        database.execute("PRAGMA synchronous=OFF")
        database.execute("UPDATE entry SET envelope = ? WHERE position = ?", (envelope, position))


def flipped(envelope: bytes, offset: int, mask: int) -> bytes:
    return envelope[:offset] + bytes([envelope[offset] ^ mask]) + envelope[offset + 1 :]


def named(found: Verified, position: int) -> bool:
    """Whether the damage names the entry, in both languages."""
    return any(
        f.code in CAUGHT and f"entry {position}: " in f.found.en and f"台帳の {position} 番: " in f.found.ja
        for f in found.damage
    )


def verify(workspace: Workspace) -> Verified:
    return verify_lots(workspace, ())


def test_a_flipped_bit_anywhere_in_any_record_is_caught(copy: Path) -> None:
    bits = random.Random(2014)
    with open_workspace(copy, lambda: TODAY) as workspace:
        for position, envelope in enumerate(envelopes(copy)):
            for offset in range(position % STEP, len(envelope), STEP):
                with changed(copy, position, flipped(envelope, offset, 1 << bits.randrange(8))):
                    found = verify(workspace)
                assert not found.clean, (position, offset)
                assert named(found, position), (position, offset)
        assert verify(workspace).clean


@given(data=st.data())
@settings(max_examples=25)
def test_whatever_bytes_are_changed_the_command_says_which_entry(copy: Path, data: st.DataObject) -> None:
    sound = envelopes(copy)
    position = data.draw(st.integers(0, len(sound) - 1), "entry")
    offset = data.draw(st.integers(0, len(sound[position]) - 1), "offset")
    mask = data.draw(st.integers(1, 255), "mask")
    with changed(copy, position, flipped(sound[position], offset, mask)):
        told = {lang: CliRunner().invoke(cli, ["verify", "-w", str(copy), "--lang", lang]) for lang in ("ja", "en")}
    assert {lang: result.exit_code for lang, result in told.items()} == {"ja": 1, "en": 1}
    assert f"台帳の {position} 番: " in told["ja"].stdout
    assert f"entry {position}: " in told["en"].stdout
    assert "damaged" in told["en"].stdout


@given(data=st.data())
@settings(max_examples=15)
def test_cut_lengthened_or_exchanged_records_are_caught(copy: Path, data: st.DataObject) -> None:
    sound = envelopes(copy)
    position = data.draw(st.integers(0, len(sound) - 1), "entry")
    other = data.draw(
        st.one_of(
            st.integers(0, len(sound[position]) - 1).map(lambda length: sound[position][:length]),
            st.binary(min_size=1, max_size=4).map(lambda more: sound[position] + more),
            st.sampled_from([e for e in sound if e != sound[position]]),
            st.binary(max_size=64),
        ),
        "envelope",
    )
    with changed(copy, position, other), open_workspace(copy, lambda: TODAY) as workspace:
        found = verify(workspace)
    assert not found.clean
    assert named(found, position)


def test_what_rests_on_a_spoiled_record_proves_nothing(copy: Path) -> None:
    """The lot of the issued certificate, after one bit of the felling certificate behind it was changed."""
    answer = json.loads(CliRunner().invoke(cli, ["show", "2014-0001", "-w", str(copy), "--format", "json"]).stdout)
    (felling,) = [cited["position"] for cited in answer["cites"]]
    envelope = envelopes(copy)[felling]
    with changed(copy, felling, flipped(envelope, len(envelope) - 1, 1)):
        result = CliRunner().invoke(cli, ["verify", "2014-0001", "-w", str(copy), "--format", "json"])
    assert result.exit_code == 1
    verdict = json.loads(result.stdout)
    (lot,) = verdict["lots"]
    assert (lot["declared"], lot["confirmed"]) == ("thinned", "construction_waste")
    assert "S101" in lot["rules"]["fired"]
    assert {f["record"] for f in verdict["integrity"]["findings"]} == {answer["cites"][0]["record_id"]}

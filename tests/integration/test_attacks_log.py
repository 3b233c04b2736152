"""Attacks on the log, each by its name: what an operator, or somebody with the files, might try."""

from __future__ import annotations

import base64
import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from biotrace.chain import checkpoint
from biotrace.chain.note import NoteSignature
from biotrace.chain.record import Record, parse_record
from biotrace.services.key_files import KeyFiles, KeyName, sealed
from biotrace.store.ledger import Ledger, LogKey
from tests.builders import LOG, device_key
from tests.log_folders import WITNESS, leaf, leaves, listing, publish, receipt_file, signed
from tests.trust_lists import AUTHORITY
from tests.workspaces import PASSWORD, TODAY, contents, data, envelopes, password

Run = Callable[..., Result]

ISSUE = ("issue", "--to", "plant-8", "--moisture", "0.42")
HONEST = leaves(30)
# The same log shown to others: its sixth record is another one.
OTHER = [*HONEST[:5], leaf("another", HONEST[5].logged_at), *HONEST[6:]]


class Verifier:
    """Somebody with a memory of their own, who has been told the log's key."""

    def __init__(self, run: Run, memory: Path) -> None:
        self._run = run
        self.memory = memory

    def look(self, target: Path, *more: object) -> Any:
        """What ``log verify`` answers, with its exit code."""
        known = ("--vkey", LOG.verifier, "--memory", self.memory, "--format", "json")
        result = self._run("log", "verify", target, *known, *more)
        return {"exit": result.exit_code, **(data(result) if result.stdout else json.loads(result.stderr))}

    def content_with(self, target: Path) -> None:
        """They find nothing wrong."""
        found = self.look(target)
        assert (found["exit"], found["findings"]) == (0, []), found

    def evidence(self) -> list[str]:
        """What they have kept."""
        return [path.read_text(encoding="utf-8") for path in (self.memory / "evidence").glob("*.txt")]


@pytest.fixture
def verifier(run: Run, tmp_path: Path) -> Verifier:
    return Verifier(run, tmp_path / "memory")


def breach(found: Any) -> str:
    """S105 was found and nothing else; its evidence."""
    assert (found["exit"], [f["code"] for f in found["findings"]]) == (1, ["S105"]), found
    return Path(found["findings"][0]["evidence"]).read_text(encoding="utf-8")


def codes(found: Any) -> tuple[int, list[str]]:
    return found["exit"], [finding["code"] for finding in found["findings"]]


# by the log's operator, against verifiers


@pytest.mark.parametrize("size", [0, 1, 16, 29])
def test_rollback_by_the_log(size: int, verifier: Verifier, tmp_path: Path) -> None:
    pub = publish(tmp_path / "pub", HONEST)
    verifier.content_with(pub)
    publish(pub, HONEST[:size])
    kept = breach(verifier.look(pub))
    assert signed(HONEST).note.text in kept
    assert signed(HONEST[:size]).note.text in kept
    assert codes(verifier.look(pub)) == (1, ["S105"]), "asking again does not make it better"
    assert len(verifier.evidence()) == 1
    publish(pub, HONEST)
    verifier.content_with(pub)


@pytest.mark.parametrize("sizes", [(30, 30), (20, 30), (16, 30), (30, 20)])
def test_split_view(sizes: tuple[int, int], run: Run, tmp_path: Path) -> None:
    """Two verifiers are shown different trees: each alone is content, together they have the proof."""
    mill, plant = Verifier(run, tmp_path / "mill"), Verifier(run, tmp_path / "plant")
    for_mill = publish(tmp_path / "for mill", HONEST[: sizes[0]])
    for_plant = publish(tmp_path / "for plant", OTHER[: sizes[1]])
    for _ in range(2):
        mill.content_with(for_mill)
        plant.content_with(for_plant)
    (told_by_mill,) = mill.memory.glob("*.checkpoint")
    # The plant compares with what the mill has seen, by the files that it was itself shown, and so can the mill.
    proof = for_plant if sizes[1] >= sizes[0] else for_mill
    kept = breach(plant.look(told_by_mill, "--proof", proof))
    assert signed(HONEST[: sizes[0]]).note.text in kept
    assert signed(OTHER[: sizes[1]]).note.text in kept
    plant.content_with(for_plant)


def test_a_log_that_grew_on_another_past(verifier: Verifier, tmp_path: Path) -> None:
    pub = publish(tmp_path / "pub", HONEST[:16])
    verifier.content_with(pub)
    publish(pub, OTHER)
    assert "fork" in breach(verifier.look(pub))


@pytest.mark.parametrize("replaced", [False, True])
def test_dropped_record(replaced: bool, verifier: Verifier, tmp_path: Path) -> None:
    """A record that was published is gone, with or without another in its place."""
    pub = publish(tmp_path / "pub", HONEST)
    verifier.content_with(pub)
    dropped = [*HONEST[:7], *HONEST[8:]]
    publish(pub, [*dropped, leaf("new", HONEST[-1].logged_at)] if replaced else dropped)
    breach(verifier.look(pub))


def test_dropped_record_shown_to_who_never_looked_but_has_its_receipt(verifier: Verifier, tmp_path: Path) -> None:
    receipt = receipt_file(tmp_path / "r", HONEST, 7)
    pub = publish(tmp_path / "pub", [*HONEST[:7], *HONEST[8:], leaf("new", HONEST[-1].logged_at)])
    verifier.content_with(pub)
    kept = breach(verifier.look(receipt, "--record", HONEST[7].record_id.hex(), "--proof", pub))
    assert base64.b64encode(receipt.read_bytes()).decode() in kept
    assert pub.joinpath("checkpoint").read_text(encoding="utf-8") in kept


def test_dropped_record_by_taking_it_out_of_the_published_files(verifier: Verifier, tmp_path: Path) -> None:
    """The checkpoint is left as it was: then the files do not lead to it."""
    pub = publish(tmp_path / "pub", HONEST)
    note = (pub / "checkpoint").read_bytes()
    publish(pub, [*HONEST[:7], *HONEST[8:], leaf("new", HONEST[-1].logged_at)])
    (pub / "checkpoint").write_bytes(note)
    assert codes(verifier.look(pub)) == (1, ["S104"])
    assert not list(verifier.memory.glob("*.checkpoint")), "nothing is remembered of it"


def test_swapped_order(verifier: Verifier, tmp_path: Path) -> None:
    pub = publish(tmp_path / "pub", HONEST)
    verifier.content_with(pub)
    times = [each.logged_at for each in HONEST]
    order = [*range(3), 4, 3, *range(5, 30)]
    swapped = [replace(HONEST[i], logged_at=at) for i, at in zip(order, times, strict=True)]
    publish(pub, swapped)
    breach(verifier.look(pub))


def test_swapped_order_in_the_published_entries(verifier: Verifier, tmp_path: Path) -> None:
    pub = publish(tmp_path / "pub", HONEST)
    path = pub / "tile/entries/000.p/30"
    content, first, second = path.read_bytes(), HONEST[3].to_bytes(), HONEST[4].to_bytes()
    path.write_bytes(
        content.replace(first, b"\0" * len(first)).replace(second, first).replace(b"\0" * len(first), second)
    )
    assert sorted(path.read_bytes()) == sorted(content)
    assert path.read_bytes() != content
    assert codes(verifier.look(pub)) == (1, ["S104"])


def test_back_dated_log_time(verifier: Verifier, tmp_path: Path) -> None:
    """A record is said to have been logged two days before: the time is in the tree, so it is another tree."""
    pub = publish(tmp_path / "pub", HONEST)
    verifier.content_with(pub)
    publish(pub, [*HONEST[:29], replace(HONEST[29], logged_at=HONEST[28].logged_at)])
    breach(verifier.look(pub))


def test_back_dated_log_time_before_anybody_looked(verifier: Verifier, tmp_path: Path) -> None:
    """Nobody has seen the log before; yet a time before that of the entry ahead shows."""
    pub = publish(tmp_path / "pub", [*HONEST[:29], replace(HONEST[29], logged_at=HONEST[28].logged_at - 2 * 86_400)])
    found = verifier.look(pub)
    assert codes(found) == (1, ["S104"])
    assert "記録時刻が前より早い" in found["findings"][0]["message"]


def test_back_dated_log_time_in_the_published_entries(verifier: Verifier, tmp_path: Path) -> None:
    pub = publish(tmp_path / "pub", HONEST)
    path = pub / "tile/entries/000.p/30"
    earlier = replace(HONEST[29], logged_at=HONEST[28].logged_at)
    path.write_bytes(path.read_bytes().replace(HONEST[29].to_bytes(), earlier.to_bytes()))
    assert codes(verifier.look(pub)) == (1, ["S104"])


def test_back_dated_receipt(verifier: Verifier, tmp_path: Path) -> None:
    receipt = receipt_file(tmp_path / "r", HONEST, 7)
    at, earlier = (time.to_bytes(4, "big") for time in (HONEST[7].logged_at, HONEST[7].logged_at - 86_400))
    assert receipt.read_bytes().count(at) == 1
    receipt.write_bytes(receipt.read_bytes().replace(at, earlier))
    assert codes(verifier.look(receipt, "--record", HONEST[7].record_id.hex())) == (1, ["S104"])


# with somebody else's signatures


def test_replay_of_a_receipt_into_another_log(run: Run, tmp_path: Path) -> None:
    """The record was logged there, not here: neither under that log's name nor under this one's key."""
    there = LogKey("log.example/there", device_key("log there"))
    receipt = receipt_file(tmp_path / "r", HONEST, 7, there)
    here = publish(tmp_path / "pub", HONEST[:7])
    record = ("--record", HONEST[7].record_id.hex(), "--memory", tmp_path / "m")
    named = run("log", "verify", receipt, *record, "--vkey", LOG.verifier, "--proof", here, lang="en")
    assert named.exit_code == 2
    assert "this is log.example/there" in named.stderr
    renamed = tmp_path / "renamed"
    forged = receipt_file(tmp_path / "f", HONEST, 7, LogKey(LOG.origin, there.key)).read_bytes()
    renamed.write_bytes(forged)
    result = run("log", "verify", renamed, *record, "--vkey", LOG.verifier)
    assert result.exit_code == 1
    assert "S104" in result.stdout


def test_replay_of_a_receipt_for_another_record(verifier: Verifier, tmp_path: Path) -> None:
    receipt = receipt_file(tmp_path / "r", HONEST, 7)
    assert codes(verifier.look(receipt, "--record", HONEST[7].record_id.hex())) == (0, [])
    for other in (6, 8, 29):
        assert codes(verifier.look(receipt, "--record", HONEST[other].record_id.hex())) == (1, ["S104"])


def replayed(from_size: int, to_size: int) -> bytes:
    """The checkpoint of one size with the cosignature that was given for another."""
    given = checkpoint.cosign(signed(HONEST[:from_size]), WITNESS.name, device_key("witness"), TODAY)
    (line,) = (line for line in given.note.signatures if line.is_by(WITNESS))
    bare = signed(HONEST[:to_size]).note
    return replace(bare, signatures=(*bare.signatures, NoteSignature(line.name, line.key_hash, line.blob))).to_bytes()


def test_cosignature_replayed(run: Run, tmp_path: Path) -> None:
    trust = listing(tmp_path / "t.list", LOG.verifier)
    pub = publish(tmp_path / "pub", HONEST)
    look = ("log", "verify", pub, "--trust", trust, "--memory", tmp_path / "m", "--format", "json")
    (pub / "checkpoint").write_bytes(replayed(30, 30))
    assert data(run(*look))["findings"] == []
    shutil.rmtree(tmp_path / "m")
    (pub / "checkpoint").write_bytes(replayed(29, 30))
    result = run(*look)
    assert result.exit_code == 1
    assert [f["code"] for f in data(result)["findings"]] == ["S104", "checkpoint-quorum"]


def test_cosignature_replayed_into_the_log(run: Run, mill: Path, tmp_path: Path) -> None:
    with Ledger.open(mill / "ledger.sqlite") as ledger:
        small, latest, log = ledger.checkpoint_at(0), ledger.checkpoint(), ledger.log_name
    assert small is not None
    run(
        "trust",
        "update",
        listing(tmp_path / "t", log),
        "-w",
        mill,
        "--pin",
        AUTHORITY.kid.hex(),
    )
    given = checkpoint.cosign(small, WITNESS.name, device_key("witness"), TODAY)
    (line,) = (line for line in given.note.signatures if line.is_by(WITNESS))
    path = tmp_path / "c"
    path.write_bytes(replace(latest.note, signatures=(*latest.note.signatures, line)).to_bytes())
    before = run("log", "checkpoint", "-w", mill).stdout_bytes
    result = run("log", "cosign", "-w", mill, "--add", path, lang="en")
    assert result.exit_code == 2
    assert "signature by w.example" in result.stderr
    assert run("log", "checkpoint", "-w", mill).stdout_bytes == before


def test_a_witness_is_led_to_sign_two_histories(run: Run, tmp_path: Path) -> None:
    key = tmp_path / "w.key"
    key.write_bytes(sealed(device_key("witness"), PASSWORD))
    me = ("--name", WITNESS.name, "--key", key, "--vkey", LOG.verifier, "--memory", tmp_path / "m")
    first = publish(tmp_path / "first", HONEST[:20])
    assert run("log", "cosign", first, *me, "--out", tmp_path / "1").exit_code == 0
    for name, held in (("same size", OTHER[:20]), ("larger", OTHER), ("smaller", OTHER[:10])):
        shown = publish(tmp_path / name, held)
        result = run(
            "log", "cosign", shown, *me, "--out", tmp_path / "2", "--proof", first if len(held) < 20 else shown
        )
        assert result.exit_code == 2, name
        assert "証拠として保存しました" in result.stderr, name
    assert not (tmp_path / "2").exists()
    assert len(list((tmp_path / "m/evidence").glob("*.txt"))) == 3


# by who has the web server


@pytest.mark.parametrize(
    "path",
    ["checkpoint", "tile/entries/000", "tile/entries/001.p/44", "tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1"],
)
@pytest.mark.parametrize("seen_before", [False, True])
def test_one_flipped_byte_in_a_published_file(path: str, seen_before: bool, verifier: Verifier, tmp_path: Path) -> None:
    pub = publish(tmp_path / "pub", leaves(300))
    if seen_before:
        verifier.content_with(pub)
    content = (pub / path).read_bytes()
    step = 7 if path == "checkpoint" else len(content) // 6
    for at in {*range(0, len(content), step), len(content) - 1}:
        (pub / path).write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
        found = verifier.look(pub)
        if found["exit"] == 2:
            assert path == "checkpoint", "no checkpoint, or another log's"
        else:
            assert codes(found) == (1, ["S104"]), at
            assert path in found["findings"][0]["message"] or path == "checkpoint"
    assert verifier.evidence() == [], "who spoils a file must not bring the log into disrepute"
    (pub / path).write_bytes(content)
    verifier.content_with(pub)


def test_a_published_file_is_missing(verifier: Verifier, tmp_path: Path) -> None:
    pub = publish(tmp_path / "pub", leaves(300))
    for path in [path for path in pub.rglob("*") if path.is_file() and path.name not in ("vkey", "checkpoint")]:
        content = path.read_bytes()
        path.unlink()
        assert codes(verifier.look(pub)) == (1, ["S104"]), path
        path.write_bytes(content)
    verifier.content_with(pub)


# against a workspace's own ledger


def rebuilt(folder: Path, records: Sequence[Record], times: Sequence[int]) -> None:
    """Put a ledger in the place of the workspace's: the same log by name and key, with these records."""
    path = folder / "ledger.sqlite"
    with Ledger.open(path) as ledger:
        origin, ledger_id = ledger.log_name.name, ledger.ledger_id
    for file in folder.glob("ledger.sqlite*"):
        file.unlink()
    log = LogKey(origin, KeyFiles(folder, password).get(KeyName.LOG))
    with Ledger.create(path, log, ledger_id) as ledger:
        for record, at in zip(records, times, strict=True):
            ledger.append([record], at)


def refuses_and_tells(run: Run, folder: Path, tmp_path: Path, lots: int) -> None:
    """Verify finds S105 and confirms nothing; whatever would add to or vouch for the ledger is refused."""
    found = run("verify", "-w", folder, lang="en")
    assert found.exit_code == 1
    assert "entries read; the log is void:\n    S105 the ledger: the log forked or shrank" in found.stdout
    assert "leaves the damaged entries out" not in found.stdout
    verdict = data(run("verify", "-w", folder, "--format", "json"))
    of_the_log = [record for record in verdict["records"] if len(record["id"]) == 64]  # A207 is about a body
    assert len(verdict["lots"]) + len(of_the_log) >= lots > 0
    assert {lot["confirmed"] for lot in verdict["lots"]} <= {"construction_waste"}
    for open_record in (*verdict["lots"], *of_the_log):
        assert "S105" in [f["code"] for f in open_record["findings"]], "the whole log is void"
    assert "S105" in [f["code"] for f in verdict["integrity"]["findings"]]
    before = contents(folder)
    refused = [
        (*ISSUE, "--quantity", "1t", "--out", tmp_path / "no.pdf"),
        ("log", "publish", tmp_path / "no"),
        ("log", "prove", "f-1", "--out", tmp_path / "no.receipt"),
    ]
    for command in refused:
        result = run(*command, "-w", folder)
        assert result.exit_code == 2, command
        assert "証拠として保存しました" in result.stderr
        assert "前の台帳のファイルを戻してください" in result.stderr
        assert json.loads(run(*command, "-w", folder, "--format", "json").stderr)["error"] == "S105"
    assert contents(folder) == before
    assert not list(tmp_path.glob("no*"))


def test_rollback_of_the_ledger_file(run: Run, mill: Path, tmp_path: Path) -> None:
    """An older copy of the ledger is put back, so that what was drawn may be drawn again."""
    old = shutil.copytree(mill, tmp_path / "old")
    assert run(*ISSUE, "--quantity", "20t", "-w", mill, "--out", tmp_path / "1.pdf").exit_code == 0
    later = shutil.copytree(mill, tmp_path / "later")
    for file in mill.glob("ledger.sqlite*"):
        file.unlink()
    for file in old.glob("ledger.sqlite*"):
        shutil.copy(file, mill)
    refuses_and_tells(run, mill, tmp_path, lots=2)
    for file in mill.glob("ledger.sqlite*"):
        file.unlink()
    for file in later.glob("ledger.sqlite*"):
        shutil.copy(file, mill)
    assert run(*ISSUE, "--quantity", "1t", "-w", mill, "--out", tmp_path / "2.pdf").exit_code == 0
    assert len(list((mill / "evidence").glob("*.txt"))) == 1


@pytest.mark.parametrize("more", [1, 2])
def test_forked_ledger_file(more: int, run: Run, mill: Path, tmp_path: Path) -> None:
    """Another future of the same ledger, as long or longer, is put in its place."""
    other = shutil.copytree(mill, tmp_path / "other")
    assert run(*ISSUE, "--quantity", "20t", "-w", mill, "--out", tmp_path / "1.pdf").exit_code == 0
    for number in range(more):
        assert run(*ISSUE, "--quantity", "1t", "-w", other, "--out", tmp_path / f"o{number}.pdf").exit_code == 0
    for file in mill.glob("ledger.sqlite*"):
        file.unlink()
    for file in other.glob("ledger.sqlite*"):
        shutil.copy(file, mill)
    refuses_and_tells(run, mill, tmp_path, lots=2)


def test_dropped_record_in_the_ledger(run: Run, mill: Path, tmp_path: Path) -> None:
    """The ledger is made anew without its last record, and filled up again."""
    records = [parse_record(envelope) for envelope in envelopes(mill)]
    with Ledger.open(mill / "ledger.sqlite") as ledger:
        times = [leaf.logged_at for leaf in ledger.leaves()]
    rebuilt(mill, records[:-1], times[:-1])
    refuses_and_tells(run, mill, tmp_path, lots=1)


def test_back_dated_log_time_in_the_ledger(run: Run, mill: Path, tmp_path: Path) -> None:
    """The ledger is made anew with the same records, all logged a month earlier."""
    records = [parse_record(envelope) for envelope in envelopes(mill)]
    with Ledger.open(mill / "ledger.sqlite") as ledger:
        times = [leaf.logged_at - 30 * 86_400 for leaf in ledger.leaves()]
    rebuilt(mill, records, times)
    refuses_and_tells(run, mill, tmp_path, lots=2)


def test_swapped_order_in_the_ledger(run: Run, mill: Path, tmp_path: Path) -> None:
    """Two records that have nothing to do with each other change places."""
    records = [parse_record(envelope) for envelope in envelopes(mill)]
    with Ledger.open(mill / "ledger.sqlite") as ledger:
        times = [leaf.logged_at for leaf in ledger.leaves()]
    kids = [record.kid for record in records]
    assert kids[1] == kids[0] != kids[-1]
    first = next(i for i, kid in enumerate(kids) if kid == kids[-1])
    assert first > 2, "the device's first record follows one of the root's, on which it does not rest"
    swapped = [*records[: first - 1], records[first], records[first - 1], *records[first + 1 :]]
    rebuilt(mill, swapped, times)
    refuses_and_tells(run, mill, tmp_path, lots=2)


def test_the_published_log_is_ahead_of_a_ledger_without_memory(run: Run, mill: Path, tmp_path: Path) -> None:
    """Memory and ledger are both put back: what was published still knows better."""
    old = shutil.copytree(mill, tmp_path / "old")
    assert run(*ISSUE, "--quantity", "20t", "-w", mill, "--out", tmp_path / "1.pdf").exit_code == 0
    run("log", "publish", tmp_path / "pub", "-w", mill)
    published = {path: path.read_bytes() for path in (tmp_path / "pub").rglob("*") if path.is_file()}
    assert run("log", "publish", tmp_path / "pub", "-w", old).exit_code == 2
    assert run(*ISSUE, "--quantity", "1t", "-w", old, "--out", tmp_path / "2.pdf").exit_code == 0
    assert run(*ISSUE, "--quantity", "1t", "-w", old, "--out", tmp_path / "3.pdf").exit_code == 0
    result = run("log", "publish", tmp_path / "pub", "-w", old)
    assert result.exit_code == 2
    assert "公開済みの内容と台帳が合いません" in result.stderr
    assert {path: path.read_bytes() for path in (tmp_path / "pub").rglob("*") if path.is_file()} == published
    assert len(list((old / "evidence").glob("*.txt"))) == 2


def test_a_forked_checkpoint_brought_to_the_log_itself(run: Run, mill: Path, tmp_path: Path) -> None:
    """A cosigned checkpoint comes back that this log's key signed, for another tree."""
    other = shutil.copytree(mill, tmp_path / "other")
    for folder, amount in ((mill, "20t"), (other, "1t")):
        assert run(*ISSUE, "--quantity", amount, "-w", folder, "--out", tmp_path / f"{amount}.pdf").exit_code == 0
    run("log", "checkpoint", "-w", other, "--out", tmp_path / "c")
    result = run("log", "cosign", "-w", mill, "--add", tmp_path / "c")
    assert result.exit_code == 2
    assert "分岐しました" in result.stderr
    assert len(list((mill / "evidence").glob("*.txt"))) == 1

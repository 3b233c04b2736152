"""Damage in what a bundle needs is refused, wherever it sits; damage elsewhere in the ledger does not hinder one."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from biotrace.chain import bundle
from biotrace.chain.bundle_check import VerifiedPart, verify
from biotrace.chain.kinds import RecordKind
from biotrace.errors import IntegrityError
from biotrace.services import bundle_make
from biotrace.services.bundle_make import Order, make_bundle
from biotrace.services.bundle_read import Chosen, choose_records
from biotrace.services.lot_check import LotCheck
from biotrace.services.settings import LEDGER
from biotrace.services.shipped import demo_casebook
from biotrace.services.sign import sign_casebook
from biotrace.services.trace import back
from biotrace.services.trace_open import open_ledger
from biotrace.services.workspace import Workspace, init_workspace, open_workspace
from biotrace.store.closure import EVERYWHERE
from biotrace.store.integrity import check_integrity
from biotrace.store.ledger import Ledger
from tests import casebooks
from tests.builders import LOG, NOW
from tests.integration.conftest import Run
from tests.integration.test_as_of import story
from tests.property.test_bundle_choice import Both
from tests.workspaces import TODAY, contents, data, password

LOT = "d-h1"


@dataclass(frozen=True)
class Places:
    """Positions in the ledger: of the lot's certificate, of the document that rests on, of what cites that too, and of
    certificates and deliveries that have nothing to do with the lot."""

    certificate: int
    document: int
    also_on_it: int
    elsewhere: tuple[int, ...]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The audit's routes, transcribed, in a workspace; and a second certificate on the document of ``LOT``."""
    folder = tmp_path_factory.mktemp("damage") / "desk"
    book = casebooks.copy(demo_casebook(), "f-h1", "f-h1-too", number="26-h1-too")
    with init_workspace(folder, (casebooks.BODY,), lambda: TODAY, password) as workspace:
        sign_casebook(workspace, book)
    return folder


@pytest.fixture(scope="module")
def places(sound: Path) -> Places:
    with open_workspace(sound, lambda: TODAY, password) as workspace:
        chosen = choose_records(workspace.ledger, [LOT], everything=True).by_log[""]
        at = {entry.record.subject: entry for entry in chosen}
        (document,) = (e for e in chosen if e.record.kind is RecordKind.DOCUMENT and e.record.subject.endswith("h1"))
        needed = {entry.position for entry in chosen}
        end = workspace.ledger.end()
        others = (p for p in range(end) if p not in needed)
        elsewhere = tuple(p for p in others if workspace.ledger.entry(p).record.kind not in EVERYWHERE)
    assert len(elsewhere) > 300
    return Places(at["f-h1"].position, document.position, at["f-h1-too"].position, elsewhere)


@pytest.fixture
def desk(sound: Path, tmp_path: Path) -> Path:
    """A copy of the workspace, to be spoiled."""
    return Path(shutil.copytree(sound, tmp_path / "desk"))


@pytest.fixture
def on_server(on_postgresql: str) -> Iterator[Both]:
    """The story of a hold, a cancellation and the end of a key, on PostgreSQL."""
    with Ledger.create(on_postgresql, LOG) as ledger:
        for _, records in story():
            ledger.append(records, NOW + 86_400)
        yield Both(ledger)


@pytest.mark.parametrize("everything", [False, True])
def test_the_same_is_chosen_on_a_server(on_server: Both, everything: bool) -> None:
    for entry in on_server.reading.logged:
        on_server.agree([entry.record.record_id.hex()], everything=everything)
        on_server.mean_the_same(entry.record.subject)
    on_server.mean_the_same("なにもない")


def spoil(desk: Path, statement: str) -> None:
    with closing(sqlite3.connect(desk / LEDGER, isolation_level=None)) as database:
        assert database.execute(statement).rowcount > 0


def another_byte(position: int) -> str:
    envelope = "CAST(substr(envelope, 1, 99) AS BLOB) || x'ff' || substr(envelope, 101)"
    return f"UPDATE entry SET envelope = CAST({envelope} AS BLOB) WHERE position = {position}"


def a_party(_: Places) -> str:
    return another_byte(3).replace("position = 3", f"position = (SELECT max(position) FROM entry WHERE kind = {PARTY})")


PARTY = int(RecordKind.PARTY)
LATEST = "(SELECT max(size) FROM checkpoint)"
NEEDED: dict[str, Callable[[Places], str]] = {
    "a byte of the certificate": lambda at: another_byte(at.certificate),
    "a byte of its document": lambda at: another_byte(at.document),
    "a byte of a party's record, whichever": a_party,
    "a column": lambda at: f"UPDATE entry SET issuer = 'another' WHERE position = {at.document}",
    "a table beside": lambda at: f"UPDATE paper_number SET number = '0' WHERE position = {at.document}",
    "what the index says it cites": lambda at: f"DELETE FROM edge WHERE child = {at.certificate}",
    "its time": lambda at: f"UPDATE entry SET logged_at = logged_at - 1 WHERE position = {at.certificate}",
    "its leaf": lambda at: f"UPDATE tree_node SET hash = zeroblob(32) WHERE level = 0 AND idx = {at.certificate}",
    "a node beside it": lambda at: f"DELETE FROM tree_node WHERE level = 1 AND idx = {(at.certificate >> 1) ^ 1}",
    "nodes far above it": lambda _: "UPDATE tree_node SET hash = zeroblob(32) WHERE level = 7",
    "no hashes far above it": lambda _: "UPDATE tree_node SET hash = x'00' WHERE level = 7",
    "missing nodes far above it": lambda _: "DELETE FROM tree_node WHERE level = 7",
    "the root's signature": lambda _: f"UPDATE checkpoint SET note = substr(note, 1, 120) WHERE size = {LATEST}",
    "the latest checkpoint": lambda _: f"DELETE FROM checkpoint WHERE size = {LATEST}",
}


@pytest.mark.parametrize("complete", [(), ("--complete",)], ids=["some", "complete"])
@pytest.mark.parametrize("what", NEEDED)
def test_damage_in_what_is_needed_is_refused(
    run: Run, desk: Path, tmp_path: Path, places: Places, what: str, complete: tuple[str, ...]
) -> None:
    spoil(desk, NEEDED[what](places))
    before = contents(desk)
    result = run("bundle", "make", LOT, *complete, "--out", tmp_path / "lot.bundle", "-w", desk, lang="en")
    assert result.exit_code == 2, result.output
    assert "damaged" in result.stderr
    assert not (tmp_path / "lot.bundle").exists()
    assert contents(desk) == before


ELSEWHERE: dict[str, Callable[[Places], str]] = {
    "all other certificates and deliveries": lambda at: (
        f"UPDATE entry SET envelope = x'00' WHERE position IN {at.elsewhere}"
    ),
    "citations of another": lambda at: f"DELETE FROM edge WHERE child = {at.elsewhere[-1]}",
    "the leaf of another": lambda at: f"UPDATE tree_node SET hash = x'' WHERE level = 0 AND idx = {far(at)}",
}


def far(at: Places) -> int:
    """An entry in another part of the tree than all that is needed, as far as proofs go."""
    return next(p for p in at.elsewhere if abs(p - at.certificate) > 64 and abs(p - at.document) > 64)


@pytest.mark.parametrize("everything", [False, True])
@pytest.mark.parametrize("what", ELSEWHERE)
def test_damage_elsewhere_does_not_hinder(desk: Path, places: Places, what: str, everything: bool) -> None:
    spoil(desk, ELSEWHERE[what](places))
    with open_workspace(desk, lambda: TODAY, password) as workspace:
        assert check_integrity(workspace.ledger) != []
        (part,) = verify(bundle.parse(make_bundle(workspace, Order((LOT,), everything=everything)).data)).parts
    assert all(record.logged is not None and not record.problems for record in part.records)
    assert part.complete is everything


def test_an_earlier_tree_that_is_damaged_is_not_handed_out(
    run: Run, desk: Path, tmp_path: Path, places: Places
) -> None:
    """Damage in a part of the tree by which no record is proven, only what somebody saw of the log."""
    apart = next(n for n in range(0, 10, 2) if set(range(n * 64, n * 64 + 128)) <= {*places.elsewhere})
    spoil(desk, f"UPDATE tree_node SET hash = zeroblob(32) WHERE level = 6 AND idx = {apart}")
    make = ("bundle", "make", LOT, "-w", desk)
    result = run(*make, "--since", apart * 64 + 64, "--out", tmp_path / "since.bundle", lang="en")
    assert result.exit_code == 2
    assert "the ledger is damaged: bundle: history of log" in result.stderr
    assert run(*make, "--out", tmp_path / "now.bundle").exit_code == 0


def test_nobody_states_that_these_are_all_where_one_is_gone(
    run: Run, desk: Path, tmp_path: Path, places: Places
) -> None:
    """Whichever it was: what is gone may have touched the lot. A bundle that states nothing is made."""
    gone = far(places)
    for table in ("edge", "drawn"):
        with closing(sqlite3.connect(desk / LEDGER, isolation_level=None)) as database:
            database.execute(f"DELETE FROM {table} WHERE child = {gone}")
    spoil(desk, f"DELETE FROM entry WHERE position = {gone}")
    make = ("bundle", "make", LOT, "-w", desk)
    result = run(*make, "--complete", "--out", tmp_path / "all.bundle", lang="en")
    assert result.exit_code == 2
    assert "the ledger is damaged: it holds 725 of 726 entries" in result.stderr
    some = run(*make, "--out", tmp_path / "some.bundle")
    assert some.exit_code == 0, some.output


def test_a_citation_that_the_index_has_lost_is_found_by_an_audit_only(desk: Path, places: Places) -> None:
    """From the certificate that cites it is found; from the document, as ``everything`` asks, it is not."""
    subjects = _subjects(desk)
    assert "f-h1-too" in subjects
    spoil(desk, f"DELETE FROM edge WHERE child = {places.also_on_it}")
    assert subjects - _subjects(desk) == {"f-h1-too"}
    with open_workspace(desk, lambda: TODAY, password) as workspace:
        assert {finding.position for finding in check_integrity(workspace.ledger)} == {places.also_on_it}


def _subjects(desk: Path) -> set[str]:
    part = _part(desk, make_bundle)
    return {found.record.subject for found in part.records if found.record is not None}


def _part(desk: Path, make: Callable[..., bundle_make.Made]) -> VerifiedPart:
    with open_workspace(desk, lambda: TODAY, password) as workspace:
        (part,) = make(workspace, Order((LOT,), everything=True)).checked.parts
    return part


def test_what_is_logged_meanwhile_is_not_stated_to_be_in_it(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The statement is about the log as it was when the records were chosen."""

    def and_then_another(ledger: Ledger, lots: Sequence[str], *, everything: bool, check: LotCheck | None) -> Chosen:
        chosen = choose_records(ledger, lots, everything=everything, check=check)
        with open_workspace(desk, lambda: TODAY, password) as workspace:
            _log_another(workspace)
        return chosen

    size = _part(desk, make_bundle).checkpoint.size
    monkeypatch.setattr(bundle_make, "choose_records", and_then_another)
    part = _part(desk, make_bundle)
    assert part.complete
    assert part.checkpoint.size == size
    with open_workspace(desk, lambda: TODAY, password) as workspace:
        assert workspace.ledger.checkpoint().size > size


def _log_another(workspace: Workspace) -> None:
    sign_casebook(workspace, casebooks.copy(demo_casebook(), "f-h1", "f-h1-later", number="26-h1-later"))


@pytest.mark.parametrize("what", ["a byte of its document", "a byte of a party's record, whichever", "its leaf"])
def test_no_report_on_a_dispute_is_made_of_damaged_records(
    run: Run, desk: Path, tmp_path: Path, places: Places, what: str
) -> None:
    spoil(desk, NEEDED[what](places))
    result = run("report", "dispute", LOT, "--out", tmp_path / "report", "-w", desk, lang="en")
    assert result.exit_code == 2, result.output
    assert "damaged" in result.stderr
    assert not (tmp_path / "report").exists()


def test_a_report_on_a_dispute_goes_by_what_it_rests_on(run: Run, desk: Path, tmp_path: Path, places: Places) -> None:
    spoil(desk, ELSEWHERE["the leaf of another"](places))
    spoil(desk, another_byte(far(places)))
    result = run("report", "dispute", LOT, "--out", tmp_path / "report", "-w", desk, lang="en")
    assert result.exit_code == 1, result.output
    assert "found by the ledger's index of citations; an audit verifies that" in result.stdout
    (tmp_path / "log.vkey").write_text(_log_key(desk), encoding="utf-8")
    verified = run("report", "verify-dispute", tmp_path / "report", "--vkey", tmp_path / "log.vkey")
    assert verified.exit_code == 0, verified.output


def _log_key(desk: Path) -> str:
    with open_workspace(desk, lambda: TODAY, password) as workspace:
        return str(workspace.ledger.log_name)


def test_wood_that_lay_in_the_same_yard_is_looked_at_for_a_report(run: Run, desk: Path, tmp_path: Path) -> None:
    """It is in no bundle, but the report tells of it."""
    with open_workspace(desk, lambda: TODAY, password) as workspace:
        found = back(open_ledger(workspace).desk, LOT)
        lying = {x.certificate for pool in found.pools for x in pool.lying}
        chosen = choose_records(workspace.ledger, [LOT], everything=True).by_log[""]
        (beside, *_) = sorted(lying - {entry.record.record_id.hex() for entry in chosen})
    spoil(desk, another_byte(0).replace("position = 0", f"hex(record_id) = '{beside.upper()}'"))
    assert run("bundle", "make", LOT, "--complete", "--out", tmp_path / "lot.bundle", "-w", desk).exit_code == 0
    result = run("report", "dispute", LOT, "--out", tmp_path / "report", "-w", desk, lang="en")
    assert result.exit_code == 2, result.output
    assert "what is needed is damaged" in result.stderr


def test_it_is_told_what_a_statement_goes_by(run: Run, desk: Path, tmp_path: Path) -> None:
    def told(name: str, *options: str) -> str | None:
        made = run("bundle", "make", LOT, *options, "--out", tmp_path / name, "-w", desk, "--format", "json", lang="en")
        assert made.exit_code == 0, made.output
        by_index: str | None = data(made)["by_index"]
        return by_index

    assert told("some.bundle") is None
    assert (told("all.bundle", "--complete") or "").endswith("(biotrace audit): there is none yet in this workspace")
    assert run("audit", "-w", desk).exit_code == 1
    assert (told("again.bundle", "--complete") or "").endswith("(biotrace audit): the last one goes up to entry 725")


@pytest.mark.parametrize("spoiled", [another_byte(0), "UPDATE entry SET position = -1 WHERE position = 0"])
def test_what_was_read_before_has_to_be_there_still(desk: Path, spoiled: str) -> None:
    """A check that goes on for longer has verified who is who in an earlier transaction."""
    with open_workspace(desk, lambda: TODAY, password) as workspace:
        check = LotCheck(workspace.ledger)
        make_bundle(workspace, Order((LOT,)), check)
        spoil(desk, spoiled)
        with pytest.raises(IntegrityError, match="the ledger is damaged: entry 0 has been altered"):
            make_bundle(workspace, Order((LOT,)), check)

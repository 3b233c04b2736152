"""A trace forward by a ledger's tables tells what one that reads every record tells, or reads them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from biotrace.chain.kinds import KeyBinding, KeyEnd, KeyEndReason, RecordKind
from biotrace.chain.record import Signer
from biotrace.model.correction import Action
from biotrace.model.party import Role
from biotrace.model.quantity import Quantity, Unit
from biotrace.model.text import Text
from biotrace.services import trace
from biotrace.services.ledger_case import case_of_ledger, integrity_finding, read_ledger
from biotrace.services.log_verdict import Watched
from biotrace.services.lot_check import LotCheck, Order
from biotrace.services.settings import LEDGER
from biotrace.services.trace import FoundForward
from biotrace.services.trace_desk import WholeDesk
from biotrace.services.trace_ledger import LedgerDesk
from biotrace.services.trace_start import StartKind
from biotrace.store.integrity import check_integrity
from biotrace.verify.effect import Effect
from biotrace.verify.rule import Finding
from biotrace.verify.rules.integrity import S105
from biotrace.verify.trace_forward import Forward, Where
from tests.builders import ROOT, ChainBuilder, device_key, m3, tonnes
from tests.desks import Desk, desk
from tests.integration.conftest import Run

DAYS = [date(2014, 11, 19), date(2014, 12, 2), date(2014, 12, 3)]
_FIRST = 27
"""So many of the records are logged on the first day."""


def story() -> ChainBuilder:
    """Draws in several units and without species, corrections of every kind, a leaked key, and an issuer for others."""
    chain = ChainBuilder().story()
    chain.party("kumiai", Role.PRODUCER)
    chain.felling("f-2", ("doc-1",), number="f-2", quantity=Quantity(50_000_000, Unit.M3_STACKED))
    chain.processing(
        "mixed", {"c-1": Quantity(20_000_000, Unit.M3_STACKED), "f-2": tonnes(9_000_000)}, number="乙-1", species=()
    )
    chain.processing(
        "dry", {"c-1": Quantity(9_000_000, Unit.T, None)}, number="乙-2", quantity=Quantity(9_000, Unit.KG)
    )
    chain.delivery("d-2", "dry", quantity=tonnes(8_000_000))
    chain.delivery("at-a-yard", "dry", at="otsu")
    chain.processing("cancelled", {"c-1": m3(30)}, number="乙-3")
    chain.processing("first", {"c-1": m3(40)}, number="乙-4")
    chain.processing("second", {"c-1": m3(40)}, number="乙-5")
    chain.processing("on-both", {"first": tonnes(10), "cancelled": tonnes(10)}, number="乙-6")
    chain.felling("f-3", (), number="f-3")
    chain.felling("more", ("doc-1",), number="f-3s")
    chain.processing("of-f-3", {"f-3": m3(12)}, number="乙-7")
    chain.felling("for-kousei", ("doc-1",), number="f-4", issuer_party="kumiai")
    chain.correction("cancel", "cancelled", Action.CANCEL)
    chain.correction("replace", "first", Action.REPLACE, by="second")
    chain.correction("hold", "mixed", Action.HOLD)
    chain.correction("supplement", "f-3", Action.SUPPLEMENT, by="more")
    chain.processing("stolen", {"c-1": m3(11)}, number="乙-8")
    last = len(chain.records) - 1
    chain.sign(ROOT, RecordKind.KEY_END, "leaked", KeyEnd(device_key("otsu").kid, last, KeyEndReason.LEAKED))
    return chain


CHAIN = story()
STARTS = (
    *(("c-1", StartKind.CERTIFICATE), ("f-2", StartKind.CERTIFICATE), ("f-3", StartKind.CERTIFICATE)),
    *(("more", StartKind.CERTIFICATE), ("cancelled", StartKind.CERTIFICATE), ("first", StartKind.CERTIFICATE)),
    *(("kousei", StartKind.PARTY), ("otsu", StartKind.PARTY), ("doc-1", StartKind.DOCUMENT)),
    *(("kumiai", StartKind.PARTY), ("長木-012", StartKind.ACCREDITATION)),
)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Desk]:
    batches = [(DAYS[0], CHAIN.records[:_FIRST]), (DAYS[1], CHAIN.records[_FIRST:])]
    with desk(tmp_path, "plant-8", batches, DAYS[2]) as opened:
        yield opened


def forward(workspace: Desk, what: str, kind: StartKind, order: Order, *, read: bool) -> FoundForward:
    return trace.forward(LedgerDesk(LotCheck(workspace.ledger), order), what, kind, read=read)


def place(subject: str) -> int:
    return next(i for i, record in enumerate(CHAIN.records) if record.subject == subject)


def spoil(workspace: Desk, change: str, subject: str) -> None:
    with closing(sqlite3.connect(workspace.folder / LEDGER)) as database, database:
        database.execute(change, (place(subject),))


@pytest.mark.parametrize("as_of", [None, DAYS[0], DAYS[1]])
@pytest.mark.parametrize(("what", "kind"), STARTS, ids=[f"{kind} {what}" for what, kind in STARTS])
def test_it_is_what_the_records_tell(workspace: Desk, what: str, kind: StartKind, as_of: date | None) -> None:
    order = Order(DAYS[2], as_of=as_of)
    read, told = (forward(workspace, what, kind, order, read=every) for every in (True, False))
    assert (read.read, told.read) == (True, False)
    assert (told.start, told.told) == (read.start, read.told)
    assert told.forward == read.forward
    assert set(told.seen.damage) == set(read.seen.damage)
    assert sum(rest.grams for rest in told.forward.rests) == told.forward.grams


def test_the_story_has_it_all(workspace: Desk) -> None:
    """Else the test above would show little."""
    told = forward(workspace, "kousei", StartKind.PARTY, Order(DAYS[2]), read=False)
    assert {rest.where for rest in told.forward.rests} >= {
        *(Where.PLANT, Where.UNDELIVERED, Where.STOCK, Where.UNTOLD),
    }
    assert told.forward.unweighed
    assert set(told.forward.unweighed) <= told.seen.subjects.keys()
    taking = {CHAIN.records[p.handing.order].subject for p in told.forward.passed}
    assert {"mixed", "dry", "second", "of-f-3"} <= taking
    assert taking.isdisjoint({"stolen", "cancelled", "first", "at-a-yard"})
    (instead,) = (r for r in forward_of(workspace, "first").rests if r.instead is not None)
    assert instead.where is Where.WITHDRAWN


def forward_of(workspace: Desk, certificate: str) -> Forward:
    return forward(workspace, certificate, StartKind.CERTIFICATE, Order(DAYS[2]), read=False).forward


def test_hardly_any_record_is_read(workspace: Desk) -> None:
    told = forward(workspace, "kousei", StartKind.PARTY, Order(DAYS[2]), read=False)
    named = {CHAIN.records[entry.order].subject for entry in told.seen.case.entries}
    assert named == {"stolen", "cancelled", "first", "second", "mixed", "f-3", "more"}


@pytest.mark.parametrize(
    ("change", "subject"),
    [
        ("DELETE FROM handed_over WHERE position = ?", "dry"),
        ("DELETE FROM arrived WHERE position = ?", "d-2"),
        ("UPDATE handed_over SET unit = 'cords' WHERE position = ?", "dry"),
        *((f"UPDATE handed_over SET day = '{day}' WHERE position = ?", "dry") for day in ("20141119", "2014-W40-1")),
        *((f"UPDATE handed_over SET amount = {amount} WHERE position = ?", "dry") for amount in (0, -7)),
        *((f"UPDATE handed_over SET moisture = {parts} WHERE position = ?", "dry") for parts in (-1, 10_001)),
        *(
            (f"UPDATE handed_over SET species = '{species}' WHERE position = ?", "dry")
            for species in ("[", "[]", "5", "null", '"スギ"', '["スギ", 5]', '{"スギ": 1}', "[" * 100_000)
        ),
        ("UPDATE drawn SET unit = 'cords' WHERE child = ?", "dry"),
        ("UPDATE drawn SET amount = -7 WHERE child = ?", "dry"),
        ("UPDATE drawn SET certificate = zeroblob(32) WHERE child = ?", "dry"),
        ("UPDATE drawn SET nth = nth + 1 WHERE child = ?", "dry"),
        ("DELETE FROM drawn WHERE child = ?", "dry"),
        ("DELETE FROM drawn WHERE nth = 0 AND child = ?", "mixed"),
        (
            f"INSERT INTO drawn SELECT ?, 1, record_id, 1, 't', NULL FROM entry WHERE position = {place('dry')}",
            "second",
        ),
        ("UPDATE arrived SET unit = 'cords' WHERE position = ?", "d-2"),
        ("UPDATE arrived SET certificate = NULL WHERE position = ?", "d-2"),
        ("UPDATE arrived SET certificate = zeroblob(3) WHERE position = ?", "d-2"),
    ],
)
def test_where_the_tables_do_not_tell_the_records_are_read(workspace: Desk, change: str, subject: str) -> None:
    """And what is wrong with the tables is told."""
    read = forward(workspace, "c-1", StartKind.CERTIFICATE, Order(DAYS[2]), read=True)
    spoil(workspace, change, subject)
    found = forward(workspace, "c-1", StartKind.CERTIFICATE, Order(DAYS[2]), read=False)
    assert found.read
    assert found.forward == read.forward
    (amiss,) = set(found.seen.damage) - set(read.seen.damage)
    assert (amiss.rule, amiss.code, amiss.position) == ("S106", "columns", place(subject))
    assert "biotrace rebuild" in integrity_finding(amiss).remedy.en


@pytest.mark.parametrize(
    ("change", "subject"),
    [
        ("INSERT INTO arrived SELECT ?, NULL, 'plant-8', '2014-11-20', record_id, 1, 't', NULL FROM entry", "dry"),
        ("INSERT INTO arrived SELECT ?, NULL, 'plant-8', '2014-11-20', record_id, 1, 't', NULL FROM entry", "replace"),
        (
            "INSERT INTO handed_over SELECT ?, 'otsu', 'plant-8', NULL, '2014-11-20', 1, 't', NULL, NULL FROM entry",
            "d-2",
        ),
    ],
)
def test_rows_of_records_of_another_kind_are_not_gone_by(workspace: Desk, change: str, subject: str) -> None:
    read = forward(workspace, "c-1", StartKind.CERTIFICATE, Order(DAYS[2]), read=True)
    spoil(workspace, f"{change} WHERE position = {place('c-1')}", subject)
    found = forward(workspace, "c-1", StartKind.CERTIFICATE, Order(DAYS[2]), read=False)
    assert (found.read, found.forward) == (True, read.forward)


def test_ids_that_not_every_database_holds(tmp_path: Path) -> None:
    chain = ChainBuilder().story()
    chain.felling("to-odd", ("doc-1",), number="f-2", buyer="a\0b")
    chain.felling("of-odd", ("doc-1",), number="f-3", seller="a\\0\0b", issuer_party="kousei", species=("ス\0ギ",))
    chain.processing("of-it", {"of-odd": m3(3)}, number="乙-1")
    chain.delivery("d-2", "of-it", sender="\0")
    with desk(tmp_path, "plant-8", [(DAYS[0], chain.records)], DAYS[2]) as opened:
        whole = trace.forward(_whole(opened), "kousei", StartKind.PARTY)
        read, told = (forward(opened, "kousei", StartKind.PARTY, Order(DAYS[2]), read=every) for every in (True, False))
    assert (told.read, told.told, told.forward) == (False, read.told, read.forward)
    assert (whole.start, whole.told, whole.forward) == (read.start, read.told, read.forward)
    assert len(told.forward.starts) == 3
    assert {"a\0b", "a\\0\0b", "\0"} <= {party.party for party in told.told}


def _whole(opened: Desk) -> WholeDesk:
    reading = read_ledger(opened.ledger)
    return WholeDesk(case_of_ledger(reading.logged, DAYS[2]), reading.subjects())


def test_what_was_replaced_is_no_matter_of_what_stands_for_it(tmp_path: Path) -> None:
    """Its key was ended; only who traces it, or what it drew on, is told."""
    chain = ChainBuilder().story()
    chain.processing("stolen", {"c-1": m3(3)}, number="乙-1")
    ended = KeyEnd(device_key("otsu").kid, len(chain.records) - 1, KeyEndReason.LEAKED)
    chain.sign(ROOT, RecordKind.KEY_END, "leaked", ended)
    chain.signers["otsu"] = Signer(device_key("new"), "otsu")
    chain.sign(ROOT, RecordKind.KEY, "new", KeyBinding(device_key("new").public.raw, "otsu", "new", root=False))
    chain.processing("instead", {"c-1": m3(3)}, number="乙-2")
    chain.correction("replace", "stolen", Action.REPLACE, by="instead")
    with desk(tmp_path, "plant-8", [(DAYS[0], chain.records)], DAYS[2]) as opened:
        for what, findings in (("instead", 0), ("stolen", 1), ("c-1", 1)):
            read, told = (
                forward(opened, what, StartKind.CERTIFICATE, Order(DAYS[2]), read=every) for every in (True, False)
            )
            assert not told.read
            assert set(told.seen.damage) == set(read.seen.damage)
            assert len(read.seen.damage) == findings


@pytest.mark.parametrize("column", ["seller", "issuer"])
def test_whoever_reads_a_certificate_sees_whose_it_is(workspace: Desk, column: str) -> None:
    """Whatever the table says by which it was found."""
    spoil(workspace, f"UPDATE handed_over SET {column} = 'kumiai' WHERE position = ?", "dry")
    told, read = (forward(workspace, "kumiai", StartKind.PARTY, Order(DAYS[2]), read=every) for every in (False, True))
    assert (len(told.start.certificates), len(read.start.certificates)) == (2, 1)
    assert read.forward.starts == read.start.certificates
    supposed = trace.what_if(LedgerDesk(LotCheck(workspace.ledger), Order(DAYS[2])), "kumiai", StartKind.PARTY)
    assert supposed.found.start == read.start
    assert not supposed.lots


def test_under_an_accreditation_are_its_holders(workspace: Desk) -> None:
    before = forward(workspace, "長木-012", StartKind.ACCREDITATION, Order(DAYS[2]), read=False)
    spoil(workspace, "UPDATE handed_over SET issuer = 'otsu' WHERE position = ?", "f-2")
    spoil(workspace, "UPDATE handed_over SET issuer = 'kousei' WHERE position = ?", "for-kousei")
    after = forward(workspace, "長木-012", StartKind.ACCREDITATION, Order(DAYS[2]), read=False)
    gone = {CHAIN["f-2"].record_id.hex()}
    assert set(after.start.certificates) == set(before.start.certificates) - gone


def test_what_a_table_tells_falsely_only_who_reads_the_records_sees(workspace: Desk) -> None:
    """The audit does: see test_audit_damage."""
    spoil(workspace, "UPDATE drawn SET amount = amount / 2 WHERE child = ?", "dry")
    read, told = (
        forward(workspace, "c-1", StartKind.CERTIFICATE, Order(DAYS[2]), read=every) for every in (True, False)
    )
    assert read.forward != told.forward
    assert check_integrity(workspace.ledger)


def test_in_a_log_that_forked_nothing_counts(workspace: Desk) -> None:
    said = Text("分岐", "forked")
    breach = Finding(S105.code, "", Effect.VOID, S105.clause, said, said, said, said)
    order = Order(DAYS[2], watched=Watched((), (breach,)))
    found = forward(workspace, "c-1", StartKind.CERTIFICATE, order, read=False)
    assert found.read
    assert not found.forward.flows


def test_on_the_command_line(workspace: Desk, run: Run) -> None:
    by_tables = run("trace", "forward", "kousei", "-w", workspace.folder, lang="en")
    by_records = run("trace", "forward", "kousei", "--records", "-w", workspace.folder, lang="en")
    head = "the records were not read"
    assert head in by_tables.stdout
    assert head not in by_records.stdout
    heads = ("by the ledger's tables", "only what bears on this")
    found = (by_tables.stdout.splitlines(), by_records.stdout.splitlines())
    one, other = ([line for line in lines if not line.startswith(heads)] for lines in found)
    assert one == other != found[0]
    assert (by_tables.exit_code, by_records.exit_code) == (1, 1)


def test_a_table_that_is_amiss_on_the_command_line(workspace: Desk, run: Run) -> None:
    asked = ("trace", "forward", "f-2", "-w", workspace.folder)
    assert run(*asked).exit_code == 0
    spoil(workspace, "DELETE FROM drawn WHERE child = ?", "mixed")
    found = run(*asked, lang="en")
    assert (found.exit_code, found.stderr) == (1, "")
    assert f"entry {place('mixed')}: the database's drawn differ" in found.stdout
    assert "the records were not read" not in found.stdout

"""Auditing in two streaming passes tells what reading everything into memory tells, word for word."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from hypothesis import given, settings
from hypothesis import strategies as st

from biotrace.chain.kinds import KeyBinding, KeyEnd, KeyEndReason, RecordKind
from biotrace.chain.record import Signer
from biotrace.errors import BiotraceError, UsageError
from biotrace.model.casebook import Casebook
from biotrace.model.certificate import Draw
from biotrace.model.correction import Action
from biotrace.model.fuel_class import FuelClass
from biotrace.model.party import Role
from biotrace.model.stock import Site, StockEntry, StockKind
from biotrace.services import audit_read
from biotrace.services.audit import Listeners, audit
from biotrace.services.key_files import KeyFiles, no_password
from biotrace.services.lot_check import LotCheck, Order
from biotrace.services.settings import LEDGER, Settings, write_settings
from biotrace.services.sign import sign_casebook, sign_file
from biotrace.services.workspace import Workspace, init_workspace, open_workspace
from biotrace.store.ledger import Ledger
from tests import casebooks
from tests.audits import audited, whole
from tests.builders import LOG, ROOT, ChainBuilder, device_key, m3, tonnes
from tests.desks import Batch, Desk, desk, noon
from tests.integration.test_as_of import DAYS, story
from tests.schemes import Scheme
from tests.workspaces import TODAY, password

Run = Callable[..., Result]
DATA = Path(__file__).parents[2] / "data"
DEMO = DATA / "demo/soumu2017.yaml"
LATER = TODAY + 400 * 86_400


def signed(folder: Path, book: Casebook, *, demo_keys: bool) -> Workspace:
    """A workspace that has signed the casebook."""
    workspace = init_workspace(folder, (casebooks.OTSU,), lambda: LATER, password)
    sign_casebook(workspace, book, demo_keys=demo_keys)
    return workspace


# casebooks


@pytest.mark.parametrize("demo_keys", [False, True], ids=["transcribed", "signed by all"])
def test_the_demonstration_is_audited_as_it_is_verified(demo_keys: bool, tmp_path: Path) -> None:
    with init_workspace(tmp_path / "workspace", (casebooks.OTSU,), lambda: TODAY, password) as workspace:
        sign_file(workspace, DEMO, demo_keys=demo_keys)
        found, told = audited(workspace)
        assert told.same_as(whole(workspace))
    assert len(told.lots) == 110
    assert len(told.codes) > 5
    assert (found.clean, found.streamed, told.again) == (False, True, 0)


@pytest.mark.parametrize("family", "ADFGHLPQT")
def test_every_example_of_a_rule_is_audited_as_it_is_verified(family: str, tmp_path: Path) -> None:
    """Bad and good ones, bookings of yards and plants among them, each in a ledger of its own."""
    seen: set[str] = set()
    for path in sorted((DATA / "rules").glob(f"{family}*.yaml")):
        if path.name in ("P503.bad.yaml", "P510.bad.yaml"):
            continue  # citing what comes later, or oneself: no ledger takes it
        with init_workspace(tmp_path / path.stem, (casebooks.OTSU,), lambda: LATER, password) as workspace:
            sign_file(workspace, path, demo_keys=True)
            _, told = audited(workspace)
            assert told.same_as(whole(workspace)), path.name
        code = path.name.partition(".")[0]
        if path.name.endswith(".bad.yaml") and code in {f.code for f in told.findings}:
            seen.add(code)
    assert seen


def withdrawn() -> Casebook:
    """Two trucks on f-1, before and after it was put on hold; and f-2, cancelled after a truck drew on it."""
    book = casebooks.copy(casebooks.clean(), "f-1", "f-2", number="第26-018号")
    book = casebooks.copy(book, "p-1", "p-2", number="乙-2", date=date(2014, 11, 20))
    book = casebooks.copy(book, "p-1", "p-3", number="乙-3", draws=(Draw("f-2", casebooks.m3(40)),))
    book = casebooks.copy(book, "d-1", "d-2", certificate="p-2", date=date(2014, 11, 20))
    book = casebooks.copy(book, "d-1", "d-3", certificate="p-3")
    book = casebooks.correct(book, "f-1", Action.HOLD, date(2014, 11, 19))
    return casebooks.correct(book, "f-2", Action.CANCEL, date(2014, 12, 1))


def supplemented() -> Casebook:
    """f-1 lacks its document, which f-2 brings later, with a document that is logged later still."""
    other = replace(casebooks.DOCUMENT, id="doc-2", number="26-15")
    book = casebooks.add(casebooks.change(casebooks.clean(), "f-1", documents=()), other)
    book = casebooks.copy(book, "f-1", "f-2", number="第26-018号", date=date(2014, 12, 1), documents=("doc-2",))
    return casebooks.correct(book, "f-1", Action.SUPPLEMENT, date(2014, 12, 2), by="f-2")


def supplemented_too_late() -> Casebook:
    """The same, and f-2 comes after its issuer's accreditation."""
    return casebooks.change_accreditation(supplemented(), casebooks.KOUSEI.id, until=date(2014, 11, 30))


@pytest.mark.parametrize("demo_keys", [False, True], ids=["transcribed", "signed by all"])
@pytest.mark.parametrize(
    "book",
    [
        withdrawn(),
        supplemented(),
        supplemented_too_late(),
        casebooks.correct(
            casebooks.copy(casebooks.clean(), "f-1", "f-9", number="第26-099号"), "f-1", Action.REPLACE, by="f-9"
        ),
        casebooks.correct(
            casebooks.correct(casebooks.clean(), "f-1", Action.HOLD), "f-1", Action.RELEASE, date(2014, 7, 2)
        ),
        casebooks.correct(casebooks.remove(casebooks.clean(), "d-1"), "p-1", Action.CANCEL, date(2014, 12, 1)),
        casebooks.correct(casebooks.remove(casebooks.clean(), "d-1"), "p-1", Action.HOLD, date(2014, 12, 1)),
        casebooks.logs_direct(),
        casebooks.residues(),
        casebooks.national(),
        casebooks.imported(),
        casebooks.homestead(),
    ],
    ids=[
        *("withdrawn", "supplemented", "supplemented too late", "replaced", "released", "cancelled lot"),
        *("lot on hold", "logs", "residues", "national", "imported", "homestead"),
    ],
)
def test_a_casebook_is_audited_as_it_is_verified(book: Casebook, demo_keys: bool, tmp_path: Path) -> None:
    with signed(tmp_path / "workspace", book, demo_keys=demo_keys) as workspace:
        _, told = audited(workspace)
        assert told.same_as(whole(workspace))


def test_a_sound_chain_is_clean_and_every_entry_is_told_of(tmp_path: Path) -> None:
    with signed(tmp_path / "workspace", casebooks.clean(), demo_keys=True) as workspace:
        found, told = audited(workspace)
        end = workspace.ledger.end()
        assert found.root == workspace.ledger.checkpoint().root
    assert (found.clean, found.size, found.read_from, found.reaching_back) == (True, end, 0, 0)
    assert told.progress == [(end, end)]
    assert found.tally.judged == 3
    ((outcome, count),) = found.tally.lots.items()
    assert (outcome[0], outcome[1], outcome[3], count) == (FuelClass.THINNED, FuelClass.THINNED, True, 1)
    assert found.tally.grams == {(FuelClass.THINNED, FuelClass.THINNED): 17_400_000}


# ledgers that a casebook cannot be


@pytest.fixture(scope="module")
def plant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Twelve days on which wood was drawn before, during and after a hold, cancelled, replaced and cut off."""
    with desk(tmp_path_factory.mktemp("plant"), "plant-8", story(), DAYS[-1]) as workspace:
        yield workspace


@pytest.mark.parametrize("day", [None, *DAYS])
def test_every_day_is_audited_as_it_is_verified(day: date | None, plant: Desk) -> None:
    found, told = audited(plant, day)
    assert told.same_as(whole(plant, day))
    assert told.lots
    assert found.as_of == (day or DAYS[-1])


@pytest.mark.parametrize("day", DAYS)
def test_an_audit_as_of_a_day_covers_what_was_logged_until_then(day: date, plant: Desk, tmp_path: Path) -> None:
    """Its size and root are those of the log as it was then, so that whoever saw that log can compare."""
    with desk(tmp_path, "plant-8", [batch for batch in story() if batch[0] <= day], day) as then:
        size, root = then.ledger.end(), then.ledger.checkpoint().root
    found, _ = audited(plant, day)
    assert (found.size, found.root) == (size, root)


def test_a_day_before_the_first_record_is_nothing_to_audit(plant: Desk) -> None:
    with pytest.raises(UsageError) as refused:
        audited(plant, DAYS[0] - timedelta(days=1))
    assert refused.value.code == "nothing-to-check"


def with_cut_off(chain: ChainBuilder, subject: str) -> None:
    """The mill's key is ended from the record of that name on."""
    first = next(n for n, record in enumerate(chain.records) if record.subject == subject)
    chain.sign(ROOT, RecordKind.KEY_END, "leaked", KeyEnd(device_key("otsu").kid, first, KeyEndReason.LEAKED))


def test_what_a_cut_off_key_signed_counts_no_longer_corrections_and_documents_too(tmp_path: Path) -> None:
    """The thief's cancellation of c-2, his document, and his yard: none of them counts, and each is told."""
    chain = ChainBuilder().story()
    chain.processing("c-3", {"c-1": m3(11)}, number="乙-3")
    chain.correction("cancel", "c-2", Action.CANCEL)
    chain.document("doc-2", by="otsu", number="26-99")
    chain.sign("otsu", RecordKind.SITE, "yard-1", Site("yard-1", "otsu", FuelClass.THINNED))
    chain.felling("c-9", ("doc-2",), number="第26-099号")
    with_cut_off(chain, "c-3")
    with desk(tmp_path, "plant-8", [(DAYS[0], chain.records)], DAYS[1]) as workspace:
        found, told = audited(workspace)
        assert told.same_as(whole(workspace))
    codes = [f.code for f in told.findings.elements() if f.code == "S102"]
    assert len(codes) == 4
    assert found.damage
    assert not found.clean


@pytest.mark.parametrize("counts", [True, False], ids=["good", "of a cut off key"])
def test_a_document_that_comes_after_the_certificate_it_supplements_counts_for_it(counts: bool, tmp_path: Path) -> None:
    """f-1 has no document until f-2 supplements it with one that was logged after f-1; unless a thief registered it."""
    chain = ChainBuilder().story()
    chain.felling("f-1", (), number="f-1")
    chain.processing("p-1", {"f-1": m3(11)}, number="乙-1")
    chain.document("doc-2", by="kousei" if counts else "otsu", number="26-2")
    chain.felling("f-2", ("doc-2",), number="f-2")
    chain.correction("supplement", "f-1", Action.SUPPLEMENT, by="f-2")
    if not counts:
        with_cut_off(chain, "doc-2")
    with desk(tmp_path, "plant-8", [(DAYS[0], chain.records)], DAYS[1]) as workspace:
        _, told = audited(workspace)
        assert told.same_as(whole(workspace))
    lacking = {finding.record for finding in told.findings if finding.code == "H302"}
    assert (chain["f-1"].record_id.hex() in lacking) is not counts
    assert told.again == 0


def new_key(chain: ChainBuilder, party: str) -> None:
    """A second device of the party, with which it signs from now on."""
    device = device_key(f"{party}, another")
    chain.signers[party] = Signer(device, party)
    binding = KeyBinding(device.public.raw, party, f"{party}株式会社", root=False)
    chain.sign(ROOT, RecordKind.KEY, f"key-{party}-2", binding)


@pytest.mark.parametrize("spoilt", ["", "cut off", "accreditation"])
def test_what_a_supplement_adds_counts_only_if_it_is_good_itself(spoilt: str, tmp_path: Path) -> None:
    """f-1 names no document; f-2 does, and the correction that says so is good whatever f-2 is."""
    chain = ChainBuilder().story()
    chain.felling("f-1", (), number="f-1")
    chain.processing("p-1", {"f-1": m3(11)}, number="乙-1")
    chain.delivery("d-2", "p-1")
    chain.document("doc-2", number="26-2")
    stolen = chain.signers["kousei"].key
    expired: dict[str, Any] = {"date": date(2017, 4, 1)} if spoilt == "accreditation" else {}
    chain.felling("f-2", ("doc-2",), number="f-2", **expired)
    new_key(chain, "kousei")
    chain.correction("supplement", "f-1", Action.SUPPLEMENT, by="f-2")
    if spoilt == "cut off":
        index = next(n for n, record in enumerate(chain.records) if record.subject == "f-2")
        chain.sign(ROOT, RecordKind.KEY_END, "leaked", KeyEnd(stolen.kid, index, KeyEndReason.LEAKED))
    with desk(tmp_path, "plant-8", [(DAYS[0], chain.records)], DAYS[1]) as workspace:
        _, told = audited(workspace)
        assert told.same_as(whole(workspace))
        (alone,) = LotCheck(workspace.ledger).check([chain["d-2"].record_id.hex()], Order(DAYS[1], DAYS[1])).lots
    lacking = {finding.record for finding in told.findings if finding.code == "H302"}
    assert (chain["f-1"].record_id.hex() in lacking) is bool(spoilt)
    assert ("H302" in {finding.code for finding in alone.findings}) is bool(spoilt)


def test_a_ledger_without_certificates_is_audited_too(tmp_path: Path) -> None:
    """A ledger of keys and parties alone: nothing to judge, and all of it read."""
    chain = ChainBuilder()
    chain.party("otsu", Role.PROCESSOR)
    with desk(tmp_path, "kumiai", [(DAYS[0], chain.records)], DAYS[0]) as workspace:
        found, told = audited(workspace)
        assert told.same_as(whole(workspace))
    assert (found.tally.judged, found.size) == (0, len(chain.records))


def test_records_of_another_log_are_read_with_ours(run: Run, mill: Path, tmp_path: Path) -> None:
    scheme = Scheme("log.example/kousei", wood=False)
    scheme.chain.felling("c-1", ("doc-1",), date=date(2014, 11, 10), accreditation_number="長木-012", number="K-1")
    assert run("bundle", "import", scheme.file(tmp_path, ["c-1"]), "--pin", "-w", mill).exit_code == 0
    issued = run("issue", "--to", "plant-8", "--quantity", "10m3", "--goods", "logs", "--from", "K-1=10m3", "-w", mill)
    assert issued.exit_code == 0
    with open_workspace(mill, lambda: TODAY, password) as workspace:
        found, told = audited(workspace)
        assert told.same_as(whole(workspace))
        assert (found.size, found.root) == (workspace.ledger.end(), workspace.ledger.checkpoint().root)
        with pytest.raises(UsageError) as refused:
            audited(workspace, since=lambda: pytest.fail("read though it cannot be used"))
    assert (found.streamed, found.kept) == (False, None)
    assert refused.value.code == "cannot-resume"


def test_a_log_that_forked_is_void_and_its_state_is_not_kept(mill: Path, run: Run, tmp_path: Path) -> None:
    older = shutil.copytree(mill, tmp_path / "older")
    issued = run("issue", "--to", "plant-8", "--quantity", "1m3", "--goods", "logs", "-w", mill)
    assert issued.exit_code == 0
    for file in mill.glob("ledger.sqlite*"):
        file.unlink()
    for file in older.glob("ledger.sqlite*"):
        shutil.copy(file, mill)
    with open_workspace(mill, lambda: TODAY, password) as workspace:
        found, told = audited(workspace)
        assert told.same_as(whole(workspace))
    assert [finding.code for finding in found.breaches] == ["S105"]
    assert "S105" in told.codes
    assert (found.clean, found.kept) == (False, None)


# random ledgers


Step = tuple[int, int, int]
"""What is done, to which of those at hand, and how much of it."""


class Story:
    """Whatever the steps are, records that a ledger takes."""

    def __init__(self) -> None:
        self.chain = ChainBuilder().story()
        self.chain.sign("otsu", RecordKind.SITE, "yard", Site("yard", "otsu", FuelClass.THINNED))
        self._source, self._made = ["c-1"], ["c-2"]
        self._held: list[str] = []

    def take(self, step: Step) -> None:
        """One more record, or some that belong together."""
        what, which, much = step
        steps = (self._fell, self._chip, self._deliver, self._hold, self._cancel, self._supplement, self._book)
        steps[what % len(steps)](len(self.chain.records), which, much)

    def _fell(self, number: int, which: int, much: int) -> None:
        papers = ("doc-1",) if which % 3 else ()
        self.chain.felling(f"f-{number}", papers, number=f"f-{number}", quantity=m3(much))
        self._source.append(f"f-{number}")

    def _chip(self, number: int, which: int, much: int) -> None:
        source = self._source[which % len(self._source)]
        yard = {"from_site": "yard"} if which % 2 else {}
        self.chain.processing(
            f"p-{number}", {source: m3(much)}, number=f"p-{number}", quantity=tonnes(much * 400_000), **yard
        )
        self._made.append(f"p-{number}")

    def _deliver(self, number: int, which: int, _: int) -> None:
        self.chain.delivery(f"d-{number}", self._made[which % len(self._made)])

    def _any(self, which: int) -> str:
        everything = self._source + self._made
        return everything[which % len(everything)]

    def _hold(self, number: int, which: int, _: int) -> None:
        of = self._any(which)
        action = Action.RELEASE if of in self._held else Action.HOLD
        (self._held.remove if of in self._held else self._held.append)(of)
        self.chain.correction(f"x-{number}", of, action)

    def _cancel(self, number: int, which: int, _: int) -> None:
        of = self._any(which)
        if of not in self._held:
            self.chain.correction(f"x-{number}", of, Action.CANCEL)

    def _supplement(self, number: int, which: int, _: int) -> None:
        of = self._source[which % len(self._source)]
        if of in self._held:
            return  # the builder's next release would name this correction in place of the hold
        self.chain.document(f"doc-{number}", number=f"26-{number}")
        self.chain.felling(f"s-{number}", (f"doc-{number}",), number=f"s-{number}")
        self.chain.correction(f"x-{number}", of, Action.SUPPLEMENT, by=f"s-{number}")

    def _book(self, number: int, which: int, much: int) -> None:
        kind = [*StockKind][which % len(StockKind)]
        entry = StockEntry("yard", date(2014, 6, 1 + number % 28), FuelClass.THINNED, m3(much), kind)
        self.chain.sign("otsu", RecordKind.STOCK, f"b-{number}", entry)


def told_by(days: list[list[Step]], cut_off: int | None) -> list[Batch]:
    """The records of a ledger, day by day; on the last the mill's key is ended from one of its records on."""
    made = Story()
    ends = [0]
    for steps in days:
        for step in steps:
            made.take(step)
        if steps is days[-1] and cut_off is not None:
            own = [n for n, record in enumerate(made.chain.records) if record.issuer == "otsu"]
            ended = KeyEnd(device_key("otsu").kid, own[cut_off % len(own)], KeyEndReason.LEAKED)
            made.chain.sign(ROOT, RecordKind.KEY_END, "leaked", ended)
        ends.append(len(made.chain.records))
    return [(day, made.chain.records[a:b]) for day, (a, b) in zip(DAYS, pairwise(ends), strict=False)]


_STEPS = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 20), st.integers(1, 60)), max_size=8)


@settings(max_examples=60)
@given(st.tuples(_STEPS, _STEPS, _STEPS), st.none() | st.integers(0, 20), st.none() | st.sampled_from(DAYS[:3]))
def test_any_ledger_is_audited_as_it_is_verified(
    tmp_path_factory: pytest.TempPathFactory,
    days: tuple[list[Step], ...],
    cut_off: int | None,
    day: date | None,
) -> None:
    with desk(tmp_path_factory.mktemp("any"), "plant-8", told_by([*days], cut_off), DAYS[3]) as workspace:
        _, told = audited(workspace, day)
        assert told.same_as(whole(workspace, day))


# other processes


def many(folder: Path, where: str | None = None) -> Desk:
    """The story, with so many trucks that there is something to share."""
    chain = ChainBuilder().story()
    for number in range(3, 120):
        chain.processing(f"c-{number}", {"c-1": m3(30)}, number=f"乙-{number}")
        chain.delivery(f"d-{number}", f"c-{number}")
    folder.mkdir(exist_ok=True)
    where = str(folder / LEDGER) if where is None else where
    write_settings(folder, Settings("plant-8", where))
    ledger = Ledger.create(where, LOG)
    ledger.append(chain.records, noon(DAYS[0]))
    return Desk(folder, "plant-8", ledger, lambda: noon(DAYS[1]), KeyFiles(folder, no_password))


@pytest.fixture
def shared_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the ledger were large."""
    monkeypatch.setattr(audit_read, "_WORTH_IT", 1)
    monkeypatch.setattr(audit_read, "CHUNK", 40)


@pytest.mark.usefixtures("shared_out")
def test_two_processes_find_what_one_does(where: str, tmp_path: Path) -> None:
    with many(tmp_path / "plant", where) as workspace:
        (alone, told), (shared, told_too) = audited(workspace, jobs=1), audited(workspace, jobs=3)
    assert told_too.same_as(told)
    assert (shared.root, shared.kept is None, shared.tally.lots) == (alone.root, False, alone.tally.lots)
    assert "Q601" in told.codes
    assert told_too.progress[-1] == (alone.size, alone.size)
    assert len(told.progress) > 5


@pytest.mark.usefixtures("shared_out")
def test_two_processes_find_damage_where_one_does(tmp_path: Path) -> None:
    with many(tmp_path) as workspace:
        with workspace.ledger.database.locked() as (connection, _):
            connection.exec_driver_sql("UPDATE entry SET envelope = zeroblob(9) WHERE position IN (20, 200)")
            connection.exec_driver_sql("UPDATE entry SET subject = 'other' WHERE position = 90")
        (_, told), (_, told_too) = audited(workspace, jobs=1), audited(workspace, jobs=2)
        assert told.same_as(whole(workspace))
    assert told_too.same_as(told)
    assert {f.position for f in told.damage if f.rule == "S106"} >= {20, 90, 200}


@pytest.mark.usefixtures("shared_out")
def test_a_document_that_does_not_count_does_not_count_in_another_process(tmp_path: Path) -> None:
    with many(tmp_path) as workspace:
        with workspace.ledger.database.locked() as (connection, _):
            connection.exec_driver_sql("UPDATE entry SET subject = 'other' WHERE subject = 'doc-1'")
        (_, told), (_, told_too) = audited(workspace, jobs=1), audited(workspace, jobs=2)
    assert told_too.same_as(told)
    assert "H302" in told.codes


@pytest.mark.usefixtures("shared_out")
def test_an_error_in_another_process_is_told_as_if_it_were_in_this_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with many(tmp_path) as workspace:
        monkeypatch.setattr(workspace.ledger.database, "where", str(tmp_path / "gone.sqlite"))
        with pytest.raises(BiotraceError) as refused:
            audited(workspace, jobs=2)
    assert "gone.sqlite" in refused.value.message.ja


@pytest.mark.usefixtures("shared_out")
def test_a_reader_that_stops_early_ends_the_processes(tmp_path: Path) -> None:
    with many(tmp_path) as workspace:
        reading = audit_read.read_checked(workspace.ledger, None, workspace.ledger.end(), 2)
        assert len(next(reading)) == 40
        reading.close()  # type: ignore[attr-defined]  # a generator
    assert not multiprocessing.active_children()


@pytest.mark.usefixtures("shared_out")
def test_a_process_that_was_ended_from_outside_is_told(
    tmp_path: Path,
) -> None:
    def ends_it(*_: int) -> None:
        for child in multiprocessing.active_children():
            os.kill(child.pid or 0, signal.SIGKILL)

    with many(tmp_path) as workspace, pytest.raises(BiotraceError) as refused:
        audit(workspace, None, 2, Listeners(progress=ends_it))
    assert refused.value.code == "helper-lost"

"""Going on from an earlier audit: what is found together, what is said not to be, and what is refused."""

from __future__ import annotations

import gzip
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from hypothesis import given, settings
from hypothesis import strategies as st

from biotrace.chain.kinds import KeyEnd, KeyEndReason, RecordKind
from biotrace.chain.note import Note, NoteSignature
from biotrace.errors import BiotraceError, UsageError
from biotrace.model.casebook import Casebook
from biotrace.model.certificate import Draw
from biotrace.model.correction import Action
from biotrace.model.delivery import Delivery
from biotrace.model.fuel_class import FuelClass
from biotrace.model.party import Role
from biotrace.model.stock import StockEntry, StockKind
from biotrace.services import audit_run, audit_state
from biotrace.services.audit import Listeners
from biotrace.services.audit_run import Done, Order, audited_up_to, run_audit
from biotrace.services.audit_state import Kept, read_state, write_state
from biotrace.services.audit_summary import key_name, read_summary, sign_summary, verify_summary
from biotrace.services.settings import LEDGER
from biotrace.services.sign import sign_casebook
from biotrace.services.workspace import Workspace, init_workspace, open_workspace
from biotrace.verify.profile import RINYA_2012
from tests import casebooks
from tests.audits import Told, audited, whole
from tests.builders import ROOT, ChainBuilder, device_key, m3
from tests.desks import desk, noon
from tests.integration.test_as_of import DAYS
from tests.integration.test_audit import Step, Story
from tests.schemes import Scheme
from tests.workspaces import TODAY, contents, papers, password

Run = Callable[..., Result]
DAY = 86_400


@contextmanager
def plant(folder: Path, chain: ChainBuilder, today: date = DAYS[2]) -> Iterator[Workspace]:
    """The plant's desk, with the chain so far in its ledger."""
    with desk(folder, "plant-8", [(DAYS[0], chain.records)], today) as workspace:
        yield workspace


def log(workspace: Workspace, chain: ChainBuilder, day: date) -> None:
    """Log what the chain has and the ledger has not."""
    workspace.ledger.append(chain.records[workspace.ledger.end() :], noon(day))


def kept(workspace: Workspace, folder: Path) -> tuple[Callable[[], Kept], Told]:
    """An audit's state, written to a file and to be read from there, and what that audit told."""
    found, told = audited(workspace)
    assert found.kept is not None
    path = folder / f"{found.size}.state.gz"
    digest = write_state(found.kept, path)
    return lambda: read_state(path, digest), told


def together(first: Told, second: Told) -> set[Any]:
    """All that two audits found, one going on from the other; on plants and bodies as a whole both tell."""
    return {*first.findings, *second.findings}


@pytest.fixture
def chain() -> ChainBuilder:
    """c-2 has arrived; p-w is on its way to the plant; f-o is drawn on beyond its quantity already."""
    chain = ChainBuilder().story()
    chain.processing("p-w", {"c-1": m3(11)}, number="乙-w")
    chain.felling("f-o", ("doc-1",), number="o", quantity=m3(20))
    chain.processing("p-o", {"f-o": m3(30)}, number="乙-o")
    chain.delivery("d-o", "p-o")
    chain.felling("f-n", (), number="n")
    return chain


def new_work(chain: ChainBuilder) -> None:
    """New certificates on old ones and on an old document, and deliveries: nothing that reaches back."""
    chain.processing("p-1", {"f-o": m3(5)}, number="乙-1")
    chain.processing("p-2", {"c-1": m3(9), "f-n": m3(2)}, number="乙-2")
    chain.delivery("d-w", "p-w")
    chain.delivery("d-2", "p-2")
    chain.document("doc-9", number="26-99")
    chain.felling("f-9", ("doc-1", "doc-9"), number="9")
    chain.processing("p-9", {"f-9": m3(3)}, number="乙-9")


def test_both_audits_find_what_one_of_all_finds(chain: ChainBuilder, tmp_path: Path) -> None:
    with plant(tmp_path, chain) as workspace:
        since, first = kept(workspace, tmp_path)
        before = workspace.ledger.end()
        new_work(chain)
        log(workspace, chain, DAYS[1])
        found, second = audited(workspace, since=since)
        all_of_it, told = audited(workspace)
        assert told.same_as(whole(workspace))
    assert together(first, second) == {*told.findings}
    assert {f.code for f in second.findings if not f.is_notice} >= {"Q601"}, "it knows what was drawn before"
    arrived = chain["p-w"].record_id.hex()
    assert first.lots.keys() - told.lots.keys() == {arrived}, "what was on its way has arrived since"
    assert {i: lot for i, lot in first.lots.items() if i != arrived} | second.lots == told.lots
    assert (found.read_from, found.reaching_back, found.size) == (before, 0, all_of_it.size)
    assert (found.root, second.again) == (all_of_it.root, 0)
    assert second.progress[-1] == (found.size - before, found.size - before)
    assert found.tally.judged == 6


def test_an_audit_goes_on_from_one_that_went_on(chain: ChainBuilder, tmp_path: Path) -> None:
    with plant(tmp_path, chain, DAYS[3]) as workspace:
        since, first = kept(workspace, tmp_path)
        new_work(chain)
        log(workspace, chain, DAYS[1])
        found, second = audited(workspace, since=since)
        assert found.kept is not None
        path = tmp_path / "second.state.gz"
        digest = write_state(found.kept, path)
        chain.processing("p-10", {"f-o": m3(1)}, number="乙-10")
        log(workspace, chain, DAYS[2])
        _, third = audited(workspace, since=lambda: read_state(path, digest))
        _, nothing_new = audited(workspace, since=lambda: read_state(path, digest))
        _, told = audited(workspace)
    assert together(first, second) | {*third.findings} == {*told.findings}
    assert third.same_as(nothing_new)


def test_what_reaches_back_is_counted_and_its_reach_is_not_looked_at(chain: ChainBuilder, tmp_path: Path) -> None:
    """f-n is cancelled, which the whole audit says of what drew on it; going on, the cancellation is counted."""
    chain.processing("p-n", {"f-n": m3(4)}, number="乙-n")
    with plant(tmp_path, chain) as workspace:
        since, first = kept(workspace, tmp_path)
        chain.correction("cancel", "f-n", Action.CANCEL)
        chain.processing("p-m", {"f-n": m3(4)}, number="乙-m")
        log(workspace, chain, DAYS[1])
        found, second = audited(workspace, since=since)
        _, told = audited(workspace)
    assert found.reaching_back == 1
    missed = {*told.findings} - together(first, second)
    assert {finding.record for finding in missed} == {chain["p-n"].record_id.hex()}
    on_new = [f.code for f in second.findings if f.record == chain["p-m"].record_id.hex() and not f.is_notice]
    assert "P508" in on_new, "what was logged since is judged by it"


@pytest.mark.parametrize(
    ("subject", "counted"), [("key-new", 0), ("new", 1), ("opening", 1), ("sold", 0)], ids=lambda value: str(value)
)
def test_what_may_reach_back(subject: str, counted: int, chain: ChainBuilder, tmp_path: Path) -> None:
    """A party, a stocktake; not a key, nor wood that is taken out."""
    with plant(tmp_path, chain) as workspace:
        since, _ = kept(workspace, tmp_path)
        day, wood = date(2014, 6, 1), FuelClass.THINNED
        if subject == "key-new":
            chain.key("new")
        elif subject == "new":
            chain.signers["new"] = chain.signers["otsu"]
            chain.party("new", Role.TRADER)
        else:
            kind = StockKind.OPENING if subject == "opening" else StockKind.WITHDRAWAL
            chain.sign("otsu", RecordKind.STOCK, subject, StockEntry("yard", day, wood, m3(1), kind))
        log(workspace, chain, DAYS[1])
        found, _ = audited(workspace, since=since)
    assert found.reaching_back == counted


def test_a_lot_on_its_way_that_was_cancelled_since_is_no_lot(chain: ChainBuilder, tmp_path: Path) -> None:
    with plant(tmp_path, chain) as workspace:
        since, first = kept(workspace, tmp_path)
        chain.correction("cancel", "p-w", Action.CANCEL)
        log(workspace, chain, DAYS[1])
        _, second = audited(workspace, since=since)
    assert chain["p-w"].record_id.hex() in first.lots
    assert chain["p-w"].record_id.hex() not in second.lots


def test_a_key_that_was_cut_off_does_not_stop_anybody(chain: ChainBuilder, tmp_path: Path) -> None:
    with plant(tmp_path, chain) as workspace:
        ended = KeyEnd(device_key("otsu").kid, len(chain.records) - 4, KeyEndReason.LEAKED)
        chain.sign(ROOT, RecordKind.KEY_END, "leaked", ended)
        log(workspace, chain, DAYS[1])
        since, first = kept(workspace, tmp_path)
        chain.felling("f-10", ("doc-1",), number="10")
        chain.delivery("d-10", "p-w")
        log(workspace, chain, DAYS[2])
        _, second = audited(workspace, since=since)
        _, told = audited(workspace)
    assert together(first, second) == {*told.findings}


_STEPS = st.lists(st.tuples(st.sampled_from([0, 1, 2]), st.integers(0, 20), st.integers(1, 60)), max_size=10)
_ANY_STEPS = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 20), st.integers(1, 60)), max_size=10)


@settings(max_examples=40)
@given(_ANY_STEPS, _STEPS)
def test_of_any_ledger_both_audits_find_what_one_of_all_finds(
    tmp_path_factory: pytest.TempPathFactory, before: list[Step], after: list[Step]
) -> None:
    """Whatever was there, and new certificates and deliveries after it."""
    folder = tmp_path_factory.mktemp("any")
    story = Story()
    for step in before:
        story.take(step)
    with plant(folder, story.chain) as workspace:
        since, first = kept(workspace, folder)
        for step in after:
            story.take(step)
        log(workspace, story.chain, DAYS[1])
        _, second = audited(workspace, since=since)
        _, told = audited(workspace)
    assert together(first, second) == {*told.findings}
    bodies = (record.body for record in story.chain.records)
    delivered = {body.certificate for body in bodies if isinstance(body, Delivery)}
    waited = {i: lot for i, lot in first.lots.items() if i not in delivered}
    assert waited | second.lots == told.lots


def test_the_state_of_an_audit_is_the_same_when_read(chain: ChainBuilder, tmp_path: Path) -> None:
    new_work(chain)
    with plant(tmp_path, chain) as workspace:
        found, _ = audited(workspace)
    assert found.kept is not None
    digest = write_state(found.kept, tmp_path / "one")
    again = read_state(tmp_path / "one", digest)
    assert replace(again, replay=found.kept.replay) == found.kept
    assert again.replay.tables() == found.kept.replay.tables()
    assert write_state(again, tmp_path / "two") == digest
    assert sorted(path.name for path in tmp_path.iterdir() if "part" in path.name) == []


# as people order it


def first_papers() -> Casebook:
    """Two lots, and f-2 on which nothing was drawn."""
    return casebooks.copy(papers(), "f-1", "f-2", number="第26-018号")


def more_papers() -> Casebook:
    """The same, with a second truck from f-1 and one from f-2."""
    book = casebooks.copy(first_papers(), "p-1", "p-2", number="乙-2", draws=(Draw("f-1", m3(70)),))
    book = casebooks.copy(book, "p-1", "p-3", number="乙-3", draws=(Draw("f-2", m3(40)),))
    return casebooks.copy(book, "d-1", "d-2", certificate="p-2")


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The mill's workspace, audited, with its state kept, and some papers more."""
    folder = tmp_path_factory.mktemp("once") / "mill"
    with init_workspace(folder, (casebooks.OTSU, casebooks.BODY), lambda: TODAY, password) as workspace:
        sign_casebook(workspace, first_papers())
        done = run_audit(workspace, Order(keep=True), Listeners())
        assert done.clean
        assert done.summary == next((folder / "audits").glob("*.note"))
        assert done.state == next((folder / "audits").glob("*.state.gz"))
        sign_casebook(workspace, more_papers())
    return folder


@pytest.fixture
def mill(once: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(once, tmp_path / "mill"))


def opened(folder: Path, at: int = TODAY + DAY) -> Workspace:
    """The workspace, a day later."""
    return open_workspace(folder, lambda: at, password)


def summary(folder: Path) -> Path:
    """The only summary there."""
    (path,) = (folder / "audits").glob("audit-0*.note")
    return path


def go_on(folder: Path, **order: Any) -> Done:
    """An audit that goes on from the only summary there is."""
    with opened(folder) as workspace:
        return run_audit(workspace, Order(since=summary(folder), **order), Listeners())


def refused(folder: Path, *codes: str, since: Path | None = None) -> BiotraceError:
    """Going on is refused with one of these codes, and nothing is written."""
    before = contents(folder)
    with opened(folder) as workspace, pytest.raises(BiotraceError) as error:
        run_audit(workspace, Order(since=since or summary(folder)), Listeners())
    assert error.value.code in codes, error.value
    assert {name: held for name, held in contents(folder).items() if not name.startswith("seen")} == {
        name: held for name, held in before.items() if not name.startswith("seen")
    }
    return error.value


def test_what_was_left_is_gone_on_from(mill: Path) -> None:
    done = go_on(mill, keep=True)
    assert done.before is not None
    assert done.summary is not None
    assert done.audited.read_from == done.before.size
    assert done.audited.tally.findings == {"Q601": 1}
    assert not done.clean
    with opened(mill) as workspace:
        text = read_summary(done.summary)
        verify_summary(text, workspace.ledger, workspace.party)
        full = run_audit(workspace, Order(sign=False), Listeners())
    assert full.audited.tally.findings == {"Q601": 1}
    assert "reaching-back 0" in text.lines
    assert any(line.startswith("after ") and line.endswith(" clean") for line in text.lines)
    assert (text.read_from, text.size, text.root) == (done.before.size, full.audited.size, full.audited.root)


def test_clean_audits_in_a_row_are_clean_and_one_fault_stays(tmp_path: Path) -> None:
    folder = tmp_path / "mill"
    names = iter(range(10))

    def next_audit(workspace: Workspace, since: Path | None) -> Done:
        number = next(names)
        felling = replace(casebooks.FELLING, id=f"g-{number}", number=f"g-{number}")
        missing: dict[str, Any] = {"area": None} if number == 2 else {}
        sign_casebook(workspace, casebooks.add(first_papers(), replace(felling, **missing)))
        return run_audit(workspace, Order(since=since, keep=True), Listeners())

    with init_workspace(folder, (casebooks.OTSU, casebooks.BODY), lambda: TODAY, password) as workspace:
        clean: list[bool] = []
        since = None
        for _ in range(4):
            done = next_audit(workspace, since)
            since = done.summary
            clean.append(done.clean)
    assert clean == [True, True, False, False]


def test_the_state_must_be_the_one_that_the_summary_names(mill: Path) -> None:
    state = summary(mill).with_suffix(".state.gz")
    sane = state.read_bytes()
    for at in (len(sane) // 3, len(sane) // 2, len(sane) - 9, len(sane) - 5):
        state.write_bytes(sane[:at] + bytes([sane[at] ^ 1]) + sane[at + 1 :])
        refused(mill, "no-state")
    for other in (b"", sane[:-20], gzip.compress(gzip.decompress(sane) + b"\n"), gzip.compress(b"[]\n"), b"zip"):
        state.write_bytes(other)
        refused(mill, "no-state")
    state.unlink()
    refused(mill, "no-state")


def test_a_state_of_another_release_is_not_gone_on_from(mill: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its rules may be others, and what they remember."""
    monkeypatch.setattr(audit_state, "__version__", "99.0")
    refused(mill, "other-release")


def test_other_thresholds_are_not_gone_on_from(mill: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_run, "RINYA_2012", replace(RINYA_2012, name="rinya-2099"))
    refused(mill, "other-profile")


def test_a_summary_without_state_is_none_to_go_on_from(mill: Path) -> None:
    with opened(mill) as workspace:
        done = run_audit(workspace, Order(), Listeners())
    refused(mill, "no-state", since=done.summary)
    with opened(mill) as workspace, pytest.raises(UsageError):
        run_audit(workspace, Order(sign=False, keep=True), Listeners())


@pytest.mark.parametrize("change", [b"lot ", b"read-from 0", b"log ", b"judged"])
def test_a_summary_that_was_altered_is_refused(change: bytes, mill: Path) -> None:
    path = summary(mill)
    path.write_bytes(path.read_bytes().replace(change, change[:-1] + b"x", 1))
    refused(mill, "signature", "no-summary")


@pytest.mark.parametrize("content", [b"", b"biotrace-audit/1\n", b"\xff", b"x\n\n\xe2\x80\x94 y AAAAAAAA\n"])
def test_what_is_no_summary_is_refused(content: bytes, mill: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.note"
    other.write_bytes(content)
    refused(mill, "no-summary", since=other)
    refused(mill, "unreadable", "no-file", "cannot-open", since=tmp_path / "none.note")


def signed_again(mill: Path, change: Callable[[str], str], folder: Path | None = None) -> Path:
    """The summary with another text, signed by the workspace's own key, or that of the one in ``folder``."""
    path = summary(mill)
    with opened(folder or mill) as workspace:
        note = sign_summary(change(read_summary(path).note.text), workspace.signer().key)
    path.write_bytes(note.to_bytes())
    return path


def test_another_partys_summary_is_refused(mill: Path, tmp_path: Path) -> None:
    """Of the same log, and true: but only the workspace's own party's word is gone on from."""
    other = tmp_path / "plant"
    with init_workspace(other, (casebooks.PLANT,), lambda: TODAY, password):
        pass
    signed_again(mill, str, other)
    refused(mill, "summary-signer")


def test_a_summary_of_another_log_is_refused(mill: Path) -> None:
    signed_again(mill, lambda text: text.replace("log biotrace/", "log other/", 1))
    refused(mill, "summary-log")


@pytest.mark.parametrize("what", ["root", "size"])
def test_a_summary_of_another_past_is_refused(what: str, mill: Path) -> None:
    """Which the log never had, or has not reached."""

    def other(text: str) -> str:
        head, line, *rest = text.splitlines(keepends=True)
        word, origin, size, root = line.split(" ")
        root, size = ("A" * 43 + "=\n", size) if what == "root" else (root, "999")
        return "".join((head, f"{word} {origin} {size} {root}", *rest))

    signed_again(mill, other)
    refused(mill, "summary-log")


def test_a_stranger_who_writes_a_key_into_the_table_is_refused(mill: Path) -> None:
    """He can write to the database, but not into the tree that the log signed."""
    thief = device_key("thief")
    with closing(sqlite3.connect(mill / LEDGER)) as database, database:
        row = "INSERT INTO bound_key SELECT ?, ?, party, ?, 0, by_kid FROM bound_key LIMIT 1"
        database.execute(row, (thief.kid, thief.public.raw, 3))
    path = summary(mill)
    forged = sign_summary(read_summary(path).note.text, thief)
    path.write_bytes(forged.to_bytes())
    assert key_name(thief.public) in forged.to_bytes().decode()
    refused(mill, "ledger-damaged")


def test_a_key_that_was_replaced_is_not_gone_on_from(run: Run, mill: Path) -> None:
    assert run("key", "new", "-w", mill).exit_code == 0
    refused(mill, "summary-signer")


def test_an_older_ledger_put_back_is_refused(mill: Path, tmp_path: Path) -> None:
    older = shutil.copytree(mill, tmp_path / "older")
    with opened(mill) as workspace:
        sign_casebook(workspace, casebooks.copy(more_papers(), "f-1", "f-4", number="第26-044号"))
        done = run_audit(workspace, Order(keep=True), Listeners())
    for file in mill.glob("ledger.sqlite*"):
        file.unlink()
    for file in older.glob("ledger.sqlite*"):
        shutil.copy(file, mill)
    refused(mill, "summary-log", since=done.summary)


def changed(folder: Path, *statements: str) -> None:
    """What somebody did to the database."""
    with closing(sqlite3.connect(folder / LEDGER)) as database, database:
        for statement in statements:
            database.execute(statement)


def test_a_cancellation_that_was_hidden_since_is_noticed(mill: Path) -> None:
    """Its row says that it is something else, so the pass over what reaches back does not find it."""
    with opened(mill) as workspace:
        book = casebooks.correct(more_papers(), "f-2", Action.HOLD, date(2014, 11, 19))
        sign_casebook(workspace, book)
        done = run_audit(workspace, Order(keep=True), Listeners())
        assert done.summary is not None
        sign_casebook(workspace, casebooks.copy(book, "f-1", "f-4", number="第26-044号"))
    changed(mill, "UPDATE entry SET kind = 3 WHERE kind = 7")
    error = refused(mill, "cannot-resume", since=done.summary)
    assert "does not continue" in error.message.en


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE tree_node SET hash = zeroblob(32) WHERE level > 1", "ledger-damaged"),
        ("DELETE FROM tree_node", "ledger-damaged"),
        ("UPDATE entry SET kind = 3 WHERE kind = 1", "cannot-resume"),
        ("DELETE FROM entry WHERE position = 5", "cannot-resume"),
        ("DELETE FROM bound_key", "wrong-key"),
        ("UPDATE bound_key SET party = 'thief' WHERE root = 0", "wrong-key"),
        ("UPDATE checkpoint SET note = x'00'", "ledger-damaged"),
        ("UPDATE entry SET logged_at = logged_at + 1 WHERE position = {last}", "cannot-resume"),
        ("DELETE FROM entry WHERE position = {last}", "ledger-damaged"),
        ("UPDATE entry SET record_id = zeroblob(32) WHERE position = {last}", "cannot-resume"),
    ],
)
def test_a_ledger_that_was_changed_is_not_gone_on_from(statement: str, code: str, mill: Path) -> None:
    with opened(mill) as workspace:
        last = workspace.ledger.end() - 1
    changed(mill, statement.replace("{last}", str(last)))
    refused(mill, code)


def test_what_was_read_before_is_not_read_again_and_that_is_said(mill: Path) -> None:
    """A byte of an old record is changed: only an audit from the beginning sees it."""
    changed(mill, "UPDATE entry SET envelope = zeroblob(9) WHERE subject = 'f-1'")
    done = go_on(mill, sign=False)
    assert not done.audited.damage
    assert done.audited.read_from > 0
    with opened(mill) as workspace:
        full = run_audit(workspace, Order(sign=False), Listeners())
    assert {finding.rule for finding in full.audited.damage} == {"S106"}


def test_a_ledger_with_records_of_other_logs_is_audited_from_the_beginning(
    run: Run, mill: Path, tmp_path: Path
) -> None:
    scheme = Scheme("log.example/kousei", wood=False)
    scheme.chain.felling("c-1", ("doc-1",), date=date(2014, 11, 10), accreditation_number="長木-012", number="K-1")
    assert run("bundle", "import", scheme.file(tmp_path, ["c-1"]), "--pin", "-w", mill).exit_code == 0
    refused(mill, "cannot-resume")


def test_an_earlier_day_than_the_earlier_audits_is_refused(mill: Path) -> None:
    with opened(mill, TODAY + 3 * DAY) as workspace:
        sign_casebook(workspace, casebooks.copy(more_papers(), "f-1", "f-4", number="第26-044号"))
        done = run_audit(workspace, Order(keep=True), Listeners())
        with pytest.raises(UsageError) as error:
            run_audit(workspace, Order(date(2014, 11, 19), since=done.summary, sign=False), Listeners())
    assert error.value.code == "cannot-resume"


def test_going_on_from_an_audit_as_of_a_day(mill: Path) -> None:
    """Of the log as it was at that day's end, of which the summary tells size and root."""
    with opened(mill, TODAY + 3 * DAY) as workspace:
        sign_casebook(workspace, casebooks.copy(more_papers(), "f-1", "f-4", number="第26-044号"))
        first = run_audit(workspace, Order(date(2014, 11, 19), keep=True), Listeners())
        assert first.summary is not None
        done = run_audit(workspace, Order(since=first.summary, sign=False), Listeners())
        full = run_audit(workspace, Order(sign=False), Listeners())
    assert done.audited.read_from == first.audited.size < full.audited.size
    assert done.audited.root == full.audited.root
    assert Counter(first.audited.tally.findings) + done.audited.tally.findings == full.audited.tally.findings


def test_a_summary_never_takes_the_place_of_another(mill: Path) -> None:
    with opened(mill) as workspace:
        paths = [run_audit(workspace, Order(), Listeners()).summary for _ in range(3)]
    assert len({*paths, summary_of_before(mill)}) == 4


def summary_of_before(folder: Path) -> Path:
    """The first one."""
    return min((folder / "audits").glob("*.note"), key=lambda path: read_summary(path).size)


def test_how_far_the_last_audit_read_is_told_by_summaries_that_can_be_relied_on(mill: Path) -> None:
    with opened(mill) as workspace:
        covered = read_summary(summary(mill)).size
        assert audited_up_to(workspace) == covered < workspace.ledger.end()
        (mill / "audits/audit-9999999-2014-11-19.note").write_bytes(b"no summary at all")
        assert audited_up_to(workspace) == covered
        signed_again(mill, lambda text: text.replace("log biotrace/", "log other/", 1))
        assert audited_up_to(workspace) is None


def test_a_second_signature_does_not_make_up_for_a_bad_one(mill: Path) -> None:
    """The workspace's own line, over another text, beside a stranger's good one."""
    path = summary(mill)
    own = read_summary(path).note
    forged = sign_summary(own.text.replace("damage 0", "damage 1"), device_key("thief"))
    lines: tuple[NoteSignature, ...] = (*own.signatures, *forged.signatures)
    path.write_bytes(Note(forged.text, lines).to_bytes())
    refused(mill, "signature")

"""Verdicts as of any day: judging the log's prefix is judging the ledger as it was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from biotrace.chain.kinds import KeyEnd, KeyEndReason, RecordKind
from biotrace.model.accreditation import Revocation
from biotrace.model.correction import Action
from biotrace.model.fuel_class import FuelClass
from biotrace.services.ledger_case import case_of_ledger, read_ledger
from biotrace.services.show import show
from biotrace.services.verify import verify_lots
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.verdict import LotVerdict, judge
from tests.builders import ROOT, ChainBuilder, device_key, m3, tonnes
from tests.desks import Batch, Desk, desk, noon

FIRST = date(2014, 11, 19)
DAYS = [FIRST + timedelta(days=n) for n in range(12)]


def story() -> list[Batch]:
    """Twelve days: wood is drawn before, during and after a hold, then cancelled, replaced, revoked and cut off."""
    chain, days = ChainBuilder(), iter(DAYS)
    batches: list[Batch] = []

    def end_of_day() -> None:
        batches.append((next(days), chain.records[sum(len(records) for _, records in batches) :]))

    def truck(number: int) -> None:
        chain.processing(f"c-{number}", {"c-1": m3(11)}, number=f"乙-{number}")
        chain.delivery(f"d-{number}", f"c-{number}")

    chain.story()
    end_of_day()
    chain.correction("hold", "c-1", Action.HOLD)
    end_of_day()
    truck(3)
    chain.processing("c-4", {"c-1": m3(11)}, number="乙-4")
    end_of_day()
    chain.correction("release", "c-1", Action.RELEASE)
    end_of_day()
    truck(5)
    end_of_day()
    chain.correction("hold-4", "c-4", Action.HOLD)
    end_of_day()
    chain.correction("cancel-5", "c-5", Action.CANCEL)
    end_of_day()
    chain.felling("c-6", ("doc-1",), number="第26-018号")
    chain.correction("replace", "c-1", Action.REPLACE, by="c-6")
    end_of_day()
    chain.processing("c-7", {"c-6": m3(11)}, number="乙-7", quantity=tonnes(6_000_000))
    end_of_day()
    grant = next(r for r in chain.records if r.subject == "accreditation:kousei:1").record_id.hex()
    chain.sign(ROOT, RecordKind.REVOCATION, "revoked", Revocation(grant, date(2014, 5, 1)), transcribed=True)
    end_of_day()
    chain.correction("cancel-4", "c-4", Action.CANCEL)
    end_of_day()
    since = next(n for n, record in enumerate(chain.records) if record.subject == "c-5")
    ended = KeyEnd(device_key("otsu").kid, since, KeyEndReason.LEAKED)
    chain.sign(ROOT, RecordKind.KEY_END, "leaked", ended)
    end_of_day()
    return batches


@pytest.fixture(scope="module")
def batches() -> list[Batch]:
    """The story, once."""
    return story()


@pytest.fixture(scope="module")
def plant(batches: list[Batch], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The plant's desk on the last day, with the whole story in the ledger."""
    with desk(tmp_path_factory.mktemp("plant"), "plant-8", batches, DAYS[-1]) as workspace:
        yield workspace


@pytest.mark.parametrize("day", DAYS)
def test_every_day_is_judged_as_the_ledger_was_then(
    day: date, batches: list[Batch], plant: Desk, tmp_path: Path
) -> None:
    until_then = [batch for batch in batches if batch[0] <= day]
    with desk(tmp_path, "plant-8", until_then, day) as workspace:
        then = verify_lots(workspace, ())
    now = verify_lots(plant, (), day)
    # Whether an earlier checkpoint was there to compare with (S105) is about today's look, not about the day.
    assert replace(now.verdict, not_run=()) == replace(then.verdict, not_run=())
    assert now.when_accepted == then.when_accepted


@pytest.mark.parametrize("day", DAYS)
def test_every_day_is_shown_as_the_ledger_was_then(
    day: date, batches: list[Batch], plant: Desk, tmp_path: Path
) -> None:
    until_then = [batch for batch in batches if batch[0] <= day]
    with desk(tmp_path, "plant-8", until_then, day) as workspace:
        then = show(workspace, "c-1")
    now = show(plant, "c-1", day)
    assert (now.history, now.used, now.left, now.cited_by) == (then.history, then.used, then.left, then.cited_by)


def test_when_accepted_is_the_verdict_at_the_lots_own_entry(batches: list[Batch], plant: Desk, tmp_path: Path) -> None:
    """Within a day too: the prefix ends with the entry, not with the day."""
    found = verify_lots(plant, ())
    reading = read_ledger(plant.ledger)
    differing = 0
    for lot in found.verdict.lots:
        position = next(e.position for e in reading.logged if e.record.record_id.hex() == lot.id)
        with desk(tmp_path / str(position), "plant-8", _until(batches, position), DAYS[-1]) as workspace:
            entries = read_ledger(workspace.ledger).logged
            day = next(d for d in DAYS if noon(d) == entries[-1].logged_at)
            (then,) = [v for v in judge(case_of_ledger(entries, day), RINYA_2012).lots if v.id == lot.id]
        told = found.when_accepted.get(lot.id)
        assert (told.lot if told is not None else then) == then
        assert (told is None) == (_outcome(then) == _outcome(lot))
        differing += told is not None
    assert differing == 3


def test_the_story_has_a_lot_for_every_turn(plant: Desk) -> None:
    """So that the tests above compare what can differ."""
    seen = [
        {
            verified.subjects[lot.id]: (lot.confirmed is FuelClass.THINNED, lot.status.value)
            for lot in verified.verdict.lots
        }
        for verified in (verify_lots(plant, (), day) for day in DAYS)
    ]
    good, bad, wait = (True, "complete"), (False, "complete"), (False, "incomplete")
    drawn_on_hold = {"d-3": bad, "c-4": bad}
    assert seen[0] == {"d-1": good}
    assert seen[1] == {"d-1": bad}
    assert seen[2] == {"d-1": bad} | drawn_on_hold
    assert seen[3] == {"d-1": good} | drawn_on_hold
    assert seen[4] == {"d-1": good, "d-5": good} | drawn_on_hold
    assert seen[5] == {"d-1": good, "d-5": good, "d-3": bad, "c-4": wait}
    assert seen[6] == {"d-1": good, "d-5": bad, "d-3": bad, "c-4": wait}
    assert seen[7] == {"d-1": bad, "d-5": bad, "d-3": bad, "c-4": wait}
    assert seen[8] == seen[7] | {"c-7": good}
    assert seen[9] == seen[7] | {"c-7": bad}
    assert seen[10] == {"d-1": bad, "d-5": bad, "d-3": bad, "c-7": bad}
    codes = {f.code for lot in verify_lots(plant, ()).verdict.lots for f in lot.findings}
    assert {"P508", "P511", "A203", "S102"} <= codes


def _until(batches: list[Batch], position: int) -> Iterator[Batch]:
    left = position + 1
    for day, records in batches:
        if left > 0:
            yield day, records[:left]
        left -= len(records)


def _outcome(lot: LotVerdict) -> tuple[object, ...]:
    return lot.confirmed, lot.status, lot.if_passed, lot.clean, lot.by_class

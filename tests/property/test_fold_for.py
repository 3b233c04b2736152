"""Judging only what is asked for, and counting the rest, tells the same as judging all: so commands may do it."""

from __future__ import annotations

import copy
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from bench.region.defects import PLANTS
from bench.region.settings import LAST_DAY
from biotrace.model.casebook import Casebook
from biotrace.model.certificate import Certificate, Draw
from biotrace.services.ledger_case import case_of_ledger, read_ledger
from biotrace.services.stock import perhaps_left, received, stock_of
from biotrace.services.trial import gone_on, next_verdict
from biotrace.services.workspace import open_workspace
from biotrace.verify.case import Case, Entry, Evidence, case_of_casebook
from biotrace.verify.fold import Folded, fold, fold_for
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.rules import RULES
from biotrace.verify.subject import Closed
from biotrace.verify.tonnage import Composition
from biotrace.verify.verdict import pronounce
from tests.property.test_stock_conserved import yards
from tests.property.test_two_ways import made
from tests.strategies import casebooks
from tests.workspaces import TODAY, password


def counted(closed: Closed) -> Closed:
    """What is kept of a certificate, but for its worth."""
    nothing = Composition.pure(closed.fuel_class, 0).mixture
    return replace(closed, composition=nothing, incomplete=False, flawed=False, as_shown=False)


def agree(case: Case, whole: Folded, part: Folded) -> None:
    """The same verdict on what both judged, and the same count of everything."""
    assert {record: whole.judged[record] for record in part.judged} == part.judged
    for name in ("documents", "copies", "traits", "protected", "accounts", "grounds", "plants"):
        assert getattr(part.state, name) == getattr(whole.state, name), name
    assert part.state.closed.keys() == whole.state.closed.keys()
    for record, closed in whole.state.closed.items():
        found = part.state.closed[record]
        assert (found == closed) if record in part.judged else (counted(found) == counted(closed))
    lots = list(part.judged)
    assert pronounce(lots, case, part.judged) == pronounce(lots, case, whole.judged)


def every_way(case: Case, some: list[str]) -> None:
    """These records, none, and what each party may have left: as if all had been judged."""
    whole = fold(case, RULES, RINYA_2012)
    for wanted in (some, []):
        part = fold_for(case, wanted, RULES, RINYA_2012)
        assert set(wanted) & whole.judged.keys() <= part.judged.keys()
        agree(case, whole, part)
    buyers = {e.value.buyer for e in case.entries if isinstance(e.value, Certificate)} - {None}
    for party in sorted(map(str, buyers))[:5]:
        expected = received(whole, case, party, case.today)
        assert stock_of(case, party, case.today) == expected
        assert {held.closed.certificate for held in expected} <= set(perhaps_left(case, party))


@given(yards() | casebooks(), st.randoms(use_true_random=False))
def test_of_any_casebook(book: Casebook, chance: object) -> None:
    case = case_of_casebook(book)
    ids = [entry.value.id for entry in case.entries]
    pick = getattr(chance, "sample")  # noqa: B009  # hypothesis gives it as an object of random.Random's kind
    every_way(case, pick(ids, len(ids) // 2))


@settings(max_examples=4, deadline=None)
@given(st.integers(1, 10_000), st.frozensets(st.sampled_from(sorted(PLANTS)), min_size=5, max_size=15), st.data())
def test_of_a_region_with_defects(seed: int, codes: frozenset[str], data: st.DataObject) -> None:
    with TemporaryDirectory() as place:
        made(Path(place) / "region", seed, codes)
        with open_workspace(Path(place) / "region", lambda: TODAY, password) as workspace:
            reading = read_ledger(workspace.ledger)
    case = case_of_ledger(reading.logged, LAST_DAY)
    ids = [entry.value.id for entry in case.entries]
    every_way(case, data.draw(st.lists(st.sampled_from(ids), max_size=40)))
    going_on_tells_what_all_of_it_tells(case, data.draw(st.integers(1, 30)))


def going_on_tells_what_all_of_it_tells(case: Case, last: int) -> None:
    """The last certificates taken one by one, each tried before: nothing of a trial stays, and the end is the same."""
    booked = max((b.order for b in case.bookings), default=-1)
    after = [entry for entry in case.entries if entry.order > booked][-last:]
    before = replace(case, entries=case.entries[: len(case.entries) - len(after)])
    left = [draw.certificate for e in after for draw in _draws(e)]
    folded = fold_for(before, left, RULES, RINYA_2012)
    whole = fold(case, RULES, RINYA_2012)
    grown = before
    for entry in after:
        kept = copy.deepcopy(folded.state)
        verdict = next_verdict(grown, folded, [entry])
        assert folded.state == kept
        assert entry.value.id in verdict.id
        grown, folded = gone_on(grown, folded, entry)
    agree(case, whole, folded)


def _draws(entry: Entry) -> tuple[Draw, ...]:
    assert entry.evidence is not Evidence.UNSIGNED
    return entry.value.draws if isinstance(entry.value, Certificate) else ()

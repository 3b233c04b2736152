"""However odd a ledger is: tables, records read, and all of it at hand tell the same traces forward, to the gram."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from biotrace.errors import UsageError
from biotrace.services import lot_check, trace
from biotrace.services.ledger_case import case_of_ledger, read_ledger
from biotrace.services.lot_check import LotCheck, Order
from biotrace.services.trace import FoundForward
from biotrace.services.trace_desk import Desk, WholeDesk
from biotrace.services.trace_ledger import LedgerDesk
from biotrace.services.trace_start import StartKind
from biotrace.store.ledger import Ledger
from biotrace.verify.trace_forward import Forward
from tests.builders import LOG
from tests.desks import noon
from tests.odd_ledgers import FIRST_DAY, OddLedger

_STEPS = 60
_DAYS = [FIRST_DAY + timedelta(20 * i) for i in range(3)]
"""On which the log takes a third of the records each."""
_TODAY = _DAYS[-1] + timedelta(5)


# Not shrunk: the seed is all there is to an example.
@settings(max_examples=6, deadline=None, phases=(Phase.explicit, Phase.generate))
@given(st.integers(0, 10**9))
def test_three_ways_tell_the_same(seed: int) -> None:
    made = OddLedger(Random(seed), _STEPS)
    with TemporaryDirectory() as place, Ledger.create(Path(place) / "ledger.db", LOG) as ledger:
        third = -(-len(made.records) // 3)
        for number, day in enumerate(_DAYS):
            ledger.append(made.records[number * third : (number + 1) * third], noon(day))
        reading, check = read_ledger(ledger), LotCheck(ledger)
        whole = WholeDesk(case_of_ledger(reading.logged, _TODAY), reading.subjects(), rules=lot_check.RULES)
        for what, kind in _starts(made):
            for as_of in (None, *_DAYS):
                desk = LedgerDesk(check, Order(_TODAY, as_of=as_of))
                read, told = (_forward(desk, what, kind, read=every) for every in (True, False))
                _is_one(read, told)
                if as_of is None:
                    _is_the_whole(_forward(whole, what, kind, read=True), told)


def _starts(made: OddLedger) -> list[tuple[str, StartKind]]:
    found = [(r.record_id.hex(), StartKind.CERTIFICATE) for r in made.certificates]
    found += [(r.record_id.hex(), StartKind.DOCUMENT) for r in made.documents]
    return [*found, *((party, StartKind.PARTY) for party in "abc")]


def _forward(desk: Desk, what: str, kind: StartKind, *, read: bool) -> FoundForward | str:
    try:
        return trace.forward(desk, what, kind, read=read)
    except UsageError as refused:
        return refused.code


def _is_one(read: FoundForward | str, told: FoundForward | str) -> None:
    if isinstance(read, str) or isinstance(told, str):
        assert read == told
        return
    assert (read.read, told.read) == (True, False)
    assert (told.start, told.told, told.forward) == (read.start, read.told, read.forward)
    assert set(told.seen.damage) == set(read.seen.damage)
    assert sum(rest.grams for rest in told.forward.rests) == told.forward.grams


def _is_the_whole(whole: FoundForward | str, told: FoundForward | str) -> None:
    if isinstance(whole, str) or isinstance(told, str):
        assert whole == told
        return
    assert (told.start, told.told) == (whole.start, whole.told)
    assert _bare(told.forward) == _bare(whole.forward)


def _bare(forward: Forward) -> Forward:
    """Without what only who reads every record knows to be void."""
    return replace(forward, passed=tuple(replace(p, handing=p.handing._replace(void=False)) for p in forward.passed))

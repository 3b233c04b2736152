"""Traces account for every gram on made-up ledgers, and a ledger's indexes lead to what reading all of it tells."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from bench.region.defects import PLANTS
from bench.region.settings import LAST_DAY, SMALLEST, Settings
from bench.region.writing import write_region
from biotrace.errors import UsageError
from biotrace.model.certificate import Certificate
from biotrace.model.delivery import Delivery
from biotrace.services import lot_check, trace
from biotrace.services.ledger_case import case_of_ledger, read_ledger
from biotrace.services.lot_check import LotCheck, Order
from biotrace.services.trace_desk import WholeDesk
from biotrace.services.trace_ledger import LedgerDesk
from biotrace.services.trace_start import StartKind
from biotrace.services.workspace import open_workspace
from biotrace.verify.case import Case
from biotrace.verify.trace_forward import Forward
from biotrace.verify.verdict import LotVerdict
from tests.workspaces import PASSWORD, TODAY, password


# Not shrunk: each example makes a ledger, and a smaller one tells no more.
@settings(max_examples=4, deadline=None, phases=(Phase.explicit, Phase.generate))
@given(st.integers(1, 10_000), st.frozensets(st.sampled_from(sorted(PLANTS)), min_size=3, max_size=12), st.data())
def test_both_desks_tell_the_same_and_every_gram_is_accounted_for(
    seed: int, codes: frozenset[str], data: st.DataObject
) -> None:
    with TemporaryDirectory() as place:
        folder = Path(place) / "region"
        write_region(folder, Settings(SMALLEST, seed, dict.fromkeys(sorted(codes), 2_000.0)), PASSWORD)
        with open_workspace(folder, lambda: TODAY, password) as workspace:
            reading = read_ledger(workspace.ledger)
            case = case_of_ledger(reading.logged, LAST_DAY)
            whole = WholeDesk(case, reading.subjects(), rules=lot_check.RULES)
            desk = LedgerDesk(LotCheck(workspace.ledger), Order(LAST_DAY))
            for text, kind in _starts(case, data):
                _forward_is_one(whole, desk, text, kind)
            for lot in data.draw(st.lists(st.sampled_from(_lots(case)), min_size=3, max_size=6, unique=True)):
                _back_is_one(whole, desk, lot)


def _starts(case: Case, data: st.DataObject) -> list[tuple[str, StartKind]]:
    """Some of each kind."""
    certificates = [e.value for e in case.entries if isinstance(e.value, Certificate)]
    some = data.draw(st.lists(st.sampled_from(certificates), min_size=3, max_size=4, unique=True))
    found = [(c.id, StartKind.CERTIFICATE) for c in some]
    found += [(c.seller, StartKind.PARTY) for c in some[:2]]
    found += [(d, StartKind.DOCUMENT) for c in certificates for d in c.documents][:200][:: max(1, len(some))][:2]
    numbers = sorted({a.number for p in case.parties.values() for a in p.accreditations if a.number})
    found += [(data.draw(st.sampled_from(numbers)), StartKind.ACCREDITATION)]
    found += [(str(c.locations[0]), StartKind.PLACE) for c in certificates if c.locations][:400][::100]
    return found


def _lots(case: Case) -> list[str]:
    return [e.value.id for e in case.entries if isinstance(e.value, Delivery) and e.value.at in case.plants]


def _forward_is_one(whole: WholeDesk, desk: LedgerDesk, text: str, kind: StartKind) -> None:
    try:
        one = trace.forward(whole, text, kind)
    except UsageError as refused:  # a place that certificates name in words only
        assert kind is StartKind.PLACE
        with pytest.raises(UsageError, match=re.escape(str(refused))):
            trace.forward(desk, text, kind)
        return
    other = trace.forward(desk, text, kind)
    assert one.start == other.start
    assert _bare(one.forward) == _bare(other.forward)
    assert one.told == other.told
    tables = trace.forward(desk, text, kind, read=False)
    assert not tables.read
    assert (tables.start, _bare(tables.forward), tables.told) == (one.start, _bare(one.forward), one.told)
    _adds_up(one.forward)
    if len(one.forward.lots) < 60:
        supposed, again = (trace.what_if(d, text, kind) for d in (whole, desk))
        assert [_worth(c.before, c.after) for c in supposed.lots] == [_worth(c.before, c.after) for c in again.lots]
        assert all(c.after.confirmed.rank >= c.before.confirmed.rank for c in supposed.lots)


def _bare(forward: Forward) -> Forward:
    """Without what only who read a record in another way knows."""
    return replace(forward, passed=tuple(replace(p, handing=p.handing._replace(void=False)) for p in forward.passed))


def _worth(*lots: LotVerdict) -> list[object]:
    return [(lot.id, lot.confirmed, lot.by_class, lot.status) for lot in lots]


def _adds_up(forward: Forward) -> None:
    """All that was certified is told once; what flows into a record is what it hands on or keeps."""
    assert sum(rest.grams for rest in forward.rests) == forward.grams
    into: dict[str, int] = defaultdict(int)
    out: dict[str, int] = defaultdict(int)
    for (source, target), grams in forward.flows.items():
        assert grams >= 0
        out[source] += grams
        into[target] += grams
    kept = {rest.record: rest.grams for rest in forward.rests}
    for passed in forward.passed:
        record = passed.handing.id
        assert passed.grams == out[record] + kept.get(record, 0)
        if record not in forward.starts:
            assert passed.grams == into[record]


def _back_is_one(whole: WholeDesk, desk: LedgerDesk, lot: str) -> None:
    one, other = trace.back(whole, lot), trace.back(desk, lot)
    assert [(h.entry.value.id, h.grams) for h in one.back.hands] == [
        (h.entry.value.id, h.grams) for h in other.back.hands
    ]
    assert (one.back.origins, one.back.flows, one.pools) == (other.back.origins, other.back.flows, other.pools)
    back = one.back
    if back.missing is not None:
        assert sum(o.grams or 0 for o in back.origins) + back.missing == back.lot.dry_grams

"""Where the amounts in the database show that a document is not used up, its other certificates are not read. Whatever
is certified on which papers, a lot is judged as if they had been."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import event, example, given, settings
from hypothesis import strategies as st

from biotrace.chain.kinds import RecordKind
from biotrace.model.correction import Action
from biotrace.model.document import DocumentKind, FellingFacts, FellingMethod
from biotrace.model.place import Concordance, Link, Place
from biotrace.services.accepted import outcome
from biotrace.services.ledger_case import case_of_ledger, read_ledger
from biotrace.services.logged import Logged
from biotrace.services.lot_check import RULES, Checked, LotCheck, Order, Signatures
from biotrace.services.times import day_of
from biotrace.store.ledger import Ledger
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.verdict import LotVerdict, judge
from tests.audits import audited, whole
from tests.builders import LOG, NOW, PLACE, ChainBuilder, m3, tonnes
from tests.desks import desk

DAY = day_of(NOW)
_KINDS = (DocumentKind.PROTECTION_THINNING_NOTICE, DocumentKind.LEGALITY_CERTIFICATE)
_NUMBERS = ("30-1", "30-2", "30-3", "30-2")
"""Of the documents: the last may be a copy of the second."""
_TOWN = Place("長野県", "〇〇市")
_PLACES = (PLACE, replace(_TOWN, oaza="大字甲", parcels=("300",)), replace(_TOWN, compartments=("12い-4",)))
_TABLE = Concordance("", "〇〇市", date(2014, 4, 1), (Link("12い-4", ("300",)),), "長野県", "〇〇市", "大字甲", None)
"""By this the second and the third place are one."""

Paper = tuple[DocumentKind, int | None, int]
"""A document's kind, volume in m³, and place."""

volumes = st.sampled_from([None, 60, 120, 240])
places = st.sampled_from([0, 0, 0, 1, 2])
documents = st.tuples(st.sampled_from(_KINDS), volumes, places)
some = st.lists(st.integers(0, len(_NUMBERS) - 1), min_size=1, max_size=2, unique=True)
fell = st.tuples(st.just("fell"), some, st.integers(20, 130), st.booleans(), places)
in_m3 = st.tuples(st.just("fell"), some, st.integers(20, 130), st.just(True), st.just(0))
supplement = st.tuples(st.just("supplement"), st.integers(0, 9), some)
step = st.one_of(
    fell,
    in_m3,
    in_m3,
    supplement,
    st.tuples(st.just("copy"), st.integers(0, 9), st.integers(0, len(_NUMBERS) - 1), volumes),
    st.tuples(st.just("replace"), st.integers(0, 9), some),
    st.tuples(st.sampled_from(["cancel", "hold"]), st.integers(0, 9)),
)
any_papers = st.lists(documents, min_size=len(_NUMBERS), max_size=len(_NUMBERS))
steps_on_them = st.lists(step, min_size=4, max_size=14)

_UNLIMITED: list[Paper] = [(DocumentKind.LEGALITY_CERTIFICATE, volume, 0) for volume in (None, 60, None, 120)]
_LIMITED: list[Paper] = [(DocumentKind.PROTECTION_THINNING_NOTICE, volume, 0) for volume in (60, None, 60, None)]
_LATER: list[tuple[Any, ...]] = [("fell", [0], 130, True, 0), ("fell", [2], 52, True, 0), ("supplement", 0, [2])]
"""The first rests on what the second does, by what is logged only after it."""
_LATER_COPY: list[tuple[Any, ...]] = [*_LATER[:2], ("copy", 0, 2, 240)]
_LATER_BY_COPY: list[tuple[Any, ...]] = [_LATER[0], ("fell", [1], 52, True, 0), ("supplement", 0, [3])]


def built(papers: list[Paper], steps: list[tuple[Any, ...]]) -> tuple[ChainBuilder, int]:
    """A log with these papers and certificates on them, and how many of these there are; each has a lot of chips."""
    chain = ChainBuilder().story()
    chain.sign("kousei", RecordKind.CONCORDANCE, "table", _TABLE)
    for i, (kind, volume, at) in enumerate(papers):
        _register(chain, f"p-{i}", _NUMBERS[i], volume, kind=kind, locations=(_PLACES[at],))
    count = 0
    for n, (what, *more) in enumerate(steps):
        if what == "fell":
            on, amount, cubic, at = more
            quantity = m3(amount) if cubic else tonnes(amount * 1_000_000)
            _fell(chain, f"f-{count}", on, n, quantity=quantity, locations=(_PLACES[at],))
            chain.processing(f"lot-{count}", {f"f-{count}": replace(quantity, amount=1_000_000)}, number=f"乙-{n}")
            count += 1
        elif count:
            _correct(chain, f"f-{more[0] % count}", what, more[1:], n)
    return chain, count


def _correct(chain: ChainBuilder, of: str, what: str, how: list[Any], n: int) -> None:
    """Say something of a certificate. A ``copy`` is cited by a certificate that supplements it."""
    if what == "copy":
        of_paper, volume = how
        _register(chain, f"c-{n}", _NUMBERS[of_paper], volume, kind=_KINDS[0], locations=(PLACE,))
        chain.felling(f"s-{n}", (f"c-{n}",), number=f"第30-{n}号", quantity=m3(20), permit=None)
    elif how:
        _fell(chain, f"s-{n}", how[0], n, quantity=m3(20))
    action = Action.SUPPLEMENT if what == "copy" else Action(what)
    chain.correction(f"k-{n}", of, action, by=f"s-{n}" if how else None)


def _register(chain: ChainBuilder, subject: str, number: str, volume: int | None, **changes: Any) -> None:
    felling = FellingFacts(FellingMethod.THINNING, rate=3_000, area=236_110, species=("スギ",))
    said = replace(felling, volume=None if volume is None else volume * 1_000_000)
    chain.document(subject, number=number, felling=said, **changes)


def _fell(chain: ChainBuilder, subject: str, on: list[int], n: int, **changes: Any) -> None:
    """Without the entries of its permit, so that H319 is about copies."""
    chain.felling(subject, tuple(f"p-{i}" for i in on), number=f"第30-{n}号", permit=None, **changes)


@settings(max_examples=60, deadline=None)
@given(any_papers, steps_on_them)
@example(_LIMITED, _LATER)
@example(_LIMITED, _LATER_COPY)
@example(_UNLIMITED, _LATER_BY_COPY)
def test_no_certificate_that_is_not_read_would_have_changed_a_verdict(
    papers: list[Paper], steps: list[tuple[Any, ...]]
) -> None:
    chain, count = built(papers, steps)
    with TemporaryDirectory() as folder, Ledger.create(Path(folder) / "ledger.db", LOG) as ledger:
        ledger.append(chain.records, NOW)
        logged = read_ledger(ledger).logged
        lots = {lot.id: lot for lot in judge(case_of_ledger(logged, DAY), RINYA_2012, RULES).lots}
        check = LotCheck(ledger)
        for i in range(count):
            lot = chain[f"lot-{i}"].record_id.hex()
            expected = _seen_alone(lots[lot])
            read = {s: check.check([lot], Order(DAY, signatures=s)) for s in Signatures}
            assert {s: found.lots for s, found in read.items()} == dict.fromkeys(Signatures, (expected,))
            fewer = read[Signatures.ANCESTORS].seen < read[Signatures.ALL].seen
            fired = [code for code in ("H314", "H319") if code in expected.fired]
            event(f"fired: {fired}, fewer were read: {fewer}")
            if i == count - 1:
                _as_when_accepted(read[Signatures.ANCESTORS], lot, logged)


def _as_when_accepted(found: Checked, lot: str, logged: tuple[Logged, ...]) -> None:
    """Where it was another verdict when the ledger took the lot, that is told, and which."""
    place = next(entry.position for entry in logged if entry.record.record_id.hex() == lot)
    earlier = case_of_ledger([entry for entry in logged if entry.position <= place], DAY)
    (then,) = (verdict for verdict in judge(earlier, RINYA_2012, RULES).lots if verdict.id == lot)
    differed = outcome(then) != outcome(found.lots[0])
    event(f"was otherwise when accepted: {differed}")
    assert {i: a.lot for i, a in found.when_accepted.items()} == ({lot: _seen_alone(then)} if differed else {})


def _seen_alone(verdict: LotVerdict) -> LotVerdict:
    """Without what only who reads all of the log can say: whether a key's chain breaks."""
    return replace(verdict, passed=tuple(code for code in verdict.passed if code != "S103"))


@settings(max_examples=10, deadline=None)
@given(any_papers, steps_on_them)
@example(_LIMITED, _LATER)
@example(_LIMITED, _LATER_COPY)
@example(_UNLIMITED, _LATER_BY_COPY)
def test_an_audit_tells_what_the_fold_tells(papers: list[Paper], steps: list[tuple[Any, ...]]) -> None:
    chain, _ = built(papers, steps)
    with TemporaryDirectory() as folder, desk(Path(folder), "plant-8", [(DAY, chain.records)], DAY) as workspace:
        _, told = audited(workspace)
        assert told.same_as(whole(workspace))

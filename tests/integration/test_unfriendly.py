"""Ledgers built to make checking a lot slow: deep chains, much-used certificates, corrections without end.

The time of a check goes with what bears on the lot, and so does its memory. The full sizes are in ``bench.unfriendly``;
here twice as much must not take much more than twice as long.
"""

from __future__ import annotations

import gc
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from biotrace.chain.kinds import RecordKind
from biotrace.chain.record import Record
from biotrace.errors import UsageError
from biotrace.model.certificate import Certificate, Draw
from biotrace.model.correction import Action, Correction
from biotrace.model.document import Document, FellingFacts, FellingMethod
from biotrace.services.logged import Logged
from biotrace.services.lot_check import Checked, LotCheck, Order
from biotrace.services.times import day_of
from biotrace.store.ledger import Ledger
from tests.builders import LOG, NOW, ChainBuilder, m3, tonnes

DAY = day_of(NOW)
SECONDS = 30.0
"""For each check here: far more than it takes, far less than what grows with the square would."""

Build = Callable[[ChainBuilder, int], None]


def drawing(chain: ChainBuilder, subject: str, sources: list[Record], **changes: object) -> Record:
    """A certificate of otsu's, made as quickly as can be, that draws on these."""
    body = chain["c-2"].body
    assert isinstance(body, Certificate)
    draws = tuple(Draw(source.record_id.hex(), m3(1)) for source in sources)
    drawn = replace(body, number=f"乙-{subject}", draws=draws, **changes)  # type: ignore[arg-type]  # fields of its own
    record = chain.signers["otsu"].sign(RecordKind.CERTIFICATE, subject, drawn, NOW)
    chain.records.append(record)
    return record


def deep(chain: ChainBuilder, size: int) -> None:
    """Each certificate draws on the one before."""
    last = chain["c-1"]
    for i in range(size):
        last = drawing(chain, f"x-{i}", [last], buyer="otsu", quantity=m3(1))
    drawing(chain, "lot", [last])


def much_used(chain: ChainBuilder, size: int) -> None:
    """Everything draws on one certificate."""
    source = chain["c-1"]
    for i in range(size):
        drawing(chain, f"x-{i}", [source], quantity=tonnes(500_000 + i))
    drawing(chain, "lot", [source])


def many_sources(chain: ChainBuilder, size: int) -> None:
    """The lot draws on certificates of which each draws on one and the same."""
    source = chain["c-1"]
    made = [drawing(chain, f"x-{i}", [source], buyer="otsu", quantity=m3(1)) for i in range(size)]
    for i in range(0, size, 20):
        made.append(drawing(chain, f"y-{i}", made[i : i + 20], buyer="otsu", quantity=m3(20)))
    drawing(chain, "lot", made[size:])


def woven(chain: ChainBuilder, size: int) -> None:
    """Every certificate draws on the twenty before it: there are more ways back than can be counted."""
    made = [chain["c-1"]]
    for i in range(size // 10):
        made.append(drawing(chain, f"x-{i}", made[-20:], buyer="otsu", quantity=m3(20)))
    drawing(chain, "lot", made[-20:])


def held_and_released(chain: ChainBuilder, size: int) -> None:
    """A certificate is put on hold and released without end, and drawn on in between."""
    source, signer = chain["c-1"], chain.signers["kousei"]
    cited = source.record_id.hex()
    for i in range(size // 3):
        hold = Correction(cited, Action.HOLD, DAY, f"{i}")
        chain.records.append(signer.sign(RecordKind.CORRECTION, f"hold-{i}", hold, NOW))
        release = Correction(cited, Action.RELEASE, DAY, f"{i}", None, chain.records[-1].record_id.hex())
        chain.records.append(signer.sign(RecordKind.CORRECTION, f"release-{i}", release, NOW))
        drawing(chain, f"x-{i}", [source], quantity=tonnes(500_000 + i))
    drawing(chain, "lot", [source])


def replaced(chain: ChainBuilder, size: int) -> None:
    """A certificate is replaced by another, that by yet another, and so on."""
    last, signer = drawing(chain, "x", [chain["c-1"]], buyer="otsu", quantity=m3(1)), chain.signers["otsu"]
    lot = drawing(chain, "lot", [last])
    assert lot is chain.records[-1]
    for i in range(size // 2):
        by = drawing(chain, f"x-{i}", [chain["c-1"]], buyer="otsu", quantity=m3(1))
        body = Correction(last.record_id.hex(), Action.REPLACE, DAY, "", by.record_id.hex())
        chain.records.append(signer.sign(RecordKind.CORRECTION, f"r-{i}", body, NOW))
        last = by


def pooled(chain: ChainBuilder, size: int) -> None:
    """Certificates on two documents each, so that all their volumes are one, and each alone would be used up."""
    facts = FellingFacts(FellingMethod.THINNING, rate=3_000, area=236_110, species=("スギ",), volume=100_000_000)
    papers = [chain.document(f"p-{i}", number=f"30-{i}", felling=facts) for i in range(size // 4)]
    body = chain["c-1"].body
    assert isinstance(body, Certificate)
    for i in range(len(papers) - 1):
        on = tuple(paper.record_id.hex() for paper in papers[i : i + 2])
        felled = replace(body, number=f"第30-{i}号", documents=on, quantity=m3(51))
        chain.records.append(chain.signers["kousei"].sign(RecordKind.CERTIFICATE, f"q-{i}", felled, NOW))
    drawing(chain, "lot", [chain.records[-1]])


def overlapping(chain: ChainBuilder, size: int) -> None:
    """Certificates on some of a few documents each, in ever other combinations, which fill them to the last."""
    chance, count = Random(size), size // 2
    facts = FellingFacts(FellingMethod.THINNING, rate=3_000, area=236_110, species=("スギ",), volume=1_000_000_000)
    papers = [chain.document(f"p-{i}", number=f"30-{i}", felling=facts) for i in range(count // 20)]
    body = chain["c-1"].body
    assert isinstance(body, Certificate)
    for i in range(count):
        on = tuple(paper.record_id.hex() for paper in chance.sample(papers, chance.randint(1, 5)))
        felled = replace(body, number=f"第30-{i}号", documents=on, quantity=m3(chance.randint(10, 100)))
        chain.records.append(chain.signers["kousei"].sign(RecordKind.CERTIFICATE, f"q-{i}", felled, NOW))
    drawing(chain, "lot", [chain.records[-1]])


def ranges(chain: ChainBuilder, size: int) -> None:
    """Certificates for a thousand parcels and a thousand compartments, and a document for the same."""
    body, paper = chain["c-1"].body, chain["doc-1"].body
    assert isinstance(body, Certificate)
    assert isinstance(paper, Document)
    place = replace(body.locations[0], parcels=("1番～1000番",), compartments=("12林班い1～い1000小班",))
    locations = (place, replace(place, aza="字丙"))
    felling = replace(paper.felling, volume=100_000_000)  # type: ignore[type-var]  # the story's has felling facts
    on = (chain.document("p", number="30-1", felling=felling, locations=locations).record_id.hex(),)
    for i in range(size // 10):
        felled = replace(body, number=f"第30-{i}号", documents=on, locations=locations, quantity=m3(10))
        chain.records.append(chain.signers["kousei"].sign(RecordKind.CERTIFICATE, f"q-{i}", felled, NOW))
    drawing(chain, "lot", [chain.records[-1]])


BUILDS: dict[str, tuple[Build, int]] = {
    "deep": (deep, 500),
    "much used": (much_used, 1_000),
    "many sources": (many_sources, 500),
    "woven": (woven, 1_000),
    "held and released": (held_and_released, 1_000),
    "replaced": (replaced, 1_000),
    "pooled": (pooled, 1_000),
    "overlapping": (overlapping, 800),
    "ranges": (ranges, 400),
}
"""How, and how much of it at first; then twice as much."""


def built(path: Path, build: Build, size: int) -> tuple[Ledger, ChainBuilder]:
    chain = ChainBuilder().story()
    build(chain, size)
    ledger = Ledger.create(path, LOG)
    ledger.append(chain.records, NOW)
    return ledger, chain


def timed(ledger: Ledger) -> tuple[float, Checked]:
    """Processor seconds of the first check by a new process, as it were."""
    check = LotCheck(ledger)
    check.warm_up()
    began = time.process_time()
    found = check.check(["lot"], Order(DAY))
    return time.process_time() - began, found


@pytest.fixture
def shallow() -> Iterator[None]:
    """Little room for calls within calls: what goes down a chain call by call fails."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(300)
    yield
    sys.setrecursionlimit(limit)


@pytest.mark.parametrize("how", BUILDS)
@pytest.mark.usefixtures("shallow")
def test_what_takes_longer_is_only_what_is_more(how: str, tmp_path: Path) -> None:
    build, size = BUILDS[how]
    first, _ = built(tmp_path / "small.db", build, size)
    with first:
        short, found = timed(first)
        assert found.lots[0].records
        assert found.damage == ()
    second, _ = built(tmp_path / "large.db", build, 2 * size)
    with second:
        long, found = timed(second)
        assert found.seen > size / 10
    assert long < SECONDS
    # Twice as much takes twice as long; four times would be a square. Between the two lies what a busy machine adds.
    assert long < max(3.3 * short, 0.5), (short, long)


def test_memory_goes_with_what_bears_on_the_lot(tmp_path: Path) -> None:
    """At most so much for each record behind the lot, and as good as nothing for the others."""
    ledger, _ = built(tmp_path / "ledger.db", deep, 1_000)
    with ledger:
        check = LotCheck(ledger)
        check.warm_up()
        tracemalloc.start()
        try:
            check.check(["lot"], Order(DAY))
            _, behind = tracemalloc.get_traced_memory()
            tracemalloc.reset_peak()
            before, _ = tracemalloc.get_traced_memory()
            check.check(["x-0"], Order(DAY))
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert behind / 1_000 < 20_000
    assert peak - before < 2_000_000


@pytest.mark.parametrize("enabled", [True, False])
def test_a_check_leaves_nothing_to_be_collected(enabled: bool, tmp_path: Path) -> None:
    """What it made is gone with it, and garbage collection is on or off as it was."""
    ledger, _ = built(tmp_path / "ledger.db", deep, 30)
    with ledger:
        check = LotCheck(ledger)
        check.warm_up()
        (gc.enable if enabled else gc.disable)()
        try:
            assert check.check(["lot"], Order(DAY)).lots
            with pytest.raises(UsageError):
                check.check(["none"], Order(DAY))
            assert gc.isenabled() is enabled
            gc.set_debug(gc.DEBUG_SAVEALL)
            gc.collect()
            left = [each for each in gc.garbage if isinstance(each, Record | Logged | Checked)]
        finally:
            gc.set_debug(0)
            gc.garbage.clear()
            gc.enable()
    assert left == []


def test_a_deep_lot_is_judged_to_its_end(tmp_path: Path) -> None:
    ledger, chain = built(tmp_path / "ledger.db", deep, 1_500)
    with ledger:
        (verdict,) = LotCheck(ledger).check(["lot"], Order(DAY)).lots
    assert len(verdict.records) == 1_502
    assert [source for source, _ in verdict.sources] == [chain["c-1"].record_id.hex()]
    assert verdict.sources[0][1] == verdict.dry_grams

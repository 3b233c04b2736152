"""Two ways, one choice: what the ledger's indexes lead to for a bundle is what is chosen from the whole ledger."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.region.defects import PLANTS
from bench.region.settings import SMALLEST, Settings
from bench.region.writing import Region, fill, log_key
from biotrace.chain.kinds import RecordKind
from biotrace.errors import UsageError
from biotrace.model.accreditation import Grant
from biotrace.model.correction import Action
from biotrace.services.bundle_choice import needed
from biotrace.services.bundle_read import choose_records
from biotrace.services.find import find_any
from biotrace.services.ledger_case import Reading, read_ledger
from biotrace.services.logged import Logged
from biotrace.services.lot_check import LotCheck
from biotrace.services.shipped import demo_casebook
from biotrace.services.sign import sign_casebook
from biotrace.services.workspace import init_workspace
from biotrace.store.ledger import Ledger
from tests import casebooks
from tests.builders import ChainBuilder, m3
from tests.desks import Batch, desk
from tests.integration.test_as_of import DAYS, story
from tests.workspaces import TODAY, password

EACH = 40
"""Of how many records at random each ledger is asked."""


class Both:
    """A ledger, read as a whole once, and chosen from in both ways."""

    def __init__(self, ledger: Ledger) -> None:
        self.reading: Reading = read_ledger(ledger)
        assert not self.reading.broken
        self._ledger, self._check = ledger, LotCheck(ledger)
        assert self._check.applies()

    def agree(self, texts: Sequence[str], *, everything: bool) -> None:
        """The very same records are chosen, in the same order, with the same bytes and private values."""
        lots = [find_any(self.reading, text) for text in texts]
        ids = [lot.record.record_id for lot in lots]
        whole = needed(self.reading.everything, ids, everything=everything)
        found = choose_records(self._ledger, texts, everything=everything, check=self._check)
        assert [lot.record.record_id for lot in found.lots] == ids
        assert {log: [_shown(e) for e in of] for log, of in found.by_log.items()} == {
            log: [_shown(e) for e in of] for log, of in whole.items()
        }
        assert found.size == len(self.reading.logged)

    def mean_the_same(self, text: str) -> None:
        """What the text means, or why it means nothing alone."""
        said: list[object] = []
        for way in (self._by_whole, self._by_indexes):
            try:
                said.append(way(text))
            except UsageError as error:
                said.append((error.code, error.message, error.remedy))
        assert said[0] == said[1], text

    def _by_whole(self, text: str) -> bytes:
        return find_any(self.reading, text).record.record_id

    def _by_indexes(self, text: str) -> bytes:
        return choose_records(self._ledger, [text], everything=False, check=self._check).lots[0].record.record_id


def _shown(entry: Logged) -> object:
    return entry.position, entry.logged_at, entry.record, entry.record.envelope, entry.disclosed, entry.log


@settings(max_examples=5, deadline=None)
@given(st.integers(1, 10_000), st.frozensets(st.sampled_from(sorted(PLANTS)), min_size=3, max_size=12), st.data())
def test_in_a_region_with_defects(seed: int, codes: frozenset[str], data: st.DataObject) -> None:
    made = Settings(SMALLEST, seed, dict.fromkeys(sorted(codes), 2_000.0))
    with TemporaryDirectory() as place, Ledger.create(Path(place) / "ledger.db", log_key(made)) as ledger:
        fill(ledger, Region(made))
        both = Both(ledger)
        ids = [entry.record.record_id.hex() for entry in both.reading.logged]
        for one in data.draw(st.lists(st.sampled_from(ids), min_size=EACH, max_size=EACH, unique=True)):
            for everything in (False, True):
                both.agree([one], everything=everything)
        several = data.draw(st.lists(st.sampled_from(ids), min_size=2, max_size=6, unique=True))
        both.agree(several, everything=data.draw(st.booleans()))


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    """The audit's routes, every party signing by itself: with accreditations by bodies, and private addresses."""
    folder = tmp_path_factory.mktemp("choice") / "desk"
    with init_workspace(folder, (casebooks.BODY,), lambda: TODAY, password) as workspace:
        sign_casebook(workspace, demo_casebook(), demo_keys=True)
        yield Both(workspace.ledger)


@pytest.mark.parametrize("everything", [False, True])
def test_in_the_demo(demo: Both, everything: bool) -> None:
    for entry in demo.reading.logged[::5]:
        demo.agree([entry.record.record_id.hex()], everything=everything)
    lots = [e for e in demo.reading.logged if e.record.kind is RecordKind.DELIVERY]
    demo.agree([lot.record.record_id.hex() for lot in lots], everything=everything)


def test_in_the_demo_words_mean_the_same(demo: Both) -> None:
    entries = demo.reading.logged[::3]
    subjects = [entry.record.subject for entry in entries]
    numbers = [number for entry in entries if (number := getattr(entry.record.body, "number", None)) is not None]
    ids = [entry.record.record_id.hex() for entry in entries[:50]]
    words = {*subjects, *numbers, *(i[:8] for i in ids), *(i[:12].upper() for i in ids)}
    grants = [e.record.body for e in demo.reading.logged if isinstance(e.record.body, Grant)]
    words |= {number for grant in grants if (number := grant.accreditation.number) is not None}
    for word in sorted(words):
        demo.mean_the_same(word)


@pytest.mark.parametrize("word", ["", "abcdef", "000000", "なにもない", "a\0b", "\udcff", "f" * 64, "f" * 65])
def test_what_means_nothing_is_told_the_same(demo: Both, word: str) -> None:
    demo.mean_the_same(word)


def supplements() -> list[Batch]:
    """Supplements one upon another, and what draws on each of them."""
    chain = ChainBuilder().story()
    for number in (3, 4):
        chain.felling(f"c-{number}", ("doc-1",), number=f"第26-0{number}号")
    chain.correction("supplement-1", "c-1", Action.SUPPLEMENT, by="c-3")
    chain.correction("supplement-3", "c-3", Action.SUPPLEMENT, by="c-4")
    for number in (5, 6, 7):
        chain.processing(f"c-{number}", {f"c-{number - 2 if number > 5 else 1}": m3(11)}, number=f"乙-{number}")
    return [(DAYS[0], chain.records)]


@pytest.mark.parametrize("everything", [False, True])
@pytest.mark.parametrize("batches", [story(), supplements()], ids=["story", "supplements"])
def test_where_certificates_were_corrected(tmp_path: Path, batches: list[Batch], everything: bool) -> None:
    """Holds, cancellations, replacements, a revocation, the end of a key; and supplements."""
    with desk(tmp_path, "plant-8", batches, DAYS[-1]) as workspace:
        both = Both(workspace.ledger)
        ids = [entry.record.record_id.hex() for entry in both.reading.logged]
        for texts in (*([one] for one in ids), *zip(ids, ids[7:], strict=False), ids):
            both.agree(texts, everything=everything)

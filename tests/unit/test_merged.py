"""Several logs in one order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from biotrace.chain.kinds import RecordKind
from biotrace.chain.record import cites
from biotrace.model.stock import Site
from biotrace.services.logged import Logged
from biotrace.services.merged import OWN, in_order
from tests.builders import NOW, ChainBuilder, m3


def logged(chain: ChainBuilder, times: list[int]) -> list[Logged]:
    """The chain's records as a log took them."""
    return [Logged(i, at, record) for i, (record, at) in enumerate(zip(chain.records, times, strict=True))]


def yards(party: str, count: int) -> ChainBuilder:
    """So many records that cite nothing."""
    chain = ChainBuilder()
    for i in range(count):
        chain.sign(party, RecordKind.SITE, f"{party}-{i}", Site(f"{party}-{i}", party))
    return chain


def test_by_time_and_our_own_last() -> None:
    ours, theirs = yards("otsu", 1), yards("kousei", 1)
    merged = in_order({OWN: logged(ours, [NOW, NOW + 1, NOW + 3]), "log": logged(theirs, [NOW, NOW + 2, NOW + 3])})
    names = [(e.record.subject, e.logged_at - NOW) for e in merged]
    assert [at for _, at in names] == [0, 0, 1, 2, 3, 3]
    assert [subject for subject, at in names if at == 3] == ["kousei-0", "otsu-0"]


def test_a_citation_outweighs_a_wrong_clock() -> None:
    """The other log's clock runs a day ahead; we drew on its record all the same, after we had it."""
    theirs = ChainBuilder().story()
    ours = ChainBuilder()
    ours.records = [theirs.processing("p-9", {"c-1": m3(1)})]
    theirs.records.pop()
    merged = in_order({OWN: logged(ours, [NOW]), "log": logged(theirs, [NOW + 86_400] * len(theirs.records))})
    places = {e.record.record_id: i for i, e in enumerate(merged)}
    assert all(places[cited] < places[e.record.record_id] for e in merged for cited in cites(e.record))


@given(st.lists(st.integers(0, 50), max_size=12), st.lists(st.integers(0, 50), max_size=12))
def test_nothing_is_lost_and_each_log_keeps_its_order(ours: list[int], theirs: list[int]) -> None:
    def log(party: str, times: list[int]) -> list[Logged]:
        chain = yards(party, len(times))
        return logged(chain, [NOW] * (len(chain.records) - len(times)) + sorted(NOW + t for t in times))

    logs = {OWN: log("otsu", ours), "log": log("kousei", theirs)}
    merged = in_order(logs)
    assert len(merged) == sum(len(entries) for entries in logs.values())
    for entries in logs.values():
        assert [e for e in merged if any(e is own for own in entries)] == entries

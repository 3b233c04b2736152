"""Uses kept on documents one by one leave over what a maximum flow over all of them leaves over, and so says H314."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from random import Random

import networkx as nx
from hypothesis import given, settings
from hypothesis import strategies as st

from biotrace.model.casebook import Casebook
from biotrace.model.certificate import Certificate
from biotrace.model.correction import Action
from biotrace.model.document import Document
from biotrace.model.quantity import Quantity, Unit
from biotrace.services.audit_state import _classes
from biotrace.services.plain_values import Plain
from biotrace.verify.case import case_of_casebook
from biotrace.verify.document_identity import PaperKey, paper_key
from biotrace.verify.document_room import Cited, Room, Trial
from biotrace.verify.effect import Effect
from biotrace.verify.fold import Fold, fold
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.rules.h314_certified_beyond_document import RULE as H314
from biotrace.verify.species import WoodGroup
from biotrace.verify.subject import State
from biotrace.verify.tonnage import least_solid_volume, solid_volume
from tests.casebooks import DOCUMENT, FELLING, clean, correct, m3, tonnes

Volumes = Mapping[PaperKey, int | None]


def left_over(uses: Mapping[Cited, int], volumes: Volumes) -> int:
    """What of the uses no document has room for, each use resting on any of its documents; None: no limit."""
    graph: nx.DiGraph[object] = nx.DiGraph()
    graph.add_nodes_from(["uses", "volumes"])
    for cited, amount in uses.items():
        graph.add_edge("uses", cited, capacity=amount)
        graph.add_edges_from((cited, ("of", document)) for document in cited)
    for document, volume in volumes.items():
        graph.add_edge(("of", document), "volumes", **({} if volume is None else {"capacity": volume}))
    flow, _ = nx.maximum_flow(graph, "uses", "volumes")
    return sum(uses.values()) - int(flow)


def added(uses: Mapping[Cited, int], cited: Cited, amount: int) -> dict[Cited, int]:
    return {**uses, cited: uses.get(cited, 0) + amount}


# rooms


@dataclass(frozen=True)
class Use:
    """``lowered``: documents of it of which a copy turns up that allows so much. ``kept``: whether it counts."""

    cited: Cited
    amount: int
    lowered: dict[PaperKey, int]
    kept: bool


DOCUMENTS: tuple[PaperKey, ...] = tuple((f"doc-{i}",) for i in range(5))


@st.composite
def uses(draw: st.DrawFn) -> Use:
    cited = tuple(sorted(draw(st.sets(st.sampled_from(DOCUMENTS), min_size=1, max_size=3))))
    lowered = draw(st.dictionaries(st.sampled_from(cited), st.integers(0, 12), max_size=1))
    return Use(cited, draw(st.integers(0, 9)), lowered, draw(st.integers(0, 4)) > 0)


@given(
    st.lists(uses(), max_size=25),
    st.lists(st.none() | st.integers(0, 25), min_size=len(DOCUMENTS), max_size=len(DOCUMENTS)),
)
@settings(deadline=None)
def test_a_use_finds_the_room_that_a_maximum_flow_finds(some: list[Use], limits: list[int | None]) -> None:
    volumes: Volumes = dict(zip(DOCUMENTS, limits, strict=True))
    rooms = {document: Room(limit) for document, limit in volumes.items()}
    so_far: dict[Cited, int] = {}
    for use in some:
        trial = Trial(rooms.__getitem__)
        now = dict(volumes)
        for document, limit in use.lowered.items():
            known = now[document]
            now[document] = limit if known is None else min(known, limit)
            trial.lower(document, limit)
        after = added(so_far, use.cited, use.amount)
        assert trial.place(use.cited, use.amount) == left_over(after, now) - left_over(so_far, now)
        if use.kept:
            assert all(rooms[document] is room for document, room in trial.keep().items())
            so_far, volumes = after, now


# H314


PAPERS = tuple(
    replace(
        DOCUMENT,
        id=f"doc-{i}",
        number=f"26-{i % 4}",  # the last two are other copies of the first two
        felling=replace(DOCUMENT.felling, volume=None),  # type: ignore[type-var]  # the model's has felling facts
    )
    for i in range(6)
)
MEASURES = (
    *(m3(n) for n in (10, 40, 90)),
    *(m3(n, Unit.M3_LOOSE) for n in (30, 200)),
    *(tonnes(n, 4_000) for n in (10, 40)),
    *(tonnes(n, None) for n in (10, 60)),
)


@st.composite
def books(draw: st.DrawFn) -> Casebook:
    """Felling certificates on some documents each, of which some are cancelled."""
    volumes = draw(st.lists(st.sampled_from([None, 20, 50, 50, 100, 100]), min_size=6, max_size=6))
    papers = tuple(_with_volume(paper, volume) for paper, volume in zip(PAPERS, volumes, strict=True))
    certificates = []
    ended: list[str] = []
    for i in range(draw(st.integers(1, 9))):
        on = draw(st.lists(st.sampled_from(range(6)), min_size=1, max_size=3, unique=True))
        felled: Certificate = replace(
            FELLING,
            id=f"f-{i}",
            date=date(2014, 7, 1) + timedelta(days=i),
            quantity=draw(st.sampled_from(MEASURES)),
            documents=tuple(f"doc-{n}" for n in on),
        )
        certificates.append(felled)
        ended += [felled.id] if draw(st.integers(0, 5)) == 0 else []
    book = replace(clean(), documents=papers, certificates=tuple(certificates), deliveries=())
    for one in ended:
        book = correct(book, one, Action.CANCEL)
    return book


def _with_volume(paper: Document, volume: int | None) -> Document:
    felling = paper.felling
    assert felling is not None
    return replace(paper, felling=replace(felling, volume=None if volume is None else volume * 10**6))


@dataclass
class Reference:
    """What H314 says, worked out anew for each certificate from all before it."""

    volumes: dict[PaperKey, int | None]
    taken: list[tuple[Cited, Quantity]]

    def judge(self, cited: Cited, volumes: Volumes, quantity: Quantity) -> tuple[Effect, Fraction | None, str] | None:
        now = {**self.volumes, **volumes}
        if any(now[document] is None for document in cited):
            return None
        tolerated = {d: None if v is None else int(v * Fraction(11, 10)) for d, v in now.items()}
        least, usual = self._counted(least=True), self._counted(least=False)
        here = _least(quantity)
        papers = self._pooled(cited)
        allowed = sum(now[d] or 0 for d in papers)
        if left_over(added(least, cited, here), tolerated) > left_over(least, tolerated):
            over = left_over(added(least, cited, here), now) - left_over(least, now)
            return Effect.UNPROVEN, Fraction(over, here), _figures(self._sum(least, papers) + here, allowed)
        if left_over(added(usual, cited, _usual(quantity)), tolerated) > left_over(usual, tolerated):
            return Effect.NOTICE, None, _figures(self._sum(usual, papers) + _usual(quantity), allowed)
        return None

    def take(self, cited: Cited, volumes: Volumes, quantity: Quantity) -> None:
        self.volumes.update(volumes)
        self.taken.append((cited, quantity))

    def _counted(self, *, least: bool) -> dict[Cited, int]:
        counted: dict[Cited, int] = {}
        for cited, quantity in self.taken:
            counted = added(counted, cited, _least(quantity) if least else _usual(quantity))
        return counted

    def _pooled(self, cited: Cited) -> set[PaperKey]:
        graph: nx.Graph[PaperKey] = nx.Graph()
        for one, _ in self.taken:
            nx.add_path(graph, one)
        graph.add_nodes_from(cited)
        return set(cited).union(*(nx.node_connected_component(graph, document) for document in cited))

    @staticmethod
    def _sum(counted: Mapping[Cited, int], papers: set[PaperKey]) -> int:
        return sum(amount for cited, amount in counted.items() if papers.issuperset(cited))


def _least(quantity: Quantity) -> int:
    return least_solid_volume(quantity, WoodGroup.SOFTWOOD, RINYA_2012) or 0


def _usual(quantity: Quantity) -> int:
    return solid_volume(quantity, WoodGroup.SOFTWOOD, RINYA_2012) or 0


def _figures(certified: int, allowed: int) -> str:
    return f"{certified / 10**6:,.2f} ㎥、書類の材積 {allowed / 10**6:,.2f} ㎥"


@given(books())
@settings(deadline=None, max_examples=60)
def test_h314_says_what_maximum_flows_say(book: Casebook) -> None:
    case = case_of_casebook(book)
    judged = fold(case, (H314,), RINYA_2012).judged
    reference = Reference({}, [])
    for certificate in book.certificates:
        if case.ended(certificate.id):
            assert judged[certificate.id].findings == ()
            continue
        papers = [case.documents[i] for i in certificate.documents]
        keys = {paper: paper_key(paper, lambda party: case.parties[party].name) for paper in papers}
        cited = tuple(sorted(set(keys.values())))
        volumes = {key: _smallest(reference.volumes.get(key), *_stated(keys, key)) for key in cited}
        expected = reference.judge(cited, volumes, certificate.quantity)
        found = [(f.effect, f.excess) for f in judged[certificate.id].findings]
        assert found == ([] if expected is None else [expected[:2]])
        if expected is not None:
            assert judged[certificate.id].findings[0].found.ja.endswith(expected[2])
        reference.take(cited, volumes, certificate.quantity)


@given(books(), st.integers(0, 9))
@settings(deadline=None, max_examples=40)
def test_what_is_kept_between_two_audits_goes_on_as_if_it_had_not_been(book: Casebook, before: int) -> None:
    case = case_of_casebook(book)
    whole = fold(case, (H314,), RINYA_2012)
    first = Fold(case, (H314,), RINYA_2012)
    judged = [first.take(entry) for entry in case.entries[:before]]
    written = Plain(_classes()).dumps(first.state)
    state: State = Plain(_classes()).loads(written)
    assert Plain(_classes()).dumps(state) == written
    later = Fold(case, (H314,), RINYA_2012, state)
    judged += [later.take(entry) for entry in case.entries[before:]]
    assert [j.findings for j in judged] == [j.findings for j in whole.judged.values()]
    assert Plain(_classes()).dumps(state) == Plain(_classes()).dumps(whole.state)


def _stated(keys: Mapping[Document, PaperKey], key: PaperKey) -> Iterable[int | None]:
    return (paper.felling.volume for paper, of in keys.items() if of == key and paper.felling is not None)


def _smallest(*volumes: int | None) -> int | None:
    return min((volume for volume in volumes if volume is not None), default=None)


# how long it takes


class Asked(dict[PaperKey, Room]):
    """Rooms that count how often they are asked for: once for every document that placing a use looks at."""

    def __init__(self, rooms: Mapping[PaperKey, Room]) -> None:
        super().__init__(rooms)
        self.times = 0

    def __getitem__(self, document: PaperKey) -> Room:
        self.times += 1
        return super().__getitem__(document)


def looked_at(documents: int, count: int, filled: Fraction) -> int:
    """At how many documents is looked in all, when uses that overlap fill so much of the volumes."""
    chance = Random(count)
    rooms = Asked({(f"doc-{i:03}",): Room(100_000) for i in range(documents)})
    each = int(2 * filled * documents * 100_000 / count)
    for _ in range(count):
        trial = Trial(rooms.__getitem__)
        trial.place(tuple(sorted(chance.sample([*rooms], chance.randint(1, 5)))), chance.randint(0, each))
        trial.keep()
    return rooms.times


def test_thousands_of_uses_look_at_few_documents_each() -> None:
    """Also where the volumes are filled to the last, and where far more is certified than they allow."""
    for filled in (Fraction(1, 2), Fraction(1), Fraction(2)):
        assert looked_at(100, 2_000, filled) < 10 * 2_000
        assert looked_at(200, 4_000, filled) < 10 * 4_000
